import { toReadableTex } from '../../domain/text/readable-tex.ts';
import { foldWord, UNSPACED } from './fold-word.ts';
import { toSingular } from './singular.ts';

/** A word of a text. */
export interface Word {
  /** The word as it is compared: folded, and singular. */
  readonly stem: string;
  /** UTF-16 offsets into the text, without the end. */
  readonly start: number;
  readonly end: number;
  /** Whether only a hyphen, a full stop, an apostrophe or nothing is between this word and the next one. */
  readonly isJoined: boolean;
}

/** The words of a query that must be adjacent in a text. */
export interface Phrase {
  /** Stems. The last word of a prefix is only folded. */
  readonly words: readonly string[];
  /** For each word, whether it is joined to the next one. */
  readonly isJoined: readonly boolean[];
  /** Whether the last word is the beginning of a word. */
  readonly isPrefix: boolean;
}

/**
 * Returns the words of a readable text in order. Text of a source goes through `toReadableTex` first.
 *
 * - Accents, case and invisible characters do not matter, and neither do plurals: `Müller Models` gives `muller`, `model`.
 * - Hyphens join two words: `k-NN` gives `k` and `nn`. A number keeps its point: `GPT-4.1` gives `gpt` and `4.1`.
 * - A sign that carries meaning stays: `C++`, `C#`, `.NET` and `A*` are words, and `UNet++` gives `unet` and `++`.
 * - The ending of a possessive is no word: `Bayes' and Kant's` gives the words of `Bayes and Kant`.
 * - A Chinese, Japanese or Korean character is a word.
 */
export function analyse(text: string): readonly Word[] {
  return findWords(text, toSingular);
}

/**
 * Returns the words of a query's word or phrase, with its TeX read as in papers. The last word of a prefix stays as it is, without
 * its accents and case.
 */
export function analysePhrase(text: string, isPrefix = false): Phrase {
  const readable = toReadableTex(text);
  const stems = findWords(readable, toSingular);
  const last = isPrefix ? findWords(readable, (word) => word).at(-1) : undefined;
  const words = stems.map(({ stem }) => stem);
  return {
    words: last ? [...words.slice(0, -1), last.stem] : words,
    isJoined: stems.map(({ isJoined }) => isJoined),
    isPrefix,
  };
}

/**
 * Returns whether two neighbouring words, in a text or in a phrase, may equal one word. So `multi-modal` and `multi modal` find
 * `multimodal`, and `GPT 4o` finds `GPT4o`. Two words with a space between them must be long enough. Two numbers never equal one:
 * `3-5` is not `35`. For a prefix, the two words need a hyphen, or a digit where they meet: `form*` does not find `for many`.
 *
 * @param isPrefix whether `second` is only a prefix of the second word
 */
export function mayPair(first: string, second: string, isJoined: boolean, isPrefix = false): boolean {
  const endsInDigit = isDigitAt(first, first.length - 1);
  const beginsWithDigit = isDigitAt(second, 0);
  if (endsInDigit && beginsWithDigit) return false;
  if (isJoined || (!isPrefix && first.length > 2 && second.length > 2)) return true;
  return (beginsWithDigit && first.length > 1) || (endsInDigit && second.length > 1);
}

function isDigitAt(word: string, at: number): boolean {
  const code = word.charCodeAt(at);
  return code > 47 && code < 58;
}

const OTHER = 1;
const LETTER = 2;
const DIGIT = 3;
/** An accent or an invisible character. It belongs to the word before it. */
const MARK = 4;
/** A character that is a word. */
const SINGLE = 5;
const HYPHEN = 6;
const APOSTROPHE = 7;
const POINT = 8;
const PLUS = 9;

/** The kind of each code point that was met. 0 is unknown. A regular expression for each character would be slow. */
const kinds = new Uint8Array(0x110000);

