import type { Muted } from '../domain/muting.ts';
import type { Paper } from '../domain/paper.ts';
import { foldWord } from './fold-word.ts';

/** Returns a test for papers that a subscriber muted, or that have an author whom the subscriber muted. */
export function createMuteTest({
  mutedPapers = [],
  mutedAuthors = [],
}: Muted): (paper: Pick<Paper, 'id' | 'authors'>) => boolean {
  const ids = new Set(mutedPapers);
  const names = new Set(mutedAuthors.map(toKey));
  return ({ id, authors }) =>
    ids.has(id) || (names.size > 0 && authors.some((name) => names.has(toKey(name))));
}

function toKey(name: string): string {
  return name.split(/\s+/).flatMap(foldWord).join(' ');
}
