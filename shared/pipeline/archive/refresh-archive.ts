import { ConflictError } from '../../domain/errors.ts';
import type { ListId } from '../../domain/lists/lists.ts';
import {
  addDays,
  addMs,
  type Day,
  daysFrom,
  type Instant,
  type Month,
  MS_PER_HOUR,
  monthOf,
  previousMonth,
  utcDayOf,
} from '../../domain/time/time.ts';
import type { Telemetry } from '../../observability.ts';
import type { ReadableMonth, UnusableMonth } from '../../ports/archive.ts';
import { type ListDay, SNAPSHOT_DAYS } from '../../ports/snapshots.ts';
import { isCheckDue } from '../snapshots/refresh-snapshots.ts';
import { findIntactSegments, matchesTable } from './compare-month.ts';
import { lastSettledDay, MAX_SEGMENT_PAPERS, type WriteSegmentPorts, writeSegment } from './write-segment.ts';

export interface RefreshArchivePorts extends WriteSegmentPorts {
  readonly telemetry: Pick<Telemetry, 'info' | 'error' | 'count'>;
}

/**
 * A month is archived after this many whole days: January on 4 February. Its papers seldom change
 * after that, because Hugging Face is read again for three days. On that day, snapshots still cover the whole month. They drop
 * its first day two days later at the earliest.
 */
const CLOSED_AFTER_DAYS = 3;

/** The maximum number of steps of one run. The next run continues. */
const MAX_STEPS = 4;

/** The maximum number of days that one step compares. */
const MAX_DAYS_COMPARED = 3;

/** Each month is checked for damage once in this many runs. With a run in each quarter hour that is about once a week. */
const DAMAGE_CHECK_ONE_IN = 672;

/** A writer saves the month within seconds after its segment. A segment without a month is stray after this time. */
const STRAY_AFTER_MS = MS_PER_HOUR;

const MAX_ATTEMPTS = 4;

type KnownMonth = ReadableMonth | UnusableMonth;

/**
 * Marks days that were read and are too old for snapshots, so that the archive compares them again. A half-written month is restarted if its
 * writing has passed such a day. Loads no papers. Call it before the source's state is saved. Then a crash leads to another read, which
 * marks them again.
 *
 * @throws ConflictError if other writers keep changing a month
 */
export async function markForComparison(
  { archive, clock }: Pick<RefreshArchivePorts, 'archive' | 'clock'>,
  listDays: readonly ListDay[],
): Promise<void> {
  const oldest = addDays(utcDayOf(clock.now()), -SNAPSHOT_DAYS);
  const firstOf = new Map<Month, Day>();
  for (const { day } of listDays) {
    const first = firstOf.get(monthOf(day)) ?? day;
    if (day < oldest) firstOf.set(monthOf(day), day < first ? day : first);
  }
  for (let attempt = 1; firstOf.size > 0; attempt += 1) {
    const conflicted: Month[] = [];
    for (const known of await archive.loadMonths()) {
      const first = firstOf.get(known.month);
      const marked = first === undefined || known.kind !== 'month' ? undefined : markFrom(known, first);
      if (marked && !(await archive.saveMonth(marked, known))) conflicted.push(known.month);
    }
    if (conflicted.length === 0) return;
    if (attempt === MAX_ATTEMPTS)
      throw new ConflictError(`the archive of ${conflicted} was changed by others ${MAX_ATTEMPTS} times`);
  }
}

/** Returns the month, to be compared again from a day on. If its writing is past that day, it restarts. Undefined if nothing changes. */
function markFrom(known: ReadableMonth, first: Day): ReadableMonth | undefined {
  const { checkedUntil, inWriting } = known;
  const isCompared = checkedUntil !== undefined && checkedUntil >= first;
  const isWritten = inWriting !== undefined && inWriting.after.day >= first;
  if (!isCompared && !isWritten) return undefined;
  return {
    ...known,
    checkedUntil: isCompared ? addDays(first, -1) : checkedUntil,
    inWriting: isWritten ? undefined : inWriting,
  };
}

/**
 * Brings the archive forward by a few steps, the newest month first. It writes the months that ended, and goes back month by month to the
 * first one without papers. Returns how many segments were written. A step is one of these:
 *
 * - writing one segment of a month that is missing, unusable or half written;
 * - comparing days that have left the snapshots since the month was written, or that were read again. If they differ, the month is written
 *   again;
 * - checking a month for damage, and deleting its stray segments.
 *
 * @param lists the lists of all sources
 */
