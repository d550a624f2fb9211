import { createHash } from 'node:crypto';
import { brotliCompressSync, brotliDecompressSync, constants } from 'node:zlib';
import { UnreadableError } from '../domain/errors.ts';

/** Stored bytes are not what was written. */
export class DamagedError extends UnreadableError {
  override readonly name = 'DamagedError';
}

/** Returns what `read` returns, or undefined if it throws a {@link DamagedError}. */
export function undefinedIfDamaged<Value>(read: () => Value): Value | undefined {
  try {
    return read();
  } catch (error) {
    if (error instanceof DamagedError) return undefined;
    throw error;
  }
}

/** How much of the SHA-256 digest is stored. It detects damage, but not forgery. */
const CHECKSUM_BYTES = 16;

/** As fast as gzip, and 5 to 8 % smaller on these texts. Quality 11 saves another 15 %, and takes 50 times as long. */
const QUALITY = 5;

/** The minimum size of the chunks of decompressed content. Smaller chunks take longer to concatenate, and larger ones waste memory. */
const MIN_CHUNK = 4_096;

/** Returns the content compressed, with a checksum in front. */
export function seal(content: Uint8Array): Uint8Array {
  const compressed = brotliCompressSync(content, {
    params: {
      [constants.BROTLI_PARAM_QUALITY]: QUALITY,
      [constants.BROTLI_PARAM_SIZE_HINT]: content.byteLength,
    },
  });
  return Buffer.concat([checksumOf(compressed), compressed]);
}

/**
 * Returns a function that decompresses sealed bytes.
 *
 * @throws DamagedError at once if a byte is missing, added or changed
 */
export function openSealed(sealed: Uint8Array): () => Buffer {
  const compressed = sealed.subarray(CHECKSUM_BYTES);
  if (!checksumOf(compressed).equals(sealed.subarray(0, CHECKSUM_BYTES)))
    throw new DamagedError('the checksum does not fit the bytes');
  return () => brotliDecompressSync(compressed, { chunkSize: Math.max(MIN_CHUNK, compressed.byteLength) });
}

/** @throws DamagedError if a byte is missing, added or changed */
export function unseal(sealed: Uint8Array): Buffer {
  return openSealed(sealed)();
}

function checksumOf(bytes: Uint8Array): Buffer {
  return createHash('sha256').update(bytes).digest().subarray(0, CHECKSUM_BYTES);
}
