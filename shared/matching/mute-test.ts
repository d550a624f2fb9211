import type { Paper } from '../domain/papers/paper.ts';
import type { Muted } from '../domain/subscribers/muting.ts';
import { matchesName, parseName } from './text/names.ts';

/**
 * Returns a test for papers that a subscriber muted, or that have an author whom the subscriber muted. Undefined if nothing is muted,
 * so that most digests test no paper. Names are compared as in `author:`, so a mute of `Kaiming He` also finds `K. He`.
 */
export function createMuteTest({
  mutedPapers = [],
  mutedAuthors = [],
}: Muted): ((paper: Pick<Paper, 'id' | 'authors'>) => boolean) | undefined {
  if (mutedPapers.length + mutedAuthors.length === 0) return undefined;
  const ids = new Set(mutedPapers);
  const names = mutedAuthors.map(parseName);
  const isMutedName = (author: string) => {
    const parsed = parseName(author);
    return names.some((name) => matchesName(name, parsed));
  };
  return ({ id, authors }) => ids.has(id) || (names.length > 0 && authors.some(isMutedName));
}
