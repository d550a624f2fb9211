import { describe, expect, test } from '@jest/globals';
import { toSchedule } from '../../../shared/presentation/subscription-wording.ts';
import {
  toCompactNumber,
  toCountText,
  toHourText,
  toListing,
  toLongDay,
  toShortDay,
} from '../../../shared/presentation/wording.ts';

describe('numbers', () => {
  test.each([
    [0, '0 authors'],
    [1, '1 author'],
    [2, '2 authors'],
    [21, '21 authors'],
    [3303, '3,303 authors'],
  ])('%i takes the right noun', (count, text) => {
    expect(toCountText(count, 'author')).toBe(text);
  });

  test.each([
    [87, '87'],
    [999, '999'],
    [1234, '1.2k'],
    [12_345, '12.3k'],
    [1_500_000, '1.5M'],
  ])('rounds %i', (count, text) => {
    expect(toCompactNumber(count)).toBe(text);
  });
});

describe('a listing', () => {
  test('joins words as a sentence does', () => {
    expect(toListing([])).toBe('');
    expect(toListing(['a'])).toBe('a');
    expect(toListing(['a', 'b'])).toBe('a and b');
    expect(toListing(['a', 'b', 'c'])).toBe('a, b and c');
  });

  test('counts what it leaves out', () => {
    expect(toListing(['a', 'b', 'c', 'd'], 2)).toBe('a, b and 2 more');
    expect(toListing(['a', 'b'], 2)).toBe('a and b');
    // “1 more” is no shorter than the word.
    expect(toListing(['a', 'b', 'c'], 2)).toBe('a, b and c');
  });
});

describe('a day', () => {
  test('is in full in the masthead', () => {
    expect(toLongDay('2026-01-07')).toBe('Wednesday 7 January 2026');
    expect(toLongDay('2024-02-29')).toBe('Thursday 29 February 2024');
  });

  test('has a year on a card only if it is another year', () => {
    expect(toShortDay('2026-01-05', '2026-01-07')).toBe('5 Jan');
    expect(toShortDay('2025-12-23', '2026-01-07')).toBe('23 Dec 2025');
    expect(toShortDay('2026-09-30', '2026-10-01')).toBe('30 Sep');
  });
});

describe('a schedule', () => {
  const subscriber = { hour: 8, weekday: 1, timeZone: 'America/New_York' };

  test.each([
    ['daily', 'every day at 08:00 (America/New York)'],
    ['weekly', 'every Monday at 08:00 (America/New York)'],
    ['monthly', 'on the first of each month at 08:00 (America/New York)'],
    ['instant', 'as soon as new papers arrive'],
  ] as const)('says when a %s digest comes', (cadence, text) => {
    expect(toSchedule(cadence, subscriber)).toBe(text);
  });

  test('uses the current name of a time zone', () => {
    expect(toSchedule('daily', { ...subscriber, timeZone: 'Asia/Calcutta' })).toBe(
      'every day at 08:00 (Asia/Kolkata)',
    );
  });

  test('names all seven weekdays', () => {
    const names = [1, 2, 3, 4, 5, 6, 7].map((weekday) =>
      toSchedule('weekly', { ...subscriber, weekday })
        .split(' ')
        .at(1),
    );
    expect(names).toEqual(['Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday', 'Sunday']);
  });
});

test.each([
  [0, '00:00'],
  [8, '08:00'],
  [23, '23:00'],
])('the hour %i is %s', (hour, text) => {
  expect(toHourText(hour)).toBe(text);
});
