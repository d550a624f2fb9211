import * as z from 'zod';
import type { FunctionName } from './function-names.ts';

/** The namespace of all metrics. */
export const METRIC_NAMESPACE = 'Broadsheet';

/** The dimension that names the function which counts. */
export const FUNCTION_DIMENSION = 'service';

/** The dimension that the metrics of a list carry as well where monitoring is `full`. */
export const LIST_DIMENSION = 'list';

/**
 * Counts that tell at a glance how ingest and sending do, each with the function that counts: no more than the ten that an
 * account has free.
 */
const basicMetrics = {
  PapersCreated: 'ingest-papers',
  SourceFailures: 'ingest-papers',
  /** 1 at each read of a list that owes papers, 0 at any other. */
  ListOverdue: 'ingest-papers',
  EditionsPlanned: 'plan-digests',
  DigestsPlanned: 'fan-out-digests',
  DigestsSent: 'send-digests',
  DigestsSkipped: 'send-digests',
  DigestsFailed: 'send-digests',
  DigestsUncertain: 'send-digests',
  /** Batches that were put off because the account or the deployment has to be mended, or for more than a day. */
  SendingStopped: 'send-digests',
} as const satisfies Readonly<Record<string, FunctionName>>;

/** Further counts, each of which CloudWatch charges for. */
const fullMetrics = {
  ItemsRead: 'ingest-papers',
  ItemsRejected: 'ingest-papers',
  PapersUpdated: 'ingest-papers',
  MailsRejected: 'handle-feedback',
  MailsBounced: 'handle-feedback',
  MailsComplained: 'handle-feedback',
  MailsDelivered: 'handle-feedback',
  FeedbackUnknown: 'handle-feedback',
  AccountMailsSent: 'handle-requests',
} as const satisfies Readonly<Record<string, FunctionName>>;

/** The metrics, once for code, alarms and dashboard alike. All are counts. */
export type MetricName = keyof typeof basicMetrics | keyof typeof fullMetrics;

/** How much is measured: `basic` stays within what CloudWatch has free, `full` measures each part by itself. */
export const monitoringSchema = z.enum(['basic', 'full']);

export type Monitoring = z.infer<typeof monitoringSchema>;

/** The metrics that are published at a level, each with the function that counts it. */
export function metricsOf(monitoring: Monitoring): Readonly<Partial<Record<MetricName, FunctionName>>> {
  return monitoring === 'basic' ? basicMetrics : { ...basicMetrics, ...fullMetrics };
}
