import { createHash } from 'node:crypto';
import type { Paper, PaperId } from '../domain/paper.ts';
import { buildDayIndex } from '../matching/index/day-index.ts';
import { lengthsOf, openDay, toEnds } from '../matching/index/open-day.ts';
import { buildPaperColumns, type ListedPaper, type PaperColumns } from '../matching/search/paper-columns.ts';
import { openSearchPart, type SearchPart } from '../matching/search/search-part.ts';
import { joinBlocks, type StoredBlock, splitBlocks } from './blocks.ts';
import { packColumns, pickColumns, unpackColumns } from './columns.ts';
import { packNumbers, unpackNumbers } from './packed-numbers.ts';
import { packWords, unpackWords } from './packed-words.ts';
import { DamagedError } from './sealed.ts';

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

/** The numbers of a segment, each column packed by `packNumbers`. */
const NUMBER_COLUMNS = {
  termLengths: 'Uint8Array',
  termCounts: 'Uint8Array',
  fieldWords: 'Uint8Array',
} as const;

/** 48 bits in Base64. */
const HASH_LENGTH = 8;

/**
 * Returns some papers as a segment, in their order. It has blocks for the columns, the authors, the terms, the numbers, and the words. The
 * authors stay compressed until a search needs them. The words would not become smaller.
 */
export function sealSegment(listed: readonly ListedPaper[]): Uint8Array {
  const papers = listed.map(({ paper }) => paper);
  const hashes = papers.map(hashOfPaper).join('');
  const index = buildDayIndex(papers);
  const { bytes, fieldWords, termCounts } = packWords(index);
  const { authors, ...columns } = buildPaperColumns(listed);
  const numbers = {
    termLengths: packNumbers(lengthsOf(index.termEnds)),
    termCounts: packNumbers(termCounts),
    fieldWords: packNumbers(fieldWords),
  };
  return joinBlocks([
    { content: packColumns({ ...columns, hashes }), isCompressed: true },
    { content: authors, isCompressed: true },
    { content: index.terms, isCompressed: true },
    { content: packColumns(numbers), isCompressed: true },
    { content: bytes, isCompressed: false },
  ]);
}

/** @throws DamagedError */
export function openSegment(sealed: Uint8Array): Segment {
  const [columnsBlock, authorsBlock, termsBlock, numbersBlock, wordsBlock] = splitBlocks(sealed);
  if (!columnsBlock || !authorsBlock || !termsBlock || !numbersBlock || !wordsBlock)
    throw new DamagedError('the segment has fewer blocks than it should have');
  const { hashes, ...columns } = pickColumns(unpackColumns(columnsBlock.read()), PAPER_COLUMNS);
  const numbers = pickColumns(unpackColumns(numbersBlock.read()), NUMBER_COLUMNS);
  const termCounts = unpackNumbers(numbers.termCounts);
  const fieldWords = unpackNumbers(numbers.fieldWords);
  const { lengths, ...words } = unpackWords({ bytes: wordsBlock.read(), fieldWords, termCounts });
  const terms = { terms: termsBlock.read(), termEnds: toEnds(unpackNumbers(numbers.termLengths)) };
  const index = openDay({ ...terms, ...words }, { placeEnds: toEnds(termCounts), lengths });
  const part = openSearchPart(index, withAuthors(columns, authorsBlock.copy()));
  return {
    part,
    hashes() {
      const hashOf = (at: number) => hashes.slice(at * HASH_LENGTH, (at + 1) * HASH_LENGTH);
      return new Map(part.ids.map((id, at) => [id, hashOf(at)]));
    },
  };
}

/** Adds the authors, which stay compressed until a search asks for them. Few do. */
function withAuthors(columns: Omit<PaperColumns, 'authors'>, block: StoredBlock): PaperColumns {
  let stored: StoredBlock | undefined = block;
  let authors = new Uint8Array();
  return {
    ...columns,
    get authors() {
      if (stored) authors = Uint8Array.from(stored.read());
      stored = undefined;
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
