import { describe, expect, test } from '@jest/globals';
import { Temporal } from 'temporal-polyfill';
import {
  findDaysOf,
  firstPeriodSince,
  isTooLate,
  periodOf,
} from '../../../../shared/domain/subscribers/cadence.ts';
import { addDays, daysFrom, isoWeekdayOf, tickOf } from '../../../../shared/domain/time/time.ts';

describe('the period of a day', () => {
  test.each([
    ['2026-01-05', '2026-W02'],
    ['2025-12-29', '2026-W01'],
    ['2027-01-03', '2026-W53'],
    ['2027-01-04', '2027-W01'],
    ['2024-12-30', '2025-W01'],
  ])('%s is in ISO week %s', (day, week) => {
    expect(periodOf('weekly', day)).toBe(week);
  });

  test('is the ISO week of Temporal, on every day of fifty years', () => {
    const wrong = daysFrom('1999-12-25', '2050-01-10').filter((day) => {
      const { yearOfWeek, weekOfYear } = Temporal.PlainDate.from(day);
      return periodOf('weekly', day) !== `${yearOfWeek}-W${String(weekOfYear).padStart(2, '0')}`;
    });

    expect(wrong).toEqual([]);
  });

  test('is the day itself, or its month', () => {
    expect(periodOf('daily', '2026-01-05')).toBe('2026-01-05');
    expect(periodOf('monthly', '2026-01-05')).toBe('2026-01');
  });

  test('of instant digests sorts after its day', () => {
    expect('2026-01-05T00:00Z' >= firstPeriodSince('instant', '2026-01-05')).toBe(true);
    expect('2026-01-04T23:45Z' >= firstPeriodSince('instant', '2026-01-05')).toBe(false);
  });
});

describe('the days of a period', () => {
  test('are those whose period it is, over ten years', () => {
    for (const cadence of ['daily', 'weekly', 'monthly'] as const) {
      const daysOf = new Map<string, string[]>();
      for (const day of daysFrom('2019-12-30', '2030-12-31')) {
        const period = periodOf(cadence, day);
        daysOf.set(period, [...(daysOf.get(period) ?? []), day]);
      }
      const whole = [...daysOf].slice(1, -1);
      expect(whole.map(([period]) => findDaysOf(period))).toEqual(
        whole.map(([, days]) => ({ first: days[0], last: days.at(-1) })),
      );
    }
  });

  test.each([
    '2026-W00',
    '2025-W53',
    '2026-W1',
    '2026-00',
    '2026-13',
    '2026-02-29',
    '2026-04-31',
    '2026-04-00',
  ])('%s has none', (text) => {
    expect(findDaysOf(text)).toBeUndefined();
  });

  test.each(['', '0000-01-01', '9999-12-31', '2026-01-01T00:00', ' 2026-01'])('"%s" is no period', (text) => {
    expect(findDaysOf(text)).toBeUndefined();
  });
});

describe('days', () => {
  test('are added across the end of a month, a leap day and a year', () => {
    expect(addDays('2028-02-28', 1)).toBe('2028-02-29');
    expect(addDays('2026-01-01', -1)).toBe('2025-12-31');
    expect(daysFrom('2026-02-27', '2026-03-02')).toEqual([
      '2026-02-27',
      '2026-02-28',
      '2026-03-01',
      '2026-03-02',
    ]);
    expect(daysFrom('2026-03-02', '2026-03-01')).toEqual([]);
  });

  test('have ISO weekdays', () => {
    expect([isoWeekdayOf('2026-01-05'), isoWeekdayOf('2026-01-11')]).toEqual([1, 7]);
  });
});

test('a tick is the quarter hour in which an instant falls', () => {
  expect(tickOf('2026-01-05T08:14:59.999Z')).toBe('2026-01-05T08:00:00.000Z');
  expect(tickOf('2026-01-05T08:15:00.000Z')).toBe('2026-01-05T08:15:00.000Z');
});

test.each([
  ['daily', '2026-01-05', '2026-01-10T23:59:59.999Z', '2026-01-11T00:00:00.000Z'],
  ['instant', '2026-01-05T08:15Z', '2026-01-10T23:59:59.999Z', '2026-01-11T00:00:00.000Z'],
  ['weekly', '2026-W02', '2026-01-29T23:59:59.999Z', '2026-01-30T00:00:00.000Z'],
  ['monthly', '2026-01', '2026-02-18T23:59:59.999Z', '2026-02-19T00:00:00.000Z'],
] as const)('a %s digest of %s is made until %s', (cadence, period, last, first) => {
  expect(isTooLate(cadence, period, last)).toBe(false);
  expect(isTooLate(cadence, period, first)).toBe(true);
});
