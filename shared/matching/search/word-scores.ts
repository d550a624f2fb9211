import { AUTHOR_FIELD } from '../index/condition-papers.ts';
import type { FieldBits } from '../index/day-index.ts';
import { addShares, bytesOf, forEachHeld, type PaperSet, unite } from '../index/paper-set.ts';
import type { TextSearch } from '../index/text-search.ts';
import { type SearchedDays, toQueryWord } from '../index/word-papers.ts';
import { createMemoSpace } from '../memo.ts';
import { IMPACT_STEPS } from './score.ts';
import { addSome, findImpacts, type LookedWord, toImpacts } from './word-impacts.ts';

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

/** Looks up words, and what they count. */
export interface WordScores {
  /** Finds the papers of each prefix with what it counts in them. Later, that would take two looks at the places of thousands of words. */
  prepare(words: readonly ScoredWord[]): void;
  /** Returns the papers that have a word. */
  papersOf(word: ScoredWord): PaperSet;
  /**
   * Adds to the values of some papers what a word counts in each: the weight of the word times its impact. The values of others may
   * change as well.
   *
   * @param papers in ascending order
   */
  add(word: ScoredWord, weight: number, papers: Uint32Array, values: Float64Array): void;
}

/** How much memory a corpus uses at most to remember what words count. */
const MAX_BYTES = 24 * 1024 * 1024;

/** Looking at one paper takes as long as looking at so many in their order. */
const LOOK_UP_COST = 4;

/** Creates a look-up over a corpus. It looks at the papers themselves if they are few. For many it computes all once, and remembers that. */
export function createWordScores(searched: SearchedDays, search: TextSearch): WordScores {
  const space = createMemoSpace(MAX_BYTES);
  /** The impact of a word in each paper that has it, in their order, as {@link toImpactSteps} rounds it. Most words are in few papers. */
  const remembered = space.createMemo<string, Uint16Array>(
    ({ byteLength }, key) => byteLength + 2 * key.length,
  );
  /** The papers of each word that is a name as well. */
  const united = space.createMemo<string, PaperSet>((papers, key) => bytesOf(papers) + 2 * key.length);
  const look = ({ text, isPrefix, fields, authorKey }: ScoredWord): LookedWord => {
    const word = toQueryWord(text, isPrefix);
    const author = authorKey === undefined ? undefined : toQueryWord(authorKey, false);
    return { word, fields, pairs: search.findPairs(word), author };
  };
  const papersOf = (word: ScoredWord) => {
    const { word: term, fields, pairs, author } = look(word);
    // Most words are their own keys, and then one look at their places is enough.
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
          const looked = look(word);
          const { papers, impacts } = findImpacts(searched, looked);
          search.remember(looked.word, looked.fields, papers);
          return impacts;
        });
      }
    },
    papersOf,
    add(word, weight, papers, values) {
      const holders = papersOf(word);
      const looked = look(word);
      const key = keyOf(word);
      const isSimple = !word.isPrefix && looked.pairs.length === 0;
      if (isSimple && papers.length * LOOK_UP_COST < holders.size && !remembered.find(key)) {
        addSome(searched, looked, weight, papers, values);
        return;
      }
      const ofHolders = remembered.recall(key, () => toImpacts(searched, looked, holders));
      if (holders.size < papers.length * LOOK_UP_COST) {
        addShares(holders, weight, ofHolders, IMPACT_STEPS, values);
        return;
      }
      forEachHeld(papers, holders, (paper, nth) => {
        values[paper] = (values[paper] ?? 0) + weight * ((ofHolders[nth] ?? 0) / IMPACT_STEPS);
      });
    },
  };
}

function keyOf({ text, isPrefix, fields, authorKey = '' }: ScoredWord): string {
  return `${fields}${isPrefix ? '*' : ' '}${text} ${authorKey}`;
}
