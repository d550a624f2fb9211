/** The terms of an index, which are its distinct words, sorted by UTF-16 units. The first one is empty. */
export interface SortedTerms {
  /** In UTF-8. A string with a character that is not Latin would take twice the memory, and longer to read. */
  readonly terms: Uint8Array;
  /** Where each term ends in `terms`. A term is identified by its index in this array. */
  readonly termEnds: Uint32Array;
}

/** Terms with their hashes. */
export interface HashedTerms extends SortedTerms {
  /** The {@link hashOfTerm} of each term. */
  readonly hashes: Uint32Array;
}

/** Terms with a hash table. */
export interface OpenTerms extends HashedTerms {
  /** The terms at their hashes, or at the next free slot. 0 is a free slot. */
  readonly slots: Uint32Array;
}

/** The terms `from` to `to`, without `to`. Empty if they are equal. */
export interface TermRange {
  readonly from: number;
  readonly to: number;
}

export const NO_TERMS: TermRange = { from: 0, to: 0 };

const encoder = new TextEncoder();
const decoder = new TextDecoder();
const LAST_ASCII = 0x7f;
/** The first bytes of characters from U+E000 on, and of those with four bytes. */
const FIRST_UNORDERED = 0xee;
const FOUR_BYTES = 0xf0;
const NOT_ASCII = /[^\0-\x7f]/;

/** Returns sorted texts as the terms of an index. */
export function toSortedTerms(texts: readonly string[]): SortedTerms {
  const whole = texts.join('');
  const terms = encoder.encode(whole);
  const isAscii = terms.length === whole.length;
  const termEnds = new Uint32Array(texts.length);
  let end = 0;
  for (let term = 0; term < texts.length; term += 1) {
    const text = texts[term] ?? '';
    end += isAscii ? text.length : encoder.encode(text).byteLength;
    termEnds[term] = end;
  }
  return { terms, termEnds };
}

/** Returns the hash of each term. Computing one takes a few nanoseconds, which is less than storing it would. */
export function hashTerms({ terms, termEnds }: SortedTerms): Uint32Array {
  const hashes = new Uint32Array(termEnds.length);
  for (let term = 1; term < termEnds.length; term += 1)
    hashes[term] = hashOfBytes(terms, termEnds[term - 1] ?? 0, termEnds[term] ?? 0);
  return hashes;
}

/** Returns an empty hash table for at most `termCount` terms. */
export function createSlots(termCount: number): Uint32Array {
  return new Uint32Array(2 ** Math.ceil(Math.log2(1.5 * termCount)));
}

/** Returns the hash table of the terms with these hashes. */
export function toSlots(hashes: Uint32Array): Uint32Array {
  const slots = createSlots(hashes.length);
  for (let term = 1; term < hashes.length; term += 1) {
    let slot = hashes[term] ?? 0;
    while (slots[slot & (slots.length - 1)] !== 0) slot += 1;
    slots[slot & (slots.length - 1)] = term;
  }
  return slots;
}

/** Returns the hash of a text (FNV-1a over UTF-16 units). */
export function hashOf(text: string): number {
  let hash = HASH_START;
  for (let at = 0; at < text.length; at += 1) hash = Math.imul(hash ^ text.charCodeAt(at), HASH_FACTOR);
  return mixed(hash);
}

/** Returns the hash of a term (FNV-1a over its bytes in UTF-8). */
export function hashOfTerm(text: string): number {
  return NOT_ASCII.test(text) ? hashOfBytes(encoder.encode(text)) : hashOf(text);
}

/** Returns the hash of bytes, which equals {@link hashOf} of the text if they are ASCII. */
function hashOfBytes(bytes: Uint8Array, start = 0, end = bytes.length): number {
  let hash = HASH_START;
  for (let at = start; at < end; at += 1) hash = Math.imul(hash ^ (bytes[at] ?? 0), HASH_FACTOR);
  return mixed(hash);
}

const HASH_START = 0x811c9dc5;
const HASH_FACTOR = 0x01000193;

function mixed(hash: number): number {
  return (hash ^ (hash >>> 15)) >>> 0;
}

