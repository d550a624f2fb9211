import { SESClient } from '@aws-sdk/client-ses';
import { SQSClient } from '@aws-sdk/client-sqs';
import { PutCommand } from '@aws-sdk/lib-dynamodb';
import { expect, test } from '@jest/globals';
import { createFanOutDigestsPorts } from '../../functions/fan-out-digests/ports.ts';
import { createPlanDigestsPorts } from '../../functions/plan-digests/ports.ts';
import { createSendDigestsPorts } from '../../functions/send-digests/ports.ts';
import { createManualClock } from '../../local/manual-clock.ts';
import { localTables, openRepositories } from '../../local/repositories.ts';
import { createLocalPublication } from '../../local/system.ts';
import type { TableName } from '../../shared/adapters/dynamodb/table-schema.ts';
import { listsTextSchema } from '../../shared/domain/lists/lists.ts';
import type { Subscriber } from '../../shared/domain/subscribers/subscriber.ts';
import { fanOut } from '../../shared/pipeline/fan-out.ts';
import { ingest } from '../../shared/pipeline/ingest.ts';
import { plan } from '../../shared/pipeline/plan.ts';
import { sendBatch } from '../../shared/pipeline/sending/send-batch.ts';
import { saveSnapshot } from '../../shared/pipeline/snapshots/save-snapshot.ts';
import { ARCHIVE_FORMAT } from '../../shared/ports/archive.ts';
import { type CohortMessage, cohortMessageSchema, type DigestsMessage } from '../../shared/ports/queues.ts';
import { SNAPSHOT_FORMAT } from '../../shared/ports/snapshots.ts';
import type { Source } from '../../shared/sources/source.ts';
import { parseKeys } from '../../shared/subscribers/keys.ts';
import { createFacts, createListing, createPaper } from '../factories/papers.ts';
import { scriptHttpClient } from '../factories/scripted-http-client.ts';
import { createSubscriber, createSubscription } from '../factories/subscribers.ts';
import { createMemoryDynamoDb } from '../fakes/dynamodb/memory-dynamodb.ts';
import { openDocuments } from '../fakes/dynamodb/open-documents.ts';
import { createFakeMailer, createFakeQueue, createFakeTelemetry } from '../fakes/outside.ts';
import { createFakeSendRateLimiter } from '../fakes/sending.ts';
import { fc } from '../fast-check.ts';
import { runs } from '../thorough.ts';
import { AMPLE_TIME } from './sqs-delivery.ts';

type Item = Readonly<Record<string, unknown>>;
type Stored = readonly [table: TableName, item: Item];

const DAY = '2026-01-05';

/** A quarter hour before daily and weekly cohorts of these places are due, on a Monday. */
const BEFORE = '2026-01-05T07:45:00.000Z';
const PLACES = [
  { timeZone: 'UTC', hour: 8 },
  { timeZone: 'Europe/Berlin', hour: 9 },
  { timeZone: 'Asia/Tokyo', hour: 17 },
  { timeZone: 'America/New_York', hour: 3 },
];
const KEYS = parseKeys(JSON.stringify({ idKey: 'the one id key of a deployment with faults in it' }));

/** A value of a type that no field has, or no value. */
const odd = fc.constantFrom<unknown>(null, 7.5, true, 'odd', [{}], { odd: { odd: 1 } }, -1, '', undefined);

/** Returns an item with some of its fields damaged, or undefined. */
function spoilt(item: Item, ...keep: readonly string[]): fc.Arbitrary<Item> {
  const fields = Object.keys(item).filter((name) => !['pk', 'sk', ...keep].includes(name));
  return fc
    .dictionary(fc.constantFrom(...fields), odd, { minKeys: 1 })
    .map((spoils) => ({ ...item, ...spoils }));
}

const stored = (table: TableName, item: fc.Arbitrary<Item>): fc.Arbitrary<Stored> =>
  item.map((fields) => [table, fields] as const);

