import type { Paper, PaperId } from '../domain/papers/paper.ts';
import { buildDayIndex } from '../matching/index/day-index.ts';
import { openWords } from '../matching/index/open-day.ts';
import { codeWords, toTermOf } from '../matching/index/word-codes.ts';
import { buildPaperColumns, type ListedPaper, type PaperColumns } from '../matching/search/paper-columns.ts';
import { openSearchPart, type SearchPart } from '../matching/search/search-part.ts';
import { hasKnownVotes } from '../matching/trending.ts';
import { joinBlocks, splitBlocks } from './blocks.ts';
import { packColumns, pickColumns, unpackColumns } from './columns.ts';
import { packEnds, packNumbers, unpackEnds, unpackNumbers } from './packed-numbers.ts';
import { DamagedError } from './sealed.ts';
import { HASH_LENGTH, shortHashOf } from './snapshot-state.ts';

/** A part of the archive: what a search needs of its papers, without their texts. */
export interface Segment {
  readonly part: SearchPart;
  /** Returns a short hash of each paper as it was stored. */
  hashes(): ReadonlyMap<PaperId, string>;
}

/** The columns of the papers. Their authors are in a block of their own. */
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

/** What is known of the words. All numbers are packed. `placeEnds` has the `postingEnds` of the index, and `rarePlaces` its `rarePositions`. */
const WORD_COLUMNS = {
  terms: 'Uint8Array',
  termEnds: 'Uint8Array',
  placeEnds: 'Uint8Array',
  fieldEnds: 'Uint8Array',
  lengths: 'Uint8Array',
  rarePlaces: 'Uint8Array',
  rareTerms: 'Uint8Array',
} as const;

/**
 * Returns the papers as a segment, in their order. It has a block for the words, one for everything else that each search needs, and one for
 * the authors. The words are stored uncompressed, so they need no decoding. The authors stay compressed until a search needs them.
 */
export function sealSegment(listed: readonly ListedPaper[]): Uint8Array {
  const papers = listed.map(({ paper }) => paper);
  const hashes = papers.map(hashOfPaper).join('');
  const index = buildDayIndex(papers);
  const { words, postingEnds, fieldEnds, lengths, rarePositions, rareTerms } = codeWords(index);
  const { authors, ...columns } = buildPaperColumns(listed);
  const wordColumns = {
    terms: index.terms,
    termEnds: packEnds(index.termEnds),
    placeEnds: packEnds(postingEnds),
    fieldEnds: packEnds(fieldEnds),
    lengths: packNumbers(lengths),
    rarePlaces: packEnds(rarePositions),
    rareTerms: packNumbers(rareTerms),
  };
  return joinBlocks([
    { content: new Uint8Array(words.buffer), isCompressed: false },
    { content: packColumns({ ...columns, hashes, ...wordColumns }), isCompressed: true },
    { content: authors, isCompressed: true },
  ]);
}

/**
 * Opens a segment. It keeps the bytes in memory, because the words are a view of them.
 *
 * @throws DamagedError
 */
export function openSegment(sealed: Uint8Array): Segment {
  const [readWords, readColumns, readAuthors] = splitBlocks(sealed);
  if (!readWords || !readColumns || !readAuthors)
    throw new DamagedError('the segment has fewer blocks than it should have');
  const stored = unpackColumns(readColumns());
  const { hashes, ...columns } = pickColumns(stored, PAPER_COLUMNS);
  const { terms, termEnds, ...packed } = pickColumns(stored, WORD_COLUMNS);
  const postingEnds = unpackEnds(packed.placeEnds);
  const sorted = { terms, termEnds: unpackEnds(termEnds) };
  const index = openWords(sorted, {
    words: toUint16Array(readWords()),
    postingEnds,
    termOf: toTermOf(postingEnds),
    fieldEnds: unpackEnds(packed.fieldEnds),
    lengths: new Uint16Array(unpackNumbers(packed.lengths)),
    rarePositions: unpackEnds(packed.rarePlaces),
    rareTerms: unpackNumbers(packed.rareTerms),
  });
  const part = openSearchPart(index, withAuthors(columns, readAuthors));
  return {
    part,
    hashes() {
      const hashOf = (at: number) => hashes.slice(at * HASH_LENGTH, (at + 1) * HASH_LENGTH);
      return new Map(part.ids.map((id, at) => [id, hashOf(at)]));
    },
  };
}

/** Returns bytes as numbers of 16 bits. It copies them if they start at an odd address. */
function toUint16Array(bytes: Uint8Array): Uint16Array {
  const { buffer, byteOffset, byteLength } = bytes.byteOffset % 2 === 0 ? bytes : Uint8Array.from(bytes);
  return new Uint16Array(buffer, byteOffset, byteLength / 2);
}

/** Adds the authors, which stay compressed until a search needs them. Few do. */
function withAuthors(columns: Omit<PaperColumns, 'authors'>, readAuthors: () => Uint8Array): PaperColumns {
  let authors: Uint8Array | undefined;
  return {
    ...columns,
    get authors() {
      authors ??= readAuthors();
      return authors;
    },
  };
}

/** Returns a short hash of everything that a search uses of a paper. Vote times are not part of it, but whether the votes are known is. */
export function hashOfPaper({ voteCounts, seen, origins, ...paper }: Paper): string {
  return shortHashOf(hasKnownVotes({ voteCounts }) ? paper : { ...paper, hasUnknownVotes: true });
}
