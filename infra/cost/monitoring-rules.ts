import * as z from 'zod';
import { lists } from '../../shared/domain/lists.ts';
import { metricsOf, monitoringSchema } from '../../shared/observability.ts';
import type { CostRule } from './cost-rule.ts';
import { countDashboardMetrics, MAX_FREE_DASHBOARD_METRICS } from './dashboard-metrics.ts';
import { scheduledRunsOf } from './idle-month.ts';
import { prices } from './prices.ts';
import { ofType, propertiesOf, type Resource } from './resources.ts';

const functionSchema = z.object({
  Environment: z.object({ Variables: z.object({ MONITORING: monitoringSchema }) }),
});

/** An alarm of several metrics has a list of them and of the expressions over them; one of a single metric has none. */
const alarmSchema = z.object({
  Metrics: z.array(z.object({ MetricStat: z.unknown().optional() })).optional(),
});

const configurationSetSchema = z.object({
  ReputationOptions: z.object({ ReputationMetricsEnabled: z.boolean() }).optional(),
});

/** The metrics that SES publishes of a configuration set: bounce rate, complaint rate. */
const REPUTATION_METRICS = 2;

/** What watches: metrics, alarms, the dashboard. */
export const monitoringRules: readonly CostRule[] = [
  { types: [], toLines: (resources) => [ownMetrics(resources), reputationMetrics(resources)] },
  {
    types: ['AWS::CloudWatch::Alarm'],
    toLines: (resources) => {
      const alarms = propertiesOf(resources, 'AWS::CloudWatch::Alarm', alarmSchema);
      return [
        {
          resource: 'Alarms',
          count: alarms.length,
          quantity: alarms.reduce((sum, { Metrics }) => sum + countMetrics(Metrics), 0),
          price: prices.alarmMetrics,
          note: 'charged by the metric: an alarm over three metrics counts three times',
        },
      ];
    },
  },
  {
    types: ['AWS::CloudWatch::Dashboard'],
    toLines: (resources) => {
      const dashboards = ofType(resources, 'AWS::CloudWatch::Dashboard');
      const metrics = dashboards.map(({ properties }) => countDashboardMetrics(properties.DashboardBody));
      const isFree = metrics.every((count) => count <= MAX_FREE_DASHBOARD_METRICS);
      return [
        {
          resource: 'Dashboard',
          count: dashboards.length,
          quantity: dashboards.length,
          price: isFree ? prices.dashboards : { ...prices.dashboards, free: 0 },
          note: `of ${metrics.join(', ')} metrics; free up to ${MAX_FREE_DASHBOARD_METRICS}, the alarms that it shows not counted`,
        },
      ];
    },
  },
];

function countMetrics(metrics: readonly { readonly MetricStat?: unknown }[] | undefined): number {
  return metrics ? metrics.filter(({ MetricStat }) => MetricStat !== undefined).length : 1;
}

function ownMetrics(resources: readonly Resource[]) {
  const levels = new Set(
    propertiesOf(resources, 'AWS::Lambda::Function', functionSchema).map(
      ({ Environment }) => Environment.Variables.MONITORING,
    ),
  );
  const [level] = levels;
  if (!level || levels.size > 1)
    throw new Error(`expected one level of monitoring: ${[...levels].join(', ')}`);
  const metrics = Object.entries(metricsOf(level));
  const running: readonly string[] = scheduledRunsOf(resources).map(({ functionName }) => functionName);
  const idle = metrics.filter(([, functionName]) => running.includes(functionName)).length;
  return {
    resource: 'Metrics of our own',
    count: 0,
    // With more lists than one, the metric of lists is published for each where monitoring is full.
    quantity: metrics.length + (level === 'full' ? lists.length - 1 : 0),
    price: prices.customMetrics,
    note: `charged by the hour in which they are published, counted as if all were; the schedules alone publish ${idle}`,
  };
}

function reputationMetrics(resources: readonly Resource[]) {
  const sets = propertiesOf(resources, 'AWS::SES::ConfigurationSet', configurationSetSchema);
  const count = sets.filter(({ ReputationOptions }) => ReputationOptions?.ReputationMetricsEnabled).length;
  return {
    resource: 'Metrics of SES for the configuration set',
    count,
    quantity: count * REPUTATION_METRICS,
    price: prices.customMetrics,
    note: 'bounce and complaint rate of the set; those of the account are free and always there',
  };
}
