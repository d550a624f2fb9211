import type { Paper, PaperId } from '../domain/papers/paper.ts';
import { buildDayIndex } from '../matching/index/day-index.ts';
import { type OpenDay, openDay } from '../matching/index/open-day.ts';
import { lengthsOf, toEnds } from '../matching/index/word-codes.ts';
import { packColumns, pickColumns, unpackColumns } from './columns.ts';
import { DamagedError, openSealed, seal, unseal } from './sealed.ts';
import { type PaperText, paperTextOf } from './snapshot-state.ts';
import { readTerms, TERM_BYTES, toStoredTerms } from './stored-terms.ts';

/** The half of a snapshot that seldom changes. */
export interface Texts {
  readonly ids: readonly PaperId[];
  readonly index: OpenDay;
  /** Returns the texts. They stay compressed in memory until a window needs them. */
  decode(): readonly PaperText[];
}

const LENGTH_BYTES = 4;

const INDEX_COLUMNS = {
  ids: 'string',
  terms: 'Uint8Array',
  termEnds: 'Uint32Array',
  words: 'Uint32Array',
  paperEnds: 'Uint32Array',
} as const;

/**
 * Returns the texts of papers and their index: the length of the sealed index, the sealed index, the sealed texts.
 *
 * @param papers in order
 */
export function sealTexts(papers: readonly Paper[]): Uint8Array {
  const ids = papers.map(({ id }) => id).join('\n');
  const { words, paperEnds, ...sorted } = buildDayIndex(papers);
  const { terms, termLengths } = toStoredTerms(sorted);
  const index = seal(packColumns({ ids, terms, termEnds: toEnds(termLengths), words, paperEnds }));
  const texts = seal(Buffer.from(JSON.stringify(papers.map(paperTextOf))));
  const length = Buffer.alloc(LENGTH_BYTES);
  length.writeUInt32LE(index.byteLength);
  return Buffer.concat([length, index, texts]);
}

/** @throws DamagedError */
export function unsealTexts(sealed: Uint8Array): Texts {
  const bytes = Buffer.from(sealed.buffer, sealed.byteOffset, sealed.byteLength);
  if (bytes.byteLength < LENGTH_BYTES) throw new DamagedError('the bytes are too few');
  const split = LENGTH_BYTES + bytes.readUInt32LE(0);
  const columns = unpackColumns(unseal(bytes.subarray(LENGTH_BYTES, split)), TERM_BYTES);
  const { ids, terms, termEnds, words, paperEnds } = pickColumns(columns, INDEX_COLUMNS);
  let open: (() => Buffer) | undefined = openSealed(bytes.subarray(split));
  let texts: readonly PaperText[] = [];
  return {
    ids: ids === '' ? [] : ids.split('\n'),
    index: openDay({ ...readTerms(terms, lengthsOf(termEnds)), words, paperEnds }),
    decode() {
      // The checksum fits, so these are the texts of `sealTexts`.
      if (open) texts = JSON.parse(open().toString());
      // The bytes are not needed any more.
      open = undefined;
      return texts;
    },
  };
}
