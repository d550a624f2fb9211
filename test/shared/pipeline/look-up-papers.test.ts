import { beforeEach, expect, test } from '@jest/globals';
import { type ArxivModel, createArxiv } from '../../../local/arxiv/arxiv.ts';
import { createManualClock, type ManualClock } from '../../../local/manual-clock.ts';
import type { Repositories } from '../../../local/repositories.ts';
import { createHttpClient } from '../../../shared/adapters/http/client.ts';
import { listsTextSchema } from '../../../shared/domain/lists/lists.ts';
import type { PaperFacts } from '../../../shared/domain/papers/paper.ts';
import { type Instant, toEpochMs, utcDayOf } from '../../../shared/domain/time/time.ts';
import { type IngestSummary, ingest } from '../../../shared/pipeline/ingest.ts';
import { lookUpPapers } from '../../../shared/pipeline/look-up-papers.ts';
import { createArxivSource } from '../../../shared/sources/arxiv/arxiv.ts';
import type { Source } from '../../../shared/sources/source.ts';
import { findBreaches } from '../../arxiv-terms.ts';
import { createArxivPaper } from '../../factories/arxiv.ts';
import { createFacts } from '../../factories/papers.ts';
import { scriptHttpClient } from '../../factories/scripted-http-client.ts';
import { createFakeTelemetry } from '../../fakes/outside.ts';
import { createFakeRepositories } from '../../fakes/repositories.ts';

/** A time of November 2026, in which the 3rd is a Tuesday. */
const november = (day: number, time = '12:10'): Instant =>
  `2026-11-${String(day).padStart(2, '0')}T${time}:00.000Z`;

let clock: ManualClock;
let arxiv: ArxivModel;
let repositories: Repositories;
let telemetry: ReturnType<typeof createFakeTelemetry>;

beforeEach(() => {
  clock = createManualClock(november(3, '00:00'));
  arxiv = createArxiv({ clock, timer: clock });
  repositories = createFakeRepositories(clock);
});

const run = (source: Source, now: Instant, lists = 'hf-daily,arxiv/hep-th', signal?: AbortSignal) => {
  if (now > clock.now()) clock.moveTo(now);
  const http = createHttpClient({
    userAgent: 'Broadsheet (+https://papers.example.org)',
    allowedHosts: ['rss.arxiv.org', 'oaipmh.arxiv.org', 'export.arxiv.org'],
    rateLimit: { leases: repositories.leases, system: 'arxiv', intervalMs: 3_000 },
    fetch: arxiv.fetch,
    sleep: (ms) => clock.wait(ms),
    now: () => toEpochMs(clock.now()),
  });
  telemetry = createFakeTelemetry();
  return ingest(
    { ...repositories, lists: listsTextSchema.parse(lists), http, clock, telemetry },
    source,
    signal,
  );
};
/** Hugging Face names some papers today. */
const pick = (now: Instant, ids: readonly string[], facts: Partial<PaperFacts> = {}) => {
  const day = utcDayOf(now);
  const items = ids.map((id) => ({
    facts: createFacts({ id, categories: undefined, ...facts }),
    listings: [{ list: 'hf-daily', day, paperId: id, firstSeenAt: now }],
  }));
  const answer = { lists: ['hf-daily'], asked: day, items, itemsRead: items.length, cursor: day };
  return run(
    {
      name: 'hf-daily',
      async *fetch() {
        yield { ...answer, rejections: [], corrections: [] };
      },
    },
    now,
  );
};
/** arXiv is read, where hep-th has no paper. */
const read = (now: Instant, lists?: string, signal?: AbortSignal): Promise<IngestSummary> =>
  run(createArxivSource(), now, lists, signal);
/** arXiv has papers since a day. */
const announce = (day: number, ...ids: string[]) =>
  arxiv.announce(
    november(day).slice(0, 10),
    ids.map((id) => ({ action: 'new', paper: createArxivPaper({ id, categories: ['cs.AI', 'cs.CL'] }) })),
  );
