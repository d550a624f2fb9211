import { Duration } from 'aws-cdk-lib';
import type { Metric } from 'aws-cdk-lib/aws-cloudwatch';
import { MathExpression, Stats } from 'aws-cdk-lib/aws-cloudwatch';
import { ALL_FAULTS, type FaultName, faultNames, type MetricName } from '../../shared/observability.ts';
import { sourceNames } from '../../shared/sources/source-names.ts';
import type { NodeFunction } from '../constructs/node-function.ts';
import { longestGapMinutes } from '../settings/minutes.ts';
import type { AlarmSpec } from './alarm-spec.ts';
import { deadLetters, heldMessages, ownMetric, reputation, TICK, waitingMessages } from './metrics.ts';
import { functionsOf, queuesOf, type Watched, type WatchedQueue } from './watched.ts';

const HOUR = Duration.hours(1);

/** How long a queue may hold messages without a pause, in quarter hours. */
const HELD_TICKS = 8;

/**
 * Where messages wait in good order, and too many may: it alone is watched where monitoring is `basic`, and only for those. What
 * fails is given up within five hours, on the other queues within one, and then there are dead letters.
 */
const WAITING = 'Digests' satisfies WatchedQueue['name'];

/** Messages on average: one that is there for half of a quarter hour, because the counts of SQS are approximate. */
const HELD_THRESHOLD = 0.5;

const HELD_BECAUSE =
  'a message for half of each quarter hour, for two hours. A batch that was put off is back after five minutes, counts meanwhile, and mostly goes out then; what stays for longer is stuck, or the daily quota is used up.';

/** The alarms of a deployment. Where monitoring is `basic`, one watches what `full` watches one by one. */
export function alarmsOf(watched: Watched): readonly AlarmSpec[] {
  const isFull = watched.settings.monitoring === 'full';
  const queues = queuesOf(watched);
  return [
    ...scheduleAlarms(watched, 'Ingest', {
      name: 'Ingest',
      fn: watched.ingestion.ingestPapers,
      atEnd: 'SourceFailures',
      gap: longestGapOf(watched),
    }),
    ...scheduleAlarms(watched, 'Planner', {
      name: 'The planner',
      fn: watched.digests.planDigests,
      atEnd: 'EditionsPlanned',
      gap: TICK,
    }),
    ...(isFull ? sourceNames.map((list) => listAlarm(watched, list)) : [listAlarm(watched)]),
    ...queues.filter(({ name }) => isFull || name === WAITING).map((one) => waitingAlarm(one, isFull)),
    ...(isFull ? queues.map((one) => deadLetterAlarm([one])) : [deadLetterAlarm(queues)]),
    ...sesAlarms(watched),
    ...(isFull ? faultNames.map((name) => faultAlarm(watched, name)) : [anyFaultAlarm(watched)]),
    ...(isFull ? fullAlarms(watched) : []),
  ];
}

