import { createArxiv } from '../../../local/arxiv/arxiv.ts';
import type { Subscriber } from '../../../shared/domain/subscribers/subscriber.ts';
import { type Day, type Instant, msBetween } from '../../../shared/domain/time/time.ts';
import { printArxivCursor } from '../../../shared/sources/arxiv/gap.ts';
import { changeSubscriber, profileAfter } from '../../../shared/subscribers/change-subscriber.ts';
import { createFacts, createListing } from '../../factories/papers.ts';
import { createSubscriber, createSubscription } from '../../factories/subscribers.ts';
import { createRandom } from '../../simulation/seeded-random.ts';
import { withVirtualGlobals } from '../../simulation/virtual-globals.ts';
import { createVirtualTime } from '../../simulation/virtual-time.ts';
import { nameOf } from '../judge/history.ts';
import { createObserver } from '../judge/observer.ts';
import { faultsIn, reachVerdict } from '../judge/verdict.ts';
import { ARXIV_LISTS, createBatches } from '../services/batches.ts';
import type { Call, Fault } from '../system/network.ts';
import { type ChaosSystem, createChaosSystem } from '../system/system.ts';
import { type CrashPoint, createKiller, type Kill } from './kills.ts';

/** The outcome of one small day. */
export interface DayResult {
  readonly kill: Kill | undefined;
  /** The calls of the functions, if nothing was killed. */
  readonly points: readonly CrashPoint[];
  /** How often a function was killed. */
  readonly kills: number;
  /** Digests that were not mailed because of the kill, and are shown as uncertain. */
  readonly inDoubt: readonly string[];
  readonly mails: number;
  /** What is wrong, in words. */
  readonly faults: readonly string[];
}

const DAY: Day = '2026-01-05';
const START: Instant = `${DAY}T05:40:00.000Z`;
/** Papers appear a little before. The planner finds them between two runs of ingest. */
const FIRST_PLANNED_AT: Instant = `${DAY}T05:46:00.000Z`;
/** arXiv is read after Hugging Face, and before the next run. */
const ARXIV_READ_AT: Instant = `${DAY}T05:50:00.000Z`;
/** The tick at which all others are due. */
const PLANNED_AT: Instant = `${DAY}T07:01:00.000Z`;
const TICK_MS = 15 * 60_000;
const RUNS = 5;
/**
 * arXiv has the batch of the day in its feed. That of the Thursday before was missed, and its back-fill has a page for each paper. The last
 * read was on the Wednesday.
 */
const BATCHES = createBatches('2026-01-01', DAY);
const PAGE_SIZE = 1;
const ARXIV_CURSOR = printArxivCursor({ days: { 'cs.CL': '2025-12-31', 'cs.CV': '2025-12-31' }, gaps: [] });
/** arXiv knows the second one, of a category that is not followed. */
const PAPERS = ['2601.00001', '2601.05004'] as const;

/** Months with a paper. The first run of ingest archives four of them, and the oldest follows while functions are killed. */
const OLD_MONTHS = ['2025-08', '2025-09', '2025-10', '2025-11', '2025-12'] as const;

/** Mail to this reader bounces, which ends their mails. */
const BOUNCING = 'reader-3';
/** The answer for this reader's first mail is lost, so an event reports the outcome. */
const UNANSWERED = 'reader-2';
/** This reader moves to a zone where their hour comes again, so two editions of the day name them. */
const MOVING = 'reader-1';
const MOVED_AT: Instant = `${DAY}T07:20:00.000Z`;
/** This reader has an instant digest. */
const INSTANT = 'reader-6';
/** 07:30 UTC. */
const NEW_TIME = { timeZone: 'Asia/Kolkata', hour: 13 } as const;

/**
 * All but the last are due on a Monday at eight in Berlin: four with a daily digest and one with a weekly one. One of the four asks
 * for papers that do not exist, so their digest is skipped. The last has an instant digest.
 */
const crowd = [
  ...[MOVING, UNANSWERED, BOUNCING].map((id) => createSubscriber({ id })),
  createSubscriber({ id: 'reader-4', subscriptions: [createSubscription({ query: 'volcanoes' })] }),
  createSubscriber({ id: 'reader-5', subscriptions: [createSubscription({ cadence: 'weekly' })] }),
  createSubscriber({ id: INSTANT, subscriptions: [createSubscription({ cadence: 'instant' })] }),
];

const DUE = [...[MOVING, UNANSWERED, BOUNCING].map((id) => `${id} daily ${DAY}`), 'reader-5 weekly 2026-W02'];

/** Simulates the day, with a kill or without. An error counts as a fault. */
export async function runDay(kill?: Kill): Promise<DayResult> {
  try {
    return await liveThroughDay(kill);
  } catch (error) {
    const faults = [error instanceof Error ? error.message : String(error)];
    return { kill, points: [], kills: 0, inDoubt: [], mails: 0, faults };
  }
}

