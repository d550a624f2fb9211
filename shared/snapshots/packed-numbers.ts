import { lengthsOf } from '../matching/index/word-codes.ts';

/** A byte has 7 bits of a number, the lowest first. The highest bit is set on all bytes of a number but its last one. */
const BITS = 7;
const LOW_BITS = 0x7f;
const MORE = 0x80;

/** The maximum size of a number of 32 bits. */
const MAX_BYTES = 5;

/** Packs numbers into as few bytes as possible, because most of them are small (LEB128). */
export function packNumbers(numbers: Uint32Array | Uint16Array): Uint8Array {
  const bytes = new Uint8Array(numbers.length * MAX_BYTES);
  let size = 0;
  for (let at = 0; at < numbers.length; at += 1) {
    let rest = numbers[at] ?? 0;
    for (; rest > LOW_BITS; rest >>>= BITS) {
      bytes[size] = (rest & LOW_BITS) | MORE;
      size += 1;
    }
    bytes[size] = rest;
    size += 1;
  }
  return bytes.slice(0, size);
}

/** Packs ascending numbers as the differences between consecutive ones. */
export function packEnds(ends: Uint32Array): Uint8Array {
  return packNumbers(lengthsOf(ends));
}

/** Returns the numbers of {@link packNumbers}. */
export function unpackNumbers(bytes: Uint8Array): Uint32Array {
  return unpack(bytes, 0);
}

/** Returns the numbers of {@link packEnds}. */
export function unpackEnds(bytes: Uint8Array): Uint32Array {
  return unpack(bytes, 1);
}

/** @param share the share of each number to add to the next one: 0 or 1 */
function unpack(bytes: Uint8Array, share: number): Uint32Array {
  // The last byte of a number is the one without the highest bit.
  let count = bytes.length;
  for (let at = 0; at < bytes.length; at += 1) count -= (bytes[at] ?? 0) >>> BITS;
  const numbers = new Uint32Array(count);
  let nth = 0;
  let number = 0;
  let shift = 0;
  let before = 0;
  for (let at = 0; at < bytes.length; at += 1) {
    const byte = bytes[at] ?? 0;
    number |= (byte & LOW_BITS) << shift;
    if (byte >= MORE) {
      shift += BITS;
      continue;
    }
    const whole = before + number;
    numbers[nth] = whole;
    nth += 1;
    before = whole * share;
    number = 0;
    shift = 0;
  }
  return numbers;
}
