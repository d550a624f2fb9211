import { findCategoryOf } from '../../domain/lists/list-groups.ts';
import type { ListId } from '../../domain/lists/lists.ts';
import { toListNames } from '../../presentation/subscription-wording.ts';
import { toCountText, toListing } from '../../presentation/wording.ts';

/** Up to this many lists are all named. */
const MAX_NAMED_LISTS = 4;

/**
 * Returns the names of the lists of a page. If there are more than four, the categories of arXiv are only counted: `Hugging Face Daily Papers
 * and 149 categories of arXiv`.
 */
export function toPublicNames(lists: readonly ListId[]): string {
  const others = lists.filter((list) => findCategoryOf(list) === undefined);
  const categories = lists.length - others.length;
  if (lists.length <= MAX_NAMED_LISTS || categories < 2) return toListNames(lists, MAX_NAMED_LISTS);
  const counted = `${categories} categories of arXiv`;
  const named = others.slice(0, MAX_NAMED_LISTS).map((list) => toListNames([list]));
  const rest = others.length - named.length;
  return toListing([...named, ...(rest > 0 ? [toCountText(rest, 'other list')] : []), counted]);
}
