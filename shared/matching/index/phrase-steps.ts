import { mayPair, type Phrase } from '../text/analyser.ts';
import { type FieldBits, fieldOf, indexedFields } from './day-index.ts';
import { type OpenDay, skipTo, termAt } from './open-day.ts';
import { NO_TERMS, type TermRange } from './terms.ts';
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
  /** The terms with which a phrase can start that has this step first. */
  readonly starts: readonly TermRange[];
}

/** A pair in the terms of one day. */
interface DayPair {
  readonly pair: Pair;
  readonly first: TermRange;
  readonly second: TermRange;
}

/** Returns a function that says in which fields one paper has a word or a phrase. It looks at nothing but this paper. */
export function createPhraseCheck(
  { days, dayOf, placeInDay, filter }: SearchedDays,
  phrase: Phrase,
): (paper: number) => FieldBits {
  const words = toWords(phrase);
  const steps = words.map((word, at) => ({
    ...{ word, pairs: toPairs(word, filter) },
    fused: toFused(words, phrase, at),
  }));
  const known = new Map<OpenDay, readonly DayStep[]>();
  return (paper) => {
    const index = days[dayOf[paper] ?? 0]?.index;
    if (!index) return 0;
    const daySteps = known.get(index) ?? steps.map((step) => toDayStep(index, step));
    known.set(index, daySteps);
    return findFields(index, placeInDay[paper] ?? 0, daySteps);
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

/** Returns whether a paper has a phrase in one of some fields. It looks at each place at which the phrase can start. */
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

/** Returns the fields in which a phrase starts with one of some terms in a paper, or one of these fields if any will do. */
function findStarts(
  index: OpenDay,
  paper: number,
  { from, to }: TermRange,
  steps: readonly DayStep[],
  fields: FieldBits,
  isAnyEnough: boolean,
): FieldBits {
  const { places, placeShift, placeEnds, paperEnds } = index;
  const paperStart = paperEnds[paper - 1] ?? 0;
  const paperEnd = paperEnds[paper] ?? 0;
  let found = 0;
  for (let term = from; term < to; term += 1) {
    const end = placeEnds[term] ?? 0;
    let at = skipTo(places, (paperStart << placeShift) >>> 0, placeEnds[term - 1] ?? 0, end);
    for (; at < end; at += 1) {
      const entry = places[at] ?? 0;
      const place = entry >>> placeShift;
      if (place >= paperEnd) break;
      const field = 1 << fieldOf(entry);
      if ((fields & ~found & field) === 0 || !continuesAt(index, steps, 0, place)) continue;
      found |= field;
      if (isAnyEnough) return found;
    }
  }
  return found;
}

/** Returns whether the steps from `at` on are met by the words from a place on. */
function continuesAt(index: OpenDay, steps: readonly DayStep[], at: number, place: number): boolean {
  const step = steps[at];
  if (!step) return true;
  const term = termAt(index, place);
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
