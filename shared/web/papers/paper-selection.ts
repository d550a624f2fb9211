import * as z from 'zod';
import { LOOK_BACK_DAYS } from '../../domain/cadence.ts';
import type { ListId } from '../../domain/lists.ts';
import { findQueryProblem, storedQuerySchema } from '../../domain/query.ts';
import { addDays, type Day } from '../../domain/time.ts';

/** The page that explains how papers are sorted. */
export const SORTING_PATH = '/about/trending';

/** The papers of one page. It holds nothing about the reader. */
export interface PaperSelection {
  /** The last day. */
  readonly day: Day;
  /** How many days end with `day`, 1 to {@link MAX_DAYS}. */
  readonly days: number;
  /** Empty for every list that is read here. */
  readonly lists: readonly ListId[];
  /** Empty for every paper. */
  readonly query: string;
}

/** As many days as the longest look-back of a digest covers. */
const MAX_DAYS = Math.max(...Object.values(LOOK_BACK_DAYS)) + 1;

/** The day arXiv opened. No list is older. */
export const EARLIEST_DAY: Day = '1991-08-14';

/** The parts of a page's address, as they were sent. */
export interface SentAddress {
  readonly day: string;
  readonly lists?: string | undefined;
  readonly q?: string | undefined;
  readonly days?: string | undefined;
  readonly page?: string | undefined;
}

/** An address that leads to no page: nothing is there (404), or a part of it cannot be read (400). */
export interface AddressFault {
  readonly status: 400 | 404;
  readonly message: string;
}

const numberSchema = (max: number) =>
  z
    .string()
    .regex(/^\d{1,4}$/)
    .transform(Number)
    .pipe(z.int().min(1).max(max));
const daysSchema = numberSchema(MAX_DAYS);
const pageSchema = numberSchema(9999);

/**
 * The address of a page of papers below a public URL:
 * `/papers/2026-01-06?lists=hf-daily&q=agents&days=4&page=2`. What has its usual value is left out.
 */
export function toPapersPath(
  { day, days = 1, lists = [], query = '' }: Pick<PaperSelection, 'day'> & Partial<PaperSelection>,
  page = 1,
): string {
  const params = new URLSearchParams({
    ...(lists.length > 0 && { lists: lists.join(',') }),
    ...(query !== '' && { q: query }),
    ...(days !== 1 && { days: `${days}` }),
    ...(page !== 1 && { page: `${page}` }),
  });
  // A query may hold a comma and a slash as they are, and the names of lists are easier to read so.
  const text = params.toString().replaceAll('%2C', ',').replaceAll('%2F', '/');
  return `/papers/${day}${text && `?${text}`}`;
}

/** Reads the address of a page, or says what is wrong with it. Parameters that no page has are ignored. */
export function parseSelection(
  { day, lists = '', q = '', days = '1', page = '1' }: SentAddress,
  known: readonly ListId[],
  today: Day,
): { readonly selection: PaperSelection; readonly page: number } | { readonly fault: AddressFault } {
  const dayFault = findDayFault(day, today);
  if (dayFault) return { fault: { status: 404, message: dayFault } };

  const read = parseLists(lists, known);
  if ('fault' in read) return read;

  // A link in a digest holds the query of a stored subscription.
  const query = storedQuerySchema.safeParse(q.trim());
  if (!query.success) {
    return { fault: { status: 400, message: `We cannot read the query: ${findQueryProblem(query.error)}.` } };
  }

  const dayCount = daysSchema.safeParse(days);
  if (!dayCount.success) {
    return { fault: { status: 400, message: `The link must have a number of days from 1 to ${MAX_DAYS}.` } };
  }

  const pageNumber = pageSchema.safeParse(page);
  if (!pageNumber.success) return { fault: { status: 404, message: 'There is no page with this number.' } };

  const selection = { day, days: dayCount.data, lists: read.lists, query: query.data };
  return { selection, page: pageNumber.data };
}

/**
 * Reads the lists of an address, each once. Links outlive lists, so one that is not read here is ignored if another one is.
 * None at all means every list.
 */
export function parseLists(
  text: string,
  known: readonly ListId[],
): { readonly lists: readonly ListId[] } | { readonly fault: AddressFault } {
  const asked = [...new Set(text.split(',').filter((list) => list !== ''))];
  const lists = asked.filter((list) => known.includes(list));
  const [unknown] = asked;
  if (unknown === undefined || lists.length > 0) return { lists };
  const message = `There is no list “${unknown.slice(0, 40)}”. Use one of these: ${known.join(', ')}.`;
  return { fault: { status: 404, message } };
}

function findDayFault(day: string, today: Day): string | undefined {
  if (!z.iso.date().safeParse(day).success) return 'There is no such day. Use a day such as 2026-01-05.';
  if (day > today) return 'This day is in the future.';
  return day < EARLIEST_DAY ? 'No papers are this old. arXiv opened on 14 August 1991.' : undefined;
}

/** The first day of a selection. */
export function firstDayOf({ day, days }: Pick<PaperSelection, 'day' | 'days'>): Day {
  return addDays(day, 1 - days);
}
