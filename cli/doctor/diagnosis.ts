import { UnreadableItemError } from '../../shared/adapters/dynamodb/stored-item.ts';
import { PermissionError } from '../deployment/errors.ts';
import { DnsError } from './ports.ts';

/** How a part of a deployment is, from the best to the worst. `wait`: it is not done yet, and comes by itself or when asked for. */
export const states = ['ok', 'wait', 'warn', 'fail'] as const;

export type State = (typeof states)[number];

/** What a check found, and what an operator should do about it. */
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

/** The worst of these states; `ok` of none. */
export function worstOf(all: readonly State[]): State {
  return states.findLast((state) => all.includes(state)) ?? 'ok';
}

function toFinding(state: State, found: string, advice: string | undefined): Finding {
  return advice === undefined ? { state, found } : { state, found, advice };
}

/** One question to a deployment. */
export interface Check {
  readonly name: string;
  readonly run: () => Promise<Finding>;
}

/** What became of one question. */
export interface CheckResult extends Finding {
  readonly name: string;
}

/** All that was found, in the order of the checks. */
export interface Diagnosis {
  readonly checks: readonly CheckResult[];
  readonly worst: State;
}

/**
 * Runs all checks at once. One that may not ask what it has to, or that nobody answers, warns and says so; one that breaks for
 * any other reason fails.
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
      `allow ${error.permission} to whoever runs this`,
    );
  if (error instanceof UnreadableItemError)
    return fail(error.message, 'docs/operating.md, "A stored record cannot be read"');
  const reason = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
  if (error instanceof DnsError)
    return warn(`not checked: ${error.message}`, 'look again later, or from another network');
  return fail(`could not be checked: ${reason}`, 'look again; where it stays, it is a fault of this command');
}

/** Which deployment was looked at. */
export interface DeploymentName {
  readonly stage: string;
  readonly region: string;
  readonly account: string;
}

const STATE_WIDTH = Math.max(...states.map(({ length }) => length));

/**
 * What was found as text: a line for each check, and below it what to do.
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
      : `${count('ok')} ok, ${count('wait')} waiting, ${count('warn')} to look at, ${count('fail')} to mend.`;
  const toDeploy = checks.some(({ advice = '' }) => /\bdeploy\b/.test(advice))
    ? [`To deploy: npx broadsheet deploy --settings ${settingsFile}`]
    : [];
  return [`Broadsheet ${stage}, ${region}, account ${account}`, '', ...lines, '', summary, ...toDeploy].join(
    '\n',
  );
}

/** The same as one JSON object. */
export function toJson(deployment: DeploymentName, { checks, worst }: Diagnosis): string {
  return JSON.stringify({ deployment, checks, worst });
}

/** Region and account of a deployment, by the ARN of a part of it. */
export function toDeploymentName(stage: string, arn: string): DeploymentName {
  const [, , , region = '', account = ''] = arn.split(':');
  return { stage, region, account };
}
