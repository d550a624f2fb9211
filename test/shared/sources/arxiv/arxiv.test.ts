import { beforeEach, describe, expect, test } from '@jest/globals';
import type { Announcement } from '../../../../local/arxiv/archive.ts';
import { type ArxivModel, createArxiv } from '../../../../local/arxiv/arxiv.ts';
import { createManualClock, type ManualClock } from '../../../../local/manual-clock.ts';
import type { Repositories } from '../../../../local/repositories.ts';
import { createHttpClient } from '../../../../shared/adapters/http/client.ts';
import { arxivCategoryIds } from '../../../../shared/domain/lists/arxiv-categories.ts';
import { listsTextSchema } from '../../../../shared/domain/lists/lists.ts';
import { type Instant, toEpochMs } from '../../../../shared/domain/time/time.ts';
import { type IngestSummary, ingest } from '../../../../shared/pipeline/ingest.ts';
import { createArxivSource } from '../../../../shared/sources/arxiv/arxiv.ts';
import { toGapDay } from '../../../../shared/sources/arxiv/batch-days.ts';
import { planReading } from '../../../../shared/sources/arxiv/plan-reading.ts';
import { findBreaches } from '../../../arxiv-terms.ts';
import { createArxivPaper } from '../../../factories/arxiv.ts';
import { createFakeTelemetry, type FakeTelemetry } from '../../../fakes/outside.ts';
import { createFakeRepositories } from '../../../fakes/repositories.ts';
import { fc } from '../../../fast-check.ts';

/** A time of November 2026, in which the 2nd is a Monday. New York is at UTC-5, so its day begins at 05:00. */
const november = (day: number, time = '07:30'): Instant =>
  `2026-11-${String(day).padStart(2, '0')}T${time}:00.000Z`;

let clock: ManualClock;
let arxiv: ArxivModel;
let repositories: Repositories;
let telemetry: FakeTelemetry;

beforeEach(() => {
  clock = createManualClock(november(2, '00:00'));
  arxiv = createArxiv({ clock, timer: clock, pageSize: 3 });
  repositories = createFakeRepositories(clock);
  telemetry = createFakeTelemetry();
});

/** Reads the lists as `ingest-papers` does. */
const read = (
  lists: string,
  now: Instant,
  signal?: AbortSignal,
  source = createArxivSource(),
): Promise<IngestSummary> => {
  clock.moveTo(now);
  const http = createHttpClient({
    userAgent: 'Broadsheet (+https://papers.example.org)',
    allowedHosts: ['rss.arxiv.org', 'oaipmh.arxiv.org'],
    rateLimit: { leases: repositories.leases, system: 'arxiv', intervalMs: 3_000 },
    fetch: arxiv.fetch,
    sleep: (ms) => clock.wait(ms),
    now: () => toEpochMs(clock.now()),
  });
  const ports = {
    ...repositories,
    lists: listsTextSchema.parse(lists),
    http,
    clock,
    telemetry,
  };
  return ingest(ports, source, signal);
};
/** A paper that was submitted on the morning before a batch. */
const createNew = (id: string, day: number, ...categories: [string, ...string[]]): Announcement => ({
  action: 'new',
  paper: createArxivPaper({ id, categories, versions: [november(day - 1, '12:00')] }),
});
const announce = (day: number, ...papers: Announcement[]) =>
  arxiv.announce(november(day).slice(0, 10), papers);
const idsOn = async (list: string, day: number) =>
  (await repositories.listings.load(list, november(day).slice(0, 10))).map(({ paperId }) => paperId).sort();
