import { LOOK_BACK_DAYS, type Period, periodOf } from '../../domain/subscribers/cadence.ts';
import { withParams } from '../../domain/text/with-params.ts';
import { addDays, type Day } from '../../domain/time/time.ts';
import type { PaperSelection } from '../../presentation/papers-path.ts';
import { toMonthText } from '../../presentation/wording.ts';

/** How many days a selection has at most: as many as the longest look-back of a digest covers. */
export const MAX_DAYS = Math.max(...Object.values(LOOK_BACK_DAYS)) + 1;

/** The first day of a selection. */
export function firstDayOf({ day, days }: Pick<PaperSelection, 'day' | 'days'>): Day {
  return addDays(day, 1 - days);
}

/** The page of the trending papers. */
export const TRENDING_PATH = '/papers/trending';

/** The kinds of periods with a page of their own. */
export const periodKinds = ['week', 'month'] as const;

export type PeriodKind = (typeof periodKinds)[number];

/** Returns the path of the page of a week or month: `/papers/week/2026-W02`. */
export function toPeriodPath(kind: PeriodKind, period: Period, cursor?: string): string {
  return withParams(`/papers/${kind}/${period}`, { cursor });
}

/** Returns the name of a week or month: `Week 2`, `January 2026`. */
export function toPeriodName(kind: PeriodKind, period: Period): string {
  return kind === 'week' ? `Week ${Number(period.slice(6))}` : toMonthText(`${period}-01`);
}

/** Returns the week or the month of a day. */
export function toPeriod(kind: PeriodKind, day: Day): Period {
  return periodOf(kind === 'week' ? 'weekly' : 'monthly', day);
}
