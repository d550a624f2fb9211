import { describe, expect, test } from '@jest/globals';
import {
  type Cohort,
  cohortsOf,
  editionsAt,
  INSTANT_COHORT,
  instantEdition,
  instantListsOf,
  parseCohortKey,
  type ScheduledCohort,
  toCohortKey,
} from '../../../../shared/domain/digests/cohort.ts';
import { deliveryTimesBetween } from '../../../../shared/domain/digests/delivery-times.ts';
import { cadences, periodOf } from '../../../../shared/domain/subscribers/cadence.ts';
import { addDays, addMs, daysFrom, MS_PER_DAY, TICK_MS } from '../../../../shared/domain/time/time.ts';
import { createSubscriber, createSubscription } from '../../../factories/subscribers.ts';
import { fc } from '../../../fast-check.ts';
import { isThorough } from '../../../thorough.ts';

const ZONES = Intl.supportedValuesOf('timeZone');
const HOURS = Array.from({ length: 24 }, (_, hour) => hour);
const FIRST_DAY = '2026-01-01';

describe('a cohort as text', () => {
  test('is readable and reversible', () => {
    const cohort = { cadence: 'weekly', timeZone: 'Europe/Berlin', hour: 7, weekday: 1 } as const;

    expect(toCohortKey(cohort)).toBe('weekly#Europe/Berlin#07#1');
    expect(parseCohortKey('weekly#Europe/Berlin#07#1')).toEqual(cohort);
  });

  test('is reversible for any cohort', () => {
    const place = { timeZone: fc.constantFrom(...ZONES), hour: fc.integer({ min: 0, max: 23 }) };
    const cohort: fc.Arbitrary<Cohort> = fc.oneof(
      fc.record({ cadence: fc.constantFrom('daily' as const, 'monthly' as const), ...place }),
      fc.record({
        cadence: fc.constant('weekly' as const),
        ...place,
        weekday: fc.integer({ min: 1, max: 7 }),
      }),
      fc.constant({ cadence: 'instant' as const, lists: ['arxiv/cs.CL', 'hf-daily'] }),
      fc.constant(INSTANT_COHORT),
    );
    fc.assert(fc.property(cohort, (any) => expect(parseCohortKey(toCohortKey(any))).toEqual(any)));
  });

  test('is the same for the same lists in any order', () => {
    expect(toCohortKey({ cadence: 'instant', lists: ['hf-daily', 'arxiv/cs.CL', 'hf-daily'] })).toBe(
      'instant#arxiv/cs.CL,hf-daily',
    );
  });

  test.each([
    ...['', 'daily', 'daily#UTC', 'daily#UTC#7', 'hourly#UTC#07', 'weekly#UTC#07', 'daily#UTC#07#1'],
    // These are well-formed and would never be due.
    ...['daily#UTC#24', 'daily#UTC#-1', 'daily##07', 'weekly#UTC#07#0', 'weekly#UTC#07#8', 'instant#'],
  ])('refuses "%s"', (key) => {
    expect(() => parseCohortKey(key)).toThrow(RangeError);
  });
});

test('a subscriber is in one cohort for each cadence in use', () => {
  const subscriptions = [
    createSubscription({ id: 's1', cadence: 'daily' }),
    createSubscription({ id: 's2', cadence: 'instant', lists: ['arxiv/cs.CL'] }),
    createSubscription({ id: 's3', cadence: 'instant', lists: ['hf-daily'] }),
    createSubscription({ id: 's4', cadence: 'daily', lists: ['arxiv/cs.LG'] }),
  ];

  const keys = cohortsOf(createSubscriber({ subscriptions })).map(toCohortKey);

  expect(keys).toEqual(['daily#Europe/Berlin#08', 'instant']);
  expect(instantListsOf({ subscriptions })).toEqual(['arxiv/cs.CL', 'hf-daily']);
});

