import { resolve } from 'node:path';
import { loadSettings } from '../../infra/settings/load-settings.ts';
import type { Settings } from '../../infra/settings/schema.ts';
import { stackNamesOf } from '../../infra/stack-names.ts';
import { type CommandContext, EXIT_NOT_DONE, EXIT_OK, EXIT_TROUBLE } from '../command.ts';
import { announceTarget, checkQuestion, confirm } from '../confirm.ts';
import { CommandError } from '../deployment/errors.ts';
import {
  createStacks,
  createStacksClient,
  dataOutputsSchema,
  findTarget,
  type Stacks,
  type Target,
} from '../deployment/find-deployment.ts';
import { checkAssembly, type LoadAssembly, loadAssembly, withNewAssembly } from './assembly.ts';
import {
  type Cdk,
  createCdk,
  findCause,
  findOutputs,
  followStacks,
  isUnprepared,
  summariseDiff,
} from './cdk.ts';

/** The options of the commands for deployments. */
export interface DeployOptions {
  /** Path of the settings file. */
  readonly settings: string;
  /** Folder of templates and bundles that were made before. */
  readonly assembly?: string;
  /** Path of the JSON file for the outputs of the stacks. */
  readonly outputsFile?: string;
  /** Whether to undo changes that were made by hand. */
  readonly revertDrift?: true;
  readonly yes?: true;
  /** Whether to show all output of the CDK. */
  readonly verbose?: true;
}

/** What the commands for deployments need from outside. */
export interface DeployPorts {
  readonly target: Target;
  readonly settings: Settings;
  readonly cdk: Cdk;
  readonly stacks: Stacks;
  readonly loadAssembly: LoadAssembly;
}

type Speaking = Pick<CommandContext, 'printError' | 'input' | 'terminal'>;

export const runBootstrap = (options: DeployOptions, context: Speaking) => run(bootstrap, options, context);
export const runDeploy = (options: DeployOptions, context: Speaking) => run(deploy, options, context);
export const runDiff = (options: DeployOptions, context: Speaking) => run(diff, options, context);
export const runDestroy = (options: DeployOptions, context: Speaking) => run(destroy, options, context);

async function run(
  work: (ports: DeployPorts, options: DeployOptions, context: Speaking) => Promise<number>,
  options: DeployOptions,
  context: Speaking,
): Promise<number> {
  const settings = loadSettings(options.settings);
  const target = await findTarget(settings);
  announceTarget(context, target);
  const stacks = createStacks(createStacksClient());
  return work({ target, settings, cdk: createCdk(target.region), stacks, loadAssembly }, options, context);
}

/** Asks, prepares the account and region for deployments, and returns the exit code. */
export async function bootstrap(
  ports: DeployPorts,
  options: DeployOptions,
  context: Speaking,
): Promise<number> {
  const { account, region } = ports.target;
  const question = `Prepare account ${account} in ${region} for deployments?`;
  if (!(await confirm(question, options.yes ?? false, context))) return EXIT_NOT_DONE;
  // The CDK makes the templates for this too.
  const target = [`aws://${account}/${region}`, '-c', `settings=${resolve(options.settings)}`];
  return change(ports, options, context, 'prepared', ['bootstrap', ...target]);
}

/** Shows what a deployment changes, asks, deploys, and returns the exit code. */
export async function deploy(ports: DeployPorts, options: DeployOptions, context: Speaking): Promise<number> {
  const { target } = ports;
  const question = `Deploy this to stage ${target.stage}, account ${target.account}, region ${target.region}?`;
  checkQuestion(question, options.yes ?? false, context);
  const stacks = Object.values(stackNamesOf(target.stage));
  return withAssembly(ports, options, context, async (assembly) => {
    const isShown = await showChanges(ports, options, context, ['diff', ...stacks, '--app', assembly]);
    if (options.revertDrift) context.printError('Undoes what was changed or deleted by hand, too.');
    if (!isShown) return EXIT_TROUBLE;
    if (!(await confirm(question, options.yes ?? false, context))) return EXIT_NOT_DONE;
    const written = options.outputsFile === undefined ? [] : ['--outputs-file', resolve(options.outputsFile)];
    // The question is answered, so the CDK need not ask.
    const approval = ['--require-approval', 'never'];
    const undoing = options.revertDrift ? ['--revert-drift'] : [];
    const args = ['deploy', ...stacks, '--app', assembly, ...approval, ...undoing, ...written];
    return change(ports, options, context, 'deployed', args);
  });
}

/** Shows everything that a deployment would change, and returns the exit code. */
export async function diff(ports: DeployPorts, options: DeployOptions, context: Speaking): Promise<number> {
  const stacks = Object.values(stackNamesOf(ports.target.stage));
  return withAssembly(ports, options, context, async (assembly) =>
    exitCodeOf(await ports.cdk.show('diff', ...stacks, '--app', assembly)),
  );
}

/**
 * Shows what goes and what stays, asks, deletes, and returns the exit code.
 *
 * @throws CommandError if there is nothing that can be deleted
 */
export async function destroy(
  ports: DeployPorts,
  options: DeployOptions,
  context: Speaking,
): Promise<number> {
  const { target } = ports;
  const { going, lines } = await planDestruction(ports);
  context.printError(lines.join('\n'));
  const question = `Delete this from stage ${target.stage}, account ${target.account}, region ${target.region}?`;
  if (!(await confirm(question, options.yes ?? false, context))) return EXIT_NOT_DONE;
  return withAssembly(ports, options, context, async (assembly) => {
    // Without --exclusively the CDK would delete the stacks that depend on these too.
    const args = ['destroy', ...going, '--app', assembly, '--exclusively', '--force'];
    return change(ports, options, context, 'deleted', args);
  });
}

