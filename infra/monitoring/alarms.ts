import { Duration } from 'aws-cdk-lib';
import type { Metric } from 'aws-cdk-lib/aws-cloudwatch';
import { MathExpression, Stats } from 'aws-cdk-lib/aws-cloudwatch';
import { sourceNames } from '../../shared/sources/source-names.ts';
import type { NodeFunction } from '../constructs/node-function.ts';
import type { AlarmSpec } from './alarm-spec.ts';
import { deadLetters, oldestMessage, ownMetric, reputation, TICK } from './metrics.ts';
import { queuesOf, type Watched, type WatchedQueue } from './watched.ts';

const HOUR = Duration.hours(1);

/** When a message has waited for too long, in seconds. */
const MAX_AGE_SEC = 2 * 3600;

const MAX_AGE_BECAUSE =
  'two hours. A batch that SES throttled comes back within half an hour; what waits longer is stuck, or the daily quota is used up.';

/** The alarms of a deployment. Where monitoring is `basic`, one watches what `full` watches one by one. */
export function alarmsOf(watched: Watched): readonly AlarmSpec[] {
  const isFull = watched.settings.monitoring === 'full';
  const queues = queuesOf(watched);
  return [
    ...scheduleAlarms('Ingest', 'Ingest', watched.ingestion.ingestPapers),
    ...scheduleAlarms('Planner', 'The planner', watched.digests.planDigests),
    ...(isFull ? sourceNames.map((list) => listAlarm(watched, list)) : [listAlarm(watched)]),
    ...(isFull ? queues.map((one) => waitingAlarm([one])) : [waitingAlarm(queues)]),
    ...(isFull ? queues.map((one) => deadLetterAlarm([one])) : [deadLetterAlarm(queues)]),
    ...sesAlarms(watched),
    ...(isFull ? fullAlarms(watched) : []),
  ];
}

/** A scheduled function that fails, and one that does not run at all. */
function scheduleAlarms(id: string, name: string, fn: NodeFunction): readonly AlarmSpec[] {
  return [
    {
      id: `${id}Failing`,
      says: `${name} fails again and again.`,
      heading: `${name} is failing`,
      metric: fn.metricErrors({ statistic: Stats.SUM, period: TICK }),
      threshold: 1,
      periods: 3,
      because: 'an error in three quarter hours in a row. One run is made up for by the next.',
    },
    {
      id: `${id}NotRunning`,
      says: `${name} has not run for an hour.`,
      heading: `${name} is not running`,
      metric: fn.metricInvocations({ statistic: Stats.SUM, period: HOUR }),
      threshold: 1,
      isTooFew: true,
      because: 'fewer than one run in an hour, where the schedule has at least one.',
    },
  ];
}

function listAlarm({ settings }: Watched, list?: string): AlarmSpec {
  return {
    id: `ListOverdue${list ?? ''}`,
    says: list ? `The list ${list} owes papers.` : 'A list owes papers.',
    heading: 'A list is stale or broken',
    metric: ownMetric(settings.monitoring, 'ListOverdue', list).with({
      statistic: Stats.MAXIMUM,
      period: HOUR,
    }),
    threshold: 1,
    periods: 6,
    because:
      'six hours after its calendar says that papers should have come, or after the third read in a row failed.',
  };
}

function waitingAlarm(queues: readonly WatchedQueue[]): AlarmSpec {
  const [one] = queues;
  const isOne = one !== undefined && queues.length === 1;
  return {
    id: `${isOne ? one.name : ''}QueueWaiting`,
    says: `Messages wait too long on ${isOne ? `the ${one.name.toLowerCase()} queue` : 'a queue'}.`,
    heading: 'Messages wait on a queue',
    metric: combine('MAX', 'oldest message', queues, oldestMessage),
    threshold: MAX_AGE_SEC,
    because: MAX_AGE_BECAUSE,
  };
}

function deadLetterAlarm(queues: readonly WatchedQueue[]): AlarmSpec {
  const [one] = queues;
  const isOne = one !== undefined && queues.length === 1;
  return {
    id: `${isOne ? one.name : ''}DeadLetters`,
    says: `Messages were given up${isOne ? ` on the ${one.name.toLowerCase()} queue` : ''}.`,
    heading: 'Dead letters',
    metric: combine('SUM', 'dead letters', queues, deadLetters),
    threshold: 1,
    because: 'one. Behind each is work that nobody does any more.',
  };
}

/** One metric as it is, or several as one number. */
function combine(
  operator: 'MAX' | 'SUM',
  label: string,
  queues: readonly WatchedQueue[],
  toMetric: (queue: WatchedQueue['queue']) => Metric,
): Metric | MathExpression {
  const [first, ...others] = queues.map(({ name, queue }) => [name.toLowerCase(), toMetric(queue)] as const);
  if (!first) throw new Error('there is no queue to watch');
  if (others.length === 0) return first[1];
  const usingMetrics = Object.fromEntries([first, ...others]);
  return new MathExpression({
    expression: `${operator}([${Object.keys(usingMetrics).join(', ')}])`,
    usingMetrics,
    label,
    period: TICK,
  });
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
      because: '3 %. From 5 % on SES puts an account under review.',
    },
    {
      id: 'ComplaintRate',
      says: 'Too many readers complain.',
      heading: 'Complaint rate',
      metric: reputation('ComplaintRate'),
      threshold: 0.0008,
      because: '0.08 %. From 0.1 % on SES puts an account under review.',
    },
    {
      id: 'SendingStopped',
      says: 'SES takes no mail at all.',
      heading: 'Sending has stopped',
      metric: ownMetric(settings.monitoring, 'SendingStopped'),
      threshold: 1,
      because: 'one. The account is paused, the sender is not verified, or the configuration set is gone.',
    },
  ];
}

/** What is watched only where monitoring is `full`. */
function fullAlarms({ settings, pages, gateway }: Watched): readonly AlarmSpec[] {
  return [
    {
      id: 'DigestsFailed',
      says: 'SES refuses digests.',
      heading: 'Digests fail',
      metric: ownMetric(settings.monitoring, 'DigestsFailed').with({ period: HOUR }),
      threshold: 10,
      because: 'ten in an hour. A single address that SES refuses is no alarm.',
    },
    {
      id: 'DigestsUncertain',
      says: 'Answers of SES are lost.',
      heading: 'Digests are uncertain',
      metric: ownMetric(settings.monitoring, 'DigestsUncertain').with({ period: HOUR }),
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
