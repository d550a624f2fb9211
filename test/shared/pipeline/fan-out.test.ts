import { beforeEach, describe, expect, test } from '@jest/globals';
import { createFanOutDigestsHandler } from '../../../functions/fan-out-digests/handler.ts';
import { createManualClock, type ManualClock } from '../../../local/manual-clock.ts';
import type { Repositories } from '../../../local/repositories.ts';
import type { Edition } from '../../../shared/domain/digests/cohort.ts';
import { ConflictError } from '../../../shared/domain/errors.ts';
import { MS_PER_DAY } from '../../../shared/domain/time/time.ts';
import { type FanOutPorts, type FanOutResult, fanOut } from '../../../shared/pipeline/fan-out.ts';
import {
  type CohortRepository,
  type EditionProgress,
  UNREADABLE_ID,
} from '../../../shared/ports/planning.ts';
import type { CohortMessage, DigestsMessage, Queue } from '../../../shared/ports/queues.ts';
import { collect } from '../../collect.ts';
import { createSubscriber } from '../../factories/subscribers.ts';
import { createFakeQueue, createFakeTelemetry } from '../../fakes/outside.ts';
import { createFakeRepositories } from '../../fakes/repositories.ts';
import { createFakeMeter } from '../../fakes/sending.ts';
import { type Crash, intercept, planCrashes } from '../../flow/crashing-ports.ts';
import { AMPLE_TIME, toSqsEvent } from '../../flow/sqs-delivery.ts';

const EDITION: Edition = { cadence: 'daily', period: '2026-01-05', cohort: 'daily#Europe/Berlin#08' };

let clock: ManualClock;
let repositories: Repositories;
let queue: ReturnType<typeof createFakeQueue<DigestsMessage>>;
let cohortQueue: Queue<CohortMessage> & { readonly queued: [message: CohortMessage, delaySec: number][] };
let telemetry: ReturnType<typeof createFakeTelemetry>;
let waits: number[];
let ports: FanOutPorts;

beforeEach(() => {
  clock = createManualClock('2026-01-05T07:00:30.000Z');
  repositories = createFakeRepositories(clock);
  queue = createFakeQueue();
  cohortQueue = createCohortQueue();
  telemetry = createFakeTelemetry();
  waits = [];
  const timer = {
    wait: async (ms: number) => {
      waits.push(ms);
    },
  };
  ports = {
    ...repositories,
    digestsQueue: queue,
    cohortQueue,
    clock,
    timer,
    meter: createFakeMeter(),
    telemetry,
  };
});

/** Remembers the delay of each message too. */
function createCohortQueue(): typeof cohortQueue {
  const queued: [CohortMessage, number][] = [];
  return {
    queued,
    async enqueue(messages, delaySec = 0) {
      queued.push(...messages.map((message): [CohortMessage, number] => [message, delaySec]));
      return [];
    },
  };
}

const ampleTime = () => 120_000;
const noTime = () => 0;
const MESSAGE: CohortMessage = { edition: EDITION };
/** Fans out until the edition is complete. Returns the result of the last invocation. */
const fanOutWhole = async (from: FanOutPorts = ports) => {
  let result = await fanOut(from, MESSAGE, ampleTime);
  while (result.kind === 'continued') result = await fanOut(from, MESSAGE, ampleTime);
  return result;
};
/** Returns the ports of a worker that crashes. After the crash its calls have no effect. */
const crashingAt = (crash: Omit<Crash, 'scope'>): FanOutPorts => {
  const plan = planCrashes(
    [{ ...crash, scope: 'worker' }],
    async () => {},
    () => {},
  );
  const around = plan.startWorker(() => false);
  return {
    ...ports,
    cohorts: intercept(ports.cohorts, around),
    editions: intercept(ports.editions, around),
    digestsQueue: intercept(ports.digestsQueue, around),
    cohortQueue: intercept(ports.cohortQueue, around),
  };
};
const leave = async (n: number) => {
  const subscriber = await repositories.subscribers.load(idOf(n));
  if (subscriber) await repositories.subscribers.save({ ...subscriber, status: 'unsubscribed' });
};
/** Erases as the pipeline does: the profile, and the name in each batch that its digest came with. */
const erase = async (n: number, batch: number) => {
  await repositories.editions.replaceErased({ ...EDITION, batch }, idOf(n));
  await repositories.subscribers.erase(idOf(n));
};
/** Returns the subscribers that are not in exactly one batch. Several messages may name that batch. */
const namedWrongly = (numbers: readonly number[]) => {
  const batches = new Map<string, Set<number>>();
  for (const { batch, subscriberIds } of queue.messages) {
    for (const id of subscriberIds) batches.set(id, (batches.get(id) ?? new Set()).add(batch));
  }
  return numbers.filter((n) => batches.get(idOf(n))?.size !== 1);
};

