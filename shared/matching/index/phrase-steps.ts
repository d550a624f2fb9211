import { mayPair, type Phrase } from '../text/analyser.ts';
import { type FieldBits, fieldOf, indexedFields } from './day-index.ts';
import { type OpenDay, termAt } from './open-day.ts';
import { gallopTo, NO_TERMS, type TermRange } from './terms.ts';
import {
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
  /** The terms with which a phrase can start if this is its first step. */
  readonly starts: readonly TermRange[];
}

/** A pair in the terms of one day. */
interface DayPair {
  readonly pair: Pair;
  readonly first: TermRange;
  readonly second: TermRange;
}

/** Returns a function that returns the fields in which one paper has a word or a phrase. It reads only this paper. */
export function createPhraseCheck(
  { days, dayOf, indexInDay, filter }: SearchedDays,
  phrase: Phrase,
): (paper: number) => FieldBits {
  const words = toWords(phrase);
  const steps = words.map((word, at) => ({
    word,
    pairs: toPairs(word, filter),
    fused: toFused(words, phrase, at),
  }));
  const known = new Map<OpenDay, readonly DayStep[]>();
  return (paper) => {
    const index = days[dayOf[paper] ?? 0]?.index;
    if (!index) return 0;
    const daySteps = known.get(index) ?? steps.map((step) => toDayStep(index, step));
    known.set(index, daySteps);
    return findFields(index, indexInDay[paper] ?? 0, daySteps);
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
export function toDayStep(index: OpenDay, step: Step): DayStep {
  const terms = toTerms(index, step.word);
  const fused = step.fused ? toTerms(index, step.fused) : NO_TERMS;
  const pairs = step.pairs.length === 0 ? NO_PAIRS : step.pairs.map((pair) => toDayPair(index, pair));
  const starts = [terms, fused, ...pairs.map(({ first }) => first)].filter(({ from, to }) => from < to);
  return { terms, pairs, fused, starts };
}

/** Returns whether a paper has a phrase in one of the fields. It checks each position at which the phrase can start. */
export function hasPhrase(
  index: OpenDay,
  paper: number,
  steps: readonly DayStep[],
  fields: FieldBits,
): boolean {
  const [first] = steps;
  if (!first) return true;
  return first.starts.some((terms) => findStarts(index, paper, terms, steps, fields, true) !== 0);
}

/** Returns the fields in which a paper has a phrase. */
function findFields(index: OpenDay, paper: number, steps: readonly DayStep[]): FieldBits {
  const [first] = steps;
  if (!first) return ALL_FIELDS;
  return first.starts.reduce(
    (found, terms) => found | findStarts(index, paper, terms, steps, ALL_FIELDS & ~found, false),
    0,
  );
}

const ALL_FIELDS: FieldBits = (1 << indexedFields.length) - 1;

/** Returns the fields of a paper in which a phrase starts with one of the terms. If any is enough, returns only the first such field. */
function findStarts(
  index: OpenDay,
  paper: number,
  { from, to }: TermRange,
  steps: readonly DayStep[],
  fields: FieldBits,
  isAnyEnough: boolean,
): FieldBits {
  const { postings, positionShift, postingEnds, paperEnds } = index;
  const paperStart = paperEnds[paper - 1] ?? 0;
  const paperEnd = paperEnds[paper] ?? 0;
  let found = 0;
  for (let term = from; term < to; term += 1) {
    const end = postingEnds[term] ?? 0;
    let at = gallopTo(postings, (paperStart << positionShift) >>> 0, postingEnds[term - 1] ?? 0, end);
    for (; at < end; at += 1) {
      const posting = postings[at] ?? 0;
      const position = posting >>> positionShift;
      if (position >= paperEnd) break;
      const field = 1 << fieldOf(posting);
      if ((fields & ~found & field) === 0 || !continuesAt(index, steps, 0, position)) continue;
      found |= field;
      if (isAnyEnough) return found;
    }
  }
  return found;
}

/** Returns whether the words from a position on match the steps from `at` on. */
function continuesAt(index: OpenDay, steps: readonly DayStep[], at: number, position: number): boolean {
  const step = steps[at];
  if (!step) return true;
  const term = termAt(index, position);
  if (isIn(step.terms, term) && continuesAt(index, steps, at + 1, position + 1)) return true;
  if (isIn(step.fused, term) && continuesAt(index, steps, at + 2, position + 1)) return true;
  return step.pairs.some(
    ({ pair, first, second }) =>
      isIn(first, term) &&
      isPairAt(index, position, pair, second) &&
      continuesAt(index, steps, at + 1, position + 2),
  );
}

function isIn({ from, to }: TermRange, term: number): boolean {
  return term >= from && term < to;
}
