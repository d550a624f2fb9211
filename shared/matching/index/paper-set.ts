/**
 * A set of papers, which are numbered from 0. A small set is a list of numbers in ascending order. A larger one has a bit for each
 * paper. So rare terms cost little, and common ones are intersected 32 papers at a time.
 */
export interface PaperSet {
  readonly size: number;
  /** Empty if the set has bits. */
  readonly list: readonly number[];
  readonly bits: Int32Array | undefined;
}

export const NO_PAPERS: PaperSet = { size: 0, list: [], bits: undefined };

/** Returns the set of one paper. */
export function onePaper(paper: number): PaperSet {
  return { size: 1, list: [paper], bits: undefined };
}

/** Returns bits for `paperCount` papers, none of them set. */
export function createBits(paperCount: number): Int32Array {
  return new Int32Array((paperCount + 31) >>> 5);
}

/** Returns the set of all papers. */
export function allPapers(paperCount: number): PaperSet {
  const bits = createBits(paperCount).fill(-1);
  const inLast = paperCount & 31;
  if (inLast > 0) bits[bits.length - 1] = (1 << inLast) - 1;
  return fromBits(bits);
}

/** Returns the set with these bits. It may keep the array, so the caller must not change it afterwards. */
export function fromBits(bits: Int32Array): PaperSet {
  let size = 0;
  for (let at = 0; at < bits.length; at += 1) size += countBits(bits[at] ?? 0);
  if (size === 0) return NO_PAPERS;
  const set = { size, list: [], bits };
  return isSmall(size, bits.length) ? { size, list: toList(set), bits: undefined } : set;
}

/** Returns the set of the papers, which may come in any order. */
export function fromNumbers(papers: Iterable<number>, paperCount: number): PaperSet {
  const bits = createBits(paperCount);
  for (const paper of papers) setBit(bits, paper);
  return fromBits(bits);
}

/** Returns whether a list is the smaller form. */
function isSmall(size: number, bitsLength: number): boolean {
  return size <= bitsLength;
}

export function setBit(bits: Int32Array, paper: number): void {
  bits[paper >>> 5] = (bits[paper >>> 5] ?? 0) | (1 << paper);
}

export function hasBit(bits: Int32Array, paper: number): boolean {
  return ((bits[paper >>> 5] ?? 0) & (1 << paper)) !== 0;
}

export function setHas({ bits, list }: PaperSet, paper: number): boolean {
  if (bits) return hasBit(bits, paper);
  let low = 0;
  let high = list.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((list[middle] ?? 0) < paper) low = middle + 1;
    else high = middle;
  }
  return list[low] === paper;
}

// The loops over bits are written out below, because a call for each paper would dominate the run time.

/** Returns the papers in ascending order. */
export function toList({ bits, list, size }: PaperSet): readonly number[] {
  if (!bits) return list;
  const members = new Array<number>(size);
  let nth = 0;
  for (let at = 0; at < bits.length; at += 1) {
    for (let rest = bits[at] ?? 0; rest !== 0; rest &= rest - 1) {
      members[nth] = (at << 5) + lowestBit(rest);
      nth += 1;
    }
  }
  return members;
}

/**
 * Writes the papers in ascending order into `scratch`, and returns that part of it. Callers reuse one buffer, because allocating one for each
 * large set would keep the garbage collector busy.
 */
export function listIn(scratch: Uint32Array, { bits, list, size }: PaperSet): Uint32Array {
  for (let nth = 0; nth < list.length; nth += 1) scratch[nth] = list[nth] ?? 0;
  if (bits) {
    let nth = 0;
    for (let at = 0; at < bits.length; at += 1) {
      for (let rest = bits[at] ?? 0; rest !== 0; rest &= rest - 1) {
        scratch[nth] = (at << 5) + lowestBit(rest);
        nth += 1;
      }
    }
  }
  return scratch.subarray(0, size);
}

/** Adds a number to the values of all papers of a set. */
export function addToEach({ bits, list }: PaperSet, number: number, values: Float64Array): void {
  for (const paper of list) values[paper] = (values[paper] ?? 0) + number;
  if (!bits) return;
  for (let at = 0; at < bits.length; at += 1) {
    for (let rest = bits[at] ?? 0; rest !== 0; rest &= rest - 1) {
      const paper = (at << 5) + lowestBit(rest);
      values[paper] = (values[paper] ?? 0) + number;
    }
  }
}

