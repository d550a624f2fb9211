import { expect, test } from '@jest/globals';
import type { Paper } from '../../../shared/domain/papers/paper.ts';
import { buildDayIndex } from '../../../shared/matching/index/day-index.ts';
import { openDay } from '../../../shared/matching/index/open-day.ts';
import { parseQueryCached } from '../../../shared/matching/query/parse-query-cached.ts';
import { openCorpus } from '../../../shared/matching/search/corpus.ts';
import { authorOf } from '../../../shared/matching/search/paper-columns.ts';
import { searchCorpus } from '../../../shared/matching/search/search.ts';
import {
  packEnds,
  packNumbers,
  unpackEnds,
  unpackNumbers,
} from '../../../shared/snapshots/packed-numbers.ts';
import { DamagedError } from '../../../shared/snapshots/sealed.ts';
import { openSegment, sealSegment } from '../../../shared/snapshots/segment.ts';
import { createPaper } from '../../factories/papers.ts';
import { fc } from '../../fast-check.ts';
import { oddPaperArb } from '../matching/arbitraries.ts';

const papersArb = fc
  .array(oddPaperArb, { maxLength: 6 })
  .map((papers) => papers.map((paper, at) => ({ ...paper, id: `2601.${10_000 + at}` })));

test('a segment has the index of any papers', () => {
  fc.assert(
    fc.property(papersArb, fc.boolean(), (papers, isShifted) => {
      const sealed = sealSegment(papers.map((paper) => ({ paper, listings: [] })));
      // Bytes can start anywhere in those that a table returned.
      const bytes = isShifted ? Buffer.concat([Buffer.alloc(1), sealed]).subarray(1) : sealed;
      const { index, columns } = openSegment(bytes).part;

      expect(index).toEqual(openDay(buildDayIndex(papers)));
      const named = papers.map(({ authors }, at) => authors.map((_, nth) => authorOf(columns, at, nth)));
      expect(named).toEqual(papers.map(({ authors }) => authors));
    }),
  );
});

test('packed numbers are the same numbers again', () => {
  fc.assert(
    fc.property(fc.uint32Array(), (numbers) => {
      const ends = numbers.toSorted();

      expect(unpackNumbers(packNumbers(numbers))).toEqual(numbers);
      expect(unpackEnds(packEnds(ends))).toEqual(ends);
    }),
  );
});

test('a segment has the index of its papers', () => {
  const papers = [createPaper(), createPaper({ id: '2601.00002', title: 'Other' })];
  const listings = [{ list: 'hf-daily', day: '2026-01-05' }];
  const sealed = sealSegment(papers.map((paper) => ({ paper, listings })));

  expect(openSegment(sealed).part.index).toEqual(openDay(buildDayIndex(papers)));
  expect(openSegment(sealed).part.ids).toEqual(['2601.00001', '2601.00002']);
});

test('a segment keeps whether the votes of a paper are known', () => {
  const listings = [{ list: 'arxiv/cs.CL', day: '2026-01-05' }];
  const none = createPaper({ upvotes: 0, comments: 0 });
  const unknown = { ...none, id: '2601.00002', voteCounts: [] };
  const open = (...papers: Paper[]) => openSegment(sealSegment(papers.map((paper) => ({ paper, listings }))));
  const search = (text: string) => {
    const corpus = openCorpus([open(none, unknown).part]);
    return searchCorpus(corpus, { query: parseQueryCached(text), sort: 'date', limit: 9 }).hits;
  };

  expect(search('upvotes:<5 comments:=0').map(({ id }) => id)).toEqual([none.id]);
  expect(search('-upvotes:<5').map(({ id }) => id)).toEqual([unknown.id]);
  // The month is archived again when a source begins to count the votes.
  const hashOf = (paper: Paper) => open(paper).hashes().get(paper.id);
  expect(hashOf(unknown)).not.toBe(hashOf({ ...unknown, voteCounts: none.voteCounts }));
});

test('a segment with a missing, added or changed byte is damaged', () => {
  const sealed = sealSegment([{ paper: createPaper(), listings: [{ list: 'hf-daily', day: '2026-01-05' }] }]);
  for (let at = 0; at < sealed.byteLength; at += 7) {
    const changed = Uint8Array.from(sealed, (byte, place) => (place === at ? byte ^ 1 : byte));

    expect(() => openSegment(changed)).toThrow(DamagedError);
  }
  expect(() => openSegment(sealed.subarray(0, -1))).toThrow(DamagedError);
  expect(() => openSegment(Buffer.concat([sealed, Buffer.alloc(1)]))).toThrow(DamagedError);
  expect(() => openSegment(new Uint8Array(2))).toThrow(DamagedError);
});
