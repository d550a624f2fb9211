import { longestGapMinutes } from '../../../infra/settings/minutes.ts';
import {
  calendarDayOf,
  dueAt,
  knowsHolidaysOf,
  type ListCalendar,
} from '../../../shared/domain/lists/list-calendar.ts';
import {
  isReadWorthwhile,
  type ListCondition,
  type ListHistory,
  toListCondition,
} from '../../../shared/domain/lists/list-state.ts';
import { type KnownList, type ListId, type SourceName, sources } from '../../../shared/domain/lists/lists.ts';
import {
  addMs,
  type Instant,
  MS_PER_DAY,
  MS_PER_MINUTE,
  msBetween,
} from '../../../shared/domain/time/time.ts';
import type { SourceState } from '../../../shared/ports/papers.ts';
import type { Source, UnreadDays } from '../../../shared/sources/source.ts';
import { type Check, type Finding, fail, ok, warn, worstOf } from '../diagnosis.ts';
import { toAge, waitForFirstRun } from './running.ts';

/** What the checks of the lists ask for. */
interface ReadingPorts {
  readonly loadState: () => Promise<SourceState | undefined>;
  readonly loadDeployedAt: () => Promise<Instant>;
  readonly now: () => Instant;
  readonly findUnread?: Source['findUnread'];
}

/** Returns the checks of the lists of a source: one for each list, or one for all if there are many. */
export function readingChecks(
  source: SourceName,
  lists: readonly KnownList[],
  minutes: readonly number[],
  { loadState, loadDeployedAt, now, findUnread = () => [] }: ReadingPorts,
): readonly Check[] {
  const { readsBatches } = sources[source];
  const find = async ({ id, calendar }: KnownList): Promise<ListFinding> => {
    const [state, deployedAt] = await Promise.all([loadState(), loadDeployedAt()]);
    const unread = findUnread(state?.cursor).filter(({ list }) => list === id);
    const known = { list: id, calendar, minutes, readsBatches, history: state?.lists[id], unread };
    return { list: id, finding: checkList(known, now(), deployedAt) };
  };
  if (lists.length > MAX_LINES)
    return [
      {
        name: `lists of ${source}`,
        isInStatus: true,
        run: async () => summariseLists(await Promise.all(lists.map(find))),
      },
    ];
  return lists.map((list) => ({
    name: `list ${list.id}`,
    isInStatus: true,
    run: async () => (await find(list)).finding,
  }));
}

const STALE_OR_BROKEN = 'docs/alarms.md, "A list is stale or broken"';

/** One missed or failed read does no harm, because the next one reads everything. */
const LATE_GAPS = 2;
const MISSING_GAPS = 4;

interface ListToCheck {
  readonly list: ListId;
  readonly history: ListHistory | undefined;
  readonly calendar: ListCalendar;
  /** The minutes of every hour at which it is read, in ascending order. */
  readonly minutes: readonly number[];
  /** Whether it is read only while a batch is awaited. @default false */
  readonly readsBatches?: boolean | undefined;
  /** Missed days that could not be read yet. @default none */
  readonly unread?: readonly UnreadDays[];
}

/** Checks whether a list is read on its schedule and has the papers that it should. */
export function checkList(known: ListToCheck, now: Instant, deployedAt: Instant): Finding {
  const { list, history, calendar, minutes } = known;
  const schedule = `it is read at ${minutes.map((minute) => `:${String(minute).padStart(2, '0')}`).join(', ')}`;
  const failures = history?.failuresInARow ?? 0;
  const firstRun = failures > 0 ? undefined : waitForFirstRun(minutes, now, deployedAt);
  if (!history?.lastSuccessAt && failures > 0)
    return fail(`never read: ${countReads(failures)} failed`, STALE_OR_BROKEN);
  if (!history?.lastSuccessAt)
    return firstRun ?? fail('never read', `${schedule}: docs/alarms.md, "Ingest does not finish"`);
  const waitMs = msBetween(findWaitStart(known, history.lastSuccessAt, now), now);
  const gapMs = longestGapMinutes(minutes) * MS_PER_MINUTE;
  const condition = toListCondition(history, calendar, now);
  const readAge = toAge(msBetween(history.lastSuccessAt, now));
  const found = `${toStateText(condition)}; read ${readAge} ago, last new paper ${
    history.lastNewAt ? `${toAge(msBetween(history.lastNewAt, now))} ago` : 'never'
  }${failures > 0 ? `, ${countReads(failures)} failed` : ''}`;
  if (condition.state === 'broken') return fail(found, STALE_OR_BROKEN);
  if (firstRun && waitMs > LATE_GAPS * gapMs) return firstRun;
  if (waitMs > MISSING_GAPS * gapMs)
    return fail(found, `${schedule}: docs/alarms.md, "Ingest does not finish"`);
  if (waitMs > LATE_GAPS * gapMs) return warn(found, `${schedule}; look again after the next one`);
  if (condition.state === 'partial')
    return warn(found, `its newest papers could not be read whole: ${STALE_OR_BROKEN}`);
  if (condition.state === 'stale')
    return warn(found, `papers of ${list} are overdue; it may be a holiday: ${STALE_OR_BROKEN}`);
  const missed = toUnreadText(known.unread ?? [], now);
  if (missed !== undefined) return warn(`${found}; ${missed}`, STALE_OR_BROKEN);
  const year = [now, addMs(now, HOLIDAYS_AHEAD_MS)]
    .map((at) => calendarDayOf(calendar, at).slice(0, 4))
    .find((year) => !knowsHolidaysOf(calendar, Number(year)));
  return year === undefined
    ? ok(found)
    : warn(`${found}; no holidays of ${year} are known, so one looks like a late batch`, HOLIDAYS);
}

