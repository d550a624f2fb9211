import * as z from 'zod';
import { listsTextSchema, sourcesOf } from '../../shared/domain/lists/lists.ts';
import { metricsOf, monitoringSchema } from '../../shared/observability.ts';
import { type CostLine, prices } from './prices.ts';
import { ofType, propertiesOf, type Resource, scheduledRunsOf } from './template.ts';

/** CloudWatch charges for a dashboard with more metrics. */
const MAX_FREE_DASHBOARD_METRICS = 50;

/** Metrics that SES can publish for a configuration set: bounce rate and complaint rate. */
const REPUTATION_METRICS = 2;

const alarmSchema = z.object({
  /** Metrics and the expressions over them; absent from an alarm on a single metric. */
  Metrics: z.array(z.object({ MetricStat: z.unknown().optional() })).optional(),
});

const configurationSetSchema = z.object({
  ReputationOptions: z.object({ ReputationMetricsEnabled: z.boolean() }).optional(),
});

/** Lines for metrics, alarms and the dashboard. */
export function monitoringLines(resources: readonly Resource[]): readonly CostLine[] {
  const alarms = propertiesOf(resources, 'AWS::CloudWatch::Alarm', alarmSchema);
  const measuredSets = propertiesOf(resources, 'AWS::SES::ConfigurationSet', configurationSetSchema).filter(
    ({ ReputationOptions }) => ReputationOptions?.ReputationMetricsEnabled,
  ).length;
  const dashboards = ofType(resources, 'AWS::CloudWatch::Dashboard');
  const shown = dashboards.map(({ properties }) => countDashboardMetrics(properties.DashboardBody));
  const isFree = shown.every((count) => count <= MAX_FREE_DASHBOARD_METRICS);
  return [
    ownMetrics(resources),
    {
      resource: 'Metrics of SES for the configuration set',
      count: measuredSets,
      quantity: measuredSets * REPUTATION_METRICS,
      price: prices.customMetrics,
      note: 'its bounce and complaint rate; those of the account are always there and free',
    },
    {
      resource: 'Alarms',
      count: alarms.length,
      quantity: alarms.reduce(
        (sum, { Metrics }) =>
          sum + (Metrics ? Metrics.filter(({ MetricStat }) => MetricStat !== undefined).length : 1),
        0,
      ),
      price: prices.alarmMetrics,
      note: 'charged by the metric: an alarm over three metrics counts three times',
    },
    {
      resource: 'Dashboard',
      count: dashboards.length,
      quantity: dashboards.length,
      price: isFree ? prices.dashboards : { ...prices.dashboards, free: 0 },
      note: `with ${shown.join(', ')} metrics; free up to ${MAX_FREE_DASHBOARD_METRICS}, not counting the alarms on it`,
    },
  ];
}

const functionSchema = z.object({
  Environment: z.object({
    Variables: z.object({ MONITORING: monitoringSchema, LISTS: z.optional(listsTextSchema) }),
  }),
});

function ownMetrics(resources: readonly Resource[]): CostLine {
  const variables = propertiesOf(resources, 'AWS::Lambda::Function', functionSchema).map(
    ({ Environment }) => Environment.Variables,
  );
  const levels = new Set(variables.map(({ MONITORING }) => MONITORING));
  const sources = sourcesOf(variables.flatMap(({ LISTS = [] }) => LISTS));
  const [level] = levels;
  if (!level || levels.size > 1)
    throw new Error(`expected one level of monitoring in all functions: ${[...levels].join(', ')}`);
  const metrics = Object.entries(metricsOf(level));
  const running: readonly string[] = scheduledRunsOf(resources).map(({ functionName }) => functionName);
  const idle = metrics.filter(([, functionName]) => running.includes(functionName)).length;
  return {
    resource: 'Metrics of Broadsheet',
    count: 0,
    // With `full`, the metric of lists is published once for each source.
    quantity: metrics.length + (level === 'full' ? sources.length - 1 : 0),
    price: prices.customMetrics,
    note: `charged for each hour with data. This line counts all of them in every hour. An idle deployment publishes only ${idle}`,
  };
}

/** A dashboard's body is text joined with references, which are objects. */
const bodySchema = z.object({ 'Fn::Join': z.tuple([z.literal(''), z.array(z.unknown())]) });

const dashboardSchema = z.object({
  widgets: z.array(z.object({ properties: z.object({ metrics: z.array(z.unknown()).default([]) }) })),
});

/** The number of metrics on a dashboard. A metric on two widgets counts twice. */
function countDashboardMetrics(body: unknown): number {
  const [, pieces] = bodySchema.parse(body)['Fn::Join'];
  const text = pieces.map((piece) => (typeof piece === 'string' ? piece : 'x')).join('');
  const { widgets } = dashboardSchema.parse(JSON.parse(text));
  return widgets.reduce((sum, { properties }) => sum + properties.metrics.length, 0);
}
