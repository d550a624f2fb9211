import { createMemo } from '../memo.ts';
import { tryParseQuery } from './parse-query.ts';
import { printQuery } from './print-query.ts';
import { QueryError, type QueryNode } from './query.ts';

const MAX_BYTES = 6 * 1024 * 1024;

/** The approximate size of a parsed query for each of its characters. */
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
 * Like {@link parseQuery}, with a cache. Queries with the same normal form share one object as long as it is cached, so a window evaluates
 * them once. The source ranges of its conditions may then be those of another text.
 *
 * @throws QueryError for an invalid query
 */
export function parseQueryCached(text: string): QueryNode {
  const node = tryParseQueryCached(text);
  if (node instanceof QueryError) throw node;
  return node;
}

/** Like {@link parseQueryCached}, but returns the fault of an invalid query. */
export function tryParseQueryCached(text: string): QueryNode | QueryError {
  return byText.recall(text, () => {
    const node = tryParseQuery(text);
    if (node instanceof QueryError) return { node, normalForm: text };
    const normalForm = printQuery(node);
    return byNormalForm.recall(normalForm, () => ({ node, normalForm }));
  }).node;
}
