import { UnreadableItemError } from '../../shared/adapters/dynamodb/stored-item.ts';
import { KeysError } from '../../shared/subscribers/keys.ts';
import { PermissionError } from '../deployment/errors.ts';
import { isMissing } from '../deployment/explain-error.ts';
import { DnsError } from './ports.ts';

/** The states of a part of a deployment, from the best to the worst. `wait` means that it is not done yet. */
const states = ['ok', 'wait', 'warn', 'fail'] as const;

export type State = (typeof states)[number];

/** A finding of a check, and what an operator should do about it. */
export interface Finding {
  readonly state: State;
  readonly found: string;
  readonly advice?: string;
}

export function ok(found: string, advice?: string): Finding {
  return toFinding('ok', found, advice);
}

export function wait(found: string, advice?: string): Finding {
  return toFinding('wait', found, advice);
}

export function warn(found: string, advice: string): Finding {
  return toFinding('warn', found, advice);
}

export function fail(found: string, advice: string): Finding {
  return toFinding('fail', found, advice);
}

/** Returns the worst of these states. Without any it is `ok`. */
export function worstOf(all: readonly State[]): State {
  return states.findLast((state) => all.includes(state)) ?? 'ok';
}

function toFinding(state: State, found: string, advice: string | undefined): Finding {
  return advice === undefined ? { state, found } : { state, found, advice };
}

export interface Check {
  readonly name: string;
  /** Whether `status` shows it too, because it fits on its one screen. @default false */
  readonly isInStatus?: boolean;
  readonly run: () => Promise<Finding>;
}

/** A finding with the name of its check. */
export interface CheckResult extends Finding {
  readonly name: string;
}

/** All findings, in the order of the checks. */
export interface Diagnosis {
  readonly checks: readonly CheckResult[];
  readonly worst: State;
}

/**
 * Runs all checks in parallel. A check warns if it lacks a permission or gets no answer from DNS. It fails if it breaks for
 * another reason.
 */
export async function diagnose(checks: readonly Check[]): Promise<Diagnosis> {
  const results = await Promise.all(
    checks.map(async ({ name, run }) => ({ name, ...(await run().catch(explainFault)) })),
  );
  return { checks: results, worst: worstOf(results.map(({ state }) => state)) };
}

function explainFault(error: unknown): Finding {
  if (error instanceof PermissionError)
    return warn(
      `not checked: the current credentials may not do ${error.permission}`,
      `allow ${error.permission} to the role that runs this`,
    );
  if (error instanceof UnreadableItemError)
    return fail(error.message, 'docs/alarms.md, "A stored record cannot be read"');
  if (error instanceof KeysError)
    return fail(error.message, 'docs/operating.md, "Restoring tables and keys"');
  if (error instanceof Error && isMissing(error))
    return fail(
      `something that belongs to the deployment is missing in AWS: ${error.message}`,
      'for a table or the keys: docs/operating.md, "Restoring tables and keys"',
    );
  const reason = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
  if (error instanceof DnsError)
    return warn(`not checked: ${error.message}`, 'look again later, or from another network');
  return fail(
    `could not be checked: ${reason}`,
    'run this again; if it stays, it is a fault of this command',
  );
}

/** The deployment that was checked. */
export interface DeploymentName {
  readonly stage: string;
  readonly region: string;
  readonly account: string;
}

const STATE_WIDTH = Math.max(...states.map(({ length }) => length));

/**
 * Returns the findings as text: a line for each check, and below it what to do.
 *
 * @param settingsFile names the deployment in the command that deploys, if some advice asks for it
 */
export function toText(
  { stage, region, account }: DeploymentName,
  { checks, worst }: Diagnosis,
  settingsFile: string,
): string {
  const nameWidth = Math.max(...checks.map(({ name }) => name.length));
  const indent = ' '.repeat(STATE_WIDTH + nameWidth + 4);
  const lines = checks.flatMap(({ state, name, found, advice }) => [
    `${state.padEnd(STATE_WIDTH)}  ${name.padEnd(nameWidth)}  ${found}`,
    ...(advice === undefined ? [] : [`${indent}> ${advice}`]),
  ]);
  const count = (wanted: string) => checks.filter(({ state }) => state === wanted).length;
  const summary =
    worst === 'ok'
      ? 'All is well.'
      : `${count('ok')} ok, ${count('wait')} waiting, ${count('warn')} to look at, ${count('fail')} failed.`;
  const toDeploy = checks.some(({ advice = '' }) => /\bdeploy\b/.test(advice))
    ? [`To deploy: npx broadsheet deploy --settings ${settingsFile}`]
    : [];
  return [`Broadsheet ${stage}, ${region}, account ${account}`, '', ...lines, '', summary, ...toDeploy].join(
    '\n',
  );
}

/** Returns the same as one JSON object. */
export function toJson(deployment: DeploymentName, { checks, worst }: Diagnosis): string {
  return JSON.stringify({ deployment, checks, worst });
}

/** Returns the name of a deployment. Region and account come from the ARN of a part of it. */
export function toDeploymentName(stage: string, arn: string): DeploymentName {
  const [, , , region = '', account = ''] = arn.split(':');
  return { stage, region, account };
}
