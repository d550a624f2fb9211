import { beforeEach, expect, test } from '@jest/globals';
import { createManualClock, type ManualClock } from '../../../../local/manual-clock.ts';
import type { Repositories } from '../../../../local/repositories.ts';
import { UnavailableError } from '../../../../shared/domain/errors.ts';
import { addDays, type Day, MS_PER_MINUTE, utcDayOf } from '../../../../shared/domain/time/time.ts';
import { parseQueryCached } from '../../../../shared/matching/query/parse-query-cached.ts';
import { refreshArchive } from '../../../../shared/pipeline/archive/refresh-archive.ts';
import { createPaperSearch } from '../../../../shared/pipeline/search/paper-search.ts';
import { saveSnapshot } from '../../../../shared/pipeline/snapshots/save-snapshot.ts';
import type { ArchiveReader } from '../../../../shared/ports/archive.ts';
import { type PaperSearch, SearchCursorError, type SearchRequest } from '../../../../shared/ports/search.ts';
import { createFacts, createListing } from '../../../factories/papers.ts';
import { openListDays } from '../../../fakes/list-days.ts';
import { createFakeTelemetry } from '../../../fakes/outside.ts';
import { createFakeRepositories } from '../../../fakes/repositories.ts';

const LIST = 'hf-daily';
const TODAY = '2026-03-10';

let clock: ManualClock;
let repositories: Repositories;
let telemetry: ReturnType<typeof createFakeTelemetry>;
let reads: string[];
let search: PaperSearch;

beforeEach(() => {
  clock = createManualClock(`${TODAY}T08:00:00.000Z`);
  repositories = createFakeRepositories(clock);
  telemetry = createFakeTelemetry();
  reads = [];
  search = openSearch();
});

/** Opens the search of a new container, and notes what it reads of the archive. */
function openSearch(archive: ArchiveReader = repositories.archive): PaperSearch {
  const noting: ArchiveReader = {
    async loadMonths() {
      reads.push('months');
      return archive.loadMonths();
    },
    async loadSegment(month, segment) {
      reads.push(month);
      return archive.loadSegment(month, segment);
    },
  };
  const listDays = openListDays(repositories, clock);
  const { papers } = repositories;
  return createPaperSearch({ papers, listDays, archive: noting, clock, telemetry, lists: [LIST] });
}

async function store(id: string, day: Day, facts = {}): Promise<void> {
  await repositories.papers.save(createFacts({ id, ...facts }), clock.now());
  await repositories.listings.save(createListing({ day, paperId: id, firstSeenAt: clock.now() }));
  if (day >= addDays(utcDayOf(clock.now()), -35))
    await saveSnapshot(repositories, { list: LIST, day }, undefined, true);
}

async function archive(): Promise<void> {
  for (let run = 0; run < 4; run += 1) await refreshArchive({ ...repositories, clock, telemetry }, [LIST]);
}

async function find(text: string, more: Partial<SearchRequest> = {}): Promise<readonly string[]> {
  const { hits } = await search.search({ query: parseQueryCached(text), sort: 'date', limit: 10, ...more });
  return hits.map(({ paper }) => paper.id);
}

test('finds papers of the last days and of the archive, each once, with its newest text and all listings', async () => {
  await store('2512.00001', '2025-12-05', { title: 'Old volcanoes' });
  await store('2601.00001', '2026-01-05', { title: 'Whales' });
  await archive();
  await store('2601.00001', '2026-03-09', { title: 'Whales and volcanoes', upvotes: 90 });
  await store('2603.00001', TODAY, { title: 'New volcanoes' });

  expect(await find('volcanoes')).toEqual(['2603.00001', '2601.00001', '2512.00001']);
  const { hits } = await search.search({ query: parseQueryCached('whales'), sort: 'relevance', limit: 1 });
  expect(hits).toEqual([
    expect.objectContaining({
      paper: expect.objectContaining({ title: 'Whales and volcanoes', upvotes: 90 }),
      lists: [LIST],
      listedOn: '2026-03-09',
    }),
  ]);
  expect(await find('volcanoes', { days: { first: '2026-01-01', last: '2026-01-31' } })).toEqual([
    '2601.00001',
  ]);
  expect(telemetry.sentences).toEqual([]);
});

test('looks for newer versions once a minute, and loads only what changed', async () => {
  await store('2601.00001', '2026-01-05');
  await archive();
  await Promise.all([find('small'), find('models'), find('help')]);
  expect(reads).toEqual(['months', '2026-01']);
  await find('small');
  expect(reads).toEqual(['months', '2026-01']);

  await store('2603.00001', TODAY, { title: 'Whales' });
  clock.moveBy(MS_PER_MINUTE);

  expect(await find('whales')).toEqual(['2603.00001']);
  expect(reads).toEqual(['months', '2026-01', 'months']);
});

test('a segment that is damaged or missing costs its papers, and is reported once', async () => {
  await store('2512.00001', '2025-12-05');
  await store('2601.00001', '2026-01-05');
  await archive();
  search = openSearch({
    ...repositories.archive,
    loadSegment: async (month, segment) =>
      month === '2026-01' ? undefined : repositories.archive.loadSegment(month, segment),
  });

  expect(await find('')).toEqual(['2512.00001']);
  clock.moveBy(MS_PER_MINUTE);
  expect(await find('')).toEqual(['2512.00001']);

  expect(telemetry.sentences).toEqual(['A segment of the archive cannot be used']);
  expect(telemetry.counts.get('SnapshotsUnusable')).toBe(1);
});