const cohortItem = fc.record({
  sk: fc.oneof(
    fc.constantFrom(
      ...[
        'daily#PST#08',
        'daily#pst#13',
        'weekly#IST#13#1',
        'monthly#Nowhere/Else#08',
        'daily#SystemV/PST8#08',
      ],
      ...['daily#UTC#99', 'weekly#UTC#08#9', 'daily##08', 'daily#UTC', 'instant#', 'yearly#UTC#08', 'odd'],
    ),
    fc.string({ minLength: 1, maxLength: 20 }),
  ),
  lastJoinedAt: odd,
});

const badIds = fc.integer({ min: 0, max: 9 }).map((n) => `bad-${n}`);

/** A profile with a fault, among the good ones of a cohort. */
const badMember = fc.tuple(badIds, fc.constantFrom(...PLACES)).chain(([id, place]) => {
  const cohort = `daily#${place.timeZone}#${String(place.hour).padStart(2, '0')}`;
  const profile = { ...createSubscriber({ id, version: 1, ...place }), dailyCohort: cohort };
  const keys = fc.constantFrom<readonly [string, string]>(
    [`SUB#${id}`, 'PROFILE'],
    [`SUB#${id}`, 'COPY'],
    [`TAB#${id}`, 'PROFILE'],
  );
  return keys.chain(([pk, sk]) => spoilt({ pk, sk, ...profile }, 'dailyCohort'));
});

/** An item in the index of followers that is no member. It sorts among the good ones, before them or after them. */
const badFollower = fc.record({
  pk: fc.constantFrom('SUB#bad', 'SUB#good-0', 'SUB#good-2', 'SUB#good-5', 'TAB#', 'TAB#good-1', 'TAB#odd'),
  sk: fc.constantFrom('COPY', 'LEFT', 'PROFILES'),
  instantCohort: fc.constant('instant'),
  instantLists: fc.constantFrom(['arxiv/cs.CL'], 7),
});

const badPaper = fc.integer({ min: 50, max: 59 }).chain((n) => {
  const paper = createPaper({ id: `2601.000${n}` });
  return spoilt({ pk: `PAPER#${paper.id}`, sk: 'PAPER', ...paper, contentHash: 'hash' });
});

const badListing = fc
  .constantFrom('2601.00050', '2601.00051', '2601.00002', 'no paper')
  .chain((sk) => spoilt({ pk: `LIST#hf-daily#${DAY}`, sk, ...createListing({ paperId: sk }) }));
const badListingOfPaper = fc
  .constantFrom('LIST#hf-daily#2026-01-05', 'LIST#', 'LIST#hf-daily#today')
  .chain((sk) => spoilt({ pk: 'PAPER#2601.00001', sk, ...createListing() }));

const bytes = fc.uint8Array({ maxLength: 40 });
/** The header of a snapshot with damaged votes or text, or with a fault in its fields. */
const badHeader = fc
  .record({ votes: bytes, hasParts: fc.boolean(), format: fc.constantFrom(1, SNAPSHOT_FORMAT) })
  .chain(({ votes, hasParts, format }) => {
    const text = hasParts ? { kind: 'parts', name: 'a', parts: 1 } : { kind: 'inline', bytes: votes };
    const header = {
      format,
      writeId: 'w',
      writtenAt: BEFORE,
      text,
      votes: { kind: 'inline', bytes: votes },
    };
    const item = { pk: 'SNAPSHOTS#hf-daily', sk: DAY, ...header };
    return fc.oneof(fc.constant(item), spoilt(item));
  });
const badMonth = fc.constantFrom(1, ARCHIVE_FORMAT).chain((format) => {
  const month = { format, writeId: 'w', writtenAt: BEFORE, segments: [], checkedUntil: DAY };
  return spoilt({ pk: 'ARCHIVE', sk: '2025-12', ...month });
});
const badPart = bytes.chain((part) => {
  const item = { pk: `SNAPSHOT#hf-daily#${DAY}`, sk: 'a#000', bytes: part, writtenAt: BEFORE };
  return fc.oneof(fc.constant(item), spoilt(item));
});

