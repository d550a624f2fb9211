import { expect, test } from '@jest/globals';
import { earliestOf, latestOf } from '../../../../shared/domain/time/time.ts';

test.each([
  { times: [], earliest: undefined, latest: undefined },
  { times: [undefined], earliest: undefined, latest: undefined },
  { times: ['2026-01-05', undefined], earliest: '2026-01-05', latest: '2026-01-05' },
  { times: [undefined, '2026-02', '2026-01', '2026-03'], earliest: '2026-01', latest: '2026-03' },
])('the earliest and the latest of $times are $earliest and $latest', ({ times, earliest, latest }) => {
  expect([earliestOf(times), latestOf(times)]).toEqual([earliest, latest]);
});
