import { isNativeError } from 'node:util/types';

/** What every line has. The fields of a line cannot replace it. */
interface Heading {
  readonly level: 'INFO' | 'WARN' | 'ERROR';
  readonly message: string;
  readonly timestamp: string;
  readonly service: string;
  /** Connects the line with its trace, if there is one. */
  readonly xray_trace_id: string | undefined;
}

/**
 * Returns a line of a structured log. Errors have their fields, their causes and the line that threw. A value that contains itself is
 * left out, because JSON cannot hold it.
 */
export function toLogLine(heading: Heading, fields: Readonly<Record<string, unknown>>): string {
  return JSON.stringify({ ...heading, ...fields, ...heading }, createReplacer());
}

/** Returns a replacer for `JSON.stringify`, which keeps all of an error. It knows the objects around each value. */
export function createReplacer() {
  const around: { readonly value: object; readonly written: object }[] = [];
  return function replace(this: unknown, _key: string, value: unknown): unknown {
    if (typeof value === 'bigint') return String(value);
    if (typeof value !== 'object' || value === null) return value;
    while (around.length > 0 && around.at(-1)?.written !== this) around.pop();
    if (around.some((outer) => outer.value === value)) return undefined;
    const written = value instanceof Error || isNativeError(value) ? toPlainError(value) : value;
    around.push({ value, written });
    return written;
  };
}

/** Lists the fields of an error. JSON leaves most of them out. */
function toPlainError(error: Error): object {
  const { name, message, stack, cause, ...fields } = error;
  const errors = 'errors' in error ? error.errors : undefined;
  return { name, location: locationIn(stack), message, stack, cause, errors, ...fields };
}

/** Returns file and line of the first call in a stack: `file:///var/task/index.mjs:12`. */
function locationIn(stack = ''): string {
  return /^ +at (?:.*\(|async )?([^()]*:\d+):\d+\)?$/m.exec(stack)?.[1] ?? '';
}
