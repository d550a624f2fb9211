import { beforeEach, describe, expect, test } from '@jest/globals';
import { createManualClock, type ManualClock } from '../../../../local/manual-clock.ts';
import { localTables, openRepositories, type Repositories } from '../../../../local/repositories.ts';
import { countCalls, meterCalls } from '../../../../shared/adapters/meter.ts';
import { addDays, MS_PER_DAY } from '../../../../shared/domain/time/time.ts';
import type { Digest } from '../../../../shared/matching/digest.ts';
import { type SendPorts, sendBatch } from '../../../../shared/pipeline/sending/send-batch.ts';
import type { DigestMail } from '../../../../shared/ports/mail.ts';
import type { DigestsMessage } from '../../../../shared/ports/queues.ts';
import { createFacts, createListing } from '../../../factories/papers.ts';
import { createSubscriber, createSubscription } from '../../../factories/subscribers.ts';
import { createMemoryDynamoDb } from '../../../fakes/dynamodb/memory-dynamodb.ts';
import { openDocuments } from '../../../fakes/dynamodb/open-documents.ts';
import { openListDays } from '../../../fakes/list-days.ts';
import { createFakeMailer, createFakeQueue, createFakeTelemetry } from '../../../fakes/outside.ts';
import { createFakeMeter, createFakeSendRateLimiter } from '../../../fakes/sending.ts';

const TODAY = '2026-01-25';
const COHORT = 'daily#America/New_York#08';
const PAPERS = Array.from({ length: 10 }, (_, n) => `2601.0000${n}`);
const SENT = {
  state: 'sent',
  messageId: '0100019b8c2f1a3d-5d0e7c1a-94b2-4a7e-8b55-3f0c9d2e7a61-000000',
} as const;

let clock: ManualClock;
let dynamoDb: ReturnType<typeof createMemoryDynamoDb>;
let repositories: Repositories;
let mailer: ReturnType<typeof createFakeMailer>;

beforeEach(async () => {
  clock = createManualClock(`${TODAY}T13:00:00.000Z`);
  dynamoDb = createMemoryDynamoDb(localTables);
  const documents = openDocuments(dynamoDb);
  meterCalls(documents, 'dynamodb');
  repositories = openRepositories(documents, localTables, clock);
  mailer = createFakeMailer();
  for (const id of PAPERS) {
    await repositories.papers.save(createFacts({ id }), clock.now());
    await repositories.listings.save(createListing({ day: TODAY, paperId: id, firstSeenAt: clock.now() }));
  }
});

const toMail = async ({ subscriber, sections }: Digest): Promise<DigestMail> => {
  const paperIds = sections.flatMap(({ matches }) => matches.map(({ paper }) => paper.id));
  const raw = paperIds.join(' ');
  return { from: 'daily@example.org', to: subscriber.address, raw, tags: {}, paperIds };
};
const portsWith = (overrides: Partial<SendPorts> = {}): SendPorts => ({
  ...repositories,
  lists: ['hf-daily'],
  listDays: openListDays(repositories, clock),
  compose: toMail,
  meter: createFakeMeter(),
  mailer,
  rateLimiter: createFakeSendRateLimiter(),
  digestsQueue: createFakeQueue<DigestsMessage>(),
  whenUncertain: 'at-most-once',
  clock,
  telemetry: createFakeTelemetry(),
  ...overrides,
});
const messageFor = async (subscriberIds: readonly string[], cohort = COHORT): Promise<DigestsMessage> => {
  const edition = { cadence: 'daily', period: TODAY, cohort } as const;
  await repositories.editions.saveBatch(edition, 0, subscriberIds);
  return { edition, batch: 0, subscriberIds: [...subscriberIds], queuedAt: clock.now() };
};
/** Returns ids as long as those of real subscribers. */
const idsOf = (name: string, count: number) =>
  Array.from({ length: count }, (_, n) => `${name}${n}`.padEnd(22, '_'));
const claimPapers = (subscriberId: string, period: string, paperIds: readonly string[]) =>
  repositories.deliveries.claim(
    { subscriberId, cadence: 'daily', period },
    { cadence: 'daily', period, cohort: COHORT, batch: 12 },
    paperIds,
    clock.now(),
  );

