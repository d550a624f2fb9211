import { beforeEach, describe, expect, test } from '@jest/globals';
import type { Announcement } from '../../../../local/arxiv/archive.ts';
import { type ArxivModel, createArxiv } from '../../../../local/arxiv/arxiv.ts';
import { createManualClock, type ManualClock } from '../../../../local/manual-clock.ts';
import type { Repositories } from '../../../../local/repositories.ts';
import { createHttpClient } from '../../../../shared/adapters/http/client.ts';
import { arxivCalendar } from '../../../../shared/domain/lists/arxiv-calendar.ts';
import { arxivCategoryIds } from '../../../../shared/domain/lists/arxiv-categories.ts';
import { isListingDay } from '../../../../shared/domain/lists/list-calendar.ts';
import { listsTextSchema } from '../../../../shared/domain/lists/lists.ts';
import {
  addDays,
  addMs,
  type Day,
  daysFrom,
  type Instant,
  MS_PER_MINUTE,
  msBetween,
  toEpochMs,
} from '../../../../shared/domain/time/time.ts';
import { ingest } from '../../../../shared/pipeline/ingest.ts';
import { createArxivSource } from '../../../../shared/sources/arxiv/arxiv.ts';
import {
  findFaults,
  findUnread as findUnreadDays,
  type Gap,
  printArxivCursor,
} from '../../../../shared/sources/arxiv/gap.ts';
import {
  afterFailure,
  giveUpBefore,
  joinLongFailing,
} from '../../../../shared/sources/arxiv/gap-progress.ts';
import { planReading } from '../../../../shared/sources/arxiv/plan-reading.ts';
import { findBreaches } from '../../../arxiv-terms.ts';
import { createArxivPaper } from '../../../factories/arxiv.ts';
import { createFakeTelemetry, type FakeTelemetry } from '../../../fakes/outside.ts';
import { createFakeRepositories } from '../../../fakes/repositories.ts';
import { fc } from '../../../fast-check.ts';

const LIST = 'arxiv/cs.CL';
/** The batches that were missed, from a Wednesday to the Monday after it. */
const MISSED: readonly Day[] = ['2026-11-04', '2026-11-05', '2026-11-06', '2026-11-09'];
const TODAY: Day = '2026-11-10';
const READ_IN_TIME: readonly Day[] = [10, 11, 12, 13, 16, 17, 18, 19, 20].map((day) => `2026-11-${day}`);
const START: Instant = `${TODAY}T07:30:00.000Z`;

let clock: ManualClock;
let arxiv: ArxivModel;
let repositories: Repositories;
let telemetry: FakeTelemetry;

const setUp = () => {
  clock = createManualClock('2026-11-02T00:00:00.000Z');
  arxiv = createArxiv({ clock, timer: clock, pageSize: 3 });
  repositories = createFakeRepositories(clock);
  for (const day of [...MISSED, ...READ_IN_TIME])
    arxiv.announce(
      day,
      idsOf(day).map((id) => createNew(id, day)),
    );
};
beforeEach(setUp);

const idsOf = (day: Day) => [1, 2].map((n) => `2611.${day.slice(8)}00${n}`);
const createNew = (id: string, day: Day, category = 'cs.CL'): Announcement => ({
  action: 'new',
  paper: createArxivPaper({ id, categories: [category], versions: [`${addDays(day, -1)}T12:00:00.000Z`] }),
});
const idsOn = async (day: Day) =>
  (await repositories.listings.load(LIST, day)).map(({ paperId }) => paperId).sort();

/** The categories were followed since October, and were read last on the 3rd. */
const followUntilThird = (...categories: readonly string[]) => {
  const followed = categories.length > 0 ? categories : ['cs.CL'];
  const history = {
    newestDay: '2026-11-03',
    failuresInARow: 0,
    days: '2026-10-22 1 1 0 0 1 1 1 1 1 0 0 1 1',
  };
  const cursor = { days: Object.fromEntries(followed.map((category) => [category, '2026-11-03'])), gaps: [] };
  const lists = Object.fromEntries(followed.map((category) => [`arxiv/${category}`, history]));
  return repositories.sourceStates.save('arxiv', { cursor: JSON.stringify(cursor), lists });
};

