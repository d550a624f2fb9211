import { describe, expect, test } from '@jest/globals';
import {
  countDigests,
  type KeptBatch,
  type KeptEdition,
  sumCounts,
  toEditionAudit,
} from '../../../cli/audit/audit.ts';
import { isSound, toJson, toText } from '../../../cli/audit/report.ts';
import { isDeliveredOn } from '../../../shared/domain/digests/cohort.ts';
import type { Delivery } from '../../../shared/domain/digests/delivery.ts';
import { addDays } from '../../../shared/domain/time/time.ts';
import { fc } from '../../fast-check.ts';

const edition = { cadence: 'daily', period: '2026-01-06', cohort: 'daily#Europe/Berlin#08' } as const;
const NOW = '2026-01-06T08:00:00.000Z';
const outcomes: Readonly<Record<string, Delivery['outcome']>> = {
  sent: { state: 'sent', messageId: 'm' },
  new: { state: 'skipped', reason: 'nothing-new' },
  failed: { state: 'failed', reason: 'no' },
  lost: { state: 'uncertain', reason: 'reset' },
  held: { state: 'claimed' },
  left: { state: 'claimed' },
};

function load(subscriberId: string): Delivery | undefined {
  const outcome = outcomes[subscriberId];
  // A quarter hour ago, and a moment less.
  const claimedAt = subscriberId === 'left' ? '2026-01-06T07:45:00.000Z' : '2026-01-06T07:45:00.001Z';
  const key = { subscriberId, cadence: edition.cadence, period: edition.period };
  return outcome && { ...key, outcome, paperIds: [], claimedAt };
}

interface Kept extends KeptEdition {
  readonly batches: readonly KeptBatch[];
}

function keep(batches: readonly KeptBatch[], overrides: Partial<KeptEdition> = {}): Kept {
  const planned = batches.flatMap(({ subscriberIds }) => subscriberIds).length;
  return { edition, planned, batchCount: batches.length, isComplete: true, batches, ...overrides };
}

const auditOf = (kept: Kept) => toEditionAudit(kept, countDigests(kept.batches, load, NOW));

describe('an edition', () => {
  test('adds up to what was planned, each digest by how it ended', () => {
    const { counts, isExplained } = auditOf(
      keep([
        { subscriberIds: ['sent', 'new', 'failed', 'erased', 'elsewhere'], isSettled: true },
        { subscriberIds: ['lost', 'held', 'nobody'], isSettled: false },
      ]),
    );

    expect(counts).toEqual({
      sent: 1,
      'skipped:nothing-new': 1,
      failed: 1,
      'skipped:erased': 1,
      'skipped:other-batch': 1,
      uncertain: 1,
      claimed: 1,
      waiting: 1,
    });
    expect(isExplained).toBe(true);
  });

  test('counts a claim that is older than a quarter hour as uncertain: its worker is dead', () => {
    const { counts, isOpen } = auditOf(keep([{ subscriberIds: ['left', 'lost'], isSettled: false }]));

    expect(counts).toEqual({ uncertain: 2 });
    expect(isOpen).toBe(false);
  });

  test.each([
    [['sent', 'failed', 'new', 'lost', 'erased'], false],
    [['sent', 'held'], true],
    [['sent', 'nobody'], true],
  ])('with %j is open: %s', (subscriberIds, isOpen) => {
    expect(auditOf(keep([{ subscriberIds, isSettled: false }])).isOpen).toBe(isOpen);
  });

  test.each([
    [
      'a digest without a record in a batch that was worked off',
      keep([{ subscriberIds: ['nobody'], isSettled: true }]),
    ],
    ['more planned than batches name', keep([{ subscriberIds: ['sent'], isSettled: true }], { planned: 2 })],
    [
      'fewer planned than batches name',
      keep([{ subscriberIds: ['sent', 'new'], isSettled: true }], { planned: 1 }),
    ],
  ])('is not explained with %s', (_, kept) => {
    expect(auditOf(kept).isExplained).toBe(false);
  });

  test('counts every id once in each edition and in the total', () => {
    const batch = fc.record({
      subscriberIds: fc.array(fc.constantFrom(...Object.keys(outcomes), 'erased', 'nobody')),
      isSettled: fc.boolean(),
    });
    fc.assert(
      fc.property(fc.array(fc.array(batch)), (editions) => {
        const audits = editions.map((batches) => auditOf(keep(batches)));
        const total = (counts: Readonly<Record<string, number>>) =>
          Object.values(counts).reduce((sum, count) => sum + count, 0);

        for (const { planned, counts } of audits) expect(total(counts)).toBe(planned);
        expect(total(sumCounts(audits))).toBe(audits.reduce((sum, { planned }) => sum + planned, 0));
      }),
    );
  });
});

