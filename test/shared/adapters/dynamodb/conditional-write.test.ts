import { readdirSync, readFileSync } from 'node:fs';
import { GetCommand, PutCommand } from '@aws-sdk/lib-dynamodb';
import { describe, expect, test } from '@jest/globals';
import { createManualClock } from '../../../../local/manual-clock.ts';
import { localTables, openRepositories, type Repositories } from '../../../../local/repositories.ts';
import { IS_NEW, putIf, updateIf } from '../../../../shared/adapters/dynamodb/conditional-write.ts';
import { tableNames } from '../../../../shared/adapters/dynamodb/table-schema.ts';
import { NO_USAGE } from '../../../../shared/domain/usage.ts';
import { createFacts, createListing } from '../../../factories/papers.ts';
import { createSubscriber, leaveAndErase } from '../../../factories/subscribers.ts';
import { createMemoryDynamoDb } from '../../../fakes/dynamodb/memory-dynamodb.ts';
import { openDocuments } from '../../../fakes/dynamodb/open-documents.ts';
import { answerRequests, createResponse, type FakeResponse } from '../../../fakes/request-handler.ts';

const T0 = '2026-01-05T08:00:00.000Z';
const T1 = '2026-01-05T09:00:00.000Z';
const EDITION = { cadence: 'daily', period: '2026-01-05', cohort: 'daily#Europe/Berlin#08' } as const;
const ORIGIN = { ...EDITION, batch: 0 };
const KEY = { subscriberId: 'ada', cadence: 'daily', period: '2026-01-05' } as const;
const SENT = { state: 'sent', messageId: 'm-1' } as const;
const UNCERTAIN = { state: 'uncertain', reason: 'ECONNRESET' } as const;
const SKIPPED = { state: 'skipped', reason: 'nothing-new' } as const;
const PROGRESS = { batches: 1, planned: 50, after: 'x', isComplete: false };
const BUDGET = { what: 'requests#all', window: '2026-01-05T08', max: 2, expiresAt: T1 };
const LIST_DAY = { list: 'hf-daily', day: '2026-01-05' } as const;
const SNAPSHOT = { text: new Uint8Array(900).fill(1), state: new Uint8Array(9) };
const ASKS = { id: 'r1', asksToConfirm: true };

/** Does what has to come before a write, and returns the write. */
type Case = (repositories: Repositories) => Promise<() => Promise<unknown>>;

const MONTH = { month: '2026-01', segments: [], checkedUntil: undefined, inWriting: undefined } as const;

/** Cases for every method that may write, which is every method but those that load. The compiler asks for each. */
type Cases = {
  readonly [R in keyof Repositories]: {
    readonly [M in Exclude<keyof Repositories[R], `load${string}`>]: readonly Case[];
  };
};

const claim = async ({ deliveries }: Repositories) => {
  const claimed = await deliveries.claim(KEY, ORIGIN, ['2601.00001'], T0);
  if (!claimed) throw new Error('the digest was claimed before');
  return claimed;
};
const load = async ({ deliveries }: Repositories) => {
  const delivery = await deliveries.load(KEY);
  if (!delivery) throw new Error('there is no record');
  return delivery;
};
const loadUncertain = async (repositories: Repositories) => {
  await repositories.deliveries.recordOutcome(await claim(repositories), UNCERTAIN);
  return load(repositories);
};
const claimAgain = async (repositories: Repositories) => {
  const claimed = await repositories.deliveries.claimAgain(await loadUncertain(repositories), ORIGIN, [], T1);
  if (!claimed) throw new Error('the digest was claimed by somebody else');
  return claimed;
};
const saveBatch = ({ editions }: Repositories) => editions.saveBatch(EDITION, 0, ['ada', 'ben']);

