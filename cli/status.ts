import { CloudWatchClient, paginateDescribeAlarms } from '@aws-sdk/client-cloudwatch';
import * as z from 'zod';
import { loadSettings } from '../infra/settings/load-settings.ts';
import { stackNamesOf } from '../infra/stack-names.ts';
import { editionsAt, type ScheduledCohort } from '../shared/domain/digests/cohort.ts';
import { type DeliveryTime, deliveryTimesBetween } from '../shared/domain/digests/delivery-times.ts';
import { jsonTextOf } from '../shared/domain/text/json-text.ts';
import { addMs, type Instant, MS_PER_DAY, toUtcTime, utcDayOf } from '../shared/domain/time/time.ts';
import { timeZoneSchema } from '../shared/domain/time/time-zone.ts';
import { type CommandContext, EXIT_INTERRUPTED, EXIT_OK, EXIT_TROUBLE } from './command.ts';
import { commandClientOptions, permitted } from './deployment/aws-call.ts';
import { openDeployment } from './deployment/find-deployment.ts';
import { type CheckedDeployment, createChecks, isJustDeployed } from './doctor/checks.ts';
import { type CheckResult, type DeploymentName, diagnose } from './doctor/diagnosis.ts';
import type { CohortSize, DoctorPorts } from './doctor/ports.ts';
import { openPorts } from './doctor/run-doctor.ts';

/** Prints the state of a deployment, and returns the exit code. */
export async function runStatus(
  options: { readonly settings: string; readonly json?: true },
  { print, onInterrupt }: Pick<CommandContext, 'print' | 'onInterrupt'>,
): Promise<number> {
  const settings = loadSettings(options.settings);
  const { target, outputs } = await openDeployment(settings);
  const signal = onInterrupt();
  const ports = {
    ...openPorts(settings, outputs, signal),
    loadAlarms: () => loadAlarms(stackNamesOf(settings.stage).pipeline),
  };
  const status = await loadStatus({ settings, outputs }, target, ports);
  if (signal.aborted) return EXIT_INTERRUPTED;
  print(options.json ? JSON.stringify(status) : toText(status, options.settings));
  return status.isHealthy ? EXIT_OK : EXIT_TROUBLE;
}

/** Loads the alarms of a stack. CloudFormation begins their names with the name of the stack. */
async function loadAlarms(stack: string): Promise<readonly AlarmState[]> {
  const client = new CloudWatchClient(commandClientOptions());
  return permitted('cloudwatch:DescribeAlarms', async () => {
    const alarms: AlarmState[] = [];
    const pages = paginateDescribeAlarms(
      { client },
      { AlarmNamePrefix: `${stack}-`, AlarmTypes: ['MetricAlarm', 'CompositeAlarm'] },
    );
    for await (const page of pages)
      for (const alarm of [...(page.MetricAlarms ?? []), ...(page.CompositeAlarms ?? [])])
        alarms.push({
          name: alarm.AlarmName ?? '',
          state: alarm.StateValue ?? 'INSUFFICIENT_DATA',
          description: alarm.AlarmDescription ?? '',
          since: (alarm.StateTransitionedTimestamp ?? alarm.StateUpdatedTimestamp)?.toISOString(),
          hasData: hasData(alarm.StateReasonData),
        });
    return alarms;
  });
}

const reasonSchema = z.object({ recentDatapoints: z.array(z.unknown()) });

/** Returns whether the reason of a state names a value of the metric. True too if the reason cannot be read. */
export function hasData(reason: string | undefined): boolean {
  const read = jsonTextOf(reasonSchema).safeParse(reason);
  return !read.success || read.data.recentDatapoints.length > 0;
}

/** An alarm of the deployment, as CloudWatch reports it. */
export interface AlarmState {
  readonly name: string;
  /** The state in CloudWatch: `OK`, `ALARM`, `INSUFFICIENT_DATA`. */
  readonly state: string;
  /** Its description, which names the heading of the runbook. */
  readonly description: string;
  /** When it took its state. Undefined if CloudWatch does not say. */
  readonly since?: Instant | undefined;
  /** Whether CloudWatch had any value of its metric when it took its state. */
  readonly hasData: boolean;
}