test('a month that was written again while it was loaded is loaded again', async () => {
  await store('2601.00001', '2026-01-05');
  await archive();
  const stale = await repositories.archive.loadMonths();
  await store('2601.00002', '2026-01-05');
  const month = stale.find((one) => one.month === '2026-01');
  if (month?.kind !== 'month') throw new Error('there is no month');
  await repositories.archive.saveMonth({ ...month, checkedUntil: '2026-01-01' }, month);
  await archive();
  let loads = 0;
  search = openSearch({
    ...repositories.archive,
    async loadMonths() {
      loads += 1;
      return loads === 1 ? stale : repositories.archive.loadMonths();
    },
  });

  expect(await find('')).toEqual(['2601.00002', '2601.00001']);
  expect(telemetry.sentences).toEqual([]);
});

test('days that should be archived and are not yet come from their list-days', async () => {
  await store('2512.00001', '2025-12-05');
  await store('2601.00001', '2026-01-20');
  clock.moveTo('2026-01-10T08:00:00.000Z');
  await archive();
  clock.moveTo(`${TODAY}T08:00:00.000Z`);

  expect(await find('')).toEqual(['2601.00001', '2512.00001']);
});

test('keeps its corpus if newer versions cannot be loaded', async () => {
  await store('2601.00001', '2026-01-05');
  await archive();
  let isDown = false;
  search = openSearch({
    ...repositories.archive,
    async loadMonths() {
      if (isDown) throw new UnavailableError('the table does not answer');
      return repositories.archive.loadMonths();
    },
  });
  await find('');
  isDown = true;
  clock.moveBy(MS_PER_MINUTE);

  expect(await find('')).toEqual(['2601.00001']);
  expect(telemetry.sentences).toEqual(['The search corpus cannot be refreshed']);

  search = openSearch({
    ...repositories.archive,
    loadMonths: () => Promise.reject(new UnavailableError('down')),
  });
  await expect(find('')).rejects.toThrow(UnavailableError);
});

test('a hit that cannot be loaded is left out, and reported once', async () => {
  await store('2601.00001', '2026-01-05');
  await store('2601.00002', '2026-01-05');
  await archive();
  const listDays = openListDays(repositories, clock);
  const papers = {
    loadMany: async (ids: readonly string[]) =>
      repositories.papers.loadMany(ids.filter((id) => id !== '2601.00002')),
  };
  search = createPaperSearch({ ...repositories, papers, listDays, clock, telemetry, lists: [LIST] });

  expect(await find('')).toEqual(['2601.00001']);
  expect(await find('')).toEqual(['2601.00001']);
  expect(telemetry.counts.get('RecordsUnreadable')).toBe(1);
});

test('a cursor goes on where the page ended, whatever came since, and fits no other search', async () => {
  for (let at = 1; at <= 5; at += 1) await store(`2601.0000${at}`, `2026-01-0${at}`);
  await archive();
  const request = { query: parseQueryCached(''), sort: 'date', limit: 2 } as const;
  const first = await search.search(request);
  clock.moveBy(MS_PER_MINUTE);
  await store('2603.00001', TODAY);
  const second = await search.search({ ...request, cursor: first.next });

  expect(second.hits.map(({ paper }) => paper.id)).toEqual(['2601.00003', '2601.00002']);
  await expect(search.search({ ...request, sort: 'votes', cursor: first.next })).rejects.toThrow(
    SearchCursorError,
  );
  await expect(search.search({ ...request, cursor: 'forged' })).rejects.toThrow(SearchCursorError);
});

test('in the order of votes, a cursor goes on with the papers of its page, however the votes move', async () => {
  for (let at = 1; at <= 5; at += 1) await store(`2603.0000${at}`, TODAY, { upvotes: at });
  const request = { query: parseQueryCached(''), sort: 'votes', limit: 2 } as const;
  const first = await search.search(request);
  clock.moveBy(MS_PER_MINUTE);
  await store('2603.00003', TODAY, { upvotes: 90 });
  const second = await openSearch().search({ ...request, cursor: first.next });

  expect(first.hits.map(({ paper }) => paper.id)).toEqual(['2603.00005', '2603.00004']);
  expect(second.hits.map(({ paper }) => [paper.id, paper.upvotes])).toEqual([
    ['2603.00003', 90],
    ['2603.00002', 2],
  ]);
  expect(await find('', { sort: 'votes', limit: 1 })).toEqual(['2603.00003']);
});

test('similar papers come from the archive too, without the paper itself', async () => {
  const abstract = (topic: string) => ({
    title: `On ${topic}`,
    abstract: `We study ${topic} at sea.`,
    aiKeywords: [topic],
  });
  await store('2601.00001', '2026-01-05', abstract('whales'));
  for (let at = 2; at < 20; at += 1)
    await store(`2601.000${at + 10}`, '2026-01-06', abstract(at % 2 ? 'volcanoes' : 'rivers'));
  await archive();
  await store('2603.00001', TODAY, abstract('whales'));

  expect((await search.similar('2603.00001', 1)).map(({ id }) => id)).toEqual(['2601.00001']);
  expect(await search.similar('2699.00001', 5)).toEqual([]);
});
