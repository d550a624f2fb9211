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

/** Returns bits for so many papers, none of them set. */
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

/** Returns the set with these bits. It keeps or drops the array, so the caller must not change it afterwards. */
export function fromBits(bits: Int32Array): PaperSet {
  let size = 0;
  for (let at = 0; at < bits.length; at += 1) size += countBits(bits[at] ?? 0);
  if (size === 0) return NO_PAPERS;
  const set = { size, list: [], bits };
  return isSmall(size, bits.length) ? { size, list: toList(set), bits: undefined } : set;
}

/** Returns the set of some papers, in any order. */
export function fromNumbers(papers: Iterable<number>, paperCount: number): PaperSet {
  const bits = createBits(paperCount);
  for (const paper of papers) setBit(bits, paper);
  return fromBits(bits);
}

/** Returns whether a list is the better form: it has no more numbers than the bits would take 32-bit words. */
function isSmall(size: number, bitsLength: number): boolean {
  return size <= bitsLength;
}

export function setBit(bits: Int32Array, paper: number): void {
  bits[paper >>> 5] = (bits[paper >>> 5] ?? 0) | (1 << paper);
}

export function hasBit(bits: Int32Array, paper: number): boolean {
  return ((bits[paper >>> 5] ?? 0) & (1 << paper)) !== 0;
}

/** Returns whether a set has a paper. */
export function hasPaper({ bits, list }: PaperSet, paper: number): boolean {
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

// The loops over bits are spelt out below, because a call for each paper would take longer than the rest.

/** Returns the papers in ascending order. */
export function toList({ bits, list, size }: PaperSet): readonly number[] {
  if (!bits) return list;
  const members = new Array<number>(size);
  let place = 0;
  for (let at = 0; at < bits.length; at += 1) {
    for (let rest = bits[at] ?? 0; rest !== 0; rest &= rest - 1) {
      members[place] = (at << 5) + lowestBit(rest);
      place += 1;
    }
  }
  return members;
}

/**
 * Returns the papers in ascending order, at the beginning of an array with room for them. A caller that lists large sets uses one array again
 * and again, because new ones would take long to clear away.
 */
export function listIn(room: Uint32Array, { bits, list, size }: PaperSet): Uint32Array {
  for (let place = 0; place < list.length; place += 1) room[place] = list[place] ?? 0;
  if (bits) {
    let place = 0;
    for (let at = 0; at < bits.length; at += 1) {
      for (let rest = bits[at] ?? 0; rest !== 0; rest &= rest - 1) {
        room[place] = (at << 5) + lowestBit(rest);
        place += 1;
      }
    }
  }
  return room.subarray(0, size);
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

/** Adds to the values of all papers of a set a share of a weight: so many parts of a whole. The parts stand in the order of the papers. */
export function addShares(
  { bits, list }: PaperSet,
  weight: number,
  parts: Uint16Array,
  whole: number,
  values: Float64Array,
): void {
  let place = 0;
  for (; place < list.length; place += 1) {
    const paper = list[place] ?? 0;
    values[paper] = (values[paper] ?? 0) + weight * ((parts[place] ?? 0) / whole);
  }
  if (!bits) return;
  for (let at = 0; at < bits.length; at += 1) {
    for (let rest = bits[at] ?? 0; rest !== 0; rest &= rest - 1) {
      const paper = (at << 5) + lowestBit(rest);
      values[paper] = (values[paper] ?? 0) + weight * ((parts[place] ?? 0) / whole);
      place += 1;
    }
  }
}

/**
 * Calls a function with each of some papers that a set has, and with its place among the papers of the set.
 *
 * @param papers in ascending order
 */
export function forEachHeld(
  papers: Uint32Array,
  { bits, list }: PaperSet,
  visit: (paper: number, place: number) => void,
): void {
  let at = 0;
  // How many papers of the set come before those of the 32 bits at `at`, or before `at` in the list.
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

/** Returns about how many bytes a set takes. */
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
  return keep(smaller, (paper) => hasPaper(other, paper));
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
  if (!a.bits) return keep(a, (paper) => !hasPaper(b, paper));
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

/** Returns the place of the lowest bit that is set. */
function lowestBit(bits: number): number {
  return 31 - Math.clz32(bits & -bits);
}
