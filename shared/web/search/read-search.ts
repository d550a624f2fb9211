import type { ListId } from '../../domain/lists/lists.ts';
import { isArxivId, type PaperId, paperIdSchema } from '../../domain/papers/paper.ts';
import * as z from '../../domain/zod.ts';
import { MAX_QUERY_LENGTH } from '../../matching/query/parse-query.ts';
import type { FaultKind, QueryError } from '../../matching/query/query.ts';
import { isQuote } from '../../matching/query/query-characters.ts';
import { isField } from '../../matching/query/query-fields.ts';
import { findEnteredQueryFault } from '../../matching/query/query-schema.ts';
import { type SearchSort, searchSorts } from '../../ports/search.ts';
import { parseListParam } from '../papers/read-selection.ts';
import { explainSorts, type LinkFault } from '../parts/link-fault.ts';
import { defaultSortOf, isRanked, type SearchSelection, toSearchPath } from '../paths/search-path.ts';

/** The unparsed parameters of a search. Lists are separated by commas. */
export type SentSearch = Readonly<Partial<Record<'q' | 'sort' | 'list' | 'month' | 'verbatim', string>>>;

/** Why a URL is no valid search: its query is invalid, or another parameter. */
export type SearchFault =
  | {
      readonly kind: 'query';
      readonly error: QueryError;
      /** The whole text as a phrase, if it may be a pasted title. */
      readonly phrase: string | undefined;
    }
  | { readonly kind: 'address'; readonly message: string; readonly link: NonNullable<LinkFault['link']> };

const sortSchema = z.enum(searchSorts);
const monthSchema = z.string().check(z.regex(/^(?:19|20)\d\d-(?:0[1-9]|1[0-2])$/));

/** Parses the parameters of a search. Empty ones are ignored. */
export function readSearch(
  { q = '', sort = '', list = '', month = '', verbatim = '' }: SentSearch,
  known: readonly ListId[],
): { readonly selection: SearchSelection } | { readonly fault: SearchFault; readonly query: string } {
  const query = trimQuery(q);
  const error = findEnteredQueryFault(query);
  if (error) return { fault: { kind: 'query', error, phrase: findPhrase(query, error) }, query };

  const refuse = (message: string, path: string, text: string) => ({
    fault: { kind: 'address', message, link: { path, text } } as const,
    query,
  });
  const read = parseListParam(list, known);
  const everywhere = [toSearchPath({ query }), 'Search every list and month'] as const;
  if ('fault' in read) return refuse(read.fault.message, ...everywhere);
  if (month !== '' && !monthSchema.safeParse(month).success)
    return refuse('Write the month in the link like this: 2026-01.', ...everywhere);

  const narrowed = { query, lists: read.lists, month: month === '' ? undefined : month };
  if (sort !== '' && !sortSchema.safeParse(sort).success)
    return refuse(explainSorts(searchSorts), toSearchPath(narrowed), 'Search in the usual order');
  const selection = { ...narrowed, sort: readSort(sort, query) };
  if (verbatim !== '' && verbatim !== '1')
    return refuse('In the link, verbatim must be 1.', toSearchPath(selection), 'Search without it');
  return { selection: { ...selection, isVerbatim: verbatim === '1' } };
}

/** The faults that ordinary sentences cause. The others come from quotes, parentheses and values of fields. */
const FAULTS_OF_PROSE: ReadonlySet<FaultKind> = new Set<FaultKind>([
  'missing-space',
  'lone-dash',
  'lower-case-operator',
  'missing-field',
  'no-letter-or-digit',
  'single-letter-with-sign',
  'misplaced-operator',
  'unsupported-sign',
  'space-before-colon',
  'too-many-conditions',
  'unknown-field',
]);

/** Returns an invalid query as one phrase. Undefined if it has quotes, a field or one word, or if no query can be this phrase. */
function findPhrase(query: string, { kind }: QueryError): string | undefined {
  const hasQuotes = [...query].some((character) => isQuote(character.charCodeAt(0)));
  const names = [...query.matchAll(/(?<![^\s(-])([a-z]+)[:：]\S/gi)].map(([, name = '']) =>
    name.toLowerCase(),
  );
  if (hasQuotes || names.some(isField) || !/\s/.test(query) || !FAULTS_OF_PROSE.has(kind)) return undefined;
  const phrase = `"${query}"`;
  return findEnteredQueryFault(phrase) ? undefined : phrase;
}

/** Returns the requested order, if it applies. Without words, no paper is more relevant than another. */
function readSort(text: string, query: string): SearchSort {
  const sort = sortSchema.safeParse(text).data;
  return sort === undefined || (sort === 'relevance' && !isRanked(query)) ? defaultSortOf(query) : sort;
}

/** Returns a query without spaces around it. A text that is far too long is cut. */
export function trimQuery(text: string): string {
  return text.trim().slice(0, MAX_QUERY_LENGTH + 1);
}

/** The URL of a paper's page, up to its id. */
const PAPER_PAGE =
  /^(?:https?:\/\/)?(?:[\w-]+\.)?(?:(?:arxiv|alphaxiv)\.org\/(?:abs|pdf|html)|huggingface\.co\/papers)\//i;

/** What follows the id in a URL: `/`, `?context=cs.CL` or `#community`. */
const END_OF_ADDRESS = /\/?(?:[?#].*)?$/;

/** What follows the id in the stamp of arXiv on a PDF and in the head of a page: ` [cs.CL] 5 Jan 2026`. */
const STAMP = /\s+\[[\w.-]+\](?:\s+\d{1,2} \w{3} \d{4})?$/;

/** A DOI of arXiv, up to the id: `10.48550/arXiv.`, also as a URL. */
const PAPER_DOI = /^(?:doi:\s*|(?:https?:\/\/)?(?:dx\.)?doi\.org\/)?10\.48550\/arxiv\./i;

/**
 * Returns the id of a paper of arXiv if a query is nothing else. Readers paste it as `arXiv:2601.01739v2`, the URL of its page, its
 * DOI, in brackets, or as the stamp on a PDF: `arXiv:2601.01739v2 [cs.CL] 5 Jan 2026`.
 */
export function findPastedId(query: string): PaperId | undefined {
  const typed = trimQuery(query).replace(/^[[(<](.*)[\])>]$/, '$1');
  const id = typed
    .replace(PAPER_DOI, '')
    .replace(PAPER_PAGE, '')
    .replace(END_OF_ADDRESS, '')
    .replace(/^arxiv:?\s*/i, '')
    .replace(STAMP, '')
    .replace(/(?:v\d+)?(?:\.pdf)?\.?$/, '');
  return paperIdSchema.safeParse(id).success && isArxivId(id) ? id : undefined;
}
