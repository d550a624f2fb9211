import { type Day, type Instant, msBetween } from '../../../shared/domain/time.ts';
import { createSubscriber, createSubscription } from '../../factories/subscribers.ts';
import { createRandom } from '../../simulation/seeded-random.ts';
import { withVirtualGlobals } from '../../simulation/virtual-globals.ts';
import { createVirtualTime } from '../../simulation/virtual-time.ts';
import { type ChaosSystem, createChaosSystem } from '../system/system.ts';
import { type CrashPoint, createKiller, type Kill } from './kills.ts';

/** What became of the readers of one small day. */
export interface DayResult {
  readonly kill: Kill | undefined;
  /** The calls that the functions made. */
  readonly points: readonly CrashPoint[];
  /** How often a function was killed. */
  readonly kills: number;
  readonly duplicates: readonly string[];
  /** Digests that were neither mailed nor are shown as uncertain. */
  readonly losses: readonly string[];
  /** Digests that were not mailed and are shown as uncertain. */
  readonly uncertain: readonly string[];
  /** Mails that the ledger does not show as sent, after all events about them. */
  readonly unrecorded: readonly string[];
}

const DAY: Day = '2026-01-05';
const START: Instant = `${DAY}T05:40:00.000Z`;
/** The first tick that is planned, at which all are due. */
const PLANNED_AT: Instant = `${DAY}T07:01:00.000Z`;
const TICK_MS = 15 * 60_000;
const RUNS = 5;
const LISTS = new Map([[DAY, ['2601.00001', '2601.00002']]]);

/** A Monday: two readers of a daily digest and one of a weekly one, all due at eight in Berlin. */
const DUE = [
  { subscriberId: 'reader-1', cadence: 'daily', period: DAY },
  { subscriberId: 'reader-2', cadence: 'daily', period: DAY },
  { subscriberId: 'reader-3', cadence: 'weekly', period: '2026-W02' },
] as const;

/** Lives through the day, with a kill or without. */
export async function liveThroughDay(kill?: Kill): Promise<DayResult> {
  const time = createVirtualTime(START);
  const random = createRandom(1);
  const killer = createKiller(kill);
  let hasBegun = false;
  const system = createChaosSystem({
    ...{ time, random, lists: LISTS, senders: 1, maxSendRate: 14 },
    chooseFault: (call) => (hasBegun ? killer.chooseFault(call) : undefined),
  });

  const live = async (): Promise<DayResult> => {
    for (const { subscriberId, cadence } of DUE) {
      const subscriptions = [createSubscription({ cadence })];
      await system.repositories.subscribers.save(createSubscriber({ id: subscriberId, subscriptions }));
    }
    // A planner that never ran knows of no tick that it missed.
    await system.plan();
    hasBegun = true;
    system.startWorkers();
    const schedule = async (run: () => Promise<unknown>, from: Instant) => {
      await time.wait(msBetween(START, from));
      for (let tick = 0; tick < RUNS; tick += 1) {
        await run();
        await time.wait(TICK_MS);
      }
    };
    await Promise.all([schedule(system.ingest, START), schedule(system.plan, PLANNED_AT)]);
    await system.waitUntilQuiet(1);
    return {
      kill,
      points: kill ? [] : killer.points,
      kills: killer.kills(),
      ...(await conclude(system)),
    };
  };
  return withVirtualGlobals(time, random, () => time.run(live()));
}

async function conclude({ repositories, account }: ChaosSystem) {
  const found = await Promise.all(
    DUE.map(async (key) => {
      const name = `${key.cadence} ${key.period}`;
      return {
        name: `${key.subscriberId} ${name}`,
        outcome: (await repositories.deliveries.load(key))?.outcome,
        mails: account.mails.filter(
          ({ tags, digest }) => tags.subscriber === key.subscriberId && digest === name,
        ),
      };
    }),
  );
  const named = (filter: (one: (typeof found)[number]) => boolean) =>
    found.filter(filter).map(({ name }) => name);
  return {
    duplicates: named(({ mails }) => mails.length > 1),
    losses: named(({ mails, outcome }) => mails.length === 0 && outcome?.state !== 'uncertain'),
    uncertain: named(({ mails, outcome }) => mails.length === 0 && outcome?.state === 'uncertain'),
    unrecorded: named(
      ({ mails: [mail], outcome }) =>
        mail !== undefined && !(outcome?.state === 'sent' && outcome.messageId === mail.messageId),
    ),
  };
}
