import { type Command, Option } from '@commander-js/extra-typings';
import { registerAudit } from './audit/command.ts';
import {
  addDeploymentCommand,
  EXIT_INTERRUPTED,
  exitCodes,
  jsonOption,
  type Registration,
  yesOption,
} from './command.ts';
import { registerRebuilds } from './rebuild/command.ts';
import { registerSubscribers } from './subscribers/command.ts';

/**
 * Declares every command, in the groups that the help shows. An action imports the code of its command when it runs, so help
 * loads no SDK.
 */
export function registerCommands(program: Command, registration: Registration): void {
  program.commandsGroup('Set up, change, delete:');
  registerInit(program, registration);
  registerDeploy(program, registration);
  program.commandsGroup('Look after a deployment:');
  registerStatus(program, registration);
  registerDoctor(program, registration);
  registerBackfill(program, registration);
  registerRedrive(program, registration);
  registerRotateKeys(program, registration);
  registerRebuilds(program, registration);
  program.commandsGroup('Readers:');
  registerSubscribers(program, registration);
  registerWhy(program, registration);
  registerAudit(program, registration);
}

function registerInit(program: Command, registration: Registration): void {
  program
    .command('init')
    .summary('set up a deployment and send a first digest')
    .description(
      `Sets up a deployment in an empty account, and sends a first digest. It checks credentials, region and quota, asks a few questions and
writes the settings file. It prepares the account, deploys, and waits until SES has verified the sender. Then it adds you as the
first subscriber and sends a digest.

Each step first checks whether it is done already. You can stop at any time and run it again to go on. It changes nothing in
the account before you agree.`,
    )
    .option(
      '--settings <file>',
      'settings of the deployment; init writes the file if it is missing',
      'prod.json',
    )
    .addOption(
      new Option('--stage <stage>', 'stage of a new settings file (default: prod)').choices([
        'dev',
        'prod',
      ] as const),
    )
    .option('--name <name>', 'name of your publication')
    .option('--from <address>', 'sender address of the mails')
    .option('--operator <address>', 'your own address, for the alarms and the first digest')
    .option(
      '--arxiv <categories>',
      'categories of arXiv to read, such as "cs.CL, stat.ML" or "cs.*" (default: none)',
    )
    .option('--site <domain>', 'domain of the pages (default: the address that AWS gives them)')
    .option('--certificate <arn>', 'certificate for that domain in AWS Certificate Manager, in this region')
    .option('--time-zone <zone>', 'your time zone (default: that of this machine)')
    .option(...ASSEMBLY)
    .addOption(yesOption())
    .option('--verbose', VERBOSE_CDK)
    .addHelpText(
      'after',
      exitCodes({
        0: 'everything is done',
        1: 'a step was declined or failed; run it again to go on',
        [EXIT_INTERRUPTED]: 'stopped by Ctrl-C; run it again to go on',
      }),
    )
    .action(
      registration.run(async (options) =>
        (await import('./init/run-init.ts')).runInit(options, registration),
      ),
    );
}

const ASSEMBLY = [
  '--assembly <folder>',
  'templates and bundles that "cdk synth" wrote before (default: make them now)',
] as const;
const VERBOSE_CDK = 'show all output of the CDK, and the technical details of an error';
const INTERRUPTED = 'Ctrl-C at the question; nothing was changed';
const FAILED = 'AWS or the CDK reported an error';

function registerDeploy(program: Command, registration: Registration): void {
  const load = () => import('./deploy/run-deploy.ts');

  addDeploymentCommand(program, 'bootstrap', VERBOSE_CDK)
    .summary('prepare the account and region for deployments')
    .description(
      'Prepares the account and region for deployments of the CDK. Needed once for each account and region.',
    )
    .addOption(yesOption())
    .addHelpText('after', exitCodes({ 1: FAILED, [EXIT_INTERRUPTED]: INTERRUPTED }))
    .action(registration.run(async (options) => (await load()).runBootstrap(options, registration)));

  addDeploymentCommand(program, 'deploy', VERBOSE_CDK)
    .summary('show what a deployment changes, ask, and deploy')
    .description(
      `Deploys both stacks of the stage. First it prints stage, account and region, counts the changes, and names what is deleted or
replaced. Then it asks once. Nothing begins before you agree. "diff" shows every change.`,
    )
    .addOption(yesOption())
    .option(...ASSEMBLY)
    .option('--outputs-file <file>', 'write the outputs of the stacks into a JSON file')
    .option('--revert-drift', 'also undo what was changed or deleted by hand since the last deployment')
    .addHelpText('after', exitCodes({ 1: FAILED, [EXIT_INTERRUPTED]: INTERRUPTED }))
    .action(registration.run(async (options) => (await load()).runDeploy(options, registration)));

  addDeploymentCommand(program, 'diff')
    .summary('show what a deployment would change')
    .description('Shows what "deploy" would change, and changes nothing.')
    .option(...ASSEMBLY)
    .addHelpText('after', exitCodes({ 1: 'AWS or the CDK reported an error' }))
    .action(registration.run(async (options) => (await load()).runDiff(options, registration)));

  addDeploymentCommand(program, 'destroy', VERBOSE_CDK)
    .summary('show what goes and what stays, ask, and delete')
    .description(
      `Deletes the stacks of the stage. First it prints stage, account, region, what goes and what stays. Then it asks once. A stack with
termination protection stays. The tables and keys of prod stay too, whatever is deleted.`,
    )
    .addOption(yesOption())
    .option(...ASSEMBLY)
    .addHelpText('after', exitCodes({ 1: FAILED, [EXIT_INTERRUPTED]: INTERRUPTED }))
    .action(registration.run(async (options) => (await load()).runDestroy(options, registration)));
}

