import { randomUUID } from 'node:crypto';
import { toEpochMs, toInstant } from '../../domain/time/time.ts';
import { HttpError, type RequestTurns, type Turn } from '../../ports/http.ts';
import { type Attempt, type AttemptPolicy, attemptGet } from './attempt.ts';

/** How a system that limits its requests is asked: one request at a time, at an interval. */
export interface Pace {
  readonly turns: RequestTurns;
  /** The system whose turns the requests take: `arxiv`. It may have several hosts. */
  readonly system: string;
  /** The shortest time between the starts of two requests. */
  readonly intervalMs: number;
}

export interface TurnOptions extends Pace {
  readonly policy: AttemptPolicy;
  readonly sleep: (ms: number, signal?: AbortSignal) => Promise<unknown>;
  readonly random: () => number;
  /** The longest wait for a turn. */
  readonly longestWaitMs: number;
}

/** A turn outlasts the time limit of its request by this much, for the writes around it. */
const TURN_RESERVE_MS = 10_000;

/** How often somebody who waits looks whether a turn that is under way has ended. */
const LOOK_EVERY_MS = 1_000;

/** Those who wait for the same turn ask for it at different times, up to this much apart. */
const SPREAD_MS = 250;

/** A system can stop all requests of a deployment for this long at most. */
const LONGEST_PAUSE_MS = 3_600_000;

/**
 * Waits for a turn, and sends one request. If the system asks for a pause, nobody else asks it before the pause is over.
 *
 * @throws HttpError if no turn came in time, or if a retry would not help
 * @throws the errors of {@link RequestTurns}
 */
export async function attemptInTurn(url: URL, options: TurnOptions, signal?: AbortSignal): Promise<Attempt> {
  const { turns, system, intervalMs, policy, sleep } = options;
  const holder = await takeTurn(url, options, signal);
  let lastStartMs = Number.NEGATIVE_INFINITY;
  const beforeRequest = async (attemptSignal: AbortSignal) => {
    const waitMs = lastStartMs + intervalMs - policy.now();
    if (waitMs > 0) await sleep(waitMs, attemptSignal);
    lastStartMs = policy.now();
  };
  let pauseMs = 0;
  try {
    const attempt = await attemptGet(url, { ...policy, beforeRequest }, signal);
    if (attempt.kind === 'failed') pauseMs = Math.min(attempt.askedWaitMs ?? 0, LONGEST_PAUSE_MS);
    return attempt;
  } finally {
    const nowMs = policy.now();
    await turns.end(system, holder, toInstant(Math.max(lastStartMs + intervalMs, nowMs + pauseMs)));
  }
}

/** Returns the id of the holder that has the turn now. */
async function takeTurn(url: URL, options: TurnOptions, signal?: AbortSignal): Promise<string> {
  const { turns, system, policy, sleep, random, longestWaitMs } = options;
  const holder = randomUUID();
  const giveUpMs = policy.now() + longestWaitMs;
  for (;;) {
    if (signal?.aborted) throw new HttpError('stopped by the caller', { url, cause: signal.reason });
    const nowMs = policy.now();
    const untilMs = nowMs + policy.timeoutMs + TURN_RESERVE_MS;
    const turn = await turns.take(system, { holder, at: toInstant(nowMs), until: toInstant(untilMs) });
    if (turn.kind === 'taken') return holder;
    const leftMs = Math.max(0, toEpochMs(turn.until) - nowMs);
    const worthwhileMs = turn.kind === 'under-way' ? Math.min(leftMs, LOOK_EVERY_MS) : leftMs;
    const waitMs = worthwhileMs + Math.ceil(random() * SPREAD_MS);
    if (nowMs + waitMs > giveUpMs) throw new HttpError(explain(turn, options), { url });
    await sleep(waitMs, signal);
  }
}

function explain(turn: Exclude<Turn, { kind: 'taken' }>, { system, longestWaitMs }: TurnOptions): string {
  return turn.kind === 'paused'
    ? `not asked: ${system} wants no request before ${turn.until}`
    : `not asked: other requests to ${system} took all turns for ${longestWaitMs / 1_000} s`;
}
