import { beforeEach, describe, expect, test } from '@jest/globals';
import { createManualClock } from '../../../local/manual-clock.ts';
import type { Repositories } from '../../../local/repositories.ts';
import { saveAnswer } from '../../../shared/pipeline/save-answer.ts';
import type { ListingRepository } from '../../../shared/ports/papers.ts';
import type { SourceItem } from '../../../shared/sources/source.ts';
import { createFacts, createListing } from '../../factories/papers.ts';
import { createFakeRepositories } from '../../fakes/repositories.ts';

const T0 = '2026-01-05T08:00:00.000Z';
const T1 = '2026-01-06T08:00:00.000Z';
const ID = '2601.00001';

let repositories: Repositories;

beforeEach(() => {
  repositories = createFakeRepositories(createManualClock(T0));
});

const createItem = (
  id: string,
  at: string,
  ...listed: readonly [list: string, day: string][]
): SourceItem => ({
  facts: createFacts({ id }),
  listings: listed.map(([list, day]) => createListing({ paperId: id, list, day, firstSeenAt: at })),
});
const save = (at: string, keepsFirstListing: boolean, ...items: readonly SourceItem[]) =>
  saveAnswer(repositories, { keepsFirstListing }, { items }, at);
const listedOn = async (id: string) =>
  (await repositories.listings.loadOfPaper(id)).map(({ list, day }) => `${list} ${day}`);

test('one paper with several listings is saved once, and is on each list', async () => {
  const item = createItem(ID, T0, ['arxiv/cs.CL', '2026-01-05'], ['arxiv/cs.LG', '2026-01-05']);

  const saved = await save(T0, true, item);

  expect(saved).toMatchObject({ created: 1, updated: 0, paperIds: new Set([ID]), listings: item.listings });
  expect(Object.fromEntries(saved.newestAt)).toEqual({ 'arxiv/cs.CL': T0, 'arxiv/cs.LG': T0 });
  expect(await listedOn(ID)).toEqual(['arxiv/cs.CL 2026-01-05', 'arxiv/cs.LG 2026-01-05']);
});

test('a day counts the papers of earlier answers, and begins with the first of them', async () => {
  await save(T0, true, createItem(ID, T0, ['arxiv/cs.CL', '2026-01-05']));

  const { days } = await save(T1, true, createItem('2601.00002', T1, ['arxiv/cs.CL', '2026-01-05']));

  expect(days).toEqual([{ list: 'arxiv/cs.CL', day: '2026-01-05', papers: 2, firstSeenAt: T0 }]);
});

describe('a source that lists a paper once', () => {
  const first = () => createItem(ID, T0, ['arxiv/cs.CL', '2026-01-05']);
  const again = () => createItem(ID, T1, ['arxiv/cs.CL', '2026-01-06'], ['arxiv/cs.LG', '2026-01-06']);

  test('drops a listing on a list that has the paper on another day, and keeps the others', async () => {
    await save(T0, true, first());

    const saved = await save(T1, true, again());

    expect(await listedOn(ID)).toEqual(['arxiv/cs.CL 2026-01-05', 'arxiv/cs.LG 2026-01-06']);
    expect(saved.listings.map(({ list }) => list)).toEqual(['arxiv/cs.LG']);
    expect(Object.fromEntries(saved.newestAt)).toEqual({ 'arxiv/cs.LG': T1 });
  });

  test('drops such a listing beside one that is stored', async () => {
    await save(T0, true, createItem(ID, T0, ['arxiv/cs.CL', '2026-01-06'], ['arxiv/cs.LG', '2026-01-05']));

    await save(T1, true, again());

    expect(await listedOn(ID)).toEqual(['arxiv/cs.CL 2026-01-06', 'arxiv/cs.LG 2026-01-05']);
  });

  test('any other source lists it on both days', async () => {
    await save(T0, false, first());
    await save(T1, false, again());
    expect(await listedOn(ID)).toHaveLength(3);
  });

  test('finishes a listing that was saved only beside its paper', async () => {
    await save(T0, true, createItem(ID, T0));
    const { listings } = repositories;
    const saved: string[] = [];
    const half: ListingRepository = {
      ...listings,
      save: async ({ list, day }) => void saved.push(`${list} ${day}`),
      load: async () => [],
      loadOfPaper: async () => first().listings,
    };
    await repositories.papers.save(createFacts({ id: ID }), T0);

    await saveAnswer(
      { ...repositories, listings: half },
      { keepsFirstListing: true },
      { items: [first()] },
      T1,
    );

    expect(saved).toEqual(['arxiv/cs.CL 2026-01-05']);
  });

  test('reads the listings of a paper only if it is known and has a new listing', async () => {
    const loaded: string[] = [];
    const listings: ListingRepository = {
      ...repositories.listings,
      async loadOfPaper(id) {
        loaded.push(id);
        return repositories.listings.loadOfPaper(id);
      },
    };
    const saveWith = (item: SourceItem, at: string) =>
      saveAnswer({ ...repositories, listings }, { keepsFirstListing: true }, { items: [item] }, at);

    await saveWith(first(), T0);
    await saveWith(first(), T1);
    expect(loaded).toEqual([]);

    await saveWith(again(), T1);
    expect(loaded).toEqual([ID]);
  });
});

describe('an item without a listing', () => {
  test('updates a known paper', async () => {
    await save(T0, true, createItem(ID, T0, ['arxiv/cs.CL', '2026-01-05']));
    const news = { facts: createFacts({ id: ID, title: 'A Better Title' }), listings: [] };

    expect(await save(T1, true, news)).toMatchObject({ created: 0, updated: 1, listings: [] });

    expect(await repositories.papers.loadMany([ID])).toMatchObject([{ title: 'A Better Title' }]);
    expect(await listedOn(ID)).toEqual(['arxiv/cs.CL 2026-01-05']);
  });

  test('creates no paper', async () => {
    const saved = await save(
      T0,
      true,
      createItem(ID, T0),
      createItem('2601.00002', T0, ['arxiv/cs.CL', '2026-01-05']),
    );

    expect(saved).toMatchObject({ created: 1, paperIds: new Set(['2601.00002']) });
    expect(await repositories.papers.loadMany([ID])).toEqual([]);
  });
});

describe('a new version', () => {
  const VERSION = { version: 2, versionAt: '2026-01-05T00:00:00.000Z' };
  const saveVersion = async (facts: Partial<SourceItem['facts']>, listings: SourceItem['listings'] = []) => {
    await save(T0, true, createItem(ID, T0, ['arxiv/cs.CL', '2026-01-05']));
    await save(T1, true, { facts: createFacts({ id: ID, ...VERSION, ...facts }), listings });
    return repositories.newVersions.load('2026-01-06');
  };

  test('is recorded once, on the day on which it came', async () => {
    await saveVersion({});

    expect(await saveVersion({})).toEqual([{ paperId: ID, version: 2 }]);
    expect(await saveVersion({ version: 3 })).toEqual([{ paperId: ID, version: 3 }]);
  });

  test.each([
    ['it is the first', { version: 1 }, []],
    ['it is from before the look-back of a monthly digest', { versionAt: '2025-12-01T23:00:00.000Z' }, []],
    ['its paper comes with a listing', {}, createItem(ID, T1, ['arxiv/cs.LG', '2026-01-06']).listings],
  ])('is no news if %s', async (_, facts, listings) => {
    expect(await saveVersion(facts, listings)).toEqual([]);
  });
});
