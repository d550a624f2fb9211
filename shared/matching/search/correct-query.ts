import { editDistance } from '../../domain/text/nearest-name.ts';
import { countBits, type PaperSet } from '../index/paper-set.ts';
import { findTermsFrom, type SortedTerms, textOf } from '../index/terms.ts';
import { mayHave, toQueryWord } from '../index/word-papers.ts';
import { allOf, partsOf, type QueryNode, type TextCondition } from '../query/query.ts';
import type { SearchCorpus } from './corpus.ts';
import { sizeWithin } from './find-results.ts';
import { isPlainWord, PLAIN_FIELDS, splitQuery } from './split-query.ts';

/** A word for which another one is taken has so many letters at least. Too many short words are near each other. */
const MIN_LENGTH = 4;

/** A longer word is no word. It would have too many others one slip away. */
const MAX_LENGTH = 40;

/** A shorter word may only have two letters in the wrong order. `modal` is one letter from `model`, and is right. */
const MIN_LENGTH_FOR_ONE = 6;

/** From so many letters on, a word may have two slips. */
const MIN_LENGTH_FOR_TWO = 10;

/** The first letters of a word with two slips are right. So few words are compared with it. */
const RIGHT_LETTERS = 3;

/** So many papers have the word that is taken, at least. Fewer may have the same slip. */
const MIN_PAPERS = 2;

/**
 * Returns the query with other words for those that no paper has, if a word like them is in papers. Undefined if nothing changes.
 *
 * - Only plain words change. A phrase of several words, a value of a field and a part of an `OR` or `NOT` mean what they say.
 * - A word changes if it has 4 to 40 letters and nothing else. `GPT-4o` and abbreviations in capitals stay.
 * - If papers have the word and its neighbour as one word, that is taken: `multimodal` for `multi modal`.
 * - Otherwise the other word is one slip away: a letter too many, missing or wrong, or two letters in the wrong order. The first letter
 *   is right. A word of five letters or fewer may only have two letters in the wrong order. One of ten may have two slips, if its first
 *   three letters are right.
 * - The fewest slips win, then the word that more papers have.
 *
 * @param known the papers that count
 */
export function correctQuery(corpus: SearchCorpus, query: QueryNode, known: PaperSet): QueryNode | undefined {
  const parts = partsOf(query);
  const corrected: QueryNode[] = [];
  for (const part of parts) {
    if (!isPlainWord(part)) {
      corrected.push(part);
      continue;
    }
    const before = corrected.at(-1);
    const joined = before && isPlainWord(before) ? joinWords(corpus, before, part, known) : undefined;
    if (joined) corrected.splice(-1, 1, joined);
    else corrected.push(part);
  }
  const last = corrected.map((part) => (isPlainWord(part) ? correctWord(corpus, part, known) : part));
  const isSame = last.length === parts.length && last.every((part, at) => part === parts[at]);
  return isSame ? undefined : allOf(last);
}

/** Returns two words as one, if papers have that one, and no paper has one of the two. */
function joinWords(
  corpus: SearchCorpus,
  before: TextCondition,
  after: TextCondition,
  known: PaperSet,
): TextCondition | undefined {
  if (!isCorrectable(before) || !isCorrectable(after)) return undefined;
  if (isInPapers(corpus, before, known) && isInPapers(corpus, after, known)) return undefined;
  const joined = mostFrequent(corpus, [`${before.words.join('')}${after.words.join('')}`], known);
  return joined === undefined ? undefined : withWord(before, joined);
}

function correctWord(corpus: SearchCorpus, condition: TextCondition, known: PaperSet): TextCondition {
  const [word = ''] = condition.words;
  const hasLength = word.length >= MIN_LENGTH && word.length <= MAX_LENGTH;
  if (!hasLength || !isCorrectable(condition) || isInPapers(corpus, condition, known)) return condition;
  const better =
    mostFrequent(corpus, oneSlipFrom(word), known) ??
    (word.length < MIN_LENGTH_FOR_TWO ? undefined : mostFrequent(corpus, twoSlipsFrom(corpus, word), known));
  return better === undefined ? condition : withWord(condition, better);
}

