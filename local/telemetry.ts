import type { Telemetry } from '../shared/observability.ts';

/** Telemetry that writes what it is told as lines of JSON; metrics are left out. */
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

/** Telemetry that keeps quiet about everything but errors. */
export function createErrorTelemetry(write: (line: string) => void): Telemetry {
  return { ...createLineTelemetry(write), info: () => {}, warn: () => {} };
}

/** An error's fields are hidden from JSON; this shows those that matter. */
function toPlainError(_key: string, value: unknown): unknown {
  if (!(value instanceof Error)) return value;
  const { name, message, stack, cause } = value;
  const errors = value instanceof AggregateError ? value.errors : undefined;
  return { name, message, stack, cause, errors };
}
