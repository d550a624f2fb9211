import { toOneLine } from '../../domain/text/one-line.ts';
import { parseQueryIfValid } from '../../matching/query/parse-query.ts';
import { conditionsOf } from '../../matching/query/query.ts';
import { findQueryFault } from '../../matching/query/query-schema.ts';
import { toSearchPath } from './search-path.ts';

/** The kinds of names that have a page. */
export const nameKinds = ['author', 'organisation', 'keyword'] as const;

export type NameKind = (typeof nameKinds)[number];

/** The first part of the path of a page, and the field of the query that finds its papers. */
const KINDS: Readonly<Record<NameKind, { readonly folder: string; readonly field: string }>> = {
  author: { folder: 'authors', field: 'author' },
  organisation: { folder: 'organisations', field: 'org' },
  keyword: { folder: 'keywords', field: 'keyword' },
};

/** Returns the folder of the pages of a kind of names: `/authors`. */
export function toNameFolder(kind: NameKind): string {
  return `/${KINDS[kind].folder}`;
}

/**
 * Returns the query that finds the papers with a name: `author:"Kaiming He"`. Undefined if no query can have this name.
 *
 * @param name as a source or a URL has it
 */
export function toNameQuery(kind: NameKind, name: string): string | undefined {
  const words = toOneLine(name.replace(QUOTES_AND_STARS, ' '));
  const query = `${KINDS[kind].field}:"${words}"`;
  return words === '' || query.length > MAX_QUERY_CHARS || findQueryFault(query) ? undefined : query;
}

/** Quotes would end the name in a query. */
const QUOTES_AND_STARS = /["\u201c-\u201f\u00ab\u00bb\u301d-\u301f\uff02*]/g;

/** Leaves room for the list or month that a reader adds. */
const MAX_QUERY_CHARS = 400;

/**
 * Returns a name as it is written in a URL, on one line. A URL cannot end with punctuation, because links in mails and chats lose it.
 * Characters that proxies decode become spaces, and so do underscores, because some people write them for spaces.
 */
export function toUrlName(name: string): string {
  return toOneLine(name.normalize('NFC').replace(/[/\\?#%_\ufffd]/g, ' ')).replace(
    /[^\p{L}\p{M}\p{N}-]+$/u,
    '',
  );
}

/**
 * Returns the path of the page of a name: `/authors/Kaiming%20He`. It is a search if the name means something else in a URL,
 * such as `C` for `C++`. Undefined if no query can have the name.
 */
export function toNamePath(kind: NameKind, name: string): string | undefined {
  const query = toNameQuery(kind, name);
  if (query === undefined) return undefined;
  const inUrl = toUrlName(name);
  const isKept = wordsOf(toNameQuery(kind, inUrl)) === wordsOf(query);
  return isKept ? `${toNameFolder(kind)}/${encodeURIComponent(inUrl)}` : toSearchPath({ query });
}

/** Returns the words that the query of a name looks for. Names of people ignore punctuation anyway. */
function wordsOf(query: string | undefined): string | undefined {
  const parsed = query === undefined ? undefined : parseQueryIfValid(query);
  return (
    parsed &&
    conditionsOf(parsed)
      .map((condition) => (condition.kind === 'text' ? condition.words.join(' ') : condition.kind))
      .join(' ')
  );
}
