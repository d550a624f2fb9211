import { beforeEach, expect, test } from '@jest/globals';
import { createManualClock } from '../../../../local/manual-clock.ts';
import type { Repositories } from '../../../../local/repositories.ts';
import { indexIngested } from '../../../../shared/pipeline/search/index-ingested.ts';
import { type PaperIndex, PaperIndexError } from '../../../../shared/ports/search.ts';
import { createFacts, createListing } from '../../../factories/papers.ts';
import { createFakeRepositories } from '../../../fakes/repositories.ts';

const NOW = '2026-01-05T08:00:00.000Z';
const [FIRST, SECOND, THIRD] = ['2601.00001', '2601.00002', '2601.00003'] as const;

let repositories: Repositories;
let indexed: string[][];
let fault: Error | undefined;

const index: PaperIndex = {
  async save(listed) {
    if (fault) throw fault;
    indexed.push(listed.map(({ paper, listings }) => `${paper.id} on ${listings.map(({ day }) => day)}`));
  },
};
const run = (ids: readonly string[], source = 'arxiv') =>
  indexIngested({ ...repositories, index }, source, ids);

beforeEach(async () => {
  repositories = createFakeRepositories(createManualClock(NOW));
  indexed = [];
  fault = undefined;
  for (const id of [FIRST, SECOND, THIRD]) {
    await repositories.papers.save(createFacts({ id }), NOW);
    await repositories.listings.save(createListing({ paperId: id, day: '2026-01-05' }));
  }
});

test('papers that the index did not take come with the next runs of their source, until it takes them', async () => {
  fault = new PaperIndexError('it does not answer');
  await expect(run([FIRST])).rejects.toThrow(PaperIndexError);
  await expect(run([SECOND])).rejects.toThrow(PaperIndexError);

  fault = undefined;
  await run([FIRST], 'hf-daily');
  await run([THIRD]);
  await run([]);

  expect(indexed).toEqual([
    [`${FIRST} on 2026-01-05`],
    [FIRST, SECOND, THIRD].map((id) => `${id} on 2026-01-05`),
  ]);
});

test('an error that is no fault of the index remembers nothing', async () => {
  fault = new Error('a bug');
  await expect(run([FIRST])).rejects.toThrow('a bug');

  fault = undefined;
  await run([SECOND]);

  expect(indexed).toEqual([[`${SECOND} on 2026-01-05`]]);
});

test('without an index nothing is read or remembered', async () => {
  await indexIngested({ ...repositories, index: undefined }, 'arxiv', [FIRST]);

  expect(await repositories.sourceStates.load('unindexed#arxiv')).toBeUndefined();
});