/** arXiv publishes the holidays of a year in the weeks before it. */
const HOLIDAYS_AHEAD_MS = 14 * MS_PER_DAY;

const HOLIDAYS = 'upgrade, or add them: docs/operating.md, "Holidays of a new year"';

/** Returns since when a list waits for a read: since the last one, or since the batch began for which it is read. */
function findWaitStart(
  { history, calendar, readsBatches = false }: ListToCheck,
  lastSuccessAt: Instant,
  now: Instant,
): Instant {
  if (!readsBatches) return lastSuccessAt;
  if (!isReadWorthwhile(history, calendar, now)) return now;
  const today = calendarDayOf(calendar, now);
  const begunAt = dueAt({ ...calendar, dueHour: 0 }, today);
  return begunAt > lastSuccessAt ? begunAt : lastSuccessAt;
}

/** `2026-11-04 to 2026-11-05, 2026-11-12 could not be read for 3 h, next try in 45 min`. Undefined if no days are missed. */
function toUnreadText(unread: readonly UnreadDays[], now: Instant): string | undefined {
  if (unread.length === 0) return undefined;
  const others = unread.length - MAX_NAMED;
  const days = [
    ...unread.slice(0, MAX_NAMED).map(({ from, until }) => (from === until ? from : `${from} to ${until}`)),
    ...(others > 0 ? [`${others} more`] : []),
  ].join(', ');
  const longestMs = Math.max(...unread.map(({ failingSince }) => msBetween(failingSince, now)));
  const waitMs = Math.min(...unread.map(({ retryAt = now }) => msBetween(now, retryAt)));
  const next = waitMs <= 0 ? 'with the next run' : `in ${toAge(waitMs)}`;
  return `${days} could not be read for ${toAge(longestMs)}, next try ${next}`;
}

/** `fresh`, `quiet: US holiday (Thanksgiving)`, `stale since 2026-11-25`. */
function toStateText(condition: ListCondition): string {
  if (condition.state === 'quiet' && condition.holiday) return `quiet: ${condition.holiday}`;
  if (condition.state === 'stale' && condition.overdueDay) return `stale since ${condition.overdueDay}`;
  return condition.state;
}

/** Up to this many lists of one source have a line each. More share one. */
const MAX_LINES = 5;
const MAX_NAMED = 3;

interface ListFinding {
  readonly list: ListId;
  readonly finding: Finding;
}

/** Returns one finding for many lists. It is as bad as the worst of them, and names the first of those. */
function summariseLists(findings: readonly ListFinding[]): Finding {
  const well = findings.filter(({ finding }) => finding.state === 'ok').length;
  const state = worstOf(findings.map(({ finding }) => finding.state));
  const worst = state === 'ok' ? [] : findings.filter(({ finding }) => finding.state === state);
  const others = worst.length - MAX_NAMED;
  const found = [
    `${well} of ${findings.length} lists are well`,
    ...worst.slice(0, MAX_NAMED).map(({ list, finding }) => `${list} is ${finding.found}`),
    ...(others > 0 ? [`so ${others === 1 ? 'is 1 more' : `are ${others} more`}`] : []),
  ].join('; ');
  const advice = worst[0]?.finding.advice;
  return { state, found, ...(advice !== undefined && { advice }) };
}

function countReads(count: number): string {
  return count === 1 ? 'the last read' : `${count} reads in a row`;
}
