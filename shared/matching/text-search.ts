import type { Phrase } from './analyser.ts';
import { createMemo } from './memo.ts';
import { bytesOf, type PaperSet } from './paper-set.ts';
import { findPhrasePapers, type SearchedDays } from './phrase-papers.ts';
import {
  type FieldBits,
  type FoundWord,
  findTermPapers,
  findWordPapers,
  type QueryWord,
  toQueryWord,
} from './word-papers.ts';

/** Finds the papers of a window that have a word or a phrase in one of some fields. */
export interface TextSearch {
  find(phrase: Phrase, fields: FieldBits): PaperSet;
  /** Finds the papers that have a word as one word, exactly. */
  findTerm(word: string, fields: FieldBits): PaperSet;
}

/** How much memory a window uses at most to remember the papers of words, and those of phrases. */
const MAX_BYTES = 24 * 1024 * 1024;

/** Creates a search that finds every word and phrase once, as long as it has the memory to remember it. */
export function createTextSearch(searched: SearchedDays): TextSearch {
  const { days, paperCount } = searched;
  const words = createMemo<string, FoundWord>(MAX_BYTES, ({ papers }) => bytesOf(papers));
  const terms = createMemo<string, PaperSet>(MAX_BYTES, bytesOf);
  const phrases = createMemo<string, PaperSet>(MAX_BYTES, bytesOf);
  const finder = {
    findWordPapers: (word: QueryWord, fields: FieldBits) =>
      words.recall(keyOf(word, fields), () => findWordPapers(days, paperCount, word, fields)),
    findTermPapers: (word: QueryWord, fields: FieldBits) =>
      terms.recall(keyOf(word, fields), () => findTermPapers(days, paperCount, word, fields)),
  };
  return {
    find(phrase, fields) {
      const [word] = phrase.words;
      if (word !== undefined && phrase.words.length === 1)
        return finder.findWordPapers(toQueryWord(word, phrase.isPrefix), fields).papers;
      const key = `${fields}${phrase.isPrefix ? '*' : ' '}${phrase.isJoined.map(Number).join('')}${phrase.words.join(' ')}`;
      return phrases.recall(key, () => findPhrasePapers(searched, finder, phrase, fields));
    },
    findTerm: (word, fields) => finder.findTermPapers(toQueryWord(word, false), fields),
  };
}

function keyOf({ text, isPrefix }: QueryWord, fields: FieldBits): string {
  return `${fields}${isPrefix ? '*' : ' '}${text}`;
}