/** Follows categories since October, so that their first batch was checked long ago. */
const followSinceOctober = (...categories: string[]) => {
  const history = { newestDay: '2026-11-02', failuresInARow: 0, days: '2026-10-22 1 1 0 0 1 1 1 1 1 0 0 1' };
  const cursor = {
    days: Object.fromEntries(categories.map((category) => [category, '2026-11-01'])),
    gaps: [],
  };
  const lists = Object.fromEntries(categories.map((category) => [`arxiv/${category}`, history]));
  return repositories.sourceStates.save('arxiv', { cursor: JSON.stringify(cursor), lists });
};
const pathsSince = (n: number) => arxiv.requests.slice(n).map(({ path }) => decodeURIComponent(path));

test('lists new papers on each category that they name, and cross-listed ones where they were added', async () => {
  announce(3, createNew('2611.00001', 3, 'cs.CL', 'cs.LG'), createNew('2611.00002', 3, 'cs.CV', 'cs.LG'), {
    action: 'cross',
    paper: createArxivPaper({ id: '2610.00009', categories: ['cs.CL', 'cs.LG'] }),
  });

  const summary = await read('arxiv/cs.CL,arxiv/cs.LG', november(3));

  expect(summary).toMatchObject({ itemsRead: 3, itemsRejected: 0, created: 3, problems: [] });
  expect(await idsOn('arxiv/cs.CL', 3)).toEqual(['2611.00001']);
  expect(await idsOn('arxiv/cs.LG', 3)).toEqual(['2610.00009', '2611.00001', '2611.00002']);
  expect(pathsSince(0)).toEqual(['/rss/cs.CL+cs.LG']);
});

test('a new version updates a known paper and creates none', async () => {
  await followSinceOctober('cs.CL');
  announce(3, createNew('2611.00001', 3, 'cs.CL'));
  await read('arxiv/cs.CL', november(3));
  const [known, unknown] = ['2611.00001', '2601.00001'].map((id) =>
    createArxivPaper({ id, title: 'A Better Title', versions: [november(2), november(3)] }),
  );
  if (!known || !unknown) throw new Error('two papers');
  announce(
    4,
    { action: 'replace', paper: known },
    { action: 'replace', paper: unknown },
    createNew('2611.00002', 4, 'cs.CL'),
  );

  await read('arxiv/cs.CL', november(4));

  expect(await repositories.papers.loadMany(['2611.00001', '2601.00001'])).toMatchObject([
    { id: '2611.00001', version: 2, title: 'A Better Title' },
  ]);
  expect(await idsOn('arxiv/cs.CL', 4)).toEqual(['2611.00002']);
});

test('a feed that is up to date is not read again. The first batch of a list is checked once', async () => {
  announce(6, createNew('2611.00001', 6, 'cs.CL'));
  for (const time of ['05:10', '07:30', '12:00', '23:00']) await read('arxiv/cs.CL', november(6, time));
  await read('arxiv/cs.CL', november(7));
  await read('arxiv/cs.CL', november(8));
  expect(pathsSince(0)).toEqual([
    '/rss/cs.CL',
    '/oai?verb=ListRecords&metadataPrefix=arXivRaw&set=cs:cs:CL&from=2026-11-05',
  ]);
});

