import { describe, expect, test } from '@jest/globals';
import type { Paper } from '../../../shared/domain/papers/paper.ts';
import type { Sort } from '../../../shared/domain/papers/sort.ts';
import { buildDayIndex } from '../../../shared/matching/index/day-index.ts';
import { openDay } from '../../../shared/matching/index/open-day.ts';
import { parseQuery } from '../../../shared/matching/query/parse-query.ts';
import { matchPoints, newestFirst } from '../../../shared/matching/rank.ts';
import { rankPapers } from '../../../shared/matching/trending.ts';
import { openWindow } from '../../../shared/matching/window.ts';
import { createPaper } from '../../factories/papers.ts';
import { fc } from '../../fast-check.ts';

const PLAIN = { title: 'A study', abstract: 'Of things.', aiKeywords: [], comments: 0 };

/** The last digits of the ids of the matches, in the order of a window. */
function sortBy(sort: Sort, query: string, papers: readonly Partial<Paper>[]): string {
  const made = papers.map((paper, n) => createPaper({ id: `2601.0000${n + 1}`, ...PLAIN, ...paper }));
  const part = { list: 'hf-daily', papers: made, index: openDay(buildDayIndex(made)) };
  const { matches } = openWindow([part]).select({
    query: parseQuery(query),
    lists: ['hf-daily'],
    sort,
    limit: 10,
  });
  return matches.map(({ paper }) => paper.id.at(-1)).join('');
}

const pointsOf = (query: string, paper: Partial<Paper>) => {
  const made = createPaper({ ...PLAIN, ...paper });
  const part = { list: 'hf-daily', papers: [made], index: openDay(buildDayIndex([made])) };
  const window = openWindow([part]);
  const [match] = window.select({ query: parseQuery(query), lists: ['hf-daily'], limit: 1 }).matches;
  return match && matchPoints(match.reasons);
};

describe('sorting by match', () => {
  test.each<[string, Partial<Paper>, number | undefined]>([
    ['mlp', { title: 'An MLP' }, 5],
    ['mlp', { abstract: 'An MLP.' }, 3],
    ['mlp', { aiKeywords: ['mlp'] }, 3],
    ['mlp', { title: 'An MLP', abstract: 'An MLP. MLPs.' }, 5],
    ['mlp OR attention', { abstract: 'An MLP without attention.' }, 6],
    ['mlp OR attention', { title: 'Attention', abstract: 'An MLP.' }, 8],
    ['mlp OR MLPs', { title: 'An MLP' }, 5],
    ['mlp title:mlp', { title: 'An MLP' }, 5],
    ['"residual stream"', { title: 'The residual stream' }, 5],
    ['author:"Ada Example" org:lab', { authors: ['Ada Example'], organisation: 'Lab' }, 10],
    [
      'mlp -vision has:code upvotes:>=1 list:hf-daily',
      { title: 'MLP', repositoryUrl: 'https://github.com/a/b' },
      5,
    ],
    ['', {}, 0],
    ['mlp', {}, undefined],
  ])('%j in %j counts %s', (query, paper, points) => {
    expect(pointsOf(query, paper)).toBe(points);
  });

  test('puts the title before the abstract, more terms before fewer, and then trending papers first', () => {
    const papers = [
      { abstract: 'An MLP.', upvotes: 200 },
      { abstract: 'An MLP.', upvotes: 300 },
      { title: 'An MLP', upvotes: 3 },
      { abstract: 'An MLP with attention.', upvotes: 1 },
      { title: 'Nothing of it', upvotes: 900 },
    ];

    expect(sortBy('match', 'mlp OR attention', papers)).toBe('4321');
    expect(sortBy('trending', 'mlp OR attention', papers)).toBe('2134');
  });

  test('sorts by trend if the query is empty', () => {
    expect(sortBy('match', '', [{ upvotes: 1 }, { upvotes: 3 }, { upvotes: 2 }])).toBe('231');
  });
});

