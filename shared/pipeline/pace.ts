import {
  msUntilNext,
  refund,
  type SendRate,
  saveUp,
  slowDown,
  speedUp,
  spend,
  startRate,
  withShare,
} from '../domain/send-rate.ts';
import { addMs, type Clock, type Instant, msBetween, toEpochMs } from '../domain/time.ts';
import type { UnsentKind } from '../not-sent-error.ts';
import type { Telemetry } from '../ports.ts';
import type { SendQuota, SendResult } from '../sending-ports.ts';
import { type KnownQuota, loadFirstQuota, type QuotaPorts } from './known-quota.ts';

export interface PacePorts extends QuotaPorts {
  readonly clock: Clock;
  readonly telemetry: Telemetry;
}

/** When a worker may send. It lives as long as its worker, from message to message. */
export interface Pace {
  /**
   * Why nobody can be mailed now; undefined where mails may go out. `unreachable` as well, and for a minute, where the quota was
   * asked for time and again and is not known.
   */
  findObstacle(): Promise<UnsentKind | undefined>;
  /**
   * Waits for the right to send one mail: `go`, or why it does not come: within a second of `until` or of an obstacle. Turns come
   * in the order in which they are asked for. Ask {@link findObstacle} first.
   *
   * @throws Error of the timer, to all who wait
   */
  takeTurn(until: Instant): Promise<'go' | UnsentKind>;
  /** Gives a turn back that was not used. */
  giveBack(): void;
  /** Tells how the hand-over of a mail ended. */
  report(kind: SendResult['kind']): void;
}

interface Waiting {
  readonly until: Instant;
  readonly answer: (turn: 'go' | UnsentKind) => void;
  readonly fail: (error: unknown) => void;
}

/** What ends all sending for a while. */
const OBSTACLES = ['quota-used-up', 'stopped', 'unreachable'] as const satisfies readonly UnsentKind[];

/** How long a worker tries nothing more after it met an obstacle. */
const STANDSTILL_MS = 60_000;

/** Whoever waits is looked after this often: a turn may be given back, or an obstacle met, or somebody come with less time. */
const LONGEST_SLEEP_MS = 1_000;

/** SES tells the quota once a second, to all workers together. */
const FRESH_MS = 60_000;
const FRESH_MS_PER_WORKER = 2_000;

/**
 * The pace of one of `maxWorkers` workers that may run at once. Each keeps to its share of the account's rate, whether or not
 * the others run, so none that joins can break it; SES throttling it slows it down further. Where the share is less than a mail a
 * second, mails of several workers may meet: one that SES throttles goes out at a later turn.
 */
export function createPace(ports: PacePorts, maxWorkers: number): Pace {
  const { clock, timer } = ports;
  const freshMs = Math.max(FRESH_MS, FRESH_MS_PER_WORKER * maxWorkers);
  const waiting: Waiting[] = [];
  let known: KnownQuota | undefined;
  let rate: SendRate | undefined;
  let standstill: { readonly kind: UnsentKind; readonly until: Instant } | undefined;
  let isWatching = false;

  const nowMs = () => toEpochMs(clock.now());

  const learn = (quota: SendQuota): void => {
    known = { readAt: clock.now(), left: quota.maxPerDay - quota.sentLastDay };
    const share = quota.maxPerSec / maxWorkers;
    rate = withShare(rate ?? startRate(share, nowMs()), share);
  };

  const standStill = (kind: UnsentKind): void => {
    standstill = { kind, until: addMs(clock.now(), STANDSTILL_MS) };
  };

  const refresh = async (): Promise<void> => {
    if (known && addMs(known.readAt, freshMs) > clock.now()) return;
    try {
      learn(known ? await ports.quota.load() : await loadFirstQuota(ports, maxWorkers));
    } catch (error) {
      ports.telemetry.warn('The send quota could not be read', { error });
      if (known) known = { ...known, readAt: clock.now() };
      else standStill('unreachable');
    }
  };

  const currentObstacle = (): UnsentKind | undefined => {
    if (standstill && clock.now() < standstill.until) return standstill.kind;
    return known && known.left <= 0 ? 'quota-used-up' : undefined;
  };

  /** Sends those away who can wait no longer, and lets those go whose turn it is. */
  const serve = (): void => {
    if (!rate) throw new Error('a turn was asked for before the quota was known');
    const obstacle = currentObstacle();
    const now = clock.now();
    rate = saveUp(rate, nowMs(), waiting.length > 0);
    for (const one of waiting.splice(0)) {
      const refusal = obstacle ?? (one.until <= now ? 'out-of-time' : undefined);
      const spent: SendRate | undefined = refusal ? rate : spend(rate);
      if (spent) {
        rate = spent;
        one.answer(refusal ?? 'go');
      } else waiting.push(one);
    }
  };

  /** How long until a turn comes or somebody can wait no longer. */
  const msUntilLook = (): number => {
    const now = clock.now();
    const untilNext = rate ? msUntilNext(rate) : LONGEST_SLEEP_MS;
    const untilOutOfTime = waiting.map(({ until }) => msBetween(now, until));
    return Math.max(1, Math.min(untilNext, LONGEST_SLEEP_MS, ...untilOutOfTime));
  };

  /** Serves until nobody waits; never throws, but fails those who wait. */
  const watch = async (): Promise<void> => {
    if (isWatching) return;
    isWatching = true;
    try {
      for (serve(); waiting.length > 0; serve()) await timer.wait(msUntilLook());
    } catch (error) {
      for (const { fail } of waiting.splice(0)) fail(error);
    } finally {
      isWatching = false;
    }
  };

  return {
    async findObstacle() {
      if (standstill && clock.now() < standstill.until) return standstill.kind;
      await refresh();
      return currentObstacle();
    },

    takeTurn(until) {
      return new Promise((answer, fail) => {
        waiting.push({ until, answer, fail });
        void watch();
      });
    },

    giveBack() {
      if (rate) rate = refund(rate);
    },

    report(kind) {
      if (rate && kind === 'throttled') rate = slowDown(rate);
      if (kind === 'accepted') {
        if (rate) rate = speedUp(rate);
        if (known) known = { ...known, left: known.left - 1 };
      }
      const obstacle = OBSTACLES.find((one) => one === kind);
      if (obstacle) standStill(obstacle);
    },
  };
}
