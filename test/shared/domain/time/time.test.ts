import { expect, test } from '@jest/globals';
import {
  EPOCH,
  earliestOf,
  latestOf,
  startOfDay,
  toEpochMs,
  toUtcTime,
  utcDayOf,
} from '../../../../shared/domain/time/time.ts';

test.each([
  { times: [], earliest: undefined, latest: undefined },
  { times: [undefined], earliest: undefined, latest: undefined },
  { times: ['2026-01-05', undefined], earliest: '2026-01-05', latest: '2026-01-05' },
  { times: [undefined, '2026-02', '2026-01', '2026-03'], earliest: '2026-01', latest: '2026-03' },
])('the earliest and the latest of $times are $earliest and $latest', ({ times, earliest, latest }) => {
  expect([earliestOf(times), latestOf(times)]).toEqual([earliest, latest]);
});

test('an instant has a UTC day and a time of day', () => {
  const at = '2026-01-05T08:15:30.000Z';

  expect([utcDayOf(at), toUtcTime(at)]).toEqual(['2026-01-05', '08:15']);
});

test('a day starts at midnight UTC, and the first one of Unix at the epoch', () => {
  expect(startOfDay('2026-01-05')).toBe('2026-01-05T00:00:00.000Z');
  expect([startOfDay('1970-01-01'), toEpochMs(EPOCH)]).toEqual([EPOCH, 0]);
});
