import { Duration } from 'aws-cdk-lib';
import { Metric, Stats } from 'aws-cdk-lib/aws-cloudwatch';
import { sourcesOf } from '../../shared/domain/lists/lists.ts';
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
import { listsOf } from '../settings/derived.ts';
import type { Settings } from '../settings/schema.ts';
import type { WatchedQueue } from './watched.ts';

/** The planner's interval. No schedule runs more often. */
export const TICK = Duration.minutes(15);

/** The stage and the level of monitoring. */
type Measured = Pick<Settings, 'stage' | 'monitoring'>;

/**
 * Returns one of our own metrics as the functions publish it. With `full`, list metrics are published for each source.
 */
export function ownMetric(
  { stage, monitoring }: Measured,
  metricName: PublishedName,
  source?: string,
): Metric {
  const functionName = functionOf(monitoring, metricName);
  if (!functionName) throw new Error(`${metricName} is not published with monitoring ${monitoring}`);
  return new Metric({
    namespace: namespaceOf(stage),
    metricName,
    dimensionsMap: {
      [FUNCTION_DIMENSION]: functionName,
      ...(source !== undefined && monitoring === 'full' && { [LIST_DIMENSION]: source }),
    },
    statistic: Stats.SUM,
    period: TICK,
  });
}

/** Returns the function that a metric is counted by, `any` for a fault. Undefined for a metric that the level does not publish. */
function functionOf(monitoring: Monitoring, name: PublishedName): string | undefined {
  const regular: Readonly<Record<string, string>> = metricsOf(monitoring);
  const faults: readonly string[] = faultMetricsOf(monitoring);
  return faults.includes(name) ? ANY_FUNCTION : regular[name];
}

/** Returns the metrics of overdue lists: one for all lists with `basic`, one for each source with `full`. */
export function overdueLists(settings: Measured & Pick<Settings, 'lists'>): readonly Metric[] {
  const sources = settings.monitoring === 'full' ? sourcesOf(listsOf(settings)) : [undefined];
  return sources.map((source) => ownMetric(settings, 'ListOverdue', source));
}

const ON_AVERAGE = { statistic: Stats.AVERAGE, period: TICK };

/** Returns how many messages wait on a queue on average, by metric name. */
export function waitingMessages({ name, queue: { queue } }: WatchedQueue): Readonly<Record<string, Metric>> {
  return {
    [`${name.toLowerCase()}Waiting`]: queue.metricApproximateNumberOfMessagesVisible(ON_AVERAGE),
  };
}

/**
 * Returns the waiting messages and, for the digests queue, the delayed batches, which wait five minutes at a time. No other
 * queue delays messages. Alarms leave these out: hours of delay count as the fault `BatchesHeldUp`.
 */
export function delayedMessages(watched: WatchedQueue): Readonly<Record<string, Metric>> {
  const { name, queue } = watched;
  const heldBack = queue.queue.metricApproximateNumberOfMessagesDelayed(ON_AVERAGE);
  const waiting = waitingMessages(watched);
  return name === 'Digests' ? { ...waiting, [`${name.toLowerCase()}HeldBack`]: heldBack } : waiting;
}

/**
 * Returns the waiting messages and, for the digests queue, those in flight. There a failed batch stays in flight for
 * hours until it comes back. The other queues dead-letter a message within the hour.
 *
 * The age of the oldest message would not help, because SQS leaves out messages that were received three times.
 *
 * @see https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-available-cloudwatch-metrics.html
 */
export function heldMessages(watched: WatchedQueue): Readonly<Record<string, Metric>> {
  const { name, queue } = watched;
  const inWork = queue.queue.metricApproximateNumberOfMessagesNotVisible(ON_AVERAGE);
  const waiting = waitingMessages(watched);
  return name === 'Digests' ? { ...waiting, [`${name.toLowerCase()}InWork`]: inWork } : waiting;
}

/** Returns how many dead letters a queue has, by metric name. */
export function deadLetters({
  name,
  queue: { deadLetterQueue },
}: WatchedQueue): Readonly<Record<string, Metric>> {
  const most = { statistic: Stats.MAXIMUM, period: TICK };
  return { [name.toLowerCase()]: deadLetterQueue.metricApproximateNumberOfMessagesVisible(most) };
}

/**
 * Returns the account's bounce or complaint rate as SES calculates it, 0 to 1.
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
