/** The namespace of all metrics. */
export const METRIC_NAMESPACE = 'Broadsheet';

/** The metrics, once for code, alarms and dashboard alike. All are counts. */
const metricNames = [
  'ItemsRead',
  'ItemsRejected',
  'PapersCreated',
  'PapersUpdated',
  'SourceFailures',
  'EditionsPlanned',
  'DigestsPlanned',
  'DigestsSent',
  'DigestsSkipped',
  'DigestsFailed',
  'DigestsUncertain',
] as const;

export type MetricName = (typeof metricNames)[number];