const badDelivery = fc
  .record({
    id: fc.integer({ min: 0, max: 5 }).map((n) => `good-${n}`),
    period: fc.constantFrom('2026-01-03', '2026-01-04', '?'),
  })
  .chain(({ id, period }) => {
    const key = { subscriberId: id, cadence: 'daily', period };
    const record = {
      ...key,
      outcome: { state: 'sent', messageId: 'm' },
      paperIds: ['2601.00009'],
      claimedAt: BEFORE,
    };
    return spoilt({ pk: `SUB#${id}`, sk: `daily#${period}`, ...record, edition: 'odd' });
  });

/** The progress of a due edition of a cohort that may have members. */
const badProgress = fc.constantFrom(...PLACES).chain(({ timeZone, hour }) => {
  const pk = `EDITION#daily#${DAY}#daily#${timeZone}#${String(hour).padStart(2, '0')}`;
  const keys = { pk, sk: 'META', batches: 1, planned: 1, isComplete: 'odd' };
  return spoilt(keys, 'isComplete');
});

/** A batch of such an edition with bad ids. */
const badBatch = fc
  .record({ place: fc.constantFrom(...PLACES), batch: fc.nat({ max: 3 }), subscriberIds: odd })
  .map(({ place: { timeZone, hour }, batch, subscriberIds }) => {
    const pk = `EDITION#daily#${DAY}#daily#${timeZone}#${String(hour).padStart(2, '0')}`;
    return { pk, sk: `BATCH#00000${batch}`, subscriberIds };
  });

const history = { lastNewAt: BEFORE, failuresInARow: 0 };
/** The state of a source with a fault in its cursor or in the history of one list. */
const badState = spoilt({ cursor: 'c', ...history }).map(({ cursor, ...bad }) => ({
  pk: 'SOURCE#hf-daily',
  sk: 'STATE',
  cursor,
  lists: { 'hf-daily': bad, 'arxiv/cs.CL': history },
}));

const cursor = { pk: 'PLANNER', sk: 'STATE', lastTick: BEFORE, arrivals: { 'hf-daily': BEFORE } };

/** Items of every kind that may have a fault. */
const faults = fc.array(
  fc.oneof(
    stored(
      'subscribers',
      cohortItem.map((item) => ({ pk: 'COHORTS', ...item })),
    ),
    stored('subscribers', badMember),
    stored('subscribers', badFollower),
    stored('papers', badPaper),
    stored('papers', badListing),
    stored('papers', badListingOfPaper),
    stored('papers', badState),
    stored('papers', badHeader),
    stored('papers', badPart),
    stored('papers', badMonth),
    stored('deliveries', badDelivery),
    stored('deliveries', badProgress),
    stored('deliveries', badBatch),
    stored('deliveries', spoilt({ pk: 'LINE', sk: 'HEAD', queuedAt: BEFORE, seenAt: BEFORE })),
    stored('subscribers', spoilt(cursor)),
    stored('subscribers', fc.constant({ ...cursor, lastTick: '2099-01-01T00:00:00.000Z' })),
  ),
  { maxLength: 30 },
);

const crowd = fc
  .array(
    fc.record({ place: fc.constantFrom(...PLACES), cadence: fc.constantFrom('daily', 'weekly', 'instant') }),
    {
      minLength: 1,
      maxLength: 6,
    },
  )
  .map((all) =>
    all.map(({ place, cadence }, n) =>
      createSubscriber({
        id: `good-${n}`,
        ...place,
        // The history of the list that instant subscribers follow is whole.
        subscriptions: [
          createSubscription({ cadence, lists: [cadence === 'instant' ? 'arxiv/cs.CL' : 'hf-daily'] }),
        ],
      }),
    ),
  );

