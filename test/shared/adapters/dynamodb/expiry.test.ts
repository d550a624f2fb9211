import { GetCommand } from '@aws-sdk/lib-dynamodb';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { LocalDynamoDb } from '../../../../local/emulators/dynamodb.ts';
import { createHandClock } from '../../../../local/hand-clock.ts';
import { localTables, openRepositories, type Repositories } from '../../../../local/repositories.ts';
import { TTL_ATTRIBUTE } from '../../../../shared/table-schema.ts';
import { createSubscriber, createSubscription } from '../../../factories/subscribers.ts';
import { openMemoryDynamoDb } from '../../../fakes/dynamodb/open-documents.ts';

const NOW = '2026-01-05T08:00:00.000Z';
const THIRTY_DAYS_LATER_SEC = Date.parse('2026-02-04T08:00:00.000Z') / 1000;

const signUp = {
  ...{ at: NOW, from: '192.0.2.1', text: 'Send me digests.', timeZone: 'Asia/Tokyo', hour: 6 },
  subscriptions: [createSubscription()],
};

let dynamoDb: LocalDynamoDb;
let repositories: Repositories;

beforeAll(async () => {
  dynamoDb = await openMemoryDynamoDb();
  repositories = openRepositories(dynamoDb.documents, localTables, createHandClock(NOW));
});

afterAll(() => dynamoDb.close());

/** When DynamoDB may forget an item of `Subscribers`, in seconds since 1970; undefined for never. */
async function expiryOf(pk: string, sk: string): Promise<unknown> {
  const { documents } = dynamoDb;
  const { Item } = await documents.send(
    new GetCommand({ TableName: localTables.subscribers, Key: { pk, sk }, ConsistentRead: true }),
  );
  if (!Item) throw new Error(`no item ${pk} / ${sk}`);
  return Item[TTL_ATTRIBUTE];
}

test('a count against flooding is forgotten when its budget says so', async () => {
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

test('what a mailbox was mailed is forgotten 30 days after the last mail', async () => {
  const request = { id: 'r', asksToConfirm: true };
  await repositories.allowances.take('m', request, NOW);
  await repositories.allowances.use('m', request.id);

  expect(await expiryOf('LIMIT#mailbox#m', 'MAIL')).toBe(THIRTY_DAYS_LATER_SEC);
});

test('a profile that nobody confirms is forgotten 30 days after its newest sign-up', async () => {
  const profile = createSubscriber({ id: 'new', status: 'unconfirmed' });
  const first = await repositories.subscribers.save({
    ...profile,
    signUp: { ...signUp, at: '2026-01-01T08:00:00.000Z' },
  });

  await repositories.subscribers.save({ ...first, signUp });

  expect(await expiryOf('SUB#new', 'PROFILE')).toBe(THIRTY_DAYS_LATER_SEC);
});

test('a profile that was confirmed stays, and so does one that signs up again after leaving', async () => {
  const unconfirmed = createSubscriber({ id: 'stays', status: 'unconfirmed', signUp });
  const saved = await repositories.subscribers.save(unconfirmed);
  expect(await expiryOf('SUB#stays', 'PROFILE')).toBe(THIRTY_DAYS_LATER_SEC);

  const confirmed = await repositories.subscribers.save({ ...saved, status: 'confirmed', signUp: undefined });
  expect(await expiryOf('SUB#stays', 'PROFILE')).toBeUndefined();

  await repositories.subscribers.save({ ...confirmed, status: 'unsubscribed', signUp });
  expect(await expiryOf('SUB#stays', 'PROFILE')).toBeUndefined();
});
