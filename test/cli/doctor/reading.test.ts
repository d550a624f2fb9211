import { expect, test } from '@jest/globals';
import { checkList, readingChecks } from '../../../cli/doctor/checks/reading.ts';
import { arxivCalendar } from '../../../shared/domain/lists/arxiv-calendar.ts';
import type { ListHistory } from '../../../shared/domain/lists/list-state.ts';
import { findList } from '../../../shared/domain/lists/lists.ts';

const LONG_AGO = '2026-01-01T00:00:00.000Z';
const BATCH_OF_THURSDAY = {
  lastSuccessAt: '2026-11-26T05:10:00.000Z',
  lastNewAt: '2026-11-26T05:10:00.000Z',
  newestDay: '2026-11-26',
  failuresInARow: 0,
  isNewestWhole: true,
};

const check = (now: string, history: ListHistory = BATCH_OF_THURSDAY) =>
  checkList(
    { list: 'arxiv/cs.CL', history, calendar: arxivCalendar, minutes: [10, 25, 40, 55], readsBatches: true },
    now,
    LONG_AGO,
  );

test.each([
  ['on a holiday, a day and a half after the last read', '2026-11-27T17:00:00.000Z', 'ok'],
  ['at the weekend after it', '2026-11-29T17:00:00.000Z', 'ok'],
  ['a quarter hour after the next batch began', '2026-11-30T05:15:00.000Z', 'ok'],
  ['if it is not read then', '2026-11-30T05:45:00.000Z', 'warn'],
  ['if it is not read for an hour', '2026-11-30T06:30:00.000Z', 'fail'],
])('a list that is read once a batch is all right while it awaits none: %s', (_, now, state) => {
  expect(check(now).state).toBe(state);
});

test('says what readers see', () => {
  expect(check('2026-11-27T17:00:00.000Z').found).toMatch(
    /^quiet: US holiday \(Thanksgiving\); read 36 h ago/,
  );
  const late = { ...BATCH_OF_THURSDAY, lastSuccessAt: '2026-12-01T16:55:00.000Z' };
  expect(check('2026-12-01T17:00:00.000Z', late)).toMatchObject({
    state: 'warn',
    found: expect.stringMatching(/^stale since 2026-11-30; read 5 min ago/),
  });
});

test('warns in a year whose holidays are not known', () => {
  const history = {
    ...BATCH_OF_THURSDAY,
    newestDay: '2031-03-04',
    lastSuccessAt: '2031-03-04T05:10:00.000Z',
  };

  expect(check('2031-03-04T12:00:00.000Z', history)).toMatchObject({
    state: 'warn',
    found: expect.stringContaining('no holidays of 2031 are known'),
    advice: expect.stringContaining('docs/operating.md, "Holidays of a new year"'),
  });
});

test.each([
  ['2026-12-10', 'ok'],
  ['2026-12-22', 'warn'],
])('warns two weeks before a year whose holidays are not known: %s', (day, state) => {
  const history = { ...BATCH_OF_THURSDAY, newestDay: day, lastSuccessAt: `${day}T05:10:00.000Z` };

  expect(check(`${day}T12:00:00.000Z`, history).state).toBe(state);
});

test('names missed days that a list of the source could not read, and when the next try is', async () => {
  const unread = {
    list: 'arxiv/cs.CL',
    from: '2026-11-24',
    until: '2026-11-25',
    failingSince: '2026-11-27T14:00:00.000Z',
    retryAt: '2026-11-27T17:45:00.000Z',
  };
  const older = {
    list: 'arxiv/cs.CL',
    from: '2026-11-18',
    until: '2026-11-18',
    failingSince: '2026-11-22T17:00:00.000Z',
    retryAt: '2026-11-28T17:00:00.000Z',
  };
  const checks = readingChecks(
    'arxiv',
    ['arxiv/cs.CL', 'arxiv/cs.CV'].flatMap((id) => findList(id) ?? []),
    [10],
    {
      loadState: async () => ({
        cursor: 'gaps',
        lists: { 'arxiv/cs.CL': BATCH_OF_THURSDAY, 'arxiv/cs.CV': BATCH_OF_THURSDAY },
      }),
      loadDeployedAt: async () => LONG_AGO,
      now: () => '2026-11-27T17:00:00.000Z',
      findUnread: (cursor) => (cursor === 'gaps' ? [older, unread] : []),
    },
  );

  expect(await Promise.all(checks.map(({ run }) => run()))).toMatchObject([
    {
      state: 'warn',
      found: expect.stringMatching(
        /; 2026-11-18, 2026-11-24 to 2026-11-25 could not be read for 5 days, next try in 45 min$/,
      ),
      advice: 'docs/alarms.md, "A list is stale or broken"',
    },
    { state: 'ok' },
  ]);
});

test('many lists of a source share a line, which names the worst', async () => {
  const ids = ['AI', 'CL', 'CV', 'DB', 'HC', 'IR', 'LG', 'RO'].map((part) => `arxiv/cs.${part}`);
  const lists = ids.flatMap((id) => findList(id) ?? []);
  const histories = Object.fromEntries(
    ids.map((id, index) => [id, { ...BATCH_OF_THURSDAY, failuresInARow: index < 5 ? 3 : 0 }]),
  );

  const [summary, ...others] = readingChecks('arxiv', lists, [10, 25, 40, 55], {
    loadState: async () => {
      return { lists: histories };
    },
    loadDeployedAt: async () => LONG_AGO,
    now: () => '2026-11-27T17:00:00.000Z',
  });

  expect(others).toEqual([]);
  expect(summary?.name).toBe('lists of arxiv');
  expect(await summary?.run()).toMatchObject({
    state: 'fail',
    found: expect.stringMatching(
      /^3 of 8 lists are well; arxiv\/cs\.AI is broken; read .*; arxiv\/cs\.CL is broken.*; arxiv\/cs\.CV is broken.*; so are 2 more$/,
    ),
    advice: 'docs/alarms.md, "A list is stale or broken"',
  });
});