describe('the day of an edition', () => {
  const DAYS = Array.from({ length: 60 }, (_, n) => addDays('2025-12-20', n));

  test.each([
    ['daily', '2026-01-06', 'daily#UTC#08', ['2026-01-06']],
    ['weekly', '2026-W01', 'weekly#UTC#08#1', ['2025-12-29']],
    ['weekly', '2026-W01', 'weekly#UTC#08#7', ['2026-01-04']],
    ['monthly', '2026-01', 'monthly#Asia/Tokyo#05', ['2026-01-01']],
    ['instant', '2026-01-06T08:15Z', 'instant#hf-daily', ['2026-01-06']],
    ['weekly', '2026-W01', 'weekly#UTC#08#1#0123456789abcdef#2025-12-31', ['2025-12-31']],
    ['monthly', '2026-01', 'monthly#UTC#08#0123456789abcdef#2026-01-20', ['2026-01-20']],
    // Earlier releases wrote no day.
    ['weekly', '2026-W01', 'weekly#UTC#08#1#0123456789abcdef', ['2025-12-29']],
  ] as const)('of %s %s in %s is %j', (cadence, period, cohort, days) => {
    expect(DAYS.filter((day) => isDeliveredOn({ cadence, period, cohort }, day))).toEqual(days);
  });
});

