import type { ListId } from '../../domain/lists/lists.ts';
import type { Paper, PaperId } from '../../domain/papers/paper.ts';
import { createMemo } from '../memo.ts';
import type { Condition, NumberCondition, NumberField, TextField } from '../query/query.ts';
import { parseName } from '../text/names.ts';
import { hasKnownVotes } from '../trending.ts';
import { type AuthorOf, findAuthorPapers } from './author-papers.ts';
import { type FieldBits, type IndexedField, indexedFields } from './day-index.ts';
import { bytesOf, createBits, fromBits, NO_PAPERS, onePaper, type PaperSet, setBit } from './paper-set.ts';
import type { TextSearch } from './text-search.ts';
import type { SearchedDays } from './word-papers.ts';

/** What papers have besides their texts, by their numbers. */
export interface PaperTraits {
  /** An unknown number is undefined. */
  countOf(field: NumberField, paper: number): number | undefined;
  has(what: 'code' | 'project', paper: number): boolean;
  /** Returns whether papers have one of the categories for which a test holds. */
  createCategoryCheck(isWanted: (category: string) => boolean): (paper: number) => boolean;
  authorOf: AuthorOf;
}

/** Returns the traits of papers, numbered by their indexes. */
export function toTraits(papers: readonly Paper[]): PaperTraits {
  return {
    countOf(field, at) {
      const paper = papers[at];
      if (!paper) return undefined;
      if (field === 'authors') return paper.authorCount;
      // Unknown votes and comments are stored as 0.
      return field === 'stars' || hasKnownVotes(paper) ? paper[field] : undefined;
    },
    has: (what, paper) => papers[paper]?.[LINKS[what]] !== undefined,
    createCategoryCheck: (isWanted) => (paper) => papers[paper]?.categories.some(isWanted) ?? false,
    authorOf: (paper, nth) => papers[paper]?.authors[nth],
  };
}

const LINKS = { code: 'repositoryUrl', project: 'projectUrl' } as const;

/** The papers to find conditions in. */
export interface KnownPapers {
  readonly traits: PaperTraits;
  readonly searched: SearchedDays;
  readonly search: TextSearch;
  readonly lists: ReadonlyMap<ListId, PaperSet>;
  readonly numberOf: ReadonlyMap<PaperId, number>;
}

/** Returns the papers that meet a condition. Only those of `within` matter. A text condition can be narrowed to one field. */
export type FindCondition = (condition: Condition, within?: PaperSet, field?: TextField) => PaperSet;

/** The fields that a text condition without a field searches. */
export const TEXT_FIELDS = toFieldBits('title', 'abstract', 'keyword');

export const AUTHOR_FIELD: FieldBits = toFieldBits('author');

const MAX_BYTES = 8 * 1024 * 1024;

export function toFieldBits(...fields: readonly IndexedField[]): FieldBits {
  return fields.reduce((bits, field) => bits | (1 << indexedFields.indexOf(field)), 0);
}

/**
 * Creates the function that finds the papers that meet a condition. Texts are looked up in the index. Other facts are compared paper by
 * paper, once for each condition.
 */
export function createConditionFinder({
  traits,
  searched,
  search,
  lists,
  numberOf,
}: KnownPapers): FindCondition {
  const paperCount = numberOf.size;
  const compared = createMemo<string, PaperSet>(MAX_BYTES, (set, key) => bytesOf(set) + 2 * key.length);
  const compare = (key: string, test: (paper: number) => boolean) =>
    compared.recall(key, () => {
      const bits = createBits(paperCount);
      for (let paper = 0; paper < paperCount; paper += 1) if (test(paper)) setBit(bits, paper);
      return fromBits(bits);
    });

  return (condition, within, field) => {
    switch (condition.kind) {
      case 'text': {
        const named = field ?? condition.field;
        return search.find(condition, named ? toFieldBits(named) : TEXT_FIELDS, within);
      }
      case 'author':
        return compared.recall(`author ${condition.text}`, () =>
          findAuthorPapers(searched, parseName(condition.text), traits.authorOf),
        );
      case 'category':
        return compare(
          `category ${condition.value}`,
          traits.createCategoryCheck((category) => isWithin(category, condition.value)),
        );
      case 'list':
        return lists.get(condition.value) ?? NO_PAPERS;
      case 'id': {
        const number = numberOf.get(condition.value);
        return number === undefined ? NO_PAPERS : onePaper(number);
      }
      case 'has':
        return compare(`has ${condition.what}`, (paper) => traits.has(condition.what, paper));
      case 'number':
        return compare(`${condition.field}${condition.operator}${condition.value}`, (paper) =>
          meets(traits.countOf(condition.field, paper), condition),
        );
      default:
        return condition satisfies never;
    }
  };
}

/** Returns whether a category is the given one, or belongs to the given archive: `cs.LG` is within `cs.LG` and `cs`. */
function isWithin(category: string, value: string): boolean {
  return category === value || category.startsWith(`${value}.`);
}

function meets(number: number | undefined, { operator, value }: NumberCondition): boolean {
  if (number === undefined) return false;
  switch (operator) {
    case '>':
      return number > value;
    case '>=':
      return number >= value;
    case '<':
      return number < value;
    case '<=':
      return number <= value;
    case '=':
      return number === value;
    default:
      return operator satisfies never;
  }
}
