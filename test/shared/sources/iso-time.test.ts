import { describe, expect, it } from '@jest/globals';
import { readInstant } from '../../../shared/sources/iso-time.ts';

describe('readInstant', () => {
  it.each([
    ['2026-01-02T03:04:05.678Z', '2026-01-02T03:04:05.678Z'],
    ['2026-01-02T03:04:05Z', '2026-01-02T03:04:05.000Z'],
    ['2026-01-02T03:04:05.678901Z', '2026-01-02T03:04:05.678Z'],
    ['2026-01-02T02:00:00+02:00', '2026-01-02T00:00:00.000Z'],
    ['2026-01-02T03:04:05', '2026-01-02T03:04:05.000Z'],
    ['2026-01-02', '2026-01-02T00:00:00.000Z'],
  ])('reads %s as %s', (text, expected) => {
    expect(readInstant(text)).toBe(expected);
  });

  it.each([undefined, '', 'Jan 5', '5', '2026-02-30', '2026-13-01T00:00:00Z', '9999-12-31T23:59:59-12:00'])(
    'takes %j for no time',
    (text) => {
      expect(readInstant(text)).toBeUndefined();
    },
  );
});
