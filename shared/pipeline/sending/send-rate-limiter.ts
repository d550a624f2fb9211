import {
  msUntilNext,
  refill,
  refund,
  type SendRate,
  slowDown,
  speedUp,
  spend,
  startRate,
  withShare,
} from '../../domain/digests/send-rate.ts';
import { addMs, type Clock, type Instant, msBetween, type Timer, toEpochMs } from '../../domain/time/time.ts';
import type { Telemetry } from '../../observability.ts';
import type { SendQuota, SendQuotaReader, SendResult } from '../../ports/mail.ts';
import type { PutOffReason } from './waiting.ts';

export interface SendRateLimiterPorts {
  readonly quota: SendQuotaReader;
  readonly timer: Timer;
  readonly clock: Clock;
  readonly telemetry: Telemetry;
}

/** Limits the rate of one worker's mails. A worker keeps its limiter from message to message. */
export interface SendRateLimiter {
  /**
   * Reads the quota of SES if the known one is old. Returns why no mail can go out now, or undefined if mails may go out. If
   * the first quota cannot be read, it returns `unreachable`, and reads again after a minute.
   */
  checkSending(): Promise<PutOffReason | undefined>;
  /**
   * Waits for a permit to send one mail. Calls are served in their order. Call {@link checkSending} first.
   *
   * @returns `go`, or why there is no permit. The refusal comes within a second of `until`, or of the time when mails stop
   * @throws the error of the timer, to all callers that wait
   */
  acquire(until: Instant): Promise<'go' | PutOffReason>;
  /** Gives back a permit that was not used. */
  refund(): void;
  /** Reports how a mail went. */
  report(kind: SendResult['kind']): void;
}

/** What a worker knows of the account's quota. */
interface KnownQuota {
  /** When it was read, or could not be read again. */
  readonly triedAt: Instant;
  /** Mails that may still go out. Each mail that SES accepted from this worker since the last read lowers it. Mails of others do not. */
  readonly left: number;
}

interface Waiting {
  readonly until: Instant;
  readonly answer: (permit: 'go' | PutOffReason) => void;
  readonly fail: (error: unknown) => void;
}

/** Results of one mail after which the worker sends nothing for {@link COOL_DOWN_MS}. */
const STOPPERS = ['quota-used-up', 'stopped', 'unreachable'] as const satisfies readonly PutOffReason[];

const COOL_DOWN_MS = 60_000;

/** After this many mails in a row without a clear answer, SES is down. Each further digest would become `uncertain`. */
const MAX_UNCERTAIN_IN_A_ROW = 5;

/** The longest sleep between two checks. Meanwhile a permit may be given back, or SES may stop the account. */
const LONGEST_SLEEP_MS = 1_000;

/** How long until the quota is read again, also after a failed read. SES answers one such request a second for all workers together. */
const FRESH_MS = 60_000;
const FRESH_MS_PER_WORKER = 2_000;

const MAX_QUOTA_ATTEMPTS = 6;

/** The longest wait between two attempts to read the quota, so that all attempts fit into a worker's time. */
const LONGEST_QUOTA_WAIT_MS = 20_000;

/**
 * Returns the rate limiter of one worker. At most `maxWorkers` run concurrently.
 *
 * Each worker keeps to its share of the account's rate, even if no other worker runs. So workers can join without breaking the rate. A
 * worker slows down further when SES throttles it. If the share is below one mail a second, several workers may send in the same
 * second. Then SES throttles some of the mails, and they go out later.
 */