/** Adds `weight * part / whole` to the value of each paper of a set. The parts are in the order of the papers. */
export function addShares(
  { bits, list }: PaperSet,
  weight: number,
  parts: Uint16Array,
  whole: number,
  values: Float64Array,
): void {
  let nth = 0;
  for (; nth < list.length; nth += 1) {
    const paper = list[nth] ?? 0;
    values[paper] = (values[paper] ?? 0) + weight * ((parts[nth] ?? 0) / whole);
  }
  if (!bits) return;
  for (let at = 0; at < bits.length; at += 1) {
    for (let rest = bits[at] ?? 0; rest !== 0; rest &= rest - 1) {
      const paper = (at << 5) + lowestBit(rest);
      values[paper] = (values[paper] ?? 0) + weight * ((parts[nth] ?? 0) / whole);
      nth += 1;
    }
  }
}

/**
 * Calls a function with each of the papers that is in a set. Its rank is how many papers of the set come before it.
 *
 * @param papers in ascending order
 */
export function forEachHeld(
  papers: Uint32Array,
  { bits, list }: PaperSet,
  visit: (paper: number, rank: number) => void,
): void {
  let at = 0;
  // The rank of the first paper of the 32 bits at `at`, or of the next paper of the list.
  let before = 0;
  for (let nth = 0; nth < papers.length; nth += 1) {
    const paper = papers[nth] ?? 0;
    if (bits) {
      for (; at < paper >>> 5; at += 1) before += countBits(bits[at] ?? 0);
      const own = bits[at] ?? 0;
      const bit = 1 << paper;
      if ((own & bit) !== 0) visit(paper, before + countBits(own & (bit - 1)));
    } else {
      while (before < list.length && (list[before] ?? 0) < paper) before += 1;
      if (list[before] === paper) visit(paper, before);
    }
  }
}

/** Returns the approximate size of a set in bytes. */
export function bytesOf({ list, bits }: PaperSet): number {
  return bits ? bits.byteLength : list.length * 8;
}

/** Returns the papers of both sets. */
export function intersect(a: PaperSet, b: PaperSet): PaperSet {
  if (a.size === 0 || b.size === 0) return NO_PAPERS;
  if (a.bits && b.bits) {
    const bits = new Int32Array(a.bits.length);
    for (let at = 0; at < bits.length; at += 1) bits[at] = (a.bits[at] ?? 0) & (b.bits[at] ?? 0);
    return fromBits(bits);
  }
  const [smaller, other] = a.bits || (!b.bits && b.size < a.size) ? [b, a] : [a, b];
  return keep(smaller, (paper) => setHas(other, paper));
}

/** Returns how many papers are in both sets. */
export function countShared(a: PaperSet, b: PaperSet): number {
  if (!a.bits || !b.bits) return intersect(a, b).size;
  let count = 0;
  for (let at = 0; at < a.bits.length; at += 1) count += countBits((a.bits[at] ?? 0) & (b.bits[at] ?? 0));
  return count;
}

/** Returns the papers of `a` that are not in `b`. */
export function subtract(a: PaperSet, b: PaperSet): PaperSet {
  if (b.size === 0) return a;
  if (!a.bits) return keep(a, (paper) => !setHas(b, paper));
  const bits = a.bits.slice();
  if (b.bits) {
    for (let at = 0; at < bits.length; at += 1) bits[at] = (bits[at] ?? 0) & ~(b.bits[at] ?? 0);
  } else {
    for (const paper of b.list) bits[paper >>> 5] = (bits[paper >>> 5] ?? 0) & ~(1 << paper);
  }
  return fromBits(bits);
}

/** Returns the papers that are in any of the sets. */
export function unite(sets: readonly PaperSet[], paperCount: number): PaperSet {
  const bits = createBits(paperCount);
  for (const set of sets) addTo(bits, set);
  return fromBits(bits);
}

function addTo(bits: Int32Array, set: PaperSet): void {
  if (set.bits) {
    for (let at = 0; at < bits.length; at += 1) bits[at] = (bits[at] ?? 0) | (set.bits[at] ?? 0);
  } else {
    for (const paper of set.list) setBit(bits, paper);
  }
}

/** Returns the papers of a set without bits for which a test holds. */
function keep({ list }: PaperSet, test: (paper: number) => boolean): PaperSet {
  const kept = list.filter(test);
  return kept.length === 0 ? NO_PAPERS : { size: kept.length, list: kept, bits: undefined };
}

/** Returns how many bits of a 32-bit number are set. */
export function countBits(bits: number): number {
  let pairs = bits - ((bits >>> 1) & 0x55555555);
  pairs = (pairs & 0x33333333) + ((pairs >>> 2) & 0x33333333);
  return Math.imul((pairs + (pairs >>> 4)) & 0x0f0f0f0f, 0x01010101) >>> 24;
}

/** Returns the index of the lowest bit that is set. */
function lowestBit(bits: number): number {
  return 31 - Math.clz32(bits & -bits);
}
