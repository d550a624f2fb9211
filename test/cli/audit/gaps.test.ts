import { describe, expect, test } from '@jest/globals';
import type { AuditedCohorts, AuditedLedger } from '../../../cli/audit/audit.ts';
import { survey } from '../../../cli/audit/gaps.ts';
import { parseCohortKey, toCohortKey } from '../../../shared/domain/digests/cohort.ts';
import type { Instant } from '../../../shared/domain/time/time.ts';

const DAY = '2026-01-06';
const NOW = '2026-01-10T08:00:00.000Z';
const BERLIN = 'daily#Europe/Berlin#08';
/** The hour of Berlin's edition. */
const DUE_AT = '2026-01-06T07:00:00.000Z';

/** Cohorts by when somebody last joined them; those that are `empty` were left by all. */
function keep(joined: Readonly<Record<string, Instant>>, ...empty: readonly string[]): AuditedCohorts {
  return {
    loadAll: async () =>
      Object.entries(joined).map(([key, lastJoinedAt]) => ({ cohort: parseCohortKey(key), lastJoinedAt })),
    hasMembers: async (cohort) => !empty.includes(toCohortKey(cohort)),
  };
}

type Ledger = Pick<AuditedLedger, 'loadMemberships'>;

/** A ledger with editions of Berlin's cohort, by how many were planned for each period. */
function keepEditions(planned: Readonly<Record<string, number>>): Ledger {
  return {
    loadMemberships: async (editions) =>
      new Map(
        editions.flatMap((edition) => {
          const count = edition.cohort === BERLIN ? planned[edition.period] : undefined;
          return count === undefined ? [] : [[edition, count > 0] as const];
        }),
      ),
  };
}

const NO_EDITIONS = keepEditions({});

const accountOf = (cohort: string, period = DAY) => ({
  edition: { cadence: 'daily', period, cohort } as const,
});
const EARLIER = '2025-12-01T00:00:00.000Z';

