import { hash, timingSafeEqual } from 'node:crypto';

/** The sizes of SHA-256 in bytes. */
const BLOCK_BYTES = 64;
const HASH_BYTES = 32;

/** The first size of the buffer. A longer text gets a larger one. */
const TEXT_BYTES = 1_024;

/**
 * Returns a function that signs texts by HMAC-SHA256 with one key.
 *
 * A digest has four signatures. With `createHmac` of Node.js, composing a digest takes 8 % more CPU, because each call looks up the algorithm.
 *
 * @see https://www.rfc-editor.org/rfc/rfc2104
 */
export function createHmacSigner(key: Uint8Array): (text: string) => Buffer {
  const block = Buffer.alloc(BLOCK_BYTES);
  block.set(key.byteLength > BLOCK_BYTES ? hash('sha256', key, 'buffer') : key);
  const innerPad = block.map((byte) => byte ^ 0x36);
  let inner = Buffer.concat([innerPad, Buffer.alloc(TEXT_BYTES)]);
  const outer = Buffer.concat([block.map((byte) => byte ^ 0x5c), Buffer.alloc(HASH_BYTES)]);
  return (text) => {
    const mostBytes = BLOCK_BYTES + 3 * text.length;
    if (inner.byteLength < mostBytes) inner = Buffer.concat([innerPad], mostBytes);
    const length = BLOCK_BYTES + inner.write(text, BLOCK_BYTES);
    outer.set(hash('sha256', inner.subarray(0, length), 'buffer'), BLOCK_BYTES);
    return hash('sha256', outer, 'buffer');
  };
}

/** Returns whether two texts are equal, in a time that reveals nothing but whether their lengths differ. */
export function timingSafeEqualText(expected: string, given: string): boolean {
  const [a, b] = [Buffer.from(expected), Buffer.from(given)];
  return a.length === b.length && timingSafeEqual(a, b);
}
