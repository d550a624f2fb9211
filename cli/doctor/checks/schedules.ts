import { longestGapMinutes } from '../../../infra/settings/minutes.ts';
import type { ListId } from '../../../shared/domain/list.ts';
import { type ListCalendar, toListState } from '../../../shared/domain/list-state.ts';
import { TICK_MS } from '../../../shared/domain/tick.ts';
import { addMs, type Instant, msBetween } from '../../../shared/domain/time.ts';
import type { SourceState } from '../../../shared/ports/papers.ts';
import type { PlannerState } from '../../../shared/ports/planning.ts';
import { isUnreadable, type UnreadableState } from '../../../shared/ports/planning.ts';
import { type Finding, fail, ok, wait, warn } from '../finding.ts';

const MS_PER_MINUTE = 60_000;
const MINUTES_PER_HOUR = 60;

const STALE_OR_BROKEN = 'docs/operating.md, "A list is stale or broken"';

/** The minutes of every hour at which the planner runs. */
const TICK_MINUTES = [0, 15, 30, 45];

/** One read that is missed or fails is an accident; the next one brings everything. */
const LATE_GAPS = 2;
const MISSING_GAPS = 4;

/** A run starts within the minute and is done in seconds; five minutes are far more than either. */
const RUN_ALLOWANCE_MS = 5 * MS_PER_MINUTE;

/** A stack is made or changed within so long. A schedule that comes due meanwhile may be missed once. */
const DEPLOYMENT_MS = 5 * MS_PER_MINUTE;

export interface ListToCheck {
  readonly list: ListId;
  readonly state: SourceState | undefined;
  readonly calendar: ListCalendar;
  /** The minutes of every hour at which it is read, in ascending order. */
  readonly minutes: readonly number[];
}

/** Whether a list is read on its schedule and brings what it should. */
export function checkList(
  { list, state, calendar, minutes }: ListToCheck,
  now: Instant,
  deployedAt: Instant,
): Finding {
  const schedule = `it is read at ${minutes.map((minute) => `:${String(minute).padStart(2, '0')}`).join(', ')}`;
  const failures = state?.failuresInARow ?? 0;
  const firstRun = failures > 0 ? undefined : waitForFirstRun(minutes, now, deployedAt);
  if (!state?.lastSuccessAt && failures > 0)
    return fail(`never read: ${countReads(failures)} failed`, STALE_OR_BROKEN);
  if (!state?.lastSuccessAt)
    return firstRun ?? fail('never read', `${schedule}: docs/operating.md, "Ingest does not finish"`);
  const ageMs = msBetween(state.lastSuccessAt, now);
  const gapMs = longestGapMinutes(minutes) * MS_PER_MINUTE;
  const condition = toListState(state, calendar, now);
  const found = `${condition}; read ${toAge(ageMs)} ago, last new paper ${
    state.lastNewAt ? `${toAge(msBetween(state.lastNewAt, now))} ago` : 'never'
  }${failures > 0 ? `, ${countReads(failures)} failed` : ''}`;
  if (condition === 'broken') return fail(found, STALE_OR_BROKEN);
  if (firstRun && ageMs > LATE_GAPS * gapMs) return firstRun;
  if (ageMs > MISSING_GAPS * gapMs)
    return fail(found, `${schedule}: docs/operating.md, "Ingest does not finish"`);
  if (ageMs > LATE_GAPS * gapMs) return warn(found, `${schedule}; look again after the next one`);
  if (condition === 'partial')
    return warn(found, `its newest papers could not be read whole: ${STALE_OR_BROKEN}`);
  if (condition === 'stale') return warn(found, `${list} owes papers: a holiday, or ${STALE_OR_BROKEN}`);
  return ok(found);
}

/** Whether the planner runs at every tick. */
export function checkPlanner(
  state: PlannerState | UnreadableState | undefined,
  now: Instant,
  deployedAt: Instant,
): Finding {
  const notRunning = 'docs/operating.md, "The planner does not finish"';
  const firstRun = waitForFirstRun(TICK_MINUTES, now, deployedAt);
  if (!state) return firstRun ?? fail('never ran', `it runs at every quarter hour: ${notRunning}`);
  if (isUnreadable(state))
    return fail(
      'its cursor cannot be read',
      'the next run replaces it: docs/operating.md, "A stored record cannot be read"',
    );
  const ageMs = msBetween(state.lastTick, now);
  const found = `the last tick planned is ${state.lastTick.slice(0, 16)}Z, ${toAge(ageMs)} ago`;
  if (firstRun && ageMs > TICK_MS + RUN_ALLOWANCE_MS) return firstRun;
  if (ageMs > 2 * TICK_MS)
    return fail(found, `digests wait; what is due is made up for once it runs: ${notRunning}`);
  if (ageMs > TICK_MS + RUN_ALLOWANCE_MS)
    return warn(found, 'a tick was missed: look again after the next quarter hour');
  return ok(found);
}

/**
 * That something waits for the first run of its schedule after a deployment; undefined once that should be over.
 *
 * @param minutes the minutes of every hour at which it runs
 */
function waitForFirstRun(minutes: readonly number[], now: Instant, deployedAt: Instant): Finding | undefined {
  const firstAt = nextRunAfter(minutes, addMs(deployedAt, DEPLOYMENT_MS));
  if (now > addMs(firstAt, RUN_ALLOWANCE_MS)) return undefined;
  return wait(`waiting for the first run, at ${firstAt.slice(11, 16)} UTC`, 'look again after it');
}

/** The next moment at which a schedule of these minutes of every hour runs. */
function nextRunAfter(minutes: readonly number[], from: Instant): Instant {
  const hour = `${from.slice(0, 13)}:00:00.000Z`;
  const candidates = [0, MINUTES_PER_HOUR].flatMap((offset) => minutes.map((minute) => offset + minute));
  const next = candidates.map((minute) => addMs(hour, minute * MS_PER_MINUTE)).find((at) => at >= from);
  if (next === undefined) throw new Error('a schedule runs at no minute of the hour');
  return next;
}

function countReads(count: number): string {
  return count === 1 ? 'the last read' : `${count} reads in a row`;
}

/** A time in the unit that fits: `12 min`, `5 h`, `3 days`. */
function toAge(ms: number): string {
  const minutes = Math.max(0, Math.round(ms / MS_PER_MINUTE));
  if (minutes < 2 * MINUTES_PER_HOUR) return `${minutes} min`;
  const hours = Math.round(minutes / MINUTES_PER_HOUR);
  return hours < 48 ? `${hours} h` : `${Math.round(hours / 24)} days`;
}
