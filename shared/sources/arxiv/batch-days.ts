import { arxivCalendar } from '../../domain/lists/arxiv-calendar.ts';
import { calendarDayOf, lastListingDay, nextListingDay } from '../../domain/lists/list-calendar.ts';
import { addDays, addMs, type Day, type Instant, isoWeekdayOf, MS_PER_HOUR } from '../../domain/time/time.ts';
import type { Gap } from './gap.ts';

/**
 * Returns the day of a batch that a feed claims to be of `announcedAt`. The dates of a feed may be a day behind. So a feed that claims
 * a day that was read before, or an impossible one, has the newest batch.
 */
export function toFeedDay(announcedAt: Instant | undefined, newestDay: Day | undefined, now: Instant): Day {
  const today = calendarDayOf(arxivCalendar, now);
  const newest = lastListingDay(arxivCalendar, today) ?? today;
  const claimed = announcedAt && lastListingDay(arxivCalendar, calendarDayOf(arxivCalendar, announcedAt));
  const isPossible = claimed !== undefined && claimed <= newest && claimed > addDays(newest, -7);
  return isPossible && (newestDay === undefined || claimed > newestDay) ? claimed : newest;
}

/** From the deadline for submissions, 14:00 in New York, to the end of the day. */
const AFTER_DEADLINE_MS = 10 * MS_PER_HOUR;

/** Returns the day of the batch after the deadline of a submission. That of a weekend is on Monday. */
export function toListingDay(submittedAt: Instant): Day {
  let deadline = calendarDayOf(arxivCalendar, addMs(submittedAt, AFTER_DEADLINE_MS));
  while (isoWeekdayOf(deadline) > 5) deadline = addDays(deadline, 1);
  return nextListingDay(arxivCalendar, deadline) ?? deadline;
}

/** A paper may wait for moderation this long before it is announced. */
const MAX_DAYS_HELD = 7;

/** What OAI-PMH says about the announcement of a paper. */
export interface Announced {
  readonly submittedAt: Instant | undefined;
  /** The day of the last change. The announcement was not later. */
  readonly changedOn: Day | undefined;
  /** Whether it has one version only. */
  readonly isFirst: boolean;
}

/**
 * Returns the day of a gap on which a paper was announced. Undefined if that was before or after the gap. Papers of a deadline are
 * announced on the same evening, and those of a Friday on Sunday evening. They are in the batch of the next day. A paper that waited for
 * moderation counts for the first day of the gap. If its list had it before, that listing stays. A new category has no such papers.
 *
 * @see https://info.arxiv.org/help/availability.html
 */
export function toGapDay(
  { submittedAt, changedOn, isFirst }: Announced,
  { from, until, isNew }: Pick<Gap, 'from' | 'until' | 'isNew'>,
): Day | undefined {
  // A paper with one version last changed when it was announced.
  const announcedOn = isFirst ? changedOn : undefined;
  const expected = submittedAt ? toListingDay(submittedAt) : announcedOn;
  if (expected === undefined) return undefined;
  const day = changedOn !== undefined && changedOn < expected ? changedOn : expected;
  if (day > until) return undefined;
  if (day >= from) {
    const batch = lastListingDay(arxivCalendar, day) ?? day;
    return batch < from ? undefined : batch;
  }
  const mayBeHeld = isFirst && !isNew && day >= addDays(from, -MAX_DAYS_HELD);
  return mayBeHeld ? from : undefined;
}