/** The editions, whose progress cannot be read the first time. */
const withUnreadableProgress = (): Repositories['editions'] => {
  let isRead = false;
  return {
    ...repositories.editions,
    async loadProgress(edition) {
      if (isRead) return repositories.editions.loadProgress(edition);
      isRead = true;
      return { kind: 'unreadable' };
    },
  };
};

const idOf = (n: number) => `subscriber-${String(n).padStart(4, '0')}`;
const join = async (...numbers: number[]) => {
  for (const n of numbers) await repositories.subscribers.save(createSubscriber({ id: idOf(n) }));
};
const range = (from: number, to: number) =>
  Array.from({ length: to - from }, (_, position) => from + position);
const namedIds = () => queue.messages.flatMap(({ subscriberIds }) => subscriberIds);

describe('fanning out', () => {
  test('names every member of the cohort once, at most 100 in a message', async () => {
    await join(...range(0, 220));

    const result = await fanOut(ports, MESSAGE, ampleTime);

    expect(queue.messages.map(({ batch, subscriberIds }) => [batch, subscriberIds.length])).toEqual([
      [0, 100],
      [1, 100],
      [2, 20],
    ]);
    expect(namedIds()).toEqual(range(0, 220).map(idOf));
    expect(result).toEqual({ kind: 'complete', progress: { planned: 220, batches: 3, isComplete: true } });
    expect(telemetry.counts.get('DigestsPlanned')).toBe(220);
  });

  test('does not fan out a complete edition again', async () => {
    await join(1, 2);

    await fanOut(ports, MESSAGE, ampleTime);
    await join(3);
    await fanOut(ports, MESSAGE, ampleTime);

    expect(namedIds()).toEqual([1, 2].map(idOf));
  });

  test('without time left, does one page and continues in a new message', async () => {
    await join(...range(0, 1120));

    const results: FanOutResult[] = [];
    do {
      results.push(await fanOut(ports, MESSAGE, noTime));
    } while (results.at(-1)?.kind === 'continued');

    expect(results).toMatchObject([
      { kind: 'continued', progress: { batches: 5, planned: 500 } },
      { kind: 'continued', progress: { batches: 10, planned: 1000 } },
      { kind: 'complete', progress: { batches: 12, planned: 1120 } },
    ]);
    expect(cohortQueue.queued).toEqual([
      [{ edition: EDITION }, 0],
      [{ edition: EDITION }, 0],
    ]);
    expect(namedIds()).toEqual(range(0, 1120).map(idOf));
  });

  test.each([
    ['is whole in the first delivery of its message', '1', 0],
    ['does one page and continues if its message comes again', '2', 1],
  ])('%s', async (_, ApproximateReceiveCount, continuations) => {
    await join(...range(0, 1120));
    const [record] = toSqsEvent([JSON.stringify(MESSAGE)]).Records;
    const Records = record
      ? [{ ...record, attributes: { ...record.attributes, ApproximateReceiveCount } }]
      : [];

    const result = await createFanOutDigestsHandler(ports)({ Records }, AMPLE_TIME);

    expect(result).toEqual({ batchItemFailures: [] });
    expect(cohortQueue.queued).toHaveLength(continuations);
  });

  test('queues the batches of a page in one call', async () => {
    await join(...range(0, 1000));
    const calls: number[] = [];
    const digestsQueue: Queue<DigestsMessage> = {
      async enqueue(messages) {
        calls.push(messages.length);
        return queue.enqueue(messages);
      },
    };

    await fanOut({ ...ports, digestsQueue }, MESSAGE, ampleTime);

    expect(calls).toEqual([5, 5]);
  });

  test('removes an empty cohort, but not one that a subscriber joined in the last day', async () => {
    await join(1);
    await leave(1);

    clock.moveBy(MS_PER_DAY - 1);
    await fanOut(ports, MESSAGE, ampleTime);
    expect(await repositories.cohorts.loadAll()).toHaveLength(1);

    clock.moveBy(MS_PER_DAY);
    await fanOut(ports, { edition: { ...EDITION, period: '2026-01-07' } }, ampleTime);
    expect(await repositories.cohorts.loadAll()).toEqual([]);
  });

  test('keeps a cohort with members, however long ago the last one joined', async () => {
    await join(1);

    clock.moveBy(2 * MS_PER_DAY);
    await fanOut(ports, { edition: { ...EDITION, period: '2026-01-07' } }, ampleTime);

    expect(await repositories.cohorts.loadAll()).toHaveLength(1);
  });
});

