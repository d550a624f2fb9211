import { describe, expect, it } from '@jest/globals';
import { makeHfItems } from '../../../factories/hf-item.ts';
import { scriptHttpClient } from '../../../factories/scripted-http-client.ts';
import { failed, fetchAll, idsOf, scriptDays } from './hf-daily-fixture.ts';

describe('the hf-daily source', () => {
  describe('pages', () => {
    it('reads pages until a short one, and moves the cursor with the last', async () => {
      const items = makeHfItems(203);
      const http = scriptHttpClient((url) => {
        const page = Number(url.searchParams.get('p'));
        const isBusyDay = url.searchParams.get('date') === '2026-01-05';
        return JSON.stringify(isBusyDay ? items.slice(page * 100, page * 100 + 100) : []);
      });

      const answers = (await fetchAll(http)).filter(({ asked }) => asked.startsWith('2026-01-05'));

      expect(answers.map(({ asked, itemsRead, cursor }) => [asked, itemsRead, cursor])).toEqual([
        ['2026-01-05 page 0', 100, '2026-01-04'],
        ['2026-01-05 page 1', 100, '2026-01-04'],
        ['2026-01-05 page 2', 3, '2026-01-05'],
      ]);
      expect(new Set(idsOf(answers)).size).toBe(203);
    });

    it('stops at a page limit, and keeps the items so far', async () => {
      const full = JSON.stringify(makeHfItems(100));
      const http = scriptDays({ '2026-01-06': full });

      const answers = (await fetchAll(http)).filter(({ asked }) => asked.startsWith('2026-01-06'));

      expect(answers.map(({ items }) => items.length)).toEqual([100, ...Array(10).fill(0)]);
      expect(answers.at(-1)).toMatchObject({
        problem: 'the pages do not end: more than 1000 items',
        cursor: '2026-01-05',
      });
    });

    it.each([
      [1_000, undefined],
      [1_001, 'the pages do not end: more than 1000 items'],
    ])('reads a day of %d items, and has a problem only with more than 1,000', async (count, problem) => {
      const items = makeHfItems(count);
      const http = scriptHttpClient((url) => {
        const start = Number(url.searchParams.get('p')) * 100;
        const isBusyDay = url.searchParams.get('date') === '2026-01-06';
        return JSON.stringify(isBusyDay ? items.slice(start, start + 100) : []);
      });

      const answers = await fetchAll(http);

      expect(idsOf(answers)).toHaveLength(count);
      expect(answers.flatMap((answer) => answer.problem ?? [])).toEqual(problem ? [problem] : []);
      expect(answers.at(-1)?.cursor).toBe(problem ? '2026-01-05' : '2026-01-06');
    });

    it('reads no more pages of a day after one failed', async () => {
      const http = scriptHttpClient((url) =>
        url.searchParams.get('p') === '0' ? JSON.stringify(makeHfItems(100)) : failed(500),
      );

      const answers = await fetchAll(http);

      expect(answers.map(({ problem }) => problem !== undefined)).toEqual(
        [1, 2, 3, 4].flatMap(() => [false, true]),
      );
      expect(answers.map(({ cursor }) => cursor)).toEqual(Array(8).fill(undefined));
      expect(idsOf(answers)).toHaveLength(400);
    });
  });
});
