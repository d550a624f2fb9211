import { expect, test } from '@jest/globals';
import { simulateFanOut } from '../../../bench/fan-out/simulate.ts';
import { createFanOutDigestsHandler } from '../../../functions/fan-out-digests/handler.ts';
import { fc } from '../../fast-check.ts';

/** Each invocation has time for a few pages, and its reserve. */
const SHORT = { timeoutMs: 30_500, createHandler: createFanOutDigestsHandler } as const;
const SECOND_MS = 1000;

test('a cohort that takes many invocations is queued completely, each subscriber once, with one receive a message', async () => {
  const result = await simulateFanOut({
    ...SHORT,
    members: 40_000,
    seed: 1,
    maxReceives: 1,
    crashRate: 0,
    faultRate: 0,
    duplicateRate: 0,
    churnRate: 0,
  });

  expect(result).toMatchObject({ once: 40_000, repeated: 0, missing: 0, deadLetters: 0, timeouts: 0 });
  expect(result.progress).toEqual({ batches: 400, planned: 40_000, isComplete: true });
  expect(result.invocations).toBeGreaterThan(3);
});

test('no subscriber is missing or in two batches after crashes, faults, duplicates and changes', async () => {
  await fc.assert(
    fc.asyncProperty(fc.integer(), async (seed) => {
      const result = await simulateFanOut({
        ...SHORT,
        members: 3000,
        seed,
        maxReceives: 1000,
        crashRate: 0.01,
        faultRate: 0.02,
        duplicateRate: 0.3,
        churnRate: 0.5,
      });

      expect(result).toMatchObject({ missing: 0, inTwoBatches: 0, deadLetters: 0 });
      expect(result.progress?.isComplete).toBe(true);
    }),
    { numRuns: 15 },
  );
});

test('an outage of half an hour uses up no receives, and then every subscriber is queued', async () => {
  const result = await simulateFanOut({
    ...SHORT,
    members: 3000,
    seed: 1,
    maxReceives: 1,
    crashRate: 0,
    faultRate: 0,
    duplicateRate: 0,
    churnRate: 0,
    outageMs: [200, 1800 * SECOND_MS],
  });

  expect(result).toMatchObject({ missing: 0, inTwoBatches: 0, deadLetters: 0 });
});

test('a large cohort with a crash in nearly every long invocation leaves no dead letter', async () => {
  const result = await simulateFanOut({
    ...SHORT,
    timeoutMs: 900 * SECOND_MS,
    members: 40_000,
    seed: 1,
    maxReceives: 4,
    crashRate: 0.01,
    faultRate: 0,
    duplicateRate: 0,
    churnRate: 0,
  });

  expect(result.crashes).toBeGreaterThan(5);
  expect(result).toMatchObject({ missing: 0, inTwoBatches: 0, deadLetters: 0 });
});
