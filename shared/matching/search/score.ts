import { type IndexedField, indexedFields } from '../index/day-index.ts';

/** The numbers of the relevance score. */
export const SCORE_RULES = {
  /** The weight of each field. */
  weights: { title: 5, abstract: 1, keyword: 2, org: 2, author: 2 },
  /** How much the length of a field matters, from 0 to 1 (`b` of BM25F). */
  lengthShares: { title: 0.5, abstract: 0.75, keyword: 0.5, org: 0, author: 0 },
  /**
   * How many words a field usually has. These are constants instead of averages of the corpus, so that new papers do not change the scores
   * of others.
   */
  usualLengths: { title: 10, abstract: 180, keyword: 16, org: 2, author: 40 },
  /** How soon further occurrences of a word add little (`k1` of BM25F). */
  saturation: 2,
  /** What a word with the same root counts, as a share of the word itself: `trained` for `training`. */
  relativeShare: 0.5,
  /** What two neighbouring words of a query count if they are neighbours in a paper, as a share of the less telling one. */
  pairShare: 0.4,
  /** The maximum points for being similar to the best papers, as a share of the best score. Only relaxed searches use it. */
  feedbackShare: 0.46,
  /** The maximum points for votes and for being new, as a share of one rare word in the title. */
  votesPoints: 0.1,
  recencyPoints: 0.1,
  /** Half-life of the points for being new, in days. */
  halfLifeDays: 180,
} as const;

/** If fewer papers than this have all plain words of a query, papers with some of them follow. */
export const ENOUGH_PAPERS = 10;

/** The minimum share of a short query's words that such a paper has, by their weights. */
const MIN_SHARE = 0.5;

/** Longer queries are questions or sentences. Papers have a smaller share of their words. */
const SHORT_QUERY = 2;

/** Returns the minimum share of a query's words, by their weights, that a paper has if too few papers have all of them. */
export function toMinShare(wordCount: number): number {
  return MIN_SHARE * Math.min(1, SHORT_QUERY / wordCount);
}

const FIELDS = indexedFields.length;
const toArray = (numbers: Readonly<Record<IndexedField, number>>) =>
  Float64Array.from(indexedFields, (field) => numbers[field]);
const WEIGHTS = toArray(SCORE_RULES.weights);
const LENGTH_SHARES = toArray(SCORE_RULES.lengthShares);
const USUAL_LENGTHS = toArray(SCORE_RULES.usualLengths);

/** Returns the points of a word that occurs `count` times in a field of `length` words. */
export function toFieldPoints(field: number, count: number, length: number): number {
  const share = LENGTH_SHARES[field] ?? 0;
  return ((WEIGHTS[field] ?? 0) * count) / (1 - share + share * (length / (USUAL_LENGTHS[field] ?? 1)));
}

/** Shorter lengths, which are most, are looked up, because a division takes longer. */
const KNOWN_LENGTHS = 512;

const known = Float64Array.from({ length: FIELDS * KNOWN_LENGTHS }, (_, at) =>
  toFieldPoints(Math.floor(at / KNOWN_LENGTHS), 1, at % KNOWN_LENGTHS),
);

/** Returns the points of one posting of a word in a field of this length. */
export function toPostingPoints(field: number, length: number): number {
  return length < KNOWN_LENGTHS
    ? (known[field * KNOWN_LENGTHS + length] ?? 0)
    : toFieldPoints(field, 1, length);
}

/**
 * Returns the points of a word in a paper: the sum of those of its fields, in their order.
 *
 * @param counts how often each field has the word, from `countsAt` on in the order of `indexedFields`
 * @param lengths how many words each field has, from `lengthsAt` on
 */
export function sumFieldPoints(
  counts: Uint16Array,
  countsAt: number,
  lengths: Uint16Array,
  lengthsAt: number,
): number {
  let sum = 0;
  for (let field = 0; field < FIELDS; field += 1) {
    const count = counts[countsAt + field] ?? 0;
    if (count > 0) sum += toFieldPoints(field, count, lengths[lengthsAt + field] ?? 0);
  }
  return sum;
}

/** Returns the impact of a word in a paper by its points there, from 0 to below 1 (BM25F without the IDF). */
export function toImpact(points: number): number {
  return points / (SCORE_RULES.saturation + points);
}

/** Impacts are rounded to this many steps, so that they take two bytes each. Both ways to look a word up give the same number. */
export const IMPACT_STEPS = 0xffff;

/** Returns {@link toImpact} in steps. `Math.round` would give the same number, but take as long as all the rest. */
export function toImpactSteps(points: number): number {
  return Math.floor(toImpact(points) * IMPACT_STEPS + 0.5);
}

/**
 * Returns the impact of a pair of words in a paper, from 0 to below 1.
 *
 * @param counts how often each field has the pair, from `countsAt` on
 */
export function toPairImpact(counts: Uint16Array, countsAt: number): number {
  let points = 0;
  for (let field = 0; field < FIELDS; field += 1)
    points += (WEIGHTS[field] ?? 0) * (counts[countsAt + field] ?? 0);
  return toImpact(points);
}

/** Returns the inverse document frequency of a word: higher for a rare word, and never negative. */
export function toIdf(paperCount: number, documentFrequency: number): number {
  return Math.log(1 + (paperCount - documentFrequency + 0.5) / (documentFrequency + 0.5));
}

/** The facts of a paper, besides its words, that its score depends on. */
export interface ScoredFacts {
  readonly upvotes: number;
  /** How many days before the search it was published. */
  readonly ageDays: number;
}

/** Returns the points that a paper gets for its votes and age. */
export function toBoost({ upvotes, ageDays }: ScoredFacts): number {
  const { votesPoints, recencyPoints, halfLifeDays } = SCORE_RULES;
  const votes = Math.log2(1 + upvotes) / 10;
  return votesPoints * votes + recencyPoints * 2 ** (-Math.max(0, ageDays) / halfLifeDays);
}