interface Reading {
  readonly lists?: readonly string[];
  readonly fetch?: typeof globalThis.fetch;
  readonly signal?: AbortSignal;
  readonly probeMs?: number;
}

/** Reads the lists as `ingest-papers` does. Returns the number of requests to OAI-PMH. */
const readOnce = async (
  at: Instant,
  { lists = [LIST], fetch = arxiv.fetch, signal, probeMs }: Reading = {},
) => {
  if (at > clock.now()) clock.moveTo(at);
  const asked = arxiv.requests.length;
  telemetry = createFakeTelemetry();
  const http = createHttpClient({
    userAgent: 'Broadsheet (+https://papers.example.org)',
    allowedHosts: ['rss.arxiv.org', 'oaipmh.arxiv.org'],
    rateLimit: { leases: repositories.leases, system: 'arxiv', intervalMs: 3_000 },
    fetch,
    sleep: (ms) => clock.wait(ms),
    now: () => toEpochMs(clock.now()),
  });
  const ports = { ...repositories, lists: listsTextSchema.parse(lists.join()), http, clock, telemetry };
  await ingest(ports, createArxivSource({ probeMs }), signal);
  return arxiv.requests.slice(asked).filter(({ path }) => path.startsWith('/oai')).length;
};

/** Reads the list every quarter hour from one instant until another. Returns the number of requests to OAI-PMH. */
const readFrom = async (from: Instant, until: Instant, fetch?: typeof globalThis.fetch) => {
  let asked = 0;
  for (let at = from; at < until; at = addMs(at, 15 * MS_PER_MINUTE))
    asked += await readOnce(at, fetch && { fetch });
  return asked;
};
const findUnread = async () =>
  createArxivSource().findUnread?.((await repositories.sourceStates.load('arxiv'))?.cursor);

/** Some records make every page fail that would have them. So it is at arXiv. */
const failingFor =
  (...ids: readonly string[]): typeof globalThis.fetch =>
  async (...request) => {
    const answer = await arxiv.fetch(...request);
    if (!String(request[0]).includes('/oai')) return answer;
    const body = await answer.text();
    return ids.some((id) => body.includes(id)) ? new Response('', { status: 404 }) : new Response(body);
  };

/** OAI-PMH accepts no token. */
const withoutTokens: typeof globalThis.fetch = (input, init) => {
  const url = new URL(String(input));
  if (url.searchParams.has('resumptionToken')) url.searchParams.set('resumptionToken', 'skip=0');
  return arxiv.fetch(url, init);
};

test('a missed day that cannot be read costs that day, and the days after it are read within three hours', async () => {
  await followUntilThird();

  await readFrom(START, `${TODAY}T10:30:00.000Z`, failingFor('2611.05001'));

  for (const day of ['2026-11-04', '2026-11-06', '2026-11-09', TODAY])
    expect(await idsOn(day)).toEqual(idsOf(day));
  expect(await idsOn('2026-11-05')).toEqual([]);
  expect(await findUnread()).toEqual([
    {
      list: LIST,
      from: '2026-11-05',
      until: '2026-11-05',
      // The days before it worked then.
      failingSince: `${TODAY}T09:00:00.000Z`,
      retryAt: expect.any(String),
    },
  ]);
  expect(telemetry.counts.get('ListOverdue')).toBe(1);
  expect(telemetry.sentences).toContain('Papers of lists may be missing');
});

test('a bad day is asked for less and less, and is read once it works', async () => {
  await followUntilThird();
  const bad = failingFor('2611.05001', '2611.09001');

  const first = await readFrom(START, '2026-11-11T07:30:00.000Z', bad);
  await readFrom('2026-11-11T07:30:00.000Z', '2026-11-17T00:00:00.000Z', bad);
  const later = await readFrom('2026-11-17T00:00:00.000Z', '2026-11-18T00:00:00.000Z', bad);

  expect(first).toBeLessThan(40);
  expect(later).toBeLessThanOrEqual(2);
  expect((await findUnread())?.map(({ from, until }) => [from, until])).toEqual([
    ['2026-11-05', '2026-11-05'],
    ['2026-11-09', '2026-11-09'],
  ]);

  await readFrom('2026-11-18T00:00:00.000Z', '2026-11-21T00:00:00.000Z');

  for (const day of MISSED) expect(await idsOn(day)).toEqual(idsOf(day));
  expect(await findUnread()).toEqual([]);
  expect(findBreaches(arxiv.requests)).toEqual([]);
});