/** The functions as composed on AWS, on tables in memory. */
async function createDeployment(good: readonly Subscriber[], items: readonly Stored[]) {
  const clock = createManualClock(BEFORE);
  const telemetry = createFakeTelemetry();
  const documents = openDocuments(createMemoryDynamoDb(localTables));
  const repositories = openRepositories(documents, localTables, clock, telemetry);
  for (const subscriber of good) await repositories.subscribers.save(subscriber);
  for (const list of ['hf-daily', 'arxiv/cs.CL']) {
    await repositories.papers.save(createFacts({ id: '2601.00001' }), BEFORE);
    await repositories.listings.save(createListing({ list, paperId: '2601.00001' }));
  }
  await repositories.sourceStates.save('hf-daily', {
    lists: { 'hf-daily': history, 'arxiv/cs.CL': history },
  });
  await repositories.planner.save({ lastTick: BEFORE, arrivals: {} }, undefined);
  for (const [table, item] of items)
    await documents.send(new PutCommand({ TableName: localTables[table], Item: { ...item } }));
  clock.moveBy(15 * 60_000);

  const url = 'http://127.0.0.1:1/queue';
  const env = {
    ...({
      WHEN_UNCERTAIN: 'at-most-once',
      MAX_WORKERS: 2,
      MEMORY_MB: 512,
      CONFIGURATION_SET: 'c',
    } as const),
    LISTS: listsTextSchema.parse('hf-daily'),
    PAPERS_TABLE: localTables.papers,
    SUBSCRIBERS_TABLE: localTables.subscribers,
    DELIVERIES_TABLE: localTables.deliveries,
    COHORTS_QUEUE_URL: url,
    DIGESTS_QUEUE_URL: url,
    PUBLICATION: createLocalPublication('http://localhost:4310'),
    KEYS_SECRET: 'local',
  };
  const timer = { wait: async () => {} };
  const clients = {
    documents,
    clock,
    timer,
    telemetry,
    keyring: { load: async () => KEYS },
    sqs: new SQSClient({}),
    ses: new SESClient({}),
  };
  const cohortQueue = createFakeQueue<CohortMessage>();
  const digestsQueue = createFakeQueue<DigestsMessage>();
  const mailer = createFakeMailer();
  return {
    documents,
    repositories,
    telemetry,
    clock,
    cohortQueue,
    digestsQueue,
    mailer,
    planPorts: { ...createPlanDigestsPorts(env, clients), cohortQueue },
    fanOutPorts: { ...createFanOutDigestsPorts(env, clients), digestsQueue, cohortQueue },
    sendPorts: {
      ...createSendDigestsPorts(env, { ...clients, digestsQueue }),
      mailer,
      rateLimiter: createFakeSendRateLimiter(),
    },
  };
}

test('every good subscriber is planned once and mailed once, although other stored items have faults', async () => {
  await fc.assert(
    fc.asyncProperty(crowd, faults, async (good, items) => {
      const deployment = await createDeployment(good, items);
      const { cohortQueue, digestsQueue, mailer, planPorts, fanOutPorts, sendPorts } = deployment;

      await plan(planPorts);
      expect(await plan(planPorts)).toEqual([]);
      for (const message of cohortQueue.messages)
        await fanOut(fanOutPorts, cohortMessageSchema.parse(message), AMPLE_TIME.getRemainingTimeInMillis);

      const planned = digestsQueue.messages.flatMap(({ subscriberIds }) => subscriberIds);
      expect(planned.filter((id) => id.startsWith('good')).sort()).toEqual(good.map(({ id }) => id).sort());

      for (const message of digestsQueue.messages) {
        const hasBad = message.subscriberIds.some((id) => !id.startsWith('good'));
        const sending = sendBatch(sendPorts, message);
        if (hasBad) await Promise.allSettled([sending]);
        else await sending;
      }
      const mailed = mailer.sent.map(({ to }) => to).filter((to) => to.startsWith('good'));
      expect(mailed.sort()).toEqual(good.map(({ address }) => address).sort());
    }),
    { numRuns: runs(10, 200) },
  );
});

