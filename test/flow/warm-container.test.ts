import { SESClient } from '@aws-sdk/client-ses';
import { expect, test } from '@jest/globals';
import { createSendDigestsPorts } from '../../functions/send-digests/ports.ts';
import { createManualClock } from '../../local/manual-clock.ts';
import { localTables, openRepositories } from '../../local/repositories.ts';
import { createLocalPublication } from '../../local/system.ts';
import { listsTextSchema } from '../../shared/domain/lists/lists.ts';
import { ingest } from '../../shared/pipeline/ingest.ts';
import { sendBatch } from '../../shared/pipeline/sending/send-batch.ts';
import type { DigestsMessage } from '../../shared/ports/queues.ts';
import { parseKeys } from '../../shared/subscribers/keys.ts';
import { createFacts, createListing } from '../factories/papers.ts';
import { scriptHttpClient } from '../factories/scripted-http-client.ts';
import { createSubscriber } from '../factories/subscribers.ts';
import { createMemoryDynamoDb } from '../fakes/dynamodb/memory-dynamodb.ts';
import { openDocuments } from '../fakes/dynamodb/open-documents.ts';
import { createFakeMailer, createFakeQueue, createFakeTelemetry } from '../fakes/outside.ts';
import { answerRequests } from '../fakes/request-handler.ts';
import { createFakeSendRateLimiter } from '../fakes/sending.ts';

const LISTS = listsTextSchema.parse('hf-daily');

const NOW = '2026-01-05T08:00:00.000Z';
const DAYS = ['2026-01-02', '2026-01-05'];
const BATCH = 50;
const KEYS = parseKeys(JSON.stringify({ idKey: 'the one id key of a deployment with fifty readers' }));

const clock = createManualClock(NOW);
const telemetry = createFakeTelemetry();
const documents = openDocuments(createMemoryDynamoDb(localTables));
const repositories = openRepositories(documents, localTables, clock);

/** Ingests these votes of twenty papers on each day. */
const read = (upvotes: number) => {
  const items = DAYS.flatMap((day, nth) =>
    Array.from({ length: 20 }, (_, n) => {
      const id = `2601.${10_000 + 100 * nth + n}`;
      return { facts: createFacts({ id, upvotes }), listings: [createListing({ day, paperId: id })] };
    }),
  );
  const answer = { lists: ['hf-daily'], asked: 'all', itemsRead: items.length, items };
  const source = {
    name: 'hf-daily' as const,
    async *fetch() {
      yield { ...answer, rejections: [], corrections: [], cursor: NOW };
    },
  };
  const http = scriptHttpClient(() => new Error('nothing to read'));
  return ingest({ ...repositories, lists: LISTS, http, clock, telemetry }, source);
};

/** Returns what a batch of fifty digests reads of papers, by the kind of its key. */
async function readsOf(send: (message: DigestsMessage) => Promise<unknown>, nth: number) {
  const subscriberIds = Array.from({ length: BATCH }, (_, n) => `reader-${nth}-${n}`);
  for (const id of subscriberIds) await repositories.subscribers.save(createSubscriber({ id }));
  const edition = { cadence: 'daily', period: '2026-01-05', cohort: `daily#Europe/Berlin#0${nth}` } as const;
  await repositories.editions.saveBatch(edition, 0, subscriberIds);
  const before = requests.length;
  await send({ edition, batch: 0, subscriberIds, queuedAt: clock.now() });
  const sent = requests.slice(before).map(({ body }) => body);
  const count = (prefix: string) => sent.reduce((sum, body) => sum + body.split(`"${prefix}`).length - 1, 0);
  return {
    papers: count('PAPER#'),
    listings: count('LIST#'),
    headers: count('SNAPSHOTS#'),
    parts: count('SNAPSHOT#'),
  };
}

const requests = answerRequests(documents, (_request, _n, forward) => forward());

test('a batch of digests reads no paper from the table, and on a warm container no text', async () => {
  await read(1);
  const url = 'http://127.0.0.1:1/queue';
  const env = {
    ...({ WHEN_UNCERTAIN: 'at-most-once', MAX_WORKERS: 2, MEMORY_MB: 512, CONFIGURATION_SET: 'c' } as const),
    LISTS,
    PAPERS_TABLE: localTables.papers,
    SUBSCRIBERS_TABLE: localTables.subscribers,
    DELIVERIES_TABLE: localTables.deliveries,
    DIGESTS_QUEUE_URL: url,
    PUBLICATION: createLocalPublication('http://localhost:4310'),
    KEYS_SECRET: 'local',
  };
  const mailer = createFakeMailer();
  const container = {
    ...createSendDigestsPorts(env, {
      digestsQueue: createFakeQueue<DigestsMessage>(),
      documents,
      clock,
      telemetry,
      timer: clock,
      keyring: { load: async () => KEYS },
      ses: new SESClient({}),
    }),
    mailer,
    rateLimiter: createFakeSendRateLimiter(),
  };
  const send = (message: DigestsMessage) => sendBatch(container, message);

  const cold = await readsOf(send, 1);
  const warm = await readsOf(send, 2);
  clock.moveTo('2026-01-05T08:01:00.000Z');
  // Votes moved, and no text did.
  await read(2);
  const afterVotes = await readsOf(send, 3);

  expect(cold).toEqual({ papers: 0, listings: 0, headers: 1, parts: DAYS.length });
  // It was queued before the first batch read its papers.
  expect(warm).toEqual({ papers: 0, listings: 0, headers: 0, parts: 0 });
  expect(afterVotes).toEqual({ papers: 0, listings: 0, headers: 1, parts: 0 });
  expect(mailer.sent).toHaveLength(3 * BATCH);
});
