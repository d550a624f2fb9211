import { GetCommand, PutCommand } from '@aws-sdk/lib-dynamodb';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { LocalDynamoDb } from '../../../../local/emulators/dynamodb.ts';
import { createManualClock } from '../../../../local/manual-clock.ts';
import { localTables, openRepositories, type Repositories } from '../../../../local/repositories.ts';
import { createSubscriberRepository } from '../../../../shared/adapters/dynamodb/subscriber-repository.ts';
import { TTL_ATTRIBUTE } from '../../../../shared/adapters/dynamodb/table-schema.ts';
import { createSubscriber, createSubscription, leaveAndErase } from '../../../factories/subscribers.ts';
import { openMemoryDynamoDb } from '../../../fakes/dynamodb/open-documents.ts';

const NOW = '2026-01-05T08:00:00.000Z';
const THIRTY_DAYS_LATER_SEC = Date.parse('2026-02-04T08:00:00.000Z') / 1000;

const signUp = {
  at: NOW,
  from: '192.0.2.1',
  text: 'Send me digests.',
  timeZone: 'Asia/Tokyo',
  hour: 6,
  subscriptions: [createSubscription()],
};

let dynamoDb: LocalDynamoDb;
let repositories: Repositories;

beforeAll(async () => {
  dynamoDb = await openMemoryDynamoDb();
  repositories = openRepositories(dynamoDb.documents, localTables, createManualClock(NOW));
});

afterAll(() => dynamoDb.close());

/** Returns when an item of `Subscribers` expires, in seconds since 1970. Undefined for never. */
async function expiryOf(pk: string, sk: string): Promise<unknown> {
  const { documents } = dynamoDb;
  const { Item } = await documents.send(
    new GetCommand({ TableName: localTables.subscribers, Key: { pk, sk }, ConsistentRead: true }),
  );
  if (!Item) throw new Error(`no item ${pk} / ${sk}`);
  return Item[TTL_ATTRIBUTE];
}

test('the count of a budget expires with the budget', async () => {
  const budget = {
    what: 'requests#all',
    window: '2026-01-05T08',
    max: 2,
    expiresAt: '2026-01-06T08:00:00.900Z',
  };

  await repositories.budgets.spend(budget);
  await repositories.budgets.spend(budget);

  expect(await expiryOf('LIMIT#requests#all', budget.window)).toBe(Date.parse('2026-01-06T08:00:00Z') / 1000);
});

test('the record of a mailbox expires 30 days after the last mail', async () => {
  const request = { id: 'r', asksToConfirm: true };
  await repositories.allowances.take('m', request, NOW);
  await repositories.allowances.use('m', request.id);

  expect(await expiryOf('LIMIT#mailbox#m', 'MAIL')).toBe(THIRTY_DAYS_LATER_SEC);
});

test('an unconfirmed profile expires 30 days after its newest sign-up', async () => {
  const profile = createSubscriber({ id: 'new', status: 'unconfirmed' });
  const first = await repositories.subscribers.save({
    ...profile,
    signUp: { ...signUp, at: '2026-01-01T08:00:00.000Z' },
  });

  await repositories.subscribers.save({ ...first, signUp });

  expect(await expiryOf('SUB#new', 'PROFILE')).toBe(THIRTY_DAYS_LATER_SEC);
});

test('a confirmed profile does not expire', async () => {
  const unconfirmed = createSubscriber({ id: 'stays', status: 'unconfirmed', signUp });
  const saved = await repositories.subscribers.save(unconfirmed);
  expect(await expiryOf('SUB#stays', 'PROFILE')).toBe(THIRTY_DAYS_LATER_SEC);

  await repositories.subscribers.save({ ...saved, status: 'confirmed', signUp: undefined });
  expect(await expiryOf('SUB#stays', 'PROFILE')).toBeUndefined();
});