describe('a missed batch', () => {
  const missThree = async () => {
    await followSinceOctober('cs.CL');
    announce(3, createNew('2611.00001', 3, 'cs.CL'));
    await read('arxiv/cs.CL', november(3));
    for (const day of [4, 5, 6]) {
      const papers = [1, 2].map((n) => createNew(`2611.0${day}00${n}`, day, 'cs.CL', 'cs.LG'));
      announce(day, ...papers, {
        action: 'replace',
        paper: createArxivPaper({
          id: `2609.0000${day}`,
          versions: ['2026-09-01T12:00:00.000Z', november(day - 1)],
        }),
      });
    }
  };

  test('comes by OAI-PMH, each paper on its day, before the newest batch', async () => {
    await missThree();

    const summary = await read('arxiv/cs.CL', november(6));

    expect(summary.problems).toEqual([]);
    expect(pathsSince(1)[0]).toBe(
      '/oai?verb=ListRecords&metadataPrefix=arXivRaw&set=cs:cs:CL&from=2026-11-03',
    );
    expect(
      pathsSince(2)
        .slice(0, -1)
        .every((path) => path.includes('resumptionToken=')),
    ).toBe(true);
    expect(pathsSince(1).at(-1)).toBe('/rss/cs.CL');
    for (const day of [4, 5, 6]) {
      expect(await idsOn('arxiv/cs.CL', day)).toEqual([`2611.0${day}001`, `2611.0${day}002`]);
    }
    expect(findBreaches(arxiv.requests)).toEqual([]);
  });

  test('that is large comes in several runs', async () => {
    await missThree();
    const source = createArxivSource({ maxBackFilled: 3 });
    const asked: number[] = [];

    for (const time of ['07:30', '07:45', '08:00', '08:15', '08:30']) {
      const before = arxiv.requests.length;
      expect((await read('arxiv/cs.CL', november(6, time), undefined, source)).problems).toEqual([]);
      asked.push(arxiv.requests.length - before);
    }

    // The feed and a page of three records, then the other three pages.
    expect(asked).toEqual([2, 1, 1, 1, 0]);
    for (const day of [4, 5]) expect(await idsOn('arxiv/cs.CL', day)).toHaveLength(2);
  });

  test('is not asked for again after it was read', async () => {
    await missThree();
    await read('arxiv/cs.CL', november(6));
    const asked = arxiv.requests.length;
    await read('arxiv/cs.CL', november(6, '08:00'));
    await read('arxiv/cs.CL', november(7));
    expect(pathsSince(asked)).toEqual([]);
  });

  test.each([
    ['the same day', november(6, '08:00'), /resumptionToken/],
    ['another day, after its token expired', november(7), /set=cs:cs:CL&from=2026-11-03/],
  ])('goes on with the next run on %s', async (_, later, expected) => {
    await missThree();
    const { fetch } = arxiv;
    let pages = 0;
    arxiv = {
      ...arxiv,
      fetch: async (input) => {
        if (!String(input).includes('/oai')) return fetch(input);
        pages += 1;
        return pages === 2 ? new Response('', { status: 404 }) : fetch(input);
      },
    };
    const { problems } = await read('arxiv/cs.CL', november(6));
    expect(problems).toEqual([
      expect.stringMatching(/^cs.CL from 2026-11-04 to 2026-11-05, page .*: HTTP 404; expected 200$/),
    ]);
    const asked = arxiv.requests.length;

    expect((await read('arxiv/cs.CL', later)).problems).toEqual([]);

    expect(pathsSince(asked)[0]).toMatch(expected);
    for (const day of [4, 5]) expect(await idsOn('arxiv/cs.CL', day)).toHaveLength(2);
  });

  /** Runs every quarter hour of a range of days of November. Returns how many requests for the missed days each day got. */
  const readDays = async (first: number, last: number) => {
    const asked: number[] = [];
    for (let day = first; day <= last; day += 1) {
      const before = arxiv.requests.length;
      for (let minute = 0; minute < 24 * 60; minute += 15) {
        const time = `${String(Math.floor(minute / 60)).padStart(2, '0')}:${String(minute % 60).padStart(2, '0')}`;
        telemetry = createFakeTelemetry();
        await read('arxiv/cs.CL', november(day, time));
      }
      asked.push(pathsSince(before).filter((path) => /from=2026-11-03|resumptionToken/.test(path)).length);
    }
    return asked;
  };
  const findUnread = async () =>
    createArxivSource().findUnread?.((await repositories.sourceStates.load('arxiv'))?.cursor);

  test('that OAI-PMH never answers is asked for less and less, is reported in every run, and is whole once it works', async () => {
    await missThree();
    const { fetch } = arxiv;
    let isBad = true;
    arxiv = {
      ...arxiv,
      fetch: async (input, init) => {
        const answer = await fetch(input, init);
        return isBad && String(input).includes('/oai') ? new Response('', { status: 404 }) : answer;
      },
    };

    const asked = await readDays(6, 14);

    expect(asked[0]).toBeLessThan(25);
    for (const requests of asked.slice(4)) expect(requests).toBeLessThanOrEqual(2);
    const list = 'arxiv/cs.CL';
    expect(await findUnread()).toMatchObject([
      { list, from: '2026-11-04', until: '2026-11-12', failingSince: november(6, '00:00') },
      { list, from: '2026-11-13', until: '2026-11-13', failingSince: november(14, '05:00') },
    ]);
    expect(telemetry.counts.get('ListOverdue')).toBe(1);
    expect(telemetry.sentences).toContain('Papers of lists may be missing');

    isBad = false;
    await readDays(15, 16);
    for (const day of [4, 5]) expect(await idsOn('arxiv/cs.CL', day)).toHaveLength(2);
    expect(await findUnread()).toEqual([]);
  });

  test('after a short outage is read with the next run', async () => {
    await missThree();
    arxiv.faults.add({ kind: 'no connection', service: 'oai', until: november(6, '07:50') });
    for (const time of ['07:30', '07:45', '08:00']) await read('arxiv/cs.CL', november(6, time));
    for (const day of [4, 5]) expect(await idsOn('arxiv/cs.CL', day)).toHaveLength(2);
  });

  test('that could not be read for thirty days is given up, and says so', async () => {
    await missThree();
    arxiv.faults.add({ kind: 'status', status: 404, service: 'oai' });
    await read('arxiv/cs.CL', november(6));

    const { problems } = await read('arxiv/cs.CL', '2026-12-07T07:30:00.000Z');

    expect(problems[0]).toBe(
      'cs.CL from 2026-11-04 to 2026-11-06: given up, because it could not be read for 30 days. Run broadsheet backfill to read it',
    );
    const after = await read('arxiv/cs.CL', '2026-12-07T07:45:00.000Z');
    expect(after.problems.join()).not.toContain('given up');
  });

  test.each([
    ['always has a next page', () => `page ${Math.random()}`],
    ['leads from page to page in a circle', (n: number) => `page ${n % 3}`],
    ['leads to itself', () => 'page'],
  ])('whose list %s takes a limited time, and no other list waits for it', async (_, tokenOf) => {
    await followSinceOctober('cs.CL', 'cs.LG');
    announce(3, createNew('2611.00001', 3, 'cs.CL'), createNew('2611.00002', 3, 'cs.LG'));
    await read('arxiv/cs.CL,arxiv/cs.LG', november(3));
    announce(4, createNew('2611.00003', 4, 'cs.CL'), createNew('2611.00004', 4, 'cs.LG'));
    announce(5, createNew('2611.00005', 5, 'cs.CL'), createNew('2611.00006', 5, 'cs.LG'));
    const { fetch } = arxiv;
    let pages = 0;
    arxiv = {
      ...arxiv,
      fetch: async (input, init) => {
        const answer = await fetch(input, init);
        if (!/set=cs(%3A|:)cs(%3A|:)CL|resumptionToken/.test(String(input))) return answer;
        pages += 1;
        return new Response(
          `<OAI-PMH xmlns="http://www.openarchives.org/OAI/2.0/"><ListRecords><resumptionToken>${tokenOf(pages)}</resumptionToken></ListRecords></OAI-PMH>`,
        );
      },
    };

    for (let minute = 0; minute < 120; minute += 15)
      await read(
        'arxiv/cs.CL,arxiv/cs.LG',
        november(5, `0${7 + Math.floor(minute / 60)}:${minute % 60 || '00'}`),
      );

    expect(pages).toBeLessThan(300);
    expect(await idsOn('arxiv/cs.LG', 4)).toEqual(['2611.00004']);
    for (const subject of ['CL', 'LG']) expect(await idsOn(`arxiv/cs.${subject}`, 5)).toHaveLength(1);
    expect(await findUnread()).toMatchObject([{ list: 'arxiv/cs.CL', from: '2026-11-04' }]);
  });

  test('of a small category is checked once and may be empty', async () => {
    await followSinceOctober('cs.CL', 'cs.OS');
    announce(3, createNew('2611.00001', 3, 'cs.CL'), createNew('2611.00002', 3, 'cs.OS'));
    await read('arxiv/cs.CL,arxiv/cs.OS', november(3));
    announce(4, createNew('2611.00003', 4, 'cs.CL'));
    await read('arxiv/cs.CL,arxiv/cs.OS', november(4));
    const asked = arxiv.requests.length;
    announce(5, createNew('2611.00004', 5, 'cs.CL'), createNew('2611.00005', 5, 'cs.OS'));

    for (const time of ['07:30', '08:00']) await read('arxiv/cs.CL,arxiv/cs.OS', november(5, time));

    expect(pathsSince(asked)).toEqual([
      '/oai?verb=ListRecords&metadataPrefix=arXivRaw&set=cs:cs:OS&from=2026-11-03',
      '/rss/cs.CL+cs.OS',
    ]);
  });
});