/** Returns the term that equals a word, as a range. The caller computes {@link hashOfTerm} once for all indexes. */
export function findTerm(index: OpenTerms, word: string, hash: number): TermRange {
  const { slots, hashes } = index;
  for (let slot = hash; ; slot += 1) {
    const term = slots[slot & (slots.length - 1)] ?? 0;
    if (term === 0) return NO_TERMS;
    if (hashes[term] === hash && isTerm(index, term, word)) return { from: term, to: term + 1 };
  }
}

/** Returns the terms with a character outside ASCII. They are few. */
export function listNonAsciiTerms({ terms, termEnds }: SortedTerms): readonly number[] {
  const found: number[] = [];
  let term = 0;
  for (let at = 0; at < terms.length; at += 1) {
    if ((terms[at] ?? 0) <= LAST_ASCII) continue;
    while ((termEnds[term] ?? at + 1) <= at) term += 1;
    if (found.at(-1) !== term) found.push(term);
  }
  return found;
}

/** Returns the terms with a prefix. */
export function findTermsFrom(index: SortedTerms, prefix: string): TermRange {
  const from = findFirst(index, (term) => compareBeginning(index, term, prefix) >= 0);
  // Most prefixes have few terms, so a galloping search finds the end sooner than a binary search.
  let step = 1;
  while (from + step < index.termEnds.length && compareBeginning(index, from + step, prefix) === 0) step *= 2;
  const isAfter = (term: number) => compareBeginning(index, term, prefix) > 0;
  const to = findFirst(index, isAfter, from + (step >>> 1), Math.min(from + step, index.termEnds.length));
  return { from, to };
}

/** Returns the first term from `from` to `to` for which the test holds, or `to`. The test must also hold for every later term. */
function findFirst(
  { termEnds }: SortedTerms,
  test: (term: number) => boolean,
  from = 0,
  to = termEnds.length,
): number {
  let low = from;
  let high = to;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (test(middle)) high = middle;
    else low = middle + 1;
  }
  return low;
}

/**
 * Returns the index of the first value from `at` to `end` that is at least `value`, or `end`. The values are ascending. It is a galloping
 * search, because what a search looks for next is often near.
 */
export function gallopTo(values: Uint32Array, value: number, at: number, end: number): number {
  let low = at;
  let step = 1;
  while (low + step < end && (values[low + step] ?? 0) < value) {
    low += step;
    step *= 2;
  }
  let high = Math.min(end, low + step + 1);
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((values[middle] ?? 0) < value) low = middle + 1;
    else high = middle;
  }
  return low;
}

function isTerm(index: SortedTerms, term: number, text: string): boolean {
  const { terms, termEnds } = index;
  const start = termEnds[term - 1] ?? 0;
  for (let at = 0; at < text.length; at += 1) {
    const code = text.charCodeAt(at);
    if (code > LAST_ASCII) return termTextOf(index, term) === text;
    if (terms[start + at] !== code) return false;
  }
  return (termEnds[term] ?? 0) - start === text.length;
}

/** Returns 0 if a term starts with a prefix, a negative number if it comes before the prefix, and a positive one if after. */
function compareBeginning(index: SortedTerms, term: number, prefix: string): number {
  const { terms, termEnds } = index;
  const start = termEnds[term - 1] ?? 0;
  const length = (termEnds[term] ?? 0) - start;
  for (let at = 0; at < prefix.length; at += 1) {
    if (at === length) return -1;
    const code = prefix.charCodeAt(at);
    const byte = terms[start + at] ?? 0;
    if (code > LAST_ASCII || byte > LAST_ASCII) {
      const text = termTextOf(index, term);
      if (text.startsWith(prefix)) return 0;
      return text < prefix ? -1 : 1;
    }
    if (byte !== code) return byte - code;
  }
  return 0;
}

/** Returns the sort key of a byte, so that terms sort by UTF-16 units. In that order, characters of four bytes precede some of three. */
export function sortKeyOf(byte: number): number {
  if (byte < FIRST_UNORDERED) return byte;
  return byte < FOUR_BYTES ? byte + 5 : byte - 2;
}

/** Returns the text of a term. */
export function termTextOf({ terms, termEnds }: SortedTerms, term: number): string {
  const bytes = terms.subarray(termEnds[term - 1] ?? 0, termEnds[term]);
  // Most terms are ASCII, and then this takes a fifth of the time.
  const text: string = Reflect.apply(String.fromCharCode, undefined, bytes);
  return NOT_ASCII.test(text) ? decoder.decode(bytes) : text;
}