/** The ids of each request for single papers. */
const lookUps = () =>
  arxiv.requests
    .filter(({ path }) => path.startsWith('/api/query'))
    .map(({ path }) => new URLSearchParams(path.split('?')[1]).get('id_list'));
/** What is remembered from one look-up to the next. */
const memory = async () => JSON.parse((await repositories.sourceStates.load('lookup#arxiv'))?.cursor ?? '');
const load = async (id: string) => (await repositories.papers.loadMany([id]))[0];
const toIds = (count: number) =>
  Array.from({ length: count }, (_, n) => `2610.${String(n + 1).padStart(5, '0')}`);

test('a paper that only Hugging Face named gets what arXiv knows of it, and keeps its votes', async () => {
  const submittedAt = november(1, '15:00');
  arxiv.announce('2026-11-03', [
    {
      action: 'new',
      paper: createArxivPaper({
        id: '2611.00001',
        categories: ['cs.AI', 'cs.CL'],
        versions: [submittedAt, november(2)],
        comments: '9 pages',
        doi: '10.1000/182',
        journalReference: 'J. Counting 1 (2026)',
      }),
    },
  ]);
  await pick(november(3, '10:00'), ['2611.00001'], { upvotes: 12, comments: 3 });

  const summary = await read(november(3));

  expect(summary).toMatchObject({ itemsRead: 1, updated: 1, created: 0, problems: [] });
  expect(telemetry.sentences).toContain('Papers were looked up');
  expect(await load('2611.00001')).toMatchObject({
    categories: ['cs.AI', 'cs.CL'],
    version: 2,
    versionAt: november(2),
    publishedAt: submittedAt,
    note: '9 pages',
    doi: '10.1000/182',
    journalReference: 'J. Counting 1 (2026)',
    upvotes: 12,
    comments: 3,
  });
  const [header] = await repositories.snapshots.loadHeaders('hf-daily', '2026-11-03', '2026-11-03');
  expect(header).toMatchObject({ kind: 'snapshot', writtenAt: clock.now() });
  expect(await repositories.listings.loadOfPaper('2611.00001')).toMatchObject([{ list: 'hf-daily' }]);
  expect(findBreaches(arxiv.requests)).toEqual([]);
});

test('a look-up that fails costs only itself', async () => {
  announce(3, '2611.00001');
  arxiv.announce('2026-11-03', [
    { action: 'new', paper: createArxivPaper({ id: '2611.00002', categories: ['hep-th'] }) },
  ]);
  await pick(november(3, '10:00'), ['2611.00001']);
  const source = createArxivSource();

  const summary = await run({ ...source, lookUp: async () => Promise.reject(new Error('odd')) }, november(3));

  expect(summary).toMatchObject({ created: 1, problems: ['looking up papers: Error: odd'] });
  expect(await repositories.sourceStates.load('arxiv')).toBeDefined();
  await read(november(3, '12:25'));
  expect(lookUps()).toEqual(['2611.00001']);
});

test('a look-up that fails while its papers are saved leaves no snapshot behind them', async () => {
  announce(3, '2611.00001', '2611.00002');
  await pick(november(3, '10:00'), ['2611.00001', '2611.00002']);
  const { papers } = repositories;
  const save: typeof papers.save = (facts, seenAt) =>
    facts.id === '2611.00002' ? Promise.reject(new Error('no write')) : papers.save(facts, seenAt);
  repositories = { ...repositories, papers: { ...papers, save } };

  const summary = await read(november(3));

  expect(summary.problems).toEqual(['looking up papers: Error: no write']);
  expect(await load('2611.00001')).toMatchObject({ categories: ['cs.AI', 'cs.CL'] });
  const [header] = await repositories.snapshots.loadHeaders('hf-daily', '2026-11-03', '2026-11-03');
  expect(header).toMatchObject({ kind: 'snapshot', writtenAt: clock.now() });
});

