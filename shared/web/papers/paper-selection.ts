import { LOOK_BACK_DAYS, type Period, periodOf } from '../../domain/cadence.ts';
import type { ListId } from '../../domain/lists.ts';
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
export const MAX_DAYS = Math.max(...Object.values(LOOK_BACK_DAYS)) + 1;

/** The day arXiv opened. No list is older. */
export const EARLIEST_DAY: Day = '1991-08-14';

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

/** The first day of a selection. */
export function firstDayOf({ day, days }: Pick<PaperSelection, 'day' | 'days'>): Day {
  return addDays(day, 1 - days);
}

/** The page of the papers that gather votes. */
export const TRENDING_PATH = '/papers/trending';

/** A week or a month with a page of its own. */
export type PeriodKind = 'week' | 'month';

/** Returns the address of the page of a week or month: `/papers/week/2026-W02`. */
export function toPeriodPath(kind: PeriodKind, period: Period, cursor?: string): string {
  return `/papers/${kind}/${period}${cursor === undefined ? '' : `?cursor=${encodeURIComponent(cursor)}`}`;
}

/** Returns the week or the month of a day. */
export function toPeriod(kind: PeriodKind, day: Day): Period {
  return periodOf(kind === 'week' ? 'weekly' : 'monthly', day);
}