const cases: Cases = {
  papers: {
    save: [
      async ({ papers }) =>
        () =>
          papers.save(createFacts(), T0),
      async ({ papers }) => {
        await papers.save(createFacts({ upvotes: 1 }), T0);
        return () => papers.save(createFacts({ upvotes: 2 }), T1);
      },
    ],
  },
  listings: {
    save: [
      async ({ listings }) =>
        () =>
          listings.save(createListing()),
    ],
  },
  newVersions: {
    save: [
      async ({ newVersions }) =>
        () =>
          newVersions.save('2026-01-05', { paperId: '2601.00001', version: 2 }),
    ],
  },
  sourceStates: {
    save: [
      async ({ sourceStates }) =>
        () =>
          sourceStates.save('hf-daily', { lists: {} }),
    ],
  },
  snapshots: {
    save: [
      async ({ snapshots }) =>
        () =>
          snapshots.save(LIST_DAY, SNAPSHOT, undefined),
      async ({ snapshots }) => {
        await snapshots.save(LIST_DAY, SNAPSHOT, undefined);
        const [header] = await snapshots.loadHeaders(LIST_DAY.list, LIST_DAY.day, LIST_DAY.day);
        return () => snapshots.save(LIST_DAY, { ...SNAPSHOT, text: new Uint8Array(900).fill(2) }, header);
      },
    ],
    deleteStrayParts: [
      async ({ snapshots }) => {
        await snapshots.save(LIST_DAY, SNAPSHOT, undefined);
        const [header] = await snapshots.loadHeaders(LIST_DAY.list, LIST_DAY.day, LIST_DAY.day);
        if (header?.kind !== 'snapshot') throw new Error('there is no snapshot');
        // A header that names no parts, as if the writer of these had died.
        const bare = { ...header, text: header.state };
        return () => snapshots.deleteStrayParts(bare, T1);
      },
    ],
  },
  archive: {
    saveSegment: [
      async ({ archive }) =>
        () =>
          archive.saveSegment('2026-01', new Uint8Array(9), 1),
    ],
    saveMonth: [
      async ({ archive }) =>
        () =>
          archive.saveMonth(MONTH, undefined),
      async ({ archive }) => {
        const segments = [await archive.saveSegment('2026-01', new Uint8Array(9), 1)];
        const saved = await archive.saveMonth({ ...MONTH, segments }, undefined);
        return () => archive.saveMonth(MONTH, saved);
      },
    ],
    deleteStraySegments: [
      async ({ archive }) => {
        const saved = await archive.saveMonth(MONTH, undefined);
        await archive.saveSegment('2026-01', new Uint8Array(9), 1);
        if (!saved) throw new Error('the month was not saved');
        return () => archive.deleteStraySegments(saved, T1);
      },
    ],
  },
  leases: {
    acquire: [
      async ({ leases }) =>
        () =>
          leases.acquire('arxiv', { holder: 'a', at: T0, until: T1 }),
      async ({ leases }) => {
        await leases.acquire('arxiv', { holder: 'a', at: T0, until: T1 });
        return () => leases.acquire('arxiv', { holder: 'b', at: T1, until: T1 });
      },
    ],
    release: [
      async ({ leases }) => {
        await leases.acquire('arxiv', { holder: 'a', at: T0, until: T1 });
        return () => leases.release('arxiv', 'a', T0);
      },
    ],
  },
  subscribers: {
    save: [
      async ({ subscribers }) =>
        () =>
          subscribers.save(createSubscriber()),
      async ({ subscribers }) => {
        const saved = await subscribers.save(createSubscriber());
        return () => subscribers.save({ ...saved, hour: 20 });
      },
    ],
    erase: [
      async ({ subscribers }) => {
        const { id } = await subscribers.save(createSubscriber());
        return () => subscribers.erase(id);
      },
    ],
    endUnreadable: [
      async ({ subscribers }) => {
        const { id } = await subscribers.save(createSubscriber({ hour: 99 }));
        return () => subscribers.endUnreadable(id, { at: T1, by: 'link' });
      },
    ],
  },
  suppressions: {
    erase: [
      async ({ subscribers, suppressions }) => {
        await leaveAndErase(subscribers, 'ada', { status: 'bounced', at: T0, by: 'bounce' });
        return () => suppressions.erase('ada');
      },
    ],
  },
  allowances: {
    take: [
      async ({ allowances }) =>
        () =>
          allowances.take('mailbox', ASKS, T0),
      async ({ allowances }) => {
        await allowances.take('mailbox', { ...ASKS, id: 'earlier' }, T0);
        return () => allowances.take('mailbox', ASKS, '2026-01-07T08:00:00.000Z');
      },
    ],
    release: [
      async ({ allowances }) => {
        await allowances.take('mailbox', ASKS, T0);
        return () => allowances.release('mailbox', ASKS.id);
      },
    ],
    use: [
      async ({ allowances }) => {
        await allowances.take('mailbox', ASKS, T0);
        return () => allowances.use('mailbox', ASKS.id);
      },
    ],
    answer: [
      async ({ allowances }) => {
        await allowances.take('mailbox', ASKS, T0);
        return () => allowances.answer('mailbox');
      },
    ],
    erase: [
      async ({ allowances }) => {
        await allowances.take('mailbox', ASKS, T0);
        return () => allowances.erase('mailbox');
      },
    ],
  },
  budgets: {
    spend: [
      async ({ budgets }) =>
        () =>
          budgets.spend(BUDGET),
      async ({ budgets }) => {
        await budgets.spend(BUDGET);
        return () => budgets.spend(BUDGET);
      },
    ],
    forget: [
      async ({ budgets }) => {
        await budgets.spend(BUDGET);
        return () => budgets.forget(BUDGET);
      },
    ],
  },
  cohorts: {
    removeIfIdle: [
      async ({ subscribers, cohorts }) => {
        await subscribers.save(createSubscriber());
        const [cohort] = await cohorts.loadAll();
        if (!cohort) throw new Error('nobody joined a cohort');
        return () => cohorts.removeIfIdle(cohort, T1);
      },
    ],
  },
  planner: {
    save: [
      async ({ planner }) =>
        () =>
          planner.save({ lastTick: T0, arrivals: {} }, undefined),
      async ({ planner }) => {
        const first = { lastTick: T0, arrivals: {} };
        await planner.save(first, undefined);
        return () => planner.save({ lastTick: T1, arrivals: {} }, first);
      },
    ],
  },
  editions: {
    saveProgress: [
      async ({ editions }) =>
        () =>
          editions.saveProgress(EDITION, PROGRESS, undefined),
      async ({ editions }) => {
        await editions.saveProgress(EDITION, PROGRESS, undefined);
        return () => editions.saveProgress(EDITION, { ...PROGRESS, batches: 2 }, PROGRESS);
      },
    ],
    saveBatch: [async (repositories) => () => saveBatch(repositories)],
    settleBatch: [
      async (repositories) => {
        await saveBatch(repositories);
        return () => repositories.editions.settleBatch(EDITION, 0, { sent: 2 }, NO_USAGE);
      },
    ],
    replaceErased: [
      async (repositories) => {
        await saveBatch(repositories);
        return () => repositories.editions.replaceErased(ORIGIN, 'ada');
      },
    ],
    replaceMoved: [
      async (repositories) => {
        await saveBatch(repositories);
        return () => repositories.editions.replaceMoved(ORIGIN, 'ben');
      },
    ],
  },
  deliveries: {
    claim: [async (repositories) => () => claim(repositories)],
    claimAgain: [
      async (repositories) => {
        const earlier = await loadUncertain(repositories);
        return () => repositories.deliveries.claimAgain(earlier, ORIGIN, [], T1);
      },
    ],
    recordSkip: [
      async ({ deliveries }) =>
        () =>
          deliveries.recordSkip(KEY, ORIGIN, SKIPPED, T0),
    ],
    recordOutcome: [
      async (repositories) => {
        const claimed = await claim(repositories);
        return () => repositories.deliveries.recordOutcome(claimed, SENT);
      },
    ],
    recordEvent: [
      async (repositories) => {
        await claim(repositories);
        return () => repositories.deliveries.recordEvent(KEY, SENT);
      },
    ],
    recordAbandoned: [
      async (repositories) => {
        await claim(repositories);
        const earlier = await load(repositories);
        return () => repositories.deliveries.recordAbandoned(earlier, UNCERTAIN);
      },
    ],
    release: [
      async (repositories) => {
        const claimed = await claim(repositories);
        return () => repositories.deliveries.release(claimed);
      },
      async (repositories) => {
        const claimed = await claimAgain(repositories);
        return () => repositories.deliveries.release(claimed);
      },
    ],
  },
  history: {
    copySent: [
      async (repositories) => {
        await repositories.deliveries.recordOutcome(await claim(repositories), SENT);
        return () => repositories.history.copySent(KEY.subscriberId, 'moved');
      },
    ],
    erase: [
      async (repositories) => {
        await claim(repositories);
        return () => repositories.history.erase(KEY.subscriberId, `${KEY.cadence}#${KEY.period}`);
      },
    ],
  },
  waitlist: {
    add: [
      async ({ waitlist }) =>
        () =>
          waitlist.add(T0, T1, T0),
    ],
  },
};

