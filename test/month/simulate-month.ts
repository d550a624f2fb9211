import { createArxiv } from '../../local/arxiv/arxiv.ts';
import type { ArxivRequest } from '../../local/arxiv/requests.ts';
import { toListState } from '../../shared/domain/lists/list-state.ts';
import { findList } from '../../shared/domain/lists/lists.ts';
import type { Subscriber } from '../../shared/domain/subscribers/subscriber.ts';
import {
  addDays,
  addMs,
  type Day,
  daysFrom,
  type Instant,
  MS_PER_HOUR,
  MS_PER_MINUTE,
  msBetween,
  utcDayOf,
} from '../../shared/domain/time/time.ts';
import type { PaperRepository } from '../../shared/ports/papers.ts';
import { findBreaches, findExcessLookUps } from '../arxiv-terms.ts';
import type { DeliveredMail } from '../chaos/services/account.ts';
import { createChaosSystem } from '../chaos/system/system.ts';
import { toArxivId } from '../factories/arxiv.ts';
import { createSubscriber, createSubscription } from '../factories/subscribers.ts';
import { createRandom } from '../simulation/seeded-random.ts';
import { withVirtualGlobals } from '../simulation/virtual-globals.ts';
import { createVirtualTime } from '../simulation/virtual-time.ts';
import { expectState } from './expected-states.ts';
import {
  batchDays,
  CATEGORIES,
  MONTH,
  papersByList,
  performScript,
  pickedOn,
  UNFOLLOWED,
  UNKNOWN,
} from './script.ts';

/** The outcome of a simulated month. */
export interface MonthResult {
  /** What was wrong, in words. */
  readonly faults: readonly string[];
  readonly statesChecked: number;
  readonly mails: number;
  readonly papersDelivered: number;
  readonly requests: number;
}

/** Half an hour before the first day begins in New York. */
const START: Instant = `${MONTH.first}T03:30:00.000Z`;

/** At the hours of UTC when batches come, ingest is started twice, so close together that both run at once. */
const OVERLAPPING_HOURS = [4, 5, 6, 7, 8, 9, 10, 11];
const SECOND_RUN_AFTER_MS = 700;
const INGEST_AT_MS = 10 * MS_PER_MINUTE;
const CHECK_AT_MS = 50 * MS_PER_MINUTE;
/** Hugging Face is read at these hours of UTC. */
const HF_HOURS = [0, 6, 12, 18];
/** Until the last paper has reached everybody, in every zone and at every hour. */
const DAYS_AFTER = 3;

const lists = ['hf-daily', ...CATEGORIES.map((category) => `arxiv/${category}`)];

function follow(id: string, timeZone: string, hour: number, followed: readonly string[]): Subscriber {
  const subscription = { lists: [...followed], maxPapers: 50 };
  return createSubscriber({
    id,
    timeZone,
    hour,
    format: 'text',
    subscriptions: [createSubscription(subscription)],
  });
}

const readers: readonly Subscriber[] = [
  follow('reader-001', 'Europe/Berlin', 8, ['arxiv/cs.CL']),
  follow('reader-002', 'America/New_York', 7, ['arxiv/cs.CL', 'arxiv/cs.LG', 'arxiv/cs.CV']),
  follow('reader-003', 'Asia/Kathmandu', 8, ['arxiv/cs.CV', 'hf-daily']),
  follow('reader-004', 'Pacific/Auckland', 18, ['arxiv/cs.LG', 'arxiv/cs.CV']),
  follow('reader-005', 'America/Los_Angeles', 23, ['hf-daily', 'arxiv/cs.LG', 'arxiv/cs.CL']),
];

/**
 * Simulates the days from the first of the month to `until`, hour by hour, through the handlers of all functions. Judges them by what arXiv
 * did and by the mails.
 */
