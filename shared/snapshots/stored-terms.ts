import { gallopTo, type SortedTerms, termTextOf } from '../matching/index/terms.ts';
import { toEnds } from '../matching/index/word-codes.ts';

/** The terms of an index as they are stored: as one text. */
interface StoredTerms {
  readonly terms: string;
  /** The length of each term, in UTF-16 units. */
  readonly termLengths: Uint32Array;
}

/** The text of {@link StoredTerms}, which `readTerms` takes as bytes. */
export const TERM_BYTES: ReadonlySet<string> = new Set(['terms']);

/** Returns the terms of an index as they are stored. */
export function toStoredTerms(index: SortedTerms): StoredTerms {
  const texts = Array.from(index.termEnds, (_, term) => termTextOf(index, term));
  return { terms: texts.join(''), termLengths: Uint32Array.from(texts, ({ length }) => length) };
}

/** The first bytes of UTF-8 characters with two or more bytes, and those with three or more. */
const TWO_BYTES = 0xc0;
const THREE_BYTES = 0xe0;

/**
 * Returns the terms of an index from stored ones. It copies them, because a view would keep the bytes around them in memory.
 *
 * @param stored their text, in UTF-8
 * @param unitLengths the length of each term, in UTF-16 units
 */
export function readTerms(stored: Uint8Array, unitLengths: Uint32Array): SortedTerms {
  const terms = stored.slice();
  const unitEnds = toEnds(unitLengths);
  const isAscii = (unitEnds.at(-1) ?? 0) === terms.length;
  if (isAscii) return { terms, termEnds: unitEnds };
  const lengths = unitLengths.slice();
  let term = 0;
  // How many more bytes than UTF-16 units there are so far.
  let surplus = 0;
  for (const at of findLongCharacters(terms)) {
    term = gallopTo(unitEnds, at - surplus + 1, term, unitEnds.length);
    // A character of four bytes has two units. Others have one.
    const extra = (terms[at] ?? 0) < THREE_BYTES ? 1 : 2;
    lengths[term] = (lengths[term] ?? 0) + extra;
    surplus += extra;
  }
  return { terms, termEnds: toEnds(lengths) };
}

/** Returns the offsets of the characters with several bytes. */
function findLongCharacters(bytes: Uint8Array): readonly number[] {
  const found: number[] = [];
  for (let at = 0; at < bytes.length; at += 1) if ((bytes[at] ?? 0) >= TWO_BYTES) found.push(at);
  return found;
}