const losses = {
  'a status of 500': (): FakeResponse => createResponse(500, { __type: 'InternalServerError' }),
  'a broken connection': (): never => {
    throw Object.assign(new Error('socket hang up'), { code: 'ECONNRESET' });
  },
};

const UUID = /[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}/g;

/** Ids that differ from run to run. */
const withoutIds = (value: unknown): unknown =>
  JSON.parse(
    JSON.stringify(value ?? null, (name, part) => {
      if (['writeId', 'updateId', 'claimId'].includes(name)) return undefined;
      return name === 'spentBy' ? part.SS.length : part;
    }).replace(UUID, 'an id'),
  );

/** Runs a case on separate tables. The answer to the write request at position `lost` gets lost, and the SDK repeats the request. */
async function run(prepare: Case, lost?: number, lose = losses['a status of 500']) {
  const database = createMemoryDynamoDb(localTables);
  const documents = openDocuments(database);
  let position = Number.NEGATIVE_INFINITY;
  answerRequests(documents, async ({ target = '' }, _n, forward) => {
    const answer = await forward();
    if (!/\.(Put|Update|Delete)Item$/.test(target)) return answer;
    position += 1;
    return position - 1 === lost ? lose() : answer;
  });
  const write = await prepare(openRepositories(documents, localTables, createManualClock(T0)));
  position = 0;
  const result = await write();
  return {
    outcome: withoutIds({ result, items: tableNames.map((name) => database.items(name)) }),
    requests: position,
  };
}

