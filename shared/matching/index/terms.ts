/** The terms of an index, which are its different words: sorted by UTF-16 units, one after the other. The first one is empty. */
export interface SortedTerms {
  readonly terms: string;
  /** Where each term ends in `terms`. A term is known by its place in this array. */
  readonly termEnds: Uint32Array;
}

/** Terms with a hash table. */
export interface OpenTerms extends SortedTerms {
  /** The terms at their hashes, or at the next free slot. 0 is a free slot. */
  readonly slots: Uint32Array;
  /** The hash of each term. */
  readonly hashes: Uint32Array;
}

/** The terms `from` to `to`, without `to`. Empty if they are equal. */
export interface TermRange {
  readonly from: number;
  readonly to: number;
}

export const NO_TERMS: TermRange = { from: 0, to: 0 };

/** Opens terms for look-ups. It takes a few nanoseconds for each term, less than storing the table would. */
export function openTerms({ terms, termEnds }: SortedTerms): OpenTerms {
  const slots = new Uint32Array(2 ** Math.ceil(Math.log2(1.5 * termEnds.length)));
  const hashes = new Uint32Array(termEnds.length);
  for (let term = 1; term < termEnds.length; term += 1) {
    let slot = hashOf(terms, termEnds[term - 1] ?? 0, termEnds[term] ?? 0);
    hashes[term] = slot;
    while (slots[slot & (slots.length - 1)] !== 0) slot += 1;
    slots[slot & (slots.length - 1)] = term;
  }
  return { terms, termEnds, slots, hashes };
}

/**
 * Returns the different terms of several indexes, the empty one first, and the place of each term of each index in them. It compares terms by
 * their hashes, because it meets most of them often, and makes a text of each only once.
 */
export function uniteTerms(indexes: readonly OpenTerms[]): {
  readonly texts: readonly string[];
  readonly numbers: readonly Uint32Array[];
} {
  const most = indexes.reduce((sum, { hashes }) => sum + hashes.length, 1);
  const slots = new Uint32Array(2 ** Math.ceil(Math.log2(1.5 * most)));
  const hashOf = new Uint32Array(most);
  const texts = [''];
  const numbers = indexes.map(({ terms, termEnds, hashes }) => {
    const own = new Uint32Array(hashes.length);
    for (let term = 1; term < hashes.length; term += 1) {
      const hash = hashes[term] ?? 0;
      const start = termEnds[term - 1] ?? 0;
      const length = (termEnds[term] ?? 0) - start;
      let slot = hash & (slots.length - 1);
      let number = slots[slot] ?? 0;
      while (number > 0 && !(hashOf[number] === hash && isAt(terms, start, length, texts[number] ?? ''))) {
        slot = (slot + 1) & (slots.length - 1);
        number = slots[slot] ?? 0;
      }
      if (number === 0) {
        number = texts.length;
        slots[slot] = number;
        hashOf[number] = hash;
        texts.push(terms.slice(start, start + length));
      }
      own[term] = number;
    }
    return own;
  });
  return { texts, numbers };
}

function isAt(terms: string, start: number, length: number, text: string): boolean {
  return text.length === length && terms.startsWith(text, start);
}

/** Returns the hash of a part of a text (FNV-1a over UTF-16 units). */
export function hashOf(text: string, start = 0, end = text.length): number {
  let hash = 0x811c9dc5;
  for (let at = start; at < end; at += 1) hash = Math.imul(hash ^ text.charCodeAt(at), 0x01000193);
  return (hash ^ (hash >>> 15)) >>> 0;
}

/** Returns the term that equals a word, as a range. The caller computes the hash once for all indexes. */
export function findTerm(
  { slots, hashes, terms, termEnds }: OpenTerms,
  word: string,
  hash: number,
): TermRange {
  for (let slot = hash; ; slot += 1) {
    const term = slots[slot & (slots.length - 1)] ?? 0;
    if (term === 0) return NO_TERMS;
    if (hashes[term] !== hash) continue;
    const start = termEnds[term - 1] ?? 0;
    if ((termEnds[term] ?? 0) - start === word.length && terms.startsWith(word, start))
      return { from: term, to: term + 1 };
  }
}

/** Returns the terms that start with some characters. */
export function findTermsFrom(index: SortedTerms, prefix: string): TermRange {
  const from = findFirst(index, (term) => term >= prefix);
  const to = findFirst(index, (term) => term >= prefix && !term.startsWith(prefix), from);
  return { from, to };
}

/** Returns the first term at or after `from` for which a test holds, if it holds for every later one. */
function findFirst(index: SortedTerms, test: (term: string) => boolean, from = 0): number {
  let low = from;
  let high = index.termEnds.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (test(textOf(index, middle))) high = middle;
    else low = middle + 1;
  }
  return low;
}

/** Returns the text of a term. */
export function textOf({ terms, termEnds }: SortedTerms, term: number): string {
  return terms.slice(termEnds[term - 1] ?? 0, termEnds[term]);
}
