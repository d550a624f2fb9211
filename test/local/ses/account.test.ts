import { expect, test } from '@jest/globals';
import { createManualClock } from '../../../local/manual-clock.ts';
import { createAccount } from '../../../local/ses/account.ts';
import { SesError } from '../../../local/ses/ses-error.ts';
import { fc } from '../../fast-check.ts';
import { START } from './ses-fixture.ts';

const DAY_MS = 24 * 3_600_000;

/** Steps of waiting and sending. */
function steps(maxWaitMs: number) {
  return fc.array(fc.record({ waitMs: fc.nat(maxWaitMs), recipients: fc.integer({ min: 1, max: 5 }) }), {
    minLength: 1,
    maxLength: 60,
  });
}

/** Returns whether a message was admitted. An unexpected error fails the test. */
function isAdmitted(admit: () => void): boolean {
  try {
    admit();
    return true;
  } catch (error) {
    if (error instanceof SesError) return false;
    throw error;
  }
}

test('the quota counts the last 24 hours, in any order of waiting and sending', () => {
  fc.assert(
    fc.property(steps(DAY_MS), fc.integer({ min: 1, max: 12 }), (plan, max24HourSend) => {
      const clock = createManualClock(START);
      const account = createAccount({ maxSendRate: 1000, max24HourSend }, clock, []);
      const accepted: { atMs: number; recipients: number }[] = [];
      let nowMs = 0;
      for (const { waitMs, recipients } of plan) {
        clock.moveBy(waitMs);
        nowMs += waitMs;
        const inWindow = accepted.filter(({ atMs }) => nowMs - atMs < DAY_MS);
        const sent = inWindow.reduce((sum, mail) => sum + mail.recipients, 0);

        expect(account.quota().sentLast24Hours).toBe(sent);
        const admitted = isAdmitted(() => account.admit(recipients));

        expect(admitted).toBe(sent + recipients <= max24HourSend);
        if (admitted) accepted.push({ atMs: nowMs, recipients });
      }
    }),
  );
});

test('no period has more messages than the rate allows plus one second’s burst', () => {
  fc.assert(
    fc.property(steps(700), fc.integer({ min: 1, max: 20 }), (plan, maxSendRate) => {
      const clock = createManualClock(START);
      const account = createAccount({ maxSendRate }, clock, []);
      const acceptedMs: number[] = [];
      let nowMs = 0;
      for (const { waitMs } of plan) {
        clock.moveBy(waitMs);
        nowMs += waitMs;
        if (isAdmitted(() => account.admit(1))) acceptedMs.push(nowMs);
      }

      expect(acceptedMs[0]).toBe(plan[0]?.waitMs);
      acceptedMs.forEach((firstMs, first) => {
        acceptedMs.slice(first).forEach((lastMs, index) => {
          expect(index + 1).toBeLessThanOrEqual(maxSendRate + ((lastMs - firstMs) * maxSendRate) / 1000);
        });
      });
    }),
  );
});

test.each([1, 3, 7, 14])('a sender within a rate of %d is never refused', (maxSendRate) => {
  const clock = createManualClock(START);
  const account = createAccount({ maxSendRate, max24HourSend: -1 }, clock, []);
  for (let n = 0; n < maxSendRate; n++) account.admit(1);

  for (let n = 0; n < 500; n++) {
    clock.moveBy(Math.ceil(1000 / maxSendRate));
    account.admit(1);
  }

  expect(account.quota().sentLast24Hours).toBe(maxSendRate + 500);
});

test('a rate below one per second passes one message immediately and the next in its turn', () => {
  const clock = createManualClock(START);
  const account = createAccount({ maxSendRate: 0.5 }, clock, []);

  account.admit(1);
  clock.moveBy(1999);
  expect(() => account.admit(1)).toThrow('Maximum sending rate exceeded.');
  clock.moveBy(1);
  account.admit(1);

  expect(account.quota().sentLast24Hours).toBe(2);
});

test('setting the clock back frees no quota', () => {
  const clock = createManualClock(START);
  const account = createAccount({ maxSendRate: 1 }, clock, []);

  account.admit(1);
  clock.moveBy(-3_600_000);

  expect(() => account.admit(1)).toThrow('Maximum sending rate exceeded.');
  expect(account.quota().sentLast24Hours).toBe(1);
});
