import { GetCommand } from '@aws-sdk/lib-dynamodb';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { createCohorts, createProbes } from '../../../cli/doctor/adapters/services.ts';
import { type LocalDynamoDb, startDynamoDb } from '../../../local/emulators/dynamodb.ts';
import { localClientOptions } from '../../../local/emulators/loopback.ts';
import { createManualClock } from '../../../local/manual-clock.ts';
import { localTables } from '../../../local/repositories.ts';
import { createDocumentClient, type Table } from '../../../shared/adapters/dynamodb/table.ts';
import { toCohortKey } from '../../../shared/domain/digests/cohort.ts';
import { createSubscriber, createSubscription } from '../../factories/subscribers.ts';
import { answerRequests, createResponse } from '../../fakes/request-handler.ts';

const clock = createManualClock('2026-01-05T08:00:00.000Z');
let dynamoDb: LocalDynamoDb;
let table: Table;

beforeAll(async () => {
  dynamoDb = await startDynamoDb();
  table = { documents: dynamoDb.documents, name: localTables.subscribers };
});

afterAll(() => dynamoDb.close());

test('cohorts are counted by their confirmed members', async () => {
  const probes = createProbes(table, clock, 365);
  const weekly = [createSubscription(), createSubscription({ id: 's2', cadence: 'weekly' })];
  await probes.save(createSubscriber({ id: 'a' }));
  await probes.save(createSubscriber({ id: 'b', subscriptions: weekly }));
  await probes.save(createSubscriber({ id: 'c', status: 'paused' }));
  await probes.save(createSubscriber({ id: 'd', hour: 9 }));
  const left = await probes.save(createSubscriber({ id: 'e', timeZone: 'Asia/Tokyo' }));
  await probes.save({ ...left, status: 'unsubscribed' });

  const { sizes } = await createCohorts(table).countAll();

  expect(sizes.map(({ cohort, members }) => [toCohortKey(cohort), members]).sort()).toEqual([
    ['daily#Asia/Tokyo#08', 0],
    ['daily#Europe/Berlin#08', 2],
    ['daily#Europe/Berlin#09', 1],
    ['instant', 0],
    ['weekly#Europe/Berlin#08#1', 1],
  ]);
});

test('a cohort is counted once, over as many pages as it takes', async () => {
  const documents = createDocumentClient(localClientOptions('http://127.0.0.1:1'));
  const key = { pk: { S: 'SUB#b' }, sk: { S: 'PROFILE' }, dailyCohort: { S: 'daily#UTC#08' } };
  const pageOf = (body: string) => {
    if (body.includes('COHORTS')) return { Items: [{ pk: { S: 'COHORTS' }, sk: { S: 'daily#UTC#08' } }] };
    if (!body.includes('daily#UTC#08')) return { Count: 0 };
    return body.includes('ExclusiveStartKey') ? { Count: 3 } : { Count: 20_000, LastEvaluatedKey: key };
  };
  const requests = answerRequests(documents, ({ body }) => createResponse(200, pageOf(body)));

  const cohorts = createCohorts({ documents, name: 'subscribers' });
  const [size] = (await cohorts.countAll()).sizes;
  const asked = requests.length;

  expect(size?.members).toBe(20_003);
  expect((await cohorts.countAll()).sizes[0]).toBe(size);
  expect(requests).toHaveLength(asked);
  expect(requests.map(({ body }) => JSON.parse(body))).toContainEqual(
    expect.objectContaining({ Select: 'COUNT', ExclusiveStartKey: key }),
  );
});

test('a stored cohort that cannot be read is left out and reported, and the others are counted', async () => {
  const documents = createDocumentClient(localClientOptions('http://127.0.0.1:1'));
  const itemOf = (sk: string) => ({ pk: { S: 'COHORTS' }, sk: { S: sk } });
  answerRequests(documents, ({ body }) =>
    createResponse(
      200,
      body.includes('COHORTS') ? { Items: ['odd', 'daily#UTC#08'].map(itemOf) } : { Count: 3 },
    ),
  );

  const { sizes, faults } = await createCohorts({ documents, name: 'subscribers' }).countAll();

  expect(sizes.map(({ cohort, members }) => [toCohortKey(cohort), members])).toEqual([
    ['daily#UTC#08', 3],
    ['instant', 3],
  ]);
  expect(faults).toEqual([expect.stringMatching(/^the item COHORTS \/ odd does not fit its schema/)]);
});

test('a profile that is removed is gone, and removing it again changes nothing', async () => {
  const probes = createProbes(table, clock, 365);
  await probes.save(createSubscriber({ id: 'probe', status: 'paused' }));

  await probes.erase('probe');
  await probes.erase('probe');

  expect(await probes.load('probe')).toBeUndefined();
  expect(await probes.load('a')).toBeDefined();
});

test('a probe that cannot be erased expires after the days of the settings', async () => {
  const probe = await createProbes(table, clock, 400).save(
    createSubscriber({ id: 'stuck', status: 'paused' }),
  );
  await createProbes(table, clock, 400).save({ ...probe, status: 'unsubscribed' });

  const { Item } = await table.documents.send(
    new GetCommand({ TableName: table.name, Key: { pk: 'SUB#stuck', sk: 'PROFILE' } }),
  );
  expect(Item?.expiresAt).toBe(Date.parse('2026-01-05T08:00:00.000Z') / 1000 + 400 * 86_400);
});

test('a permission that is missing is named', async () => {
  const documents = createDocumentClient(localClientOptions('http://127.0.0.1:1'));
  answerRequests(documents, () => createResponse(400, { __type: 'AccessDeniedException', message: 'no' }));
  const denied = { documents, name: 'subscribers' };
  const probes = createProbes(denied, clock, 365);

  for (const [call, permission] of [
    [createCohorts(denied).countAll(), 'dynamodb:Query'],
    [probes.load('a'), 'dynamodb:GetItem'],
    [probes.save(createSubscriber({ status: 'paused' })), 'dynamodb:PutItem'],
    [probes.erase('a'), 'dynamodb:DeleteItem'],
  ] as const)
    await expect(call).rejects.toMatchObject({ name: 'PermissionError', permission });
});
