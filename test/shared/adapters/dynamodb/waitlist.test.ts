import { PutCommand } from '@aws-sdk/lib-dynamodb';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import type { LocalDynamoDb } from '../../../../local/emulators/dynamodb.ts';
import { createManualClock } from '../../../../local/manual-clock.ts';
import { localTables } from '../../../../local/repositories.ts';
import { createWaitlist } from '../../../../shared/adapters/dynamodb/waitlist.ts';
import { addMs, MS_PER_DAY } from '../../../../shared/domain/time/time.ts';
import type { Waitlist } from '../../../../shared/ports/mail.ts';
import { openMemoryDynamoDb } from '../../../fakes/dynamodb/open-documents.ts';
import { answerRequests } from '../../../fakes/request-handler.ts';
import { createFakeWaitlist } from '../../../fakes/sending.ts';

const NOW = '2026-01-05T08:00:00.000Z';
const EARLY = '2026-01-04T06:00:00.000Z';
const LATE = '2026-01-04T07:00:00.000Z';
const FRESH_MS = 600_000;

let dynamoDb: LocalDynamoDb;

beforeEach(async () => {
  dynamoDb = await openMemoryDynamoDb();
});

afterEach(() => dynamoDb.close());

const openLine = () =>
  createWaitlist({ documents: dynamoDb.documents, name: localTables.deliveries }, createManualClock(NOW));

describe.each<[string, () => Waitlist]>([
  ['DynamoDB', openLine],
  ['fake', createFakeWaitlist],
])('the waitlist (%s)', (_, open) => {
  let waitlist: Waitlist;
  const add = (queuedAt: string, at: string) => waitlist.add(queuedAt, at, addMs(at, -FRESH_MS));
  const headAt = (at: string) => waitlist.loadOldest(addMs(at, -FRESH_MS));

  beforeEach(() => {
    waitlist = open();
  });

  test('is empty while no batch waits', async () => {
    expect(await headAt(NOW)).toBeUndefined();
  });

  test.each([
    ['first', [EARLY, LATE]],
    ['last', [LATE, EARLY]],
  ])('has the batch that was queued first as its oldest, even if it joins %s', async (_when, order) => {
    for (const queuedAt of order) await add(queuedAt, NOW);

    expect(await headAt(NOW)).toBe(EARLY);
  });

  test('drops an entry that is not renewed, and keeps one that is', async () => {
    await add(EARLY, NOW);

    expect(await headAt(addMs(NOW, FRESH_MS))).toBe(EARLY);
    expect(await headAt(addMs(NOW, FRESH_MS + 1))).toBeUndefined();

    await add(EARLY, addMs(NOW, FRESH_MS / 2));
    expect(await headAt(addMs(NOW, FRESH_MS + 1))).toBe(EARLY);
  });

  test('lets a later batch replace only an expired entry', async () => {
    await add(EARLY, NOW);

    await add(LATE, addMs(NOW, FRESH_MS));
    expect(await headAt(addMs(NOW, FRESH_MS))).toBe(EARLY);

    await add(LATE, addMs(NOW, FRESH_MS + 1));
    expect(await headAt(addMs(NOW, FRESH_MS + 1))).toBe(LATE);
  });

  test('does not believe an entry that a wrong clock dates in the future, and replaces it', async () => {
    await add(EARLY, addMs(NOW, MS_PER_DAY));
    expect(await headAt(NOW)).toBeUndefined();

    await add(LATE, NOW);

    expect(await headAt(NOW)).toBe(LATE);
  });

  test('has one entry if many batches join at the same time', async () => {
    const all = Array.from({ length: 8 }, (_one, n) => addMs(EARLY, n * 60_000));

    await Promise.all(all.toReversed().map((queuedAt) => add(queuedAt, NOW)));

    expect(await headAt(NOW)).toBe(EARLY);
  });
});

test.each([
  {},
  { queuedAt: 7, seenAt: NOW },
  { queuedAt: EARLY, seenAt: 7 },
  { queuedAt: EARLY },
  { seenAt: { odd: NOW } },
  { queuedAt: '', seenAt: 'zz' },
  { queuedAt: EARLY, seenAt: 'zz' },
])('replaces an entry that cannot be read: %j', async (fields) => {
  const Item = { pk: 'LINE', sk: 'HEAD', ...fields };
  await dynamoDb.documents.send(new PutCommand({ TableName: localTables.deliveries, Item }));
  const waitlist = openLine();

  await waitlist.add(LATE, NOW, addMs(NOW, -FRESH_MS));

  expect(await waitlist.loadOldest(addMs(NOW, -FRESH_MS))).toBe(LATE);
});

test('reads the last written entry', async () => {
  const waitlist = openLine();
  const requests = answerRequests(dynamoDb.documents, (_request, _n, forward) => forward());

  await waitlist.loadOldest(NOW);

  expect(requests.map(({ body }) => JSON.parse(body))).toEqual([
    expect.objectContaining({ ConsistentRead: true }),
  ]);
});
