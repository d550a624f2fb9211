import { Duration } from 'aws-cdk-lib';
import type { Metric } from 'aws-cdk-lib/aws-cloudwatch';
import { MathExpression, Stats } from 'aws-cdk-lib/aws-cloudwatch';
import { sourcesOf } from '../../shared/domain/lists/lists.ts';
import type { MetricName } from '../../shared/observability.ts';
import { capitalise } from '../../shared/presentation/wording.ts';
import type { NodeFunction } from '../constructs/node-function.ts';
import { listsOf } from '../settings/derived.ts';
import { longestGapMinutes } from '../settings/minutes.ts';
import type { AlarmSpec } from './alarm-spec.ts';
import { faultAlarms } from './fault-alarms.ts';
import { deadLetters, heldMessages, ownMetric, reputation, TICK, waitingMessages } from './metrics.ts';
import { functionsOf, queuesOf, type Watched, type WatchedQueue } from './watched.ts';

const HOUR = Duration.hours(1);

/** Quarter hours in a row that a queue may hold messages. */
const HELD_TICKS = 8;

/** The average of one message for half of a quarter hour. SQS counts are approximate. */
const HELD_THRESHOLD = 0.5;

const HELD_BECAUSE =
  'messages waited for at least half of each quarter hour, for two hours. No function takes them, or they arrive faster than it handles them.';

/**
 * The alarms of a deployment. `basic` combines alarms that `full` keeps separate, because each metric of an alarm costs $0.10 a
 * month.
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
    ...(isFull
      ? sourcesOf(listsOf(watched.settings)).map((source) => listAlarm(watched, source))
      : [listAlarm(watched)]),
    ...(isFull
      ? queues.map((queue) => waitingAlarm([queue], heldMessages))
      : [waitingAlarm(queues, waitingMessages)]),
    ...(isFull ? queues.map((queue) => deadLetterAlarm([queue])) : [deadLetterAlarm(queues)]),
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
  const gaps = Object.values(settings.lists).map((source) =>
    source ? longestGapMinutes(source.minutes) : 0,
  );
  return Duration.minutes(Math.max(...gaps));
}

/**
 * Alarms for a scheduled function that does not finish. A run publishes `atEnd` last, so a missing value means that the function
 * did not start, or that it failed. `full` adds an alarm for failures.
 *
 * @param gap the longest time between two runs, so each period of this length has a run
 */
function scheduleAlarms(
  { settings }: Watched,
  id: string,
  { name, fn, atEnd, gap }: { name: string; fn: NodeFunction; atEnd: MetricName; gap: Duration },
): readonly AlarmSpec[] {
  const failing = longerOf(gap, TICK);
  // Two gaps, because a run that starts some seconds late may fall into the next period.
  const notFinishing = longerOf(Duration.minutes(2 * gap.toMinutes()), HOUR);
  const notFinishingAlarm: AlarmSpec = {
    id: `${id}NotFinishing`,
    says: `${name} has not finished a run for ${toWords(notFinishing)}.`,
    heading: `${name} does not finish`,
    metric: ownMetric(settings, atEnd).with({ statistic: Stats.SAMPLE_COUNT, period: notFinishing }),
    threshold: 1,
    isTooFew: true,
    noValue: 'wrong',
    because: `no finished run in ${toWords(notFinishing)}. The schedule has at least one run every ${toWords(gap)}.`,
  };
  if (settings.monitoring === 'basic') return [notFinishingAlarm];
  const failingAlarm: AlarmSpec = {
    id: `${id}Failing`,
    says: `${name} fails repeatedly.`,
    heading: `${name} is failing`,
    metric: fn.metricErrors({ statistic: Stats.SUM, period: failing }),
    threshold: 1,
    periods: 3,
    because: `an error in each of three periods of ${toWords(failing)}. After a single failure the next run catches up.`,
  };
  return [notFinishingAlarm, failingAlarm];
}

function longerOf(a: Duration, b: Duration): Duration {
  return a.toMinutes() > b.toMinutes() ? a : b;
}

function toWords(duration: Duration): string {
  return `${duration.toMinutes()} minutes`;
}

/**
 * The alarm for missing papers. Each read of a source publishes how many lists have overdue papers. A read that fails publishes the number of
 * all its lists, unless one of them was read in the last hour. It also publishes the lists of other sources that are not read. With `full`
 * each source has an alarm. With `basic`, one alarm covers all lists. It also goes off without data, because no other alarm notices a
 * source without a schedule.
 */