/** A header and a month that have only a write id. */
const withoutFields = (writeId: unknown): readonly Stored[] => [
  ['papers', { pk: 'SNAPSHOTS#hf-daily', sk: DAY, writeId }],
  ['papers', { pk: 'ARCHIVE', sk: '2025-12', writeId }],
];

test('ingest gets past stored items with faults, and replaces what it can', async () => {
  await fc.assert(
    fc.asyncProperty(faults, async (items) => {
      const { repositories, clock, telemetry } = await createDeployment([], items);
      const item = {
        facts: createFacts({ id: '2601.00003' }),
        listings: [createListing({ paperId: '2601.00003' })],
      };
      const source: Source = {
        name: 'hf-daily',
        async *fetch() {
          const read = { lists: ['hf-daily'], asked: DAY, itemsRead: 1, items: [item] };
          yield { ...read, rejections: [], corrections: [], cursor: 'next' };
        },
      };
      const http = scriptHttpClient(() => new Error('nothing to read'));
      const lists = listsTextSchema.parse('hf-daily');

      await ingest({ ...repositories, lists, http, clock, telemetry }, source);

      expect((await repositories.sourceStates.load('hf-daily'))?.cursor).toBe('next');
      const headers = await repositories.snapshots.loadHeaders('hf-daily', DAY, DAY);
      const months = await repositories.archive.loadMonths();
      expect([...headers, ...months].map(({ kind }) => kind)).toEqual([
        'snapshot',
        ...months.map(() => 'month'),
      ]);
    }),
    {
      numRuns: runs(10, 200),
      examples: [null, 7, [], '', undefined].map((writeId) => [withoutFields(writeId)]),
    },
  );
});

test('a damaged part of a good snapshot costs no paper, and is counted', async () => {
  const good = createSubscriber({ id: 'good', timeZone: 'UTC', hour: 8 });
  const { documents, repositories, sendPorts, mailer, telemetry } = await createDeployment([good], []);
  await saveSnapshot(repositories, { list: 'hf-daily', day: DAY }, undefined);
  const [header] = await repositories.snapshots.loadHeaders('hf-daily', DAY, DAY);
  if (header?.kind !== 'snapshot' || header.text.kind !== 'parts') throw new Error('there are no parts');
  const key = { pk: `SNAPSHOT#hf-daily#${DAY}`, sk: `${header.text.name}#000` };
  const Item = { ...key, bytes: new Uint8Array(99), writtenAt: BEFORE };
  await documents.send(new PutCommand({ TableName: localTables.papers, Item }));
  const edition = { cadence: 'daily', period: DAY, cohort: 'daily#UTC#08' } as const;
  await repositories.editions.saveBatch(edition, 0, ['good']);

  await sendBatch(sendPorts, { edition, batch: 0, subscriberIds: ['good'], queuedAt: BEFORE });

  expect(mailer.sent.map(({ to }) => to)).toEqual([good.address]);
  expect(telemetry.sentences).toContain('A snapshot cannot be used');
  expect(telemetry.counts.get('SnapshotsUnusable')).toBe(1);
});

test('a fault in a cohort, a record or the cursor is counted, so an alarm goes off', async () => {
  const { planPorts, telemetry } = await createDeployment(
    [createSubscriber({ timeZone: 'UTC', hour: 8 })],
    [
      ['subscribers', { pk: 'COHORTS', sk: 'daily#PST#08' }],
      ['subscribers', { pk: 'COHORTS', sk: 'no cohort' }],
      ['subscribers', { ...cursor, lastTick: 7 }],
    ],
  );

  await plan(planPorts);

  expect(telemetry.sentences).toEqual(
    expect.arrayContaining(['A cohort cannot be planned', 'A stored record cannot be read', 'Planned']),
  );
  expect([telemetry.counts.get('CohortsUnplanned'), telemetry.counts.get('RecordsUnreadable')]).toEqual([
    1, 2,
  ]);
});