/** An alarm as the status shows it. */
interface ShownAlarm extends AlarmState {
  /** Whether it went off only because a deployment is so new that nothing has run yet. */
  readonly isWaiting: boolean;
}

export interface StatusPorts extends DoctorPorts {
  readonly loadAlarms: () => Promise<readonly AlarmState[]>;
}

/** Digests that are due at one instant. */
interface DueDigests {
  readonly at: Instant;
  readonly count: number;
}

interface NextDigests {
  /** The next due times, the nearest first. */
  readonly due: readonly DueDigests[];
  /** How many subscribers get a digest whenever a list has something new. */
  readonly instant: number;
  /** How many subscribers are in cohorts without a computable time. */
  readonly withoutTime: number;
}

/** A part of the status, or why it could not be read. */
type Part<Value> = Value | { readonly fault: string };

export interface Status {
  readonly deployment: DeploymentName;
  readonly version: string;
  readonly commit: string;
  readonly pages: string;
  /** Lists, planner, queues and quota, as the doctor finds them. */
  readonly checks: readonly CheckResult[];
  readonly nextDigests: Part<NextDigests>;
  readonly alarms: Part<readonly ShownAlarm[]>;
  /** False if a check failed, an alarm went off, or a part could not be read. */
  readonly isHealthy: boolean;
}

/** How many of the next due times are shown. */
const MAX_TIMES = 4;

/** How many days ahead to look for the next digest. It includes spare days, because a zone may skip a day. */
const LOOK_AHEAD_DAYS = { daily: 3, weekly: 9, monthly: 33 } as const;

/** Loads the state of a deployment. If a part cannot be read, the rest is still shown. */
export async function loadStatus(
  checked: CheckedDeployment,
  deployment: DeploymentName,
  ports: StatusPorts,
): Promise<Status> {
  const { PublicUrl, Version = 'unknown', Commit = 'unknown' } = checked.outputs;
  const shown = createChecks(checked, ports).filter(({ isInStatus }) => isInStatus);
  const [{ checks, worst }, nextDigests, alarms] = await Promise.all([
    diagnose(shown),
    orFault(async () => findNextDigests((await ports.cohorts.countAll()).sizes, ports.clock.now())),
    orFault(() => loadShownAlarms(ports)),
  ]);
  const isQuiet = !('fault' in alarms) && !alarms.some(isRinging);
  return {
    deployment,
    version: Version,
    commit: Commit,
    pages: PublicUrl,
    checks,
    nextDigests,
    alarms,
    isHealthy: worst !== 'fail' && isQuiet && !('fault' in nextDigests),
  };
}

/**
 * Loads the alarms and marks those that only wait for a first run. Some alarms count a missing value as wrong, so a new deployment sets
 * them off. For an hour after a deployment, an alarm that missing values have set off since then counts as waiting.
 */
async function loadShownAlarms({ loadAlarms, stack, clock }: StatusPorts): Promise<readonly ShownAlarm[]> {
  const [alarms, deployedAt] = await Promise.all([loadAlarms(), stack.loadChangedAt()]);
  const isNew = isJustDeployed(deployedAt, clock.now());
  const isWaiting = ({ state, hasData, since }: AlarmState) =>
    isNew && state === 'ALARM' && !hasData && since !== undefined && since >= deployedAt;
  return alarms.map((alarm) => ({ ...alarm, isWaiting: isWaiting(alarm) }));
}

function isRinging({ state, isWaiting }: ShownAlarm): boolean {
  return state === 'ALARM' && !isWaiting;
}

