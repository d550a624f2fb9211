import type { Paper } from '../../../../shared/domain/papers/paper.ts';
import { parseQuery } from '../../../../shared/matching/query/parse-query.ts';
import type { QueryNode } from '../../../../shared/matching/query/query.ts';
import { isPlainWord, toAuthorKey } from '../../../../shared/matching/search/split-query.ts';
import { toAuthorKeys } from '../../../../shared/matching/text/names.ts';
import { matchesPlainly, type PlainPaper, toPlainPaper } from '../naive-evaluator.ts';

/** What the definition of a search says about a paper. */
export interface Judgement {
  /** It meets everything in the query but the plain words. */
  readonly isFiltered: boolean;
  readonly hasAllWords: boolean;
  readonly hasOneWord: boolean;
}

/** Judges a paper without an index, and without sets. */
export function judgePlainly(query: QueryNode, paper: PlainPaper): Judgement {
  const parts = query.kind === 'and' ? query.parts : [query];
  const words = parts.filter(isPlainWord);
  const has = (word: (typeof words)[number]) =>
    matchesPlainly(word, paper) ||
    matchesPlainly({ ...word, field: 'org' }, paper) ||
    paper.paper.authors.some((author) => toAuthorKeys(author).includes(toAuthorKey(word)));
  return {
    isFiltered: parts.every((part) => isPlainWord(part) || matchesPlainly(part, paper)),
    hasAllWords: words.every(has),
    hasOneWord: words.some(has),
  };
}

/** Returns a function that counts the papers that have all words of a query and meet its filters. */
export function countPlainly(papers: readonly Paper[]): (text: string) => number {
  const plain = papers.map((paper) => toPlainPaper(paper, []));
  return (text) => {
    const query = parseQuery(text);
    return plain.filter((paper) => {
      const { isFiltered, hasAllWords } = judgePlainly(query, paper);
      return isFiltered && hasAllWords;
    }).length;
  };
}
