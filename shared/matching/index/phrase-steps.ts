import { mayPair, type Phrase } from '../text/analyser.ts';
import { fieldOf, TERM_SHIFT } from './day-index.ts';
import { type OpenDay, skipTo } from './open-day.ts';
import { NO_TERMS, type TermRange } from './terms.ts';
import {
  type FieldBits,
  isPairAt,
  type Pair,
  type QueryWord,
  type SearchedDays,
  toPairs,
  toQueryWord,
  toTerms,
} from './word-papers.ts';

/** One word of a phrase, and what may stand for it in a text. */
export interface Step {
  readonly word: QueryWord;
  readonly pairs: readonly Pair[];
  /** This word and the next one of the phrase as one word. Undefined if no text has it. */
  readonly fused: QueryWord | undefined;
}

/** A step in the terms of one day. */
export interface DayStep {
  readonly terms: TermRange;
  readonly pairs: readonly DayPair[];
  readonly fused: TermRange;
}

/** A pair in the terms of one day. */
interface DayPair {
  readonly pair: Pair;
  readonly first: TermRange;
  readonly second: TermRange;
}

/** Returns a function that says whether one paper has a word or a phrase in one of the fields. It looks at nothing but this paper. */
export function createPhraseCheck(
  { days, dayOf, placeInDay, filter }: SearchedDays,
  phrase: Phrase,
): (paper: number, fields: FieldBits) => boolean {
  const words = toWords(phrase);
  const steps = words.map((word, at) => ({
    ...{ word, pairs: toPairs(word, filter) },
    fused: toFused(words, phrase, at),
  }));
  const known = new Map<OpenDay, readonly DayStep[]>();
  return (paper, fields) => {
    const index = days[dayOf[paper] ?? 0]?.index;
    if (!index) return false;
    const daySteps = known.get(index) ?? steps.map((step) => toDayStep(index, step));
    known.set(index, daySteps);
    return hasPhrase(index, placeInDay[paper] ?? 0, daySteps, fields);
  };
}

/** Returns the words of a phrase. Only the last one may be a prefix. */
export function toWords({ words, isPrefix }: Phrase): readonly QueryWord[] {
  return words.map((text, at) => toQueryWord(text, isPrefix && at === words.length - 1));
}

/** Returns two neighbours of a phrase as one word, if a text may have them as one. */
export function toFused(
  words: readonly QueryWord[],
  { isJoined }: Phrase,
  at: number,
): QueryWord | undefined {
  const [word, next] = words.slice(at, at + 2);
  if (!word || !next || !mayPair(word.text, next.text, isJoined[at] ?? false)) return undefined;
  return toQueryWord(word.text + next.text, next.isPrefix);
}

const NO_PAIRS: readonly DayPair[] = [];

function toDayPair(index: OpenDay, pair: Pair): DayPair {
  return { pair, first: toTerms(index, pair.first), second: toTerms(index, pair.second) };
}

/** Returns a step in the terms of one day. */
export function toDayStep(index: OpenDay, { word, pairs, fused }: Step): DayStep {
  return {
    terms: toTerms(index, word),
    pairs: pairs.length === 0 ? NO_PAIRS : pairs.map((pair) => toDayPair(index, pair)),
    fused: fused ? toTerms(index, fused) : NO_TERMS,
  };
}

/** Looks at each place of a paper at which the phrase can start. */
export function hasPhrase(
  index: OpenDay,
  paper: number,
  steps: readonly DayStep[],
  fields: FieldBits,
): boolean {
  const [first] = steps;
  if (!first) return true;
  return (
    startsAtAny(index, paper, first.terms, steps, fields) ||
    startsAtAny(index, paper, first.fused, steps, fields) ||
    first.pairs.some((pair) => startsAtAny(index, paper, pair.first, steps, fields))
  );
}

/** Returns whether the phrase starts at any place where a paper has one of some terms. */
function startsAtAny(
  index: OpenDay,
  paper: number,
  { from, to }: TermRange,
  steps: readonly DayStep[],
  fields: FieldBits,
): boolean {
  const { places, placeShift, placeEnds, paperEnds } = index;
  const paperStart = paperEnds[paper - 1] ?? 0;
  const paperEnd = paperEnds[paper] ?? 0;
  for (let term = from; term < to; term += 1) {
    const end = placeEnds[term] ?? 0;
    let at = skipTo(places, (paperStart << placeShift) >>> 0, placeEnds[term - 1] ?? 0, end);
    for (; at < end; at += 1) {
      const entry = places[at] ?? 0;
      const place = entry >>> placeShift;
      if (place >= paperEnd) break;
      if (((fields >>> fieldOf(entry)) & 1) === 1 && continuesAt(index, steps, 0, place)) return true;
    }
  }
  return false;
}

/** Returns whether the steps from `at` on are met by the words from a place on. */
function continuesAt(index: OpenDay, steps: readonly DayStep[], at: number, place: number): boolean {
  const step = steps[at];
  if (!step) return true;
  const term = (index.words[place] ?? 0) >>> TERM_SHIFT;
  if (isIn(step.terms, term) && continuesAt(index, steps, at + 1, place + 1)) return true;
  if (isIn(step.fused, term) && continuesAt(index, steps, at + 2, place + 1)) return true;
  return step.pairs.some(
    ({ pair, first, second }) =>
      isIn(first, term) &&
      isPairAt(index, place, pair, second) &&
      continuesAt(index, steps, at + 1, place + 2),
  );
}

function isIn({ from, to }: TermRange, term: number): boolean {
  return term >= from && term < to;
}
