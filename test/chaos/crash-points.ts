import type { Day, Instant } from '../../shared/domain/time.ts';
import { createSubscriber, createSubscription } from '../factories/subscribers.ts';
import type { Call, Fault, FunctionName } from './network.ts';
import { createRandom } from './seeded-random.ts';
import { createChaosSystem } from './system.ts';
import { withVirtualGlobals } from './virtual-globals.ts';
import { createVirtualTime } from './virtual-time.ts';

/** A call at which a function can be killed. */
export interface CrashPoint {
  readonly functionName: FunctionName;
  /** Position among all calls of that function, from 0. */
  readonly nth: number;
  readonly what: string;
}

/** How a function is killed: at a point, and so many times in a row when it comes there again. */
export interface Kill {
  readonly point: CrashPoint;
  readonly moment: 'before' | 'after';
  readonly times: number;
}

/** What became of the readers of one small day. */
export interface DayResult {
  readonly points: readonly CrashPoint[];
  readonly kills: number;
  readonly duplicates: readonly string[];
  /** Digests that were neither mailed nor are shown as uncertain. */
  readonly losses: readonly string[];
  /** Digests that no event settles, because they were never mailed. */
  readonly uncertain: readonly string[];
  /** Mails of which the ledger does not know, after all events about them. */
  readonly unrecorded: readonly string[];
}

const DAY: Day = '2026-01-05';
const START: Instant = `${DAY}T05:40:00.000Z`;
const TICK_MS = 15 * 60_000;
const PERIOD = { daily: DAY, weekly: '2026-W02' } as const;
const READERS = ['reader-1', 'reader-2', 'reader-3'] as const;

/** A Monday: two readers of a daily digest and one of a weekly one, all due at eight in Berlin. */
const crowd = READERS.map((id, n) =>
  createSubscriber({ id, subscriptions: [createSubscription({ cadence: n < 2 ? 'daily' : 'weekly' })] }),
);

/** Lives through the day, with a kill or without. */
export async function liveThroughDay(kill?: Kill): Promise<DayResult> {
  const time = createVirtualTime(START);
  const random = createRandom(1);
  const points: CrashPoint[] = [];
  const calls = new Map<FunctionName, number>();
  let kills = 0;
  let hasBegun = false;

  const chooseFault = ({ invocation: { functionName }, what }: Call): Fault | undefined => {
    if (!hasBegun) return undefined;
    const nth = calls.get(functionName) ?? 0;
    calls.set(functionName, nth + 1);
    points.push({ functionName, nth, what });
    if (!kill || functionName !== kill.point.functionName || kills >= kill.times) return undefined;
    // The first time it is that very call, later the same call of whoever takes over.
    if (kills === 0 ? nth !== kill.point.nth : what !== kill.point.what) return undefined;
    kills += 1;
    return kill.moment === 'before' ? 'die-before' : 'die-after';
  };

  const system = createChaosSystem({
    ...{ time, random, chooseFault, senders: 1, maxSendRate: 14 },
    lists: new Map([[DAY, ['2601.00001', '2601.00002']]]),
  });
  const { repositories, account } = system;

  const live = async (): Promise<DayResult> => {
    for (const subscriber of crowd) await repositories.subscribers.save(subscriber);
    // A planner that never ran knows of no tick that it missed.
    await system.plan();
    hasBegun = true;
    system.startWorkers();
    const schedule = async (run: () => Promise<unknown>, from: Instant) => {
      await system.waitUntil(from);
      for (let tick = 0; tick < 6; tick += 1) {
        await run();
        await time.wait(TICK_MS);
      }
    };
    await Promise.all([schedule(system.ingest, START), schedule(system.plan, `${DAY}T06:46:00.000Z`)]);
    await system.waitUntilQuiet(1);

    const due = crowd.map(({ id, subscriptions: [subscription] }) => {
      const cadence = subscription?.cadence === 'weekly' ? 'weekly' : 'daily';
      return { subscriberId: id, cadence, period: PERIOD[cadence] } as const;
    });
    const outcomes = await Promise.all(
      due.map(async (key) => (await repositories.deliveries.load(key))?.outcome),
    );
    const found = due.map(({ subscriberId, cadence, period }, n) => ({
      name: `${subscriberId} ${cadence} ${period}`,
      outcome: outcomes[n],
      mails: account.mails.filter(
        ({ tags, digest }) => tags.subscriber === subscriberId && digest === `${cadence} ${period}`,
      ),
    }));
    const named = (filter: (one: (typeof found)[number]) => boolean) =>
      found.filter(filter).map(({ name }) => name);
    return {
      points,
      kills,
      duplicates: named(({ mails }) => mails.length > 1),
      losses: named(({ mails, outcome }) => mails.length === 0 && outcome?.state !== 'uncertain'),
      uncertain: named(({ mails, outcome }) => mails.length === 0 && outcome?.state === 'uncertain'),
      unrecorded: named(
        ({ mails: [mail], outcome }) =>
          mail !== undefined && !(outcome?.state === 'sent' && outcome.messageId === mail.messageId),
      ),
    };
  };
  return withVirtualGlobals(time, random, () => time.run(live()));
}

/** Every kill that is tried: at each point, before and after its effect, once and up to so many times in a row. */
export function toKills(points: readonly CrashPoint[], maxTimes: number): readonly Kill[] {
  const moments = ['before', 'after'] as const;
  return points.flatMap((point) =>
    moments.flatMap((moment) =>
      Array.from({ length: maxTimes }, (_, n) => ({ point, moment, times: n + 1 })),
    ),
  );
}
