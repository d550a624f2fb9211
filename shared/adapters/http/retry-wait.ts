const MS_PER_SECOND = 1000;

/**
 * How many milliseconds an answer asks its reader to wait before the next request, or undefined where it asks nothing
 * that can be read. Where it asks twice, the longer wait counts.
 *
 * - `Retry-After`, in seconds (`120`) or as an HTTP date; one that is past asks for 0.
 * - `RateLimit: "api";r=0;t=55` of a 429: the window starts anew in 55 seconds.
 *
 * @param nowMs milliseconds since 1970, to which an HTTP date is compared
 * @see https://www.rfc-editor.org/rfc/rfc9110#field.retry-after
 * @see https://huggingface.co/docs/hub/rate-limits
 */
export function toAskedWaitMs(status: number, headers: Headers, nowMs: number): number | undefined {
  const waits = [
    retryAfterMs(headers.get('retry-after'), nowMs),
    status === 429 ? rateLimitMs(headers.get('ratelimit')) : undefined,
  ].filter((wait) => wait !== undefined);
  return waits.length > 0 ? Math.max(...waits) : undefined;
}

function retryAfterMs(value: string | null, nowMs: number): number | undefined {
  if (value === null) return undefined;
  if (/^\d+$/.test(value)) return Number(value) * MS_PER_SECOND;
  // Date.parse takes "-5" or "1.5" for a year; an HTTP date begins with a weekday.
  const atMs = /^[A-Z][a-z]/.test(value) ? Date.parse(value) : Number.NaN;
  return Number.isNaN(atMs) ? undefined : Math.max(0, atMs - nowMs);
}

function rateLimitMs(value: string | null): number | undefined {
  const seconds = value?.match(/;\s*t=(\d+)/)?.[1];
  return seconds === undefined ? undefined : Number(seconds) * MS_PER_SECOND;
}
