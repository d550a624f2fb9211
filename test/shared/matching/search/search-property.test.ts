import { expect, test } from '@jest/globals';
import { MAX_VOTE_COUNTS, type Paper, PICKING_LIST } from '../../../../shared/domain/papers/paper.ts';
import { buildDayIndex } from '../../../../shared/matching/index/day-index.ts';
import { openDay } from '../../../../shared/matching/index/open-day.ts';
import { conditionsOf, type QueryNode } from '../../../../shared/matching/query/query.ts';
import { openCorpus, type SearchCorpus } from '../../../../shared/matching/search/corpus.ts';
import { searchSorts } from '../../../../shared/matching/search/cursor.ts';
import { type CorpusRequest, searchCorpus } from '../../../../shared/matching/search/search.ts';
import { toSearchPart } from '../../../../shared/matching/search/search-part.ts';
import { fc } from '../../../fast-check.ts';
import { runs } from '../../../thorough.ts';
import { LISTS, type Part, partsArb, queryArb, toPlainPapers } from '../arbitraries.ts';
import { judgePlainly } from './naive-search.ts';

const DAYS = ['2026-01-01', '2026-01-02', '2026-01-05', '2026-01-31', '2026-02-03', '2026-02-04'];

const openParts = (parts: readonly Part[]): SearchCorpus =>
  openCorpus(
    parts.map(({ list, papers }, at) =>
      toSearchPart({ list, day: DAYS[at] ?? '', papers, index: openDay(buildDayIndex(papers)) }),
    ),
  );

test('a corpus finds what the definition says', () => {
  let matched = 0;
  fc.assert(
    fc.property(
      partsArb,
      fc.array(
        fc.tuple(
          queryArb,
          fc.subarray(LISTS),
          fc.constantFrom('relevance' as const, 'date' as const, 'votes' as const),
        ),
        {
          minLength: 40,
          maxLength: 40,
          size: 'max',
        },
      ),
      (parts, queries) => {
        const corpus = openParts(parts);
        const plain = toPlainPapers(parts);
        for (const [query, lists, sort] of queries) {
          const answer = searchCorpus(corpus, { query, lists, sort, limit: 1_000, withFacets: true });
          const found = answer.hits.map(({ id }) => id);
          const judged = plain
            .filter((one) => lists.length === 0 || one.lists.some((list) => lists.includes(list)))
            .map((one) => ({ id: one.paper.id, ...judgePlainly(query, one) }));
          const all = judged
            .filter(({ isFiltered, hasAllWords }) => isFiltered && hasAllWords)
            .map(({ id }) => id);
          matched += all.length;

          expect([...found.slice(0, all.length)].sort()).toEqual(all);
          expect(answer.total).toBe(found.length);
          expect(new Set(found).size).toBe(found.length);
          expect(answer.totalWithAll).toBe(all.length);
          for (const id of found.slice(all.length))
            expect(judged.find((one) => one.id === id)).toMatchObject({ isFiltered: true, hasOneWord: true });
        }
      },
    ),
    { numRuns: runs(4, 500) },
  );
  expect(matched).toBeGreaterThan(500);
});

/** Reads every page. Calls `between` after each, which gives the corpus of the next one. */
function readPages(
  corpus: SearchCorpus,
  request: Omit<CorpusRequest, 'cursor'>,
  between: () => SearchCorpus,
) {
  const ids: string[] = [];
  let from = corpus;
  for (let cursor: string | undefined; ; from = between()) {
    const { hits, next } = searchCorpus(from, { ...request, cursor });
    ids.push(...hits.map(({ id }) => id));
    if (!next) return ids;
    cursor = next;
  }
}

test('papers that arrive between two pages neither repeat nor hide one', () => {
  let pages = 0;
  fc.assert(
    fc.property(
      partsArb,
      fc.array(queryArb, { minLength: 9, maxLength: 9, size: 'max' }),
      fc.constantFrom('relevance' as const, 'date' as const, 'votes' as const),
      fc.integer({ min: 1, max: 7 }),
      (parts, queries, sort, limit) => {
        const corpus = openParts(parts);
        // All papers need three pages at least, so every run turns pages.
        for (const query of [{ kind: 'all' } as const, ...queries]) {
          const request = { query, sort, limit };
          const whole = searchCorpus(corpus, { ...request, limit: 1_000 }).hits.map(({ id }) => id);
          let arrived = 0;
          const paged = readPages(corpus, request, () => {
            pages += 1;
            arrived += 1;
            const newer = parts
              .flatMap(({ papers }) => papers.slice(0, 2))
              .map(
                (paper, at): Paper => ({
                  ...paper,
                  id: `2602.${String(arrived * 100 + at).padStart(5, '0')}`,
                  firstSeenAt: '2026-02-04T08:00:00.000Z',
                }),
              );
            const unique = [...new Map(newer.map((paper) => [paper.id, paper])).values()];
            return openParts([...parts, { list: LISTS[0] ?? '', papers: unique }]);
          });

          expect(paged).toEqual(whole);
        }
      },
    ),
    { numRuns: runs(2, 200) },
  );
  expect(pages).toBeGreaterThan(3);
});

