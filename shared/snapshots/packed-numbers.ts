/** A byte has 7 bits of a number, the lowest first. The highest bit is set on all bytes of a number but its last one. */
const BITS = 7;
const LOW_BITS = 0x7f;
const MORE = 0x80;

/** Numbers of 32 bits need so many bytes at most. */
const MAX_BYTES = 5;

/** Returns numbers as few bytes, because most of them are small. */
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

/** Returns the numbers of {@link packNumbers}. */
export function unpackNumbers(bytes: Uint8Array): Uint32Array {
  let count = 0;
  for (let at = 0; at < bytes.length; at += 1) if ((bytes[at] ?? 0) < MORE) count += 1;
  const numbers = new Uint32Array(count);
  let at = 0;
  for (let nth = 0; nth < count; nth += 1) {
    let byte = bytes[at] ?? 0;
    let number = byte & LOW_BITS;
    for (let shift = BITS; byte >= MORE; shift += BITS) {
      at += 1;
      byte = bytes[at] ?? 0;
      number |= (byte & LOW_BITS) << shift;
    }
    at += 1;
    numbers[nth] = number;
  }
  return numbers;
}
