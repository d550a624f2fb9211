import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import * as z from 'zod';
import { loadSettings } from '../../infra/settings/load-settings.ts';
import { stackNamesOf } from '../../infra/stack-names.ts';
import { type CommandContext, EXIT_OK, EXIT_TROUBLE } from '../command.ts';
import { announceTarget, checkQuestion, confirm } from '../confirm.ts';
import { CommandError } from '../deployment/errors.ts';
import {
  createStacks,
  createStacksClient,
  findTarget,
  type Stacks,
  type Target,
} from '../deployment/find-deployment.ts';
import { type Cdk, createCdk } from './cdk.ts';

/** What the commands for deployments are given. */
export interface DeployOptions {
  /** Path of the settings file. */
  readonly settings: string;
  /** Folder of templates and bundles that were made before. */
  readonly assembly?: string;
  /** Where the outputs of the stacks are written. */
  readonly outputsFile?: string;
  readonly yes?: true;
}

/** What the commands for deployments need from outside. */
export interface DeployPorts {
  readonly target: Target;
  readonly cdk: Cdk;
  readonly stacks: Stacks;
  /** Loads where the stacks of an assembly belong, such as `aws://111122223333/eu-west-1`, by their names. */
  readonly loadEnvironments: (assembly: string) => Promise<Readonly<Record<string, string>>>;
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
  const target = await findTarget(loadSettings(options.settings));
  announceTarget(context, target);
  const stacks = createStacks(createStacksClient());
  const ports = { target, cdk: createCdk(target.region), stacks, loadEnvironments };
  return work(ports, options, context);
}

/** Prepares the account and region for deployments, once somebody agreed, and returns the exit code. */
export async function bootstrap(
  { target: { account, region }, cdk }: DeployPorts,
  options: DeployOptions,
  context: Speaking,
): Promise<number> {
  const question = `Prepare account ${account} in ${region} for deployments?`;
  if (!(await confirm(question, options.yes ?? false, context))) return EXIT_TROUBLE;
  // The CDK makes the templates for this too.
  const place = [`aws://${account}/${region}`, '-c', `settings=${resolve(options.settings)}`];
  return exitCodeOf(await cdk.show('bootstrap', ...place));
}

/** Shows what a deployment changes, deploys once somebody agreed, and returns the exit code. */
export async function deploy(ports: DeployPorts, options: DeployOptions, context: Speaking): Promise<number> {
  const { target, cdk } = ports;
  const question = `Deploy this to stage ${target.stage}, account ${target.account}, region ${target.region}?`;
  checkQuestion(question, options.yes ?? false, context);
  const stacks = Object.values(stackNamesOf(target.stage));
  return withAssembly(ports, options, context, async (assembly) => {
    const shown = await cdk.show('diff', ...stacks, '--app', assembly);
    if (shown !== 0) return EXIT_TROUBLE;
    if (!(await confirm(question, options.yes ?? false, context))) return EXIT_TROUBLE;
    // The question is answered, so the CDK need not ask.
    const written = options.outputsFile === undefined ? [] : ['--outputs-file', resolve(options.outputsFile)];
    return exitCodeOf(
      await cdk.show('deploy', ...stacks, '--app', assembly, '--require-approval', 'never', ...written),
    );
  });
}

/** Shows what a deployment would change, and returns the exit code. */
export async function diff(ports: DeployPorts, options: DeployOptions, context: Speaking): Promise<number> {
  const stacks = Object.values(stackNamesOf(ports.target.stage));
  return withAssembly(ports, options, context, async (assembly) =>
    exitCodeOf(await ports.cdk.show('diff', ...stacks, '--app', assembly)),
  );
}

/**
 * Shows what goes and what stays, deletes once somebody agreed, and returns the exit code.
 *
 * @throws CommandError if there is nothing that can be deleted
 */