/** Returns a paper to which voters came, or from which they left, at some time. */
function withVotes(paper: Paper, at: string, upvotes: number): Paper {
  const voteCounts = [...paper.voteCounts, { at, upvotes, comments: paper.comments }].slice(-MAX_VOTE_COUNTS);
  return { ...paper, upvotes, voteCounts };
}

test('votes that move between two pages neither repeat nor hide a paper', () => {
  let moved = 0;
  fc.assert(
    fc.property(
      partsArb,
      fc.array(queryArb, { minLength: 4, maxLength: 4, size: 'max' }),
      fc.constantFrom('relevance' as const, 'votes' as const),
      fc.integer({ min: 1, max: 7 }),
      fc.infiniteStream(fc.nat(40)),
      fc.constantFrom(0, 1, 2),
      (parts, queries, sort, limit, votes, uncounted) => {
        const vote = (on: readonly Part[], at: string) =>
          on.map(({ list, papers }) => ({
            list,
            papers: papers.map((paper) => withVotes(paper, at, votes.next().value ?? 0)),
          }));
        // The votes of some papers are unknown at the first page.
        const unknown = parts.slice(0, uncounted).map(({ list, papers }) => ({
          list,
          papers: papers.map((paper) => ({ ...paper, upvotes: 0, voteCounts: [] })),
        }));
        const start = [...unknown, ...vote(parts.slice(uncounted), '2026-01-06T08:00:00.000Z')];
        const corpus = openParts(start);
        for (const query of [{ kind: 'all' } as const, ...queries.filter((one) => !isAboutVotes(one))]) {
          let turn = 0;
          const request = { query, sort, limit };
          const whole = searchCorpus(corpus, { ...request, limit: 1_000 }).hits.map(({ id }) => id);
          let later = start;
          const paged = readPages(corpus, request, () => {
            turn += 1;
            // After more counts, a paper no longer has those of the first page.
            if (turn < MAX_VOTE_COUNTS) later = vote(later, `2026-02-04T0${turn}:00:00.000Z`);
            moved += 1;
            return openParts(later);
          });

          expect(paged).toEqual(whole);
        }
      },
    ),
    { numRuns: runs(2, 200) },
  );
  expect(moved).toBeGreaterThan(3);
});

test('papers that Hugging Face picks between two pages neither repeat nor hide one', () => {
  let picked = 0;
  fc.assert(
    fc.property(
      partsArb,
      queryArb.filter((query) => !conditionsOf(query).some(({ kind }) => kind === 'list')),
      fc.integer({ min: 1, max: 7 }),
      (parts, filter, limit) => {
        const corpus = openParts(parts);
        const listed = new Set(parts.flatMap(({ list, papers }) => (list === PICKING_LIST ? papers : [])));
        const isListed = ({ id }: Paper) => [...listed].some((paper) => paper.id === id);
        const others = parts.flatMap(({ papers }) => papers).filter((paper) => !isListed(paper));
        const newest = [...new Map(others.map((paper) => [paper.id, paper])).values()];
        // A query for a list would find the papers that the list picks, because they are new to it.
        const searches = [{ kind: 'all' } as const, filter].flatMap((query) =>
          searchSorts.map((sort) => ({ query, sort, limit })),
        );
        for (const request of searches) {
          const whole = searchCorpus(corpus, { ...request, limit: 1_000 }).hits.map(({ id }) => id);
          let turn = 0;
          const paged = readPages(corpus, request, () => {
            turn += 1;
            const now = newest
              .slice(0, 3 * turn)
              .map((paper) => ({ ...paper, pickedAt: '2026-02-04T08:00:00.000Z' }));
            picked += now.length;
            return openParts([...parts, { list: PICKING_LIST, papers: now }]);
          });

          expect(paged).toEqual(whole);
        }
      },
    ),
    { numRuns: runs(2, 200) },
  );
  expect(picked).toBeGreaterThan(3);
});

function isAboutVotes(query: QueryNode): boolean {
  return conditionsOf(query).some((one) => one.kind === 'number' && one.field === 'upvotes');
}
