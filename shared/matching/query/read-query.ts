import { createMemo } from '../memo.ts';
import { tryParseQuery } from './parse-query.ts';
import { printQuery } from './print-query.ts';
import { QueryError, type QueryNode } from './query.ts';

const MAX_BYTES = 6 * 1024 * 1024;

/** A parsed query takes about as much for each character. */
const BYTES_PER_CHARACTER = 60;

interface Query {
  readonly node: QueryNode | QueryError;
  /** The text itself if it is invalid. */
  readonly normalForm: string;
}

const bytesOf = ({ normalForm }: Query, key: string) =>
  normalForm.length * BYTES_PER_CHARACTER + 2 * key.length;
const byText = createMemo<string, Query>(MAX_BYTES, bytesOf);
const byNormalForm = createMemo<string, Query>(MAX_BYTES, bytesOf);

/**
 * Returns the tree of a query. Queries with the same normal form give the same object, as long as it is remembered, so a window evaluates
 * them once. Only the place of a condition is that of another text.
 *
 * @throws QueryError for an invalid query
 */
export function readQuery(text: string): QueryNode {
  const node = tryReadQuery(text);
  if (node instanceof QueryError) throw node;
  return node;
}

/** Returns the tree of a query like {@link readQuery}, or the fault of an invalid one. */
export function tryReadQuery(text: string): QueryNode | QueryError {
  return byText.recall(text, () => {
    const node = tryParseQuery(text);
    if (node instanceof QueryError) return { node, normalForm: text };
    const normalForm = printQuery(node);
    return byNormalForm.recall(normalForm, () => ({ node, normalForm }));
  }).node;
}