test('a paper of a bad day that got a new version meanwhile is listed on its day', async () => {
  await followUntilThird();
  await readFrom(START, `${TODAY}T12:00:00.000Z`, failingFor('2611.05001'));
  const versions = ['2026-11-04T12:00:00.000Z', '2026-11-11T12:00:00.000Z'] as const;
  arxiv.announce('2026-11-12', [
    { action: 'replace', paper: createArxivPaper({ id: '2611.05002', versions }) },
  ]);

  await readFrom('2026-11-13T00:00:00.000Z', '2026-11-14T00:00:00.000Z');

  expect(await idsOn('2026-11-05')).toEqual(idsOf('2026-11-05'));
});

test('missed days are read one by one if OAI-PMH accepts no token', async () => {
  await followUntilThird();

  await readFrom(START, `${TODAY}T10:30:00.000Z`, withoutTokens);

  for (const day of MISSED) expect(await idsOn(day)).toEqual(idsOf(day));
  expect(await findUnread()).toEqual([]);
});

test('an outage of a day costs few requests, and nothing else', async () => {
  await followUntilThird();
  const end = `${addDays(TODAY, 1)}T07:30:00.000Z`;
  arxiv.faults.add({ kind: 'status', status: 404, service: 'oai', until: end });

  expect(await readFrom(START, end)).toBeLessThan(25);
  await readFrom(end, '2026-11-12T00:00:00.000Z');

  for (const day of [...MISSED, TODAY]) expect(await idsOn(day)).toEqual(idsOf(day));
  expect(await findUnread()).toEqual([]);
});

test('whatever fails and for however long, every other paper is read, and all are in the end', async () => {
  const badPapers = fc.subarray(MISSED.flatMap(idsOf));
  await fc.assert(
    fc.asyncProperty(badPapers, fc.integer({ min: 0, max: 12 }), async (bad, outageHours) => {
      setUp();
      await followUntilThird();
      const back = addMs(START, outageHours * 60 * MS_PER_MINUTE);
      if (outageHours > 0) arxiv.faults.add({ kind: 'no connection', service: 'oai', until: back });
      const badDays = MISSED.filter((day) => idsOf(day).some((id) => bad.includes(id)));

      await readFrom(START, addMs(START, 40 * 60 * MS_PER_MINUTE), failingFor(...bad));

      for (const day of MISSED) expect(await idsOn(day)).toEqual(badDays.includes(day) ? [] : idsOf(day));
      const unread = (await findUnread()) ?? [];
      for (const day of badDays)
        expect(unread.some(({ from, until }) => from <= day && day <= until)).toBe(true);
      if (badDays.length === 0) expect(unread).toEqual([]);

      await readFrom(addMs(START, 40 * 60 * MS_PER_MINUTE), addMs(START, 80 * 60 * MS_PER_MINUTE));
      for (const day of MISSED) expect(await idsOn(day)).toEqual(idsOf(day));
      expect(await findUnread()).toEqual([]);
    }),
    { numRuns: 12 },
  );
}, 120_000);

