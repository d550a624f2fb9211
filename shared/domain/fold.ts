import { toReadableTex } from './readable-tex.ts';

/**
 * Returns the words of a text for a comparison: in lower case, without accents, and singular. Hyphens and other punctuation separate
 * words. `Self-Supervised Müller models` gives `['self', 'supervised', 'muller', 'model']`. TeX counts as the text that it shows:
 * `M$^3$` and `M³` both give `['m3']`.
 */
export function foldWords(text: string): readonly string[] {
  const plain = toReadableTex(text)
    .normalize('NFKD')
    .replace(/[\p{M}\p{Default_Ignorable_Code_Point}]/gu, '')
    .toLowerCase();
  return (plain.match(/[\p{L}\p{N}]+/gu) ?? []).map(toSingular);
}

/** Singular words that end like a plural. */
const NO_PLURALS = new Set(['always', 'lens', 'news', 'perhaps', 'series', 'species']);

/** Plurals for which the rules of {@link toSingular} give a wrong singular. */
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
  // Most words in -ics are fields of study and stay as they are. These are plurals.
  ['characteristics', 'characteristic'],
  ['critics', 'critic'],
  ['heuristics', 'heuristic'],
  ['metrics', 'metric'],
  ['rubrics', 'rubric'],
  ['topics', 'topic'],
]);

/**
 * Returns the singular of an English word by its ending: `queries` → `query`, `classes` → `class`, `models` → `model`.
 * Words like `analysis`, `bias`, `chaos`, `corpus` and `physics` stay. So does a folded word.
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