test('a known paper is not asked for again', async () => {
  announce(3, '2611.00001', '2611.00002');
  await pick(november(3, '10:00'), ['2611.00001']);
  await read(november(3));
  await pick(november(3, '13:00'), ['2611.00001', '2611.00002']);

  for (const time of ['13:10', '13:25', '23:55']) await read(november(3, time));

  expect(lookUps()).toEqual(['2611.00001', '2611.00002']);
});

test('remembers what arXiv knows and does not know, as long as it is on a list', async () => {
  announce(3, '2611.00001');
  announce(4, '2611.00404');
  arxiv.announce('2026-11-03', [
    { action: 'new', paper: createArxivPaper({ id: '2611.00002', categories: ['hep-th'] }) },
  ]);
  await pick(november(3, '10:00'), ['2611.00001', '2611.00404']);

  await read(november(3));
  expect(await memory()).toEqual({
    known: ['2611.00001'],
    waitsSince: { '2611.00404': november(3) },
    hasJustFailed: false,
  });

  await read(november(4, '12:25'));
  expect(await memory()).toEqual({
    known: ['2611.00001', '2611.00404'],
    waitsSince: {},
    hasJustFailed: false,
  });

  await read(november(7));
  expect(await memory()).toEqual({ known: [], waitsSince: {}, hasJustFailed: false });
});

test('forgets an unknown paper that is on no list any more', async () => {
  await pick(november(3, '10:00'), ['2611.00404']);
  await read(november(3));

  await read(november(7));

  expect(await memory()).toEqual({ known: [], waitsSince: {}, hasJustFailed: false });
});

test('reads only the list-days of other sources that have papers', async () => {
  arxiv.announce('2026-11-03', [
    { action: 'new', paper: createArxivPaper({ id: '2611.00002', categories: ['hep-th'] }) },
  ]);
  await pick(november(3, '10:00'), ['2611.00001']);
  await read(november(3));
  await pick(november(4, '10:00'), []);
  const source = createArxivSource();
  const { lookUp } = source;
  if (!lookUp) throw new Error('arXiv can be asked for single papers');
  const { sourceStates, listings } = repositories;
  const loaded: string[] = [];

  await lookUpPapers(
    {
      ...repositories,
      lists: listsTextSchema.parse('hf-daily,arxiv/hep-th'),
      http: scriptHttpClient(() => new Error('nothing to ask')),
      sourceStates: {
        ...sourceStates,
        load(name) {
          loaded.push(name);
          return sourceStates.load(name);
        },
      },
      listings: {
        load(list, day) {
          loaded.push(`${list} ${day}`);
          return listings.load(list, day);
        },
      },
    },
    { ...source, lookUp },
    november(4, '11:00'),
    async () => {},
  );

  expect(loaded).toEqual(['lookup#arxiv', 'hf-daily', 'hf-daily 2026-11-03']);
});

test('reads no papers and saves nothing while there is nothing to ask', async () => {
  announce(3, '2611.00001');
  await pick(november(3, '10:00'), ['2611.00001']);
  await read(november(3));
  const saved: string[] = [];
  const loaded: string[] = [];
  const { sourceStates, papers } = repositories;
  const save: typeof sourceStates.save = (name, state) => {
    saved.push(name);
    return sourceStates.save(name, state);
  };
  const loadMany: typeof papers.loadMany = (ids) => {
    loaded.push(...ids);
    return papers.loadMany(ids);
  };
  repositories = {
    ...repositories,
    sourceStates: { ...sourceStates, save },
    papers: { ...papers, loadMany },
  };

  await read(november(4));

  expect([saved, loaded]).toEqual([['arxiv'], []]);
});

test('a paper without an arXiv id is not asked for', async () => {
  await pick(november(3, '10:00'), ['feed-0123456789abcdef']);

  await read(november(3));

  expect(lookUps()).toEqual([]);
});

test('the run that reads the lists can stop a look-up', async () => {
  await pick(november(3, '10:00'), ['2611.00001']);
  const { signal } = new AbortController();
  const asked: unknown[] = [];
  const source = createArxivSource();
  const lookUp: typeof source.lookUp = async (request) => {
    asked.push(request);
    throw new Error('stopped');
  };

  await run({ ...source, lookUp }, november(3), undefined, signal);

  expect(asked).toMatchObject([{ ids: ['2611.00001'], signal: expect.any(AbortSignal) }]);
});

