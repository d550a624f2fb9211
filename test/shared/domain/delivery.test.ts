import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { Delivery, SettledOutcome } from '../../../shared/domain/delivery.ts';
import { advanceOutcome } from '../../../shared/domain/delivery-state.ts';

const CLAIMED = { state: 'claimed' } as const;
const SENT = { state: 'sent', messageId: 'm-1' } as const;
const REJECTED = { state: 'failed', reason: 'rejected: Bad content', messageId: 'm-1' } as const;
const REFUSED = { state: 'failed', reason: 'MessageRejected' } as const;
const UNCERTAIN = { state: 'uncertain', reason: 'ECONNRESET' } as const;

const tellAll = (all: readonly SettledOutcome[]): Delivery['outcome'] =>
  all.reduce<Delivery['outcome']>(advanceOutcome, CLAIMED);

describe('how a digest ended', () => {
  test.each([SENT, REFUSED, REJECTED, UNCERTAIN])('is the first report of a claim: $state', (told) => {
    expect(advanceOutcome(CLAIMED, told)).toBe(told);
  });

  test.each([SENT, REJECTED])('is no longer uncertain after a report: $state', (told) => {
    expect(advanceOutcome(UNCERTAIN, told)).toBe(told);
  });

  test.each([
    ['sent, when its worker is left without an answer', SENT, UNCERTAIN],
    ['sent, when another message is rejected', SENT, { ...REJECTED, messageId: 'm-2' }],
    ['sent, when a refusal names no message', SENT, REFUSED],
    ['rejected, when it is told late that SES took it', REJECTED, SENT],
    ['uncertain, for the reason that was told first', UNCERTAIN, { ...UNCERTAIN, reason: '500' }],
    ['skipped', { state: 'skipped', reason: 'nothing-new' } as const, SENT],
  ])('stays %s', (_, known, told) => {
    expect(advanceOutcome(known, told)).toBe(known);
  });

  test('is the same in any order of reports, and however often they repeat', () => {
    const news = fc.shuffledSubarray([SENT, SENT, UNCERTAIN, REJECTED, SENT], { minLength: 1 });

    fc.assert(
      fc.property(news, (all) => {
        const worst = [REJECTED, SENT, UNCERTAIN].find((one) => all.includes(one));

        expect(tellAll(all)).toEqual(worst);
        expect(tellAll([...all, ...all])).toEqual(worst);
      }),
    );
  });
});
