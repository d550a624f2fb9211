import type { ListId } from '../../domain/lists.ts';
import { isArxivId, type PaperId, paperIdSchema } from '../../domain/paper.ts';
import * as z from '../../domain/zod.ts';
import { MAX_QUERY_LENGTH } from '../../matching/query/parse-query.ts';
import type { QueryError } from '../../matching/query/query.ts';
import { findEnteredFault } from '../../matching/query/query-schema.ts';
import { type SearchSort, searchSorts } from '../../ports/search.ts';
import { parseLists } from '../papers/read-selection.ts';
import { defaultSortOf, isRanked, type SearchSelection } from './search-address.ts';

/** The parts of a search address, as they were sent. Several lists have commas between them. */
export type SentSearch = Readonly<Partial<Record<'q' | 'sort' | 'list' | 'month' | 'verbatim', string>>>;

/** An address that is no search. `query` says where the query is wrong, and `message` what else is. */
export type SearchFault =
  | { readonly kind: 'query'; readonly error: QueryError }
  | { readonly kind: 'address'; readonly message: string };

const sortSchema = z.enum(searchSorts);
const monthSchema = z.string().check(z.regex(/^(?:19|20)\d\d-(?:0[1-9]|1[0-2])$/));

/** Reads the address of search results. An order that is not known has no effect. */
export function readSearch(
  { q = '', sort, list = '', month = '', verbatim }: SentSearch,
  known: readonly ListId[],
): { readonly selection: SearchSelection } | { readonly fault: SearchFault; readonly query: string } {
  const query = trimQuery(q);
  const error = findEnteredFault(query);
  if (error) return { fault: { kind: 'query', error }, query };

  const read = parseLists(list, known);
  if ('fault' in read) return { fault: { kind: 'address', message: read.fault.message }, query };
  if (month !== '' && !monthSchema.safeParse(month).success) {
    return { fault: { kind: 'address', message: 'A month is written like 2026-01.' }, query };
  }
  return {
    selection: {
      query,
      sort: readSort(sort, query),
      lists: read.lists,
      month: month === '' ? undefined : month,
      isVerbatim: verbatim === '1',
    },
  };
}

/** Nothing is more relevant than the rest without a word to look for. */
function readSort(text: string | undefined, query: string): SearchSort {
  const sort = sortSchema.safeParse(text).data;
  return sort === undefined || (sort === 'relevance' && !isRanked(query)) ? defaultSortOf(query) : sort;
}

/** Returns the query of an address without spaces around it. A text that is far too long is cut. */
export function trimQuery(text: string): string {
  return text.trim().slice(0, MAX_QUERY_LENGTH + 1);
}

/** The address of a paper's page, up to its id. */
const PAPER_PAGE = /^https?:\/\/(?:[\w-]+\.)?(?:arxiv\.org\/(?:abs|pdf|html)|huggingface\.co\/papers)\//i;

/** Returns the id of a paper of arXiv if a query is nothing else, as readers paste it: `arXiv:2601.01739v2`, or the address of its page. */
export function findPastedId(query: string): PaperId | undefined {
  const text = trimQuery(query)
    .replace(PAPER_PAGE, '')
    .replace(/^arxiv:/i, '');
  const id = text.replace(/(?:v\d+)?(?:\.pdf)?$/, '');
  return paperIdSchema.safeParse(id).success && isArxivId(id) ? id : undefined;
}
