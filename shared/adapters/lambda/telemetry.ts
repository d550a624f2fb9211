import { Logger } from '@aws-lambda-powertools/logger';
import { Metrics, MetricUnit } from '@aws-lambda-powertools/metrics';
import { METRIC_NAMESPACE } from '../../observability.ts';
import type { Telemetry } from '../../ports.ts';

/** Telemetry of one function, and the way to wrap its handler so that metrics are written when it ends. */
export interface LambdaTelemetry extends Telemetry {
  /** The handler, which writes its metrics after each invocation, failed ones too. */
  published<Event, Context, Result>(
    handler: (event: Event, context: Context) => Promise<Result>,
  ): (event: Event, context: Context) => Promise<Result>;
}

/** Structured logs on standard output, and metrics in CloudWatch's embedded format among them. */
export function createLambdaTelemetry(functionName: string): LambdaTelemetry {
  const logger = new Logger({ serviceName: functionName });
  const metrics = new Metrics({ namespace: METRIC_NAMESPACE, serviceName: functionName });
  return {
    info: (sentence, fields = {}) => logger.info(sentence, fields),
    warn: (sentence, fields = {}) => logger.warn(sentence, fields),
    error: (sentence, fields = {}) => logger.error(sentence, fields),
    count: (metric, value) => {
      metrics.addMetric(metric, MetricUnit.Count, value);
    },
    published: (handler) => async (event, context) => {
      try {
        return await handler(event, context);
      } finally {
        // With nothing to publish, it would warn in a line of its own form.
        if (metrics.hasStoredMetrics()) metrics.publishStoredMetrics();
      }
    },
  };
}
