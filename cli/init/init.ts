import type { DataOutputs, PipelineOutputs } from '../../infra/outputs.ts';
import { senderIdentityOf } from '../../infra/settings/derived.ts';
import type { Settings } from '../../infra/settings/schema.ts';
import { stackNamesOf } from '../../infra/stack-names.ts';
import { EXIT_INTERRUPTED, EXIT_NOT_DONE, EXIT_OK, EXIT_TROUBLE, whileChanging } from '../command.ts';
import { CommandError, InterruptedError } from '../deployment/errors.ts';
import { explainError } from '../deployment/explain-error.ts';
import { findDeployment, type Target } from '../deployment/find-deployment.ts';
import { domainsAbove, isAddress } from '../doctor/checks/sender.ts';
import type { SendingAccount } from '../doctor/ports.ts';
import { mailFirstDigest } from './first-digest.ts';
import type { InitFlags, InitPorts } from './ports.ts';
import { askAll, checkFlags, decide, inspectAccount, missingFlags, toSettings } from './settings.ts';

/** The stack that `cdk bootstrap` makes. */
const BOOTSTRAP_STACK = 'CDKToolkit';

/** The states of a stack that is complete. */
const WHOLE = ['CREATE_COMPLETE', 'UPDATE_COMPLETE', 'UPDATE_ROLLBACK_COMPLETE'];

/** The result of a step, or the exit code to end with. */
type Step<Result> = { readonly result: Result } | { readonly exitCode: number };

/** What exists already, in the account and on the disk. */
interface StartingPoint {
  readonly target: Target;
  readonly account: SendingAccount;
  readonly settings: Settings | undefined;
  readonly isBootstrapped: boolean;
  /** Whether both stacks are there and whole. */
  readonly isDeployed: boolean;
}

/**
 * Leads a new operator from an empty account to a first digest, and returns the exit code. Each step first checks what exists
 * already, so `init` can be run again at any time and goes on where it ended.
 *
 * @throws CommandError without a terminal, if a flag is missing
 */
export async function init(ports: InitPorts, flags: InitFlags): Promise<number> {
  const start = await loadStartingPoint(ports, flags);
  const exitCode = await whileChanging(() => goOn(ports, flags, start)).catch((error: unknown) => {
    // Ctrl-C at the question of a step. The steps before it are done.
    if (error instanceof InterruptedError) return EXIT_INTERRUPTED;
    throw error;
  });
  if (exitCode !== EXIT_OK) ports.say(`To go on from here: npx broadsheet init --settings ${flags.settings}`);
  return exitCode;
}

/** Does the steps that change something, and returns the exit code. */
async function goOn(ports: InitPorts, flags: InitFlags, start: StartingPoint): Promise<number> {
  const settled = await settleSettings(ports, flags, start);
  if ('exitCode' in settled) return settled.exitCode;
  const settings = settled.result;

  const deployed = await deploy(ports, flags.settings, start);
  if ('exitCode' in deployed) return deployed.exitCode;

  const operator = flags.operator ?? settings.alarmAddress;
  const address = await decide('operator', { ...flags, ...(operator && { operator }) }, ports.ask);
  if (address === undefined) return EXIT_INTERRUPTED;
  const addresses = [senderIdentityOf(settings), ...(start.account.hasProductionAccess ? [] : [address])];
  const isVerified = await waitForAddresses(ports, [...new Set(addresses)]);
  if (!isVerified) return EXIT_INTERRUPTED;

  const ended = await mailFirstDigest(ports, { flags, settings, address, outputs: deployed.result });
  if (ended === EXIT_OK) ports.say(toNextSteps(flags.settings, settings, start.account, deployed.result));
  return ended;
}

