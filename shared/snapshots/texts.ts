import type { Paper, PaperId } from '../domain/paper.ts';
import { buildDayIndex, type DayIndex } from '../matching/day-index.ts';
import { packColumns, unpackColumns } from './columns.ts';
import { DamagedError, openSealed, seal, unseal } from './sealed.ts';
import { type PaperText, textOf } from './votes.ts';

/** The lasting half of a snapshot. */
export interface Texts {
  readonly ids: readonly PaperId[];
  readonly index: DayIndex;
  /** Returns the text of one paper. It decodes only that one, because most papers of a window are never shown. */
  textAt(position: number): PaperText;
}

const LENGTH_BYTES = 4;

/**
 * Returns the texts of papers and their index: the length of the sealed index, the sealed index, the sealed texts.
 *
 * @param papers in order
 */
export function sealTexts(papers: readonly Paper[]): Uint8Array {
  const ids = papers.map(({ id }) => id).join('\n');
  const index = seal(packColumns({ ids, ...buildDayIndex(papers) }));
  const texts = papers.map((paper) => Buffer.from(JSON.stringify(textOf(paper))));
  let end = 0;
  const ends = Uint32Array.from(texts, ({ byteLength }) => {
    end += byteLength;
    return end;
  });
  const length = Buffer.alloc(LENGTH_BYTES);
  length.writeUInt32LE(index.byteLength);
  return Buffer.concat([length, index, seal(packColumns({ ends, texts: Buffer.concat(texts) }))]);
}

/** @throws DamagedError */
export function unsealTexts(sealed: Uint8Array): Texts {
  const bytes = Buffer.from(sealed.buffer, sealed.byteOffset, sealed.byteLength);
  if (bytes.byteLength < LENGTH_BYTES) throw new DamagedError('the bytes are too few');
  const split = LENGTH_BYTES + bytes.readUInt32LE(0);
  const { ids, terms, termEnds, words, paperEnds } = unpackColumns(
    unseal(bytes.subarray(LENGTH_BYTES, split)),
  );
  const openTexts = openSealed(bytes.subarray(split));
  if (
    typeof ids !== 'string' ||
    typeof terms !== 'string' ||
    !(termEnds instanceof Uint32Array && words instanceof Uint32Array && paperEnds instanceof Uint32Array)
  ) {
    throw new DamagedError('the columns are not those of an index');
  }
  let loaded: ReturnType<typeof toSlices> | undefined;
  return {
    ids: ids === '' ? [] : ids.split('\n'),
    index: { terms, termEnds, words, paperEnds },
    textAt(position) {
      loaded ??= toSlices(openTexts());
      return loaded(position);
    },
  };
}

function toSlices(packed: Buffer): (position: number) => PaperText {
  const { ends, texts } = unpackColumns(packed);
  if (!(ends instanceof Uint32Array && texts instanceof Uint8Array))
    throw new DamagedError('the columns are not those of texts');
  const bytes = Buffer.from(texts.buffer, texts.byteOffset, texts.byteLength);
  return (position) => {
    const end = ends[position];
    if (end === undefined) throw new RangeError(`no text at ${position}; there are ${ends.length}`);
    // The checksum fits, so this is a text of `sealTexts`.
    return JSON.parse(bytes.toString('utf8', ends[position - 1] ?? 0, end));
  };
}
