import { createReplacer } from '../shared/adapters/lambda/log-line.ts';
import type { Telemetry } from '../shared/observability.ts';

/** Returns telemetry that writes logs as lines of JSON and ignores metrics. */
export function createLineTelemetry(write: (line: string) => void): Telemetry {
  const say =
    (level: string) =>
    (sentence: string, fields: Readonly<Record<string, unknown>> = {}) => {
      write(
        JSON.stringify(
          { at: new Date().toISOString(), level, message: sentence, ...fields },
          createReplacer(),
        ),
      );
    };
  return { info: say('info'), warn: say('warn'), error: say('error'), count: () => {} };
}

/** Returns telemetry that also reports errors to the terminal: each sentence once, because its fields and repetitions are in the log. */
export function reportErrors(telemetry: Telemetry, report: (line: string) => void): Telemetry {
  const reported = new Set<string>();
  return {
    ...telemetry,
    error(sentence, fields) {
      telemetry.error(sentence, fields);
      if (reported.has(sentence)) return;
      reported.add(sentence);
      report(`error: ${sentence}. log.jsonl has the details`);
    },
  };
}

/** Returns telemetry that writes only errors. */
export function createErrorTelemetry(write: (line: string) => void): Telemetry {
  return { ...createLineTelemetry(write), info: () => {}, warn: () => {} };
}