export async function destroy(
  ports: DeployPorts,
  options: DeployOptions,
  context: Speaking,
): Promise<number> {
  const { target, cdk } = ports;
  const { going, lines } = await planDestruction(ports);
  context.printError(lines.join('\n'));
  const question = `Delete this from stage ${target.stage}, account ${target.account}, region ${target.region}?`;
  if (!(await confirm(question, options.yes ?? false, context))) return EXIT_TROUBLE;
  return withAssembly(ports, options, context, async (assembly) =>
    // Without --exclusively the CDK would delete the stacks that depend on these too.
    exitCodeOf(await cdk.show('destroy', ...going, '--app', assembly, '--exclusively', '--force')),
  );
}

/** Which stacks of a stage can be deleted, in order, and lines that say what goes and what stays. */
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
        : `Deletes ${names.data}: the stack alone. Its tables and keys stay in the account`,
    );
  }
  if (going.length > 0) return { going, lines };
  throw new CommandError(
    [
      ...lines,
      'There is nothing that can be deleted. To switch the protection of a stack off:',
      `  aws cloudformation update-termination-protection --no-enable-termination-protection --region ${target.region} --stack-name ${pipeline ? names.pipeline : names.data}`,
    ].join('\n'),
  );
}

/**
 * Does some work with the folder of the templates and bundles, and returns its exit code. Unless the folder is given, this run
 * makes one of its own, which no other run writes, and removes it at the end.
 *
 * @throws CommandError with what the CDK said, if it cannot make the templates, or if the given ones belong elsewhere
 */
async function withAssembly(
  { target, cdk, loadEnvironments }: DeployPorts,
  { settings, assembly }: DeployOptions,
  { printError }: Speaking,
  work: (assembly: string) => Promise<number>,
): Promise<number> {
  if (assembly !== undefined) {
    refuseOtherEnvironment(target, assembly, await loadEnvironments(resolve(assembly)));
    return work(resolve(assembly));
  }
  const folder = await mkdtemp(join(tmpdir(), 'broadsheet-assembly-'));
  try {
    printError('Making templates and bundles …');
    const { code, output } = await cdk.capture(
      ...['synth', '--quiet', '-c', `settings=${resolve(settings)}`, '--output', folder],
    );
    if (code !== 0) throw new CommandError(`The templates cannot be made:\n${output.trimEnd()}`);
    return await work(folder);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** Refuses an assembly that lacks a stack of the target, or was made for another account or region. */
function refuseOtherEnvironment(
  { stage, account, region }: Target,
  assembly: string,
  environments: Readonly<Record<string, string>>,
): void {
  const here = ['unknown-account', account].flatMap((id) =>
    ['unknown-region', region].map((name) => `aws://${id}/${name}`),
  );
  for (const name of Object.values(stackNamesOf(stage))) {
    const environment = environments[name];
    if (environment === undefined || !here.includes(environment))
      throw new CommandError(
        `--assembly ${assembly} has ${environment === undefined ? 'no ' : ''}stack "${name}"${environment === undefined ? '' : ` for ${environment}`}: expected one for account ${account} in ${region}. Make it with these settings, or leave --assembly out.`,
      );
  }
}

const manifestSchema = z.object({
  artifacts: z.record(z.string(), z.object({ type: z.string(), environment: z.string().optional() })),
});

async function loadEnvironments(assembly: string): Promise<Readonly<Record<string, string>>> {
  const text = await readFile(join(assembly, 'manifest.json'), 'utf8').catch(
    (error: NodeJS.ErrnoException) => {
      throw new CommandError(
        `--assembly ${assembly} cannot be read (${error.code}): expected a folder that "cdk synth" wrote`,
      );
    },
  );
  const { artifacts } = manifestSchema.parse(JSON.parse(text));
  return Object.fromEntries(
    Object.entries(artifacts).flatMap(([name, { type, environment }]) =>
      type === 'aws:cloudformation:stack' && environment !== undefined ? [[name, environment]] : [],
    ),
  );
}

function exitCodeOf(code: number): number {
  return code === 0 ? EXIT_OK : EXIT_TROUBLE;
}
