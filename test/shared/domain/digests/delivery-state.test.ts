import { describe, expect, test } from '@jest/globals';
import type { ClaimOutcome, Delivery } from '../../../../shared/domain/digests/delivery.ts';
import { advanceOutcome } from '../../../../shared/domain/digests/delivery-state.ts';
import { fc } from '../../../fast-check.ts';

const CLAIMED = { state: 'claimed' } as const;
const SKIPPED = { state: 'skipped', reason: 'nothing-new' } as const;
const SENT = { state: 'sent', messageId: 'm-1' } as const;
const SENT_AS_OTHER = { ...SENT, messageId: 'm-2' } as const;
const REFUSED = { state: 'failed', reason: 'MessageRejected' } as const;
const REJECTED = { state: 'failed', reason: 'rejected: Bad content', messageId: 'm-1' } as const;
const REJECTED_OTHER = { ...REJECTED, messageId: 'm-2' } as const;
const UNCERTAIN = { state: 'uncertain', reason: 'ECONNRESET' } as const;
const UNCERTAIN_LATER = { ...UNCERTAIN, reason: 'later' } as const;

const REPORTS: readonly ClaimOutcome[] = [
  SENT,
  SENT_AS_OTHER,
  REFUSED,
  REJECTED,
  REJECTED_OTHER,
  UNCERTAIN_LATER,
];

/** Each known outcome, with the reports that replace it. All other reports change nothing. */
const REPLACED_BY: readonly (readonly [
  name: string,
  known: Delivery['outcome'],
  reports: readonly ClaimOutcome[],
])[] = [
  ['a claimed digest', CLAIMED, REPORTS],
  ['an uncertain digest', UNCERTAIN, REPORTS.filter((report) => report !== UNCERTAIN_LATER)],
  ['a sent digest', SENT, [REJECTED]],
  ['a digest that SES refused', REFUSED, []],
  ['a digest that SES rejected later', REJECTED, []],
  ['a skipped digest', SKIPPED, []],
];

describe('a report', () => {
  const cases = REPLACED_BY.flatMap(([name, known, replacing]) =>
    REPORTS.map((report) => ({ name, known, report, isReplaced: replacing.includes(report) })),
  );

  test.each(cases)('about $name: $report', ({ known, report, isReplaced }) => {
    expect(advanceOutcome(known, report)).toBe(isReplaced ? report : known);
  });

  test('gives the same outcome in any order, and if it is repeated', () => {
    const reports = fc.shuffledSubarray([SENT, SENT, UNCERTAIN, REJECTED, SENT], { minLength: 1 });
    const advanceAll = (all: readonly ClaimOutcome[]) =>
      all.reduce<Delivery['outcome']>(advanceOutcome, CLAIMED);

    fc.assert(
      fc.property(reports, (all) => {
        const mostCertain = [REJECTED, SENT, UNCERTAIN].find((report) => all.includes(report));

        expect(advanceAll(all)).toEqual(mostCertain);
        expect(advanceAll([...all, ...all])).toEqual(mostCertain);
      }),
    );
  });
});
