import { expect, test } from '@jest/globals';
import { createManualClock } from '../../../local/manual-clock.ts';
import { listsTextSchema } from '../../../shared/domain/lists/lists.ts';
import type { Instant } from '../../../shared/domain/time/time.ts';
import { createFacts, createListing } from '../../factories/papers.ts';
import { createFakeRepositories } from '../../fakes/repositories.ts';
import { createBatches, papersOf } from '../services/batches.ts';
import { findWrongLists } from './arxiv-lists.ts';

const NOW: Instant = '2026-02-03T18:00:00.000Z';
const LIST = 'arxiv/cs.CL';
const batches = createBatches('2026-02-02', '2026-02-10');

/** A table in which both batches that were announced by now are listed on their days, and read. */
async function createWorld() {
  const clock = createManualClock(NOW);
  const repositories = createFakeRepositories(clock);
  const save = async (paperId: string, day: string) => {
    await repositories.papers.save(createFacts({ id: paperId }), NOW);
    await repositories.listings.save(createListing({ list: LIST, paperId, day, firstSeenAt: NOW }));
  };
  for (const day of ['2026-02-02', '2026-02-03'])
    for (const id of papersOf(new Map([[day, batches.get(day) ?? []]]), LIST, day)) await save(id, day);
  const read = { failuresInARow: 0, lastSuccessAt: NOW, lastNewAt: NOW, newestDay: '2026-02-03' };
  await repositories.sourceStates.save('arxiv', { cursor: undefined, lists: { [LIST]: read } });
  return { repositories, save, followed: listsTextSchema.parse(`hf-daily,${LIST}`), now: () => clock.now() };
}

test('a table with every announced paper once has no fault', async () => {
  expect(await findWrongLists(await createWorld(), batches)).toEqual([]);
});

test('a lost paper, a second listing, an unannounced paper and a wrong state are faults', async () => {
  const world = await createWorld();
  await world.save('2602.02001', '2026-02-03');
  await world.save('2602.09999', '2026-02-03');
  await world.repositories.sourceStates.save('arxiv', { cursor: undefined, lists: {} });
  const more = new Map([
    ...batches,
    ['2026-01-30', createBatches('2026-01-30', '2026-01-30').get('2026-01-30') ?? []],
  ]);

  expect(await findWrongLists(world, more)).toEqual([
    `${LIST} lacks 2601.30001`,
    `${LIST} lacks 2601.30003`,
    `${LIST} has 2602.09999`,
    `${LIST} has 2602.02001 twice`,
    'no paper 2601.30001',
    'no paper 2601.30003',
    `${LIST} is stale`,
  ]);
});
