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
import { addMs, type Clock, type Instant, toEpochMs } from '../domain/time.ts';
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
  /** Why nobody can be mailed now; undefined where mails may go out. @throws Error when the quota cannot be learned */
  findObstacle(): Promise<UnsentKind | undefined>;
  /**
   * Waits for the right to send one mail: `go`, or why it does not come. Turns come in the order in which they are asked for.
   * Ask {@link findObstacle} first.
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
}

/** What ends all sending for a while. */
const OBSTACLES = ['quota-used-up', 'stopped', 'unreachable'] as const satisfies readonly UnsentKind[];

/** How long a worker tries nothing more after it met an obstacle. */
const STANDSTILL_MS = 60_000;

/** SES tells the quota once a second, to all workers together. */
const FRESH_MS = 60_000;
const FRESH_MS_PER_WORKER = 2_000;

/**
 * The pace of one of `maxWorkers` workers that may run at once. Each keeps to its share of the account's rate, whether or not
 * the others run, so none that joins can break it; SES throttling it slows it down further.
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

  const refresh = async (): Promise<void> => {
    if (!known) {
      learn(await loadFirstQuota(ports, maxWorkers));
      return;
    }
    if (addMs(known.readAt, freshMs) > clock.now()) return;
    try {
      learn(await ports.quota.load());
    } catch (error) {
      known = { ...known, readAt: clock.now() };
      ports.telemetry.warn('The send quota could not be read again', { error });
    }
  };

  const currentObstacle = (): UnsentKind | undefined => {
    if (standstill && clock.now() < standstill.until) return standstill.kind;
    return known && known.left <= 0 ? 'quota-used-up' : undefined;
  };

  /** Lets those go whose turn it is, and sends those away who can wait no longer. */
  const serve = (): void => {
    if (!rate) throw new Error('a turn was asked for before the quota was known');
    const obstacle = currentObstacle();
    const now = clock.now();
    rate = saveUp(rate, nowMs(), waiting.length > 0);
    for (let first = waiting[0]; first; first = waiting[0]) {
      const refusal = obstacle ?? (first.until <= now ? 'out-of-time' : undefined);
      const spent: SendRate | undefined = refusal ? rate : spend(rate);
      if (!spent) return;
      rate = spent;
      waiting.shift();
      first.answer(refusal ?? 'go');
    }
  };

  const watch = async () => {
    if (isWatching) return;
    isWatching = true;
    for (serve(); waiting.length > 0 && rate; serve()) await timer.wait(msUntilNext(rate));
    isWatching = false;
  };

  return {
    async findObstacle() {
      if (standstill && clock.now() < standstill.until) return standstill.kind;
      await refresh();
      return currentObstacle();
    },

    takeTurn(until) {
      return new Promise((answer, fail) => {
        waiting.push({ until, answer });
        watch().catch(fail);
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
      if (obstacle) standstill = { kind: obstacle, until: addMs(clock.now(), STANDSTILL_MS) };
    },
  };
}
