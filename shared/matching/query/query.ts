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

/** The part of the query text that a condition comes from: UTF-16 offsets, without the end. */
export interface SourceRange {
  readonly start: number;
  readonly end: number;
}

/** The range of a condition that was made without a query text. */
export const NO_RANGE: SourceRange = { start: 0, end: 0 };

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
  /** For each word, whether it is joined to the next one, for example by a hyphen. */
  readonly isJoined: readonly boolean[];
  /** The last word is the beginning of a word. */
  readonly isPrefix: boolean;
  readonly range: SourceRange;
}

/** A name of one of the authors. */
interface AuthorCondition {
  readonly kind: 'author';
  /** As the subscriber wrote it, without quotes. */
  readonly text: string;
  readonly range: SourceRange;
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
  readonly range: SourceRange;
}

/** The paper has a repository (`code`) or a project page. */
interface HasCondition {
  readonly kind: 'has';
  readonly what: 'code' | 'project';
  readonly range: SourceRange;
}

/** The numbers of a paper that a query can compare. `authors` is how many there are. */
export const numberFields = ['upvotes', 'comments', 'stars', 'authors'] as const;

export type NumberField = (typeof numberFields)[number];

/**
 * A comparison. No comparison with an unknown number holds. Stars can be unknown, and so can votes and comments: see `hasKnownVotes`. A `not`
 * of a comparison finds the papers with unknown numbers, too.
 */
export interface NumberCondition {
  readonly kind: 'number';
  readonly field: NumberField;
  readonly operator: '>' | '>=' | '<' | '<=' | '=';
  /** A whole number, 0 or more. */
  readonly value: number;
  readonly range: SourceRange;
}

/** The query for all papers. */
export const ALL_PAPERS: QueryNode = { kind: 'all' };

/** The parts that must all match: none for `all`, those of an `and`, otherwise the query itself. */
export function partsOf(node: QueryNode): readonly QueryNode[] {
  if (node.kind === 'all') return [];
  return node.kind === 'and' ? node.parts : [node];
}

/** Returns a query for the papers that all of the queries find. Without any it is `all`. */
export function allOf(nodes: readonly QueryNode[]): QueryNode {
  const parts = nodes.flatMap(partsOf);
  const [first = ALL_PAPERS, ...others] = parts;
  return others.length > 0 ? { kind: 'and', parts } : first;
}

/** Returns a query for the papers that any of the queries finds. */
export function anyOf(first: QueryNode, ...others: readonly QueryNode[]): QueryNode {
  const parts = [first, ...others].flatMap((node) => (node.kind === 'or' ? node.parts : [node]));
  if (parts.some(({ kind }) => kind === 'all')) return ALL_PAPERS;
  return parts.length > 1 ? { kind: 'or', parts } : first;
}

/** Returns a query for the papers that a query does not find. */
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

/** Every kind of fault that the text of a query can have. Logs show it as words. */
export type FaultKind =
  | 'unclosed-quote'
  | 'unclosed-parenthesis'
  | 'unopened-parenthesis'
  | 'too-many-parentheses'
  | 'too-many-conditions'
  | 'too-long'
  | 'missing-condition'
  | 'misplaced-operator'
  | 'lower-case-operator'
  | 'lone-dash'
  | 'missing-space'
  | 'unsupported-sign'
  | 'unknown-field'
  | 'nested-field'
  | 'missing-value'
  | 'space-before-colon'
  | 'dash-before-value'
  | 'missing-colon'
  | 'missing-field'
  | 'no-letter-or-digit'
  | 'star-inside-word'
  | 'single-letter-with-sign'
  | 'short-prefix'
  | 'invalid-name'
  | 'star-in-name'
  | 'unknown-category'
  | 'invalid-list'
  | 'unknown-list'
  | 'invalid-id'
  | 'unknown-flag'
  | 'invalid-comparison';

/** The minus of a negated condition. */
export type Sign = '-' | '';

/** A query is invalid. `explainFault` explains it to readers. It is in another file, because only pages, the API and commands need it. */
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
    super(`invalid query at character ${position + 1}: ${kind.replaceAll('-', ' ')}`);
    this.kind = kind;
    this.position = position;
    this.details = details;
  }
}