/** The longest time between two reads of a list. */
function longestGapOf({ settings }: Watched): Duration {
  const gaps = sourceNames.map((list) => longestGapMinutes(settings.lists[list].minutes));
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

function listAlarm({ settings }: Watched, list?: string): AlarmSpec {
  return {
    id: `ListOverdue${list ?? ''}`,
    says: list ? `The list ${list} owes papers.` : 'A list owes papers.',
    heading: 'A list is stale or broken',
    metric: ownMetric(settings, 'ListOverdue', list).with({
      statistic: Stats.MAXIMUM,
      period: HOUR,
    }),
    threshold: 1,
    periods: 6,
    because:
      'six hours after its calendar says that papers should have come, its newest day could not be read whole, or the third read in a row failed.',
  };
}

function waitingAlarm(one: WatchedQueue, isFull: boolean): AlarmSpec {
  return {
    id: `${one.name}QueueWaiting`,
    says: `Messages wait too long on the ${one.name.toLowerCase()} queue.`,
    heading: 'Messages wait on a queue',
    metric: combine('messages held', [isFull ? heldMessages(one) : waitingMessages(one)]),
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
    metric: combine('dead letters', queues.map(deadLetters)),
    threshold: 1,
    because: 'one. Behind each is work that nobody does any more.',
  };
}

/** One metric as it is, or the sum of several. A queue that nobody used for hours has no values, which counts as none. */
function combine(
  label: string,
  byQueue: readonly Readonly<Record<string, Metric>>[],
): Metric | MathExpression {
  const usingMetrics: Readonly<Record<string, Metric>> = Object.assign({}, ...byQueue);
  const [first, ...others] = Object.values(usingMetrics);
  if (!first) throw new Error('there is no queue to watch');
  if (others.length === 0) return first;
  const expression = Object.keys(usingMetrics)
    .map((name) => `FILL(${name}, 0)`)
    .join(' + ');
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
      isPublishedNowAndThen: true,
      because: '3 %. From 5 % on SES puts an account under review.',
    },
    {
      id: 'ComplaintRate',
      says: 'Too many readers complain.',
      heading: 'Complaint rate',
      metric: reputation('ComplaintRate'),
      threshold: 0.0008,
      isPublishedNowAndThen: true,
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

/** What each fault means, and the heading of the runbook that says what to do. */
const FAULTS: Readonly<Record<FaultName, Pick<AlarmSpec, 'says' | 'heading' | 'because'>>> = {
  RecordsUnreadable: {
    says: 'A stored record cannot be read.',
    heading: 'A stored record cannot be read',
    because: 'one in an hour. The record is left out until somebody mends it.',
  },
  CohortsUnplanned: {
    says: 'The planner cannot plan a cohort.',
    heading: 'A cohort cannot be planned',
    because: 'one in an hour. Its subscribers get no digests until somebody mends it.',
  },
  DatesCorrected: {
    says: 'A list gives dates that cannot be right.',
    heading: 'Dates of a list are odd',
    because: 'one in an hour. No recorded answer has such a date, so the format may have changed.',
  },
  BudgetsUsedUp: {
    says: 'Too many mails are asked for on the web.',
    heading: 'A budget is used up',
    because: 'one refused or delayed request in an hour. Nobody is told that a mail comes later.',
  },
  RequestsThrottled: {
    says: 'API Gateway refuses requests because there are too many.',
    heading: 'Too many requests',
    because: 'one in an hour. Readers see an error, and a mail program may fail to unsubscribe somebody.',
  },
};

function faultAlarm({ settings }: Watched, name: FaultName): AlarmSpec {
  const metric = ownMetric(settings, name).with({ period: HOUR });
  return { id: name, ...FAULTS[name], metric, threshold: 1 };
}

/** One alarm for all faults: CloudWatch charges for each metric that an alarm watches. */
function anyFaultAlarm({ settings }: Watched): AlarmSpec {
  return {
    id: 'Faults',
    says: 'Something was left out, corrected or refused because of a fault.',
    heading: 'A fault was counted',
    metric: ownMetric(settings, ALL_FAULTS).with({ period: HOUR }),
    threshold: 1,
    because: 'one in an hour. A fault costs one record, cohort or request, and the log names it.',
  };
}

/** What is watched only where monitoring is `full`. */
function fullAlarms(watched: Watched): readonly AlarmSpec[] {
  const { settings, ingestion, digests, pages, gateway } = watched;
  const scheduled = [ingestion.ingestPapers, digests.planDigests];
  return [
    ...functionsOf(watched)
      .filter((fn) => !scheduled.includes(fn))
      .map(functionAlarm),
    {
      id: 'DigestsFailed',
      says: 'SES refuses digests.',
      heading: 'Digests fail',
      metric: ownMetric(settings, 'DigestsFailed').with({ period: HOUR }),
      threshold: 10,
      because: 'ten in an hour. A single address that SES refuses is no alarm.',
    },
    {
      id: 'DigestsUncertain',
      says: 'Answers of SES are lost.',
      heading: 'Digests are uncertain',
      metric: ownMetric(settings, 'DigestsUncertain').with({ period: HOUR }),
      threshold: 10,
      because: 'ten in an hour. A lost answer now and then is settled by the events of SES.',
    },
    {
      id: 'PagesFailing',
      says: 'The pages answer with errors.',
      heading: 'The pages fail',
      metric: gateway.httpApi.metricServerError({ statistic: Stats.SUM, period: TICK }),
      threshold: 5,
      because: 'five in a quarter hour.',
    },
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
