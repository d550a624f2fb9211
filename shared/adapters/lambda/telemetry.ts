import type { Telemetry } from '../../observability.ts';
import {
  ALL_FAULTS,
  ANY_FUNCTION,
  FUNCTION_DIMENSION,
  isFault,
  LIST_DIMENSION,
  type MetricName,
  metricsOf,
  namespaceOf,
  pointsOf,
  type TelemetryEnv,
} from '../../observability.ts';
import { toLogLine } from './log-line.ts';
import { createMetricRecord } from './metric-record.ts';

/** Telemetry of one function. Its handler is wrapped with `published`. */
export interface LambdaTelemetry extends Telemetry {
  /** Returns the handler so that it writes the metrics after each invocation, failed ones too. */
  published<Event, Context, Result>(
    handler: (event: Event, context: Context) => Promise<Result>,
  ): (event: Event, context: Context) => Promise<Result>;
}

/** The part of the environment that Lambda changes with each invocation. */
interface TracedEnvironment {
  /** What Lambda says of the trace: `Root=1-5759e988-bd862e3fe1be46a994272793;Sampled=1`. */
  readonly _X_AMZN_TRACE_ID?: string | undefined;
}

/**
 * Returns the telemetry of one function. It writes structured logs to standard output, each line with version and commit of the code,
 * and metrics among them in CloudWatch's embedded format.
 *
 * The stage is the metrics' namespace, and the function is their dimension `service`. With `full`, a metric of one source has the
 * dimension `list` too. Faults have the service `any`. With `basic` they are one metric, and the log names the fault.
 *
 * @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch_Embedded_Metric_Format_Specification.html
 */
export function createLambdaTelemetry(
  functionName: string,
  { STAGE: stage, MONITORING: monitoring, VERSION: version, COMMIT: commit }: TelemetryEnv,
  environment: TracedEnvironment = {},
): LambdaTelemetry {
  const namespace = namespaceOf(stage);
  const published: Readonly<Record<string, unknown>> = metricsOf(monitoring);
  const isRegular = (metric: MetricName) => metric in published;
  const toRecord = (dimensions: Readonly<Record<string, string>>) =>
    createMetricRecord(namespace, dimensions, writeTo(process.stdout));
  const metrics = toRecord({ [FUNCTION_DIMENSION]: functionName });
  const faults = toRecord({ [FUNCTION_DIMENSION]: ANY_FUNCTION });

  const log =
    (level: 'INFO' | 'WARN' | 'ERROR', write: (line: string) => void) =>
    (message: string, fields: Readonly<Record<string, unknown>> = {}) => {
      const heading = {
        level,
        message,
        timestamp: new Date().toISOString(),
        service: functionName,
        xray_trace_id: traceIdOf(environment._X_AMZN_TRACE_ID),
      };
      write(toLogLine(heading, { version, commit, ...fields }));
    };

  return {
    info: log('INFO', writeTo(process.stdout)),
    warn: log('WARN', writeTo(process.stderr)),
    error: log('ERROR', writeTo(process.stderr)),
    count: (metric, value, source) => {
      if (isFault(metric) && value > 0) {
        if (monitoring === 'basic') faults.add(ALL_FAULTS, value * pointsOf(metric));
        else if (!isRegular(metric)) faults.add(metric, value);
      }
      if (!isRegular(metric)) return;
      if (source === undefined || monitoring === 'basic') return metrics.add(metric, value);
      const ofSource = toRecord({ [FUNCTION_DIMENSION]: functionName, [LIST_DIMENSION]: source });
      ofSource.add(metric, value);
      ofSource.publish();
    },
    published: (handler) => async (event, context) => {
      try {
        return await handler(event, context);
      } finally {
        metrics.publish();
        faults.publish();
      }
    },
  };
}

function writeTo(stream: NodeJS.WriteStream): (line: string) => void {
  return (line) => void stream.write(`${line}\n`);
}

function traceIdOf(trace = ''): string | undefined {
  return /Root=([^;]+)/.exec(trace)?.[1];
}
