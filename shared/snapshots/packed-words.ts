import {
  type DayIndex,
  FIELD_SHIFT,
  fieldOf,
  indexedFields,
  isJoined,
  TERM_SHIFT,
} from '../matching/index/day-index.ts';
import { countTerms, MAX_LENGTH, type OpenDay } from '../matching/index/open-day.ts';
import { writeNumber } from './packed-numbers.ts';

/**
 * The words of an index as few bytes. They are about as few as compressed ones, and ten times as fast to read.
 *
 * Each word is a number, packed like those of `packNumbers`. The more frequent a term, the smaller its number. The fields are known by how
 * many words each has.
 */
export interface PackedWords {
  readonly bytes: Uint8Array;
  /** How many words each field of each paper has, with the gaps after them: those of the first paper in order, and so on. */
  readonly fieldWords: Uint32Array;
  /** How often each term occurs. That says which number each has. */
  readonly termCounts: Uint32Array;
}

/** The words of an index, and how many words each field of each paper has, without the gaps. */
export interface UnpackedWords extends Pick<DayIndex, 'words' | 'paperEnds'>, Pick<OpenDay, 'lengths'> {}

const FIELDS = indexedFields.length;

const MAX_BYTES_PER_WORD = 5;
const GAP = 0;
const FIRST_TERM = 2;

/** Returns the words of an index packed. */
export function packWords(index: DayIndex): PackedWords {
  const { words, paperEnds } = index;
  const termCounts = countTerms(index);
  // The empty term has code 1, because 0 is a gap.
  const codes = new Uint32Array(termCounts.length).fill(1, 0, 1);
  for (const [code, word] of toWordOf(termCounts).entries())
    if (code >= FIRST_TERM) codes[word >>> TERM_SHIFT] = code;

  const fieldWords = new Uint32Array(paperEnds.length * FIELDS);
  const bytes = new Uint8Array(words.length * MAX_BYTES_PER_WORD);
  let size = 0;
  let place = 0;
  for (const [paper, end] of paperEnds.entries()) {
    let field = 0;
    for (; place < end; place += 1) {
      const word = words[place] ?? 0;
      // A gap counts to the field before it. Which one makes no difference, because it has no field.
      if (word !== 0) field = fieldOf(word);
      const at = paper * FIELDS + field;
      fieldWords[at] = (fieldWords[at] ?? 0) + 1;
      const code = codes[word >>> TERM_SHIFT] ?? 0;
      size = writeNumber(bytes, size, word === 0 ? GAP : (code << 1) | Number(isJoined(word)));
    }
  }
  return { bytes: bytes.slice(0, size), fieldWords, termCounts };
}

/** Returns the words of {@link packWords}, and where those of each paper end. */
export function unpackWords({ bytes, fieldWords, termCounts }: PackedWords): UnpackedWords {
  const words = new Uint32Array(fieldWords.reduce((sum, count) => sum + count, 0));
  const paperEnds = new Uint32Array(fieldWords.length / FIELDS);
  const lengths = new Uint16Array(fieldWords.length);
  const reader = { bytes, wordOf: toWordOf(termCounts), words, at: 0, place: 0 };
  for (let nth = 0; nth < fieldWords.length; nth += 1) {
    const field = nth % FIELDS;
    lengths[nth] = Math.min(readField(reader, field, fieldWords[nth] ?? 0), MAX_LENGTH);
    if (field === FIELDS - 1) paperEnds[(nth - field) / FIELDS] = reader.place;
  }
  return { words, paperEnds, lengths };
}

/**
 * Returns the word of each code, without its field: the terms from the most frequent one on. Terms that are as frequent as each other keep
 * their order.
 */
function toWordOf(termCounts: Uint32Array): Uint32Array {
  const most = termCounts.subarray(1).reduce((max, count) => Math.max(max, count), 0);
  // The first code of the terms with each count, the highest count first.
  const codes = new Uint32Array(most + 2).fill(FIRST_TERM, 0, 1);
  for (let term = 1; term < termCounts.length; term += 1) {
    const after = most - (termCounts[term] ?? 0) + 1;
    codes[after] = (codes[after] ?? 0) + 1;
  }
  for (let at = 1; at < codes.length; at += 1) codes[at] = (codes[at] ?? 0) + (codes[at - 1] ?? 0);
  const wordOf = new Uint32Array(FIRST_TERM - 1 + termCounts.length);
  for (let term = 1; term < termCounts.length; term += 1) {
    const at = most - (termCounts[term] ?? 0);
    const code = codes[at] ?? 0;
    wordOf[code] = term << TERM_SHIFT;
    codes[at] = code + 1;
  }
  return wordOf;
}

/** Where to go on with reading. */
interface Reader {
  readonly bytes: Uint8Array;
  readonly wordOf: Uint32Array;
  readonly words: Uint32Array;
  at: number;
  place: number;
}

/**
 * Reads so many words of one field. Returns how many have a term. V8 compiles a short function that runs often sooner than a long loop.
 */
function readField(reader: Reader, field: number, count: number): number {
  const { bytes, wordOf, words } = reader;
  const fieldBits = field << FIELD_SHIFT;
  const end = reader.place + count;
  // The last word of all is a gap, which is 0 as it is. So no number is looked for past the last byte.
  const stop = Math.min(end, words.length - 1);
  let at = reader.at;
  let length = 0;
  for (let place = reader.place; place < stop; place += 1) {
    // Nearly all numbers have one byte or two. A processor cannot guess which, so these have no branch.
    const first = bytes[at] ?? 0;
    const more = first >>> 7;
    const second = (bytes[at + 1] ?? 0) & -more;
    let number = (first & 0x7f) | ((second & 0x7f) << 7);
    at += 1 + more;
    for (let shift = 14, byte = second; byte > 0x7f; shift += 7) {
      byte = bytes[at] ?? 0;
      at += 1;
      number |= (byte & 0x7f) << shift;
    }
    const word = wordOf[number >>> 1] ?? 0;
    words[place] = number === GAP ? 0 : word | fieldBits | (number & 1);
    // Neither a gap nor an empty term counts. The sign of the negative word is 1 for others.
    length += -word >>> 31;
  }
  reader.at = at;
  reader.place = end;
  return length;
}
