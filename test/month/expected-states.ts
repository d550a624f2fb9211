import { arxivDayOf, atArxiv } from '../../local/arxiv/archive.ts';
import type { ListState } from '../../shared/domain/lists/list-state.ts';
import { addDays, type Day, type Instant } from '../../shared/domain/time/time.ts';
import { batchDays, type Category, type Trouble, troubles } from './script.ts';

/** What is known of a category after each read. */
interface Known {
  readonly newest: Day | undefined;
  readonly failures: number;
  readonly isCut: boolean;
}

/** A batch is due by this time in New York. */
const DUE = '02:00:00';
const FAILURES_UNTIL_BROKEN = 3;

/**
 * Returns the state that a category should be in at an instant. It follows from what arXiv did, by plain rules and without code of the
 * pipeline:
 *
 * - A read is worthwhile as long as the newest batch is not whole.
 * - After a read that failed or was cut the category is partial. After three failed ones in a row it is broken.
 * - It is stale if a batch was due at two in the morning and has not come.
 * - It is fresh on a day with a batch if that of the day or of the day before has come. Otherwise it is quiet.
 *
 * @param reads when feeds are read, in order
 */
export function expectState(
  category: Category,
  reads: readonly Instant[],
  at: Instant,
  until: Day,
): ListState {
  const days = batchDays(until);
  let known: Known = { newest: undefined, failures: 0, isCut: false };
  for (const read of reads) {
    if (read > at) break;
    known = afterRead(known, category, days, read);
  }
  if (known.failures >= FAILURES_UNTIL_BROKEN) return 'broken';
  if (known.isCut || known.failures > 0) return 'partial';
  const today = arxivDayOf(at);
  const { newest = '' } = known;
  // Before the first day no batch is announced, but one was due on any weekday.
  const due = days.findLast((day) => atArxiv(day, DUE) <= at) ?? addDays(today, -1);
  if (newest < due) return 'stale';
  return newest >= (days.includes(today) ? addDays(today, -1) : today) ? 'fresh' : 'quiet';
}

function afterRead(known: Known, category: Category, days: readonly Day[], read: Instant): Known {
  const today = arxivDayOf(read);
  const awaited = days.findLast((day) => day <= today) ?? '';
  if ((known.newest ?? '') >= awaited && !known.isCut && known.failures === 0 && known.newest) return known;
  const isIn = ({ from, until, kind, category: late = category }: Trouble, wanted: Trouble['kind']) =>
    kind === wanted && late === category && from <= read && read < until;
  if (troubles.some((trouble) => isIn(trouble, 'failing'))) return { ...known, failures: known.failures + 1 };
  const isLate = troubles.some((trouble) => isIn(trouble, 'late'));
  const shown = days.findLast((day) => (isLate ? day < today : day <= today));
  // Feeds show the batch of their day only. On other days they are empty.
  const newest = awaited === today ? shown : known.newest;
  return { newest, failures: 0, isCut: troubles.some((trouble) => isIn(trouble, 'cut')) };
}
