import type { Diagnosis } from './diagnose.ts';
import { states } from './finding.ts';

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
