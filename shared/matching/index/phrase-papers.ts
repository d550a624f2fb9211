import type { Phrase } from '../text/analyser.ts';
import type { FieldBits } from './day-index.ts';
import { codeOf, nextBitsOf, nextMaskOf, type OpenDay, paperAt, postingsOf, termAt } from './open-day.ts';
import {
  createBits,
  fromBits,
  hasBit,
  intersect,
  listIn,
  type PaperSet,
  setBit,
  setHas,
  unite,
} from './paper-set.ts';
import { type DayStep, hasPhrase, type Step, toDayStep, toFused, toWords } from './phrase-steps.ts';
import { keepAfter, keepBefore, LOOK_COST, takePositions } from './position-filters.ts';
import { NO_TERMS, type TermRange } from './terms.ts';
import {
  type FoundPair,
  markTerms,
  type QueryWord,
  type SearchedDays,
  type WindowDay,
} from './word-papers.ts';

/** Finds the words of a phrase. */
export interface WordFinder {
  findWordPapers(word: QueryWord, fields: FieldBits): PaperSet;
  findPairs(word: QueryWord): readonly FoundPair[];
  findTermPapers(word: QueryWord, fields: FieldBits): PaperSet;
}

/** A phrase to look for. */
export interface PhraseSearch {
  /** The papers that have all its words, in any order. */
  readonly candidates: PaperSet;
  /** Returns the papers of a set that have the phrase. */
  keepWithPhrase(papers: PaperSet): PaperSet;
}

/**
 * Starts the search for papers that have the words of a phrase in sequence in one of the fields. Two words of a text may stand for one of
 * the phrase, and one word for two, as `mayPair` allows.
 */
export function searchPhrase(
  searched: SearchedDays,
  finder: WordFinder,
  phrase: Phrase,
  fields: FieldBits,
): PhraseSearch {
  const words = toWords(phrase);
  const fusedPapers = words.map((_, at) => {
    const fused = toFused(words, phrase, at);
    const papers = fused && finder.findTermPapers(fused, fields);
    return papers && papers.size > 0 ? { fused, papers } : undefined;
  });
  const papersOfWords = words.map((word, at) => {
    const papers = finder.findWordPapers(word, fields);
    const fused = [fusedPapers[at - 1], fusedPapers[at]].flatMap((found) => found?.papers ?? []);
    return fused.length > 0 ? unite([papers, ...fused], searched.paperCount) : papers;
  });
  const candidates = papersOfWords.sort((a, b) => a.size - b.size).reduce(intersect);
  const steps = words.map((word, at) => {
    const foundPairs = finder.findPairs(word);
    return { word, pairs: foundPairs.map(({ pair }) => pair), foundPairs, fused: fusedPapers[at]?.fused };
  });
  return {
    candidates,
    keepWithPhrase: (papers) => keepWithPhrase(searched, papers, steps, fields),
  };
}

/** A step whose pairs are known in every day. */
interface FoundStep extends Step {
  readonly foundPairs: readonly FoundPair[];
}

/** Checking one paper takes as long as reading this many postings in sequence. */
const PAPER_COST = 8 * LOOK_COST;

/** A scratch buffer for the papers that may have a phrase. */
let scratch = new Uint32Array();

/** Keeps the papers that have the phrase. The papers of one day have consecutive numbers. */
function keepWithPhrase(
  { days, paperCount, dayOf, indexInDay }: SearchedDays,
  papers: PaperSet,
  steps: readonly FoundStep[],
  fields: FieldBits,
): PaperSet {
  if (scratch.length < paperCount) scratch = new Uint32Array(paperCount);
  const candidates = listIn(scratch, papers);
  const bits = createBits(paperCount);
  for (let at = 0; at < candidates.length; ) {
    const own = dayOf[candidates[at] ?? 0] ?? 0;
    const start = at;
    while (at < candidates.length && dayOf[candidates[at] ?? 0] === own) at += 1;
    const day = days[own];
    if (!day) continue;
    const daySteps = steps.map((step) => toDayStep(day.index, step));
    const cheapest = findCheapestStep(day.index, daySteps);
    if (cheapest && cheapest.cost < (at - start) * PAPER_COST) {
      markPhrase(day, daySteps, cheapest.at, fields, bits);
      markFused(day, daySteps, fields, bits);
      const pairs = steps.flatMap(({ foundPairs }) =>
        foundPairs.flatMap(({ positions }) => positions[own] ?? []),
      );
      forEachPaperWithVariants(day.index, daySteps, pairs, (paper) => {
        const number = day.numbers[paper] ?? -1;
        if (number < 0 || hasBit(bits, number) || !setHas(papers, number)) return;
        if (hasPhrase(day.index, paper, daySteps, fields)) setBit(bits, number);
      });
      continue;
    }
    for (let nth = start; nth < at; nth += 1) {
      const paper = candidates[nth] ?? 0;
      if (hasPhrase(day.index, indexInDay[paper] ?? 0, daySteps, fields)) setBit(bits, paper);
    }
  }
  return intersect(fromBits(bits), papers);
}