describe('a crash', () => {
  // A cohort of two pages makes fewer calls than this. A crash after the last call changes nothing.
  const CALLS = 20;
  const crashes = range(1, CALLS + 1).flatMap((atCall) =>
    (['before', 'after'] as const).map((moment) => ({ atCall, moment })),
  );
  const left = [100, 130, 199, 200, 599, 600];
  const erased = range(390, 410);
  const stayed = range(100, 720).filter((n) => !left.includes(n) && !erased.includes(n));

  /** A day with a cohort in memory, whose members change after the crash. */
  const liveThrough = async (crash: (typeof crashes)[number]) => {
    const members = new Set(range(100, 720).map(idOf));
    repositories = createFakeRepositories(clock);
    queue = createFakeQueue();
    const cohorts: CohortRepository = {
      ...repositories.cohorts,
      loadMembers: async (_, after = '', limit) =>
        [...members]
          .filter((id) => id > after)
          .sort()
          .slice(0, limit),
    };
    ports = { ...ports, ...repositories, cohorts, digestsQueue: queue };

    const first = await fanOut(crashingAt(crash), MESSAGE, ampleTime).catch(String);
    for (const n of [...range(0, 5), ...range(1000, 1005)]) members.add(idOf(n));
    for (const n of left) members.delete(idOf(n));
    for (const n of erased) {
      members.delete(idOf(n));
      await repositories.editions.replaceErased({ ...EDITION, batch: n < 400 ? 2 : 3 }, idOf(n));
    }
    await fanOutWhole();
    // A worker that sends a batch removes erased subscribers from it.
    for (const { batch, subscriberIds } of queue.messages) {
      for (const id of subscriberIds) {
        if (!members.has(id)) await repositories.editions.replaceErased({ ...EDITION, batch }, id);
      }
    }
    return { isStruck: typeof first === 'string' };
  };

  test('at any call skips no subscriber and puts none into two batches, even if others join and leave', async () => {
    let struck = 0;
    for (const crash of crashes) {
      struck += (await liveThrough(crash)).isStruck ? 1 : 0;

      const wrong = namedWrongly(stayed);
      expect({ crash, wrong }).toEqual({ crash, wrong: [] });
      expect(await repositories.editions.loadProgress(EDITION)).toMatchObject({ isComplete: true });
    }
    expect(struck).toBeGreaterThan(30);
  });

  test('at any call leaves no erased subscriber in a batch or in the progress', async () => {
    for (const crash of crashes) {
      await liveThrough(crash);

      const kept = JSON.stringify([
        await repositories.editions.loadProgress(EDITION),
        await collect(repositories.editions.loadBatches(EDITION)),
      ]);
      const named = erased.filter((n) => kept.includes(idOf(n)));
      expect({ crash, named }).toEqual({ crash, named: [] });
    }
  });
});

