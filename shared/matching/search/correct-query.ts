import { editDistance } from '../../domain/text/nearest-name.ts';
import { countBits, type PaperSet } from '../index/paper-set.ts';
import { findTermsFrom, type SortedTerms, termTextOf } from '../index/terms.ts';
import { mayHave, toQueryWord } from '../index/word-papers.ts';
import { allOf, partsOf, type QueryNode, type TextCondition } from '../query/query.ts';
import type { SearchCorpus } from './corpus.ts';
import { sizeWithin } from './find-results.ts';
import { isPlainWord, PLAIN_FIELDS, splitQuery } from './split-query.ts';

/** The minimum length of a word to correct. Too many short words are similar. */
const MIN_LENGTH = 4;

/** The maximum length of a word to correct. A longer one is no word, and has too many words within one edit. */
const MAX_LENGTH = 40;

/** Shorter words are only corrected by a swap of two letters. `modal` is one letter from `model`, and is right. */
const MIN_LENGTH_FOR_ONE_EDIT = 6;

/** The minimum length of a word that may need two edits. */
const MIN_LENGTH_FOR_TWO_EDITS = 10;

/** How many first letters must agree if a word needs two edits. So it is compared with few words. */
const PREFIX_LENGTH = 3;

/** The minimum number of papers with the replacement. Fewer may have the same misspelling. */
const MIN_PAPERS = 2;

/**
 * Returns the query with its misspelt words corrected. A word counts as misspelt if no paper has it, and papers have a similar one. Undefined
 * if nothing changes.
 *
 * - Only plain words change. A phrase of several words, a value of a field and a part of an `OR` or `NOT` mean what they say.
 * - A word changes if it has 4 to 40 letters and nothing else. `GPT-4o` and abbreviations in capitals stay.
 * - If papers have the word and its neighbour as one word, that replaces both: `multimodal` for `multi modal`.
 * - Otherwise the replacement is one edit away: a letter added, removed or replaced, or two adjacent letters swapped. The first letter must
 *   agree. For a word of five letters or fewer, only a swap is allowed. For one of ten letters or more, two edits are allowed if the first
 *   three letters agree.
 * - The fewest edits win, then the word that more papers have.
 *
 * @param known the papers to take into account
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

/** Returns two words as one, if papers have the joined word, and no paper has one of the two. */
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
    mostFrequent(corpus, withOneEdit(word), known) ??
    (word.length < MIN_LENGTH_FOR_TWO_EDITS
      ? undefined
      : mostFrequent(corpus, withTwoEdits(corpus, word), known));
  return better === undefined ? condition : withWord(condition, better);
}

/** Returns whether a word has only letters, and is no abbreviation. */
function isCorrectable({ words, text }: TextCondition): boolean {
  const [word = ''] = words;
  const isOneWord = words.length === 1 && /^[a-z]+$/.test(word);
  return isOneWord && /^\p{L}+$/u.test(text) && !/\p{Lu}.*\p{Lu}/u.test(text);
}

function isInPapers(corpus: SearchCorpus, condition: TextCondition, known: PaperSet): boolean {
  const [plain] = splitQuery(condition).plain;
  return (
    plain?.words.some((word) => sizeWithin(corpus, corpus.wordScores.papersOf(word), known) > 0) ?? false
  );
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

/** Returns every text that is one edit away and has the same first letter: a few hundred, of which few are words. */
function withOneEdit(word: string): ReadonlySet<string> {
  const words = new Set<string>();
  for (let at = 1; at <= word.length; at += 1) {
    const [before, after] = [word.slice(0, at), word.slice(at)];
    const [first = '', second = ''] = after;
    if (second) words.add(before + second + first + after.slice(2));
    if (word.length < MIN_LENGTH_FOR_ONE_EDIT) continue;
    words.add(before + after.slice(1));
    for (const letter of LETTERS) {
      words.add(before + letter + after);
      if (first) words.add(before + letter + after.slice(1));
    }
  }
  words.delete(word);
  return words;
}

/** Returns the words of papers with the same prefix that are at most two edits away. */
function withTwoEdits({ searched }: SearchCorpus, word: string): ReadonlySet<string> {
  const letters = lettersOf(encoder.encode(word), 0, word.length);
  return new Set(searched.days.flatMap(({ index }) => withTwoEditsIn(index, word, letters)));
}

const encoder = new TextEncoder();

/** An edit removes at most one letter and adds at most one. */
const MAX_CHANGED_LETTERS = 4;

/** Compares lengths and sets of letters first, because the edit distance is slow to compute. */
function withTwoEditsIn(index: SortedTerms, word: string, letters: number): readonly string[] {
  const { terms, termEnds } = index;
  const { from, to } = findTermsFrom(index, word.slice(0, PREFIX_LENGTH));
  const found: string[] = [];
  for (let term = from; term < to; term += 1) {
    const [start, end] = [termEnds[term - 1] ?? 0, termEnds[term] ?? 0];
    if (Math.abs(end - start - word.length) > 2) continue;
    if (countBits(letters ^ lettersOf(terms, start, end)) > MAX_CHANGED_LETTERS) continue;
    const candidate = termTextOf(index, term);
    if (editDistance(word, candidate) <= 2) found.push(candidate);
  }
  return found;
}

const FIRST_LETTER = 97;
const LETTER_COUNT = LETTERS.length;
/** The result of {@link lettersOf} for a word with other characters. It has six bits that no other result has. */
const OTHER_CHARACTERS = -1;

/** Returns the set of letters of a word, as a bit for each. */
function lettersOf(bytes: Uint8Array, start: number, end: number): number {
  let letters = 0;
  for (let at = start; at < end; at += 1) {
    const letter = (bytes[at] ?? 0) - FIRST_LETTER;
    if (letter < 0 || letter >= LETTER_COUNT) return OTHER_CHARACTERS;
    letters |= 1 << letter;
  }
  return letters;
}
