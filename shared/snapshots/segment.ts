import { createHash } from 'node:crypto';
import * as z from 'zod';
import type { Paper, PaperId } from '../domain/paper.ts';
import { buildDayIndex } from '../matching/index/day-index.ts';
import { openDay } from '../matching/index/open-day.ts';
import { buildPaperColumns, type ListedPaper, type PaperColumns } from '../matching/search/paper-columns.ts';
import { openSearchPart, type SearchPart } from '../matching/search/search-part.ts';
import { packColumns, unpackColumns } from './columns.ts';
import { packWords, unpackWords } from './packed-words.ts';
import { DamagedError, seal, sealPlain, unseal, unsealPlain } from './sealed.ts';

/** A part of the archive: what a search needs of some papers, without their texts. */
export interface Segment {
  readonly part: SearchPart;
  /** Returns a short hash of each paper as it was stored. */
  hashes(): ReadonlyMap<PaperId, string>;
}

const columnsSchema = z.object({
  ids: z.string(),
  upvotes: z.instanceof(Uint32Array),
  comments: z.instanceof(Uint32Array),
  stars: z.instanceof(Int32Array),
  authorCounts: z.instanceof(Uint32Array),
  links: z.instanceof(Uint8Array),
  publishedAt: z.instanceof(Float64Array),
  firstSeenAt: z.instanceof(Float64Array),
  organisations: z.string(),
  organisationOf: z.instanceof(Uint32Array),
  categories: z.string(),
  paperCategories: z.instanceof(Uint16Array),
  categoryEnds: z.instanceof(Uint32Array),
  lists: z.string(),
  listingLists: z.instanceof(Uint16Array),
  listingDays: z.instanceof(Uint16Array),
  listingEnds: z.instanceof(Uint32Array),
  authors: z.instanceof(Uint8Array),
  authorEnds: z.instanceof(Uint32Array),
}) satisfies z.ZodType<PaperColumns>;

const termsSchema = z.object({
  terms: z.string(),
  termEnds: z.instanceof(Uint32Array),
  frequentTerms: z.instanceof(Uint32Array),
  fieldWords: z.instanceof(Uint32Array),
  termCounts: z.instanceof(Uint32Array),
});

const segmentSchema = z.object({ columns: columnsSchema, terms: termsSchema, hashes: z.string() });

const LENGTH_BYTES = 4;

/** 48 bits in Base64. */
const HASH_LENGTH = 8;

/** Returns some papers as a segment, in their order: the length of the sealed columns, the columns, the packed words. */
export function sealSegment(listed: readonly ListedPaper[]): Uint8Array {
  const papers = listed.map(({ paper }) => paper);
  const hashes = papers.map(hashOfPaper).join('');
  const index = buildDayIndex(papers);
  const { words: _, paperEnds: __, ...terms } = index;
  const { bytes, ...packed } = packWords(index);
  const columns = seal(packColumns({ ...buildPaperColumns(listed), ...terms, ...packed, hashes }));
  const length = Buffer.alloc(LENGTH_BYTES);
  length.writeUInt32LE(columns.byteLength);
  return Buffer.concat([length, columns, sealPlain(bytes)]);
}

/** @throws DamagedError */
export function openSegment(sealed: Uint8Array): Segment {
  const stored = Buffer.from(sealed.buffer, sealed.byteOffset, sealed.byteLength);
  if (stored.byteLength < LENGTH_BYTES) throw new DamagedError('the bytes are too few');
  const split = LENGTH_BYTES + stored.readUInt32LE(0);
  const bytes = unsealPlain(stored.subarray(split));
  const unpacked = unpackColumns(unseal(stored.subarray(LENGTH_BYTES, split)));
  const parsed = segmentSchema.safeParse({ columns: unpacked, terms: unpacked, hashes: unpacked.hashes });
  if (!parsed.success) throw new DamagedError('the columns are not those of a segment');
  const { columns, terms, hashes } = parsed.data;
  const { terms: text, termEnds, ...packed } = terms;
  const { words, paperEnds, lengths, ...sorted } = unpackWords({ bytes, ...packed });
  const index = openDay({ terms: text, termEnds, words, paperEnds }, sorted);
  const part = openSearchPart(index, columns, lengths);
  return {
    part,
    hashes() {
      const hashOf = (at: number) => hashes.slice(at * HASH_LENGTH, (at + 1) * HASH_LENGTH);
      return new Map(part.ids.map((id, at) => [id, hashOf(at)]));
    },
  };
}

/** Returns a short hash of what a search finds of a paper. The times of its votes are not in it. */
export function hashOfPaper({ snapshots, ...paper }: Paper): string {
  const fields = Object.entries(paper).filter(([, value]) => value !== undefined);
  const sorted = fields.sort(([a], [b]) => (a < b ? -1 : 1));
  return createHash('sha256').update(JSON.stringify(sorted)).digest('base64url').slice(0, HASH_LENGTH);
}
