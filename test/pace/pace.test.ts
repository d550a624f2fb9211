import { expect, test } from '@jest/globals';
import { runVirtually } from './pace-run.ts';

test('workers together use an account’s rate, never exceed it, and neither lose nor repeat a mail', async () => {
  const measured = await runVirtually({ ratePerSec: 14, seconds: 90, seed: 1 });

  expect(measured).toMatchObject({ sent: 1260, lost: 0, repeated: 0, excesses: 0 });
  expect(measured.lowestRate).toBeGreaterThanOrEqual(0.97 * 14);
});

test('after the quota is used up, the rest waits until it is free again, and no mail exceeds it', async () => {
  const measured = await runVirtually({ ratePerSec: 14, seconds: 50, perDay: 500, seed: 2 });

  expect(measured).toMatchObject({ sent: 700, lost: 0, repeated: 0, mostInADay: 500 });
});