describe('the units of a digest', () => {
  const DAYS = 30;

  /** Sends a batch to daily readers with a month of digests. Returns the units of each table. */
  const sendTo = async (ids: readonly string[]) => {
    clock.moveBy(-DAYS * MS_PER_DAY);
    for (let day = DAYS; day > 0; day -= 1) {
      for (const [position, id] of ids.entries()) {
        const papers = PAPERS.map((_, n) => `2512.${10_000 + day * 20 + position + n}`);
        const claim = await claimPapers(id, addDays(TODAY, -day), papers);
        if (claim) await repositories.deliveries.recordOutcome(claim, SENT);
      }
      clock.moveBy(MS_PER_DAY);
    }
    for (const id of ids) await repositories.subscribers.save(createSubscriber({ id }));
    const message = await messageFor(ids, `${COHORT} ${ids[0]}`);
    const before = { ...dynamoDb.units('deliveries') };
    const profilesBefore = { ...dynamoDb.units('subscribers') };
    const { result, calls } = await countCalls(() => sendBatch(portsWith(), message));
    expect(result).toMatchObject({ counts: { sent: ids.length } });
    return {
      calls: calls.dynamodb.calls,
      profileReads: dynamoDb.units('subscribers').reads - profilesBefore.reads,
      ledgerReads: dynamoDb.units('deliveries').reads - before.reads,
      ledgerWrites: dynamoDb.units('deliveries').writes - before.writes,
    };
  };

  test('are one and a half to read the profile twice, as many for the ledger, and two to write', async () => {
    // What a batch reads and writes itself is in both.
    const few = await sendTo(idsOf('few', 2));
    const more = await sendTo(idsOf('more', 7));

    expect(more.profileReads - few.profileReads).toBe(5 * 1.5);
    expect(more.ledgerReads - few.ledgerReads).toBe(5 * 1.5);
    expect(more.ledgerWrites - few.ledgerWrites).toBe(5 * 2);
    // One before the papers are chosen, two after the claim, the claim and the outcome.
    expect(more.calls - few.calls).toBe(5 * 5);
  });
});

describe('a digest that no paper matches', () => {
  const findsNothing = (id: string) =>
    createSubscriber({ id, subscriptions: [createSubscription({ query: 'cryptozoology' })] });
  const sendTo = async (ids: readonly string[]) => {
    for (const id of ids) await repositories.subscribers.save(findsNothing(id));
    const message = await messageFor(ids, `${COHORT} ${ids[0]}`);
    const before = { ...dynamoDb.units('deliveries') };
    const result = await sendBatch(portsWith(), message);
    expect(result).toMatchObject({ counts: { 'skipped:nothing-new': ids.length } });
    const { reads, writes } = dynamoDb.units('deliveries');
    return { reads: reads - before.reads, writes: writes - before.writes };
  };

  test('writes its record and does not read the ledger', async () => {
    const few = await sendTo(idsOf('few', 2));
    const more = await sendTo(idsOf('more', 7));

    expect([more.reads - few.reads, more.writes - few.writes]).toEqual([0, 5]);
  });

  test('keeps the record of its first attempt', async () => {
    const [ada = ''] = idsOf('ada', 1);
    const claim = await claimPapers(ada, TODAY, PAPERS.slice(0, 1));
    if (claim) await repositories.deliveries.recordOutcome(claim, SENT);
    await repositories.subscribers.save(findsNothing(ada));

    const message = await messageFor([ada]);

    expect(await sendBatch(portsWith(), message)).toMatchObject({ counts: { sent: 1 } });
    const key = { subscriberId: ada, cadence: 'daily', period: TODAY } as const;
    expect(await repositories.deliveries.load(key)).toMatchObject({ outcome: SENT });
  });

  test('is left to the worker that holds it', async () => {
    const [ada = ''] = idsOf('ada', 1);
    await claimPapers(ada, TODAY, PAPERS.slice(0, 1));
    await repositories.subscribers.save(findsNothing(ada));

    expect(await sendBatch(portsWith(), await messageFor([ada]))).toMatchObject({ kind: 'retry' });
  });
});

test('a record of ten papers has less than 440 bytes, so nine days of records fit into one read unit', async () => {
  const [id = ''] = idsOf('ada', 1);
  const claim = await claimPapers(id, TODAY, PAPERS);
  if (claim) await repositories.deliveries.recordOutcome(claim, SENT);

  const [record] = dynamoDb.items('deliveries');

  expect(Object.keys(record ?? {}).sort()).toEqual([
    ...['batch', 'cadence', 'claimedAt', 'expiresAt', 'outcome', 'paperIds', 'period', 'pk', 'sk'],
    ...['subscriberId', 'updateId', 'writeId'],
  ]);
  const reads = dynamoDb.units('deliveries').reads;
  for (let day = 1; day < 9; day += 1) {
    const sent = await claimPapers(id, addDays(TODAY, -day), PAPERS);
    if (sent) await repositories.deliveries.recordOutcome(sent, SENT);
  }
  const key = { subscriberId: id, cadence: 'daily', period: TODAY } as const;
  const { isRecorded, others } = await repositories.deliveries.loadRecent(key, '2026-01-23T00:00:00.000Z', {
    cadences: ['daily'],
    mayBeStale: false,
  });
  expect(isRecorded).toBe(true);
  expect(others).toHaveLength(8);
  expect(dynamoDb.units('deliveries').reads - reads).toBe(1);
});

