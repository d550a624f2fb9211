import { allOf, idIn, type Resource, type Resources, textOf } from './template.ts';

/** A metric as CloudWatch knows it. */
export interface MetricId {
  readonly namespace: string;
  readonly name: string;
  /** What CloudFormation puts in stands as `<Id>`. */
  readonly dimensions: Readonly<Record<string, string>>;
}

export interface Alarm {
  readonly id: string;
  readonly properties: Resource;
  /** One, or those that an expression is made of. */
  readonly metrics: readonly MetricId[];
  /** How much time a value stands for. */
  readonly periodSec: number;
}

export function alarmsIn(resources: Resources): readonly Alarm[] {
  return allOf(resources, 'AWS::CloudWatch::Alarm').map(([id, { Properties }]) => ({
    id,
    properties: Properties,
    metrics: Properties.MetricName
      ? [toMetricId(Properties)]
      : Properties.Metrics.flatMap(({ MetricStat }: Resource) =>
          MetricStat ? [toMetricId(MetricStat.Metric)] : [],
        ),
    periodSec:
      Properties.Period ??
      Math.max(...Properties.Metrics.map(({ MetricStat }: Resource) => MetricStat?.Period ?? 0)),
  }));
}

/** What the widgets of the dashboards show, in their order; a metric that two of them show comes twice. */
export function dashboardMetricsIn(resources: Resources): readonly MetricId[] {
  return allOf(resources, 'AWS::CloudWatch::Dashboard')
    .map(([, { Properties }]) => JSON.parse(textOf(Properties.DashboardBody)))
    .flatMap(({ widgets }) => widgets)
    .flatMap(({ properties }) => properties.metrics ?? [])
    .map(([namespace, name, ...rest]) => {
      const texts = rest.filter((one: unknown) => typeof one === 'string');
      const dimensions = texts.flatMap((key: string, n: number) =>
        n % 2 === 0 ? [[key, texts[n + 1]]] : [],
      );
      return { namespace, name, dimensions: Object.fromEntries(dimensions) };
    });
}

/** The alarms that the dashboards show, by logical id. */
export function dashboardAlarmsIn(resources: Resources): readonly string[] {
  return allOf(resources, 'AWS::CloudWatch::Dashboard')
    .map(([, { Properties }]) => JSON.parse(textOf(Properties.DashboardBody)))
    .flatMap(({ widgets }) => widgets)
    .flatMap(({ properties }) => properties.alarms ?? [])
    .map((arn: string) => arn.replace(/^<(\w+)\.Arn>$/, '$1'));
}

/** The topics that an alarm tells, when it goes off and when it is over, by logical id. */
export function topicsOf({ properties }: Alarm) {
  return { alarm: (properties.AlarmActions ?? []).map(idIn), ok: (properties.OKActions ?? []).map(idIn) };
}

function toMetricId({ Namespace, MetricName, Dimensions = [] }: Resource): MetricId {
  return {
    namespace: Namespace,
    name: MetricName,
    dimensions: Object.fromEntries(Dimensions.map(({ Name, Value }: Resource) => [Name, textOf(Value)])),
  };
}
