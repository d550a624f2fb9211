import { expect, test } from '@jest/globals';
import { arxivCalendar } from '../../../../shared/domain/lists/arxiv-calendar.ts';
import {
  calendarDayOf,
  isListingDay,
  type ListCalendar,
} from '../../../../shared/domain/lists/list-calendar.ts';
import { readDays, toDaysText, withReadings } from '../../../../shared/domain/lists/list-days.ts';
import {
  findDueTimes,
  isReadWorthwhile,
  type ListHistory,
  toListCondition,
  toListState,
} from '../../../../shared/domain/lists/list-state.ts';
import { IRREGULAR } from '../../../../shared/domain/lists/lists.ts';
import { addDays, addMs, daysFrom, MS_PER_HOUR } from '../../../../shared/domain/time/time.ts';

/** The calendar of Hugging Face Daily Papers. */
const HF: ListCalendar = { timeZone: 'Etc/UTC', weekdays: [1, 2, 3, 4, 5], dueHour: 12 };
const OK = { lastSuccessAt: '2026-11-23T08:00:00.000Z', failuresInARow: 0 };

/** A list with these papers, as the reads of its last days saw them. */
const withDays = (newestDay: string, days?: string) => ({ ...OK, newestDay, ...(days && { days }) });

const TODAY = withDays('2026-11-23');
const SMALL = '2026-11-16 1 0 0 2 0 0 0 1 0';

// 23 November 2026 is a Monday. Thursday 26 is Thanksgiving, so arXiv has no batch on Friday 27.
test.each<[string, ListCalendar, ListHistory, string, string]>([
  ['papers of today', HF, TODAY, '2026-11-23T13:00Z', 'fresh'],
  ['papers of yesterday in the morning', HF, TODAY, '2026-11-24T08:00Z', 'fresh'],
  ['papers of Friday on a Sunday', HF, withDays('2026-11-20'), '2026-11-22T13:00Z', 'quiet weekday'],
  ['papers of Friday on Monday morning', HF, withDays('2026-11-20'), '2026-11-23T08:00Z', 'quiet early'],
  ['papers of Friday, Monday at noon', HF, withDays('2026-11-20'), '2026-11-23T12:00Z', 'stale 2026-11-23'],
  ['no papers yet', HF, OK, '2026-11-22T13:00Z', 'stale'],
  ['an older state', HF, { ...OK, lastNewAt: '2026-11-23T07:00:00.000Z' }, '2026-11-23T13:00Z', 'fresh'],
  ['two failures', HF, { ...TODAY, failuresInARow: 2 }, '2026-11-23T13:00Z', 'fresh'],
  ['three failures', HF, { ...TODAY, failuresInARow: 3 }, '2026-11-23T13:00Z', 'broken'],
  ['a part of today', HF, { ...TODAY, isNewestWhole: false }, '2026-11-23T13:00Z', 'partial'],
  ['a part at a weekend', HF, { ...TODAY, isNewestWhole: false }, '2026-11-28T13:00Z', 'partial'],
  ['a whole newest day', HF, { ...TODAY, isNewestWhole: true }, '2026-11-23T13:00Z', 'fresh'],
  ['the batch of today', arxivCalendar, TODAY, '2026-11-23T08:00Z', 'fresh'],
  ['yesterday’s batch before 2 o’clock', arxivCalendar, TODAY, '2026-11-24T06:59Z', 'fresh'],
  ['yesterday’s batch at 2 o’clock', arxivCalendar, TODAY, '2026-11-24T07:00Z', 'stale 2026-11-24'],
  ['yesterday’s batch, late in the evening', arxivCalendar, TODAY, '2026-11-25T03:00Z', 'stale 2026-11-24'],
  ['a batch that is two days late', arxivCalendar, TODAY, '2026-11-25T15:00Z', 'stale 2026-11-24'],
  // Papers came today, but they are those of a day that was missed. Today’s own are still late.
  [
    ...(['a late batch without that of today', arxivCalendar] as const),
    ...([
      { ...TODAY, lastNewAt: '2026-11-24T07:30:00.000Z' },
      '2026-11-24T08:00Z',
      'stale 2026-11-24',
    ] as const),
  ],
  [
    'a holiday',
    arxivCalendar,
    withDays('2026-11-26'),
    '2026-11-27T15:00Z',
    'quiet US holiday (Thanksgiving)',
  ],
  ['papers on a holiday', arxivCalendar, withDays('2026-11-27'), '2026-11-27T15:00Z', 'fresh'],
  ['a loss before a holiday', arxivCalendar, withDays('2026-11-25'), '2026-11-27T15:00Z', 'stale 2026-11-26'],
  ['a holiday and a weekend', arxivCalendar, withDays('2026-11-26'), '2026-11-28T15:00Z', 'quiet weekday'],
  [
    'the year’s end',
    arxivCalendar,
    withDays('2026-12-31'),
    '2027-01-01T15:00Z',
    'quiet arXiv’s winter break',
  ],
  ['few papers', arxivCalendar, withDays('2026-11-23', SMALL), '2026-11-25T15:00Z', 'quiet none'],
  [
    'few papers, and a pause that is likely',
    arxivCalendar,
    withDays('2026-11-23', SMALL),
    '2026-12-02T15:00Z',
    'quiet none',
  ],
  [
    'few papers, and a pause that is not',
    arxivCalendar,
    withDays('2026-11-23', SMALL),
    '2026-12-03T15:00Z',
    'stale 2026-11-24',
  ],
  [
    'many papers',
    arxivCalendar,
    withDays('2026-11-23', '2026-11-16 90 99 80 70 85 0 0 120 0'),
    '2026-11-24T15:00Z',
    'stale 2026-11-24',
  ],
  ['irregular papers, yesterday', IRREGULAR, TODAY, '2026-11-24T13:00Z', 'fresh'],
  ['irregular papers, months ago', IRREGULAR, withDays('2026-07-01'), '2026-11-23T13:00Z', 'quiet none'],
  ['irregular papers, unreadable', IRREGULAR, { ...OK, failuresInARow: 3 }, '2026-11-23T13:00Z', 'broken'],
])('the condition of a list with %s', (_, calendar, history, now, expected) => {
  const { state, ...more } = toListCondition(history, calendar, now.replace('Z', ':00.000Z'));
  const { holiday, because, overdueDay } = more as Record<string, string | undefined>;

  expect([state, holiday ?? because ?? overdueDay].filter(Boolean).join(' ')).toBe(expected);
  expect(toListState(history, calendar, now.replace('Z', ':00.000Z'))).toBe(state);
});

