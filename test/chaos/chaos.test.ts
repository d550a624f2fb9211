import { expect, test } from '@jest/globals';
import { isThorough } from '../thorough.ts';
import { toKills } from './crash-points/kills.ts';
import { faultsInDay } from './crash-points/run-crash-points.ts';
import { runDay } from './crash-points/small-day.ts';
import type { SeedResult } from './seeds/seed-result.ts';
import { simulateSeed } from './seeds/simulate-seed.ts';
import { faultsInSeed } from './seeds/totals.ts';

const SUBSCRIBERS = 12;
const functions = ['ingest', 'plan', 'fan-out', 'send', 'feedback'] as const;

/**
 * The first seed repeats digests with an unknown send status. Under the last, the account may send seven eighths of a
 * day's digests in 24 hours.
 */
const seeds = isThorough ? [3, 4, 8, 23] : [3, 23];

/** The kills of a function that are tried: those after these fractions of its calls. */
const positions = isThorough
  ? { before: [0.1, 0.3, 0.5, 0.7, 0.9], after: [0.1, 0.3, 0.5, 0.7, 0.9] }
  : { before: [0.3], after: [0.7] };

const lived = new Map<number, Promise<SeedResult>>();

/** Simulates a seed once, for all tests that look at it. */
function liveOnce(seed: number): Promise<SeedResult> {
  const result = lived.get(seed) ?? simulateSeed(seed, SUBSCRIBERS);
  lived.set(seed, result);
  return result;
}

test.each(seeds)('seed %d, with many faults, mails nobody twice and loses no digest', async (seed) => {
  const result = await liveOnce(seed);

  expect(faultsInSeed(result)).toEqual([]);
  expect(result.mails).toBeGreaterThan(SUBSCRIBERS);
  expect(Object.values(result.struck).reduce((sum, times) => sum + times)).toBeGreaterThan(20);
});

test('a seed is reproducible', async () => {
  const [seed = 0, other = 0] = seeds;
  const first = await liveOnce(seed);

  expect(await simulateSeed(seed, SUBSCRIBERS)).toEqual(first);
  expect((await liveOnce(other)).fingerprint).not.toBe(first.fingerprint);
});

test('functions that are killed at their calls duplicate and lose nothing', async () => {
  const undisturbed = await runDay();
  const all = toKills(undisturbed.points, 3);
  // Some calls of each function, before and after. `npm run chaos -- --crash-points` tries all.
  const kills = functions.flatMap((functionName) =>
    (['before', 'after'] as const).flatMap((moment) => {
      const own = all.filter((kill) => kill.point.functionName === functionName && kill.moment === moment);
      return positions[moment].flatMap((part) => own[Math.floor(part * own.length)] ?? []);
    }),
  );

  const results = [];
  for (const kill of kills) results.push(await runDay(kill));

  expect(kills).toHaveLength(functions.length * (positions.before.length + positions.after.length));
  expect(undisturbed).toMatchObject({ mails: 5, inDoubt: [] });
  expect([undisturbed, ...results].flatMap(faultsInDay)).toEqual([]);
});
