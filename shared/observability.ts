import type { SourceName } from './domain/lists/lists.ts';
import * as z from './domain/zod.ts';

/** The functions, by the names of their folders in `functions/`, which their logs and metrics carry. */
export const functionNames = [
  'ingest-papers',
  'plan-digests',
  'fan-out-digests',
  'send-digests',
  'handle-feedback',
  'handle-requests',
  'api',
  'draw-cards',
] as const;

export type FunctionName = (typeof functionNames)[number];

/** The namespace of a stage's metrics, so that two stages in one account stay apart: `Broadsheet/prod`. */
export function namespaceOf(stage: string): string {
  return `Broadsheet/${stage}`;
}

/** The dimension that names the function which counts. */
export const FUNCTION_DIMENSION = 'service';

/** Replaces the function's name in the metrics of faults, because any function may meet one. */
export const ANY_FUNCTION = 'any';

/** The dimension of metrics of lists with `full`. Its value is a source, because a source may have a hundred lists. */
export const LIST_DIMENSION = 'list';

/**
 * The most important counts of ingest and sending, each with the function that counts. There are at most ten, which are free for an
 * account.
 */
const basicMetrics = {
  PapersCreated: 'ingest-papers',
  SourceFailures: 'ingest-papers',
  /**
   * How many lists are late or could not be read whole, so digests may lack papers. Each read of a source counts its own, or all of
   * them if it fails. It also counts the lists of other sources that are not read.
   */
  ListOverdue: 'ingest-papers',
  EditionsPlanned: 'plan-digests',
  DigestsPlanned: 'fan-out-digests',
  DigestsSent: 'send-digests',
  DigestsSkipped: 'send-digests',
  DigestsFailed: 'send-digests',
  DigestsUncertain: 'send-digests',
  /** Batches that were put off for more than a day, or until an operator fixes the account or the deployment. */
  SendingStopped: 'send-digests',
} as const satisfies Readonly<Record<string, FunctionName>>;

/** Further counts. CloudWatch charges for each. */
const fullMetrics = {
  ItemsRead: 'ingest-papers',
  ItemsRejected: 'ingest-papers',
  PapersUpdated: 'ingest-papers',
  MailsRejected: 'handle-feedback',
  MailsBounced: 'handle-feedback',
  MailsComplained: 'handle-feedback',
  MailsDelivered: 'handle-feedback',
  FeedbackUnknown: 'handle-feedback',
  RequestedMailsSent: 'handle-requests',
  /** Forms with a filled hidden field, after which no mail is sent. Counted only when there is one. */
  FormsTrapped: 'api',
} as const satisfies Readonly<Record<string, FunctionName>>;

/**
 * Faults, and how many of a kind in one hour set off an alarm. A fault costs one record, cohort, mail or request, whichever
 * function meets it. It is published only when there is one, so a healthy deployment pays for none.
 *
 * `full` publishes each under its own name. `basic` adds them all up in {@link ALL_FAULTS}, each as its share of an alarm.
 * A new fault needs an entry in `infra/monitoring/fault-alarms.ts` and a heading in the runbook.
 */
const alarmingCounts = {
  RecordsUnreadable: 1,
  /** Snapshots of list-days that were damaged or missing, damaged segments of the archive, and runs of ingest that could not update it. */
  SnapshotsUnusable: 1,
  /** Papers that OpenSearch refuses, and runs of ingest in which it does not answer. */
  PapersUnindexed: 1,
  CohortsUnplanned: 1,
  DatesCorrected: 1,
  BudgetsUsedUp: 1,
  /** Batches of digests that were put off and have waited for hours. */
  BatchesHeldUp: 1,
  /** Counted as regular metrics too. */
  DigestsFailed: 10,
  DigestsUncertain: 10,
  /** Confirmation requests and links that SES refused, or whose answer was lost. */
  RequestedMailsFailed: 10,
  /** Requests that API Gateway refused because there were too many. A filter of its access log counts them. */
  RequestsThrottled: 1,
  /** Requests that were answered with a status of 5xx. A filter of the access log counts them. */
  RequestsFailed: 5,
} as const satisfies Readonly<Record<string, number>>;

export type FaultName = keyof typeof alarmingCounts;

export const faultNames = Object.keys(alarmingCounts) as readonly FaultName[];

/** The one metric that `basic` publishes of all faults together. */
export const ALL_FAULTS = 'Faults';

/** This many points of {@link ALL_FAULTS} in an hour set off its alarm. Points are whole numbers, because ten times 0.1 is less than 1. */
export const ALARM_POINTS = 100;

/** How many faults of a kind set off an alarm in one hour. */
export function alarmingCountOf(name: FaultName): number {
  return alarmingCounts[name];
}

/** What one fault adds to {@link ALL_FAULTS}. */
export function pointsOf(name: FaultName): number {
  return ALARM_POINTS / alarmingCounts[name];
}

/** The metrics that a function publishes at every run, or whenever something happens. */
type RegularMetricName = keyof typeof basicMetrics | keyof typeof fullMetrics;

/** The names of all metrics, for code, alarms and dashboard. All are counts. */
export type MetricName = RegularMetricName | FaultName;

/** The name of a metric in CloudWatch. */
export type PublishedName = MetricName | typeof ALL_FAULTS;

/** How much is measured: `basic` stays within the free tier of CloudWatch, `full` measures each part by itself. */
export const monitoringSchema = z.enum(['basic', 'full']);

export type Monitoring = z.infer<typeof monitoringSchema>;

/** The variables of the environment that shape logs and metrics. Every function has them. */
export const telemetryEnvSchema = z.object({
  /** The stage of the deployment, `prod`. Its metrics have a namespace of their own. */
  STAGE: z.string().check(z.minLength(1)),
  MONITORING: monitoringSchema,
  /** The version of the code: `0.1.0`. */
  VERSION: z.string().check(z.minLength(1)),
  /** The git commit of the code: `0123456789ab`, `0123456789ab-dirty` or `unknown`. */
  COMMIT: z.string().check(z.minLength(1)),
});

export type TelemetryEnv = z.infer<typeof telemetryEnvSchema>;

/** The regular metrics that are published at a level, each with the function that counts it. */
export function metricsOf(
  monitoring: Monitoring,
): Readonly<Partial<Record<RegularMetricName, FunctionName>>> {
  return monitoring === 'basic' ? basicMetrics : { ...basicMetrics, ...fullMetrics };
}

/** The metrics of faults that a level may publish under {@link ANY_FUNCTION}. `full` has some as regular metrics. */
export function faultMetricsOf(monitoring: Monitoring): readonly (FaultName | typeof ALL_FAULTS)[] {
  const regular: Readonly<Record<string, FunctionName>> = metricsOf(monitoring);
  return monitoring === 'basic' ? [ALL_FAULTS] : faultNames.filter((name) => !(name in regular));
}

export function isFault(name: MetricName): name is FaultName {
  return name in alarmingCounts;
}

/** Logs and metrics. Sentences are constant. Fields hold no address, token or body. */
export interface Telemetry {
  info(sentence: string, fields?: Readonly<Record<string, unknown>>): void;
  warn(sentence: string, fields?: Readonly<Record<string, unknown>>): void;
  error(sentence: string, fields?: Readonly<Record<string, unknown>>): void;
  /** Adds to a metric. With `full`, it is a metric of the source, if one is given. */
  count(metric: MetricName, value: number, source?: SourceName): void;
}
