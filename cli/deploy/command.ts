import type { Command } from '@commander-js/extra-typings';
import {
  addDeploymentCommand,
  EXIT_INTERRUPTED,
  exitCodes,
  type Registration,
  yesOption,
} from '../command.ts';

const ASSEMBLY = [
  '--assembly <folder>',
  'templates and bundles that "cdk synth" wrote before (default: make them now)',
] as const;

const INTERRUPTED = 'somebody pressed Ctrl-C at the question, and nothing was changed';
const REFUSED = 'the answer was no, or AWS or the CDK reported an error';

/** Declares `broadsheet bootstrap`, `deploy`, `diff` and `destroy`. */
export function registerDeploy(program: Command, registration: Registration): void {
  addDeploymentCommand(program, 'bootstrap')
    .summary('prepare the account and region for deployments')
    .description(
      'Prepares the account and region for deployments of the CDK. Needed once for each account and region.',
    )
    .addOption(yesOption())
    .addHelpText('after', exitCodes({ 1: REFUSED, [EXIT_INTERRUPTED]: INTERRUPTED }))
    .action(
      registration.run(async (options) =>
        (await import('./run-deploy.ts')).runBootstrap(options, registration),
      ),
    );

  addDeploymentCommand(program, 'deploy')
    .summary('show what a deployment changes, ask, and deploy')
    .description(
      `Deploys both stacks of the stage. It prints stage, account, region and every change first, and asks once before anything begins.`,
    )
    .addOption(yesOption())
    .option(...ASSEMBLY)
    .option('--outputs-file <file>', 'write the outputs of the stacks into a JSON file')
    .addHelpText('after', exitCodes({ 1: REFUSED, [EXIT_INTERRUPTED]: INTERRUPTED }))
    .action(
      registration.run(async (options) => (await import('./run-deploy.ts')).runDeploy(options, registration)),
    );

  addDeploymentCommand(program, 'diff')
    .summary('show what a deployment would change')
    .description('Shows what "deploy" would change, and changes nothing.')
    .option(...ASSEMBLY)
    .addHelpText('after', exitCodes({ 1: 'AWS or the CDK reported an error' }))
    .action(
      registration.run(async (options) => (await import('./run-deploy.ts')).runDiff(options, registration)),
    );

  addDeploymentCommand(program, 'destroy')
    .summary('show what goes and what stays, ask, and delete')
    .description(
      `Deletes the stacks of the stage. It prints stage, account, region, what goes and what stays first, and asks once before anything
begins. A stack with termination protection stays. So do the tables and keys of prod, whatever is deleted.`,
    )
    .addOption(yesOption())
    .option(...ASSEMBLY)
    .addHelpText('after', exitCodes({ 1: REFUSED, [EXIT_INTERRUPTED]: INTERRUPTED }))
    .action(
      registration.run(async (options) =>
        (await import('./run-deploy.ts')).runDestroy(options, registration),
      ),
    );
}
