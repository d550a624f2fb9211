import { createMemoSpace } from '../memo.ts';
import type { Phrase } from '../text/analyser.ts';
import type { FieldBits } from './day-index.ts';
import { bytesOf, intersect, type PaperSet } from './paper-set.ts';
import { searchPhrase } from './phrase-papers.ts';
import {
  type FoundPair,
  findPairs,
  findTermPapers,
  findWordPapers,
  type QueryWord,
  type SearchedDays,
  toQueryWord,
} from './word-papers.ts';

/** Finds the papers of a window that have a word or a phrase in one of the fields. */
export interface TextSearch {
  /** Only the papers of `within` matter, so the result may lack others. */
  find(phrase: Phrase, fields: FieldBits, within?: PaperSet): PaperSet;
  /** Finds the papers that have a word, as one word or as a pair. */
  findWord(word: QueryWord, fields: FieldBits): PaperSet;
  /** Remembers the papers of a word that were found elsewhere. */
  remember(word: QueryWord, fields: FieldBits, papers: PaperSet): void;
  /** Finds the pairs that stand for a word in any field. */
  findPairs(word: QueryWord): readonly FoundPair[];
  /** Finds the papers that have a word as one word. */
  findTerm(word: QueryWord, fields: FieldBits): PaperSet;
}

/** The memory limit of a search with a space of its own. */
const MAX_BYTES = 72 * 1024 * 1024;

/**
 * A phrase is remembered if at least one in this many candidate papers matters. Otherwise it is looked for only in the papers that matter.
 */
const WORTH_REMEMBERING = 4;

/** The approximate size of a pair of words, with its two texts. */
const BYTES_PER_PAIR = 200;

function bytesOfPair({ positions }: FoundPair): number {
  return positions.reduce((sum, inDay) => sum + 8 + 8 * inDay.length, BYTES_PER_PAIR);
}

/**
 * Creates a search that looks up each word and phrase once, as long as the result is remembered.
 *
 * @param space where it remembers the papers of words, terms and phrases. @default one of its own
 */
export function createTextSearch(searched: SearchedDays, space = createMemoSpace(MAX_BYTES)): TextSearch {
  const bytesOfSet = (papers: PaperSet, key: string) => bytesOf(papers) + 2 * key.length;
  const words = space.createMemo<string, PaperSet>(bytesOfSet);
  const pairs = space.createMemo<string, readonly FoundPair[]>((found, key) =>
    found.reduce((sum, pair) => sum + bytesOfPair(pair), 2 * key.length),
  );
  const terms = space.createMemo<string, PaperSet>(bytesOfSet);
  const phrases = space.createMemo<string, PaperSet>(bytesOfSet);
  const finder = {
    findPairs(word: QueryWord) {
      return pairs.recall(toKey(word, 0), () => findPairs(searched, word));
    },
    findWordPapers(word: QueryWord, fields: FieldBits) {
      return words.recall(toKey(word, fields), () =>
        findWordPapers(searched, word, finder.findPairs(word), fields),
      );
    },
    findTermPapers(word: QueryWord, fields: FieldBits) {
      return terms.recall(toKey(word, fields), () => findTermPapers(searched, word, fields));
    },
  };
  return {
    find(phrase, fields, within) {
      const [word] = phrase.words;
      if (word !== undefined && phrase.words.length === 1)
        return finder.findWordPapers(toQueryWord(word, phrase.isPrefix), fields);

      const key = `${fields}${phrase.isPrefix ? '*' : ' '}${phrase.isJoined.map(Number).join('')}${phrase.words.join(' ')}`;
      const known = phrases.find(key);
      if (known) return known;
      const search = searchPhrase(searched, finder, phrase, fields);
      const few = within && intersect(search.candidates, within);
      if (few && few.size * WORTH_REMEMBERING < search.candidates.size) return search.keepWithPhrase(few);
      return phrases.recall(key, () => search.keepWithPhrase(search.candidates));
    },
    findWord: finder.findWordPapers,
    remember: (word, fields, papers) => words.recall(toKey(word, fields), () => papers),
    findPairs: finder.findPairs,
    findTerm: finder.findTermPapers,
  };
}

/** Returns the key of a word in the fields. The first character encodes the fields, and whether the word is a prefix. */
function toKey({ text, isPrefix }: QueryWord, fields: FieldBits): string {
  return String.fromCharCode(fields * 2 + Number(isPrefix)) + text;
}
