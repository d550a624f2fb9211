import { setTimeout as delay } from 'node:timers/promises';
import { expect, test } from '@jest/globals';
import { importSubscribers } from '../../../../cli/subscribers/import/import-subscribers.ts';
import type { Plan } from '../../../../cli/subscribers/import/plan-rows.ts';
import { UnreadableItemError } from '../../../../shared/adapters/dynamodb/stored-item.ts';
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

test('refuses the row of a profile that cannot be read, and takes the others', async () => {
  const { ports, plans } = open(4);
  const unreadable = new UnreadableItemError('subscribers', { pk: 'SUB#s-1', sk: 'PROFILE' }, [
    'hour: wrong',
  ]);
  const load = async (id: string) => {
    if (id === 's-1') throw unreadable;
    return undefined;
  };

  const results = [];
  for await (const result of importSubscribers(
    { ...ports, subscribers: { ...ports.subscribers, load } },
    plans(),
    LIMITS,
  ))
    results.push(result);

  expect(results.map(({ outcome }) => outcome)).toEqual(['added', 'refused', 'added', 'asked']);
  expect(results[1]?.reason).toContain('SUB#s-1 / PROFILE');
});
