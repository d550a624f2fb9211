import { TEXT_FIELDS, toFieldBits } from '../index/condition-papers.ts';
import type { FieldBits } from '../index/day-index.ts';
import { allOf, partsOf, type QueryNode, type TextCondition } from '../query/query.ts';
import { mayPair } from '../text/analyser.ts';
import { foldWord } from '../text/fold-word.ts';
import type { ScoredWord } from './word-scores.ts';

/** A plain word of a query. If too few papers have all plain words, a paper may lack some. */
export interface PlainWord {
  readonly condition: TextCondition;
  /** A word with hyphens can be several. */
  readonly words: readonly ScoredWord[];
  /** The word as a key of an author. */
  readonly authorKey: string;
}

/** A query, split by what a search does with its parts. */
export interface SplitQuery {
  /** What every result matches. */
  readonly filter: QueryNode;
  /** The words that stand alone: without a field, quotes, a `*`, `OR` or `-`. */
  readonly plain: readonly PlainWord[];
  /** The words of the filter that add to the score. */
  readonly scored: readonly ScoredWord[];
}

/** How many words of a query add to the score at most. */
const MAX_SCORED = 40;

/** The fields to search for a plain word, besides the authors. */
export const PLAIN_FIELDS: FieldBits = TEXT_FIELDS | toFieldBits('org');

/** Splits a query into the conditions that every result meets and the plain words that are ranked. */
export function splitQuery(query: QueryNode): SplitQuery {
  const parts = partsOf(query);
  const plain = parts.filter(isPlainWord).slice(0, MAX_SCORED);
  const strict = parts.filter((part) => !isPlainWord(part) || !plain.includes(part));
  return {
    filter: allOf(strict),
    plain: plain.map((condition) => ({
      condition,
      words: toScoredWords(condition, true),
      authorKey: toAuthorKey(condition),
    })),
    scored: strict
      .flatMap(textsOf)
      .flatMap((condition) => toScoredWords(condition, false))
      .slice(0, MAX_SCORED),
  };
}

/** Returns whether a part of a query is a word that stands alone. */
export function isPlainWord(node: QueryNode): node is TextCondition {
  return node.kind === 'text' && node.field === undefined && !node.isPrefix && !/\s/.test(node.text);
}

/** Returns the texts that a result may match, so not those of a `NOT`. */
function textsOf(node: QueryNode): readonly TextCondition[] {
  switch (node.kind) {
    case 'and':
    case 'or':
      return node.parts.flatMap(textsOf);
    case 'text':
      return [node];
    default:
      return [];
  }
}

/** Two words that may be one are scored as one: `multi-modal` as `multimodal`. A text can have either. */
function toScoredWords(condition: TextCondition, isPlain: boolean): readonly ScoredWord[] {
  const { words, isJoined, isPrefix, field } = condition;
  const namedFields = field === undefined ? TEXT_FIELDS : toFieldBits(field);
  const fields = isPlain ? PLAIN_FIELDS : namedFields;
  const authorKey = isPlain ? toAuthorKey(condition) : undefined;
  const [first = '', second = ''] = words;
  if (!isPrefix && words.length === 2 && isJoined[0] && mayPair(first, second, true))
    return [{ text: first + second, isPrefix, fields, authorKey }];
  return words.map((word, at) => ({
    text: word,
    fields,
    isPrefix: isPrefix && at === words.length - 1,
    authorKey: words.length === 1 ? authorKey : undefined,
  }));
}

/** Returns the key of authors with this word in their names. A key is folded, but may be a plural. */
export function toAuthorKey({ text }: TextCondition): string {
  return foldWord(text).join('');
}
