import { expect, test } from '@jest/globals';
import { toInstant } from '../../../../shared/domain/time/time.ts';
import { instantSchema } from '../../../../shared/domain/time/time-schemas.ts';
import { buildDayIndex } from '../../../../shared/matching/index/day-index.ts';
import { openDay } from '../../../../shared/matching/index/open-day.ts';
import { openCorpus } from '../../../../shared/matching/search/corpus.ts';
import {
  parseSearchCursor,
  printSearchCursor,
  SearchCursorError,
  searchSorts,
} from '../../../../shared/matching/search/cursor.ts';
import { searchCorpus } from '../../../../shared/matching/search/search.ts';
import { toSearchPart } from '../../../../shared/matching/search/search-part.ts';
import { createPaper } from '../../../factories/papers.ts';
import { fc } from '../../../fast-check.ts';
import { runs } from '../../../thorough.ts';

const papers = ['2601.00001', '2601.00002', '2601.00003'].map((id, at) =>
  createPaper({
    id,
    upvotes: at,
    pickedAt: '2026-01-05T10:00:00.000Z',
    voteCounts: [{ at: '2026-01-05T10:00:00.000Z', upvotes: at, comments: 0 }],
  }),
);
const corpus = openCorpus([
  toSearchPart({ list: 'hf-daily', day: '2026-01-05', papers, index: openDay(buildDayIndex(papers)) }),
  toSearchPart({ list: 'arxiv/cs.CL', day: '2026-01-02', papers, index: openDay(buildDayIndex(papers)) }),
]);

const decode = (cursor: string): unknown[] => JSON.parse(Buffer.from(cursor, 'base64url').toString('latin1'));
const encode = (slots: readonly unknown[]) =>
  Buffer.from(JSON.stringify(slots), 'latin1').toString('base64url');

test('a cursor reads back as it was, also for papers from before 1970', () => {
  const cursor = {
    request: 1,
    asOf: { papersMs: 2, votesMs: 3 },
    hasAll: true,
    last: { value: -4.5, publishedMs: -6, id: '2601.00001' },
  };

  expect(parseSearchCursor(printSearchCursor(cursor), 1)).toEqual(cursor);
});

test('a cursor with an edited slot is refused, or gives a page', () => {
  const edgeArb = fc.constantFrom(-1e300, 1e300, -1, 0.5, 8.64e15 + 1, -8.64e15, 1e15, -1e14, 2 ** 53);
  const slotArb = fc.oneof(edgeArb, fc.double(), fc.integer(), fc.string(), fc.jsonValue());
  let [accepted, refused] = [0, 0];
  fc.assert(
    fc.property(fc.constantFrom(...searchSorts), fc.nat(6), slotArb, (sort, slot, value) => {
      const request = { query: { kind: 'all' }, sort, limit: 1 } as const;
      const slots = decode(searchCorpus(corpus, request).next ?? '');
      expect(slots).toHaveLength(7);
      const cursor = encode(slots.with(slot, value));
      const read = () => {
        const { asOf } = parseSearchCursor(cursor, Number(slots[0]));
        // OpenSearch takes both as instants.
        for (const ms of Object.values(asOf)) instantSchema.parse(toInstant(ms));
        return searchCorpus(corpus, { ...request, cursor });
      };
      try {
        expect(read().total).toBeLessThanOrEqual(3);
        accepted += 1;
      } catch (error) {
        if (!(error instanceof SearchCursorError)) throw error;
        refused += 1;
      }
    }),
    { numRuns: runs(500, 20_000) },
  );
  expect(Math.min(accepted, refused)).toBeGreaterThan(20);
});