const named = Object.entries(cases).flatMap(([repository, methods]) =>
  Object.entries<readonly Case[]>(methods).flatMap(([method, prepares]) =>
    prepares.map((prepare, n) => ({ name: `${repository}.${method}, case ${n + 1}`, prepare })),
  ),
);

describe('a write that the SDK repeats after a lost answer has the same result', () => {
  test.each(named)('$name', async ({ prepare }) => {
    const { outcome, requests } = await run(prepare);
    expect(requests).toBeGreaterThan(0);

    for (const lose of Object.values(losses)) {
      for (let lost = 0; lost < requests; lost += 1) {
        const again = await run(prepare, lost, lose);
        expect(again).toEqual({ outcome, requests: requests + 1 });
      }
    }
  });
});

describe('a conditional write', () => {
  const key = { pk: 'A', sk: 'B' };
  const isFirst = { expression: 'step = :first', values: { ':first': 1 } };
  const toSecond = { expression: 'SET step = :second', values: { ':second': 2 } };

  /** A table, and a second client of it that stays connected. The first answer to a write is lost after `meanwhile`. */
  const openTable = (meanwhile: () => Promise<unknown> = async () => {}) => {
    const database = createMemoryDynamoDb(localTables);
    const [ours, others] = [openDocuments(database), openDocuments(database)];
    let isLost = false;
    const requests = answerRequests(ours, async ({ target = '' }, _n, forward) => {
      const answer = await forward();
      if (isLost || target.endsWith('.GetItem')) return answer;
      isLost = true;
      await meanwhile();
      return createResponse(500, { __type: 'InternalServerError' });
    });
    return {
      table: { documents: ours, name: localTables.papers },
      other: { documents: others, name: localTables.papers },
      subscribers: (documents = ours) => openRepositories(documents, localTables, createManualClock(T0)),
      others,
      requests,
    };
  };

  test('does not count as ours if another writer was first', async () => {
    const { table, other } = openTable();
    await putIf(other, IS_NEW, { ...key, by: 'somebody else' });

    expect(await putIf(table, IS_NEW, { ...key, by: 'us' })).toBe(false);
    expect(await updateIf(table, isFirst, key, toSecond)).toBe(false);
  });

  test('keeps the newer item if it was replaced before the repeat', async () => {
    const opened = openTable(() =>
      opened.others.send(new PutCommand({ TableName: localTables.papers, Item: { ...key, by: 'them' } })),
    );

    expect(await putIf(opened.table, IS_NEW, { ...key, by: 'us' })).toBe(false);

    const { Item } = await opened.others.send(new GetCommand({ TableName: localTables.papers, Key: key }));
    expect(Item).toMatchObject({ by: 'them' });
  });

  test('changes an item that has no write id', async () => {
    const { table, others } = openTable();
    await others.send(new PutCommand({ TableName: table.name, Item: { ...key, step: 1 } }));

    expect(await updateIf(table, isFirst, key, toSecond)).toBe(true);
  });

  test('makes one request if the first attempt fails', async () => {
    const { table, other, requests } = openTable();
    await putIf(other, IS_NEW, key);
    await putIf(table, { expression: 'attribute_exists(pk)' }, key);
    const before = requests.length;

    expect(await putIf(table, IS_NEW, key)).toBe(false);

    expect(requests.length - before).toBe(1);
  });

  test('counts once against a budget, even if others spend before the repeat', async () => {
    const budget = { ...BUDGET, max: 3 };
    const opened = openTable(() => opened.subscribers(opened.others).budgets.spend(budget));

    expect(await opened.subscribers().budgets.spend(budget)).toBe(true);

    const later = [
      await opened.subscribers().budgets.spend(budget),
      await opened.subscribers().budgets.spend(budget),
    ];
    expect(later).toEqual([true, false]);
  });

  test('is sent only by the shared functions', () => {
    const files = ['cli', 'functions', 'local', 'shared'].flatMap((folder) =>
      readdirSync(folder, { recursive: true, encoding: 'utf8' }).map((file) => `${folder}/${file}`),
    );

    const sending = files
      .filter((file) => /\.tsx?$/.test(file))
      .filter((file) => /\bConditionExpression|ConditionalCheckFailed/.test(readFileSync(file, 'utf8')));

    expect(sending).toEqual(['shared/adapters/dynamodb/conditional-write.ts']);
  });
});