/** Returns whether a word has nothing but letters, and is no abbreviation. */
function isCorrectable({ words, text }: TextCondition): boolean {
  const [word = ''] = words;
  const isOne = words.length === 1 && /^[a-z]+$/.test(word);
  return isOne && /^\p{L}+$/u.test(text) && !/\p{Lu}.*\p{Lu}/u.test(text);
}

function isInPapers(corpus: SearchCorpus, condition: TextCondition, known: PaperSet): boolean {
  const [plain] = splitQuery(condition).plain;
  return plain?.words.some((one) => sizeWithin(corpus, corpus.wordScores.papersOf(one), known) > 0) ?? false;
}

function withWord(condition: TextCondition, word: string): TextCondition {
  return { ...condition, text: word, words: [word] };
}

/** Returns the word that most papers have. Undefined if no word is in enough of them. */
function mostFrequent(corpus: SearchCorpus, words: Iterable<string>, known: PaperSet): string | undefined {
  let best: { readonly word: string; readonly size: number } | undefined;
  for (const text of words) {
    if (!mayHave(corpus.searched.filter, toQueryWord(text, false))) continue;
    const papers = corpus.wordScores.papersOf({ text, isPrefix: false, fields: PLAIN_FIELDS });
    const size = sizeWithin(corpus, papers, known);
    const isBetter = !best || size > best.size || (size === best.size && text < best.word);
    if (size >= MIN_PAPERS && isBetter) best = { word: text, size };
  }
  return best?.word;
}

const LETTERS = [...'abcdefghijklmnopqrstuvwxyz'];

/** Returns every word that is one slip away and begins alike: a few hundred, of which few exist. */
function oneSlipFrom(word: string): ReadonlySet<string> {
  const words = new Set<string>();
  for (let at = 1; at <= word.length; at += 1) {
    const [before, after] = [word.slice(0, at), word.slice(at)];
    const [first = '', second = ''] = after;
    if (second) words.add(before + second + first + after.slice(2));
    if (word.length < MIN_LENGTH_FOR_ONE) continue;
    words.add(before + after.slice(1));
    for (const letter of LETTERS) {
      words.add(before + letter + after);
      if (first) words.add(before + letter + after.slice(1));
    }
  }
  words.delete(word);
  return words;
}

/** Returns the words of papers that begin alike and are at most two slips away. */
function twoSlipsFrom({ searched }: SearchCorpus, word: string): ReadonlySet<string> {
  const letters = lettersOf(encoder.encode(word), 0, word.length);
  return new Set(searched.days.flatMap(({ index }) => twoSlipsIn(index, word, letters)));
}

const encoder = new TextEncoder();

/** A slip takes one letter from a word and adds one, at most. */
const MAX_CHANGED_LETTERS = 4;

/** Compares the words of an index by their lengths and letters first, because counting slips takes long. */
function twoSlipsIn(index: SortedTerms, word: string, letters: number): readonly string[] {
  const { terms, termEnds } = index;
  const { from, to } = findTermsFrom(index, word.slice(0, RIGHT_LETTERS));
  const found: string[] = [];
  for (let term = from; term < to; term += 1) {
    const [start, end] = [termEnds[term - 1] ?? 0, termEnds[term] ?? 0];
    if (Math.abs(end - start - word.length) > 2) continue;
    if (countBits(letters ^ lettersOf(terms, start, end)) > MAX_CHANGED_LETTERS) continue;
    const other = textOf(index, term);
    if (editDistance(word, other) <= 2) found.push(other);
  }
  return found;
}

const FIRST_LETTER = 97;
const LETTER_COUNT = LETTERS.length;
/** What {@link lettersOf} returns for a word with other characters. It has six bits that no word has. */
const OTHER_CHARACTERS = -1;

/** Returns which letters a word has, as a bit for each. */
function lettersOf(bytes: Uint8Array, start: number, end: number): number {
  let letters = 0;
  for (let at = start; at < end; at += 1) {
    const letter = (bytes[at] ?? 0) - FIRST_LETTER;
    if (letter < 0 || letter >= LETTER_COUNT) return OTHER_CHARACTERS;
    letters |= 1 << letter;
  }
  return letters;
}
