import { describe, expect, test } from '@jest/globals';
import { createFacts, createListing } from '../factories/papers.ts';
import type { ContractContext } from './context.ts';

const T0 = '2026-01-05T08:00:00.000Z';
const T1 = '2026-01-05T09:00:00.000Z';

/** The contract of every repository of papers, listings and sources. */
export function describePapers({ repositories, newPaperId }: ContractContext): void {
  describe('papers', () => {
    test('creates a new paper, updates one with new votes, and does not write an unchanged one', async () => {
      const facts = createFacts({ id: newPaperId(), upvotes: 3 });

      const results = [
        await repositories().papers.save(facts, T0),
        await repositories().papers.save(facts, T1),
        await repositories().papers.save({ ...facts, upvotes: 5 }, T1),
      ];

      expect(results).toEqual(['created', 'unchanged', 'updated']);
      const [paper] = await repositories().papers.loadMany([facts.id]);
      expect(paper?.firstSeenAt).toBe(T0);
      expect(paper?.voteCounts.map(({ upvotes }) => upvotes)).toEqual([3, 5]);
    });

    test('keeps every vote if many workers save the same paper at once', async () => {
      const facts = createFacts({ id: newPaperId(), upvotes: 0 });
      await repositories().papers.save(facts, T0);

      await Promise.all([
        repositories().papers.save({ ...facts, upvotes: 7 }, T1),
        repositories().papers.save({ ...facts, comments: 2, upvotes: 7 }, T1),
      ]);

      const [paper] = await repositories().papers.loadMany([facts.id]);
      expect(paper?.upvotes).toBe(7);
      expect(paper?.voteCounts[0]?.upvotes).toBe(0);
    });

    test('refuses a paper that is too large, and writes nothing of it', async () => {
      const [large, small] = [createFacts({ id: newPaperId() }), createFacts({ id: newPaperId() })];
      await repositories().papers.save(small, T0);
      const abstract = 'a'.repeat(500_000);

      expect(await repositories().papers.save({ ...large, abstract }, T0)).toBe('refused');
      expect(await repositories().papers.save({ ...small, abstract }, T1)).toBe('refused');
      const loaded = await repositories().papers.loadMany([large.id, small.id]);
      expect(loaded).toMatchObject([{ id: small.id, abstract: small.abstract }]);
    });

    test('loads more papers than fit into one call, each once, without unknown ids', async () => {
      const ids = Array.from({ length: 130 }, newPaperId);
      await Promise.all(ids.map((id) => repositories().papers.save(createFacts({ id }), T0)));

      const loaded = await repositories().papers.loadMany([...ids, ...ids, '9999.99999']);

      expect(loaded.map(({ id }) => id).sort()).toEqual([...ids].sort());
    });
  });

  test('listings stay as first seen, by list and day', async () => {
    const listing = createListing({ paperId: newPaperId(), day: '2026-02-01', firstSeenAt: T0 });

    await repositories().listings.save(listing);
    await repositories().listings.save({ ...listing, firstSeenAt: T1 });

    expect(await repositories().listings.load('hf-daily', '2026-02-01')).toEqual([listing]);
    expect(await repositories().listings.load('hf-daily', '2026-02-02')).toEqual([]);
  });

  test('listings stay as first seen, by paper', async () => {
    const listing = createListing({ paperId: newPaperId(), day: '2026-02-03', firstSeenAt: T0 });
    const others = [
      { ...listing, list: 'arxiv/cs.CL' },
      { ...listing, day: '2026-02-04', listedBy: undefined },
    ];
    await repositories().papers.save(createFacts({ id: listing.paperId }), T0);
    await repositories().listings.save(createListing({ paperId: newPaperId(), day: '2026-02-03' }));

    for (const one of [listing, ...others]) await repositories().listings.save(one);
    await repositories().listings.save({ ...listing, firstSeenAt: T1 });

    const loaded = await repositories().listings.loadOfPaper(listing.paperId);
    expect(new Set(loaded)).toEqual(new Set([listing, ...others]));
    expect(await repositories().listings.loadOfPaper(newPaperId())).toEqual([]);
  });

  test('the state of a source is the last saved one', async () => {
    expect(await repositories().sourceStates.load('arxiv')).toBeUndefined();

    const failed = { failuresInARow: 1 };
    const read = {
      ...{ lastNewAt: T0, lastSuccessAt: T1, failuresInARow: 0, isNewestWhole: true },
      ...{ newestDay: '2026-01-05', days: '2026-01-02 23 0 0 25L' },
    };
    await repositories().sourceStates.save('arxiv', { cursor: 'a', lists: { 'arxiv/cs.CL': failed } });
    const last = { cursor: 'b', lists: { 'arxiv/cs.CL': failed, 'arxiv/cs.LG': read } };
    await repositories().sourceStates.save('arxiv', last);

    expect(await repositories().sourceStates.load('arxiv')).toEqual(last);
  });
}
