import { expect, test } from '@jest/globals';
import { toKills } from './crash-points/kills.ts';
import { faultsInDay } from './crash-points/run-crash-points.ts';
import { liveThroughDay } from './crash-points/small-day.ts';
import { liveThroughSeed } from './seeds/live-through-seed.ts';
import { faultsIn } from './seeds/totals.ts';

const SUBSCRIBERS = 60;

/** Under the second the quota is used up. */
test.each([1, 2, 3])(
  'seed %d, in which much goes wrong, mails nobody twice and forgets nobody',
  async (seed) => {
    const result = await liveThroughSeed(seed, SUBSCRIBERS);

    expect(faultsIn(result)).toEqual([]);
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
  const undisturbed = await liveThroughDay();
  // Every function, before and after, once to three times in a row; `npm run chaos -- --crash-points` tries all.
  const kills = toKills(undisturbed.points, 3).filter((_, n) => n % 29 === 0);

  const results = [];
  for (const kill of kills) results.push(await liveThroughDay(kill));

  expect(kills.length).toBeGreaterThan(20);
  expect(new Set(undisturbed.points.map(({ functionName }) => functionName))).toEqual(
    new Set(['ingest', 'plan', 'fan-out', 'send', 'feedback']),
  );
  expect([undisturbed, ...results].flatMap(faultsInDay)).toEqual([]);
});
