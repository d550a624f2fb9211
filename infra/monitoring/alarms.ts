import { Duration } from 'aws-cdk-lib';
import type { Metric } from 'aws-cdk-lib/aws-cloudwatch';
import { MathExpression, Stats } from 'aws-cdk-lib/aws-cloudwatch';
import { lists, sourceNames } from '../../shared/domain/lists.ts';
import type { MetricName } from '../../shared/observability.ts';
import type { NodeFunction } from '../constructs/node-function.ts';
import { longestGapMinutes } from '../settings/minutes.ts';
import type { AlarmSpec } from './alarm-spec.ts';
import { faultAlarms } from './fault-alarms.ts';
import { deadLetters, heldMessages, ownMetric, reputation, TICK, waitingMessages } from './metrics.ts';
import { functionsOf, queuesOf, type Watched, type WatchedQueue } from './watched.ts';

const HOUR = Duration.hours(1);

/** How long a queue may hold messages without a pause, in quarter hours. */
const HELD_TICKS = 8;

/** Messages on average: one that is there for half of a quarter hour, because the counts of SQS are approximate. */
const HELD_THRESHOLD = 0.5;

const HELD_BECAUSE =
  'a message for half of each quarter hour, for two hours. What waits for so long is not worked off at all, or much more slowly than it comes.';

/**
 * The alarms of a deployment. With `basic`, one alarm watches what `full` watches with several, because each metric of an alarm
 * costs $0.10 a month.
 */
export function alarmsOf(watched: Watched): readonly AlarmSpec[] {
  const isFull = watched.settings.monitoring === 'full';
  const queues = queuesOf(watched);
  return [
    ...(isFull ? scheduleAlarms(watched, 'Ingest', ingestScheduleOf(watched)) : []),
    ...scheduleAlarms(watched, 'Planner', {
      name: 'The planner',
      fn: watched.digests.planDigests,
      atEnd: 'EditionsPlanned',
      gap: TICK,
    }),
    ...(isFull ? lists.map(({ id }) => listAlarm(watched, id)) : [listAlarm(watched)]),
    ...(isFull
      ? queues.map((one) => waitingAlarm([one], heldMessages))
      : [waitingAlarm(queues, waitingMessages)]),
    ...(isFull ? queues.map((one) => deadLetterAlarm([one])) : [deadLetterAlarm(queues)]),
    ...sesAlarms(watched),
    ...faultAlarms(watched.settings),
    ...(isFull ? fullAlarms(watched) : []),
  ];
}

function ingestScheduleOf(watched: Watched) {
  return {
    name: 'Ingest',
    fn: watched.ingestion.ingestPapers,
    atEnd: 'SourceFailures',
    gap: longestGapOf(watched),
  } as const;
}

/** The longest time between two reads of a list. */
function longestGapOf({ settings }: Watched): Duration {
  const gaps = sourceNames.map((source) => longestGapMinutes(settings.lists[source].minutes));
  return Duration.minutes(Math.max(...gaps));
}

/**
 * A scheduled function that does not finish a run. It publishes `atEnd` as the last thing it does, so no value means that it
 * was not started, or that it fails. `full` says apart that it fails.
 *
 * @param gap the longest time between two runs: whatever the schedule, there is one in each period of that length
 */
function scheduleAlarms(
  { settings }: Watched,
  id: string,
  { name, fn, atEnd, gap }: { name: string; fn: NodeFunction; atEnd: MetricName; gap: Duration },
): readonly AlarmSpec[] {
  const failing = longerOf(gap, TICK);
  // Two gaps, because a run that begins some seconds late may fall into the next period.
  const notFinishing = longerOf(Duration.minutes(2 * gap.toMinutes()), HOUR);
  const notFinishingAlarm: AlarmSpec = {
    id: `${id}NotFinishing`,
    says: `${name} has not finished a run for ${toWords(notFinishing)}.`,
    heading: `${name} does not finish`,
    metric: ownMetric(settings, atEnd).with({ statistic: Stats.SAMPLE_COUNT, period: notFinishing }),
    threshold: 1,
    isTooFew: true,
    noValue: 'wrong',
    because: `no finished run in ${toWords(notFinishing)}. The schedule has one every ${toWords(gap)} at least.`,
  };
  if (settings.monitoring === 'basic') return [notFinishingAlarm];
  const failingAlarm: AlarmSpec = {
    id: `${id}Failing`,
    says: `${name} fails again and again.`,
    heading: `${name} is failing`,
    metric: fn.metricErrors({ statistic: Stats.SUM, period: failing }),
    threshold: 1,
    periods: 3,
    because: `an error in each of three times ${toWords(failing)}. One run is made up for by the next.`,
  };
  return [notFinishingAlarm, failingAlarm];
}

function longerOf(one: Duration, other: Duration): Duration {
  return one.toMinutes() > other.toMinutes() ? one : other;
}

function toWords(duration: Duration): string {
  return `${duration.toMinutes()} minutes`;
}

/**
 * That papers are missing. Each read publishes 0 or 1. `basic` has one alarm for all lists, which goes off without any value too,
 * because it has no other for reads that do not finish.
 */
function listAlarm({ settings }: Watched, list?: string): AlarmSpec {
  return {
    id: `ListOverdue${list ?? ''}`,
    says: list ? `The list ${list} owes papers.` : 'A list owes papers, or no list is read.',
    heading: 'A list is stale or broken',
    metric: ownMetric(settings, 'ListOverdue', list).with({
      statistic: Stats.MAXIMUM,
      period: HOUR,
    }),
    threshold: 1,
    noValue: list === undefined ? 'wrong' : 'well',
    periods: 6,
    because: `six hours after its calendar says that papers should have come, its newest day could not be read whole, or the third read in a row failed.${list === undefined ? ' Or six hours without a finished read.' : ''}`,
  };
}

