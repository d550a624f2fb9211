import { beforeEach, describe, expect, test } from '@jest/globals';
import { createHandClock, type HandClock } from '../../../local/hand-clock.ts';
import type { Repositories } from '../../../local/repositories.ts';
import type { Edition } from '../../../shared/domain/cohort.ts';
import { MS_PER_DAY } from '../../../shared/domain/time.ts';
import type { DigestsMessage } from '../../../shared/messages.ts';
import { type FanOutPorts, fanOut } from '../../../shared/pipeline/fan-out.ts';
import type { Queue } from '../../../shared/ports.ts';
import { createSubscriber } from '../../factories/subscribers.ts';
import { createFakeQueue, createFakeTelemetry } from '../../fakes/outside.ts';
import { createFakeRepositories } from '../../fakes/repositories.ts';

const EDITION: Edition = { cadence: 'daily', period: '2026-01-05', cohort: 'daily#Europe/Berlin#08' };

let clock: HandClock;
let repositories: Repositories;
let queue: ReturnType<typeof createFakeQueue<DigestsMessage>>;
let ports: FanOutPorts;

beforeEach(() => {
  clock = createHandClock('2026-01-05T07:00:30.000Z');
  repositories = createFakeRepositories(clock);
  queue = createFakeQueue();
  ports = { ...repositories, digestsQueue: queue, clock, telemetry: createFakeTelemetry() };
});

const idOf = (n: number) => `subscriber-${String(n).padStart(4, '0')}`;
const join = async (...numbers: number[]) => {
  for (const n of numbers) await repositories.subscribers.save(createSubscriber({ id: idOf(n) }));
};
const range = (from: number, to: number) =>
  Array.from({ length: to - from }, (_, position) => from + position);
const namedIds = () => queue.messages.flatMap(({ subscriberIds }) => subscriberIds);

describe('fanning out', () => {
  test('names every member of the cohort once, at most 50 in a message', async () => {
    await join(...range(0, 120));

    const progress = await fanOut(ports, EDITION);

    expect(queue.messages.map(({ batch, subscriberIds }) => [batch, subscriberIds.length])).toEqual([
      [0, 50],
      [1, 50],
      [2, 20],
    ]);
    expect(namedIds()).toEqual(range(0, 120).map(idOf));
    expect(progress).toMatchObject({ planned: 120, batches: 3, isComplete: true });
  });

  test('does not enumerate a complete edition again', async () => {
    await join(1, 2);

    await fanOut(ports, EDITION);
    await join(3);
    await fanOut(ports, EDITION);

    expect(namedIds()).toEqual([1, 2].map(idOf));
  });

  test.each([1, 2, 3])(
    'after a crash at message %d it passes over nobody, though others joined and left',
    async (crashAt) => {
      await join(...range(100, 220));
      let asked = 0;
      const crashing: Queue<DigestsMessage> = {
        async enqueue(messages) {
          asked += 1;
          if (asked === crashAt) throw new Error('crash');
          return queue.enqueue(messages);
        },
      };

      await expect(fanOut({ ...ports, digestsQueue: crashing }, EDITION)).rejects.toThrow('crash');
      expect((await repositories.editions.loadProgress(EDITION))?.isComplete ?? false).toBe(false);
      await join(...range(0, 5), ...range(500, 505));
      const left = await repositories.subscribers.load(idOf(130));
      if (left) await repositories.subscribers.save({ ...left, status: 'unsubscribed' });
      await fanOut(ports, EDITION);

      const stayed = range(100, 220).filter((n) => n !== 130);
      expect(namedIds()).toEqual(expect.arrayContaining([...stayed, ...range(500, 505)].map(idOf)));
      expect((await repositories.editions.loadProgress(EDITION))?.isComplete).toBe(true);
    },
  );

  test.each([
    ['the last', [149]],
    ['all', range(100, 150)],
  ])('after a crash it goes on behind a batch of which %s were erased meanwhile', async (_, erased) => {
    await join(...range(100, 220));
    const crashing = { ...repositories.editions, saveProgress: () => Promise.reject(new Error('crash')) };
    await expect(fanOut({ ...ports, editions: crashing }, EDITION)).rejects.toThrow('crash');
    queue.messages.length = 0;
    for (const n of erased) {
      await repositories.editions.forget({ ...EDITION, batch: 0 }, idOf(n));
      await repositories.subscribers.erase(idOf(n));
    }

    const progress = await fanOut(ports, EDITION);

    const stayed = range(100, 220).filter((n) => !erased.includes(n));
    expect(namedIds()).toEqual(stayed.map(idOf));
    expect(progress).toMatchObject({ planned: 120, isComplete: true });
  });

  test('queues a batch that was recorded before a crash, though all left the cohort since', async () => {
    await join(1, 2);
    const refusing: Queue<DigestsMessage> = { enqueue: () => Promise.reject(new Error('crash')) };
    await expect(fanOut({ ...ports, digestsQueue: refusing }, EDITION)).rejects.toThrow('crash');
    for (const n of [1, 2]) {
      const subscriber = await repositories.subscribers.load(idOf(n));
      if (subscriber) await repositories.subscribers.save({ ...subscriber, hour: 9 });
    }

    const progress = await fanOut(ports, EDITION);

    expect(namedIds()).toEqual([1, 2].map(idOf));
    expect(progress).toMatchObject({ planned: 2, batches: 1, isComplete: true });
  });

  test('forgets a cohort that is empty, but not one that somebody just joined', async () => {
    await join(1);
    const [subscriber] = [await repositories.subscribers.load(idOf(1))];
    if (subscriber) await repositories.subscribers.save({ ...subscriber, status: 'paused' });

    await fanOut(ports, EDITION);
    expect(await repositories.cohorts.loadAll()).toHaveLength(1);

    clock.moveBy(2 * MS_PER_DAY);
    await fanOut(ports, { ...EDITION, period: '2026-01-07' });
    expect(await repositories.cohorts.loadAll()).toEqual([]);
  });
});
