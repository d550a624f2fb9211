import { ANY_FUNCTION, FUNCTION_DIMENSION, functionNames } from '../../shared/observability.ts';
import { type Deployment, functionIdOf } from './deployment.ts';
import { allOf, idIn, type Resource, type Resources, textOf } from './template.ts';

/** The statuses that mean a reader did not get an answer, as in filters of the access log. */
const BAD_STATUSES = ['5*', '429'];

/** A CloudWatch metric. */
export interface MetricId {
  readonly namespace: string;
  readonly name: string;
  /** Values that CloudFormation resolves are written as `<Id>`. */
  readonly dimensions: Readonly<Record<string, string>>;
}

export interface Alarm {
  readonly id: string;
  readonly properties: Resource;
  /** One metric, or all metrics of an expression. */
  readonly metrics: readonly MetricId[];
  /** The period of one value. */
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

function widgetsIn(resources: Resources): readonly Resource[] {
  return allOf(resources, 'AWS::CloudWatch::Dashboard')
    .map(([, { Properties }]) => JSON.parse(textOf(Properties.DashboardBody)))
    .flatMap(({ widgets }) => widgets);
}

/** The queries of logs on the dashboards. */
export function dashboardQueriesIn(resources: Resources): readonly string[] {
  return widgetsIn(resources).flatMap(({ properties }) => properties.query ?? []);
}

/** The metrics of the dashboard widgets, in order. A metric on two widgets is listed twice. */
export function dashboardMetricsIn(resources: Resources): readonly MetricId[] {
  return widgetsIn(resources)
    .flatMap(({ properties }) => properties.metrics ?? [])
    .map(([namespace, name, ...rest]) => {
      const texts = rest.filter((part: unknown) => typeof part === 'string');
      const dimensions = texts.flatMap((key: string, n: number) =>
        n % 2 === 0 ? [[key, texts[n + 1]]] : [],
      );
      return { namespace, name, dimensions: Object.fromEntries(dimensions) };
    });
}

/** The logical ids of the alarms on the dashboards. */
export function dashboardAlarmsIn(resources: Resources): readonly string[] {
  return widgetsIn(resources)
    .flatMap(({ properties }) => properties.alarms ?? [])
    .map((arn: string) => arn.replace(/^<(\w+)\.Arn>$/, '$1'));
}

/** The logical ids of the topics that an alarm notifies, when it goes off and when it is over. */
export function topicsOf({ properties }: Alarm) {
  return { alarm: (properties.AlarmActions ?? []).map(idIn), ok: (properties.OKActions ?? []).map(idIn) };
}

/**
 * Returns what can stop or fail without an alarm: queues without a consumer, dead letters, functions that do not start or finish, and
 * API errors.
 */
export function unwatchedIn(deployment: Deployment): readonly string[] {
  const { resources } = deployment;
  const alarms = alarmsIn(resources);
  const watches = (wanted: (metric: MetricId) => boolean) =>
    alarms.some(({ metrics, properties }) => properties.AlarmActions?.length > 0 && metrics.some(wanted));
  const isQueueWatched = (id: string) =>
    watches(
      ({ name, dimensions }) =>
        name === 'ApproximateNumberOfMessagesVisible' && dimensions.QueueName === `<${id}.QueueName>`,
    );
  const startedBy = (type: string, toFunction: (properties: Resource) => Resource) =>
    allOf(resources, type).map(([, { Properties }]) => idIn(toFunction(Properties)));
  const byQueue = startedBy('AWS::Lambda::EventSourceMapping', ({ FunctionName }) => FunctionName);
  const bySchedule = startedBy('AWS::Scheduler::Schedule', ({ Target }) => Target.Arn);
  const byRequest = startedBy('AWS::ApiGatewayV2::Integration', ({ IntegrationUri }) => IntegrationUri);

  const isFinishWatched = (functionId: string) => {
    const folder = functionNames.find((name) => functionIdOf(deployment, name) === functionId);
    return alarms.some(
      ({ properties, metrics }) =>
        properties.TreatMissingData === 'breaching' &&
        metrics.some(({ dimensions }) => dimensions[FUNCTION_DIMENSION] === folder),
    );
  };
  const isStatusWatched = (status: string) =>
    allOf(resources, 'AWS::Logs::MetricFilter').some(
      ([, { Properties }]) =>
        Properties.FilterPattern.includes(`$.status = "${status}"`) &&
        Properties.MetricTransformations.some((transformation: Resource) =>
          watches(
            ({ namespace, name, dimensions }) =>
              namespace === transformation.MetricNamespace &&
              name === transformation.MetricName &&
              dimensions[FUNCTION_DIMENSION] === ANY_FUNCTION,
          ),
        ),
    );
  return [
    ...allOf(resources, 'AWS::SQS::Queue').flatMap(([id]) => (isQueueWatched(id) ? [] : `the queue ${id}`)),
    ...allOf(resources, 'AWS::Lambda::Function').flatMap(([id]) => {
      if (bySchedule.includes(id)) return isFinishWatched(id) ? [] : `the scheduled function ${id}`;
      // The function's queue holds its unhandled messages, or its requests end with a bad status.
      return byQueue.includes(id) || byRequest.includes(id) ? [] : `the function ${id}, which nothing starts`;
    }),
    ...BAD_STATUSES.flatMap((status) => (isStatusWatched(status) ? [] : `the status ${status}`)),
  ];
}

function toMetricId({ Namespace, MetricName, Dimensions = [] }: Resource): MetricId {
  return {
    namespace: Namespace,
    name: MetricName,
    dimensions: Object.fromEntries(Dimensions.map(({ Name, Value }: Resource) => [Name, textOf(Value)])),
  };
}
