import type { ListId } from '../../domain/lists.ts';
import type { Paper, PaperId } from '../../domain/paper.ts';
import { createMemo } from '../memo.ts';
import type { Condition, NumberCondition, TextField } from '../query/query.ts';
import { matchesName, type Name, parseName, toQueryKeys } from '../text/names.ts';
import { type IndexedField, indexedFields } from './day-index.ts';
import { bytesOf, fromNumbers, NO_PAPERS, onePaper, type PaperSet, toList, unite } from './paper-set.ts';
import type { TextSearch } from './text-search.ts';
import type { FieldBits } from './word-papers.ts';

/** The papers of a window, by number and by what they have. */
export interface KnownPapers {
  readonly papers: readonly Paper[];
  readonly search: TextSearch;
  readonly lists: ReadonlyMap<ListId, PaperSet>;
  readonly numberOf: ReadonlyMap<PaperId, number>;
}

/** Returns the papers that meet a condition. Only those of `within` matter. A text condition can be narrowed to one field. */
export type FindCondition = (condition: Condition, within?: PaperSet, field?: TextField) => PaperSet;

const TEXT_FIELDS = toFieldBits('title', 'abstract', 'keyword');
const AUTHOR_FIELD = toFieldBits('author');

const MAX_BYTES = 8 * 1024 * 1024;

function toFieldBits(...fields: readonly IndexedField[]): FieldBits {
  return fields.reduce((bits, field) => bits | (1 << indexedFields.indexOf(field)), 0);
}

/**
 * Creates the function that finds what meets a condition. Texts are looked up in the index. Other facts are compared paper by paper,
 * once for each condition.
 */
export function createConditionFinder({ papers, search, lists, numberOf }: KnownPapers): FindCondition {
  const compared = createMemo<string, PaperSet>(MAX_BYTES, (set, key) => bytesOf(set) + 2 * key.length);
  const keep = (candidates: Iterable<number>, test: (paper: Paper) => boolean) =>
    fromNumbers(
      [...candidates].filter((number) => papers[number] && test(papers[number])),
      papers.length,
    );
  const compare = (key: string, test: (paper: Paper) => boolean) =>
    compared.recall(key, () => keep(papers.keys(), test));

  return (condition, within, field) => {
    switch (condition.kind) {
      case 'text': {
        const named = field ?? condition.field;
        return search.find(condition, named ? toFieldBits(named) : TEXT_FIELDS, within);
      }
      case 'author':
        return compared.recall(`author ${condition.text}`, () => findAuthor(parseName(condition.text)));
      case 'category':
        return compare(`category ${condition.value}`, ({ categories }) =>
          categories.some((one) => isWithin(one, condition.value)),
        );
      case 'list':
        return lists.get(condition.value) ?? NO_PAPERS;
      case 'id': {
        const number = numberOf.get(condition.value);
        return number === undefined ? NO_PAPERS : onePaper(number);
      }
      case 'has':
        return compare(`has ${condition.what}`, (paper) => paper[LINKS[condition.what]] !== undefined);
      case 'number':
        return compare(`${condition.field}${condition.operator}${condition.value}`, (paper) =>
          meets(paper, condition),
        );
    }
  };

  /** Compares only the papers with a key of the name. */
  function findAuthor(name: Name): PaperSet {
    const found = toQueryKeys(name)?.map((key) => search.findTerm(key, AUTHOR_FIELD));
    return keep(found ? toList(unite(found, papers.length)) : papers.keys(), ({ authors }) =>
      authors.some((author) => matchesName(name, parseName(author))),
    );
  }
}

const LINKS = { code: 'repositoryUrl', project: 'projectUrl' } as const;

/** Returns whether a category is the given one, or belongs to the given archive: `cs.LG` is within `cs.LG` and `cs`. */
function isWithin(category: string, value: string): boolean {
  return category === value || category.startsWith(`${value}.`);
}

function meets(paper: Paper, { field, operator, value }: NumberCondition): boolean {
  const number = field === 'authors' ? paper.authorCount : paper[field];
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
  }
}
