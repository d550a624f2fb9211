import { PutCommand } from '@aws-sdk/lib-dynamodb';
import { beforeEach, describe, expect, test } from '@jest/globals';
import { createManualClock, type ManualClock } from '../../../../local/manual-clock.ts';
import { localTables, openRepositories, type Repositories } from '../../../../local/repositories.ts';
import type { Delivery } from '../../../../shared/domain/digests/delivery.ts';
import type { Digest } from '../../../../shared/matching/digest.ts';
import { sendBatch } from '../../../../shared/pipeline/sending/send-batch.ts';
import type { DigestMail } from '../../../../shared/ports/mail.ts';
import type { DigestsMessage } from '../../../../shared/ports/queues.ts';
import { createFacts, createListing } from '../../../factories/papers.ts';
import { createSubscriber } from '../../../factories/subscribers.ts';
import { createMemoryDynamoDb } from '../../../fakes/dynamodb/memory-dynamodb.ts';
import { openDocuments } from '../../../fakes/dynamodb/open-documents.ts';
import { openListDays } from '../../../fakes/list-days.ts';
import { createFakeMailer, createFakeQueue, createFakeTelemetry } from '../../../fakes/outside.ts';
import { createFakeMeter, createFakeSendRateLimiter } from '../../../fakes/sending.ts';

const TODAY = '2026-01-25';
const YESTERDAY = '2026-01-24';
const COHORT = 'daily#America/New_York#08';
const PAPERS = ['2601.00000', '2601.00001', '2601.00002'];

/** A record as release 0.1.0 stored it: with the map of its edition, the time of its outcome, and UUIDs of both writes. */
function toOldRecord(period: string, outcome: Delivery['outcome'], claimedAt: string) {
  return {
    pk: 'SUB#ada',
    sk: `daily#${period}`,
    subscriberId: 'ada',
    cadence: 'daily',
    period,
    outcome,
    paperIds: PAPERS.slice(0, 2),
    claimedAt,
    edition: { cadence: 'daily', period, cohort: COHORT, batch: 12 },
    expiresAt: 1777899600,
    writeId: '45859899-f81c-47b5-9ed8-2d468abd801e',
    ...(outcome.state !== 'claimed' && {
      settledAt: claimedAt,
      updateId: '07a7a360-1d7c-4099-9e02-4e191ce38a29',
    }),
  };
}

const SENT = { state: 'sent', messageId: '0100019b8c2f1a3d-5d0e7c1a' } as const;
const UNCERTAIN = { state: 'uncertain', reason: 'socket hang up' } as const;
const FAILED = { state: 'failed', reason: 'Address is not valid' } as const;

let clock: ManualClock;
let repositories: Repositories;
let mailer: ReturnType<typeof createFakeMailer>;
let keep: (record: object) => Promise<unknown>;

beforeEach(async () => {
  clock = createManualClock(`${TODAY}T13:00:00.000Z`);
  const documents = openDocuments(createMemoryDynamoDb(localTables));
  repositories = openRepositories(documents, localTables, clock);
  mailer = createFakeMailer();
  keep = (Item) => documents.send(new PutCommand({ TableName: localTables.deliveries, Item }));
  const firstSeenAt = `${YESTERDAY}T08:00:00.000Z`;
  for (const id of PAPERS) {
    await repositories.papers.save(createFacts({ id }), firstSeenAt);
    await repositories.listings.save(createListing({ day: YESTERDAY, paperId: id, firstSeenAt }));
  }
  await repositories.subscribers.save(createSubscriber({ id: 'ada' }));
});

/** Sends the digest of a period to one reader. Returns what became of the batch. */
async function send(period: string) {
  const edition = { cadence: 'daily', period, cohort: COHORT } as const;
  await repositories.editions.saveBatch(edition, 12, ['ada']);
  const ports = {
    ...repositories,
    lists: ['hf-daily'],
    listDays: openListDays(repositories, clock),
    compose: async ({ subscriber, sections }: Digest): Promise<DigestMail> => {
      const paperIds = sections.flatMap(({ matches }) => matches.map(({ paper }) => paper.id));
      return {
        from: 'daily@example.org',
        to: subscriber.address,
        raw: 'mail',
        tags: {},
        paperIds,
      };
    },
    meter: createFakeMeter(),
    mailer,
    rateLimiter: createFakeSendRateLimiter(),
    digestsQueue: createFakeQueue<DigestsMessage>(),
    whenUncertain: 'at-most-once' as const,
    clock,
    telemetry: createFakeTelemetry(),
  };
  return sendBatch(ports, { edition, batch: 12, subscriberIds: ['ada'], queuedAt: clock.now() });
}

const sentPapers = () => mailer.sent.map((mail) => (mail as DigestMail).paperIds);

describe('a record of release 0.1.0', () => {
  test.each([
    ['sent', SENT],
    ['of unknown send status', UNCERTAIN],
    ['claimed by a worker', { state: 'claimed' } as const],
  ])('that is %s has papers that no later digest repeats', async (_, outcome) => {
    await keep(toOldRecord(YESTERDAY, outcome, `${YESTERDAY}T13:00:00.000Z`));

    expect(await send(TODAY)).toMatchObject({ kind: 'done', counts: { sent: 1 } });

    expect(sentPapers()).toEqual([['2601.00002']]);
  });

  test('that failed has papers that the next digest brings', async () => {
    await keep(toOldRecord(YESTERDAY, FAILED, `${YESTERDAY}T13:00:00.000Z`));

    await send(TODAY);

    expect(sentPapers()[0]?.toSorted()).toEqual(PAPERS);
  });

  test.each([
    ['sent', SENT, { kind: 'done', counts: { sent: 1 } }],
    ['of unknown send status', UNCERTAIN, { kind: 'done', counts: { uncertain: 1 } }],
    ['claimed by a worker', { state: 'claimed' } as const, { kind: 'retry' }],
  ])('that is %s lets no second mail of its period out', async (_, outcome, result) => {
    await keep(toOldRecord(TODAY, outcome, clock.now()));

    expect(await send(TODAY)).toMatchObject(result);

    expect(mailer.sent).toEqual([]);
  });

  test('that a worker of that release left behind is settled by an event', async () => {
    await keep(toOldRecord(TODAY, { state: 'claimed' }, clock.now()));
    const key = { subscriberId: 'ada', cadence: 'daily', period: TODAY } as const;

    await repositories.deliveries.recordEvent(key, { state: 'sent', messageId: 'm' });

    expect(await repositories.deliveries.load(key)).toMatchObject({ outcome: { state: 'sent' } });
    expect(await send(TODAY)).toMatchObject({ counts: { sent: 1 } });
    expect(mailer.sent).toEqual([]);
  });
});
