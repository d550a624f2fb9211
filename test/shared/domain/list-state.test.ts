import { expect, test } from '@jest/globals';
import { findDueTimes, toListState } from '../../../shared/domain/list-state.ts';

const WEEKDAYS = { timeZone: 'Etc/UTC', weekdays: [1, 2, 3, 4, 5], dueHour: 12 };
const MONDAY_MORNING = '2026-01-05T08:00:00.000Z';
const MONDAY_AFTERNOON = '2026-01-05T13:00:00.000Z';
const SUNDAY = '2026-01-04T13:00:00.000Z';

test.each([
  [
    'new papers today',
    { lastNewAt: '2026-01-05T07:00:00.000Z', failuresInARow: 0 },
    MONDAY_AFTERNOON,
    'fresh',
  ],
  [
    'new papers on Friday, now Sunday',
    { lastNewAt: '2026-01-02T15:00:00.000Z', failuresInARow: 0 },
    SUNDAY,
    'quiet',
  ],
  [
    'new papers on Friday, Monday before noon',
    { lastNewAt: '2026-01-02T15:00:00.000Z', failuresInARow: 0 },
    MONDAY_MORNING,
    'quiet',
  ],
  [
    'new papers on Friday, Monday after noon',
    { lastNewAt: '2026-01-02T15:00:00.000Z', failuresInARow: 0 },
    MONDAY_AFTERNOON,
    'stale',
  ],
  ['none ever', { failuresInARow: 0 }, SUNDAY, 'stale'],
  ['two failures', { lastNewAt: '2026-01-05T07:00:00.000Z', failuresInARow: 2 }, MONDAY_AFTERNOON, 'fresh'],
  [
    'new papers today, but its newest day came in part',
    { lastNewAt: '2026-01-05T07:00:00.000Z', failuresInARow: 0, isNewestWhole: false },
    MONDAY_AFTERNOON,
    'partial',
  ],
  [
    'nothing due on a Sunday, but Friday could not be read',
    { lastNewAt: '2026-01-02T07:00:00.000Z', failuresInARow: 0, isNewestWhole: false },
    SUNDAY,
    'partial',
  ],
  [
    'new papers today, and its newest day came whole',
    { lastNewAt: '2026-01-05T07:00:00.000Z', failuresInARow: 0, isNewestWhole: true },
    MONDAY_AFTERNOON,
    'fresh',
  ],
  [
    'three failures',
    { lastNewAt: '2026-01-05T07:00:00.000Z', failuresInARow: 3 },
    MONDAY_AFTERNOON,
    'broken',
  ],
])('%s', (_, history, now, expected) => {
  expect(toListState(history, WEEKDAYS, now)).toBe(expected);
});

test.each([
  [
    'new papers today before the due hour',
    '2026-01-05T07:00:00.000Z',
    MONDAY_MORNING,
    undefined,
    '2026-01-06',
  ],
  ['new papers today, now afternoon', '2026-01-05T07:00:00.000Z', MONDAY_AFTERNOON, undefined, '2026-01-06'],
  ['new papers on Friday, now Sunday', '2026-01-02T15:00:00.000Z', SUNDAY, undefined, '2026-01-05'],
  [
    'new papers on Friday, Monday before noon',
    '2026-01-02T15:00:00.000Z',
    MONDAY_MORNING,
    undefined,
    '2026-01-05',
  ],
  [
    'new papers on Friday, Monday after noon',
    '2026-01-02T15:00:00.000Z',
    MONDAY_AFTERNOON,
    '2026-01-05',
    '2026-01-06',
  ],
  ['none since Wednesday', '2025-12-31T15:00:00.000Z', MONDAY_AFTERNOON, '2026-01-01', '2026-01-06'],
  ['new papers on Saturday, now Sunday', '2026-01-03T15:00:00.000Z', SUNDAY, undefined, '2026-01-05'],
  ['none ever', undefined, SUNDAY, undefined, '2026-01-05'],
])('due times: %s', (_, lastNewAt, now, overdueDay, nextDay) => {
  const at = (day: string) => `${day}T12:00:00.000Z`;

  expect(findDueTimes({ lastNewAt }, WEEKDAYS, now)).toEqual({
    ...(overdueDay !== undefined && { overdueSince: at(overdueDay) }),
    nextDueAt: at(nextDay),
  });
});
