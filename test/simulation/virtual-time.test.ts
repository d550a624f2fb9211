import { expect, test } from '@jest/globals';
import { createVirtualTime } from './virtual-time.ts';

const START = '2026-01-05T08:00:00.000Z';

test('jumps to each instant that work waits for, in order', async () => {
  const time = createVirtualTime(START);
  const woken: string[] = [];
  const wait = async (name: string, ms: number) => {
    await time.wait(ms);
    woken.push(`${name} ${time.now()}`);
  };

  await time.run(Promise.all([wait('b', 86_400_000), wait('a', 1000), wait('c', 86_400_000)]));

  expect(woken).toEqual([
    'a 2026-01-05T08:00:01.000Z',
    'b 2026-01-06T08:00:00.000Z',
    'c 2026-01-06T08:00:00.000Z',
  ]);
});

test('stops while held work takes turns of the event loop', async () => {
  const time = createVirtualTime(START);
  const held = async () => {
    await new Promise((done) => setTimeout(done, 5));
    return time.now();
  };

  const [end] = await time.run(Promise.all([time.hold(held()), time.wait(1000)]));

  expect(end).toBe(START);
});

test('fails if the work is not done and nothing waits', async () => {
  const time = createVirtualTime(START, 20);

  await expect(time.run(new Promise(() => {}))).rejects.toThrow('nothing waits, and the work is not done');
});
