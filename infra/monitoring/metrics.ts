import { Duration } from 'aws-cdk-lib';
import { Metric, Stats } from 'aws-cdk-lib/aws-cloudwatch';
import { lists } from '../../shared/domain/lists.ts';
import {
  ANY_FUNCTION,
  FUNCTION_DIMENSION,
  faultMetricsOf,
  LIST_DIMENSION,
  type Monitoring,
  metricsOf,
  namespaceOf,
  type PublishedName,
} from '../../shared/observability.ts';
import type { Settings } from '../settings/schema.ts';
import type { WatchedQueue } from './watched.ts';

/** The planner's tick: nothing happens more often by a schedule. */
export const TICK = Duration.minutes(15);

/** Whose metrics, and how many of them. */
type Measured = Pick<Settings, 'stage' | 'monitoring'>;

/** One of our own metrics, as the functions publish it; of one list where monitoring tells lists apart. */
export function ownMetric({ stage, monitoring }: Measured, metricName: PublishedName, list?: string): Metric {
  const functionName = sourceOf(monitoring, metricName);
  if (!functionName) throw new Error(`${metricName} is not published where monitoring is ${monitoring}`);
  return new Metric({
    namespace: namespaceOf(stage),
    metricName,
    dimensionsMap: {
      [FUNCTION_DIMENSION]: functionName,
      ...(list !== undefined && monitoring === 'full' && { [LIST_DIMENSION]: list }),
    },
    statistic: Stats.SUM,
    period: TICK,
  });
}

/** What stands in the dimension of the function; undefined for a metric that the level does not publish. */
function sourceOf(monitoring: Monitoring, name: PublishedName): string | undefined {
  const regular: Readonly<Record<string, string>> = metricsOf(monitoring);
  const faults: readonly string[] = faultMetricsOf(monitoring);
  return faults.includes(name) ? ANY_FUNCTION : regular[name];
}

/** Whether lists owe papers: one metric for all of them, or one for each where monitoring tells lists apart. */
export function overdueLists(settings: Measured): readonly Metric[] {
  const ids = settings.monitoring === 'full' ? lists.map(({ id }) => id) : [undefined];
  return ids.map((list) => ownMetric(settings, 'ListOverdue', list));
}

const ON_AVERAGE = { statistic: Stats.AVERAGE, period: TICK };

/** How many messages wait on a queue on average, by a name for the metric. */
export function waitingMessages({ name, queue: { queue } }: WatchedQueue): Readonly<Record<string, Metric>> {
  return {
    [`${name.toLowerCase()}Waiting`]: queue.metricApproximateNumberOfMessagesVisible(ON_AVERAGE),
  };
}

/**
 * The same and, on the queue of digests, the batches that are put off for five minutes at a time. No other queue holds messages
 * back. Alarms leave these out: a batch that is put off for hours counts as the fault `BatchesHeldUp`.
 */
export function delayedMessages(watched: WatchedQueue): Readonly<Record<string, Metric>> {
  const { name, queue } = watched;
  const heldBack = queue.queue.metricApproximateNumberOfMessagesDelayed(ON_AVERAGE);
  const waiting = waitingMessages(watched);
  return name === 'Digests' ? { ...waiting, [`${name.toLowerCase()}HeldBack`]: heldBack } : waiting;
}

/**
 * The messages that wait and, on the queue of digests, those in work. There a batch that failed is in work until it comes back, for
 * hours. The other queues give it up within the hour.
 *
 * The age of the oldest message would say nothing of one that comes back: SQS leaves out what was received three times.
 *
 * @see https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-available-cloudwatch-metrics.html
 */
export function heldMessages(watched: WatchedQueue): Readonly<Record<string, Metric>> {
  const { name, queue } = watched;
  const inWork = queue.queue.metricApproximateNumberOfMessagesNotVisible(ON_AVERAGE);
  const waiting = waitingMessages(watched);
  return name === 'Digests' ? { ...waiting, [`${name.toLowerCase()}InWork`]: inWork } : waiting;
}

/** How many messages were given up and wait for somebody to look at them, by the name of their queue. */
export function deadLetters({
  name,
  queue: { deadLetterQueue },
}: WatchedQueue): Readonly<Record<string, Metric>> {
  const most = { statistic: Stats.MAXIMUM, period: TICK };
  return { [name.toLowerCase()]: deadLetterQueue.metricApproximateNumberOfMessagesVisible(most) };
}

/**
 * The share of the account's mails that bounced or were complained about, as SES reckons it, 0 to 1.
 *
 * @see https://docs.aws.amazon.com/ses/latest/dg/reputationdashboard-cloudwatch-alarm.html
 */
export function reputation(metricName: 'BounceRate' | 'ComplaintRate'): Metric {
  return new Metric({
    namespace: 'AWS/SES',
    metricName: `Reputation.${metricName}`,
    statistic: Stats.AVERAGE,
    period: Duration.hours(1),
  });
}
