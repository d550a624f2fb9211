import { Logger } from '@aws-lambda-powertools/logger';
import { Metrics, MetricUnit } from '@aws-lambda-powertools/metrics';
import type { Telemetry } from '../../observability.ts';
import {
  ALL_FAULTS,
  ANY_FUNCTION,
  isFault,
  LIST_DIMENSION,
  type MetricName,
  metricsOf,
  namespaceOf,
  pointsOf,
  type TelemetryEnv,
} from '../../observability.ts';

/** Telemetry of one function, and the way to wrap its handler so that metrics are written when it ends. */
export interface LambdaTelemetry extends Telemetry {
  /** The handler, which writes its metrics after each invocation, failed ones too. */
  published<Event, Context, Result>(
    handler: (event: Event, context: Context) => Promise<Result>,
  ): (event: Event, context: Context) => Promise<Result>;
}

/**
 * Telemetry of one function. It writes structured logs to standard output, each line with version and commit of the code, and
 * metrics among them in CloudWatch's embedded format.
 *
 * The stage is the metrics' namespace, and the function is their dimension `service`. With `full`, a metric of one source has the
 * dimension `list` too. Faults have the service `any`. With `basic` they are one metric, and the log names the fault.
 *
 * @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch_Embedded_Metric_Format_Specification.html
 */
export function createLambdaTelemetry(
  functionName: string,
  { STAGE: stage, MONITORING: monitoring, VERSION: version, COMMIT: commit }: TelemetryEnv,
): LambdaTelemetry {
  const namespace = namespaceOf(stage);
  const published: Readonly<Record<string, unknown>> = metricsOf(monitoring);
  const isRegular = (metric: MetricName) => metric in published;
  const logger = new Logger({ serviceName: functionName, persistentKeys: { version, commit } });
  const metrics = new Metrics({ namespace, serviceName: functionName });
  const faults = new Metrics({ namespace, serviceName: ANY_FUNCTION });
  return {
    info: (sentence, fields = {}) => logger.info(sentence, fields),
    warn: (sentence, fields = {}) => logger.warn(sentence, fields),
    error: (sentence, fields = {}) => logger.error(sentence, fields),
    count: (metric, value, source) => {
      if (isFault(metric) && value > 0) {
        if (monitoring === 'basic') faults.addMetric(ALL_FAULTS, MetricUnit.Count, value * pointsOf(metric));
        else if (!isRegular(metric)) faults.addMetric(metric, MetricUnit.Count, value);
      }
      if (!isRegular(metric)) return;
      if (source === undefined || monitoring === 'basic') metrics.addMetric(metric, MetricUnit.Count, value);
      else
        metrics
          .singleMetric()
          .addDimension(LIST_DIMENSION, source)
          .addMetric(metric, MetricUnit.Count, value);
    },
    published: (handler) => async (event, context) => {
      try {
        return await handler(event, context);
      } finally {
        // With nothing to publish, it would warn in a line of its own form.
        for (const stored of [metrics, faults]) {
          if (stored.hasStoredMetrics()) stored.publishStoredMetrics();
        }
      }
    },
  };
}