describe('a missed batch that OAI-PMH has late', () => {
  /** Until a time, OAI-PMH has no records that changed since Monday, the 2nd. */
  const hideUntil = (until: Instant) => {
    const { fetch } = arxiv;
    arxiv = {
      ...arxiv,
      fetch: async (input, init) => {
        const answer = await fetch(input, init);
        if (!String(input).includes('/oai?') || clock.now() >= until) return answer;
        return new Response(
          '<OAI-PMH xmlns="http://www.openarchives.org/OAI/2.0/"><error code="noRecordsMatch">none</error></OAI-PMH>',
        );
      },
    };
  };

  test('is asked for again until it comes', async () => {
    await followSinceOctober('cs.CL');
    announce(4, createNew('2611.00001', 4, 'cs.CL'));
    hideUntil(november(5, '14:00'));

    for (const time of ['07:30', '08:00', '11:00', '14:10', '17:00'])
      await read('arxiv/cs.CL', november(5, time));

    expect(await idsOn('arxiv/cs.CL', 4)).toEqual(['2611.00001']);
    expect(pathsSince(0).filter((path) => path.startsWith('/oai'))).toHaveLength(3);
  });

  test('is asked for on two days, and is then taken as empty', async () => {
    await followSinceOctober('cs.CL');
    hideUntil(november(30));
    for (let day = 4; day <= 10; day += 1) {
      announce(day, createNew(`2611.0000${day}`, day, 'cs.LG'));
      for (const time of ['07:30', '12:00', '18:00', '23:00']) await read('arxiv/cs.CL', november(day, time));
    }

    const asked = pathsSince(0).filter((path) => path.startsWith('/oai'));
    // Each day of a batch from the 3rd to the 9th was asked for when it was over, and again for two days.
    expect(asked.length).toBeGreaterThan(20);
    expect(asked.length).toBeLessThanOrEqual(5 * 12);
    const { lists } = (await repositories.sourceStates.load('arxiv')) ?? { lists: {} };
    expect(lists['arxiv/cs.CL']?.failuresInARow).toBe(0);
  });
});

