import { beforeEach, describe, expect, test } from '@jest/globals';
import { createManualClock, type ManualClock } from '../../../../local/manual-clock.ts';
import { localTables, openRepositories } from '../../../../local/repositories.ts';
import { arxivCategoryIds } from '../../../../shared/domain/lists/arxiv-categories.ts';
import { addMs, MS_PER_DAY, MS_PER_HOUR } from '../../../../shared/domain/time/time.ts';
import { createSubscriber, createSubscription } from '../../../factories/subscribers.ts';
import { createMemoryDynamoDb, type MemoryDynamoDb } from '../../../fakes/dynamodb/memory-dynamodb.ts';
import { openDocuments } from '../../../fakes/dynamodb/open-documents.ts';

const COHORT = { cadence: 'daily', timeZone: 'UTC', hour: 8 } as const;

let clock: ManualClock;
let database: MemoryDynamoDb;
/** How many requests named the partition of cohorts, by operation. */
let requests: Record<string, number>;
let serial = 0;

beforeEach(() => {
  clock = createManualClock('2026-01-05T08:00:00.000Z');
  database = createMemoryDynamoDb(localTables);
  requests = {};
});

/** The repositories of one function. They do not know what other functions wrote. */
const openFunction = () => {
  const answer: MemoryDynamoDb['answer'] = (target, body) => {
    const operation = target.split('.')[1] ?? '';
    if (body.includes('"COHORTS"')) requests[operation] = (requests[operation] ?? 0) + 1;
    return database.answer(target, body);
  };
  return openRepositories(openDocuments({ answer }), localTables, clock);
};
const createMember = () => {
  serial += 1;
  return createSubscriber({ id: `s-${serial}`, timeZone: COHORT.timeZone, hour: COHORT.hour });
};

describe('saving confirmed profiles of a cohort', () => {
  test('writes the cohort once in half a day, for any number of profiles', async () => {
    const { subscribers } = openFunction();
    for (let n = 0; n < 66; n += 1) {
      await Promise.all([createMember(), createMember(), createMember()].map(subscribers.save));
      clock.moveBy(MS_PER_HOUR / 6);
    }
    expect(requests.PutItem).toBe(1);

    clock.moveBy(MS_PER_HOUR);
    await subscribers.save(createMember());
    expect(requests.PutItem).toBe(2);
  });

  test('writes it no more often if many functions save, and reads it sometimes', async () => {
    const functions = Array.from({ length: 5 }, openFunction);
    await functions[0]?.subscribers.save(createMember());
    for (let n = 0; n < 20; n += 1)
      for (const { subscribers } of functions) await subscribers.save(createMember());

    expect(requests).toEqual({ PutItem: 1, GetItem: functions.length });
  });

  test('does not write the cohort when a profile in it changes', async () => {
    const { subscribers } = openFunction();
    let profile = await subscribers.save(createMember());
    for (let n = 0; n < 10; n += 1) profile = await subscribers.save({ ...profile, softBounces: n });

    expect(requests.PutItem).toBe(1);
  });
});

describe('an empty cohort', () => {
  // A subscriber who is saved while the cohort is removed must be in a cohort that the planner knows.
  test.each([0, 1, 11, 12, 13, 23, 24, 25, 48])(
    'exists for a subscriber who joins %d hours after the last one',
    async (hours) => {
      const [joining, removing] = [openFunction(), openFunction()];
      await joining.subscribers.save(createMember());
      clock.moveBy(hours * MS_PER_HOUR);

      for (const order of ['removed before', 'removed after'] as const) {
        const remove = () => removing.cohorts.removeIfIdle(COHORT, addMs(clock.now(), -MS_PER_DAY));
        if (order === 'removed before') await remove();
        await joining.subscribers.save(createMember());
        if (order === 'removed after') await remove();
        expect(await removing.cohorts.loadAll()).toEqual([COHORT]);
      }
      // The index shows a new member within seconds. The cohort stays for eleven hours at least.
      clock.moveBy(11 * MS_PER_HOUR);
      await removing.cohorts.removeIfIdle(COHORT, addMs(clock.now(), -MS_PER_DAY));
      expect(await removing.cohorts.loadAll()).toEqual([COHORT]);
    },
  );

  test('is removed a day after its last write', async () => {
    const { subscribers, cohorts } = openFunction();
    await subscribers.save(createMember());
    clock.moveBy(MS_PER_DAY + 1);
    await cohorts.removeIfIdle(COHORT, addMs(clock.now(), -MS_PER_DAY));

    expect(await cohorts.loadAll()).toEqual([]);
  });
});