test.each([
  ['new papers today before the due hour', '2026-01-05', '2026-01-05T08:00:00.000Z', undefined, '2026-01-06'],
  [
    'new papers on Friday, Monday before noon',
    '2026-01-02',
    '2026-01-05T08:00:00.000Z',
    undefined,
    '2026-01-05',
  ],
  [
    'new papers on Friday, Monday afternoon',
    '2026-01-02',
    '2026-01-05T13:00:00.000Z',
    '2026-01-05',
    '2026-01-06',
  ],
  ['none since Wednesday', '2025-12-31', '2026-01-05T13:00:00.000Z', '2026-01-01', '2026-01-06'],
  ['new papers on Saturday, now Sunday', '2026-01-03', '2026-01-04T13:00:00.000Z', undefined, '2026-01-05'],
  ['none ever', undefined, '2026-01-04T13:00:00.000Z', undefined, '2026-01-05'],
])('due times: %s', (_, newestDay, now, overdueDay, nextDay) => {
  expect(findDueTimes({ ...OK, newestDay }, HF, now)).toEqual({
    ...(overdueDay !== undefined && { overdueSince: `${overdueDay}T12:00:00.000Z` }),
    nextDueAt: `${nextDay}T12:00:00.000Z`,
  });
});

test('a list with irregular papers has no due times', () => {
  expect(findDueTimes(withDays('2026-01-05'), IRREGULAR, '2026-01-06T08:00:00.000Z')).toEqual({});
});

test.each<[string, ListHistory | undefined, string, boolean]>([
  ['that was never read', undefined, '2026-11-23T08:00Z', true],
  ['that was never read, on a Sunday', undefined, '2026-11-22T08:00Z', false],
  ['with the batch of today', withDays('2026-11-24'), '2026-11-24T08:00Z', false],
  ['from midnight in New York on', withDays('2026-11-23'), '2026-11-24T05:00Z', true],
  ['before that', withDays('2026-11-23'), '2026-11-24T04:59Z', false],
  ['with a late batch', withDays('2026-11-23'), '2026-11-24T23:00Z', true],
  ['on a holiday', withDays('2026-11-26'), '2026-11-27T15:00Z', false],
  ['after a failed read', { ...withDays('2026-11-26'), failuresInARow: 1 }, '2026-11-26T15:00Z', true],
  [
    'after a failed read, on a holiday',
    { ...withDays('2026-11-26'), failuresInARow: 1 },
    '2026-11-27T15:00Z',
    false,
  ],
  ['after a partial read', { ...withDays('2026-11-26'), isNewestWhole: false }, '2026-11-26T15:00Z', true],
  ['small, in the first hours', withDays('2026-11-23', SMALL), '2026-11-24T10:45Z', true],
  ['small, later', withDays('2026-11-23', SMALL), '2026-11-24T11:00Z', false],
])('whether a read is worthwhile of a list %s', (_, history, now, expected) => {
  expect(isReadWorthwhile(history, arxivCalendar, now.replace('Z', ':00.000Z'))).toBe(expected);
});

