import { expect, test } from '@jest/globals';
import { createRandom } from '../../simulation/seeded-random.ts';
import { createVirtualTime } from '../../simulation/virtual-time.ts';
import { createMemoryQueue, type MemoryQueueOptions } from './memory-queue.ts';

const START = '2026-01-05T08:00:00.000Z';

function open(options: Partial<MemoryQueueOptions> = {}) {
  const time = createVirtualTime(START);
  const limits = { visibilityTimeoutMs: 60_000, maxReceives: 2, ...options };
  return { time, queue: createMemoryQueue(time, createRandom(1), limits) };
}

test('a message is redelivered until it is deleted', async () => {
  const { time, queue } = open();
  queue.send('a');

  const [first] = await time.run(queue.receive(10));
  const [second] = await time.run(queue.receive(10));
  if (second) second.isDeleted = true;

  expect(second).toBe(first);
  expect(time.now()).toBe('2026-01-05T08:01:00.000Z');
  expect(queue.backlog()).toBe(0);
});

test('a message with too many receives is dead-lettered, and is redelivered after it is moved back', async () => {
  const { time, queue } = open();
  queue.send('a');

  await time.run(queue.receive(10));
  await time.run(queue.receive(10));
  await time.run(time.wait(60_000));
  const dead = queue.deadLetters.map(({ body }) => body);
  queue.redrive();
  const again = await time.run(queue.receive(10));

  expect(dead).toEqual(['a']);
  expect(again.map(({ body }) => body)).toEqual(['a']);
  expect(queue.deadLetters).toEqual([]);
});

test('a message may be late or duplicated, but a delayed one is not', async () => {
  const { time, queue } = open({ disturb: () => ({ lateMs: 5000, copies: 2 }) });
  queue.send('a');
  queue.putOff('put off', 1000);

  const first = await time.run(queue.receive(10));
  const second = await time.run(queue.receive(10));
  const third = await time.run(queue.receive(10));

  expect([first, second, third].flat().map(({ body }) => body)).toEqual(['put off', 'a', 'a']);
});