/** Checks credentials, region and quota, and loads what exists already. It changes nothing. */
async function loadStartingPoint(ports: InitPorts, flags: InitFlags): Promise<StartingPoint> {
  const { say, settingsFile, verification, stacks, ask } = ports;
  const settings = await settingsFile.load();
  checkFlags(flags, settings);
  const target = await ports
    .findTarget(settings ?? { stage: flags.stage ?? 'prod' })
    .catch((error: unknown) => {
      throw ask
        ? error
        : withFlags(error, [...neededFlags(flags, settings), ...(flags.yes ? [] : ['--yes'])]);
    });
  const names = stackNamesOf(target.stage);
  const [account, bootstrap, data, pipeline] = await Promise.all([
    verification.loadAccount(),
    stacks.load(BOOTSTRAP_STACK),
    stacks.load(names.data),
    stacks.load(names.pipeline),
  ]);
  say(`Account ${target.account}, region ${target.region}, stage ${target.stage}`);
  say(toQuotaText(account));
  if (!settings && (data || pipeline))
    throw new CommandError(
      `Stage ${target.stage} is deployed in this account and region, but ${flags.settings} is not here. Name the file of its settings with --settings. For a second deployment choose another --stage.`,
    );
  const isWhole = (stack: typeof bootstrap) => stack !== undefined && WHOLE.includes(stack.status);
  const isDeployed = isWhole(data) && isWhole(pipeline);
  const start = { target, account, settings, isBootstrapped: isWhole(bootstrap), isDeployed };
  if (!ask) requireFlags(flags, start);
  return start;
}

/** Names all missing flags in one message, before anything is changed. */
function requireFlags(flags: InitFlags, { settings, isBootstrapped, isDeployed }: StartingPoint): void {
  const missing = [
    ...neededFlags(flags, settings),
    ...(flags.yes || (isBootstrapped && isDeployed) ? [] : ['--yes']),
  ];
  if (missing.length > 0) throw new CommandError(toFlagsText(missing));
}

/** The flags that stand in for the questions, and that are not given. */
function neededFlags(flags: InitFlags, settings: Settings | undefined): readonly string[] {
  return settings
    ? missingFlags(flags, settings.alarmAddress === undefined ? ['operator'] : [])
    : missingFlags(flags, ['from', 'operator', ...(flags.site ? (['certificate'] as const) : [])]);
}

/** An error that stopped the first step, with the flags that are missing as well. */
function withFlags(error: unknown, missing: readonly string[]): unknown {
  const reason = explainError(error);
  return reason === undefined || missing.length === 0
    ? error
    : new CommandError(`${reason}\n${toFlagsText(missing)}`, { cause: error });
}

function toFlagsText(missing: readonly string[]): string {
  return `Nothing was changed, because there is no terminal to ask on. Add these flags: ${missing.join(' ')}`;
}

async function settleSettings(
  ports: InitPorts,
  flags: InitFlags,
  { settings, target, account }: StartingPoint,
): Promise<Step<Settings>> {
  const { say, settingsFile, ask } = ports;
  if (settings) {
    say(`Settings: ${flags.settings} is here`);
    return { result: settings };
  }
  const answers = await askAll(flags, ask);
  if (!answers) return { exitCode: EXIT_INTERRUPTED };
  const found = await inspectAccount(ports, answers, target, account);
  if (found.knownIdentity !== undefined)
    say(`Sender: SES knows ${found.knownIdentity} already, so it is used`);
  else if (found.senderZone)
    say(`Sender: the hosted zone ${found.senderZone.name} is in this account, so DKIM is set up with it`);
  else say(`Sender: ${answers.from} is verified by a mail, because its domain has no hosted zone here`);
  await settingsFile.save(toSettings(target.stage, answers, found));
  const written = await settingsFile.load();
  if (!written) throw new Error(`${flags.settings} was written and is not there`);
  say(`Settings: wrote ${flags.settings}. Keep it: later commands need it`);
  return { result: written };
}

async function deploy(
  { say, stacks, deployer }: InitPorts,
  file: InitFlags['settings'],
  { target, isBootstrapped, isDeployed }: StartingPoint,
): Promise<Step<DataOutputs & PipelineOutputs>> {
  if (isBootstrapped) say('Bootstrap: the account and region are prepared for the CDK');
  else {
    const exitCode = await deployer.bootstrap();
    if (exitCode !== EXIT_OK) return { exitCode: toOwnExitCode(exitCode) };
  }
  if (isDeployed)
    say(`Deployment: both stacks are there. To change them: npx broadsheet deploy --settings ${file}`);
  else {
    const exitCode = await deployer.deploy();
    if (exitCode !== EXIT_OK) return { exitCode: toOwnExitCode(exitCode) };
  }
  return { result: await findDeployment(stacks, target) };
}

