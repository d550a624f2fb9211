import { expect, test } from '@jest/globals';
import { parseDay, parseFirstDay, parseLedgerDay, parseMonth } from '../../cli/days.ts';
import { InvalidInputError } from '../../shared/domain/errors.ts';

const NOON = '2026-01-06T12:00:00.000Z';

test.each([
  ['today', '2026-01-06'],
  ['tomorrow, which has begun in the first time zone', '2026-01-07'],
  ['the oldest day of the ledger', '2025-09-30'],
])('a day of the ledger can be %s', (_, day) => {
  expect(parseLedgerDay(day, NOON)).toBe(day);
});

test.each([
  ['monday', '"monday" is not a day. Enter one like 2026-01-05.'],
  ['2026-01-08', '2026-01-08 has not come yet. Enter 2026-01-07 or an earlier day.'],
  [
    '2025-09-29',
    'Broadsheet keeps digests for 100 days, so 2025-09-29 is too long ago. Enter 2025-09-30 or a later day.',
  ],
])('%s cannot be a day of the ledger', (day, message) => {
  expect(() => parseLedgerDay(day, NOON)).toThrow(new InvalidInputError(message));
});

test.each(['2026-02-30', '2026-1-5', '', '2026-01'])('refuses the day "%s"', (text) => {
  expect(() => parseDay(text)).toThrow(`"${text}" is not a day. Enter one like 2026-01-06.`);
});

test.each(['2026-13', '2026-1', '', '2026-01-05'])('refuses the month "%s"', (text) => {
  expect(() => parseMonth(text)).toThrow(`"${text}" is not a month. Enter one like 2026-01.`);
});

test('takes a first day since arXiv opened', () => {
  for (const day of ['1991-08-14', '2026-01-06']) expect(parseFirstDay(day, NOON)).toBe(day);
});

test.each([
  ['0001-01-01', 'arXiv opened on 14 August 1991. Name 1991-08-14 or a later day.'],
  ['1991-08-13', 'No papers are this old.'],
  ['2026-01-07', '--from 2026-01-07 is still to come. Name an earlier day.'],
  ['monday', '"monday" is not a day.'],
])('refuses %s as the first day of a back-fill', (day, words) => {
  expect(() => parseFirstDay(day, NOON)).toThrow(InvalidInputError);
  expect(() => parseFirstDay(day, NOON)).toThrow(words);
});
