import { describe, expect, it } from '@jest/globals';
import { readInstant } from '../../../../shared/domain/time/iso-time.ts';
import { MS_PER_HOUR, toInstant } from '../../../../shared/domain/time/time.ts';
import { fc } from '../../../fast-check.ts';

describe('readInstant', () => {
  it.each([
    ['2026-01-02T03:04:05.678Z', '2026-01-02T03:04:05.678Z'],
    ['2026-01-02T03:04:05Z', '2026-01-02T03:04:05.000Z'],
    ['2026-01-02T03:04:05.678901Z', '2026-01-02T03:04:05.678Z'],
    ['2026-01-02T02:00:00+02:00', '2026-01-02T00:00:00.000Z'],
    ['2026-01-02T03:04:05', '2026-01-02T03:04:05.000Z'],
    ['2026-01-02', '2026-01-02T00:00:00.000Z'],
    ['2026-1-2', '2026-01-02T00:00:00.000Z'],
    ['2026-01-02T03:04Z', '2026-01-02T03:04:00.000Z'],
    ['2026-01-02T03:04', '2026-01-02T03:04:00.000Z'],
    ['2026-01-02 03:04:05', '2026-01-02T03:04:05.000Z'],
    ['2026-01-02 03:04:05 +0000', '2026-01-02T03:04:05.000Z'],
    ['2026-01-02t03:04:05z', '2026-01-02T03:04:05.000Z'],
    ['2026-01-02T02:00:00+0200', '2026-01-02T00:00:00.000Z'],
    ['2026-01-02T02:00:00+02', '2026-01-02T00:00:00.000Z'],
    ['2026-01-01T22:30:00-01:30', '2026-01-02T00:00:00.000Z'],
    ['2026-01-02T03:04:05,5Z', '2026-01-02T03:04:05.500Z'],
    [' 2026-01-02\n', '2026-01-02T00:00:00.000Z'],
    ['0050-01-02', '0050-01-02T00:00:00.000Z'],
  ])('reads %s as %s', (text, expected) => {
    expect(readInstant(text)).toBe(expected);
  });

  it.each([
    undefined,
    '',
    'Jan 5',
    '5',
    '2026-02-30',
    '2026-2-30',
    '2026-13-01T00:00:00Z',
    '2026-01-02T25:00:00Z',
    '2026-01-02T00:61:00Z',
    '2026-01-02T00:00:00+99:00',
    '2026-01-02T',
    '02-01-2026',
    '9999-12-31T23:59:59-12:00',
  ])('refuses %j', (text) => {
    expect(readInstant(text)).toBeUndefined();
  });

  const lastMs = Date.parse('9999-12-31T00:00:00Z');

  it('reads every form of the same instant', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: lastMs }), fc.integer({ min: -23, max: 23 }), (ms, hours) => {
        const instant = toInstant(ms);
        const local = toInstant(Math.min(lastMs, Math.max(0, ms) + hours * MS_PER_HOUR)).slice(0, -1);
        fc.pre(ms + hours * MS_PER_HOUR >= 0 && ms + hours * MS_PER_HOUR <= lastMs);
        const sign = hours < 0 ? '-' : '+';
        const hh = String(Math.abs(hours)).padStart(2, '0');
        const short = local.replace(/-0/g, '-');

        expect(readInstant(instant)).toBe(instant);
        expect(readInstant(instant.toLowerCase().replace('t', ' '))).toBe(instant);
        for (const zone of [`${hh}`, `${hh}00`, `${hh}:00`]) {
          expect(readInstant(`${local}${sign}${zone}`)).toBe(instant);
          expect(readInstant(`${short}${sign}${zone}`)).toBe(instant);
        }
      }),
    );
  });
});