/** Returns the step whose postings are the cheapest to scan, and the cost. The cost includes the postings of two words as one. */
function findCheapestStep(
  index: OpenDay,
  steps: readonly DayStep[],
): { readonly at: number; readonly cost: number } | undefined {
  let cheapest: { at: number; cost: number } | undefined;
  let fusedCost = 0;
  for (const [at, { terms, fused }] of steps.entries()) {
    fusedCost += countPostings(index, fused);
    // A posting says which word is next, but not which one is before.
    const cost = countPostings(index, terms) * (isOneTerm(steps[at + 1]) ? 1 : LOOK_COST);
    if (!cheapest || cost < cheapest.cost) cheapest = { at, cost };
  }
  return cheapest && { at: cheapest.at, cost: cheapest.cost + fusedCost };
}

/** Returns whether a step has one term. A prefix has several. */
function isOneTerm(step: DayStep | undefined): step is DayStep {
  return step !== undefined && step.terms.to - step.terms.from <= 1;
}

function countPostings(index: OpenDay, terms: TermRange): number {
  const { from, to } = postingsOf(index, terms);
  return to - from;
}

/** Marks the papers of a day in which one word stands for a phrase of two. */
function markFused(
  day: WindowDay,
  [first, ...others]: readonly DayStep[],
  fields: FieldBits,
  bits: Int32Array,
) {
  if (first && others.length === 1) markTerms(day, first.fused, fields, bits);
}

/** Visits the papers of a day in which a pair or a fused word may stand for a part of the phrase. It may visit a paper several times. */
function forEachPaperWithVariants(
  index: OpenDay,
  steps: readonly DayStep[],
  pairPositions: readonly number[],
  visit: (paper: number) => void,
) {
  let last = -1;
  const visitAt = (position: number) => {
    const paper = paperAt(index, position);
    // Consecutive positions often belong to one paper.
    if (paper !== last) visit(paper);
    last = paper;
  };
  for (const position of pairPositions) visitAt(position);
  for (const { fused } of steps) {
    const { from, to } = postingsOf(index, fused);
    for (let at = from; at < to; at += 1) visitAt((index.postings[at] ?? 0) >>> index.positionShift);
  }
}

/**
 * Marks the papers of a day that have exactly the words of a phrase. It takes the positions of the anchor word after which the next word may
 * match. Then it checks the words around each, which are adjacent in memory.
 */
function markPhrase(
  { index, numbers }: WindowDay,
  steps: readonly DayStep[],
  anchor: number,
  fields: FieldBits,
  bits: Int32Array,
) {
  const { positionShift, paperEnds } = index;
  const anchorTerms = steps[anchor]?.terms ?? NO_TERMS;
  const following = steps[anchor + 1];
  const mask = isOneTerm(following) ? nextMaskOf(positionShift) : 0;
  const next = isOneTerm(following) ? nextBitsOf(positionShift, codeOf(index, following.terms.from)) : 0;
  const starts = Uint32Array.from(steps, ({ terms }) => terms.from);
  const counts = Uint32Array.from(steps, ({ terms }) => terms.to - terms.from);
  const taken = takePositions(index, postingsOf(index, anchorTerms), mask, next, fields);
  const before = steps[anchor - 1];
  const afterOthers = isOneTerm(before) ? keepAfter(index, taken, before.terms.from) : taken;
  const fitting = mask === 0 && following ? keepBefore(index, afterOthers, following.terms) : afterOthers;
  let foundStart = 0;
  let foundEnd = 0;
  for (const position of fitting) {
    const start = position - anchor;
    // The paper is already marked.
    if (start < foundEnd && start >= foundStart) continue;
    // Fields have gaps between them, so adjacent words are in the same field. A term below the range wraps round to a number above it.
    let step = 0;
    while (
      step < steps.length &&
      (termAt(index, start + step) - (starts[step] ?? 0)) >>> 0 < (counts[step] ?? 0)
    )
      step += 1;
    if (step < steps.length) continue;
    const paper = paperAt(index, start);
    foundStart = paperEnds[paper - 1] ?? 0;
    foundEnd = paperEnds[paper] ?? 0;
    const number = numbers[paper] ?? -1;
    if (number >= 0) setBit(bits, number);
  }
}
