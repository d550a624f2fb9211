import type { Paper } from '../../../domain/papers/paper.ts';
import { toOneLine } from '../../../domain/text/one-line.ts';
import { analysePhrase } from '../../../matching/text/analyser.ts';
import { parseName } from '../../../matching/text/names.ts';
import type { NameKind } from '../../paths/paper-paths.ts';

/**
 * Returns how the given papers write a name, the most common spelling first. Case, accents, plurals and signs do not matter, and `He, Kaiming`
 * is `Kaiming He`. Other names that the query finds, such as `K. He`, are left out.
 */
export function findSpellings(
  kind: NameKind,
  name: string,
  hits: readonly { readonly paper: Paper }[],
): readonly string[] {
  const key = toKey(kind, name);
  const counts = new Map<string, number>();
  for (const { paper } of hits) {
    for (const rawName of namesOf(kind, paper)) {
      const spelling = toOneLine(rawName);
      if (toKey(kind, spelling) === key) counts.set(spelling, (counts.get(spelling) ?? 0) + 1);
    }
  }
  return [...counts].sort(([a, n], [b, m]) => m - n || (a < b ? -1 : 1)).map(([spelling]) => spelling);
}

function namesOf(kind: NameKind, { authors, organisation, aiKeywords }: Paper): readonly string[] {
  switch (kind) {
    case 'author':
      return authors;
    case 'organisation':
      return organisation === undefined ? [] : [organisation];
    case 'keyword':
      return aiKeywords;
    default:
      return kind satisfies never;
  }
}

/** Returns what equal names have in common. */
function toKey(kind: NameKind, name: string): string | undefined {
  return kind === 'author' ? parseName(name).readings[0]?.whole : analysePhrase(name).words.join(' ');
}