/** A no to one step does not mean that nothing was done, because the settings are written by then. */
function toOwnExitCode(exitCode: number): number {
  return exitCode === EXIT_NOT_DONE ? EXIT_TROUBLE : exitCode;
}

function toQuotaText({ hasProductionAccess, max24HourSend, accountRatePerSec }: SendingAccount): string {
  const quota =
    max24HourSend < 0
      ? 'no daily limit'
      : `${max24HourSend.toLocaleString('en')} mails in 24 hours, ${accountRatePerSec} a second`;
  return hasProductionAccess
    ? `SES: ${quota}`
    : `SES: ${quota}. The account is in the sandbox, so only verified addresses are mailed`;
}

function toNextSteps(
  file: string,
  { alarmAddress, site, sender }: Settings,
  { hasProductionAccess }: SendingAccount,
  { PublicUrl, SiteTarget, Dashboard }: PipelineOutputs,
): string {
  const hasRecords = sender.hostedZone !== undefined;
  return [
    '',
    `Pages:     ${PublicUrl}`,
    `Dashboard: ${Dashboard}`,
    '',
    'Next:',
    ...(alarmAddress === undefined
      ? []
      : [`- Confirm the mail of AWS to ${alarmAddress}, or no alarm reaches it.`]),
    ...(site && !site.hostedZone ? [`- Write a CNAME record from ${site.domainName} to ${SiteTarget}.`] : []),
    ...(hasRecords ? [] : ['- Write DKIM, SPF and DMARC records: docs/operating.md, "DKIM, SPF and DMARC".']),
    ...(hasProductionAccess
      ? []
      : ['- Leave the sandbox before you invite anybody: docs/operating.md, "Leaving the SES sandbox".']),
    `- Look whether all is well: npx broadsheet doctor --settings ${file}`,
  ].join('\n');
}

type VerificationPorts = Pick<InitPorts, 'say' | 'startWaiting' | 'verification'>;

/**
 * Waits until SES has verified each of these addresses and domains. It asks AWS to mail a link to an address that SES does
 * not know. False means Ctrl-C.
 *
 * @param names the sender, and in the sandbox the first reader too
 */
async function waitForAddresses(ports: VerificationPorts, names: readonly string[]): Promise<boolean> {
  for (const name of names) if (!(await waitFor(ports, name))) return false;
  return true;
}

async function waitFor(ports: VerificationPorts, name: string): Promise<boolean> {
  const { say, startWaiting, verification } = ports;
  if (await isVerified(ports, name)) {
    say(`Verified: ${name}`);
    return true;
  }
  if (isAddress(name)) {
    if (!(await verification.loadIdentity(name))) await verification.request(name);
    say(`Open the mail that AWS sent to ${name}, and follow its link.`);
  } else {
    say(
      `SES looks for the DKIM records of ${name}. With its hosted zone in the settings the deployment wrote them. Otherwise write them now: docs/operating.md, "DKIM, SPF and DMARC".`,
    );
  }
  const waiting = startWaiting(`Waiting until ${name} is verified`);
  try {
    while (await waiting.pause()) {
      if (!(await isVerified(ports, name))) continue;
      waiting.stop();
      say(`Verified: ${name}`);
      return true;
    }
    return false;
  } finally {
    waiting.stop();
  }
}

/** Whether SES verified the address or domain, or a domain above it. A verified domain covers all its addresses. */
async function isVerified({ verification }: VerificationPorts, name: string): Promise<boolean> {
  const names = isAddress(name) ? [name, ...domainsAbove(name)] : [name];
  const identities = await Promise.all(names.map((name) => verification.loadIdentity(name)));
  return identities.some((identity) => identity?.isVerified);
}
