import { randomUUID } from 'node:crypto';
import type { Context, Hono } from 'hono';
import { getPath } from 'hono/utils/url';
import type { Telemetry } from '../../observability.ts';

/** The largest body of a request. Enough for twenty subscriptions with the longest queries. */
export const MAX_BODY_BYTES = 16_384;

/** The last character of a path, as it is or percent-encoded in UTF-8. */
const LAST_CHARACTER = /(?:%[c-f][\da-f](?:%[89ab][\da-f]){1,3}|%[\da-f]{2}|.)$/isu;
const LONGEST_CHARACTER = '%F0%9F%97%9E'.length;

/** The characters that a path or a token can end with. */
const ENDS_WELL = /[\p{L}\p{M}\p{N}_-]$/u;

/**
 * Returns the path by which a request is routed. Mail programs and people append characters to a link: a slash, a full stop,
 * a bracket, a quote, often percent-encoded. None of our paths and tokens ends with one, so they are cut.
 */
export function toRoutedPath(request: Request): string {
  let path = getPath(request);
  for (;;) {
    const [last] = LAST_CHARACTER.exec(path.slice(-LONGEST_CHARACTER)) ?? [];
    if (last === undefined) return '/';
    if (ENDS_WELL.test(decode(last))) return path;
    path = path.slice(0, -last.length);
  }
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    // An incomplete character.
    return '';
  }
}

const METHODS = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE'] as const;

/** Returns the methods that an app accepts at a path, such as `['GET', 'HEAD', 'PATCH']`, or none if the path does not exist. */
export function findAllowedMethods(app: Hono, path: string): readonly string[] {
  const routed = METHODS.filter((method) =>
    app.router.match(method, path)[0].some(([[, route]]) => route.method === method),
  );
  // Hono answers HEAD wherever it answers GET.
  return routed.flatMap((method) => (method === 'GET' ? ['GET', 'HEAD'] : method));
}

/** Logs the error of a request and returns an id that the reader can quote. It does not log the path, which may hold a token. */
export function reportError(telemetry: Pick<Telemetry, 'error'>, c: Context, error: unknown): string {
  const errorId = randomUUID();
  telemetry.error('A request failed', { errorId, method: c.req.method, error });
  return errorId;
}