test('many missed batches leave time for the papers of today, and no list is called broken', async () => {
  const categories = arxivCategoryIds.slice(0, 60);
  await followSinceOctober(...categories);
  for (const day of [3, 4])
    announce(
      day,
      ...categories.map((category, n) =>
        createNew(`2611.${day}${String(n).padStart(4, '0')}`, day, category),
      ),
    );
  const lists = categories.map((category) => `arxiv/${category}`);

  await read(lists.join(), november(4));

  expect(pathsSince(0).filter((path) => path.startsWith('/oai'))).toHaveLength(20);
  for (const list of lists) expect(await idsOn(list, 4)).toHaveLength(1);
  for (const time of ['08:00', '08:30']) await read(lists.join(), november(4, time));
  for (const list of lists) expect(await idsOn(list, 3)).toHaveLength(1);

  await read(lists.join(), november(5), AbortSignal.abort());
  const state = await repositories.sourceStates.load('arxiv');
  expect(Object.values(state?.lists ?? {}).map(({ failuresInARow }) => failuresInARow)).toEqual(
    lists.map(() => 0),
  );
});

test('a category that is new begins with the newest batch, also at a weekend', async () => {
  announce(5, createNew('2611.00001', 5, 'cs.CL'));
  announce(6, createNew('2611.00002', 6, 'cs.CL'), createNew('2611.00003', 6, 'cs.LG'));
  await read('arxiv/cs.LG', november(6));

  await read('arxiv/cs.CL,arxiv/cs.LG', november(7));

  expect([await idsOn('arxiv/cs.CL', 5), await idsOn('arxiv/cs.CL', 6)]).toEqual([[], ['2611.00002']]);
  expect(pathsSince(1).every((path) => path.startsWith('/oai'))).toBe(true);
});

