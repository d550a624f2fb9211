import { beforeEach, expect, test } from '@jest/globals';
import { createManualClock } from '../../../../local/manual-clock.ts';
import { localTables, openRepositories, type Repositories } from '../../../../local/repositories.ts';
import { indexRemembered, rememberUnindexed } from '../../../../shared/pipeline/search/index-ingested.ts';
import { type PaperIndex, PaperIndexError } from '../../../../shared/ports/search.ts';
import { createFacts, createListing } from '../../../factories/papers.ts';
import { createMemoryDynamoDb } from '../../../fakes/dynamodb/memory-dynamodb.ts';
import { openDocuments } from '../../../fakes/dynamodb/open-documents.ts';
import { createFakeRepositories } from '../../../fakes/repositories.ts';

const NOW = '2026-01-05T08:00:00.000Z';
const [FIRST, SECOND, THIRD] = ['2601.00001', '2601.00002', '2601.00003'] as const;

let repositories: Repositories;
let indexed: string[][];
let duringSave: () => Promise<unknown>;

const index: PaperIndex = {
  async save(listed) {
    await duringSave();
    indexed.push(listed.map(({ paper, listings }) => `${paper.id} on ${listings.map(({ day }) => day)}`));
  },
};
const ports = () => ({ ...repositories, index });

/** What a run does with the papers that it saved. */
async function run(ids: readonly string[], source = 'arxiv') {
  await rememberUnindexed(ports(), source, ids);
  await indexRemembered(ports(), source);
}

beforeEach(async () => {
  repositories = createFakeRepositories(createManualClock(NOW));
  indexed = [];
  duringSave = async () => {};
  for (const id of [FIRST, SECOND, THIRD]) {
    await repositories.papers.save(createFacts({ id }), NOW);
    await repositories.listings.save(createListing({ paperId: id, day: '2026-01-05' }));
  }
});

test('papers that the index did not take come with the next run of their source that it answers, and then no more', async () => {
  duringSave = () => Promise.reject(new PaperIndexError('it does not answer'));
  await expect(run([FIRST])).rejects.toThrow(PaperIndexError);
  await expect(run([SECOND])).rejects.toThrow(PaperIndexError);

  duringSave = async () => {};
  await run([FIRST], 'hf-daily');
  await run([THIRD]);
  await run([]);

  expect(indexed).toEqual([
    [`${FIRST} on 2026-01-05`],
    [FIRST, SECOND, THIRD].map((id) => `${id} on 2026-01-05`),
  ]);
});

test('papers of a run that ends before it asks the index come with the next one', async () => {
  await rememberUnindexed(ports(), 'arxiv', [FIRST]);

  await run([]);

  expect(indexed).toEqual([[`${FIRST} on 2026-01-05`]]);
});

test('many papers are indexed piece by piece, and a later run goes on where one ended', async () => {
  const ids = Array.from({ length: 2_500 }, (_, n) => `2602.${String(n).padStart(5, '0')}`);
  for (const id of ids) await repositories.papers.save(createFacts({ id }), NOW);
  const ending = new AbortController();
  duringSave = async () => ending.abort();

  await rememberUnindexed(ports(), 'arxiv', ids);
  await indexRemembered(ports(), 'arxiv', ending.signal);
  expect(indexed.map(({ length }) => length)).toEqual([1_000]);

  await run([]);
  expect(indexed.map(({ length }) => length)).toEqual([1_000, 1_000, 500]);
});

test('papers that another run adds meanwhile are kept for the next one', async () => {
  duringSave = () => rememberUnindexed(ports(), 'arxiv', [SECOND]);
  await run([FIRST]);

  duringSave = async () => {};
  await run([]);

  expect(indexed).toEqual([[`${FIRST} on 2026-01-05`], [`${SECOND} on 2026-01-05`]]);
});

test.each<[string, (n: number) => string]>([
  ['arXiv', (n) => `2601.${String(n).padStart(5, '0')}`],
  ['early arXiv', (n) => `cond-mat/${String(n).padStart(7, '0')}`],
  ['feeds', (n) => `feed-${n.toString(16).padStart(16, '0')}`],
])('of too many papers of %s the last ones are remembered, and they fit into an item', async (_, idOf) => {
  const { sourceStates } = openRepositories(
    openDocuments(createMemoryDynamoDb(localTables)),
    localTables,
    createManualClock(NOW),
  );
  const ids = Array.from({ length: 40_000 }, (_, n) => idOf(n));

  await rememberUnindexed({ ...ports(), sourceStates }, 'arxiv', ids);

  const stored: string[] = JSON.parse((await sourceStates.load('unindexed#arxiv'))?.cursor ?? '[]');
  expect(stored.length).toBeGreaterThan(14_000);
  expect(stored).toEqual(ids.slice(-stored.length));
});

test('without an index nothing is remembered', async () => {
  await rememberUnindexed({ ...repositories, index: undefined }, 'arxiv', [FIRST]);
  await indexRemembered({ ...repositories, index: undefined }, 'arxiv');

  expect(await repositories.sourceStates.load('unindexed#arxiv')).toBeUndefined();
});
