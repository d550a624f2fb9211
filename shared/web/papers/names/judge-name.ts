import type { Paper } from '../../../domain/papers/paper.ts';
import { type NameKind, toUrlName } from '../../paths/paper-paths.ts';
import { findSpellings } from './spellings.ts';

/**
 * What papers say about a name in a URL.
 *
 * - `known`: papers use this spelling, and most use `usual`
 * - `misspelt`: papers use only other spellings
 * - `unknown`: no paper has this name. A longer name may have its words
 * - `unsure`: too many papers have its words to look at all of them
 */
type JudgedName =
  | { readonly kind: 'known'; readonly written: string; readonly usual: string }
  | { readonly kind: 'misspelt'; readonly usual: string }
  | { readonly kind: 'unknown' | 'unsure' };

/**
 * Says how papers write a name.
 *
 * @param name from a URL, by `toUrlName`
 * @param found the papers that have its words. With `next`, there are more of them
 */
export function judgeName(
  kind: NameKind,
  name: string,
  found: { readonly hits: readonly { readonly paper: Paper }[]; readonly next?: string | undefined },
): JudgedName {
  const spellings = findSpellings(kind, name, found.hits);
  const [usual] = spellings;
  if (usual === undefined) return { kind: found.next === undefined ? 'unknown' : 'unsure' };
  const written = spellings.find((spelling) => toUrlName(spelling) === name);
  return written === undefined ? { kind: 'misspelt', usual } : { kind: 'known', written, usual };
}

/** Returns whether each paper has a name, in any spelling. Others have its words in a longer one. */
export function haveName(kind: NameKind, name: string, hits: readonly { readonly paper: Paper }[]): boolean {
  return hits.every((hit) => findSpellings(kind, name, [hit]).length > 0);
}
