import type { Paper } from '../../shared/domain/papers/paper.ts';
import { toReadableTex } from '../../shared/domain/text/readable-tex.ts';
import { createRandom, pickOne, type Random } from '../../test/simulation/seeded-random.ts';

/** How often a query has one term, two, three and so on. */
const TERM_COUNTS = [0.3, 0.3, 0.2, 0.1, 0.06, 0.04];
const PHRASES = 0.25;
const FIELDS = 0.2;
const PREFIXES = 0.05;
/** The share of the queries with several terms that exclude one, and of those in which two are alternatives. */
const EXCLUSIONS = 0.15;
const ALTERNATIVES = 0.15;
const PREFIX_LETTERS = 5;

/**
 * Returns a function that gives one query after the other. Its words and phrases are taken from random places of the abstracts. So
 * they are as frequent in the queries as in the papers, which is Zipf's law. The same seed gives the same queries.
 */
export function createQueryStream(papers: readonly Pick<Paper, 'abstract'>[], seed: number): () => string {
  const random = createRandom(seed);
  const texts = papers
    .map(({ abstract }) => toReadableTex(abstract).match(/[\p{L}\p{N}]+(?:-[\p{L}\p{N}]+)*/gu) ?? [])
    .filter((words) => words.length > 1);
  const lengths = texts.map((words) => words.length);
  const total = lengths.reduce((sum, length) => sum + length, 0);
  const ends = lengths.map(
    (
      (sum) => (length: number) =>
        (sum += length)
    )(0),
  );

  const pickText = () => {
    const place = random() * total;
    let low = 0;
    let high = ends.length - 1;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((ends[middle] ?? 0) > place) high = middle;
      else low = middle + 1;
    }
    return texts[low] ?? [];
  };
  const nextTerm = (): string => {
    const words = pickText();
    const at = Math.floor(random() * (words.length - 1));
    const [first = '', second = ''] = words.slice(at, at + 2);
    // These words are operators, or people would quote them.
    if (/^(and|or|not)$/i.test(first)) return nextTerm();
    const field = random() < FIELDS ? pickOne(['title:', 'abstract:'], random) : '';
    if (random() < PHRASES) return `${field}"${first} ${second}"`;
    const isPrefix = random() < PREFIXES && /^[a-z]{6,}$/i.test(first);
    return field + (isPrefix ? `${first.slice(0, PREFIX_LETTERS)}*` : first);
  };

  return () => {
    const terms = Array.from({ length: pickCount(random) }, nextTerm);
    if (terms.length > 1 && random() < ALTERNATIVES) terms.splice(0, 2, `(${terms[0]} OR ${terms[1]})`);
    if (terms.length > 1 && random() < EXCLUSIONS) terms.push(`-${terms.pop()}`);
    return terms.join(' ');
  };
}

function pickCount(random: Random): number {
  let rest = random();
  const at = TERM_COUNTS.findIndex((share) => {
    rest -= share;
    return rest < 0;
  });
  return at === -1 ? 1 : at + 1;
}

/** Returns a function that picks the place of a popular thing: the second is picked half as often as the first, and so on. */
export function createZipfPicker(count: number, random: Random): () => number {
  const ends = new Float64Array(count);
  let sum = 0;
  for (let place = 0; place < count; place += 1) {
    sum += 1 / (place + 1);
    ends[place] = sum;
  }
  return () => {
    const wanted = random() * sum;
    let low = 0;
    let high = count - 1;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((ends[middle] ?? 0) > wanted) high = middle;
      else low = middle + 1;
    }
    return low;
  };
}