test('a category that arXiv refuses fails alone', async () => {
  announce(3, createNew('2611.00001', 3, 'cs.CL'), createNew('2611.00002', 3, 'cs.LG'));
  const { fetch } = arxiv;
  arxiv = {
    ...arxiv,
    fetch: async (input) =>
      fetch(String(input).includes('cs.CV') ? new URL('https://rss.arxiv.org/rss/CV') : input),
  };

  const { problems } = await read('arxiv/cs.CL,arxiv/cs.CV,arxiv/cs.LG', november(3));

  expect(problems).toEqual([expect.stringMatching(/^feed of cs.CV: Feed error for query/)]);
  expect([await idsOn('arxiv/cs.CL', 3), await idsOn('arxiv/cs.LG', 3)]).toEqual([
    ['2611.00001'],
    ['2611.00002'],
  ]);
});

test('a cut feed gives its complete items, and the next run reads it again', async () => {
  announce(3, ...[1, 2, 3, 4, 5].map((n) => createNew(`2611.0000${n}`, 3, 'cs.CL')));
  arxiv.faults.add({ kind: 'truncated', times: 1 });

  const { problems } = await read('arxiv/cs.CL', november(3));
  const early = await idsOn('arxiv/cs.CL', 3);
  await read('arxiv/cs.CL', november(3, '08:00'));

  expect(problems).toEqual([expect.stringContaining('breaks off after')]);
  expect(early.length).toBeGreaterThan(0);
  expect(early.length).toBeLessThan(5);
  expect(await idsOn('arxiv/cs.CL', 3)).toHaveLength(5);
});

test.each([
  ['2026-11-04', true, '2026-11-04'],
  ['2026-11-07', true, undefined],
  ['2026-11-04', false, undefined],
  [undefined, true, undefined],
])(
  'a paper without a date of submission that changed on %s, its first version %s, is on %s',
  (changedOn, isFirst, day) => {
    const gap = { category: 'cs.CL', from: '2026-11-03', until: '2026-11-05' };

    expect(toGapDay({ submittedAt: undefined, changedOn, isFirst }, gap)).toBe(day);
  },
);

test('a late batch is read until it comes', async () => {
  await followSinceOctober('cs.CL');
  announce(3, createNew('2611.00001', 3, 'cs.CL'));
  announce(4, createNew('2611.00002', 4, 'cs.CL'));
  arxiv.faults.delay('cs.CL', { from: november(4, '05:00'), until: november(4, '15:00') });
  await read('arxiv/cs.CL', november(3));

  for (const time of ['07:30', '08:00', '15:10', '15:25']) await read('arxiv/cs.CL', november(4, time));

  expect(arxiv.requests).toHaveLength(4);
  expect([await idsOn('arxiv/cs.CL', 3), await idsOn('arxiv/cs.CL', 4)]).toEqual([
    ['2611.00001'],
    ['2611.00002'],
  ]);
});