async function liveThroughDay(kill: Kill | undefined): Promise<DayResult> {
  const time = createVirtualTime(START);
  const random = createRandom(1);
  const observer = createObserver(time);
  const killer = createKiller(kill);
  const lists = new Map<Day, readonly string[]>();
  const arxiv = createArxiv({ clock: time, timer: time, pageSize: PAGE_SIZE });
  for (const [day, announcements] of BATCHES) arxiv.announce(day, announcements);
  let isDisturbed = false;
  let isAnswerLost = false;
  const chooseFault = (call: Call): Fault | undefined => {
    if (!isDisturbed) return undefined;
    const fault = killer.chooseFault(call);
    if (fault || isAnswerLost || !call.what.startsWith(`SendRawEmail ${UNANSWERED}@`)) return fault;
    isAnswerLost = true;
    return 'lose-answer';
  };
  const system = createChaosSystem({
    time,
    random,
    senders: 1,
    maxSendRate: 14,
    lists,
    arxiv,
    followed: ['hf-daily', ...ARXIV_LISTS].join(),
    chooseFault(call) {
      const fault = chooseFault(call);
      if (fault) observer.onFault(call, fault);
      return fault;
    },
    bounces: (address) => address.startsWith(`${BOUNCING}@`),
    onAnswer: observer.onAnswer,
    onDeath: observer.onDeath,
    onMail: observer.onMail,
  });

  const live = async (): Promise<DayResult> => {
    for (const subscriber of crowd) await system.repositories.subscribers.save(subscriber);
    await system.repositories.sourceStates.save('arxiv', { cursor: ARXIV_CURSOR, lists: {} });
    for (const [at, month] of OLD_MONTHS.entries())
      await storeOldPaper(system, `2508.0000${at}`, `${month}-05`);
    // A planner that never ran does not know which ticks it missed. After ingest each day has a snapshot without papers.
    await system.ingest();
    await system.plan();
    lists.set(DAY, PAPERS);
    isDisturbed = true;
    system.startWorkers();
    const schedule = async (run: () => Promise<unknown>, from: Instant) => {
      await time.wait(msBetween(START, from));
      for (let tick = 0; tick < RUNS; tick += 1) {
        await run();
        await time.wait(TICK_MS);
      }
    };
    const move = async () => {
      await time.wait(msBetween(START, MOVED_AT));
      const moved = (subscriber: Subscriber) => ({ ...subscriber, ...NEW_TIME });
      profileAfter(await changeSubscriber(system.repositories.subscribers, MOVING, moved));
    };
    await Promise.all([
      schedule(() => system.ingest(), START),
      schedule(() => system.ingest('arxiv'), ARXIV_READ_AT),
      schedule(system.plan, FIRST_PLANNED_AT),
      schedule(system.plan, PLANNED_AT),
      move(),
    ]);
    await system.waitUntilQuiet(1);
    isDisturbed = false;
    await system.ingest();
    await system.ingest('arxiv');

    const { history } = observer;
    const verdict = await reachVerdict(
      system,
      history,
      { due: DUE, mayRepeatDoubtful: false },
      [DAY, DAY],
      BATCHES,
    );
    const bounced = await system.repositories.subscribers.load(BOUNCING);
    const hasMail = history.mails.some(({ to }) => to.startsWith(`${BOUNCING}@`));
    const hasInstant = [...history.doubtful, ...history.mails.map(nameOf)].some((name) =>
      name.startsWith(`${INSTANT} instant `),
    );
    const archived = (await system.repositories.archive.loadMonths()).map(({ month }) => month);
    const forgotten = OLD_MONTHS.filter((month) => !archived.includes(month));
    const poor = history.mails.filter(({ paperIds }) => paperIds.length < PAPERS.length);
    return {
      kill,
      points: kill ? [] : killer.points,
      kills: killer.kills(),
      inDoubt: verdict.inDoubt,
      mails: verdict.mails,
      faults: [
        ...faultsIn(verdict),
        ...poor.map(({ to }) => `a paper is missing in the mail to ${to}`),
        ...forgotten.map((month) => `the archive lacks ${month}`),
        ...(hasInstant ? [] : ['lost: the instant digest']),
        ...(hasMail && bounced?.status !== 'bounced' ? ['a bounce had no effect'] : []),
      ],
    };
  };
  return withVirtualGlobals(time, random, () => time.run(live()));
}

async function storeOldPaper({ repositories }: ChaosSystem, id: string, day: Day): Promise<void> {
  const seenAt = `${day}T08:00:00.000Z`;
  await repositories.papers.save(createFacts({ id }), seenAt);
  await repositories.listings.save(createListing({ paperId: id, day, firstSeenAt: seenAt }));
}
