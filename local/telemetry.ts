import type { Telemetry } from '../shared/observability.ts';

/** Returns telemetry that writes logs as lines of JSON and ignores metrics. */
export function createLineTelemetry(write: (line: string) => void): Telemetry {
  const say =
    (level: string) =>
    (sentence: string, fields: Readonly<Record<string, unknown>> = {}) => {
      write(
        JSON.stringify({ at: new Date().toISOString(), level, message: sentence, ...fields }, toPlainError),
      );
    };
  return { info: say('info'), warn: say('warn'), error: say('error'), count: () => {} };
}

/** Returns telemetry that writes only errors. */
export function createErrorTelemetry(write: (line: string) => void): Telemetry {
  return { ...createLineTelemetry(write), info: () => {}, warn: () => {} };
}

/** Lists the fields of an error, which JSON leaves out. */
function toPlainError(_key: string, value: unknown): unknown {
  if (!(value instanceof Error)) return value;
  const { name, message, stack, cause } = value;
  const errors = value instanceof AggregateError ? value.errors : undefined;
  return { name, message, stack, cause, errors };
}