describe('sorting by newness', () => {
  test('goes by when a paper was first seen, then by its publication, then by its id', () => {
    const at = (day: number) => `2026-01-0${day}T08:00:00.000Z`;
    const papers = [
      { firstSeenAt: at(5), publishedAt: at(4), upvotes: 900 },
      { firstSeenAt: at(6), publishedAt: at(1) },
      { firstSeenAt: at(6), publishedAt: at(2) },
      { firstSeenAt: at(6), publishedAt: at(2) },
    ];

    expect(sortBy('new', '', papers)).toBe('4321');
  });

  test('does not depend on the order of the papers', () => {
    const times = fc.constantFrom('2026-01-05T08:00:00.000Z', '2026-01-06T08:00:00.000Z');
    const papers = fc.uniqueArray(fc.record({ id: fc.string(), firstSeenAt: times, publishedAt: times }), {
      selector: ({ id }) => id,
    });
    fc.assert(
      fc.property(papers, (some) => {
        expect(newestFirst([...some].reverse())).toEqual(newestFirst(some));
      }),
    );
  });
});

describe('papers with unknown votes', () => {
  const UNVOTED = { voteCounts: [], upvotes: 0 };
  const LISTS = ['hf-daily', 'arxiv/cs.CL'] as const;
  /** The ids of the first ten papers of a digest for both lists. `h` has votes. */
  const mix = (query: string, listed: readonly Partial<Paper>[], announced: readonly Partial<Paper>[]) => {
    const parts = [listed, announced].map((papers, nth) => {
      const made = papers.map((paper, n) =>
        createPaper({ ...PLAIN, id: `260${nth + 1}.000${10 + n}`, ...paper }),
      );
      return { list: LISTS[nth] ?? '', papers: made, index: openDay(buildDayIndex(made)) };
    });
    const options = { query: parseQuery(query), lists: LISTS, isInterleaved: true, limit: 10 };
    const { matches, total } = openWindow(parts).select(options);
    expect(total).toBe(listed.length + announced.length);
    return matches.map(({ paper }) => (paper.voteCounts.length > 0 ? 'h' : paper.id.slice(-2))).join(' ');
  };
  const times = <Value>(count: number, value: Value) => Array.from({ length: count }, () => value);

  test('get one of three places beside papers with votes, however few votes those have', () => {
    expect(mix('', times(9, { upvotes: 0 }), times(20, UNVOTED))).toBe('h h 29 h h 28 h h 27 h');
  });

  test('get the places that papers with votes leave, and the other way round', () => {
    expect(mix('', times(2, {}), times(20, UNVOTED))).toBe('h h 29 28 27 26 25 24 23 22');
    expect(mix('', times(12, {}), times(1, UNVOTED))).toBe('h h 10 h h h h h h h');
  });

  test('sort by match, then by primary category, then by when they came', () => {
    const announced = [
      {
        ...UNVOTED,
        abstract: 'An MLP.',
        categories: ['cs.LG', 'cs.CL'],
        firstSeenAt: '2026-01-05T09:00:00.000Z',
      },
      { ...UNVOTED, abstract: 'An MLP.', categories: ['cs.CL'], firstSeenAt: '2026-01-05T07:00:00.000Z' },
      { ...UNVOTED, abstract: 'An MLP.', categories: ['cs.CL'], firstSeenAt: '2026-01-05T08:00:00.000Z' },
      {
        ...UNVOTED,
        title: 'An MLP',
        categories: ['cs.LG', 'cs.CL'],
        firstSeenAt: '2026-01-04T08:00:00.000Z',
      },
    ];

    expect(mix('mlp', [], announced)).toBe('13 12 11 10');
  });

  test('come last where papers trend, because no votes are not the same as unknown votes', () => {
    const voted = createPaper({ id: '2601.00001', upvotes: 0, firstSeenAt: '2026-01-01T08:00:00.000Z' });
    const unvoted = createPaper({ id: '2601.00002', ...UNVOTED });

    expect(rankPapers([unvoted, voted]).map(({ id }) => id)).toEqual([voted.id, unvoted.id]);
  });

  test('are as old as their pick once Hugging Face picks them', () => {
    const picked = { firstSeenAt: '2026-01-01T08:00:00.000Z', pickedAt: '2026-01-05T08:00:00.000Z' };
    const known = createPaper({ id: '2601.00001', upvotes: 9 });
    const later = createPaper({ id: '2601.00002', upvotes: 10, ...picked });

    expect(rankPapers([known, later])[0]).toBe(later);
    expect(newestFirst([createPaper({ firstSeenAt: '2026-01-04T08:00:00.000Z' }), later])[0]).toBe(later);
  });
});
