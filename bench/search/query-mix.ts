import type { Paper } from '../../shared/domain/papers/paper.ts';
import type { SearchSort } from '../../shared/matching/search/cursor.ts';
import type { ListedPaper } from '../../shared/matching/search/paper-columns.ts';
import { createRandom, pickOne } from '../../test/simulation/seeded-random.ts';
import { createQueryStream } from '../match/query-stream.ts';

/** One search of the benchmark. */
export interface BenchQuery {
  readonly text: string;
  readonly sort: SearchSort;
  readonly lists?: readonly string[];
}

/** The share of the queries with each kind of filter. */
const CODE = 0.08;
const VOTES = 0.05;
const CATEGORY = 0.05;
const AUTHOR = 0.04;
const LIST = 0.1;
/** The share of the queries that are sorted by date, and the share that are sorted by votes. */
const OTHER_SORT = 0.1;

function pickSort(chance: number): SearchSort {
  if (chance < OTHER_SORT) return 'date';
  return chance < 2 * OTHER_SORT ? 'votes' : 'relevance';
}

/**
 * Returns searches of one to six words from the abstracts, which are as frequent as there. `createQueryStream` adds phrases, fields,
 * prefixes, `OR` and negations. Some searches have filters, authors, lists and other orders.
 */
export function createQueryMix(
  listed: readonly ListedPaper[],
  count: number,
  seed: number,
): readonly BenchQuery[] {
  const random = createRandom(seed);
  const papers: readonly Paper[] = listed.filter((_, nth) => nth % 10 === 0).map(({ paper }) => paper);
  const next = createQueryStream(papers, seed);
  return Array.from({ length: count }, () => {
    const terms = [next()];
    if (random() < CODE) terms.push('has:code');
    if (random() < VOTES) terms.push('upvotes:>=10');
    if (random() < CATEGORY) terms.push('cat:cs.CL');
    if (random() < AUTHOR) {
      const author = pickOne(papers, random).authors[0]?.replaceAll('"', '');
      if (author) terms.splice(0, 1, `author:"${author}"`);
    }
    return {
      text: terms.join(' '),
      sort: pickSort(random()),
      ...(random() < LIST && { lists: ['arxiv/cs.CL'] }),
    };
  });
}