describe('the profile of a subscriber who left', () => {
  const daysAfter = (at: string, days: number) => Date.parse(at) / 1000 + days * 86_400;
  const LEFT_AT = '2026-01-02T08:00:00.500Z';
  const leave = (status: 'unsubscribed' | 'bounced' | 'complained', id: string = status) => ({
    ...createSubscriber({ id, status }),
    statusChanges: [{ status, at: LEFT_AT, by: 'page' as const }],
  });

  test.each(['unsubscribed', 'bounced', 'complained'] as const)(
    'is forgotten a year after it %s; the suppression stays, and has no address',
    async (status) => {
      await repositories.subscribers.save(leave(status));

      expect(await expiryOf(`SUB#${status}`, 'PROFILE')).toBe(Math.floor(daysAfter(LEFT_AT, 365)));
      expect(await expiryOf(`SUB#${status}`, 'LEFT')).toBeUndefined();
      await repositories.subscribers.erase(status);
      const { Item } = await dynamoDb.documents.send(
        new GetCommand({ TableName: localTables.subscribers, Key: { pk: `SUB#${status}`, sk: 'LEFT' } }),
      );
      expect(Item).toEqual({ pk: `SUB#${status}`, sk: 'LEFT', status, at: LEFT_AT, by: 'page' });
    },
  );

  test('expires after the days in the settings', async () => {
    const table = { documents: dynamoDb.documents, name: localTables.subscribers };
    const sooner = createSubscriberRepository(table, createManualClock(NOW), 100);

    await sooner.save(leave('unsubscribed', 'sooner'));

    expect(await expiryOf('SUB#sooner', 'PROFILE')).toBe(Math.floor(daysAfter(LEFT_AT, 100)));
  });

  test('of an earlier version without a time expires from its next save on', async () => {
    await repositories.subscribers.save({ ...leave('bounced', 'unknown'), statusChanges: [] });

    expect(await expiryOf('SUB#unknown', 'PROFILE')).toBe(daysAfter(NOW, 365));
  });

  test('expires even if it cannot be read', async () => {
    const item = { pk: 'SUB#odd', sk: 'PROFILE', status: 'confirmed', hour: 99 };
    await dynamoDb.documents.send(new PutCommand({ TableName: localTables.subscribers, Item: item }));

    await repositories.subscribers.endUnreadable('odd', { at: LEFT_AT, by: 'link' });

    expect(await expiryOf('SUB#odd', 'PROFILE')).toBe(Math.floor(daysAfter(LEFT_AT, 365)));
    expect(await repositories.suppressions.load('odd')).toEqual({
      status: 'unsubscribed',
      at: LEFT_AT,
      by: 'link',
    });
  });

  test('of an earlier version keeps the time of its first save', async () => {
    const table = { documents: dynamoDb.documents, name: localTables.subscribers };
    const old = { ...leave('unsubscribed', 'repeated'), statusChanges: [] };
    const saved = await repositories.subscribers.save(old);

    const later = createSubscriberRepository(table, createManualClock('2026-12-05T08:00:00.000Z'), 365);
    await later.save(saved);

    expect(await expiryOf('SUB#repeated', 'PROFILE')).toBe(daysAfter(NOW, 365));
    expect(await repositories.suppressions.load('repeated')).toEqual({ status: 'unsubscribed', at: NOW });
  });

  test('of a subscriber who left twice expires from the second time on', async () => {
    const back = { at: '2026-01-04T08:00:00.000Z', from: '192.0.2.1', text: 'Again.' };
    await leaveAndErase(repositories.subscribers, 'twice', {
      status: 'unsubscribed',
      at: LEFT_AT,
      by: 'link',
    });

    await repositories.subscribers.save({
      ...leave('unsubscribed', 'twice'),
      consent: back,
      statusChanges: [],
    });

    expect(await expiryOf('SUB#twice', 'PROFILE')).toBe(daysAfter(NOW, 365));
  });

  test('is saved even if its suppression cannot be read', async () => {
    const odd = { pk: 'SUB#odd-before', sk: 'LEFT', status: 'gone' };
    await dynamoDb.documents.send(new PutCommand({ TableName: localTables.subscribers, Item: odd }));

    await repositories.subscribers.save({ ...leave('bounced', 'odd-before'), statusChanges: [] });

    expect(await repositories.suppressions.load('odd-before')).toEqual({ status: 'bounced', at: NOW });
  });

  test.each([
    ['unsubscribed', [{ status: 'unsubscribed', at: LEFT_AT, by: 'page' }], LEFT_AT],
    ['bounced', [{ status: 'bounced', at: LEFT_AT, by: 'page' }], LEFT_AT],
    ['complained', [{ status: 'complained', at: LEFT_AT, by: 'page' }], LEFT_AT],
    ['complained', [], NOW],
  ] as const)(
    'that cannot be read and %s before keeps status and time: %j',
    async (status, statusChanges, at) => {
      const id = `odd-${status}-${statusChanges.length}`;
      const item = { pk: `SUB#${id}`, sk: 'PROFILE', id, status, hour: 99, statusChanges };
      await dynamoDb.documents.send(new PutCommand({ TableName: localTables.subscribers, Item: item }));

      await repositories.subscribers.endUnreadable(id, { at: NOW, by: 'operator' });
      await repositories.subscribers.endUnreadable(id, { at: '2026-12-05T08:00:00.000Z', by: 'operator' });

      expect(await repositories.suppressions.load(id)).toMatchObject({ status, at });
      expect(await expiryOf(`SUB#${id}`, 'PROFILE')).toBe(Math.floor(daysAfter(at, 365)));
    },
  );

  test('expires after a new sign-up, unless it is confirmed', async () => {
    const old = { ...leave('unsubscribed', 'again'), signUp };
    const { documents } = dynamoDb;
    const table = { documents, name: localTables.subscribers };
    const longAgo = {
      ...old,
      statusChanges: [{ status: old.status, at: '2020-01-05T08:00:00.000Z', by: 'page' as const }],
    };

    const saved = await createSubscriberRepository(table, createManualClock(NOW), 100).save(longAgo);
    expect(await expiryOf('SUB#again', 'PROFILE')).toBe(THIRTY_DAYS_LATER_SEC);

    await repositories.subscribers.save({ ...saved, status: 'confirmed', signUp: undefined });
    expect(await expiryOf('SUB#again', 'PROFILE')).toBeUndefined();
  });
});

test('an unreadable suppression affects no other', async () => {
  const { documents } = dynamoDb;
  const odd = { pk: 'SUB#odd-left', sk: 'LEFT', status: 'gone' };
  await documents.send(new PutCommand({ TableName: localTables.subscribers, Item: odd }));
  await leaveAndErase(repositories.subscribers, 'left', { status: 'bounced', at: NOW, by: 'bounce' });

  expect(await repositories.suppressions.loadMany(['odd-left', 'left'])).toEqual(
    new Map<string, unknown>([
      ['odd-left', 'unreadable'],
      ['left', { status: 'bounced', at: NOW, by: 'bounce' }],
    ]),
  );
  await expect(repositories.suppressions.load('odd-left')).rejects.toThrow('SUB#odd-left / LEFT');
});