describe('the followers of a list', () => {
  const MEMBERS = 600;
  const PAGE = 50;

  /** Pages through the followers of a list. Returns them, and how many entries the pages asked the index for. */
  async function loadAllFollowers(isFollower: (n: number) => boolean) {
    const queries: number[] = [];
    const answer: MemoryDynamoDb['answer'] = (target, body) => {
      if (target.endsWith('.Query')) queries.push(JSON.parse(body).Limit);
      return database.answer(target, body);
    };
    const { subscribers, cohorts } = openRepositories(openDocuments({ answer }), localTables, clock);
    for (let n = 0; n < MEMBERS; n += 1) {
      const lists = [isFollower(n) ? 'hf-daily' : 'arxiv/cs.CL'];
      const subscriptions = [createSubscription({ cadence: 'instant', lists })];
      await subscribers.save(createSubscriber({ id: String(n).padStart(3, '0'), subscriptions }));
    }
    const found: string[] = [];
    let next: string | undefined;
    do {
      const page = await cohorts.loadFollowers(['hf-daily'], next, PAGE);
      found.push(...page.ids);
      next = page.next;
    } while (next !== undefined);
    return {
      found: found.length,
      queries: queries.length,
      asked: queries.reduce((sum, limit) => sum + limit, 0),
    };
  }

  test('are read once if every member follows the list', async () => {
    const { found, asked } = await loadAllFollowers(() => true);

    expect(found).toBe(MEMBERS);
    expect(asked).toBeLessThanOrEqual(MEMBERS + PAGE);
  });

  test('are read with little waste if half of the members follow the list', async () => {
    const { found, asked } = await loadAllFollowers((n) => n % 2 === 0);

    expect(found).toBe(MEMBERS / 2);
    expect(asked).toBeLessThanOrEqual(MEMBERS * 1.5);
  });

  test('are found among members who follow a hundred categories of arXiv', async () => {
    const { subscribers, cohorts } = openFunction();
    const some = arxivCategoryIds.slice(0, 99).map((id) => `arxiv/${id}`);
    for (const [id, last] of [
      ['a', 'arxiv/stat.ML'],
      ['b', 'hf-daily'],
      ['c', 'arxiv/stat.ML'],
    ] as const) {
      const subscriptions = [createSubscription({ cadence: 'instant', lists: [...some, last] })];
      await subscribers.save(createSubscriber({ id, subscriptions }));
    }
    const all = arxivCategoryIds.map((id) => `arxiv/${id}`);

    expect(await cohorts.loadFollowers(['arxiv/stat.ML'], undefined, PAGE)).toEqual({ ids: ['a', 'c'] });
    expect(await cohorts.loadFollowers(['hf-daily', 'arxiv/econ.EM'], undefined, PAGE)).toMatchObject({
      ids: ['a', 'b', 'c'],
    });
    expect(await cohorts.loadFollowers(all, undefined, 2)).toEqual({ ids: ['a', 'b'], next: 'b' });
    expect((await subscribers.load('a'))?.subscriptions[0]?.lists).toEqual([...some, 'arxiv/stat.ML']);
  });

  test('are read in few queries if few members follow the list', async () => {
    const { found, queries } = await loadAllFollowers((n) => n % 100 === 0);

    expect(found).toBe(MEMBERS / 100);
    expect(queries).toBeLessThanOrEqual(4);
  });
});
