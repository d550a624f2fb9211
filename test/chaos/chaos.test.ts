import { expect, jest, test } from '@jest/globals';
import { toKills } from './crash-points/kills.ts';
import { faultsInDay } from './crash-points/run-crash-points.ts';
import { tryDay } from './crash-points/small-day.ts';
import { liveThroughSeed } from './seeds/live-through-seed.ts';
import { faultsInSeed } from './seeds/totals.ts';

const SUBSCRIBERS = 40;

/** A seed takes seconds, and on a busy machine many; one that is given up would go on beside the next, on its clock. */
jest.setTimeout(180_000);
const functions = ['ingest', 'plan', 'fan-out', 'send', 'feedback'] as const;

/** Under the second the account may send nine tenths of a day's digests in 24 hours. */
test.each([1, 2, 3])(
  'seed %d, in which much goes wrong, mails nobody twice and forgets nobody',
  async (seed) => {
    const result = await liveThroughSeed(seed, SUBSCRIBERS);

    expect(faultsInSeed(result)).toEqual([]);
    expect(result.mails).toBeGreaterThan(SUBSCRIBERS);
    expect(Object.values(result.struck).reduce((sum, times) => sum + times)).toBeGreaterThan(20);
  },
);

test('a seed is lived through the same way every time', async () => {
  const first = await liveThroughSeed(7, 10);

  expect(await liveThroughSeed(7, 10)).toEqual(first);
  expect((await liveThroughSeed(9, 10)).fingerprint).not.toBe(first.fingerprint);
});

test('functions that are killed at calls of theirs leave nothing twice and nothing undone', async () => {
  const undisturbed = await tryDay();
  const all = toKills(undisturbed.points, 3);
  // A few of each function, before and after; `npm run chaos -- --crash-points` tries all.
  const kills = functions.flatMap((functionName) =>
    (['before', 'after'] as const).flatMap((moment) => {
      const own = all.filter((kill) => kill.point.functionName === functionName && kill.moment === moment);
      return [0.2, 0.5, 0.8].flatMap((part) => own[Math.floor(part * own.length)] ?? []);
    }),
  );

  const results = [];
  for (const kill of kills) results.push(await tryDay(kill));

  expect(kills).toHaveLength(functions.length * 2 * 3);
  expect(undisturbed).toMatchObject({ mails: 4, inDoubt: [] });
  expect([undisturbed, ...results].flatMap(faultsInDay)).toEqual([]);
});