test('a paper that a followed category named is not asked for', async () => {
  announce(3, '2611.00001');
  await read(november(3, '09:00'), 'hf-daily,arxiv/cs.CL');
  await pick(november(3, '10:00'), ['2611.00001']);
  await read(november(3), 'hf-daily,arxiv/cs.CL');

  expect(lookUps()).toEqual([]);
  expect(await memory()).toMatchObject({ known: ['2611.00001'] });
});

test('an unknown paper is asked for once a day, as long as it is on a list of the last days', async () => {
  await pick(november(3, '10:00'), ['2611.00404']);
  for (const day of [3, 4, 5, 6, 7]) {
    for (const time of ['12:10', '12:25', '20:00']) await read(november(day, time));
  }

  expect(lookUps()).toEqual(Array.from({ length: 4 }, () => '2611.00404'));
});

test('a paper that arXiv announces after it was asked for is found a day later', async () => {
  announce(4, '2611.00001');
  await pick(november(3, '10:00'), ['2611.00001']);
  await read(november(3));
  await read(november(4, '12:25'));

  expect(await load('2611.00001')).toMatchObject({ categories: ['cs.AI', 'cs.CL'] });
});

test('a run asks once, for a hundred papers at most. New papers come before those that arXiv did not know', async () => {
  const ids = toIds(121);
  await pick(november(3, '10:00'), ids.slice(0, 120));
  await read(november(3));
  await read(november(3, '12:25'));
  await pick(november(4, '12:00'), ids.slice(120));
  await read(november(4, '12:30'));
  await read(november(4, '12:45'));

  expect(lookUps()).toEqual([
    ids.slice(20, 120).join(),
    ids.slice(0, 20).join(),
    ids.slice(120).join(),
    ids.slice(20, 120).join(),
  ]);
});

test('of more than a hundred papers, the ones with the highest ids come first', async () => {
  const ids = toIds(130);
  await pick(november(2), ids.slice(30));
  await pick(november(3), ids.slice(0, 30));

  await read(november(3));

  expect(lookUps()).toEqual([ids.slice(30).join()]);
});

test('an empty page is asked for again by the next run, and after that on the next day', async () => {
  announce(3, '2611.00001');
  await pick(november(3, '10:00'), ['2611.00001']);
  arxiv.faults.add({ kind: 'empty page', service: 'query', until: november(5, '00:00') });

  const { problems } = await read(november(3));
  for (const time of ['12:25', '12:40', '20:00']) await read(november(3, time));
  for (const time of ['12:30', '12:45', '13:00']) await read(november(4, time));
  await read(november(5, '13:00'));

  expect(problems).toEqual(['paper 2611.00001: 1 of 1 entries are missing']);
  // Twice on each bad day, and once on the good one.
  expect(lookUps()).toEqual(Array.from({ length: 2 + 2 + 1 }, () => '2611.00001'));
  expect(await load('2611.00001')).toMatchObject({ version: 1 });
});

test('a first failure after a good answer is asked for again by the next run', async () => {
  announce(3, '2611.00001', '2611.00002');
  await pick(november(3, '10:00'), ['2611.00001']);
  await read(november(3));
  await pick(november(3, '13:00'), ['2611.00002']);
  arxiv.faults.add({ kind: 'empty page', service: 'query', times: 1 });

  for (const time of ['13:10', '13:25']) await read(november(3, time));

  expect(lookUps()).toEqual(['2611.00001', '2611.00002', '2611.00002']);
});

test('of a cut answer after a failure, too, the next run asks for the others', async () => {
  const ids = toIds(5);
  announce(3, ...ids);
  await pick(november(3, '10:00'), ids);
  arxiv.faults.add({ kind: 'empty page', service: 'query', times: 1 });
  arxiv.faults.add({ kind: 'truncated', service: 'query', times: 1 });

  for (const time of ['12:10', '12:25', '12:40']) await read(november(3, time));

  const [first, second, third = ''] = lookUps();
  expect([first, second]).toEqual([ids.join(), ids.join()]);
  expect(third).not.toBe('');
  for (const id of ids) expect(await load(id)).toMatchObject({ version: 1 });
});