test.each([3, 8, 15, 25, 40])(
  'a category with a paper on every %dth listing day is late on few of its days',
  (period) => {
    const days = daysFrom('2026-01-05', '2026-10-30').filter((day) => isListingDay(arxivCalendar, day));
    let history: ListHistory = OK;
    let records = readDays(undefined);
    let [late, reads] = [0, 0];
    days.forEach((day, index) => {
      const papers = index % period === period - 1 ? 1 : 0;
      const at = `${day}T09:00:00.000Z`;
      reads += isReadWorthwhile(history, arxivCalendar, `${day}T18:00:00.000Z`) ? 1 : 0;
      records = withReadings(records, new Map([[day, { papers }]]), arxivCalendar, at);
      const newestDay = papers > 0 ? day : history.newestDay;
      history = { ...OK, newestDay, days: toDaysText(records) };
      late += toListState(history, arxivCalendar, at) === 'stale' ? 1 : 0;
    });

    expect(late).toBeLessThanOrEqual(3);
    expect(reads).toBeLessThanOrEqual(5);
  },
);

test('a large category that stops is late for three weeks', () => {
  let records = readDays(undefined);
  const states = daysFrom('2026-01-05', '2026-02-27').map((day) => {
    const papers = isListingDay(arxivCalendar, day) && day < '2026-02-09' ? 50 : 0;
    const at = `${day}T09:00:00.000Z`;
    records = withReadings(records, new Map([[day, { papers }]]), arxivCalendar, at);
    const newestDay = day < '2026-02-09' ? day : '2026-02-06';
    return [day, toListState({ ...OK, newestDay, days: toDaysText(records) }, arxivCalendar, at)];
  });

  expect(states.filter(([day = '', state]) => day < '2026-02-09' && state === 'stale')).toEqual([]);
  expect(states.filter(([day = '', state]) => day >= '2026-02-09' && state !== 'stale')).toEqual([]);
});

test('a year of a list of arXiv, hour by hour: quiet without a batch, stale only after a lost one, and two reads a batch', () => {
  const lost = ['2026-03-09', '2026-11-25'];
  let history: ListHistory = { ...OK, newestDay: '2025-12-31' };
  const seen: {
    readonly at: string;
    readonly day: string;
    readonly state: string;
    readonly asks: boolean;
  }[] = [];
  for (let at = '2026-01-01T05:00:00.000Z'; at < '2027-01-01T05:00:00.000Z'; at = addMs(at, MS_PER_HOUR)) {
    const day = calendarDayOf(arxivCalendar, at);
    const asks = isReadWorthwhile(history, arxivCalendar, at);
    // A batch comes an hour after midnight in New York.
    const hasBatch = isListingDay(arxivCalendar, day) && !lost.includes(day) && seen.at(-1)?.day === day;
    if (asks) history = { ...history, lastSuccessAt: at, ...(hasBatch && { newestDay: day }) };
    seen.push({ at, day, state: toListState(history, arxivCalendar, at), asks });
  }
  const batchDays = new Set(seen.map(({ day }) => day).filter((day) => isListingDay(arxivCalendar, day)));
  const hoursFrom = (first: string) =>
    Array.from({ length: 23 }, (_, hour) => addMs(`${first}:00:00.000Z`, hour * MS_PER_HOUR));

  // The loss of Monday 9 March, after the start of summer time, and of Wednesday 25 November. The next batch comes at one o’clock.
  expect(seen.filter(({ state }) => state === 'stale').map(({ at }) => at)).toEqual([
    ...hoursFrom('2026-03-09T06'),
    ...hoursFrom('2026-11-25T07'),
  ]);
  expect(batchDays.size).toBe(253);
  expect(seen.filter(({ asks, day }) => asks && !lost.includes(day))).toHaveLength(2 * (batchDays.size - 2));
  expect(seen.filter(({ day, state }) => !batchDays.has(day) && state !== 'quiet')).toEqual([]);
  // The first hour after a day without a batch still has no news, and the second one neither if the batch is lost.
  const firsts = [...batchDays].filter((day) => !batchDays.has(addDays(day, -1)) && day !== '2026-01-01');
  expect(seen.filter(({ day, state }) => batchDays.has(day) && state === 'quiet')).toHaveLength(
    firsts.length + 1,
  );
});