function listAlarm({ settings }: Watched, source?: string): AlarmSpec {
  return {
    id: `ListOverdue${source ?? ''}`,
    says: `A list${source ? ` of ${source}` : ''} has overdue papers, or its source is not read.`,
    heading: 'A list is stale or broken',
    metric: ownMetric(settings, 'ListOverdue', source).with({
      statistic: Stats.MAXIMUM,
      period: HOUR,
    }),
    threshold: 1,
    noValue: 'wrong',
    periods: 6,
    because: `six hours after papers were due by its calendar, its newest day could not be read completely, or the third read in a row failed. Or six hours in which no read of ${source ?? 'a source'} finished.`,
  };
}

/** The alarm for messages that wait too long. @param toMetrics the metrics of the messages that count */
function waitingAlarm(
  queues: readonly WatchedQueue[],
  toMetrics: (queue: WatchedQueue) => Readonly<Record<string, Metric>>,
): AlarmSpec {
  const [queue] = queues;
  const isOne = queue !== undefined && queues.length === 1;
  return {
    id: isOne ? `${queue.name}QueueWaiting` : 'QueuesWaiting',
    says: `Messages wait too long on ${isOne ? `the ${queue.name.toLowerCase()} queue` : 'a queue'}.`,
    heading: 'Messages wait on a queue',
    metric: isOne
      ? addUp('messages held', [toMetrics(queue)])
      : mostOf('messages waiting', queues.map(toMetrics)),
    threshold: HELD_THRESHOLD,
    periods: HELD_TICKS,
    because: HELD_BECAUSE,
  };
}

function deadLetterAlarm(queues: readonly WatchedQueue[]): AlarmSpec {
  const [queue] = queues;
  const isOne = queue !== undefined && queues.length === 1;
  return {
    id: `${isOne ? queue.name : ''}DeadLetters`,
    says: `Messages were dead-lettered${isOne ? ` on the ${queue.name.toLowerCase()} queue` : ''}.`,
    heading: 'Dead letters',
    metric: addUp('dead letters', queues.map(deadLetters)),
    threshold: 1,
    because: 'one. Each is work that is not retried any more.',
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

/** A single metric unchanged, or an expression over several. A queue that was idle for hours has no data, which counts as 0. */
function combine(
  label: string,
  byQueue: readonly ByName[],
  toExpression: (filled: readonly string[]) => string,
): Metric | MathExpression {
  const usingMetrics: ByName = Object.assign({}, ...byQueue);
  const [first, ...others] = Object.values(usingMetrics);
  if (!first) throw new Error('an alarm needs at least one queue');
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
      because: '3 %. At 5 % SES puts an account under review.',
    },
    {
      id: 'ComplaintRate',
      says: 'Too many readers complain.',
      heading: 'Complaint rate',
      metric: reputation('ComplaintRate'),
      threshold: 0.0008,
      noValue: 'nothing',
      because: '0.08 %. At 0.1 % SES puts an account under review.',
    },
    {
      id: 'SendingStopped',
      says: 'SES accepts no mail, or digests have waited for more than a day.',
      heading: 'Sending has stopped',
      // Delayed messages come back every few minutes, so in each hour many of them check again.
      metric: ownMetric(settings, 'SendingStopped').with({ period: HOUR }),
      threshold: 1,
      because:
        'one in an hour. The account is paused, the sender is not verified, the configuration set or a permission is missing, or SES refuses all mail for another reason. Or a batch has waited for more than a day.',
    },
  ];
}

/** Alarms that only `full` has. */
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
      because: 'one. The account has no free Lambda capacity, so a reader may fail to unsubscribe.',
    },
  ];
}

/** The alarm for errors of a function that has no schedule. */
function functionAlarm(fn: NodeFunction): AlarmSpec {
  const words = fn.folder.split('-').map(capitalise);
  return {
    id: `${words.join('')}FunctionFailing`,
    says: `The function ${fn.folder} ends with errors.`,
    heading: 'A function fails',
    metric: fn.metricErrors({ statistic: Stats.SUM, period: TICK }),
    threshold: 1,
    periods: 3,
    because: 'an error in each of three quarter hours. A single failure is retried automatically.',
  };
}
