import { longestGapMinutes } from '../../../infra/settings/minutes.ts';
import type { ListId } from '../../../shared/domain/list.ts';
import { type ListCalendar, toListState } from '../../../shared/domain/list-state.ts';
import { TICK_MS } from '../../../shared/domain/tick.ts';
import { type Instant, msBetween } from '../../../shared/domain/time.ts';
import type { PlannerState } from '../../../shared/planner-ports.ts';
import { isUnreadable, type SourceState, type UnreadableState } from '../../../shared/ports.ts';
import { type Finding, fail, ok, warn } from '../finding.ts';

const MS_PER_MINUTE = 60_000;
const MINUTES_PER_HOUR = 60;

/** One read that is missed or fails is an accident; the next one brings everything. */
const LATE_GAPS = 2;
const MISSING_GAPS = 4;

/** A run starts within the minute and is done in seconds; five minutes are far more than either. */
const RUN_ALLOWANCE_MS = 5 * MS_PER_MINUTE;

export interface ListToCheck {
  readonly list: ListId;
  readonly state: SourceState | undefined;
  readonly calendar: ListCalendar;
  /** The minutes of every hour at which it is read, in ascending order. */
  readonly minutes: readonly number[];
}

/** Whether a list is read on its schedule and brings what it should. */
export function checkList({ list, state, calendar, minutes }: ListToCheck, now: Instant): Finding {
  const schedule = `it is read at ${minutes.map((minute) => `:${String(minute).padStart(2, '0')}`).join(', ')}`;
  if (!state?.lastSuccessAt)
    return fail(
      state ? `never read: ${state.failuresInARow} reads in a row failed` : 'never read',
      `${schedule}; if it was not deployed just now, see docs/operating.md, "Ingest is ${state ? 'failing' : 'not running'}"`,
    );
  const ageMs = msBetween(state.lastSuccessAt, now);
  const gapMs = longestGapMinutes(minutes) * MS_PER_MINUTE;
  const condition = toListState(state, calendar, now);
  const found = `${condition}; read ${toAge(ageMs)} ago, last new paper ${
    state.lastNewAt ? `${toAge(msBetween(state.lastNewAt, now))} ago` : 'never'
  }${state.failuresInARow > 0 ? `, ${state.failuresInARow} reads in a row failed` : ''}`;
  if (condition === 'broken') return fail(found, 'docs/operating.md, "A list is stale or broken"');
  if (ageMs > MISSING_GAPS * gapMs)
    return fail(found, `${schedule}: docs/operating.md, "Ingest does not finish"`);
  if (ageMs > LATE_GAPS * gapMs) return warn(found, `${schedule}; look again after the next one`);
  if (condition === 'partial')
    return warn(
      found,
      `its newest papers could not be read whole: docs/operating.md, "A list is stale or broken"`,
    );
  if (condition === 'stale')
    return warn(found, `${list} owes papers: a holiday, or docs/operating.md, "A list is stale or broken"`);
  return ok(found);
}

/** Whether the planner runs at every tick. */
export function checkPlanner(state: PlannerState | UnreadableState | undefined, now: Instant): Finding {
  const notRunning = 'docs/operating.md, "The planner does not finish"';
  if (!state)
    return fail('never ran', `it runs at every quarter hour; if it was not deployed just now, ${notRunning}`);
  if (isUnreadable(state))
    return fail(
      'its cursor cannot be read',
      'the next run replaces it: docs/operating.md, "A stored record cannot be read"',
    );
  const ageMs = msBetween(state.lastTick, now);
  const found = `the last tick planned is ${state.lastTick.slice(0, 16)}Z, ${toAge(ageMs)} ago`;
  if (ageMs > 2 * TICK_MS)
    return fail(found, `digests wait; what is due is made up for once it runs: ${notRunning}`);
  if (ageMs > TICK_MS + RUN_ALLOWANCE_MS)
    return warn(found, 'a tick was missed: look again after the next quarter hour');
  return ok(found);
}

/** A time in the unit that fits: `12 min`, `5 h`, `3 days`. */
function toAge(ms: number): string {
  const minutes = Math.max(0, Math.round(ms / MS_PER_MINUTE));
  if (minutes < 2 * MINUTES_PER_HOUR) return `${minutes} min`;
  const hours = Math.round(minutes / MINUTES_PER_HOUR);
  return hours < 48 ? `${hours} h` : `${Math.round(hours / 24)} days`;
}
