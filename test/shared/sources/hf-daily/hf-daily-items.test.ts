import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { makeHfItem } from '../../../factories/hf-item.ts';
import { anyCharacter } from '../../../factories/texts.ts';
import { fc } from '../../../fast-check.ts';
import { runs } from '../../../thorough.ts';
import { fetchAll, idsOf, scriptDays } from './hf-daily-fixture.ts';

describe('the hf-daily source', () => {
  describe('items', () => {
    it('reads an odd day, and accounts for each of its items', async () => {
      const body = readFileSync(new URL('../../../fixtures/hf/odd-day.json', import.meta.url), 'utf8');

      const answer = (await fetchAll(scriptDays({ '2026-01-05': body })))[2];

      expect(answer?.items.map(({ facts }) => facts)).toEqual([
        {
          source: 'hf-daily',
          id: '2601.04001',
          title: 'Wrapped Titles & Where to Find Them for $1 Million',
          abstract: 'First line of an abstract, 5% of it.',
          authors: ['Thi Nguyễn', 'Peter Stütz', 'Juan Ruiz', 'Juan Ruiz'],
          authorCount: 4,
          publishedAt: '2026-01-02T00:00:00.000Z',
          listedOn: '2026-01-05',
          upvotes: 8,
          comments: 1,
          repositoryUrl: 'https://github.com/example/wrapped',
          projectUrl: 'https://wrapped.example.org/page',
        },
        {
          source: 'hf-daily',
          id: '2601.04002',
          title: 'Why <think> Is Not a Tag',
          authors: ['Linxi "Jim" Fan'],
          authorCount: 1,
          publishedAt: '2026-01-03T00:00:00.000Z',
          listedOn: '2026-01-05',
          upvotes: 0,
        },
      ]);
      expect(answer?.rejections).toEqual([
        { item: '2601.04003', reason: 'paper.title is null; expected a text' },
        { item: '2601.04004', reason: 'withdrawn: paper.withdrawnAt is "2026-01-04T10:00:00.000Z"' },
      ]);
      expect(answer?.itemsRead).toBe(5);
      expect(answer).toMatchObject({ problem: undefined, cursor: '2026-01-05' });
    });

    it('lists a paper once a day, even if the day has it twice', async () => {
      const twice = JSON.stringify([makeHfItem(), makeHfItem()]);

      const answers = await fetchAll(scriptDays({ '2026-01-05': twice, '2026-01-06': twice }));

      expect(answers.map(({ itemsRead, items }) => [itemsRead, items.length])).toEqual([
        [0, 0],
        [0, 0],
        [2, 1],
        [2, 1],
      ]);
    });

    it('keeps a good item after a bad copy of it', async () => {
      const body = JSON.stringify([makeHfItem({ title: null }, { title: null }), makeHfItem()]);
      const answer = (await fetchAll(scriptDays({ '2026-01-06': body })))[3];
      expect(answer).toMatchObject({ itemsRead: 2, items: [{}], rejections: [{ item: '2601.00001' }] });
    });

    it('reports fewer votes as they are', async () => {
      const body = JSON.stringify([makeHfItem({ upvotes: 7 })]);
      const answer = (await fetchAll(scriptDays({ '2026-01-06': body })))[3];
      expect(answer?.items[0]?.facts.upvotes).toBe(7);
    });
  });

  describe('any input', () => {
    const anyJson = fc.jsonValue({ maxDepth: 3 });
    const anyItem = fc.oneof(
      anyJson,
      fc
        .tuple(
          fc.dictionary(fc.constantFrom(...Object.keys(makeHfItem().paper as object)), anyJson),
          fc.dictionary(fc.constantFrom(...Object.keys(makeHfItem())), anyJson),
        )
        .map(([paper, item]) => makeHfItem(paper, item)),
      fc.integer({ min: 0, max: 3 }).map((number) => makeHfItem({ id: `2601.0000${number}` })),
    );

    it('never throws, and returns or rejects every distinct item', async () => {
      await fc.assert(
        fc.asyncProperty(fc.array(anyItem, { maxLength: 12 }), async (items) => {
          const answer = (await fetchAll(scriptDays({ '2026-01-06': JSON.stringify(items) })))[3];

          const given = answer?.items.map(({ facts }) => facts.id) ?? [];
          const rejected = answer?.rejections.length ?? 0;
          const repeated = items.length - given.length - rejected;
          const readAlone = await Promise.all(
            items.map(async (item) =>
              idsOf(await fetchAll(scriptDays({ '2026-01-06': JSON.stringify([item]) }))),
            ),
          );
          expect(answer?.itemsRead).toBe(items.length);
          expect(new Set(given)).toEqual(new Set(readAlone.flat()));
          expect(new Set(given).size).toBe(given.length);
          expect(repeated).toBe(readAlone.flat().length - given.length);
        }),
        { numRuns: runs(60, 1_000) },
      );
    });

    it('never throws for any body', async () => {
      await fc.assert(
        fc.asyncProperty(
          fc.string({ unit: anyCharacter }),
          fc.constantFrom('', '[', '[{', '{'),
          async (text, start) => {
            const answers = await fetchAll(scriptDays({ '2026-01-06': `${start}${text}` }));
            expect(answers).toHaveLength(4);
          },
        ),
      );
    });
  });
});
