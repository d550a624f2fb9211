import { createSlots, type HashedTerms, type SortedTerms, sortKeyOf } from './terms.ts';

/** The distinct terms of several indexes. */
export interface UnitedTerms extends HashedTerms {
  /** For each index, the new term of each of its terms. */
  readonly newTermsOf: readonly Uint32Array[];
}

/**
 * Returns the distinct terms of several indexes. It compares hashes first, because most terms are in several indexes. It decodes no term.
 */
export function uniteTerms(indexes: readonly HashedTerms[]): UnitedTerms {
  const table = createTable(indexes);
  const numbersOf = indexes.map((index) => {
    const numbers = new Uint32Array(index.hashes.length);
    for (let term = 1; term < numbers.length; term += 1) numbers[term] = addTerm(table, index, term);
    return numbers;
  });
  const order = sortNumbers(table);
  const newTermOf = new Uint32Array(order.length);
  for (let at = 0; at < order.length; at += 1) newTermOf[order[at] ?? 0] = at;
  return {
    ...takeInOrder(table, order),
    newTermsOf: numbersOf.map((numbers) => valuesAt(numbers, newTermOf)),
  };
}

/** Distinct terms in the order of their insertion, with a hash table. The first one is empty. */
interface TermTable {
  readonly terms: Uint8Array;
  readonly termEnds: Uint32Array;
  readonly hashes: Uint32Array;
  readonly slots: Uint32Array;
  size: number;
}

function createTable(indexes: readonly HashedTerms[]): TermTable {
  const most = indexes.reduce((sum, { hashes }) => sum + hashes.length, 1);
  return {
    terms: new Uint8Array(indexes.reduce((sum, { terms }) => sum + terms.length, 0)),
    termEnds: new Uint32Array(most),
    hashes: new Uint32Array(most),
    slots: createSlots(most),
    size: 1,
  };
}

/** Returns the number that a term of an index has in the table. It adds a missing term. */
function addTerm(table: TermTable, index: HashedTerms, term: number): number {
  const { slots } = table;
  const hash = index.hashes[term] ?? 0;
  let slot = hash & (slots.length - 1);
  for (let number = slots[slot] ?? 0; number > 0; number = slots[slot] ?? 0) {
    if (table.hashes[number] === hash && isSame(table, number, index, term)) return number;
    slot = (slot + 1) & (slots.length - 1);
  }
  const number = table.size;
  table.size += 1;
  slots[slot] = number;
  table.hashes[number] = hash;
  let end = table.termEnds[number - 1] ?? 0;
  for (let at = startOf(index, term); at < endOf(index, term); at += 1) {
    table.terms[end] = index.terms[at] ?? 0;
    end += 1;
  }
  table.termEnds[number] = end;
  return number;
}

function isSame(a: SortedTerms, termOfA: number, b: SortedTerms, termOfB: number): boolean {
  const [startOfA, startOfB] = [startOf(a, termOfA), startOf(b, termOfB)];
  const length = endOf(a, termOfA) - startOfA;
  if (endOf(b, termOfB) - startOfB !== length) return false;
  for (let at = 0; at < length; at += 1) if (a.terms[startOfA + at] !== b.terms[startOfB + at]) return false;
  return true;
}

function startOf({ termEnds }: SortedTerms, term: number): number {
  return term === 0 ? 0 : (termEnds[term - 1] ?? 0);
}

function endOf({ termEnds }: SortedTerms, term: number): number {
  return termEnds[term] ?? 0;
}

/** The first bytes of a term that are compared as one number. With the number of a term they fit into the 53 bits of a float. */
const PREFIX_BYTES = 4;

/** Returns the numbers of all terms, sorted by their texts. The first bytes order most of them, as numbers. Only ties are compared. */
function sortNumbers(table: TermTable): Uint32Array {
  const { size } = table;
  const keys = new Float64Array(size);
  for (let number = 0; number < size; number += 1) keys[number] = prefixOf(table, number) * size + number;
  keys.sort();
  const order = new Uint32Array(size);
  let from = 0;
  for (let at = 0; at < size; at += 1) {
    order[at] = (keys[at] ?? 0) % size;
    const isLast =
      at + 1 === size || prefixOf(table, order[at] ?? 0) !== Math.floor((keys[at + 1] ?? 0) / size);
    if (!isLast) continue;
    if (at > from) order.subarray(from, at + 1).sort((a, b) => compare(table, a, b));
    from = at + 1;
  }
  return order;
}

function prefixOf(table: TermTable, number: number): number {
  const start = startOf(table, number);
  const end = endOf(table, number);
  let prefix = 0;
  for (let at = start; at < start + PREFIX_BYTES; at += 1)
    prefix = prefix * 256 + (at < end ? sortKeyOf(table.terms[at] ?? 0) : 0);
  return prefix;
}

/** Compares two terms that begin with the same bytes. */
function compare(table: TermTable, a: number, b: number): number {
  const [startOfA, startOfB] = [startOf(table, a), startOf(table, b)];
  const [lengthOfA, lengthOfB] = [endOf(table, a) - startOfA, endOf(table, b) - startOfB];
  for (let at = PREFIX_BYTES; at < Math.min(lengthOfA, lengthOfB); at += 1) {
    const difference =
      sortKeyOf(table.terms[startOfA + at] ?? 0) - sortKeyOf(table.terms[startOfB + at] ?? 0);
    if (difference !== 0) return difference;
  }
  return lengthOfA - lengthOfB;
}

function takeInOrder(table: TermTable, order: Uint32Array): HashedTerms {
  const terms = new Uint8Array(table.termEnds[table.size - 1] ?? 0);
  const termEnds = new Uint32Array(order.length);
  let end = 0;
  for (let at = 0; at < order.length; at += 1) {
    const number = order[at] ?? 0;
    for (let from = startOf(table, number); from < endOf(table, number); from += 1) {
      terms[end] = table.terms[from] ?? 0;
      end += 1;
    }
    termEnds[at] = end;
  }
  return { terms, termEnds, hashes: valuesAt(order, table.hashes) };
}

/** Returns the values at the given indexes. */
function valuesAt(indexes: Uint32Array, values: Uint32Array): Uint32Array {
  const found = new Uint32Array(indexes.length);
  for (let at = 0; at < indexes.length; at += 1) found[at] = values[indexes[at] ?? 0] ?? 0;
  return found;
}
