/**
 * A query as a tree. `all` is the empty query, which every paper matches. An `and` or `or` has two parts or more, and no part of its
 * own kind. A `not` holds no other `not`. {@link allOf}, {@link anyOf} and {@link negate} keep these rules.
 */
export type QueryNode =
  | { readonly kind: 'all' }
  | { readonly kind: 'and' | 'or'; readonly parts: readonly QueryNode[] }
  | { readonly kind: 'not'; readonly part: QueryNode }
  | Condition;

/** One condition on a paper. */
export type Condition = TextCondition | AuthorCondition | ValueCondition | HasCondition | NumberCondition;

/** Where a condition stands in the text of its query: UTF-16 offsets, without the end. */
export interface Place {
  readonly start: number;
  readonly end: number;
}

/** The place of a condition that was made without a text. */
export const NOWHERE: Place = { start: 0, end: 0 };

/** The fields that a text condition can name. Without one it searches the title, the abstract and the keywords. */
export const textFields = ['title', 'abstract', 'keyword', 'org'] as const;

export type TextField = (typeof textFields)[number];

/** A word, or a phrase whose words follow each other in one field. It has one word or more. */
export interface TextCondition {
  readonly kind: 'text';
  /** Undefined for the title, the abstract and the keywords. */
  readonly field: TextField | undefined;
  /** As the subscriber wrote it, without quotes and without the `*` of a prefix. */
  readonly text: string;
  /** The stems of its words. The last word of a prefix is not stemmed. */
  readonly words: readonly string[];
  /** For each word, whether only a hyphen or nothing is between it and the next one. */
  readonly isJoined: readonly boolean[];
  /** The last word is the beginning of a word. */
  readonly isPrefix: boolean;
  readonly place: Place;
}

/** A name of one of the authors. */
interface AuthorCondition {
  readonly kind: 'author';
  /** As the subscriber wrote it, without quotes. */
  readonly text: string;
  readonly place: Place;
}

/**
 * A value that a paper has or has not.
 *
 * - `category`: `cs.LG`, as arXiv writes it. Without a dot it is an archive with all its categories: `cs`
 * - `list`: the id of a list
 * - `id`: the id of a paper, without its version
 */
interface ValueCondition {
  readonly kind: 'category' | 'list' | 'id';
  readonly value: string;
  readonly place: Place;
}

/** The paper has a repository (`code`) or a project page. */
interface HasCondition {
  readonly kind: 'has';
  readonly what: 'code' | 'project';
  readonly place: Place;
}

/** The numbers of a paper that a query can compare. `authors` is how many there are. */
export const numberFields = ['upvotes', 'comments', 'stars', 'authors'] as const;

export type NumberField = (typeof numberFields)[number];

/** A comparison. An unknown number of stars is no number, so no comparison with it holds. */
export interface NumberCondition {
  readonly kind: 'number';
  readonly field: NumberField;
  readonly operator: '>' | '>=' | '<' | '<=' | '=';
  /** A whole number, 0 or more. */
  readonly value: number;
  readonly place: Place;
}

/** The parts that must all hold: none for `all`, those of an `and`, or else the query itself. */
export function partsOf(node: QueryNode): readonly QueryNode[] {
  if (node.kind === 'all') return [];
  return node.kind === 'and' ? node.parts : [node];
}

/** Returns a query for the papers of all queries. Without any it is `all`. */
export function allOf(nodes: readonly QueryNode[]): QueryNode {
  const parts = nodes.flatMap(partsOf);
  const [first = { kind: 'all' }, ...others] = parts;
  return others.length > 0 ? { kind: 'and', parts } : first;
}

/** Returns a query for the papers of any query. */
export function anyOf(first: QueryNode, ...others: readonly QueryNode[]): QueryNode {
  const parts = [first, ...others].flatMap((node) => (node.kind === 'or' ? node.parts : [node]));
  if (parts.some(({ kind }) => kind === 'all')) return { kind: 'all' };
  return parts.length > 1 ? { kind: 'or', parts } : first;
}

/** Returns a query for all papers but those of a query. */
export function negate(node: QueryNode): QueryNode {
  return node.kind === 'not' ? node.part : { kind: 'not', part: node };
}

/** Returns the conditions of a query in the order of its text. */
export function conditionsOf(node: QueryNode): readonly Condition[] {
  switch (node.kind) {
    case 'all':
      return [];
    case 'and':
    case 'or':
      return node.parts.flatMap(conditionsOf);
    case 'not':
      return conditionsOf(node.part);
    default:
      return [node];
  }
}

/** Every kind of fault that the text of a query can have. */
export type FaultKind =
  | 'unclosed-quote'
  | 'unclosed-group'
  | 'unopened-group'
  | 'too-deep'
  | 'too-many'
  | 'too-long'
  | 'nothing'
  | 'operator'
  | 'lower-operator'
  | 'lone-dash'
  | 'gap'
  | 'sign'
  | 'unknown-field'
  | 'nested-field'
  | 'no-value'
  | 'space-before-colon'
  | 'value-dash'
  | 'no-colon'
  | 'no-field'
  | 'no-word'
  | 'inner-star'
  | 'one-letter'
  | 'short-prefix'
  | 'name'
  | 'name-star'
  | 'category'
  | 'list'
  | 'unknown-list'
  | 'id'
  | 'flag'
  | 'comparison';

/** The minus of a condition that is left out. */
export type Sign = '-' | '';

/** The query is invalid. `explainFault` says why in words. They are apart, because only pages, the API and commands need them. */
export class QueryError extends Error {
  override readonly name = 'QueryError';
  readonly kind: FaultKind;
  /** 0-based UTF-16 offset into the text. */
  readonly position: number;
  /** The parts of the text that the explanation names. */
  readonly details: readonly string[];
  /** The minus of the condition. A hint keeps it. */
  sign: Sign = '';

  constructor(kind: FaultKind, position: number, ...details: readonly string[]) {
    super(`at character ${position + 1}: ${kind}`);
    this.kind = kind;
    this.position = position;
    this.details = details;
  }
}
