import { describe, expect, test } from '@jest/globals';
import { survey } from '../../../cli/audit/gaps.ts';
import type { AuditedCohorts } from '../../../cli/audit/ports.ts';
import { parseCohortKey, toCohortKey } from '../../../shared/domain/cohort.ts';
import type { Instant } from '../../../shared/domain/time.ts';

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

    const { gaps } = await survey(cohorts, [accountOf('daily#UTC#07')], DAY, DAY, NOW);

    expect(gaps).toEqual([
      { ...accountOf(BERLIN), dueAt: DUE_AT, isMaybeJoinedSince: false },
      {
        edition: { cadence: 'weekly', period: '2026-W02', cohort: 'weekly#UTC#07#2' },
        dueAt: '2026-01-06T07:00:00.000Z',
        isMaybeJoinedSince: false,
      },
    ]);
  });

  test('are not those of other weekdays, of other days of the month, and of instant cohorts', async () => {
    const cohorts = keep({
      'weekly#UTC#07#1': EARLIER,
      'monthly#UTC#07': EARLIER,
      'instant#hf-daily': EARLIER,
    });

    expect(await survey(cohorts, [], DAY, DAY, NOW)).toEqual({ gaps: [], notDue: 3 });
  });

  test('go by the local day of each cohort, wherever it is', async () => {
    const cohorts = keep({ 'daily#Pacific/Kiritimati#00': EARLIER, 'daily#Pacific/Pago_Pago#23': EARLIER });

    const { gaps } = await survey(cohorts, [], DAY, DAY, NOW);

    expect(gaps.map(({ edition, dueAt }) => [edition.period, dueAt])).toEqual([
      [DAY, '2026-01-05T10:00:00.000Z'],
      [DAY, '2026-01-07T10:00:00.000Z'],
    ]);
  });

  test('are looked for on each of several days', async () => {
    const { gaps } = await survey(
      keep({ [BERLIN]: EARLIER }),
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
      const { gaps } = await survey(keep({ [BERLIN]: joinedAt }), [], DAY, DAY, NOW);

      expect(gaps).toMatchObject([{ isMaybeJoinedSince }]);
    },
  );

  test.each([
    ['2026-01-06T07:29:59.999Z', 0, 1],
    ['2026-01-06T07:30:00.000Z', 1, 0],
  ])('are not those that the planner may still be at: at %s there are %d', async (now, missing, notDue) => {
    const surveyed = await survey(keep({ [BERLIN]: EARLIER }), [], DAY, DAY, now);

    expect(surveyed.gaps).toHaveLength(missing);
    expect(surveyed.notDue).toBe(notDue);
  });
});
