import { expect, test } from '@jest/globals';
import type { Delivery } from '../../../../shared/domain/digests/delivery.ts';
import {
  type Finding,
  judgeDelivery,
  mayResend,
  whenUncertainSchema,
} from '../../../../shared/domain/digests/delivery-state.ts';
import { addMs } from '../../../../shared/domain/time/time.ts';

const CLAIMED_AT = '2026-01-05T08:00:00.000Z';
const QUARTER_HOUR_MS = 900_000;

const outcomes: Readonly<Record<Delivery['outcome']['state'], Delivery['outcome']>> = {
  claimed: { state: 'claimed' },
  sent: { state: 'sent', messageId: 'm-1' },
  skipped: { state: 'skipped', reason: 'nothing-new' },
  failed: { state: 'failed', reason: 'MessageRejected' },
  uncertain: { state: 'uncertain', reason: 'ECONNRESET' },
};
const policies = whenUncertainSchema.options;
/** A clock may be wrong, or set back. */
const wrongAges = [-1_000_000 * QUARTER_HOUR_MS, -QUARTER_HOUR_MS];
const ages = [...wrongAges, -1_000, 0, QUARTER_HOUR_MS - 1, QUARTER_HOUR_MS, 30 * QUARTER_HOUR_MS];
const tries = [undefined, 1, 2, 3, 4];

const cases = Object.values(outcomes).flatMap((outcome) =>
  policies.flatMap((policy) =>
    ages.flatMap((ageMs) => tries.map((count) => ({ outcome, policy, ageMs, count }))),
  ),
);

/** The complete table in another form: the states that need an action. All others have ended. */
function expected({ outcome, policy, ageMs, count = 1 }: (typeof cases)[number]): Finding {
  const isFresh = ageMs < QUARTER_HOUR_MS && !wrongAges.includes(ageMs);
  switch (outcome.state) {
    case 'claimed':
      return isFresh ? 'in-flight' : 'abandoned';
    case 'uncertain':
      if (policy === 'at-most-once' || count >= 3) return 'ended';
      return isFresh ? 'in-flight' : 'resend';
    default:
      return 'ended';
  }
}

test('every state, policy, age and number of tries has a finding', () => {
  const judged = cases.map((known) => {
    const earlier = { outcome: known.outcome, claimedAt: CLAIMED_AT, tries: known.count };
    return { ...known, finding: judgeDelivery(earlier, known.policy, addMs(CLAIMED_AT, known.ageMs)) };
  });

  expect(judged).toHaveLength(350);
  expect(judged).toEqual(cases.map((known) => ({ ...known, finding: expected(known) })));
});

test.each<[string, Finding, Delivery['outcome'], number, number]>([
  ['a recent claim is left to its worker', 'in-flight', outcomes.claimed, 0, 1],
  ['a claim of a quarter hour ago is abandoned', 'abandoned', outcomes.claimed, QUARTER_HOUR_MS, 1],
  [
    'an event may still report the outcome of a lost answer',
    'in-flight',
    outcomes.uncertain,
    QUARTER_HOUR_MS - 1,
    2,
  ],
  ['a lost answer is sent again after that', 'resend', outcomes.uncertain, QUARTER_HOUR_MS, 2],
  ['and no fourth time', 'ended', outcomes.uncertain, QUARTER_HOUR_MS, 3],
])('with at-least-once %s', (_, finding, outcome, ageMs, count) => {
  const earlier = { outcome, claimedAt: CLAIMED_AT, tries: count };

  expect(judgeDelivery(earlier, 'at-least-once', addMs(CLAIMED_AT, ageMs))).toBe(finding);
});

test('only an uncertain digest is sent again, at-least-once and three times at most', () => {
  const again = Object.values(outcomes).flatMap((outcome) =>
    policies.flatMap((policy) =>
      [1, 2, 3, 4]
        .filter((count) => mayResend(outcome, count, policy))
        .map((count) => [outcome.state, policy, count]),
    ),
  );

  expect(again).toEqual([
    ['uncertain', 'at-least-once', 1],
    ['uncertain', 'at-least-once', 2],
  ]);
});