describe('the progress of an earlier release', () => {
  const old = async (progress: EditionProgress) =>
    repositories.editions.saveProgress(EDITION, progress, undefined);

  test('continues after its last batch if it has no page', async () => {
    await join(...range(100, 220));
    await repositories.editions.saveBatch(EDITION, 0, range(100, 150).map(idOf));
    await old({ batches: 1, planned: 50, after: idOf(149), isComplete: false });

    expect(await fanOutWhole()).toEqual({
      kind: 'complete',
      progress: { batches: 2, planned: 120, isComplete: true },
    });

    expect(namedIds()).toEqual(range(150, 220).map(idOf));
  });

  test.each([
    ['nobody', []],
    ['one of them', [101]],
    ['the last of them', [149]],
    ['all of them', range(100, 150)],
  ])('keeps a batch that was recorded and not counted, if the members who left are %s', async (_, left) => {
    await join(...range(100, 220));
    await repositories.editions.saveBatch(EDITION, 0, range(100, 150).map(idOf));
    for (const n of left) await leave(n);

    await fanOutWhole();

    expect(namedIds()).toEqual(range(100, 220).map(idOf));
  });

  test.each([
    ['the last', [149]],
    ['all', range(100, 150)],
  ])('continues after such a batch, if the erased members are %s', async (_, erased) => {
    await join(...range(100, 220));
    await repositories.editions.saveBatch(EDITION, 0, range(100, 150).map(idOf));
    for (const n of erased) await erase(n, 0);

    const result = await fanOutWhole();

    expect(new Set(namedIds())).toEqual(
      new Set(
        range(100, 220)
          .filter((n) => !erased.includes(n))
          .map(idOf),
      ),
    );
    expect(result).toMatchObject({ progress: { planned: 120, isComplete: true } });
  });
});

describe('an unreadable progress', () => {
  test('is replaced, and the whole cohort gets batches after the recorded ones', async () => {
    await join(...range(100, 220));
    await repositories.editions.saveBatch(EDITION, 0, range(100, 150).map(idOf));

    const result = await fanOutWhole({ ...ports, editions: withUnreadableProgress() });

    expect(result).toEqual({ kind: 'complete', progress: { batches: 3, planned: 170, isComplete: true } });
    expect(queue.messages.map(({ batch }) => batch)).toEqual([1, 2]);
    expect(namedIds()).toEqual(range(100, 220).map(idOf));
  });

  test('counts a batch that cannot be read as one digest', async () => {
    await join(...range(100, 150));
    await repositories.editions.saveBatch(EDITION, 0, [UNREADABLE_ID]);

    const result = await fanOutWhole({ ...ports, editions: withUnreadableProgress() });

    expect(result).toMatchObject({ progress: { batches: 2, planned: 51 } });
  });
});

test('an unreadable progress costs nobody a digest, if a worker died before it recorded all batches of a page', async () => {
  await join(...range(100, 620));
  const saveBatch: typeof repositories.editions.saveBatch = async (edition, batch, ids) => {
    if (batch === 1) throw new Error('the worker died');
    return repositories.editions.saveBatch(edition, batch, ids);
  };
  await fanOut({ ...ports, editions: { ...repositories.editions, saveBatch } }, MESSAGE, noTime);

  await fanOutWhole({ ...ports, editions: withUnreadableProgress() });

  expect([...new Set(namedIds())].sort()).toEqual(range(100, 620).map(idOf));
});

describe('two invocations of one edition at the same time', () => {
  test('do not fail, and no subscriber is missing or in two batches', async () => {
    await join(...range(0, 1200));

    const results = await Promise.all([fanOut(ports, MESSAGE, ampleTime), fanOut(ports, MESSAGE, ampleTime)]);

    expect(results.map(({ kind }) => kind).sort()).toEqual(['busy', 'complete']);
    expect(namedWrongly(range(0, 1200))).toEqual([]);
    // The queue may have handed out one message twice, and the invocation that goes on may die.
    expect(cohortQueue.queued).toEqual([[{ edition: EDITION, pauses: 0 }, 300]]);
  });
});