describe('the editions of a cohort', () => {
  const place = { timeZone: 'UTC', hour: 8 } as const;
  const periodsIn = (cohort: ScheduledCohort, first: string, last: string) =>
    editionsAt(
      cohort,
      deliveryTimesBetween(cohort.timeZone, `${first}T00:00:00.000Z`, `${last}T23:59:59.999Z`),
    ).map(({ period }) => period);

  test('a daily one comes each day', () => {
    expect(periodsIn({ cadence: 'daily', ...place }, '2026-01-05', '2026-01-07')).toEqual([
      '2026-01-05',
      '2026-01-06',
      '2026-01-07',
    ]);
  });

  test('a weekly one comes on its weekday, named after the ISO week', () => {
    expect(periodsIn({ cadence: 'weekly', ...place, weekday: 4 }, '2025-12-28', '2026-01-15')).toEqual([
      '2026-W01',
      '2026-W02',
      '2026-W03',
    ]);
  });

  test('a monthly one comes on the first', () => {
    expect(periodsIn({ cadence: 'monthly', ...place }, '2026-01-15', '2026-03-15')).toEqual([
      '2026-02',
      '2026-03',
    ]);
  });

  test('an instant one is named after its tick', () => {
    expect(instantEdition(INSTANT_COHORT, '2026-01-05T08:15:00.000Z')).toEqual({
      cadence: 'instant',
      period: '2026-01-05T08:15Z',
      cohort: 'instant',
    });
  });
});

/**
 * Plans every zone and hour over many days, some weeks at a time, and counts the editions. The default run takes a
 * sample of zones and days; BROADSHEET_THOROUGH=1 takes all of them.
 */
describe('over all zones, hours and days', () => {
  const dayCount = isThorough ? 800 : 400;
  const zones = isThorough ? ZONES : ZONES.filter((_, position) => position % 28 === 0);
  const lastDay = addDays(FIRST_DAY, dayCount - 1);
  const days = daysFrom(FIRST_DAY, lastDay);
  const weeks = [...new Set(days.map((day) => periodOf('weekly', day)))].slice(1, -1);
  const months = [...new Set(days.map((day) => periodOf('monthly', day)))].slice(1, -1);

  const from = `${addDays(FIRST_DAY, -3)}T00:00:00.000Z`;
  const pieceMs = 40 * MS_PER_DAY + 5 * TICK_MS;
  const pieces = Array.from({ length: Math.ceil((dayCount + 6) / 40) }, (_, piece) =>
    addMs(from, piece * pieceMs),
  );

  /** The periods that are completely within the tested days, in the order of planning. */
  const plan = (cohorts: readonly ScheduledCohort[], timeZone: string, expected: readonly string[]) => {
    const [first = '', last = ''] = [expected[0], expected.at(-1)];
    const times = pieces.map((start) => deliveryTimesBetween(timeZone, start, addMs(start, pieceMs)));
    return cohorts.map((cohort) => {
      const periods = times.flatMap((some) => editionsAt(cohort, some).map(({ period }) => period));
      return { cohort, periods: periods.filter((period) => period >= first && period <= last), expected };
    });
  };
  const findFaults = (plans: ReturnType<typeof plan>) =>
    plans.filter(({ periods, expected }) => periods.join() !== expected.join());

  test(`exactly one daily digest on each of ${dayCount} local days in ${zones.length} zones at 24 hours`, () => {
    const faults = zones.flatMap((timeZone) => {
      const cohorts = HOURS.map((hour) => ({ cadence: 'daily', timeZone, hour }) as const);
      return findFaults(plan(cohorts, timeZone, days));
    });
    expect(zones.length).toBeGreaterThan(10);
    expect(faults).toEqual([]);
  });

  test('exactly one weekly digest in each ISO week and one monthly in each month', () => {
    const some = zones.filter((_, position) => position % 3 === 0);
    const faults = some.flatMap((timeZone) => {
      const weekly = [1, 4, 7].map((weekday) => ({ cadence: 'weekly', timeZone, hour: 2, weekday }) as const);
      const monthly = [0, 23].map((hour) => ({ cadence: 'monthly', timeZone, hour }) as const);
      return [...findFaults(plan(weekly, timeZone, weeks)), ...findFaults(plan(monthly, timeZone, months))];
    });
    expect(some.length).toBeGreaterThan(3);
    expect(faults).toEqual([]);
  });
});

test('a subscriber of any cadence joins a cohort', () => {
  const subscriptions = cadences.map((cadence, position) =>
    createSubscription({ id: `s${position}`, cadence }),
  );
  expect(cohortsOf(createSubscriber({ subscriptions })).map(({ cadence }) => cadence)).toEqual([...cadences]);
});