describe('while OAI-PMH does not work, the papers of today', () => {
  const categories = arxivCategoryIds.slice(0, 60);
  const lists = categories.map((category) => `arxiv/${category}`);
  const countToday = async () => {
    const found = await Promise.all(lists.map((list) => repositories.listings.load(list, TODAY)));
    return found.filter((listings) => listings.length > 0).length;
  };
  beforeEach(async () => {
    await followUntilThird(...categories);
    const papers = categories.map((category, n) =>
      createNew(`2611.7${String(n).padStart(4, '0')}`, TODAY, category),
    );
    arxiv.announce(TODAY, papers);
  });

  test('come at once if it answers with errors', async () => {
    arxiv.faults.add({ kind: 'status', status: 503, retryAfter: '0', service: 'oai' });

    const asked = await readOnce(START, { lists });

    expect(await countToday()).toBe(60);
    // Three categories with four attempts each.
    expect(asked).toBe(12);
    expect(msBetween(START, clock.now())).toBeLessThan(2 * MS_PER_MINUTE);
  });

  test('come with the next run if it does not answer before the time is over', async () => {
    const hanging: typeof globalThis.fetch = (input, init) => {
      if (!String(input).includes('/oai')) return arxiv.fetch(input, init);
      return new Promise((_, reject) => {
        init?.signal?.addEventListener('abort', () => reject(new Error('stopped')));
      });
    };
    await readOnce(START, { lists, fetch: hanging, signal: AbortSignal.timeout(20) });
    expect(await countToday()).toBe(0);

    const next = addMs(START, 15 * MS_PER_MINUTE);
    await readOnce(next, { lists, fetch: hanging, probeMs: 20, signal: AbortSignal.timeout(15_000) });

    expect(await countToday()).toBe(60);
  }, 30_000);

  test('do not put off the missed days, once it works again', async () => {
    arxiv.faults.add({
      kind: 'status',
      status: 404,
      service: 'oai',
      until: addMs(START, 20 * MS_PER_MINUTE),
    });
    for (let run = 0; run < 8; run += 1) await readOnce(addMs(START, run * 15 * MS_PER_MINUTE), { lists });

    for (const day of MISSED) expect(await idsOn(day)).toEqual(idsOf(day));
    expect(await findUnread()).toEqual([]);
  });
});

test('two bad days that were missed at different times share their tries, and both are read in the end', async () => {
  await followUntilThird();
  const bad = failingFor('2611.05001', '2611.13002');
  await readFrom(START, '2026-11-12T00:00:00.000Z', bad);
  // Nothing ran from Thursday to Monday.
  await readFrom('2026-11-17T07:30:00.000Z', '2026-11-20T00:00:00.000Z', bad);

  expect((await findUnread())?.map(({ from, until }) => [from, until])).toEqual([
    ['2026-11-05', '2026-11-05'],
    ['2026-11-13', '2026-11-13'],
  ]);
  for (const day of ['2026-11-12', '2026-11-16']) expect(await idsOn(day)).toEqual(idsOf(day));

  await readFrom('2026-11-20T00:00:00.000Z', '2026-11-22T00:00:00.000Z');

  for (const day of [...MISSED, ...READ_IN_TIME]) expect(await idsOn(day)).toEqual(idsOf(day));
  expect(await findUnread()).toEqual([]);
});

describe('planReading, while no request for missed days works', () => {
  const categories = arxivCategoryIds;
  const lists = categories.map((category) => `arxiv/${category}`);
  const histories = Object.fromEntries(
    lists.map((list) => [list, { newestDay: '2026-11-03', failuresInARow: 0, days: '2026-11-02 1 1' }]),
  );
  const first = '2026-11-04';

  test('keeps the cursor of all categories small for months, and each missed day is open or given up', () => {
    let cursor = printArxivCursor({
      days: Object.fromEntries(categories.map((category) => [category, '2026-11-03'])),
      gaps: [],
    });
    let longest = 0;
    const givenUp: Day[] = [];
    for (let day: Day = '2026-11-05'; day < '2027-01-20'; day = addDays(day, 1)) {
      for (const hour of ['06', '08', '13', '20']) {
        const now: Instant = `${day}T${hour}:00:00.000Z`;
        const plan = planReading({ lists, histories, cursor, now });
        const asked = new Set(plan.gaps);
        const gaps = plan.cursor.gaps.map((gap) => (asked.has(gap) ? afterFailure(gap, { now }) : gap));
        cursor = printArxivCursor({ ...plan.cursor, gaps });
        longest = Math.max(longest, cursor.length);
        for (const { category, from, until } of plan.givenUp)
          if (category === 'cs.CL') givenUp.push(...daysFrom(from, until));
      }
      const open = findUnreadDays(cursor).filter(({ list }) => list === LIST);
      const known = new Set([...givenUp, ...open.flatMap(({ from, until }) => daysFrom(from, until))]);
      const missed = daysFrom(first, addDays(day, -1)).filter((missedDay) =>
        isListingDay(arxivCalendar, missedDay),
      );
      expect(missed.filter((missedDay) => !known.has(missedDay))).toEqual([]);
    }

    // An item has 400 KB at most, and the histories take 50.
    expect(longest).toBeLessThan(200_000);
    expect(new Set(givenUp).size).toBe(givenUp.length);
  });
});