function toKind(character: string): number {
  if (/[\p{M}\p{Default_Ignorable_Code_Point}\uff9e\uff9f]/u.test(character)) return MARK;
  if (/['\u02bc\u2018\u2019\u201b\u2032\uff07]/.test(character)) return APOSTROPHE;
  if (/[\p{L}\p{N}]/u.test(character)) {
    if (UNSPACED.test(character.normalize('NFKD'))) return SINGLE;
    return /\p{N}/u.test(character) ? DIGIT : LETTER;
  }
  if (/[-_\u2010-\u2013\u2043\u2212\ufe58\ufe63\uff0d]/.test(character)) return HYPHEN;
  if (/[+\uff0b]/.test(character)) return PLUS;
  return character === '.' ? POINT : OTHER;
}

/** Returns the kind of the character at an offset. */
function kindAt(text: string, at: number): number {
  const point = text.codePointAt(at);
  if (point === undefined) return OTHER;
  const known = kinds[point];
  if (known) return known;
  const kind = toKind(String.fromCodePoint(point));
  kinds[point] = kind;
  return kind;
}

/** Returns the offset after the character at an offset. */
function after(text: string, at: number): number {
  const unit = text.charCodeAt(at);
  const isHalf = unit > 0xd7ff && unit < 0xdc00;
  return at + (isHalf && (text.codePointAt(at) ?? 0) > 0xffff ? 2 : 1);
}

const LETTERS = /[A-Za-z]+/y;
const THOUSANDS = /\d{1,3}(?:,\d{3})+(?!\d)/y;
const NOT = /n['\u02bc\u2018\u2019\u201b\u2032\uff07]t(?![\p{L}\p{N}\p{M}])/iuy;
const POSSESSIVE = /['\u02bc\u2018\u2019\u201b\u2032\uff07]s(?![\p{L}\p{N}\p{M}])/iuy;
const SIGN = /[+\uff0b]{2}(?![+\uff0b])|[#\uff03\u266f](?!\p{L})|\*(?![\p{L}\p{N}])/uy;
const LONE_SIGN =
  /(?<![+\uff0b])[+\uff0b]{2}(?![+\uff0b])|(?<![\p{L}\p{N}\p{M}])\.net(?![\p{L}\p{N}\p{M}])/iuy;

/** Returns the end of what a sticky expression finds at an offset. It is the offset itself if it finds nothing. */
function endOf(found: RegExp, text: string, at: number): number {
  found.lastIndex = at;
  return found.test(text) ? found.lastIndex : at;
}

/** Returns where the word ends that begins at an offset. It is the offset itself if none begins there. */
function endOfWord(text: string, start: number): number {
  let kind = kindAt(text, start);
  if (kind === PLUS || kind === POINT) return endOf(LONE_SIGN, text, start);
  if (kind !== LETTER && kind !== DIGIT && kind !== SINGLE) return start;
  let end = kind === DIGIT ? endOf(THOUSANDS, text, start) : start;
  if (end === start && kind === LETTER) end = endOf(LETTERS, text, start);
  let isOne = kind === LETTER && end - start < 2;
  if (end === start) end = after(text, start);
  for (;;) {
    const next = kindAt(text, end);
    if (next === MARK) {
      end = after(text, end);
    } else if (kind !== SINGLE && (next === LETTER || next === DIGIT)) {
      kind = next;
      isOne = false;
      end = after(text, end);
    } else if (next === POINT && kind === DIGIT && kindAt(text, end + 1) === DIGIT) {
      end += 1;
    } else if (next === APOSTROPHE && kind === LETTER && endOf(NOT, text, end - 1) !== end - 1) {
      return end + 2;
    } else {
      const signed = isOne ? endOf(SIGN, text, end) : end;
      const isLetter = signed > end && foldWord(text.slice(start, end)).join('').length === 1;
      return isLetter ? signed : end;
    }
  }
}

function findWords(text: string, toForm: (word: string) => string): readonly Word[] {
  const words: { -readonly [Key in keyof Word]: Word[Key] }[] = [];
  for (let at = 0; at < text.length; ) {
    const end = endOfWord(text, at);
    if (end === at) {
      at = after(text, at);
      continue;
    }
    const previous = words[words.length - 1];
    if (previous) previous.isJoined = isJoin(text, previous.end, at);
    const folded = foldWord(text.slice(at, end));
    for (let n = 0; n < folded.length; n += 1)
      words.push({ stem: toForm(folded[n] ?? ''), start: at, end, isJoined: n < folded.length - 1 });
    at = kindAt(text, end) === APOSTROPHE ? endOf(POSSESSIVE, text, end) : end;
  }
  return words;
}

/** Returns whether the text between two words joins them. */
function isJoin(text: string, end: number, start: number): boolean {
  if (start - end > 1) return false;
  const kind = kindAt(text, end);
  return start === end || kind === HYPHEN || kind === POINT || kind === APOSTROPHE;
}
