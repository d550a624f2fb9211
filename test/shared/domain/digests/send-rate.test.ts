import { describe, expect, test } from '@jest/globals';
import {
  msUntilNext,
  refill,
  refund,
  type SendRate,
  slowDown,
  speedUp,
  spend,
  startRate,
  withShare,
} from '../../../../shared/domain/digests/send-rate.ts';
import { fc } from '../../../fast-check.ts';

const repeat = (rate: SendRate, times: number, step: (rate: SendRate) => SendRate): SendRate =>
  Array.from({ length: times }).reduce<SendRate>(step, rate);

describe('the credit of a worker', () => {
  test('starts at zero', () => {
    expect(spend(startRate(7, 0))).toBeUndefined();
  });

  test("grows with the time that passed, up to one second's worth", () => {
    const start = startRate(7, 0);

    expect(refill(start, 500, false).credit).toBe(3.5);
    expect(refill(start, 1_000, false).credit).toBe(7);
    expect(refill(start, 3_600_000, false).credit).toBe(7);
    expect(refill(start, 3_600_000, true).credit).toBe(7);
  });

  test('reaches one mail only if one waits, for a share below one a second', () => {
    const start = startRate(0.4, 0);

    expect(refill(start, 10_000, false).credit).toBe(0.4);
    expect(refill(start, 10_000, true).credit).toBe(1);
  });

  test('does not change if the clock goes back', () => {
    expect(refill({ ...startRate(7, 5_000), credit: 2 }, 4_000, false).credit).toBe(2);
  });

  test('is spent and refunded by whole mails', () => {
    const rate = { ...startRate(7, 0), credit: 1.5 };
    const spent = spend(rate);

    expect(spent?.credit).toBe(0.5);
    expect(spent && spend(spent)).toBeUndefined();
    expect(spent && refund(spent)).toEqual(rate);
  });

  test('follows another share, and keeps the factor from throttles', () => {
    const rate = { ...startRate(7, 0), factor: 0.5 };

    expect(withShare(rate, 7)).toBe(rate);
    expect(withShare(rate, 14)).toEqual({ ...rate, sharePerSec: 14 });
  });

  test('is enough for the next mail after exactly the returned time', () => {
    const anyRate = fc.record({
      sharePerSec: fc.double({ min: 0.3, max: 100, noNaN: true }),
      factor: fc.double({ min: 0.01, max: 1, noNaN: true }),
      credit: fc.double({ min: 0, max: 0.99, noNaN: true }),
      countedAt: fc.constant(0),
    });
    fc.assert(
      fc.property(anyRate, (rate) => {
        const ms = msUntilNext(rate);

        expect(Number.isInteger(ms) && ms >= 1).toBe(true);
        // A part of a millisecond is more than what rounding costs.
        expect(refill(rate, ms + 0.001, true).credit).toBeGreaterThanOrEqual(1);
        if (ms > 1) expect(refill(rate, ms - 1.001, true).credit).toBeLessThan(1);
      }),
    );
  });
});

describe('throttles', () => {
  /** Returns the part of its share that a worker uses after some time with one throttled mail in `oneIn`. */
  const factorAt = (oneIn: number): number => {
    let rate = startRate(7, 0);
    for (let mail = 1; mail <= 10_000; mail += 1) rate = mail % oneIn === 0 ? slowDown(rate) : speedUp(rate);
    return rate.factor;
  };

  test('slow a worker down, but never stop it', () => {
    const [once, often] = [1, 10_000].map((times) => repeat(startRate(7, 0), times, slowDown).factor);

    expect(once).toBeCloseTo(0.97);
    expect(often).toBe(0.01);
  });

  test('no longer slow it down after accepted mails, up to the whole share', () => {
    const slow = repeat(startRate(7, 0), 20, slowDown);

    expect(repeat(slow, 50, speedUp).factor).toBeGreaterThan(slow.factor);
    expect(repeat(slow, 200, speedUp).factor).toBe(1);
  });

  test('reduce the rate only if there are many', () => {
    expect(factorAt(10)).toBeGreaterThan(0.95);
    expect(factorAt(5)).toBeLessThan(0.1);
  });

  test('refund the credit of their mail while they are rare', () => {
    const rate = { ...startRate(7, 0), credit: 2 };

    expect(slowDown(rate).credit).toBe(3);
    expect(slowDown({ ...rate, factor: 0.9 }).credit).toBe(2);
  });
});