test('a late feed after a missed batch costs neither batch', async () => {
  await followSinceOctober('cs.CL');
  announce(3, createNew('2611.00001', 3, 'cs.CL'));
  await read('arxiv/cs.CL', november(3));
  announce(4, createNew('2611.00002', 4, 'cs.CL'));
  announce(5, createNew('2611.00003', 5, 'cs.CL'));
  arxiv.faults.delay('cs.CL', { from: november(5, '05:00'), until: november(5, '15:00') });

  for (const time of ['07:30', '08:00', '15:10']) await read('arxiv/cs.CL', november(5, time));

  expect([await idsOn('arxiv/cs.CL', 4), await idsOn('arxiv/cs.CL', 5)]).toEqual([
    ['2611.00002'],
    ['2611.00003'],
  ]);
});

test('a feed whose dates are a day behind, after a missed batch, has the papers of today', async () => {
  await followSinceOctober('cs.CL');
  announce(3, createNew('2611.00001', 3, 'cs.CL'));
  await read('arxiv/cs.CL', november(3));
  announce(4, createNew('2611.00002', 4, 'cs.CL'));
  announce(5, createNew('2611.00003', 5, 'cs.CL'));
  const { fetch } = arxiv;
  arxiv = {
    ...arxiv,
    fetch: async (input, init) => {
      const answer = await fetch(input, init);
      if (!String(input).includes('/rss/')) return answer;
      return new Response((await answer.text()).replaceAll('Thu, 05 Nov 2026', 'Wed, 04 Nov 2026'));
    },
  };

  await read('arxiv/cs.CL', november(5));

  expect(pathsSince(1)).toHaveLength(2);
  expect([await idsOn('arxiv/cs.CL', 4), await idsOn('arxiv/cs.CL', 5)]).toEqual([
    ['2611.00002'],
    ['2611.00003'],
  ]);
});

test('a category that is followed while its feed is late gets the batch by OAI-PMH, and none from before', async () => {
  announce(3, createNew('2611.00001', 3, 'cs.CL'));
  announce(4, createNew('2611.00002', 4, 'cs.CL'));
  arxiv.faults.delay('cs.CL', { from: november(4, '05:00'), until: november(5, '05:00') });
  await read('arxiv/cs.CL', november(4));
  announce(5, createNew('2611.00003', 5, 'cs.CL'));

  await read('arxiv/cs.CL', november(5));

  expect(await idsOn('arxiv/cs.CL', 4)).toContain('2611.00002');
  expect(await idsOn('arxiv/cs.CL', 5)).toEqual(['2611.00003']);
});

test('a category without papers on its first day does not get those of the day before', async () => {
  announce(3, createNew('2611.00001', 3, 'cs.OS'));
  announce(4, createNew('2611.00002', 4, 'cs.CL'));
  await read('arxiv/cs.CL,arxiv/cs.OS', november(4));
  announce(5, createNew('2611.00003', 5, 'cs.OS'));

  await read('arxiv/cs.CL,arxiv/cs.OS', november(5));

  expect([await idsOn('arxiv/cs.OS', 4), await idsOn('arxiv/cs.OS', 5)]).toEqual([[], ['2611.00003']]);
});

