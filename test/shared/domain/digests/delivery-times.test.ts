import { describe, expect, test } from '@jest/globals';
import { type DeliveryTime, deliveryTimesBetween } from '../../../../shared/domain/digests/delivery-times.ts';
import { addMs, MS_PER_DAY, toEpochMs, toInstant } from '../../../../shared/domain/time/time.ts';
import { fc } from '../../../fast-check.ts';
import { isThorough, runs } from '../../../thorough.ts';

const ZONES = Intl.supportedValuesOf('timeZone');

function timesOn(timeZone: string, day: string): readonly DeliveryTime[] {
  const noon = `${day}T12:00:00.000Z`;
  const around = deliveryTimesBetween(timeZone, addMs(noon, -2 * MS_PER_DAY), addMs(noon, 2 * MS_PER_DAY));
  return around.filter((time) => time.day === day);
}

function atHour(timeZone: string, day: string, hour: number): string | undefined {
  return timesOn(timeZone, day).find((time) => time.hour === hour)?.at;
}

describe('delivery times', () => {
  test.each([
    ['an ordinary hour', 'Europe/Berlin', '2026-01-05', 8, '2026-01-05T07:00:00.000Z'],
    ['a zone at half past', 'Asia/Kolkata', '2026-01-05', 8, '2026-01-05T02:30:00.000Z'],
    ['a zone at a quarter to', 'Asia/Kathmandu', '2026-01-05', 8, '2026-01-05T02:15:00.000Z'],
    ['a zone a day ahead', 'Pacific/Kiritimati', '2026-01-05', 8, '2026-01-04T18:00:00.000Z'],
    [
      'an hour that spring skips: the end of the gap',
      'Europe/Berlin',
      '2026-03-29',
      2,
      '2026-03-29T01:00:00.000Z',
    ],
    ['the hour after the gap', 'Europe/Berlin', '2026-03-29', 3, '2026-03-29T01:00:00.000Z'],
    [
      'an hour that autumn repeats: its first coming',
      'Europe/Berlin',
      '2026-10-25',
      2,
      '2026-10-25T00:00:00.000Z',
    ],
    ['a gap of half an hour', 'Australia/Lord_Howe', '2026-10-04', 2, '2026-10-03T15:30:00.000Z'],
    ['midnight skipped', 'Africa/Cairo', '2026-04-24', 0, '2026-04-23T22:00:00.000Z'],
    [
      '23:00 skipped: midnight, for the day before',
      'America/Nuuk',
      '2026-03-28',
      23,
      '2026-03-29T01:00:00.000Z',
    ],
  ])('%s', (_, timeZone, day, hour, expected) => {
    expect(atHour(timeZone, day, hour)).toBe(expected);
  });

  test('do not exist on a day that the zone skipped', () => {
    expect(timesOn('Pacific/Apia', '2011-12-30')).toEqual([]);
    expect(timesOn('Pacific/Apia', '2011-12-31')).toHaveLength(24);
  });

  test('exclude the start and include the end', () => {
    const at = '2026-01-05T08:00:00.000Z';

    expect(deliveryTimesBetween('UTC', at, addMs(at, 1))).toEqual([]);
    expect(deliveryTimesBetween('UTC', addMs(at, -1), at)).toEqual([{ day: '2026-01-05', hour: 8, at }]);
  });

  test('throw for an unknown zone', () => {
    const from = '2026-01-05T08:00:00.000Z';
    expect(() => deliveryTimesBetween('Mars/Olympus', from, addMs(from, MS_PER_DAY))).toThrow(RangeError);
  });

  test('are the first instant at which the local clock shows the chosen hour or a later one', () => {
    const from = '2026-03-20T00:00:00.000Z';
    const faults: string[] = [];
    for (const timeZone of isThorough ? ZONES : ZONES.filter((_, position) => position % 5 === 0)) {
      // The Swedish way of writing a date and a time sorts as text.
      const clock = new Intl.DateTimeFormat('sv-SE', { timeZone, dateStyle: 'short', timeStyle: 'short' });
      for (const { day, hour, at } of deliveryTimesBetween(timeZone, from, addMs(from, 15 * MS_PER_DAY))) {
        const asked = `${day} ${String(hour).padStart(2, '0')}:00`;
        const shown = clock.format(toEpochMs(at));
        const shownBefore = clock.format(toEpochMs(at) - 1);
        if (shown < asked || shownBefore >= asked)
          faults.push(`${timeZone} ${asked}: ${shownBefore} then ${shown}`);
      }
    }
    expect(faults).toEqual([]);
  });

  test('are the same, each once, however the span is split', () => {
    const start = toEpochMs('2026-03-01T00:00:00.000Z');
    const cut = fc.array(fc.integer({ min: 0, max: 60 * 96 }), { minLength: 1, maxLength: 6 });
    fc.assert(
      fc.property(fc.constantFrom(...ZONES), cut, (timeZone, ticks) => {
        const ends = [...new Set(ticks)]
          .sort((a, b) => a - b)
          .map((tick) => toInstant(start + tick * 900_000));
        const first = ends[0] ?? '';
        const last = ends.at(-1) ?? '';

        const pieces = ends.slice(1).flatMap((end, i) => deliveryTimesBetween(timeZone, ends[i] ?? '', end));

        const byMoment = (a: DeliveryTime, b: DeliveryTime) => (a.at + a.hour < b.at + b.hour ? -1 : 1);
        const whole = deliveryTimesBetween(timeZone, first, last);
        expect([...pieces].sort(byMoment)).toEqual([...whole].sort(byMoment));
      }),
      { numRuns: runs(25, 300) },
    );
  });
});
