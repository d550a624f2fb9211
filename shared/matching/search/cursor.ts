import * as z from '../../domain/zod.ts';
import type { AsOf } from './corpus-as-of.ts';

/** The orders of search results. Ties sort by publication, newest first, and then by id. */
export const searchSorts = ['relevance', 'date', 'votes'] as const;

export type SearchSort = (typeof searchSorts)[number];

/** The end of a page of results. */
export interface SearchCursor {
  /** A hash of the request. */
  readonly request: number;
  /** The state of the papers and votes at the first page. */
  readonly asOf: AsOf;
  /** Whether the last paper of the page has all plain words of the query. */
  readonly hasAll: boolean;
  /** The last paper of the page. */
  readonly last: SortKey;
}

/** What results are sorted by, all descending. */
export interface SortKey {
  /** The relevance, the day or the votes. */
  readonly value: number;
  readonly publishedMs: number;
  readonly id: string;
}

/** The cursor is invalid, or belongs to another request. */
export class SearchCursorError extends Error {
  override readonly name = 'SearchCursorError';

  constructor() {
    super('The cursor is not one of this search. Start from the first page again.');
  }
}

/** Milliseconds since 1970 of an instant, which has a year of four digits. A hand-edited cursor may have any number. */
const msSchema = z
  .int()
  .check(
    z.minimum(Date.parse('0000-01-01T00:00:00.000Z')),
    z.maximum(Date.parse('9999-12-31T23:59:59.999Z')),
  );

const cursorSchema = z.tuple([z.number(), msSchema, msSchema, z.boolean(), z.number(), msSchema, z.string()]);

/** Returns a cursor as text for a URL. */
export function printSearchCursor({ request, asOf, hasAll, last }: SearchCursor): string {
  const { value, publishedMs, id } = last;
  const { papersMs, votesMs } = asOf;
  return toBase64Url(JSON.stringify([request, papersMs, votesMs, hasAll, value, publishedMs, id]));
}

/**
 * Returns the cursor of {@link printSearchCursor}.
 *
 * @param expected the hash of the request that it must belong to
 * @throws SearchCursorError
 */
export function parseSearchCursor(text: string, expected: number): SearchCursor {
  const parsed = cursorSchema.safeParse(fromBase64Url(text));
  if (!parsed.success) throw new SearchCursorError();
  const [request, papersMs, votesMs, hasAll, value, publishedMs, id] = parsed.data;
  if (request !== expected) throw new SearchCursorError();
  return { request, asOf: { papersMs, votesMs }, hasAll, last: { value, publishedMs, id } };
}

function toBase64Url(text: string): string {
  return btoa(text).replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '');
}

/** Returns undefined if the text is not Base64 of JSON. */
function fromBase64Url(text: string): unknown {
  try {
    return JSON.parse(atob(text.replaceAll('-', '+').replaceAll('_', '/')));
  } catch {
    return undefined;
  }
}
