/** A signal that fires when a time is over or when the caller's own signal fires, whichever comes first. */
export interface TimeLimit {
  readonly signal: AbortSignal;
  /** Whether it was the time that ended it. */
  isOver(): boolean;
  /** Ends the watch; call it when the work is done. */
  clear(): void;
}

/**
 * Starts a time limit. Made by hand because the signal of `AbortSignal.any` over `AbortSignal.timeout` may be collected
 * before it fires.
 *
 * @see https://github.com/nodejs/node/issues/57736
 */
export function startTimeLimit(timeoutMs: number, outer?: AbortSignal): TimeLimit {
  const controller = new AbortController();
  let over = false;
  const timer = setTimeout(() => {
    over = true;
    controller.abort();
  }, timeoutMs);
  const stop = () => controller.abort(outer?.reason);
  outer?.addEventListener('abort', stop, { once: true });
  if (outer?.aborted) stop();

  return {
    signal: controller.signal,
    isOver: () => over,
    clear: () => {
      clearTimeout(timer);
      outer?.removeEventListener('abort', stop);
    },
  };
}