test('of a cut answer the whole entries count, and the next run asks for the others', async () => {
  const ids = toIds(5);
  announce(3, ...ids);
  await pick(november(3, '10:00'), ids);
  arxiv.faults.add({ kind: 'truncated', service: 'query', times: 1 });

  const { problems, updated } = await read(november(3));
  await read(november(3, '12:25'));

  expect(problems).toEqual([expect.stringContaining('breaks off after')]);
  expect(updated).toBeGreaterThan(0);
  expect(lookUps()).toEqual([ids.join(), ids.slice(updated).join()]);
  for (const id of ids) expect(await load(id)).toMatchObject({ version: 1 });
});

test('an id that arXiv refuses costs only itself', async () => {
  announce(3, '2611.00001');
  const { fetch } = arxiv;
  arxiv = {
    ...arxiv,
    async fetch(input, init) {
      const answer = await fetch(String(input).replace('2613.00001', 'abc'), init);
      return new Response((await answer.text()).replaceAll('abc', '2613.00001'), { status: answer.status });
    },
  };
  await pick(november(3, '10:00'), ['2611.00001', '2613.00001']);

  const { problems } = await read(november(3));
  for (const time of ['12:25', '12:40']) await read(november(3, time));

  expect(problems).toEqual([expect.stringContaining('error: incorrect id format for 2613.00001')]);
  expect(lookUps()).toEqual(['2611.00001,abc', '2611.00001']);
  expect(await load('2611.00001')).toMatchObject({ version: 1 });
});

test('an entry that cannot be read costs itself', async () => {
  announce(3, '2611.00001', '2611.00002');
  const { fetch } = arxiv;
  arxiv = {
    ...arxiv,
    async fetch(input, init) {
      const body = await (await fetch(input, init)).text();
      return new Response(body.replace(/<title>[^<]*00001<\/title>/, '<title> </title>'));
    },
  };
  await pick(november(3, '10:00'), ['2611.00001', '2611.00002']);

  const summary = await read(november(3));

  expect(summary).toMatchObject({ itemsRejected: 1, updated: 1 });
  expect(summary.rejections).toMatchObject([{ asked: 'paper 2611.00001 and 1 more', item: '2611.00001' }]);
  expect(await load('2611.00002')).toMatchObject({ version: 1 });
});

test('arXiv in trouble is not asked for single papers, and a failed look-up leaves the lists as they are', async () => {
  announce(3, '2611.00001');
  await pick(november(3, '10:00'), ['2611.00001']);
  arxiv.faults.add({ kind: 'status', status: 503, service: 'feed', until: november(3, '12:20') });
  await read(november(3));
  expect(lookUps()).toEqual([]);

  arxiv.faults.add({ kind: 'status', status: 429, retryAfter: '3600', service: 'query', times: 1 });
  await read(november(3, '12:25'));
  const { lists } = (await repositories.sourceStates.load('arxiv')) ?? { lists: {} };
  const asked = arxiv.requests.length;
  // The pause that arXiv asked for.
  await read(november(3, '12:40'));

  expect(lists['arxiv/hep-th']?.failuresInARow).toBe(0);
  expect(arxiv.requests).toHaveLength(asked);
});

test('without time nothing is looked up, and a damaged memory is no memory', async () => {
  announce(3, '2611.00001');
  await read(november(3, '09:00'));
  await pick(november(3, '10:00'), ['2611.00001']);
  await read(november(3), undefined, AbortSignal.abort());
  expect(lookUps()).toEqual([]);

  await repositories.sourceStates.save('lookup#arxiv', { cursor: '{"known":', lists: {} });
  await read(november(3, '12:25'));
  expect(lookUps()).toEqual(['2611.00001']);
});
