import { type DynamoDBDocumentClient, GetCommand, PutCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb';

import { beforeEach, describe, expect, test } from '@jest/globals';
import { createApiPorts } from '../../../functions/api/ports.ts';
import { createIngestPapersPorts } from '../../../functions/ingest-papers/ports.ts';
import { createKeys } from '../../../local/keys.ts';
import { createManualClock } from '../../../local/manual-clock.ts';
import { localTables, openRepositories, type Repositories } from '../../../local/repositories.ts';
import type { TableName } from '../../../shared/adapters/dynamodb/table-schema.ts';
import { createSqsClient } from '../../../shared/adapters/sqs/queue.ts';
import { listsTextSchema } from '../../../shared/domain/lists/lists.ts';
import { type IngestPorts, ingest } from '../../../shared/pipeline/ingest.ts';
import { signingKeyOf } from '../../../shared/subscribers/keys.ts';
import { toMailboxId } from '../../../shared/subscribers/subscriber-id.ts';
import { hourlyLimitsSchema } from '../../../shared/subscribers/web-budgets.ts';
import { createWebApp } from '../../../shared/web/app.tsx';
import { NO_EDGE } from '../../../shared/web/parts/client-address.ts';
import { signToken } from '../../../shared/web/tokens.ts';
import { createPublication } from '../../factories/digests.ts';
import { createFacts, createListing } from '../../factories/papers.ts';
import { createSubscriber } from '../../factories/subscribers.ts';
import { createMemoryDynamoDb } from '../../fakes/dynamodb/memory-dynamodb.ts';
import { openDocuments } from '../../fakes/dynamodb/open-documents.ts';
import { createFakeTelemetry } from '../../fakes/outside.ts';

const NOW = '2026-01-05T08:00:00.000Z';
const DAY = '2026-01-05';
const keys = createKeys();

let documents: DynamoDBDocumentClient;
let repositories: Repositories;
let telemetry: ReturnType<typeof createFakeTelemetry>;
let put: (table: TableName, item: Readonly<Record<string, unknown>>) => Promise<unknown>;
let ask: (method: string, path: string, id?: string, body?: object) => Promise<Response>;
let ingestPorts: IngestPorts;

beforeEach(async () => {
  documents = openDocuments(createMemoryDynamoDb(localTables));
  const clock = createManualClock(NOW);
  telemetry = createFakeTelemetry();
  repositories = openRepositories(documents, localTables, clock);
  put = (table, item) => documents.send(new PutCommand({ TableName: localTables[table], Item: { ...item } }));

  const env = {
    ...({ DEFAULT_CADENCE: 'daily', DEFAULT_HOUR: 8, KEYS_SECRET: 'unused' } as const),
    PAPERS_TABLE: localTables.papers,
    SUBSCRIBERS_TABLE: localTables.subscribers,
    LISTS: listsTextSchema.parse('hf-daily'),
    DEFAULT_LISTS: listsTextSchema.parse('hf-daily'),
    LEFT_RETENTION_DAYS: 365,
    DELIVERIES_TABLE: localTables.deliveries,
    REQUESTS_QUEUE_URL: 'https://sqs.example.org/requests',
    PUBLICATION: createPublication(),
    TRUSTED_PROXIES: [],
    EDGE: NO_EDGE,
    HOURLY_LIMITS: hourlyLimitsSchema.parse({}),
    PUBLIC_URL: 'https://daily.example.org',
  };
  const clients = { documents, clock, telemetry, keyring: { load: async () => keys } };
  const sqs = createSqsClient({ region: 'us-east-1' });
  const app = createWebApp(createApiPorts(env, { ...clients, sqs, peerAddress: () => '192.0.2.1' }));
  ask = async (method, path, id, body) => {
    const purpose = path.endsWith('/export') || method === 'DELETE' ? 'data' : 'manage';
    const authorization = `Bearer ${signToken(purpose, id ?? '', signingKeyOf(keys.linkKeys, NOW), NOW)}`;
    const headers = {
      ...(id !== undefined && { authorization }),
      ...(body && { 'content-type': 'application/json' }),
    };
    return app.request(path, { method, headers, ...(body && { body: JSON.stringify(body) }) });
  };
  const papers = createIngestPapersPorts(env, clients);
  ingestPorts = { ...papers, http: papers.httpOf('hf-daily') };
  for (const id of ['ada', 'ben']) await repositories.subscribers.save(createSubscriber({ id }));
});

test('an unreadable profile affects only the pages of its reader', async () => {
  await put('subscribers', { pk: 'SUB#ada', sk: 'PROFILE', id: 'ada', hour: 'eight' });

  expect((await ask('GET', '/v1/subscriber', 'ada')).status).toBe(500);
  expect((await ask('GET', '/v1/subscriber', 'ben')).status).toBe(200);
  expect(telemetry.counts.get('RecordsUnreadable')).toBe(1);
});

describe('the link to unsubscribe of a profile that cannot be read', () => {
  const linkOf = (id: string) =>
    `/unsubscribe/${signToken('unsubscribe', id, signingKeyOf(keys.linkKeys, NOW), NOW)}`;
  const key = { TableName: localTables.subscribers, Key: { pk: 'SUB#ada', sk: 'PROFILE' } };
  const stored = async () => (await documents.send(new GetCommand(key))).Item ?? {};
  const breakWith = (name: string, value: unknown) =>
    documents.send(
      new UpdateCommand({
        ...key,
        UpdateExpression: 'SET #name = :value',
        ExpressionAttributeNames: { '#name': name },
        ExpressionAttributeValues: { ':value': value },
      }),
    );
  const cohortsIn = (item: object) => Object.keys(item).filter((name) => name.endsWith('Cohort'));

  test.each([
    ['hour', 99],
    ['subscriptions', 'none'],
    ['statusChanges', 'none'],
    ['version', 'one'],
    ['status', 'subscribed'],
    ['status', 7],
  ])(
    'shows a page and ends all digests in one click, as often as it comes: %s is %j',
    async (name, value) => {
      if (name === 'statusChanges') await breakWith('hour', 99);
      await breakWith(name, value);
      expect(cohortsIn(await stored())).toEqual(['dailyCohort']);

      const page = await ask('GET', linkOf('ada'));
      expect([page.status, await page.text()]).toEqual([200, expect.stringContaining('value="unsubscribe"')]);
      for (const _ of ['once', 'again']) {
        const answer = await ask('POST', linkOf('ada'));
        expect([answer.status, await answer.text()]).toEqual([
          200,
          expect.stringContaining('<h1>You are unsubscribed</h1>'),
        ]);
      }

      const item = await stored();
      expect(item).toMatchObject({ status: 'unsubscribed' });
      expect(item.statusChanges).toContainEqual({ status: 'unsubscribed', at: NOW, by: 'link' });
      expect(cohortsIn(item)).toEqual([]);
    },
  );

  test('sends nothing once the profile is repaired, and keeps when and how it ended', async () => {
    await breakWith('hour', 99);
    await ask('POST', linkOf('ada'));

    await breakWith('hour', 8);

    expect(await repositories.subscribers.load('ada')).toMatchObject({
      status: 'unsubscribed',
      statusChanges: [{ status: 'unsubscribed', at: NOW, by: 'link' }],
    });
  });

  test.each(['bounced', 'complained'])(
    'keeps the more serious status of a subscriber who %s',
    async (status) => {
      await breakWith('hour', 99);
      await breakWith('status', status);

      expect((await ask('POST', linkOf('ada'))).status).toBe(200);
      expect(await stored()).toMatchObject({ status });
    },
  );

  test('ends also by a move to another address, however often its link is followed', async () => {
    const { timeZone, hour, subscriptions } = createSubscriber();
    const signUp = {
      at: NOW,
      from: '192.0.2.7',
      text: 'Send me.',
      timeZone,
      hour,
      subscriptions,
      replaces: 'ada',
    };
    await repositories.subscribers.save(createSubscriber({ id: 'cleo', status: 'unconfirmed', signUp }));
    await breakWith('hour', 99);
    const path = `/confirm/${signToken('confirm', 'cleo', signingKeyOf(keys.linkKeys, NOW), NOW)}`;
    expect(await (await ask('GET', path)).text()).toContain('The subscription moves here');

    for (const method of ['POST', 'POST', 'GET'])
      expect(await (await ask(method, path)).text()).toContain('You are subscribed');

    const item = await stored();
    expect([item.status, cohortsIn(item)]).toEqual(['unsubscribed', []]);
  });

  test('changes no other profile, and creates none', async () => {
    const before = await repositories.subscribers.load('ben');

    await repositories.subscribers.endUnreadable('ben', { at: NOW, by: 'link' });
    await repositories.subscribers.endUnreadable('nobody', { at: NOW, by: 'link' });

    expect(await repositories.subscribers.load('ben')).toEqual(before);
    expect(await repositories.subscribers.load('nobody')).toBeUndefined();
  });
});

test('unreadable papers, listings and states of lists affect no others on the pages', async () => {
  for (const paperId of ['2601.00001', '2601.00002']) {
    await repositories.papers.save(createFacts({ id: paperId, title: `Title of ${paperId}` }), NOW);
    await repositories.listings.save(createListing({ day: DAY, paperId }));
  }
  await put('papers', { pk: 'PAPER#2601.00002', sk: 'PAPER', id: '2601.00002', title: 7 });
  await put('papers', { pk: `LIST#hf-daily#${DAY}`, sk: 'no paper' });
  await put('papers', { pk: 'SOURCE#hf-daily', sk: 'STATE', failuresInARow: 'many' });

  const page = await ask('GET', `/papers/${DAY}`);
  const api = await ask('POST', '/v1/previews', 'ada', { lists: ['hf-daily'], cadence: 'daily' });

  expect([page.status, await page.text()]).toEqual([200, expect.stringContaining('Title of 2601.00001')]);
  expect([api.status, await api.text()]).toEqual([200, expect.stringContaining('2601.00001')]);
});

test('the readable records of a reader are exported, and all records are erased', async () => {
  const edition = { cadence: 'daily', period: DAY, cohort: 'daily#Europe/Berlin#08', batch: 0 } as const;
  const key = { subscriberId: 'ada', cadence: 'daily', period: DAY } as const;
  await repositories.editions.saveBatch(edition, 0, ['ada']);
  await repositories.deliveries.claim(key, edition, ['2601.00001'], NOW);
  await put('deliveries', { pk: 'SUB#ada', sk: 'daily#2026-01-04', outcome: 'odd', edition });
  await put('deliveries', { pk: 'SUB#ada', sk: 'odd', edition: 7 });
  await put('subscribers', {
    pk: `LIMIT#mailbox#${toMailboxId('ada@example.org', keys.idKey)}`,
    sk: 'MAIL',
    requestId: 7,
  });

  const exported = await ask('GET', '/v1/subscriber/export', 'ada');
  const erased = await ask('DELETE', '/v1/subscriber', 'ada');

  expect(exported.status).toBe(200);
  expect(await exported.json()).toMatchObject({ digests: [{ period: DAY }] });
  expect(erased.status).toBe(204);
  expect(await repositories.history.loadAll('ada')).toEqual([]);
  expect(await repositories.subscribers.load('ada')).toBeUndefined();
});

test('ingest skips an unreadable paper and replaces an unreadable state of a list', async () => {
  await put('papers', { pk: 'PAPER#2601.00001', sk: 'PAPER', title: 7 });
  await put('papers', { pk: 'SOURCE#hf-daily', sk: 'STATE', cursor: 7 });
  const items = ['2601.00001', '2601.00002'].map((id) => ({
    facts: createFacts({ id }),
    listings: [createListing({ paperId: id })],
  }));
  const source = {
    name: 'hf-daily' as const,
    async *fetch() {
      yield {
        lists: ['hf-daily'],
        asked: DAY,
        itemsRead: 2,
        items,
        rejections: [],
        corrections: [],
        cursor: 'next',
      };
    },
  };

  const { created, problems } = await ingest(ingestPorts, source);

  expect([created, problems]).toEqual([1, []]);
  expect(await repositories.sourceStates.load('hf-daily')).toMatchObject({
    cursor: 'next',
    lists: { 'hf-daily': { failuresInARow: 0 } },
  });
  expect(telemetry.counts.get('RecordsUnreadable')).toBe(2);
});