export function createSendRateLimiter(ports: SendRateLimiterPorts, maxWorkers: number): SendRateLimiter {
  const { clock, timer } = ports;
  const account = watchAccount(ports, maxWorkers);
  const waiting: Waiting[] = [];
  let rate: SendRate | undefined;
  let isWatching = false;
  let uncertainInARow = 0;

  const nowMs = () => toEpochMs(clock.now());

  const learn = ({ maxPerSec }: SendQuota): void => {
    const share = maxPerSec / maxWorkers;
    rate = withShare(rate ?? startRate(share, nowMs()), share);
  };

  /** Answers callers whose mail may go out, and callers that are out of time. */
  const serve = (): void => {
    if (!rate) throw new Error('call checkSending first');
    const obstacle = account.findObstacle();
    const now = clock.now();
    rate = refill(rate, nowMs(), waiting.length > 0);
    for (const caller of waiting.splice(0)) {
      const refusal = obstacle ?? (caller.until <= now ? 'out-of-time' : undefined);
      if (refusal) {
        caller.answer(refusal);
        continue;
      }
      const spent: SendRate | undefined = spend(rate);
      if (spent) {
        rate = spent;
        caller.answer('go');
      } else waiting.push(caller);
    }
  };

  /** Milliseconds until the next mail may go out, or until a caller runs out of time. */
  const msUntilNextCheck = (): number => {
    const now = clock.now();
    const untilNext = rate ? msUntilNext(rate) : LONGEST_SLEEP_MS;
    const untilOutOfTime = waiting.map(({ until }) => msBetween(now, until));
    return Math.max(1, Math.min(untilNext, LONGEST_SLEEP_MS, ...untilOutOfTime));
  };

  /** Serves until no caller waits. Never throws. The callers that wait get the error. */
  const watch = async (): Promise<void> => {
    if (isWatching) return;
    isWatching = true;
    try {
      for (serve(); waiting.length > 0; serve()) await timer.wait(msUntilNextCheck());
    } catch (error) {
      for (const { fail } of waiting.splice(0)) fail(error);
    } finally {
      isWatching = false;
    }
  };

  return {
    async checkSending() {
      const coolDown = account.findCoolDown();
      if (coolDown) return coolDown;
      const quota = await account.refresh();
      if (quota) learn(quota);
      return account.findObstacle();
    },

    acquire(until) {
      return new Promise((answer, fail) => {
        waiting.push({ until, answer, fail });
        void watch();
      });
    },

    refund() {
      if (rate) rate = refund(rate);
    },

    report(kind) {
      uncertainInARow = kind === 'uncertain' ? uncertainInARow + 1 : 0;
      if (uncertainInARow >= MAX_UNCERTAIN_IN_A_ROW) account.startCoolDown('unreachable');
      if (rate && kind === 'throttled') rate = slowDown(rate);
      if (kind === 'accepted') {
        if (rate) rate = speedUp(rate);
        account.countAccepted();
      }
      const stopper = STOPPERS.find((reason) => reason === kind);
      if (stopper) account.startCoolDown(stopper);
    },
  };
}

/** Returns what one worker knows of the account: its quota, and whether SES stopped it. */
function watchAccount(ports: SendRateLimiterPorts, maxWorkers: number) {
  const { clock, quota, telemetry } = ports;
  const freshMs = Math.max(FRESH_MS, FRESH_MS_PER_WORKER * maxWorkers);
  let known: KnownQuota | undefined;
  let coolDown: { readonly kind: PutOffReason; readonly until: Instant } | undefined;

  const startCoolDown = (kind: PutOffReason): void => {
    coolDown = { kind, until: addMs(clock.now(), COOL_DOWN_MS) };
  };

  const findCoolDown = (): PutOffReason | undefined =>
    coolDown && clock.now() < coolDown.until ? coolDown.kind : undefined;

  return {
    startCoolDown,
    findCoolDown,

    /** Returns why no mail can go out now. */
    findObstacle(): PutOffReason | undefined {
      return findCoolDown() ?? (known && known.left <= 0 ? 'quota-used-up' : undefined);
    },

    /** Reads and returns the quota if the known one is old. Otherwise, or if the read fails, returns undefined. */
    async refresh(): Promise<SendQuota | undefined> {
      if (known && addMs(known.triedAt, freshMs) > clock.now()) return undefined;
      try {
        const read = known ? await quota.load() : await loadFirstQuota(ports, maxWorkers);
        known = { triedAt: clock.now(), left: read.maxPerDay - read.sentLastDay };
        return read;
      } catch (error) {
        telemetry.warn('The send quota could not be read', { error });
        if (known) known = { ...known, triedAt: clock.now() };
        else startCoolDown('unreachable');
        return undefined;
      }
    },

    countAccepted(): void {
      if (known) known = { ...known, left: known.left - 1 };
    },
  };
}

/**
 * Reads the quota for the first time. Nothing is sent without it. Waits a random time before each retry, so that workers that start
 * together do not collide. A wait has at most `maxWorkers` seconds, and never more than 20.
 *
 * @throws the error of the last attempt
 */
export async function loadFirstQuota(
  { quota, timer }: Pick<SendRateLimiterPorts, 'quota' | 'timer'>,
  maxWorkers: number,
): Promise<SendQuota> {
  const longestWaitMs = Math.min(maxWorkers * 1000, LONGEST_QUOTA_WAIT_MS);
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await quota.load();
    } catch (error) {
      if (attempt === MAX_QUOTA_ATTEMPTS) throw error;
      await timer.wait(Math.ceil(Math.random() * longestWaitMs));
    }
  }
}