describe('the editions of a day that are missing', () => {
  test('are those that were due, of cohorts with subscribers', async () => {
    const cohorts = keep(
      { [BERLIN]: EARLIER, 'daily#UTC#07': EARLIER, 'weekly#UTC#07#2': EARLIER, 'daily#UTC#09': EARLIER },
      'daily#UTC#09',
    );

    const { gaps } = await survey(
      { cohorts, ledger: NO_EDITIONS },
      [accountOf('daily#UTC#07')],
      DAY,
      DAY,
      NOW,
    );

    expect(gaps).toEqual([
      { ...accountOf(BERLIN), dueAt: DUE_AT, isMaybeJoinedSince: false },
      {
        edition: { cadence: 'weekly', period: '2026-W02', cohort: 'weekly#UTC#07#2' },
        dueAt: '2026-01-06T07:00:00.000Z',
        isMaybeJoinedSince: false,
      },
    ]);
  });

  test('are found in every other cohort if the times of one cannot be computed', async () => {
    const cohorts = keep(
      { 'daily#PST#08': EARLIER, 'daily#IST#08': EARLIER, [BERLIN]: EARLIER },
      'daily#IST#08',
    );

    const { gaps, notPlannable } = await survey({ cohorts, ledger: NO_EDITIONS }, [], DAY, DAY, NOW);

    expect(gaps.map(({ edition }) => edition.cohort)).toEqual([BERLIN]);
    expect(notPlannable).toEqual(['daily#PST#08']);
  });

  test('are not those of other weekdays, of other days of the month, and of instant cohorts', async () => {
    const cohorts = keep({
      'weekly#UTC#07#1': EARLIER,
      'monthly#UTC#07': EARLIER,
      'instant#hf-daily': EARLIER,
    });

    expect(await survey({ cohorts, ledger: NO_EDITIONS }, [], DAY, DAY, NOW)).toEqual({
      gaps: [],
      notDue: 3,
      notPlannable: [],
    });
  });

  test('go by the local day of each cohort', async () => {
    const cohorts = keep({ 'daily#Pacific/Kiritimati#00': EARLIER, 'daily#Pacific/Pago_Pago#23': EARLIER });

    const { gaps } = await survey({ cohorts, ledger: NO_EDITIONS }, [], DAY, DAY, NOW);

    expect(gaps.map(({ edition, dueAt }) => [edition.period, dueAt])).toEqual([
      [DAY, '2026-01-05T10:00:00.000Z'],
      [DAY, '2026-01-07T10:00:00.000Z'],
    ]);
  });

  test('are looked for on each of several days', async () => {
    const { gaps } = await survey(
      { cohorts: keep({ [BERLIN]: EARLIER }), ledger: NO_EDITIONS },
      [accountOf(BERLIN, '2026-01-06')],
      '2026-01-05',
      '2026-01-07',
      NOW,
    );

    expect(gaps.map(({ edition }) => edition.period)).toEqual(['2026-01-05', '2026-01-07']);
  });

  test.each([
    ['2026-01-06T07:00:00.000Z', false],
    ['2026-01-06T07:00:00.001Z', true],
  ])(
    'of a cohort that was joined at %s may be missing for that: %s',
    async (joinedAt, isMaybeJoinedSince) => {
      const cohorts = keep({ [BERLIN]: joinedAt });

      const { gaps } = await survey({ cohorts, ledger: NO_EDITIONS }, [], DAY, DAY, NOW);

      expect(gaps).toMatchObject([{ isMaybeJoinedSince }]);
    },
  );

  test.each([
    ['had members the day before', false, { '2026-01-05': 1000 }],
    ['had members in the last edition that there is, days before', false, { '2025-12-30': 1 }],
    ['had nobody in it the day before', true, { '2026-01-04': 3, '2026-01-05': 0 }],
    ['has later editions alone', true, { '2026-01-07': 1000 }],
    ['has no edition', true, {}],
  ])(
    'of a cohort that %s may be missing because of a profile that was changed since: %s',
    async (_, isMaybeJoinedSince, planned) => {
      const cohorts = keep({ [BERLIN]: '2026-01-07T12:00:00.000Z' });

      const { gaps } = await survey({ cohorts, ledger: keepEditions(planned) }, [], DAY, DAY, NOW);

      expect(gaps).toMatchObject([{ isMaybeJoinedSince }]);
    },
  );

  test('are compared with what was planned before each of them', async () => {
    const cohorts = keep({ [BERLIN]: '2026-01-09T12:00:00.000Z' });
    const ledger = keepEditions({ '2026-01-06': 2 });

    const { gaps } = await survey(
      { cohorts, ledger },
      [accountOf(BERLIN, '2026-01-06')],
      '2026-01-05',
      '2026-01-08',
      NOW,
    );

    expect(gaps.map(({ edition, isMaybeJoinedSince }) => [edition.period, isMaybeJoinedSince])).toEqual([
      ['2026-01-05', true],
      ['2026-01-07', false],
      ['2026-01-08', false],
    ]);
  });

  test.each([
    ['weekly#UTC#07#2', '2026-W02', '2025-W52'],
    ['weekly#UTC#07#2', '2026-W02', '2026-W01'],
    ['monthly#UTC#07', '2026-03', '2025-12'],
  ])('of %s in %s are held against its edition of %s', async (cohort, period, earlier) => {
    const cadence = cohort.startsWith('weekly') ? 'weekly' : 'monthly';
    const cohorts = keep({ [cohort]: '2026-03-05T00:00:00.000Z' });
    const ledger: Ledger = {
      loadMemberships: async (editions) =>
        new Map(editions.filter((edition) => edition.period === earlier).map((edition) => [edition, true])),
    };
    const day = cadence === 'weekly' ? DAY : '2026-03-01';

    const { gaps } = await survey({ cohorts, ledger }, [], day, day, '2026-03-06T00:00:00.000Z');

    expect(gaps).toMatchObject([{ edition: { cadence, period, cohort }, isMaybeJoinedSince: false }]);
  });

  test('read the ledger once if no profile changed since', async () => {
    const cohorts = keep({ [BERLIN]: EARLIER });
    const ledger: Ledger = { loadMemberships: async (editions) => expect(editions).toEqual([]) ?? new Map() };

    expect((await survey({ cohorts, ledger }, [], DAY, DAY, NOW)).gaps).toHaveLength(1);
  });

  test.each([
    ['2026-01-06T07:29:59.999Z', 0, 1],
    ['2026-01-06T07:30:00.000Z', 1, 0],
  ])('are not those that the planner may still be at: at %s there are %d', async (now, missing, notDue) => {
    const cohorts = keep({ [BERLIN]: EARLIER });

    const surveyed = await survey({ cohorts, ledger: NO_EDITIONS }, [], DAY, DAY, now);

    expect(surveyed.gaps).toHaveLength(missing);
    expect(surveyed.notDue).toBe(notDue);
  });
});