test('a year of instant digests costs a subscriber one read unit more', async () => {
  const [id = ''] = idsOf('ada', 1);
  const claimAt = (period: string) =>
    repositories.deliveries.claim(
      { subscriberId: id, cadence: 'instant', period },
      { cadence: 'instant', period, cohort: 'instant', batch: 0 },
      PAPERS,
      clock.now(),
    );
  for (let day = 20; day < 365; day += 1) await claimAt(`${addDays(TODAY, -day)}T08:15Z`);
  await claimAt(`${TODAY}T08:15Z`);
  const reads = dynamoDb.units('deliveries').reads;

  const key = { subscriberId: id, cadence: 'instant', period: `${TODAY}T08:30Z` } as const;
  const { others } = await repositories.deliveries.loadRecent(key, `${TODAY}T00:00:00.000Z`, {
    cadences: ['instant'],
    mayBeStale: false,
  });

  expect(others.map(({ period }) => period)).toEqual([`${TODAY}T08:15Z`]);
  expect(dynamoDb.units('deliveries').reads - reads).toBe(2);
});

describe('reads that miss the last writes', () => {
  const ADA = createSubscriber({ id: 'ada' });

  /** Ports whose first reads answer as the tables are now. */
  const staleFromNow = async (message: DigestsMessage): Promise<Partial<SendPorts>> => {
    const profiles = await repositories.subscribers.loadMany(message.subscriberIds);
    const key = { subscriberId: 'ada', cadence: 'daily', period: TODAY } as const;
    const reading = { cadences: ['daily'], mayBeStale: true } as const;
    const recent = await repositories.deliveries.loadRecent(key, `${TODAY}T00:00:00.000Z`, reading);
    const { subscribers, deliveries } = repositories;
    return {
      subscribers: { ...subscribers, loadMany: async () => profiles },
      deliveries: {
        ...deliveries,
        loadRecent: (asked, since, how) =>
          how.mayBeStale ? Promise.resolve(recent) : deliveries.loadRecent(asked, since, how),
      },
    };
  };

  test('mail nobody twice, and repeat no paper', async () => {
    await repositories.subscribers.save(ADA);
    const message = await messageFor(['ada']);
    const stale = await staleFromNow(message);
    const late = await claimPapers('ada', addDays(TODAY, -1), PAPERS.slice(0, 4));
    if (late) await repositories.deliveries.recordOutcome(late, SENT);
    clock.moveBy(1_000);

    await Promise.all([1, 2].map(() => sendBatch(portsWith(stale), message)));

    expect(mailer.sent.map(({ raw }) => Buffer.from(raw).toString().split(' ').sort())).toEqual([
      PAPERS.slice(4),
    ]);
    expect(await sendBatch(portsWith(stale), message)).toMatchObject({ counts: { sent: 1 } });
    expect(mailer.sent).toHaveLength(1);
  });

  test('leave nobody out who has just confirmed', async () => {
    const waiting = await repositories.subscribers.save({ ...ADA, status: 'unconfirmed' });
    const message = await messageFor(['ada', 'ben']);
    const stale = await staleFromNow(message);
    await repositories.subscribers.save({ ...waiting, status: 'confirmed' });
    await repositories.subscribers.save(createSubscriber({ id: 'ben' }));

    await sendBatch(portsWith(stale), message);

    expect(mailer.sent.map(({ to }) => to).sort()).toEqual(['ada@example.org', 'ben@example.org']);
  });

  test('mail nobody who has just unsubscribed', async () => {
    const reader = await repositories.subscribers.save(ADA);
    const message = await messageFor(['ada']);
    const stale = await staleFromNow(message);
    await repositories.subscribers.save({ ...reader, status: 'unsubscribed' });

    expect(await sendBatch(portsWith(stale), message)).toMatchObject({
      counts: { 'skipped:unsubscribed': 1 },
    });
    expect(mailer.sent).toEqual([]);
  });
});

test('a profile that cannot be read costs only its own digest', async () => {
  await repositories.subscribers.save(createSubscriber({ id: 'ben' }));
  const message = await messageFor(['ada', 'ben']);
  const { subscribers } = repositories;
  const broken: SendPorts['subscribers'] = {
    loadMany: async (ids) => new Map([...(await subscribers.loadMany(ids)), ['ada', 'unreadable'] as const]),
    load: (id) => (id === 'ada' ? Promise.reject(new Error('it does not fit')) : subscribers.load(id)),
  };

  expect(await sendBatch(portsWith({ subscribers: broken }), message)).toMatchObject({ kind: 'retry' });

  expect(mailer.sent.map(({ to }) => to)).toEqual(['ben@example.org']);
});
