import { describe, expect, it } from '@jest/globals';
import { parseQueryCached } from '../../../shared/matching/query/parse-query-cached.ts';
import type { QueryNode } from '../../../shared/matching/query/query.ts';
import { openWindowMemory, useHeap } from '../../../shared/matching/window-memory.ts';

/** More than a worker of Hugging Face remembers, and less than one with a heap of 400 MB. */
const QUERIES = 400;

describe('what a window remembers', () => {
  it('grows with the heap, and not beyond it', () => {
    const queries = Array.from({ length: QUERIES }, (_, number) => parseQueryCached(`word${number}`));
    const withLittle = countRemembered(queries);
    useHeap(400_000_000);
    const withMuch = countRemembered(queries);

    expect(withLittle).toBeLessThan(QUERIES);
    expect(withMuch).toBe(QUERIES);
  });
});

/** Explains ten papers for each query, and then counts the queries whose papers need not be explained again. */
function countRemembered(queries: readonly QueryNode[]): number {
  const memory = openWindowMemory<object>(120);
  const numbers = Array.from({ length: 10 }, (_, number) => number);
  for (const query of queries) memory.recallList(query, numbers, () => ({}));
  return queries.filter((query) => {
    let isMade = false;
    memory.recallList(query, numbers, () => {
      isMade = true;
      return {};
    });
    return !isMade;
  }).length;
}