function registerStatus(program: Command, registration: Registration): void {
  addDeploymentCommand(program, 'status')
    .summary('show the state of a deployment on one screen')
    .description(
      `Shows the state of a deployment on one screen: version, lists, next digests, queues, quota and alarms. It only reads. "doctor" checks
more, and says what to do.`,
    )
    .addOption(jsonOption())
    .addHelpText(
      'after',
      exitCodes({
        0: 'nothing needs attention',
        1: 'a check failed or an alarm went off',
        [EXIT_INTERRUPTED]: 'stopped by Ctrl-C',
      }),
    )
    .action(
      registration.run(async (options) => (await import('./status.ts')).runStatus(options, registration)),
    );
}

function registerDoctor(program: Command, registration: Registration): void {
  addDeploymentCommand(program, 'doctor')
    .summary('check whether a deployment works, and say what to do')
    .description(
      `Checks whether a deployment may send mail, receives bounces, runs on time, and lets its readers unsubscribe. Each fault comes with
what to do.

Sends no mail. It creates one paused subscriber to try the unsubscribe link, and removes it.`,
    )
    .addOption(jsonOption())
    .addHelpText(
      'after',
      exitCodes({ 0: 'nothing failed', 1: 'a check failed', [EXIT_INTERRUPTED]: 'stopped by Ctrl-C' }),
    )
    .action(
      registration.run(async (options) =>
        (await import('./doctor/run-doctor.ts')).runDoctor(options, registration),
      ),
    );
}

function registerBackfill(program: Command, registration: Registration): void {
  addDeploymentCommand(program, 'backfill')
    .summary('read a list again from a day on')
    .description(
      `Reads all days of a list from a day on, and saves the papers that are missing. Ingest does so by itself for the last 30 days. The
command and the ingest of the deployment share the requests that a source allows. You can stop the command, and run it again to continue.

The papers are on the pages and in searches. A digest looks back a few days, or about a month if it is monthly. So papers of older days
come in no digest.`,
    )
    .argument('<list>', 'a list of the settings, such as arxiv/cs.CL or hf-daily')
    .requiredOption('--from <day>', 'the first day, such as 2026-01-05 (required)')
    .addOption(yesOption())
    .addOption(jsonOption())
    .addHelpText(
      'after',
      exitCodes({
        0: 'every day was read',
        1: 'the source could not be read to its end: run it again to go on',
        [EXIT_INTERRUPTED]: 'stopped by Ctrl-C: run it again to go on',
      }),
    )
    .action(
      registration.run(async (list, options) =>
        (await import('./backfill/run-backfill.ts')).runBackfill(list, options, registration),
      ),
    );
}

function registerRedrive(program: Command, registration: Registration): void {
  addDeploymentCommand(program, 'redrive')
    .summary('show dead letters, or move them back to their queue')
    .description(
      `Shows the dead letters of each queue, or of one queue, and what they are for. Without --yes it changes nothing. With a queue and
--yes it moves the dead letters of that queue back, so that they are processed again. Fix the cause first. You can stop it and run it
again.`,
    )
    .argument('[queue]', 'cohorts, digests, feedback or requests')
    .option('--yes', 'move the dead letters of the named queue back; without it they are only shown')
    .addOption(jsonOption())
    .addHelpText(
      'after',
      exitCodes({
        1: 'the move failed on the way: run it again for the rest',
        [EXIT_INTERRUPTED]: 'stopped by Ctrl-C: run it again for the rest',
      }),
    )
    .action(
      registration.run(async (queue, options) =>
        (await import('./redrive/run-redrive.ts')).runRedrive({ queue, ...options }, registration),
      ),
    );
}

function registerRotateKeys(program: Command, registration: Registration): void {
  addDeploymentCommand(program, 'rotate-keys')
    .summary('add a new key for the links in mails')
    .description(
      `Adds a key for the links in mails. The new key signs them from one hour later on. Until then, another run changes nothing. Links
that an earlier key signed work for 90 more days.

No deployment is needed. The command prints the numbers of the keys, never the keys. If two runs start at the same time, only one
changes the keys.`,
    )
    .option('--drop-old', 'add no key, and make the links of all old keys invalid')
    .addOption(yesOption())
    .addOption(jsonOption())
    .addHelpText('after', exitCodes())
    .action(
      registration.run(async (options) =>
        (await import('./rotate-keys.ts')).runRotateKeys(options, registration),
      ),
    );
}

function registerWhy(program: Command, registration: Registration): void {
  addDeploymentCommand(program, 'why')
    .summary('explain what happened to the digests of a subscriber on a day')
    .description(
      'Explains what happened to the digests of a subscriber on a local day, or why there is none. Broadsheet keeps digests for 100 days.',
    )
    .argument('<who>', 'the address or id of the subscriber, or the subject "unsubscribe <id>" of a mail')
    .argument('<day>', 'the local day, such as 2026-11-29')
    .addOption(jsonOption())
    .addHelpText(
      'after',
      exitCodes({
        0: 'explained',
        2: 'nothing is stored under the address or id, wrong usage or settings, no credentials, or no deployment',
      }),
    )
    .action(
      registration.run(async (who, day, options) =>
        (await import('./why/run-why.ts')).runWhy({ who, day, ...options }, registration),
      ),
    );
}