describe('the report', () => {
  const sound = auditOf(keep([{ subscriberIds: ['sent', 'new'], isSettled: true }]));
  const torn = auditOf(keep([{ subscriberIds: ['nobody'], isSettled: true }], { isComplete: false }));
  const gap = {
    edition: { ...edition, cohort: 'daily#Asia/Tokyo#08' },
    dueAt: '2026-01-05T23:00:00.000Z',
  };

  test('is a table with a line for each edition, and one for all', () => {
    expect(toText([sound])).toBe(
      [
        'period      cohort                  planned  sent  skipped:nothing-new',
        '2026-01-06  daily#Europe/Berlin#08        2     1                    1',
        'total                                     2     1                    1',
        '',
        'Everything that was planned is accounted for.',
      ].join('\n'),
    );
  });

  test('names each fault', () => {
    expect(isSound([sound, torn])).toBe(false);
    expect(toText([sound, torn])).toMatch(/ incomplete\n/);
    expect(toText([{ ...torn, isComplete: true }])).toMatch(/ does not add up\n/);
    expect(toText([sound, torn])).toMatch(/\n\nNot everything is accounted for\.$/);
    expect(JSON.parse(toJson([sound]))).toMatchObject({ total: { sent: 1 }, isSound: true });
  });

  const used = {
    readUnits: 4000,
    writeUnits: 2000,
    queueRequests: 40,
    invocations: 20,
    gbSeconds: 30.5,
    mails: 1000,
  };

  test('shows what each edition cost, and no column if no batch says it', () => {
    const later = { ...edition, period: '2026-01-07' };
    const dear = { ...sound, edition: later, used: { ...used, writeUnits: 4000 } };
    const silent = { ...sound, edition: { ...edition, period: '2026-01-08' } };
    const gap = {
      edition: { ...edition, period: '2026-01-09' },
      dueAt: NOW,
      isMaybeJoinedSince: false,
    };
    const survey = { gaps: [gap], notDue: 0, notPlannable: [] };

    const rows = toText([{ ...sound, used }, dear, silent], survey)
      .split('\n')
      .slice(0, 6);

    expect(rows.map((row) => row.split(/ {2,}/))).toEqual([
      ['period', 'cohort', 'planned', 'sent', 'skipped:nothing-new', 'cost'],
      ['2026-01-06', edition.cohort, '2', '1', '1', '$0.0022'],
      ['2026-01-07', edition.cohort, '2', '1', '1', '$0.0034'],
      ['2026-01-08', edition.cohort, '2', '1', '1', '-'],
      ['2026-01-09', edition.cohort, '-', '-', '-', '-', 'not planned'],
      ['total', '6', '3', '3', '$0.0056'],
    ]);
    expect(toText([silent], survey)).not.toContain('cost');
  });

  test('says what sending used, and its price for 1,000 mails', () => {
    const usd = '$0.0022 without SES, or $0.0022 per 1,000 mails';

    expect(toText([{ ...sound, used }, sound])).toMatch(
      `\n\nSending used 4,000 read units, 2,000 write units and 30.5 GB-seconds for 1,000 mails: ${usd}.\nEverything`,
    );
    expect(JSON.parse(toJson([{ ...sound, used }, sound]))).toMatchObject({ editions: [{ used }, {}], used });
  });

  test('does not say that all is accounted for while digests are open', () => {
    const open = auditOf(keep([{ subscriberIds: ['sent', 'held', 'nobody', 'nobody'], isSettled: false }]));

    expect(isSound([sound, open])).toBe(false);
    expect(toText([sound, open])).toMatch(/ open\n/);
    expect(toText([sound, open])).toMatch(/\n\n3 digests have not ended yet\. [^\n]*$/);
    expect(toText([{ ...open, isComplete: false }])).toMatch(/ incomplete, open\n/);
    expect(JSON.parse(toJson([open]))).toMatchObject({ editions: [{ isOpen: true }], isSound: false });
  });

  test('shows an edition that was due and not planned in its place among the others', () => {
    const survey = { gaps: [{ ...gap, isMaybeJoinedSince: false }], notDue: 0, notPlannable: [] };

    expect(isSound([sound], survey)).toBe(false);
    expect(toText([sound], survey)).toBe(
      [
        'period      cohort                  planned  sent  skipped:nothing-new',
        '2026-01-06  daily#Asia/Tokyo#08           -     -                    -  not planned',
        '2026-01-06  daily#Europe/Berlin#08        2     1                    1',
        'total                                     2     1                    1',
        '',
        "1 edition was due and not planned. Look at the planner's alarm, and at the dead letters of the cohorts queue.",
      ].join('\n'),
    );
    expect(JSON.parse(toJson([sound], survey))).toMatchObject({
      notPlanned: survey.gaps,
      isSound: false,
    });
  });

  test('accepts a missing edition if its cohort may have been joined since and others were planned', () => {
    const survey = { gaps: [{ ...gap, isMaybeJoinedSince: true }], notDue: 0, notPlannable: [] };

    expect(isSound([sound], survey)).toBe(true);
    expect(toText([sound], survey)).toContain('not planned, or joined since\n');
    expect(toText([sound], survey)).toMatch(
      /\n\n1 edition was not planned, perhaps because the cohort was empty then\. [^\n]*$/,
    );
  });

  test('does not blame the planner for such an edition if there is no other, and does not accept it', () => {
    const survey = { gaps: [{ ...gap, isMaybeJoinedSince: true }], notDue: 0, notPlannable: [] };

    expect(isSound([], survey)).toBe(false);
    expect(toText([], survey)).not.toContain('was due');
    expect(toText([], survey)).toMatch(
      /\n1 edition was not planned, perhaps because [^\n]*\nNo edition at all was planned on these days, [^\n]* doctor[^\n]*$/,
    );
  });

  test.each([true, false])(
    'never says that all is accounted for beside a gap, be its cohort joined since: %s',
    (isMaybeJoinedSince) => {
      const survey = { gaps: [{ ...gap, isMaybeJoinedSince }], notDue: 0, notPlannable: [] };

      for (const audits of [[sound], [sound, torn], []])
        expect(toText(audits, survey)).not.toContain('Everything');
    },
  );

  test('reports both kinds of gap', () => {
    const gaps = [true, false].map((isMaybeJoinedSince) => ({ ...gap, isMaybeJoinedSince }));
    const survey = { gaps, notDue: 0, notPlannable: [] };

    expect(isSound([sound], survey)).toBe(false);
    expect(toText([sound], survey)).toMatch(
      /\n1 edition was due and not planned\. [^\n]*\n1 edition was not planned, perhaps because [^\n]*$/,
    );
  });

  test('distinguishes no edition due from none planned', () => {
    const noneDue = { gaps: [], notDue: 1, notPlannable: [] };

    expect(isSound([])).toBe(false);
    expect(toText([])).toContain('nobody is subscribed, or the planner did not run');
    expect(isSound([], noneDue)).toBe(true);
    expect(toText([], noneDue)).toContain('no cohort of today was due');
  });
});