/** Finds which stacks of a stage can be deleted, in order, with lines that say what goes, what stays and why. */
async function planDestruction({ target, stacks }: DeployPorts) {
  const names = stackNamesOf(target.stage);
  const [pipeline, data] = await Promise.all([stacks.load(names.pipeline), stacks.load(names.data)]);
  if (!pipeline && !data)
    throw new CommandError(
      `There is nothing to delete: account ${target.account} has no stack "${names.pipeline}" and none "${names.data}" in ${target.region}.`,
    );
  const going: string[] = [];
  const lines: string[] = [];
  if (pipeline && !pipeline.isProtected) {
    going.push(names.pipeline);
    lines.push(
      `Deletes ${names.pipeline}: functions, queues with their messages, schedules, pages, sender identity, alarms and logs`,
    );
  } else if (pipeline) lines.push(`Keeps   ${names.pipeline}: it has termination protection`);
  if (data?.isProtected) lines.push(`Keeps   ${names.data}: it has termination protection`);
  else if (data && pipeline?.isProtected) lines.push(`Keeps   ${names.data}: ${names.pipeline} needs it`);
  else if (data) {
    going.push(names.data);
    lines.push(
      target.stage === 'dev'
        ? `Deletes ${names.data}: all papers, subscribers, deliveries and keys, for good`
        : `Deletes ${names.data}: only the stack. Its tables and keys stay in the account`,
    );
  }
  const isKept = { [names.pipeline]: pipeline?.isProtected, [names.data]: data?.isProtected };
  const kept = Object.keys(isKept).filter((name) => isKept[name]);
  if (kept.length > 0)
    lines.push('To remove the termination protection:', ...kept.map((name) => toUnprotect(name, target)));
  if (data && target.stage !== 'dev') lines.push(...toDataLines(data.outputs, target));
  if (going.length > 0) return { going, lines };
  throw new CommandError(['Nothing can be deleted, because the stacks are protected.', ...lines].join('\n'));
}

function toUnprotect(stack: string, { region }: Target): string {
  return `  aws cloudformation update-termination-protection --no-enable-termination-protection --region ${region} --stack-name ${stack}`;
}

/** Says how to delete the tables and the keys that outlive their stack. */
function toDataLines(outputs: Readonly<Record<string, unknown>>, { region }: Target): readonly string[] {
  const { data } = dataOutputsSchema.safeParse(outputs);
  if (!data) return [];
  const tables = [data.PapersTable, data.SubscribersTable, data.DeliveriesTable];
  return [
    'Tables and keys outlive their stack, and each table has deletion protection. To delete them for good after the stack is gone, note these commands:',
    ...tables.flatMap((table) => [
      `  aws dynamodb update-table --no-deletion-protection-enabled --region ${region} --table-name ${table}`,
      `  aws dynamodb delete-table --region ${region} --table-name ${table}`,
    ]),
    `  aws secretsmanager delete-secret --region ${region} --secret-id ${data.KeysSecret}`,
  ];
}

/**
 * Does some work with the folder of templates and bundles, and returns its exit code. Without `--assembly` it makes them.
 *
 * @throws CommandError if the templates cannot be made, or the given ones do not fit the settings
 */
async function withAssembly(
  { target, settings, cdk, loadAssembly }: DeployPorts,
  { settings: file, assembly }: DeployOptions,
  { printError }: Speaking,
  work: (assembly: string) => Promise<number>,
): Promise<number> {
  if (assembly === undefined) {
    printError('Making templates and bundles …');
    return withNewAssembly(cdk, file, work);
  }
  const folder = resolve(assembly);
  checkAssembly(target, settings, assembly, await loadAssembly(folder));
  return work(folder);
}

/** Shows what would change, in a line for each stack or in full, and returns whether that worked. */
async function showChanges(
  { cdk }: DeployPorts,
  { verbose, settings }: DeployOptions,
  { printError }: Speaking,
  args: readonly string[],
): Promise<boolean> {
  if (verbose) return (await cdk.show(...args)) === 0;
  const { code, output } = await cdk.capture(args);
  if (code !== 0) {
    printError(toFailureText('diff', output, settings));
    return false;
  }
  printError(summariseDiff(output).join('\n'));
  printError(`Every change: npx broadsheet diff --settings ${settings}`);
  return true;
}

/** Runs a command of the CDK that changes something, and returns the exit code. It shows progress, or all output. */
async function change(
  { cdk }: DeployPorts,
  { verbose, settings }: DeployOptions,
  { printError, terminal }: Speaking,
  verb: string,
  args: readonly string[],
): Promise<number> {
  if (verbose) return exitCodeOf(await cdk.show(...args));
  printError(`Running cdk ${args[0]} …`);
  const stacks = followStacks(verb, terminal);
  const { code, output } = await cdk.capture(args, stacks.onLine).finally(stacks.stop);
  if (code !== 0) {
    printError(toFailureText(args[0] ?? '', output, settings));
    return EXIT_TROUBLE;
  }
  printError(['Done.', ...findOutputs(output)].join('\n'));
  return EXIT_OK;
}

function toFailureText(command: string, output: string, settingsFile: string): string {
  if (isUnprepared(output))
    return `This account and region are not prepared for deployments yet. Do it once: npx broadsheet bootstrap --settings ${settingsFile}`;
  return [
    `cdk ${command} failed:`,
    ...findCause(output).map((line) => `  ${line}`),
    'Add --verbose to see all output of the CDK.',
  ].join('\n');
}

function exitCodeOf(code: number): number {
  return code === 0 ? EXIT_OK : EXIT_TROUBLE;
}
