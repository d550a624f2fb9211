import { analyse, mayPair, type Phrase, type Word } from './analyser.ts';

/** The words of a text, and whether each is joined to the next one. */
type Words = readonly { readonly stem: string; readonly isJoined: boolean }[];

/** A run of words: the first one, and the one after the last. */
export interface Run {
  readonly from: number;
  readonly to: number;
}

/**
 * Returns where a phrase is in a text. The index finds the same phrases with a faster algorithm, and a test compares both. Words are
 * compared in sequence. Each step is one of these:
 *
 * - A stem of the text equals the stem of the phrase. A prefix only has to begin it.
 * - Two stems of the text equal one of the phrase: `multi-modal` in the text, `multimodal` in the phrase.
 * - One stem of the text equals two of the phrase: `multimodal` in the text, `multi modal` in the phrase.
 *
 * `mayPair` says which two words count as one.
 */
export function findPhrase(text: Words, phrase: Phrase): readonly Run[] {
  const [first] = phrase.words;
  if (first === undefined) return [];
  const runs: Run[] = [];
  for (const [from, { stem }] of text.entries()) {
    // In each kind of step, the first stems of both sides begin with the same character.
    if (stem.charCodeAt(0) !== first.charCodeAt(0)) continue;
    const to = endOfPhrase(text, from, phrase);
    if (to !== undefined) runs.push({ from, to });
  }
  return runs;
}

/** Returns the word after the phrase that begins at a word. At most one kind of step is possible at a time. */
function endOfPhrase(text: Words, from: number, { words, isJoined, isPrefix }: Phrase): number | undefined {
  const equals = (stem: string, wanted: string, isLast: boolean) =>
    isLast && isPrefix ? stem.startsWith(wanted) : stem === wanted;
  let at = from;
  for (let n = 0; n < words.length; ) {
    const here = text[at];
    const word = words[n];
    if (!here || word === undefined) return undefined;
    const next = text[at + 1];
    const nextWord = words[n + 1];
    const isBeginning = isPrefix && nextWord === undefined;
    if (equals(here.stem, word, n === words.length - 1)) {
      at += 1;
      n += 1;
    } else if (
      next &&
      word.startsWith(here.stem) &&
      mayPair(here.stem, word.slice(here.stem.length), here.isJoined, isBeginning) &&
      equals(here.stem + next.stem, word, n === words.length - 1)
    ) {
      at += 2;
      n += 1;
    } else if (
      nextWord !== undefined &&
      here.stem.startsWith(word) &&
      mayPair(word, nextWord, isJoined[n] ?? false) &&
      equals(here.stem, word + nextWord, n === words.length - 2)
    ) {
      at += 1;
      n += 2;
    } else {
      return undefined;
    }
  }
  return at;
}

/** A part of a text: UTF-16 offsets, without the end. */
export interface Span {
  readonly start: number;
  readonly end: number;
}

/**
 * Returns the parts of a readable text that phrases find in it, in order and without overlaps. A card marks them. A space
 * between two found words is marked with them. The caller chooses the phrases of a query that search this text. None of
 * them may come from a `not`.
 *
 * @param toWords returns the words of the text. A caller can cache them. @default analyse
 * @example findTerms('Residual streams', [analysePhrase('residual stream')]) // [{ start: 0, end: 16 }]
 */
export function findTerms(
  text: string,
  phrases: readonly Phrase[],
  toWords: (text: string) => readonly Word[] = analyse,
): readonly Span[] {
  if (phrases.length === 0) return [];
  const words = toWords(text);
  const spans = phrases
    .flatMap((phrase) => findPhrase(words, phrase))
    .map(({ from, to }) => toSpan(words, from, to))
    .sort((a, b) => a.start - b.start || b.end - a.end);
  const merged: Span[] = [];
  for (const span of spans) {
    const last = merged.at(-1);
    if (last && isClose(text, last, span))
      merged[merged.length - 1] = { start: last.start, end: Math.max(last.end, span.end) };
    else merged.push(span);
  }
  return merged;
}

function toSpan(words: readonly Word[], from: number, to: number): Span {
  return { start: words[from]?.start ?? 0, end: words[to - 1]?.end ?? 0 };
}

/** Returns whether two spans overlap, or only spaces are between them. */
function isClose(text: string, last: Span, next: Span): boolean {
  return text.slice(last.end, next.start).trim() === '';
}
