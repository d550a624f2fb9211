import { beforeEach, describe, expect, test } from '@jest/globals';
import { createHandClock, type HandClock } from '../../../local/hand-clock.ts';
import type { Repositories } from '../../../local/repositories.ts';
import { MS_PER_HOUR } from '../../../shared/domain/time.ts';
import type { CohortMessage } from '../../../shared/messages.ts';
import { type PlanPorts, plan } from '../../../shared/pipeline/plan.ts';
import { createSubscriber, createSubscription } from '../../factories/subscribers.ts';
import { createFakeQueue, createFakeTelemetry } from '../../fakes/outside.ts';
import { createFakeRepositories } from '../../fakes/repositories.ts';

let clock: HandClock;
let repositories: Repositories;
let queue: ReturnType<typeof createFakeQueue<CohortMessage>>;
let ports: PlanPorts;

beforeEach(() => {
  clock = createHandClock('2026-01-05T07:00:30.000Z');
  repositories = createFakeRepositories(clock);
  queue = createFakeQueue();
  ports = { ...repositories, cohortQueue: queue, clock, telemetry: createFakeTelemetry() };
});

const plannedPeriods = () => queue.messages.map(({ edition }) => `${edition.period} ${edition.cohort}`);

describe('planning', () => {
  test('queues the editions of the cohorts that are due at this tick, and no others', async () => {
    await repositories.subscribers.save(createSubscriber({ id: 'a', hour: 8 }));
    await repositories.subscribers.save(createSubscriber({ id: 'b', hour: 9 }));

    await plan(ports);

    expect(plannedPeriods()).toEqual(['2026-01-05 daily#Europe/Berlin#08']);
  });

  test('plans a tick once', async () => {
    await repositories.subscribers.save(createSubscriber({ id: 'a', hour: 8 }));

    await plan(ports);
    clock.moveBy(60_000);
    const again = await plan(ports);

    expect(again).toEqual([]);
    expect(queue.messages).toHaveLength(1);
  });

  test('catches up on what came due in an outage of hours', async () => {
    for (const [id, hour] of [
      ['a', 8],
      ['b', 9],
      ['c', 13],
      ['d', 20],
    ] as const) {
      await repositories.subscribers.save(createSubscriber({ id, hour }));
    }
    await plan(ports);

    clock.moveBy(6 * MS_PER_HOUR);
    await plan(ports);

    expect(plannedPeriods()).toEqual([
      '2026-01-05 daily#Europe/Berlin#08',
      '2026-01-05 daily#Europe/Berlin#09',
      '2026-01-05 daily#Europe/Berlin#13',
    ]);
  });

  test('plans one edition of each cohort, the newest, after an outage of days', async () => {
    await repositories.subscribers.save(createSubscriber({ id: 'a', hour: 8 }));
    await plan(ports);

    clock.moveBy(5.5 * 24 * MS_PER_HOUR);
    await plan(ports);

    expect(plannedPeriods()).toEqual([
      '2026-01-05 daily#Europe/Berlin#08',
      '2026-01-10 daily#Europe/Berlin#08',
    ]);
  });

  test('does nothing when the clock was set back', async () => {
    await repositories.subscribers.save(createSubscriber({ id: 'a', hour: 8 }));
    await plan(ports);

    clock.moveBy(-2 * MS_PER_HOUR);

    expect(await plan(ports)).toEqual([]);
  });

  test('sends again what the queue refused', async () => {
    await repositories.subscribers.save(createSubscriber({ id: 'a', hour: 8 }));
    const refusing = createFakeQueue<CohortMessage>(1);

    await plan({ ...ports, cohortQueue: refusing });

    expect(refusing.messages).toHaveLength(1);
  });

  test('stays where it was when the queue goes on refusing, so that the next run plans the same', async () => {
    await repositories.subscribers.save(createSubscriber({ id: 'a', hour: 8 }));

    await expect(plan({ ...ports, cohortQueue: createFakeQueue(99) })).rejects.toThrow(
      '1 of 1 messages were refused',
    );
    await plan(ports);

    expect(plannedPeriods()).toEqual(['2026-01-05 daily#Europe/Berlin#08']);
  });
});

describe('planning instant cohorts', () => {
  const arrive = (list: string) =>
    repositories.sourceStates.save(list, { lastNewAt: clock.now(), failuresInARow: 0 });

  beforeEach(async () => {
    const subscriptions = [createSubscription({ cadence: 'instant' })];
    await repositories.subscribers.save(createSubscriber({ id: 'a', subscriptions }));
  });

  test('waits until a list that they follow brings something', async () => {
    await plan(ports);
    clock.moveBy(MS_PER_HOUR);
    await arrive('arxiv/cs.CL');
    await plan(ports);
    expect(plannedPeriods()).toEqual([]);

    await arrive('hf-daily');
    clock.moveBy(MS_PER_HOUR);
    await plan(ports);

    expect(plannedPeriods()).toEqual(['2026-01-05T09:00Z instant#hf-daily']);
  });

  test('tells of an arrival once', async () => {
    await arrive('hf-daily');
    await plan(ports);
    clock.moveBy(MS_PER_HOUR);
    await plan(ports);

    expect(plannedPeriods()).toEqual(['2026-01-05T07:00Z instant#hf-daily']);
  });

  test('tells at the next tick of what arrived while a tick was planned', async () => {
    await plan(ports);
    await arrive('hf-daily');
    clock.moveBy(15 * 60_000);
    await plan(ports);

    expect(plannedPeriods()).toEqual(['2026-01-05T07:15Z instant#hf-daily']);
  });

  test('tells once of what arrived during an outage', async () => {
    await plan(ports);
    clock.moveBy(MS_PER_HOUR);
    await arrive('hf-daily');
    clock.moveBy(5 * MS_PER_HOUR);
    await plan(ports);

    expect(plannedPeriods()).toEqual(['2026-01-05T13:00Z instant#hf-daily']);
  });
});
