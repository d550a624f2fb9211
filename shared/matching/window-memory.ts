import { bytesOf, type PaperSet } from './index/paper-set.ts';
import type { RankOrder } from './index/top-papers.ts';
import { createMemoSpace, type Memo, type MemoSpace } from './memo.ts';
import type { QueryNode } from './query/query.ts';

/** What a window remembers of queries. All windows of a process share the memory for it. */
export interface WindowMemory<Made extends object> {
  /** The papers of each query. */
  readonly results: Memo<QueryNode, PaperSet>;
  /** The papers of each choice of lists. */
  readonly listed: Memo<string, PaperSet>;
  /** All papers in the order of a query. */
  readonly matchOrders: Memo<QueryNode, RankOrder>;
  /** How well each paper matches a query. */
  readonly scores: Memo<QueryNode, Int16Array>;
  /** For the papers of words and phrases. */
  readonly textSpace: MemoSpace;
  /**
   * Returns what is made of papers for a query. The same papers give the same objects and the same list, as long as they are remembered.
   */
  recallList(
    query: QueryNode,
    numbers: readonly number[],
    make: (number: number) => Made | undefined,
  ): readonly Made[];
}

/** A memory limit: a share of the heap, and more for each paper of the largest window. See ADR 60. */
interface SpaceLimit {
  readonly share: number;
  readonly bytesPerPaper: number;
}

/** For explained papers, which save the most time. */
const EXPLAINED: SpaceLimit = { share: 0.11, bytesPerPaper: 150 };

/** For the papers of each query, their orders and their scores. */
const FOUND: SpaceLimit = { share: 0.06, bytesPerPaper: 200 };

/** For the papers of words and phrases. */
const TEXT: SpaceLimit = { share: 0.07, bytesPerPaper: 300 };

/** The heap of a worker of Hugging Face in bytes. See `infra/memory.ts`. */
const MIN_HEAP = 66_000_000;

/** Enough for the 2,000 queries of `npm run bench:send`. */
const MAX_HEAP = 1_000_000_000;

let heap = MIN_HEAP;

const explainedSpace = createMemoSpace(EXPLAINED.share * heap);
const foundSpace = createMemoSpace(FOUND.share * heap);
const textSpace = createMemoSpace(TEXT.share * heap);

/** Lets all windows remember as much as fits into a heap with this limit in bytes. */
export function useHeap(bytes: number): void {
  heap = Math.min(Math.max(heap, bytes), MAX_HEAP);
}

/** How many explained papers of a query are remembered at most. A digest shows ten. */
const MAX_EXPLAINED = 50;

/** How many lists of papers of a query are remembered at most. Readers with the same query differ in what they got before. */
const MAX_LISTS = 50;

/** The approximate size of one explained paper and its card. */
const BYTES_PER_EXPLAINED = 4_300;

/** The approximate size of one paper of a list, with its share of the cards and texts of the list. */
const BYTES_PER_LISTED = 400;

/** The approximate size of one condition of a query. */
const BYTES_PER_CONDITION = 400;

/** What is remembered of the papers of a query. */
interface ExplainedQuery<Made> {
  /** By the number of the paper. */
  readonly made: Map<number, Made>;
  /** By the numbers of their papers. */
  readonly lists: Map<string, readonly Made[]>;
  /** The approximate size. */
  bytes: number;
}

export function openWindowMemory<Made extends object>(paperCount: number): WindowMemory<Made> {
  const limitOf = ({ share, bytesPerPaper }: SpaceLimit) => share * heap + bytesPerPaper * paperCount;
  explainedSpace.raise(limitOf(EXPLAINED));
  foundSpace.raise(limitOf(FOUND));
  textSpace.raise(limitOf(TEXT));
  const explained = explainedSpace.createMemo<QueryNode, ExplainedQuery<Made>>(
    ({ bytes }, query) => bytes + bytesOfQuery(query),
  );
  return {
    results: foundSpace.createMemo((set, query) => bytesOf(set) + bytesOfQuery(query)),
    listed: foundSpace.createMemo((set, key) => bytesOf(set) + 2 * key.length),
    matchOrders: foundSpace.createMemo(
      ({ papers, rankOf }, query) => 8 * papers.length + rankOf.byteLength + bytesOfQuery(query),
    ),
    scores: foundSpace.createMemo(({ byteLength }, query) => byteLength + bytesOfQuery(query)),
    textSpace,
    recallList(query, numbers, make) {
      if (numbers.length === 0) return [];
      const entry = explained.recall(query, () => ({ made: new Map(), lists: new Map(), bytes: 0 }));
      const { made, lists } = entry;
      const key = numbers.join();
      const known = lists.get(key);
      if (known) return known;
      const list = numbers.flatMap((number) => {
        const one = made.get(number) ?? make(number);
        if (one && made.size < MAX_EXPLAINED) made.set(number, one);
        return one ?? [];
      });
      if (lists.size === MAX_LISTS) lists.clear();
      lists.set(key, list);
      const bytes = made.size * BYTES_PER_EXPLAINED + lists.size * list.length * BYTES_PER_LISTED;
      explainedSpace.grow(Math.max(0, bytes - entry.bytes));
      entry.bytes = bytes;
      return list;
    },
  };
}

function bytesOfQuery(node: QueryNode): number {
  if (node.kind === 'not') return bytesOfQuery(node.part);
  if (node.kind !== 'and' && node.kind !== 'or') return BYTES_PER_CONDITION;
  return node.parts.reduce((sum, part) => sum + bytesOfQuery(part), 0);
}
