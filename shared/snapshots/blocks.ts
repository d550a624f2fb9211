import { crc32, deflateRawSync, inflateRawSync } from 'node:zlib';
import { DamagedError } from './sealed.ts';

/** A run of bytes, and whether they are stored compressed. */
export interface Block {
  readonly content: Uint8Array;
  readonly isCompressed: boolean;
}

/** The checksum, and how many blocks there are. */
const START_BYTES = 8;
const CHECKSUM_BYTES = 4;

/** The stored length of a block, and the length of its content. The latter is 0 for an uncompressed block. */
const LENGTHS_BYTES = 8;

/** 5 % smaller than the default, and as fast to read. */
const LEVEL = 9;

/**
 * Returns blocks as bytes: a checksum of all that follows, the number of blocks, the lengths of each, and the blocks.
 *
 * Deflate takes 5 % more bytes than Brotli, and half the time to read. The lengths of the contents save a second copy of them.
 */
export function joinBlocks(blocks: readonly Block[]): Uint8Array {
  const header = Buffer.alloc(START_BYTES + blocks.length * LENGTHS_BYTES);
  header.writeUInt32LE(blocks.length, CHECKSUM_BYTES);
  const stored = blocks.map(({ content, isCompressed }, nth) => {
    const bytes =
      isCompressed && content.byteLength > 0 ? deflateRawSync(content, { level: LEVEL }) : content;
    const at = START_BYTES + nth * LENGTHS_BYTES;
    header.writeUInt32LE(bytes.byteLength, at);
    header.writeUInt32LE(isCompressed ? content.byteLength : 0, at + LENGTHS_BYTES / 2);
    return bytes;
  });
  const whole = Buffer.concat([header, ...stored]);
  whole.writeUInt32LE(crc32(whole.subarray(CHECKSUM_BYTES)));
  return whole;
}

/**
 * Returns a function for each block that reads its content. If a block is not compressed, its content shares its memory with `joined`.
 *
 * @throws DamagedError if a byte is missing, added or changed
 */
export function splitBlocks({ buffer, byteOffset, byteLength }: Uint8Array): readonly (() => Uint8Array)[] {
  const joined = Buffer.from(buffer, byteOffset, byteLength);
  if (byteLength < START_BYTES) throw new DamagedError('the bytes are too few');
  if (crc32(joined.subarray(CHECKSUM_BYTES)) !== joined.readUInt32LE())
    throw new DamagedError('the checksum does not fit the bytes');
  const count = joined.readUInt32LE(CHECKSUM_BYTES);
  let end = START_BYTES + count * LENGTHS_BYTES;
  return Array.from({ length: count }, (_, nth) => {
    const at = START_BYTES + nth * LENGTHS_BYTES;
    const start = end;
    end += joined.readUInt32LE(at);
    const block = joined.subarray(start, end);
    const length = joined.readUInt32LE(at + LENGTHS_BYTES / 2);
    // One more byte than the content, so that zlib knows that the chunk is the last one.
    const chunkSize = Math.max(MIN_CHUNK, length + 1);
    return () => (length === 0 ? block : inflateRawSync(block, { chunkSize }));
  });
}

/** The minimum of zlib. */
const MIN_CHUNK = 64;
