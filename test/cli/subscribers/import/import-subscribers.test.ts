import { setTimeout as delay } from 'node:timers/promises';
import { expect, test } from '@jest/globals';
import { importSubscribers } from '../../../../cli/subscribers/import/import-subscribers.ts';
import type { Plan } from '../../../../cli/subscribers/import/plan-rows.ts';
import { createSubscriber } from '../../../factories/subscribers.ts';

const LIMITS = { isDryRun: false, maxAsked: Number.POSITIVE_INFINITY };

/** A table that takes a moment for each call, and plans that are counted as they are read. */
function open(count: number) {
  const seen = { read: 0, atOnce: 0, mostAtOnce: 0, calls: [] as number[] };
  async function* plans(): AsyncGenerator<Plan> {
    for (let n = 0; n < count; n += 1) {
      seen.read += 1;
      yield { line: n + 2, kind: n % 2 ? 'ask' : 'save', subscriber: createSubscriber({ id: `s-${n}` }) };
    }
  }
  const ports = {
    subscribers: {
      async load() {
        seen.atOnce += 1;
        seen.mostAtOnce = Math.max(seen.mostAtOnce, seen.atOnce);
        await delay(1);
        seen.atOnce -= 1;
        return undefined;
      },
      save: async (subscriber: ReturnType<typeof createSubscriber>) => subscriber,
    },
    requests: {
      async enqueue(messages: readonly unknown[]) {
        seen.calls.push(messages.length);
        return [];
      },
    },
  };
  return { ports, plans, seen };
}

test('reads no further ahead than the table keeps up, and asks it for some rows at once', async () => {
  const { ports, plans, seen } = open(1_000);

  const results = importSubscribers(ports, plans(), LIMITS);
  await results.next();
  await delay(50);

  expect(seen.read).toBeLessThan(100);
  let line = 2;
  for await (const result of results) {
    line += 1;
    expect(result.line).toBe(line);
  }
  expect(seen.read).toBe(1_000);
  expect(seen.mostAtOnce).toBeGreaterThan(10);
  expect(seen.mostAtOnce).toBeLessThanOrEqual(40);
});

test('hands several requests to the queue in one call', async () => {
  const { ports, plans, seen } = open(100);

  for await (const _ of importSubscribers(ports, plans(), LIMITS));

  expect(seen.calls).toEqual(Array.from({ length: 10 }, () => 5));
});
