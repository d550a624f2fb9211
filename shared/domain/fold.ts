import { toReadableTex } from './readable-tex.ts';

/**
 * The words of a text in the form in which two texts are compared: small letters, no accents, no plural, hyphens and
 * all other punctuation as spaces. `Self-Supervised Müller models` becomes `['self', 'supervised', 'muller', 'model']`. TeX is
 * read as a reader sees it: `M$^3$` and `M³` are `['m3']`.
 */
export function foldWords(text: string): readonly string[] {
  const plain = toReadableTex(text)
    .normalize('NFKD')
    .replace(/[\p{M}\p{Default_Ignorable_Code_Point}]/gu, '')
    .toLowerCase();
  return (plain.match(/[\p{L}\p{N}]+/gu) ?? []).map(toSingular);
}

/** Words that end like a plural and are none. */
const NO_PLURALS = new Set(['always', 'lens', 'news', 'perhaps', 'series', 'species']);

/** Plurals that their ending would fold to another word than their singular. */
const SINGULARS = new Map([
  ['axes', 'axis'],
  ['biases', 'bias'],
  ['caches', 'cache'],
  ['cookies', 'cookie'],
  ['lenses', 'lens'],
  ['movies', 'movie'],
  ['niches', 'niche'],
  ['quizzes', 'quiz'],
  ['viruses', 'virus'],
  // Most words in -ics are fields of study, which stay as they are. These are counted.
  ['characteristics', 'characteristic'],
  ['critics', 'critic'],
  ['heuristics', 'heuristic'],
  ['metrics', 'metric'],
  ['rubrics', 'rubric'],
  ['topics', 'topic'],
]);

/**
 * The singular of an English word, by its ending alone: `queries` → `query`, `classes` → `class`, `models` → `model`.
 * Words like `analysis`, `bias`, `chaos`, `corpus` and `physics` stay. A word that is folded stays as it is.
 */
function toSingular(word: string): string {
  if (NO_PLURALS.has(word)) return word;
  const singular = SINGULARS.get(word);
  if (singular) return singular;
  if (word.endsWith('ics')) return word;
  if (word.length > 4 && word.endsWith('ies')) return `${word.slice(0, -3)}y`;
  if (/(?:ss|x|ch|sh|zz)es$/.test(word)) return word.slice(0, -2);
  if (word.length > 3 && /[^aiosu]s$/.test(word)) return word.slice(0, -1);
  return word;
}
