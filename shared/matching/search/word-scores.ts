import { AUTHOR_FIELD } from '../index/condition-papers.ts';
import type { FieldBits } from '../index/day-index.ts';
import { addShares, bytesOf, forEachHeld, type PaperSet, unite } from '../index/paper-set.ts';
import type { TextSearch } from '../index/text-search.ts';
import { type SearchedDays, toQueryWord } from '../index/word-papers.ts';
import { createMemoSpace } from '../memo.ts';
import { IMPACT_STEPS } from './score.ts';
import { addSome, findImpacts, toImpacts, type WordLookup } from './word-impacts.ts';

/** A word to score, and the fields to look in. */
export interface ScoredWord {
  /** A stem, or the beginning of a word. */
  readonly text: string;
  readonly isPrefix: boolean;
  /** The fields in which the stem is looked for. */
  readonly fields: FieldBits;
  /** The key of an author that counts as the word as well. */
  readonly authorKey?: string | undefined;
}

/** Looks up words and their impacts. */
export interface WordScores {
  /** Finds the papers of each prefix together with its impacts. Separately, that would scan the postings of thousands of words twice. */
  prepare(words: readonly ScoredWord[]): void;
  /** Returns the papers that have a word. */
  papersOf(word: ScoredWord): PaperSet;
  /**
   * Adds the weight of a word times its impact to the values of the papers. The values of other papers may change as well.
   *
   * @param papers in ascending order
   */
  add(word: ScoredWord, weight: number, papers: Uint32Array, values: Float64Array): void;
}

/** The memory limit for the impacts that a corpus remembers. */
const MAX_BYTES = 24 * 1024 * 1024;

/** Looking one paper up takes as long as reading this many in sequence. */
const LOOK_UP_COST = 4;

/** Creates a look-up over a corpus. It looks few papers up one by one. For many it computes all impacts once, and remembers them. */
export function createWordScores(searched: SearchedDays, search: TextSearch): WordScores {
  const space = createMemoSpace(MAX_BYTES);
  /** The impact of a word in each paper that has it, in their order, as {@link toImpactSteps} rounds it. */
  const remembered = space.createMemo<string, Uint16Array>(
    ({ byteLength }, key) => byteLength + 2 * key.length,
  );
  /** The papers of each word that is also a name. */
  const united = space.createMemo<string, PaperSet>((papers, key) => bytesOf(papers) + 2 * key.length);
  const look = ({ text, isPrefix, fields, authorKey }: ScoredWord): WordLookup => {
    const word = toQueryWord(text, isPrefix);
    const author = authorKey === undefined ? undefined : toQueryWord(authorKey, false);
    return { word, fields, pairs: search.findPairs(word), author };
  };
  const papersOf = (word: ScoredWord) => {
    const { word: term, fields, pairs, author } = look(word);
    // Most words are their own keys, so one scan of their postings is enough.
    if (author && author.text === term.text && !term.isPrefix && pairs.length === 0)
      return search.findTerm(term, fields | AUTHOR_FIELD);
    const papers = search.findWord(term, fields);
    const authored = author && search.findTerm(author, AUTHOR_FIELD);
    if (!authored || authored.size === 0) return papers;
    return united.recall(keyOf(word), () => unite([papers, authored], searched.paperCount));
  };
  return {
    prepare(words) {
      for (const word of words) {
        if (!word.isPrefix) continue;
        remembered.recall(keyOf(word), () => {
          const lookup = look(word);
          const { papers, impacts } = findImpacts(searched, lookup);
          search.remember(lookup.word, lookup.fields, papers);
          return impacts;
        });
      }
    },
    papersOf,
    add(word, weight, papers, values) {
      const withWord = papersOf(word);
      const lookup = look(word);
      const key = keyOf(word);
      const isSimple = !word.isPrefix && lookup.pairs.length === 0;
      if (isSimple && papers.length * LOOK_UP_COST < withWord.size && !remembered.find(key)) {
        addSome(searched, lookup, weight, papers, values);
        return;
      }
      const impacts = remembered.recall(key, () => toImpacts(searched, lookup, withWord));
      if (withWord.size < papers.length * LOOK_UP_COST) {
        addShares(withWord, weight, impacts, IMPACT_STEPS, values);
        return;
      }
      forEachHeld(papers, withWord, (paper, nth) => {
        values[paper] = (values[paper] ?? 0) + weight * ((impacts[nth] ?? 0) / IMPACT_STEPS);
      });
    },
  };
}

function keyOf({ text, isPrefix, fields, authorKey = '' }: ScoredWord): string {
  return `${fields}${isPrefix ? '*' : ' '}${text} ${authorKey}`;
}