/** Returns the next times at which digests are due, with how many. */
export function findNextDigests(sizes: readonly CohortSize[], now: Instant): NextDigests {
  const counts = new Map<Instant, number>();
  const timesOf = createTimes(now);
  let instant = 0;
  let withoutTime = 0;
  for (const { cohort, members } of sizes) {
    if (cohort.cadence === 'instant') {
      instant += members;
      continue;
    }
    const next = timesOf(cohort).find((time) => editionsAt(cohort, [time]).length > 0);
    if (next) counts.set(next.at, (counts.get(next.at) ?? 0) + members);
    else withoutTime += members;
  }
  const due = [...counts].map(([at, count]) => ({ at, count })).filter(({ count }) => count > 0);
  return {
    due: due.sort((a, b) => (a.at < b.at ? -1 : 1)).slice(0, MAX_TIMES),
    instant,
    withoutTime,
  };
}

/**
 * Returns a function that gives the next delivery times of a cohort, none for an unknown zone. It works them out once for all cohorts of the
 * same zone and cadence.
 */
function createTimes(now: Instant): (cohort: ScheduledCohort) => readonly DeliveryTime[] {
  const known = new Map<string, readonly DeliveryTime[]>();
  return ({ cadence, timeZone }) => {
    if (!timeZoneSchema.safeParse(timeZone).success) return [];
    const key = `${cadence} ${timeZone}`;
    const until = addMs(now, LOOK_AHEAD_DAYS[cadence] * MS_PER_DAY);
    const times = known.get(key) ?? deliveryTimesBetween(timeZone, now, until);
    known.set(key, times);
    return times;
  };
}

async function orFault<Value>(load: () => Promise<Value>): Promise<Part<Value>> {
  return load().catch((error: unknown) => ({
    fault: error instanceof Error ? error.message : String(error),
  }));
}

type Row = readonly [name: string, text: string];

/**
 * Returns the status as text that fits on one screen.
 *
 * @param file the settings file, for the advice
 */
export function toText(status: Status, file: string): string {
  const { deployment, pages, checks, nextDigests, alarms } = status;
  const rows: readonly Row[] = [
    ['pages', pages],
    ...checks.map(({ name, found, state }): Row => [name, state === 'ok' ? found : `${found} (${state})`]),
    ...toDigestRows(nextDigests),
    ...toAlarmRows(alarms),
  ];
  const width = Math.max(...rows.map(([name]) => name.length));
  return [
    `Broadsheet ${deployment.stage}, ${deployment.region}, account ${deployment.account}`,
    '',
    ...rows.map(([name, text]) => `${name.padEnd(width)}  ${text}`),
    '',
    status.isHealthy
      ? 'Nothing here needs attention. "npx broadsheet doctor" checks the rest.'
      : `Something is wrong. What to do: npx broadsheet doctor --settings ${file}`,
  ].join('\n');
}

function toDigestRows(digests: Status['nextDigests']): readonly Row[] {
  if ('fault' in digests) return [['next digests', `cannot be read: ${digests.fault}`]];
  const { due, instant, withoutTime } = digests;
  const lines = [
    ...due.map(({ at, count }) => `${utcDayOf(at)} ${toUtcTime(at)} UTC: ${count.toLocaleString('en')}`),
    ...(instant > 0 ? [`when a list has something new: ${instant.toLocaleString('en')}`] : []),
    ...(withoutTime > 0 ? [`never, because no time can be found: ${withoutTime.toLocaleString('en')}`] : []),
  ];
  if (lines.length === 0) return [['next digests', 'none, because nobody is subscribed']];
  return lines.map((line, position): Row => [position === 0 ? 'next digests' : '', line]);
}

function toAlarmRows(alarms: Status['alarms']): readonly Row[] {
  if ('fault' in alarms) return [['alarms', `cannot be read: ${alarms.fault}`]];
  const ringing = alarms.filter(isRinging);
  const waiting = alarms.filter(({ isWaiting }) => isWaiting).length;
  const rest =
    waiting === 0
      ? ''
      : `, ${waiting} ${waiting === 1 ? 'waits' : 'wait'} for a first run of the new deployment`;
  return [
    ['alarms', `${ringing.length} of ${alarms.length} went off${rest}`],
    ...ringing.map(({ description, name }): Row => ['', description.split(' Threshold:')[0] || name]),
  ];
}
