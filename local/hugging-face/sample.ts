import { addDays, addMs, type Day, MS_PER_DAY, msBetween } from '../../shared/domain/time/time.ts';
import type { DailyPapersAnswer } from './server.ts';

const FIRST_DAY: Day = '2026-01-05';
const LAST_DAY: Day = '2026-01-06';

/** The two days of the bundled sample, oldest first: a Monday with 15 papers and a Tuesday with 25. */
export const SAMPLE_DAYS: readonly Day[] = [FIRST_DAY, LAST_DAY];

/** The lists of the sample. Each is loaded on request. */
const SAMPLES = new Map<Day, () => Promise<{ readonly default: readonly unknown[] }>>([
  [FIRST_DAY, () => import('./sample/2026-01-05.json', { with: { type: 'json' } })],
  [LAST_DAY, () => import('./sample/2026-01-06.json', { with: { type: 'json' } })],
]);

export interface SampleOptions {
  /** The new date of the sample's last day. @default its own date */
  readonly today?: Day;
}

/** The times of an item that move with its list. Other times stay. */
const DATED_KEYS: ReadonlySet<string> = new Set(['publishedAt', 'submittedOnDailyAt']);

/**
 * Answers from the bundled sample: the real lists of {@link SAMPLE_DAYS}, with summaries written for the sample. `today`
 * re-dates the sample: the lists and their times move by whole days, so that the last list is from `today`. All other days
 * have no list.
 *
 * In a re-dated sample, a paper's listing time may be later than now.
 *
 * @throws RangeError for a `today` that is not a day
 */
export function createSample({ today = LAST_DAY }: SampleOptions = {}): DailyPapersAnswer {
  const shiftDays = daysBetween(LAST_DAY, today);
  return async (day) => {
    const sample = await SAMPLES.get(addDays(day, -shiftDays))?.();
    return sample && shiftTimes(sample.default, shiftDays * MS_PER_DAY);
  };
}

function shiftTimes(items: readonly unknown[], ms: number): readonly unknown[] {
  return JSON.parse(JSON.stringify(items), (key, value: unknown) =>
    DATED_KEYS.has(key) && typeof value === 'string' ? addMs(value, ms) : value,
  );
}

function daysBetween(from: Day, to: Day): number {
  const days = msBetween(`${from}T00:00:00.000Z`, `${to}T00:00:00.000Z`) / MS_PER_DAY;
  if (!Number.isInteger(days)) throw new RangeError(`not a day: "${to}"; expected one like "2026-01-05"`);
  return days;
}