test('a category is late although papers of other categories name it', async () => {
  await followSinceOctober('cs.CL', 'cs.CV');
  announce(3, createNew('2611.00001', 3, 'cs.CL'), createNew('2611.00002', 3, 'cs.CV'));
  announce(4, createNew('2611.00003', 4, 'cs.CL', 'cs.CV'), createNew('2611.00004', 4, 'cs.CV'));
  arxiv.faults.delay('cs.CV', { from: november(4, '05:00'), until: november(5, '05:00') });
  await read('arxiv/cs.CL,arxiv/cs.CV', november(3));

  await read('arxiv/cs.CL,arxiv/cs.CV', november(4));
  const { lists } = (await repositories.sourceStates.load('arxiv')) ?? { lists: {} };
  await read('arxiv/cs.CL,arxiv/cs.CV', november(4, '08:00'));
  await read('arxiv/cs.CL,arxiv/cs.CV', november(5));

  expect([lists['arxiv/cs.CL']?.newestDay, lists['arxiv/cs.CV']?.newestDay]).toEqual([
    '2026-11-04',
    '2026-11-03',
  ]);
  expect(pathsSince(1).map((path) => path.replace(/&.*set/, '&set'))).toEqual([
    '/rss/cs.CL+cs.CV',
    '/rss/cs.CV',
    '/oai?verb=ListRecords&set=cs:cs:CV&from=2026-11-03',
    '/rss/cs.CL+cs.CV',
  ]);
  expect(await idsOn('arxiv/cs.CV', 4)).toEqual(['2611.00003', '2611.00004']);
});

test('no time is left: nothing is asked, and the next run goes on', async () => {
  announce(3, createNew('2611.00001', 3, 'cs.CL'));
  const stopped = AbortSignal.abort();
  expect((await read('arxiv/cs.CL', november(3), stopped)).problems).toEqual([
    'feed of cs.CL: not read: no time was left',
  ]);
  expect(arxiv.requests).toEqual([]);
  await read('arxiv/cs.CL', november(3, '08:00'));
  expect(await idsOn('arxiv/cs.CL', 3)).toEqual(['2611.00001']);
});

describe('planReading', () => {
  const lists = ['arxiv/cs.CL', 'arxiv/hep-th'];
  const input = { lists, histories: {}, now: november(5) };

  test('makes sense of any cursor', () => {
    const day = fc.constantFrom('2026-11-02', '2026-10-01', '2020-01-01', '2027-01-01', 'yesterday');
    const cursor = fc.record({
      days: fc.dictionary(fc.constantFrom('cs.CL', 'hep-th', 'x'), day),
      gaps: fc.array(fc.record({ category: fc.constantFrom('cs.CL', 'x'), from: day, until: day })),
    });
    const text = fc.oneof(
      fc.string(),
      fc.json(),
      cursor.map((value) => JSON.stringify(value)),
      fc.constant(undefined),
    );
    fc.assert(
      fc.property(text, (stored) => {
        const plan = planReading({ ...input, cursor: stored });
        expect(plan.feed).toEqual(['cs.CL', 'hep-th']);
        expect(plan.cursor.days).toEqual({ 'cs.CL': '2026-11-04', 'hep-th': '2026-11-04' });
        for (const { category, until } of plan.gaps) {
          expect(['cs.CL', 'hep-th']).toContain(category);
          expect(until >= '2026-10-06').toBe(true);
        }
      }),
    );
  });

  test('finds what was missed from the histories if the cursor is lost', () => {
    const histories = {
      'arxiv/cs.CL': { newestDay: '2026-11-02', failuresInARow: 0, days: '2026-10-30 1 0 0 1' },
    };
    expect(planReading({ ...input, histories, cursor: '{' }).gaps).toEqual([
      { category: 'cs.CL', from: '2026-11-03', until: '2026-11-04' },
    ]);
  });

  test('asks for no holiday', () => {
    const cursor = JSON.stringify({ days: { 'cs.CL': '2026-11-25' }, gaps: [] });
    const plan = planReading({ lists: ['arxiv/cs.CL'], histories: {}, cursor, now: november(28) });
    // Thanksgiving is on the 26th, so there is no batch on the 27th.
    expect(plan.gaps).toEqual([{ category: 'cs.CL', from: '2026-11-26', until: '2026-11-26', isNew: true }]);
  });
});