test('after an outage of a week, bad days cost the others a few hours', async () => {
  await followUntilThird();
  const back = '2026-11-17T07:30:00.000Z';
  arxiv.faults.add({ kind: 'no connection', service: 'oai', until: back });
  await readFrom(START, back);
  const bad = failingFor('2611.04001', '2611.06001', '2611.10001', '2611.12001');

  // It waits for a day at most before it asks again.
  await readFrom(back, '2026-11-18T13:30:00.000Z', bad);

  for (const day of ['2026-11-05', '2026-11-09', '2026-11-11', '2026-11-13', '2026-11-16'])
    expect(await idsOn(day)).toEqual(idsOf(day));
});

describe('giveUpBefore', () => {
  const gap: Gap = {
    category: 'cs.CL',
    from: '2026-10-01',
    until: '2026-10-10',
    retryAt: START,
    failingSince: START,
    parts: [{ from: '2026-10-03', until: '2026-10-03' }],
    splitOn: '2026-10-12',
  };

  test('still reads what changed since a gap was split, if its other parts are too old', () => {
    expect(giveUpBefore(gap, '2026-10-05').left).toEqual({
      category: 'cs.CL',
      from: '2026-10-05',
      until: '2026-10-10',
      retryAt: START,
      failingSince: START,
      parts: [{ from: '2026-10-12' }],
    });
  });

  test('forgets the token of a part that is too old', () => {
    const next = { from: '2026-10-08', until: '2026-10-08' };
    const reading: Gap = {
      ...gap,
      parts: [{ from: '2026-10-03', until: '2026-10-03' }, next],
      token: 't',
      tokenDay: TODAY,
    };

    const { left } = giveUpBefore(reading, '2026-10-05');

    expect(left?.parts).toEqual([next]);
    expect(left).not.toHaveProperty('token');
  });
});

test('joinLongFailing asks at once for a gap whose last request worked', () => {
  const old = {
    category: 'cs.CL',
    from: '2026-10-01',
    until: '2026-10-01',
    failingSince: '2026-10-02T00:00:00.000Z',
  };
  const waiting = { ...old, from: '2026-10-05', until: '2026-10-05', retryAt: addMs(START, MS_PER_MINUTE) };

  expect(joinLongFailing([old, waiting], START).map(({ retryAt }) => retryAt)).toEqual([undefined]);
});

