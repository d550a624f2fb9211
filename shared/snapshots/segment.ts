import { createHash } from 'node:crypto';
import type { Paper, PaperId } from '../domain/paper.ts';
import { buildDayIndex } from '../matching/index/day-index.ts';
import { openDay, toEnds } from '../matching/index/open-day.ts';
import { buildPaperColumns, type ListedPaper, type PaperColumns } from '../matching/search/paper-columns.ts';
import { openSearchPart, type SearchPart } from '../matching/search/search-part.ts';
import { packColumns, pickColumns, unpackColumns } from './columns.ts';
import { packWords, unpackWords } from './packed-words.ts';
import { DamagedError, openSealed, seal, sealPlain, unseal, unsealPlain } from './sealed.ts';
import { readTerms, TERM_BYTES, toStoredTerms } from './stored-terms.ts';

/** A part of the archive: what a search needs of some papers, without their texts. */
export interface Segment {
  readonly part: SearchPart;
  /** Returns a short hash of each paper as it was stored. */
  hashes(): ReadonlyMap<PaperId, string>;
}

/** The authors are in a block of their own. */
const PAPER_COLUMNS = {
  ids: 'string',
  upvotes: 'Uint32Array',
  comments: 'Uint32Array',
  stars: 'Int32Array',
  authorCounts: 'Uint32Array',
  links: 'Uint8Array',
  publishedAt: 'Float64Array',
  firstSeenAt: 'Float64Array',
  organisations: 'string',
  organisationOf: 'Uint32Array',
  categories: 'string',
  paperCategories: 'Uint16Array',
  categoryEnds: 'Uint32Array',
  lists: 'string',
  listingLists: 'Uint16Array',
  listingDays: 'Uint16Array',
  listingEnds: 'Uint32Array',
  authorEnds: 'Uint32Array',
  hashes: 'string',
} as const satisfies Record<Exclude<keyof PaperColumns, 'authors'>, string> & { hashes: string };

const TERM_COLUMNS = {
  terms: 'Uint8Array',
  termLengths: 'Uint32Array',
  frequentTerms: 'Uint32Array',
  fieldWords: 'Uint32Array',
  termCounts: 'Uint32Array',
} as const;

const LENGTH_BYTES = 4;
const BLOCKS = 4;

/** 48 bits in Base64. */
const HASH_LENGTH = 8;

/**
 * Returns some papers as a segment, in their order: the lengths of its blocks, then each block with a checksum. The columns stay in memory,
 * the terms are not needed after they are read, and the authors stay compressed until a search needs them. The words come last.
 */
export function sealSegment(listed: readonly ListedPaper[]): Uint8Array {
  const papers = listed.map(({ paper }) => paper);
  const hashes = papers.map(hashOfPaper).join('');
  const index = buildDayIndex(papers);
  const { bytes, ...packed } = packWords(index);
  const { authors, ...columns } = buildPaperColumns(listed);
  const blocks = [
    seal(packColumns({ ...columns, hashes })),
    seal(packColumns({ ...toStoredTerms(index), ...packed })),
    seal(authors),
    sealPlain(bytes),
  ];
  const lengths = Buffer.alloc(BLOCKS * LENGTH_BYTES);
  for (const [nth, { byteLength }] of blocks.entries()) lengths.writeUInt32LE(byteLength, nth * LENGTH_BYTES);
  return Buffer.concat([lengths, ...blocks]);
}

/** @throws DamagedError */
export function openSegment(sealed: Uint8Array): Segment {
  const [columnsBlock, termsBlock, authorsBlock, wordsBlock] = splitBlocks(sealed);
  const { hashes, ...columns } = pickColumns(unpackColumns(unseal(columnsBlock)), PAPER_COLUMNS);
  const stored = pickColumns(unpackColumns(unseal(termsBlock), TERM_BYTES), TERM_COLUMNS);
  const { terms, termLengths, termCounts, ...packed } = stored;
  const { lengths, ...words } = unpackWords({ bytes: unsealPlain(wordsBlock), ...packed });
  const known = { placeEnds: toEnds(termCounts), lengths };
  const index = openDay({ ...readTerms(terms, termLengths), ...words }, known);
  const part = openSearchPart(index, withAuthors(columns, authorsBlock));
  return {
    part,
    hashes() {
      const hashOf = (at: number) => hashes.slice(at * HASH_LENGTH, (at + 1) * HASH_LENGTH);
      return new Map(part.ids.map((id, at) => [id, hashOf(at)]));
    },
  };
}

type Blocks = readonly [columns: Buffer, terms: Buffer, authors: Buffer, words: Buffer];

function splitBlocks({ buffer, byteOffset, byteLength }: Uint8Array): Blocks {
  const stored = Buffer.from(buffer, byteOffset, byteLength);
  if (byteLength < BLOCKS * LENGTH_BYTES) throw new DamagedError('the bytes are too few');
  let at = BLOCKS * LENGTH_BYTES;
  const next = (nth: number) => {
    const start = at;
    at += stored.readUInt32LE(nth * LENGTH_BYTES);
    return stored.subarray(start, at);
  };
  const blocks: Blocks = [next(0), next(1), next(2), next(3)];
  if (at !== byteLength) throw new DamagedError('the blocks have other lengths than they should have');
  return blocks;
}

/** Adds the authors, which stay compressed until a search asks for them. Few do. */
function withAuthors(columns: Omit<PaperColumns, 'authors'>, block: Uint8Array): PaperColumns {
  // A copy, because a view would keep all of the segment's bytes in memory.
  let open: (() => Uint8Array) | undefined = openSealed(Uint8Array.from(block));
  let authors = new Uint8Array();
  return {
    ...columns,
    get authors() {
      if (open) authors = Uint8Array.from(open());
      open = undefined;
      return authors;
    },
  };
}

/** Returns a short hash of what a search finds of a paper. The times of its votes are not in it. */
export function hashOfPaper({ snapshots, seen, origins, ...paper }: Paper): string {
  const fields = Object.entries(paper).filter(([, value]) => value !== undefined);
  const sorted = fields.sort(([a], [b]) => (a < b ? -1 : 1));
  return createHash('sha256').update(JSON.stringify(sorted)).digest('base64url').slice(0, HASH_LENGTH);
}
