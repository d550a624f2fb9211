import type { ListId } from '../domain/lists/lists.ts';
import { type PaperId, paperIdSchema } from '../domain/papers/paper.ts';
import { DEFAULT_SORT, type Sort } from '../domain/papers/sort.ts';
import { withParams } from '../domain/text/with-params.ts';
import type { Day, Instant } from '../domain/time/time.ts';

/** The page that explains how papers are sorted. */
export const SORTING_PATH = '/about/trending';

/** The papers of one page. It holds nothing about the reader. */
export interface PaperSelection {
  /** The last day. */
  readonly day: Day;
  /** How many days end with `day`, 1 or more. */
  readonly days: number;
  /** Empty for every list that is read here. */
  readonly lists: readonly ListId[];
  /** Empty for every paper. */
  readonly query: string;
  /** @default 'trending' */
  readonly sort?: Sort | undefined;
  /** Papers that came on the lists later are left out. A link in a digest has it, so that its page never grows. */
  readonly until?: Instant | undefined;
  /** Papers that are left out, because the digest that has the link counts them elsewhere. */
  readonly without?: readonly PaperId[] | undefined;
}

/**
 * The address of a page of papers below a public URL:
 * `/papers/2026-01-06?lists=hf-daily&q=agents&days=4&page=2`. What has its usual value is left out.
 */
export function toPapersPath(
  selection: Pick<PaperSelection, 'day'> & Partial<PaperSelection>,
  page = 1,
): string {
  const { day, days = 1, lists = [], query = '', sort = DEFAULT_SORT, until, without = [] } = selection;
  const params = {
    lists: lists.join(','),
    q: query,
    days: days === 1 ? undefined : `${days}`,
    sort: sort === DEFAULT_SORT ? undefined : sort,
    until,
  };
  const path = leaveOut(withParams(`/papers/${day}`, params, ',/:'), without);
  return page === 1 ? path : addParameter(path, `page=${page}`);
}

/** Some programs cut addresses that are longer. */
const MAX_CHARS = 2000;

/**
 * Returns the address of a further page. It leaves out the papers of the pages before it. So a reader who goes from page to page
 * meets each paper once, however votes move them. An address that would become too long has the number of the page instead.
 *
 * @param seen the papers of the pages before it, those of the first page first
 */
export function toFurtherPath(
  selection: Pick<PaperSelection, 'day'> & Partial<PaperSelection>,
  seen: readonly PaperId[],
  page: number,
): string {
  const path = addParameter(toPapersPath(selection), `seen=${toIdList(seen)}`);
  return seen.length > 0 && path.length <= MAX_CHARS ? path : toPapersPath(selection, page);
}

/** Adds papers that are left out to the address of a page that leaves out none. Their ids need no escapes. */
export function leaveOut(address: string, without: readonly PaperId[]): string {
  return without.length === 0
    ? address
    : addParameter(address, `without=${toIdList([...new Set(without)].sort())}`);
}

function addParameter(address: string, parameter: string): string {
  return `${address}${address.includes('?') ? '&' : '?'}${parameter}`;
}

/** Returns ids without a month that is that of the id before: `2601.00001,00002,2602.00123,hep-ex/0307015`. */
function toIdList(ids: readonly PaperId[]): string {
  let month = '';
  const short = ids.map((id) => {
    const [start = '', number] = id.includes('/') ? [id] : id.split('.');
    const isSame = number !== undefined && start === month;
    month = number === undefined ? '' : start;
    return isSame ? number : id;
  });
  return short.join(',');
}

/** Reads the ids of an address. Undefined if one of them is no id. */
export function parseIdList(text: string): readonly PaperId[] | undefined {
  let month = '';
  const ids: PaperId[] = [];
  for (const one of text.split(',').filter((part) => part !== '')) {
    const id = paperIdSchema.safeParse(/^\d{4,5}$/.test(one) ? `${month}.${one}` : one);
    if (!id.success) return undefined;
    month = id.data.split('.')[0] ?? '';
    ids.push(id.data);
  }
  return ids;
}