describe('a stored cursor', () => {
  const lists = ['arxiv/cs.CL', 'arxiv/cs.LG'];
  const history = { newestDay: '2026-11-09', failuresInARow: 0, days: '2026-11-02 5 5 0 5 5 0 0 5' };
  const histories = {
    'arxiv/cs.CL': history,
    'arxiv/cs.LG': { ...history, days: '2026-11-02 5 5 5 5 5 0 0 5' },
  };
  const sound: Gap = { category: 'cs.LG', from: '2026-11-05', until: '2026-11-06' };
  const days = { 'cs.CL': '2026-11-09', 'cs.LG': '2026-11-09' };
  const plan = (cursor: unknown) =>
    planReading({ lists, histories, cursor: JSON.stringify(cursor), now: START });

  test.each([
    ['a broken token', { from: '2026-11-04', until: '2026-11-04', token: 7 }, '2026-11-04', '2026-11-04'],
    ['no end', { from: '2026-11-04' }, '2026-11-04', '2026-11-09'],
    ['no start', { from: 'Wednesday', until: '2026-11-05' }, '2026-11-02', '2026-11-05'],
    [
      'an end in the future',
      { from: '2026-11-04', until: '9999-12-31', pages: 'x' },
      '2026-11-04',
      '2026-11-09',
    ],
    ['its category alone', {}, '2026-11-02', '2026-11-09'],
  ])('with a gap with %s reads its days again, and keeps the others', (_, broken, from, until) => {
    const { gaps, cursor } = plan({ days, gaps: [{ category: 'cs.CL', ...broken }, sound] });

    expect(gaps).toEqual([{ category: 'cs.CL', from, until }, sound]);
    expect(cursor.days).toEqual(days);
  });

  test.each([
    ['a gap of an unknown category', { days, gaps: [{ from: '2026-11-04' }, 'x', sound] }, [sound]],
    ['gaps that are no list', { days, gaps: 'x' }, []],
    ['no gaps', { days }, []],
    ['nothing', 'x', []],
  ])('with %s reads the days without papers again', (_, cursor, others) => {
    expect(plan(cursor).gaps).toEqual([
      { category: 'cs.CL', from: '2026-11-04', until: '2026-11-04' },
      ...others,
    ]);
  });

  test('with a broken day of a category goes on after the newest day of its list', () => {
    const ofMonday = { ...history, newestDay: '2026-11-05', days: '2026-11-02 5 5 5 5' };
    const cursor = JSON.stringify({ days: { ...days, 'cs.CL': 'Monday' }, gaps: [sound] });

    const { gaps } = planReading({ lists, histories: { 'arxiv/cs.CL': ofMonday }, cursor, now: START });

    expect(gaps).toEqual([sound, { category: 'cs.CL', from: '2026-11-06', until: '2026-11-09' }]);
  });

  test('names each part that cannot be read', () => {
    const cursor = { days: { 'cs.CL': 'x' }, gaps: [{ category: 'cs.LG', from: 1, until: TODAY }, 7, sound] };
    expect(findFaults(JSON.stringify(cursor))).toEqual([
      { item: 'days.cs.CL', reason: 'it is no day; the history of the list says what to read' },
      {
        item: 'gap of cs.LG',
        reason: `its from cannot be read; days from the first one known to ${TODAY} are read again`,
      },
      { item: 'gap of an unknown category', reason: 'it cannot be read; days without papers are read again' },
    ]);
    expect(findFaults('{').map(({ item }) => item)).toEqual(['days', 'gaps']);
    expect(findFaults(printArxivCursor({ days, gaps: [sound] }))).toEqual([]);
    expect(findFaults(undefined)).toEqual([]);
  });

  test('with a broken part costs no paper, and the fault is reported once', async () => {
    await followUntilThird();
    const { lists: stored = {} } = (await repositories.sourceStates.load('arxiv')) ?? {};
    const broken = {
      days: { 'cs.CL': '2026-11-09' },
      gaps: [{ category: 'cs.CL', from: '2026-11-04', pages: '' }],
    };
    await repositories.sourceStates.save('arxiv', { cursor: JSON.stringify(broken), lists: stored });

    await readOnce(START);

    expect(telemetry.sentences).toContain('A stored record cannot be read');
    expect(telemetry.counts.get('RecordsUnreadable')).toBe(1);
    for (const day of [...MISSED, TODAY]) expect(await idsOn(day)).toEqual(idsOf(day));
    await readOnce(addMs(START, 15 * MS_PER_MINUTE));
    expect(telemetry.counts.get('RecordsUnreadable')).toBeUndefined();
  });

  test.each([
    ['is asked for up to yesterday', { until: '9999-12-31' }, [{ ...sound, until: '2026-11-09' }]],
    ['is done if its days up to yesterday have papers now', { until: '9999-12-31', askAt: START }, []],
    ['is dropped if it has only days to come', { from: '2026-12-01', until: '2026-12-02' }, []],
  ])('with a gap that ends in the future: it %s', (_, days_, expected) => {
    const { gaps, cursor } = plan({ days, gaps: [{ ...sound, ...days_ }] });

    expect(gaps).toEqual(expected);
    expect(cursor.gaps).toEqual(expected);
  });

  test('asks for a gap that a wrong clock has put off for longer than any failure does', () => {
    const gap = { ...sound, failingSince: START, retryAt: addMs(START, 40 * 24 * 60 * MS_PER_MINUTE) };
    expect(plan({ days, gaps: [gap] }).gaps).toEqual([gap]);
  });
});
