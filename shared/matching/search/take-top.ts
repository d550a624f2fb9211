import { compareText } from '../../domain/text/compare-text.ts';
import type { SortKey } from './cursor.ts';

/** What papers are sorted by, by paper number. */
export interface SortColumns {
  readonly values: ArrayLike<number>;
  readonly publishedAt: ArrayLike<number>;
  readonly ids: readonly string[];
}

/**
 * Returns the best `count` papers, best first, without sorting all of them.
 *
 * @param papers in ascending order
 * @param after only papers that come after this
 */
export function takeTop(
  papers: Uint32Array,
  columns: SortColumns,
  count: number,
  after?: SortKey,
): readonly number[] {
  if (count < 1) return [];
  const { values } = columns;
  const top: number[] = [];
  // New papers have high numbers, and often the best ranks. So few papers are inserted and dropped again.
  for (let at = papers.length - 1; at >= 0; at -= 1) {
    const paper = papers[at] ?? 0;
    const worst = top[count - 1];
    if (worst !== undefined && (values[paper] ?? 0) < (values[worst] ?? 0)) continue;
    if (after && compareKeys(keyOf(columns, paper), after) <= 0) continue;
    if (worst === undefined || isBefore(columns, paper, worst)) {
      if (worst !== undefined) top.pop();
      insert(top, columns, paper);
    }
  }
  return top;
}

/** Returns what a paper is sorted by. */
export function keyOf({ values, publishedAt, ids }: SortColumns, paper: number): SortKey {
  return { value: values[paper] ?? 0, publishedMs: publishedAt[paper] ?? 0, id: ids[paper] ?? '' };
}

function insert(sorted: number[], columns: SortColumns, paper: number) {
  let low = 0;
  let high = sorted.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (isBefore(columns, paper, sorted[middle] ?? 0)) high = middle;
    else low = middle + 1;
  }
  sorted.splice(low, 0, paper);
}

function isBefore(columns: SortColumns, a: number, b: number): boolean {
  return compareKeys(keyOf(columns, a), keyOf(columns, b)) < 0;
}

/** Returns a negative number if `a` comes before `b`, a positive one if it comes after it, and 0 if they are equal. */
function compareKeys(a: SortKey, b: SortKey): number {
  if (a.value !== b.value) return b.value - a.value;
  if (a.publishedMs !== b.publishedMs) return b.publishedMs - a.publishedMs;
  return compareText(b.id, a.id);
}