export async function refreshArchive(ports: RefreshArchivePorts, lists: readonly ListId[]): Promise<number> {
  const months = new Map((await ports.archive.loadMonths()).map((known) => [known.month, known]));
  const conflicted = new Set<Month>();
  let segments = 0;
  let papers = 0;
  for (let step = 0; step < MAX_STEPS && papers < MAX_SEGMENT_PAPERS; step += 1) {
    const due = findDue(months, conflicted, ports.clock.now());
    if (!due) break;
    const known = months.get(due.month);
    const done =
      known?.kind === 'month' && due.what !== 'write'
        ? await check(ports, lists, known, due.what)
        : await writeSegment(ports, lists, due.month, known);
    if (!done) {
      // Another writer is changing this month. The next run continues with it.
      ports.telemetry.info('A month of the archive was changed by another writer', { month: due.month });
      conflicted.add(due.month);
      continue;
    }
    months.set(due.month, done.saved);
    papers += done.papers;
    if (done.papers > 0) segments += 1;
    if (due.what === 'damage') break;
  }
  return segments;
}

interface Due {
  readonly month: Month;
  readonly what: 'write' | 'changes' | 'damage';
}

/** Returns the next step, for a month that no other writer has changed since it was loaded. Undefined if there is nothing to do. */
function findDue(
  months: ReadonlyMap<Month, KnownMonth>,
  conflicted: ReadonlySet<Month>,
  now: Instant,
): Due | undefined {
  const today = utcDayOf(now);
  const maintained = monthsToMaintain(months, today).filter((month) => !conflicted.has(month));
  for (const month of maintained) {
    const known = months.get(month);
    if (known?.kind !== 'month' || !known.segments || known.inWriting) return { month, what: 'write' };
    if ((known.checkedUntil ?? '') < lastSettledDay(month, today)) return { month, what: 'changes' };
  }
  const checked = maintained.find((month) => isCheckDue(month, DAMAGE_CHECK_ONE_IN, now));
  return checked === undefined ? undefined : { month: checked, what: 'damage' };
}

/** Returns the months that the archive has or should have, newest first. */
function monthsToMaintain(months: ReadonlyMap<Month, KnownMonth>, today: Day): readonly Month[] {
  const oldestInSnapshots = monthOf(addDays(today, -SNAPSHOT_DAYS));
  const endsArchive = (known: KnownMonth | undefined) =>
    known?.kind === 'month' && known.segments?.length === 0 && known.month < oldestInSnapshots;
  let month = newestClosedMonth(today);
  const maintained = [month];
  while (months.has(month) && !endsArchive(months.get(month))) {
    month = previousMonth(month);
    maintained.push(month);
  }
  // An operator may have written older ones.
  const older = [...months.keys()].filter((known) => known < month);
  return [...maintained, ...older.sort().reverse()];
}

/** Returns the newest month that can be archived. */
export function newestClosedMonth(today: Day): Month {
  return previousMonth(monthOf(addDays(today, -CLOSED_AFTER_DAYS)));
}

/** Compares or checks a month. If it is wrong, starts to write it again, with its first segment. */
async function check(
  ports: RefreshArchivePorts,
  lists: readonly ListId[],
  known: ReadableMonth,
  what: 'changes' | 'damage',
) {
  const { archive, clock, telemetry } = ports;
  const { month, segments = [] } = known;
  const intact = await findIntactSegments(archive, month, segments);
  if (intact.length < segments.length) {
    telemetry.error('A segment of the archive cannot be used', {
      month,
      problem: 'it is damaged or missing',
    });
    telemetry.count('SnapshotsUnusable', 1);
    return writeSegment(ports, lists, month, known);
  }
  if (what === 'damage') {
    await archive.deleteStraySegments(known, addMs(clock.now(), -STRAY_AFTER_MS));
    return { saved: known, papers: 0 };
  }
  const unchecked = known.checkedUntil === undefined ? '' : addDays(known.checkedUntil, 1);
  const firstDay = `${month}-01`;
  const until = lastSettledDay(month, utcDayOf(clock.now()));
  const start = unchecked > firstDay ? unchecked : firstDay;
  const days = daysFrom(start, until).slice(0, MAX_DAYS_COMPARED);
  if (!(await matchesTable(ports, lists, days, intact))) return writeSegment(ports, lists, month, known);
  const saved = await archive.saveMonth({ ...known, checkedUntil: days.at(-1) ?? until }, known);
  return saved && { saved, papers: 0 };
}