describe('a service that fails', () => {
  const failing = (times: number): Queue<DigestsMessage> => {
    let left = times;
    return {
      async enqueue(messages) {
        left -= 1;
        if (left >= 0) throw new Error('the queue is throttled');
        return queue.enqueue(messages);
      },
    };
  };

  test('is retried within the invocation, with waits that double', async () => {
    await join(...range(0, 120));

    const result = await fanOut({ ...ports, digestsQueue: failing(4) }, MESSAGE, ampleTime);

    expect(result.kind).toBe('complete');
    expect(waits).toEqual([250, 500, 1000, 2000]);
    expect(namedIds()).toEqual(range(0, 120).map(idOf));
  });

  test('after it saved a checkpoint is not asked to save it again', async () => {
    await join(...range(0, 620));
    let losesAnswer = true;
    const editions: FanOutPorts['editions'] = {
      ...ports.editions,
      async saveProgress(edition, progress, previous) {
        await ports.editions.saveProgress(edition, progress, previous);
        if (!progress.isComplete || !losesAnswer) return;
        losesAnswer = false;
        throw new Error('the answer was lost');
      },
    };

    const result = await fanOut({ ...ports, editions }, MESSAGE, ampleTime);

    expect(result.kind).toBe('complete');
    expect(namedIds()).toEqual(range(0, 620).map(idOf));
  });

  test('repeatedly puts the message off for five minutes, as a new one that counts its pauses', async () => {
    await join(1);

    const result = await fanOut({ ...ports, digestsQueue: failing(5) }, { ...MESSAGE, pauses: 2 }, ampleTime);

    expect(result).toEqual({ kind: 'continued' });
    expect(cohortQueue.queued).toEqual([[{ edition: EDITION, pauses: 3 }, 300]]);
    expect(telemetry.sentences).toContain('A fan-out pauses');
  });

  test('for an hour fails the message, so that it becomes a dead letter', async () => {
    await join(1);

    const run = fanOut({ ...ports, digestsQueue: failing(5) }, { ...MESSAGE, pauses: 12 }, ampleTime);

    await expect(run).rejects.toThrow('the queue is throttled');
    expect(cohortQueue.queued).toEqual([]);
  });

  test('to take a checkpoint that has not moved on counts as a pause, and becomes a dead letter after an hour', async () => {
    await join(1);
    const saveProgress = () => Promise.reject(new ConflictError('it was moved on by another worker'));
    const stuck = { ...ports, editions: { ...repositories.editions, saveProgress } };

    await fanOut(stuck, { ...MESSAGE, pauses: 11 }, ampleTime);
    expect(cohortQueue.queued).toEqual([[{ edition: EDITION, pauses: 12 }, 300]]);

    await expect(fanOut(stuck, { ...MESSAGE, pauses: 12 }, ampleTime)).rejects.toThrow(
      'no other worker moved it on',
    );
  });

  test('has its pauses reset after a page is done', async () => {
    await join(...range(0, 501));
    let calls = 0;
    const digestsQueue: Queue<DigestsMessage> = {
      async enqueue(messages) {
        calls += 1;
        if (calls > 1) throw new Error('the queue is throttled');
        return queue.enqueue(messages);
      },
    };

    await fanOut({ ...ports, digestsQueue }, { ...MESSAGE, pauses: 12 }, ampleTime);

    expect(cohortQueue.queued).toEqual([[{ edition: EDITION, pauses: 1 }, 300]]);
  });

  test('a message without a cohort fails immediately', async () => {
    const run = fanOut(ports, { edition: { ...EDITION, cohort: 'hourly#UTC' } }, ampleTime);

    await expect(run).rejects.toThrow(RangeError);
    expect(waits).toEqual([]);
  });
});