export async function simulateMonth(until: Day = MONTH.last): Promise<MonthResult> {
  const time = createVirtualTime(START);
  const random = createRandom(11);
  const arxiv = createArxiv({ clock: time, timer: time, pageSize: 4 });
  performScript(arxiv, until);
  const mails: DeliveredMail[] = [];
  const system = createChaosSystem({
    time,
    random,
    senders: 1,
    maxSendRate: 14,
    arxiv,
    lists: new Map(
      daysFrom(addDays(MONTH.first, -4), addDays(until, DAYS_AFTER)).map((day) => [
        day,
        day < MONTH.first || day > until ? [] : pickedOn(day),
      ]),
    ),
    followed: lists.join(),
    chooseFault: () => undefined,
    onMail: (mail) => mails.push(mail),
  });
  const faults: string[] = [];
  const reads: Instant[] = [];
  /** The reads, and second runs that may have begun with the outcome of the first. */
  const readsAndRepeats: Instant[] = [];
  let statesChecked = 0;

  const ingest = async (source: 'arxiv' | 'hf-daily') => {
    if ((await system.ingest(source)) === undefined) faults.push(`${time.now()}: a read of ${source} failed`);
  };
  const checkStates = async () => {
    const now = time.now();
    const stored = await system.repositories.sourceStates.load('arxiv');
    for (const category of CATEGORIES) {
      const list = findList(`arxiv/${category}`);
      const history = stored?.lists[`arxiv/${category}`] ?? { failuresInARow: 0 };
      const state = list && toListState(history, list.calendar, now);
      const expected = [reads, readsAndRepeats].map((some) => expectState(category, some, now, until));
      statesChecked += 1;
      if (!expected.some((allowed) => allowed === state)) {
        faults.push(`${now} ${category}: ${state}, expected ${[...new Set(expected)].join(' or ')}`);
      }
    }
  };
  const live = async () => {
    for (const reader of readers) await system.repositories.subscribers.save(reader);
    system.startWorkers();
    const end = `${addDays(until, DAYS_AFTER)}T00:00:00.000Z`;
    for (let at = addMs(START, MS_PER_HOUR / 2); at < end; at = addMs(at, MS_PER_HOUR)) {
      await time.wait(msBetween(time.now(), at));
      const hour = Number(at.slice(11, 13));
      void system.plan();
      await time.wait(INGEST_AT_MS);
      reads.push(time.now());
      readsAndRepeats.push(time.now());
      void ingest('arxiv');
      await time.wait(SECOND_RUN_AFTER_MS);
      if (OVERLAPPING_HOURS.includes(hour)) {
        readsAndRepeats.push(time.now());
        void ingest('arxiv');
      }
      if (HF_HOURS.includes(hour)) void ingest('hf-daily');
      await time.wait(CHECK_AT_MS - INGEST_AT_MS - SECOND_RUN_AFTER_MS);
      if (utcDayOf(at) <= until) await checkStates();
    }
    await system.waitUntilQuiet(1);
    faults.push(...(await findUnexplained(system.repositories.papers, until)));
  };
  await withVirtualGlobals(time, random, () => time.run(live()));

  return {
    faults: [
      ...faults,
      ...findWrongDeliveries(mails, until),
      ...findBreaches(arxiv.requests),
      ...findExcessLookUps(arxiv.requests, system.arxivRuns),
      ...findInsistence(arxiv.requests, until),
    ],
    statesChecked,
    mails: mails.length,
    papersDelivered: mails.reduce((sum, { paperIds }) => sum + paperIds.length, 0),
    requests: arxiv.requests.length,
  };
}

/** Returns the papers of Hugging Face that arXiv knows, and that lack what it knows of them. */
async function findUnexplained(
  papers: Pick<PaperRepository, 'loadMany'>,
  until: Day,
): Promise<readonly string[]> {
  const ids = batchDays(until).map((day) => toArxivId(day, UNFOLLOWED));
  const stored = new Map((await papers.loadMany(ids)).map((paper) => [paper.id, paper]));
  return ids
    .filter((id) => stored.get(id)?.version === undefined || stored.get(id)?.categories.join() !== 'math.AG')
    .map((id) => `${id} lacks what arXiv knows`);
}

/** A paper is on a list of the last days on four days. On each of them, a request may be repeated once or by a second run. */
const MAX_LOOK_UPS = 8;

/** Returns the unknown papers that arXiv was asked for too often. */
function findInsistence(requests: readonly ArxivRequest[], until: Day): readonly string[] {
  return batchDays(until).flatMap((day) => {
    const id = toArxivId(day, UNKNOWN);
    const hours = new Set(
      requests.flatMap(({ path, startedAt }) => (path.includes(id) ? [startedAt.slice(0, 13)] : [])),
    );
    if (hours.size === 0) return [`${id} was never looked up`];
    return hours.size > MAX_LOOK_UPS ? [`${id} was looked up in ${hours.size} hours`] : [];
  });
}

/** Returns the papers that a reader got twice, not at all, or without following their lists. */
function findWrongDeliveries(mails: readonly DeliveredMail[], until: Day): readonly string[] {
  const listed = papersByList(until);
  return readers.flatMap(({ id, subscriptions }) => {
    const due = new Set(
      subscriptions.flatMap((subscription) =>
        subscription.lists.flatMap((list) => [...(listed.get(list) ?? [])]),
      ),
    );
    const got = mails.filter(({ tags }) => tags.subscriber === id).flatMap(({ paperIds }) => paperIds);
    const seen = new Set<string>();
    return [
      ...got.filter((paper) => seen.size === seen.add(paper).size).map((paper) => `${id} got ${paper} twice`),
      ...[...due].filter((paper) => !seen.has(paper)).map((paper) => `${id} did not get ${paper}`),
      ...[...seen].filter((paper) => !due.has(paper)).map((paper) => `${id} got ${paper} uninvited`),
    ];
  });
}