/** Messages that nobody works off. @param toMetrics which messages of a queue count */
function waitingAlarm(
  queues: readonly WatchedQueue[],
  toMetrics: (queue: WatchedQueue) => Readonly<Record<string, Metric>>,
): AlarmSpec {
  const [one] = queues;
  const isOne = one !== undefined && queues.length === 1;
  return {
    id: isOne ? `${one.name}QueueWaiting` : 'QueuesWaiting',
    says: `Messages wait too long on ${isOne ? `the ${one.name.toLowerCase()} queue` : 'a queue'}.`,
    heading: 'Messages wait on a queue',
    metric: isOne
      ? addUp('messages held', [toMetrics(one)])
      : mostOf('messages waiting', queues.map(toMetrics)),
    threshold: HELD_THRESHOLD,
    periods: HELD_TICKS,
    because: HELD_BECAUSE,
  };
}

function deadLetterAlarm(queues: readonly WatchedQueue[]): AlarmSpec {
  const [one] = queues;
  const isOne = one !== undefined && queues.length === 1;
  return {
    id: `${isOne ? one.name : ''}DeadLetters`,
    says: `Messages were given up${isOne ? ` on the ${one.name.toLowerCase()} queue` : ''}.`,
    heading: 'Dead letters',
    metric: addUp('dead letters', queues.map(deadLetters)),
    threshold: 1,
    because: 'one. Behind each is work that nobody does any more.',
  };
}

type ByName = Readonly<Record<string, Metric>>;

/** The sum of several metrics. */
function addUp(label: string, byQueue: readonly ByName[]): Metric | MathExpression {
  return combine(label, byQueue, (filled) => filled.join(' + '));
}

/** The greatest of several metrics. */
function mostOf(label: string, byQueue: readonly ByName[]): Metric | MathExpression {
  return combine(label, byQueue, (filled) => `MAX([${filled.join(', ')}])`);
}

/** One metric as it is, or an expression of several. A queue that nobody used for hours has no values, which counts as none. */
function combine(
  label: string,
  byQueue: readonly ByName[],
  toExpression: (filled: readonly string[]) => string,
): Metric | MathExpression {
  const usingMetrics: ByName = Object.assign({}, ...byQueue);
  const [first, ...others] = Object.values(usingMetrics);
  if (!first) throw new Error('there is no queue to watch');
  if (others.length === 0) return first;
  const expression = toExpression(Object.keys(usingMetrics).map((name) => `FILL(${name}, 0)`));
  return new MathExpression({ expression, usingMetrics, label, period: TICK });
}

/** @see https://docs.aws.amazon.com/ses/latest/dg/reputation-dashboard-dg.html (5 % and 0.1 %: an account under review) */
function sesAlarms({ settings }: Watched): readonly AlarmSpec[] {
  return [
    {
      id: 'BounceRate',
      says: 'Too many mails bounce.',
      heading: 'Bounce rate',
      metric: reputation('BounceRate'),
      threshold: 0.03,
      noValue: 'nothing',
      because: '3 %. From 5 % on SES puts an account under review.',
    },
    {
      id: 'ComplaintRate',
      says: 'Too many readers complain.',
      heading: 'Complaint rate',
      metric: reputation('ComplaintRate'),
      threshold: 0.0008,
      noValue: 'nothing',
      because: '0.08 %. From 0.1 % on SES puts an account under review.',
    },
    {
      id: 'SendingStopped',
      says: 'SES takes no mail, or digests have waited for more than a day.',
      heading: 'Sending has stopped',
      // Messages that were put off come back every few minutes: in each hour many find out whether it is over.
      metric: ownMetric(settings, 'SendingStopped').with({ period: HOUR }),
      threshold: 1,
      because:
        'one in an hour. The account is paused, the sender is not verified, the configuration set or a permission is missing, SES refuses all mails for another reason, or a batch has waited for more than a day, for whatever reason.',
    },
  ];
}

/** What is watched only where monitoring is `full`. */
function fullAlarms(watched: Watched): readonly AlarmSpec[] {
  const { ingestion, digests, pages } = watched;
  const scheduled = [ingestion.ingestPapers, digests.planDigests];
  return [
    ...functionsOf(watched)
      .filter((fn) => !scheduled.includes(fn))
      .map(functionAlarm),
    {
      id: 'PagesThrottled',
      says: 'The pages are throttled.',
      heading: 'The pages fail',
      metric: pages.api.metricThrottles({ statistic: Stats.SUM, period: TICK }),
      threshold: 1,
      because: 'one. The account has no Lambda left for somebody who unsubscribes.',
    },
  ];
}

/** A function that others start, which fails. */
function functionAlarm(fn: NodeFunction): AlarmSpec {
  const words = fn.folder.split('-').map((word) => word.charAt(0).toUpperCase() + word.slice(1));
  return {
    id: `${words.join('')}FunctionFailing`,
    says: `The function ${fn.folder} ends with errors.`,
    heading: 'A function fails',
    metric: fn.metricErrors({ statistic: Stats.SUM, period: TICK }),
    threshold: 1,
    periods: 3,
    because: 'an error in each of three quarter hours. What failed once comes again by itself.',
  };
}
