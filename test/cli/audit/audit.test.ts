import { DeleteCommand } from '@aws-sdk/lib-dynamodb';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { createAuditedCohorts, createAuditedLedger, firstIndexedDayOf } from '../../../cli/audit/adapters.ts';
import { type AuditedLedger, audit } from '../../../cli/audit/audit.ts';
import { parseDays, runAudit } from '../../../cli/audit/run-audit.ts';
import { toSizeText } from '../../../cli/audit/table-size.ts';
import { meterReads, scanPages, toCostText } from '../../../cli/deployment/table-reads.ts';
import type { LocalDynamoDb } from '../../../local/emulators/dynamodb.ts';
import { localClientOptions } from '../../../local/emulators/loopback.ts';
import { createManualClock } from '../../../local/manual-clock.ts';
import { localTables, openRepositories } from '../../../local/repositories.ts';
import {
  editionOfIndexSchema,
  indexKeyOf,
  indexPartitionsOf,
} from '../../../shared/adapters/dynamodb/keys.ts';
import type { Item } from '../../../shared/adapters/dynamodb/stored-item.ts';
import { batchGetAll, createDocumentClient, queryAll } from '../../../shared/adapters/dynamodb/table.ts';
import { systemClock } from '../../../shared/adapters/system-clock.ts';
import { type Edition, isDeliveredOn, parseCohortKey } from '../../../shared/domain/digests/cohort.ts';
import { deliveryTimesBetween } from '../../../shared/domain/digests/delivery-times.ts';
import { InvalidInputError } from '../../../shared/domain/errors.ts';
import { cadences, periodOf } from '../../../shared/domain/subscribers/cadence.ts';
import {
  addDays,
  addMs,
  type Day,
  daysFrom,
  isoWeekdayOf,
  MS_PER_DAY,
  MS_PER_HOUR,
  msBetween,
  utcDayOf,
} from '../../../shared/domain/time/time.ts';
import { addUsage, NO_USAGE } from '../../../shared/domain/usage.ts';
import { sendNow } from '../../../shared/pipeline/send-now.ts';
import type { DigestsMessage, Queue } from '../../../shared/ports/queues.ts';
import { createFacts, createPaper } from '../../factories/papers.ts';
import { createSubscriber } from '../../factories/subscribers.ts';
import { createMemoryDynamoDb } from '../../fakes/dynamodb/memory-dynamodb.ts';
import { openDocuments, openMemoryDynamoDb } from '../../fakes/dynamodb/open-documents.ts';
import { openListDays } from '../../fakes/list-days.ts';
import { answerRequests, createResponse } from '../../fakes/request-handler.ts';
import { fc } from '../../fast-check.ts';

const NOW = '2026-01-06T08:00:00.000Z';
/** What a batch used. */
const USED = { ...NO_USAGE, readUnits: 100.5, writeUnits: 50, mails: 25 };
const BERLIN: Edition = { cadence: 'daily', period: '2026-01-06', cohort: 'daily#Europe/Berlin#08' };

let dynamoDb: LocalDynamoDb;

beforeAll(async () => {
  dynamoDb = await openMemoryDynamoDb();
});

afterAll(() => dynamoDb.close());

describe('an audit of the ledger', () => {
  test('finds the editions of its days among all that the table holds, and believes the records', async () => {
    const { editions, deliveries } = openRepositories(
      dynamoDb.documents,
      localTables,
      createManualClock(NOW),
    );
    // More than a page of a scan, and than a call reads.
    const ids = Array.from({ length: 230 }, (_, n) => `subscriber-${n}`);
    for (const [batch, from] of [0, 50, 100, 150, 200].entries()) {
      const some = ids.slice(from, from + 50);
      await editions.saveBatch(BERLIN, batch, some);
      for (const [n, subscriberId] of some.entries()) {
        const key = { subscriberId, cadence: 'daily', period: '2026-01-06' } as const;
        const origin = { ...BERLIN, batch };
        const outcome = { state: 'skipped', reason: 'nothing-new' } as const;
        if (n % 2 === 0) await deliveries.recordSkip(key, origin, outcome, NOW);
        const claim = n % 2 === 1 && (await deliveries.claim(key, origin, [], NOW));
        if (claim) await deliveries.recordOutcome(claim, { state: 'sent', messageId: 'm' });
      }
      // What the worker saw, before an event said that one of them was sent after all.
      await editions.settleBatch(BERLIN, batch, { uncertain: some.length }, USED);
    }
    await editions.saveProgress(BERLIN, { batches: 5, planned: 230, isComplete: true }, undefined);
    const other = { ...BERLIN, period: '2026-01-07' };
    const pending = { batches: [['subscriber-1']] };
    await editions.saveProgress(other, { batches: 0, planned: 0, isComplete: false, pending }, undefined);
    await editions.saveBatch(other, 0, ['subscriber-1']);
    const ledger = createAuditedLedger({ documents: dynamoDb.documents, name: localTables.deliveries });

    const [berlin, ...more] = await audit(ledger, '2026-01-06', '2026-01-06', NOW);
    const both = await audit(ledger, '2026-01-06', '2026-01-07', NOW);

    expect(more).toEqual([]);
    expect(berlin).toEqual({
      edition: BERLIN,
      planned: 230,
      isComplete: true,
      isExplained: true,
      isOpen: false,
      counts: { 'skipped:nothing-new': 115, sent: 115 },
      used: addUsage(Array.from({ length: 5 }, () => USED)),
    });
    expect(both.map(({ isComplete, counts }) => [isComplete, counts])).toEqual([
      [true, berlin?.counts],
      [false, { waiting: 1 }],
    ]);
  });
});

describe('an audit of the day of a first digest', () => {
  test.each<[string, Day]>([
    ['a scan', '2026-01-07'],
    ['the index', '2026-01-06'],
  ])('finds everything accounted for by %s', async (_, firstIndexedDay) => {
    const clock = createManualClock(NOW);
    const documents = openDocuments(createMemoryDynamoDb(localTables));
    const repositories = openRepositories(documents, localTables, clock);
    const { editions, deliveries, papers, listings } = repositories;
    const ada = await repositories.subscribers.save(createSubscriber());
    const paper = createPaper({ firstSeenAt: NOW });
    await papers.save(createFacts(), NOW);
    await listings.save({ paperId: paper.id, list: 'hf-daily', day: '2026-01-06', firstSeenAt: NOW });
    const digestsQueue: Queue<DigestsMessage> = {
      async enqueue(messages) {
        for (const { edition, batch, subscriberIds } of messages)
          for (const subscriberId of subscriberIds) {
            const { cadence, period } = edition;
            const origin = { ...edition, batch };
            const claim = await deliveries.claim({ subscriberId, cadence, period }, origin, [paper.id], NOW);
            if (claim) await deliveries.recordOutcome(claim, { state: 'sent', messageId: 'm' });
            await editions.settleBatch(edition, batch, { sent: 1 }, NO_USAGE);
          }
        return [];
      },
    };
    const listDays = openListDays(repositories, clock);
    const ports = {
      ...repositories,
      lists: ['hf-daily'],
      listDays,
      digestsQueue,
      clock,
      waitALittle: async () => false,
    };

    expect(await sendNow(ports, ada)).toMatchObject({ state: 'sent' });
    // A repeat adds nothing.
    expect(await sendNow(ports, ada)).toMatchObject({ state: 'already-sent' });

    const ledger = createAuditedLedger({ documents, name: localTables.deliveries }, { firstIndexedDay });
    expect(await audit(ledger, '2026-01-06', '2026-01-06', NOW)).toMatchObject([
      { planned: 1, counts: { sent: 1 }, isComplete: true, isExplained: true, isOpen: false },
    ]);
  });
});

describe('an audit of a day in a table of many days', () => {
  const FIRST = '2026-02-01';
  const readersOf = (period: string) => Array.from({ length: 3 }, (_, n) => `reader-${period}-${n}`);

  /** A table with several editions of each of these days, all sent, and what is asked of it from then on. */
  const openTable = async (days: number) => {
    const database = createMemoryDynamoDb(localTables, { maxPageBytes: 4096 });
    const { editions, deliveries } = openRepositories(
      openDocuments(database),
      localTables,
      createManualClock(NOW),
    );
    for (const day of daysFrom(FIRST, addDays(FIRST, days - 1))) {
      const dues: Edition[] = [
        { cadence: 'daily', period: day, cohort: 'daily#UTC#08' },
        { cadence: 'instant', period: `${day}T08:15Z`, cohort: 'instant#hf-daily' },
        { cadence: 'weekly', period: periodOf('weekly', day), cohort: `weekly#UTC#08#${isoWeekdayOf(day)}` },
        ...(day.endsWith('-01')
          ? [{ cadence: 'monthly', period: day.slice(0, 7), cohort: 'monthly#UTC#08' } as const]
          : []),
      ];
      for (const edition of dues) {
        const ids = readersOf(edition.period);
        await editions.saveProgress(edition, { batches: 1, planned: 3, isComplete: true }, undefined);
        await editions.saveBatch(edition, 0, ids);
        for (const subscriberId of ids) {
          const { cadence, period } = edition;
          const reason = { state: 'skipped', reason: 'nothing-new' } as const;
          await deliveries.recordSkip(
            { subscriberId, cadence, period },
            { ...edition, batch: 0 },
            reason,
            NOW,
          );
        }
      }
    }
    const asked: Record<string, number> = {};
    const answer: typeof database.answer = (target, body) => {
      const operation = target.split('.')[1] ?? '';
      asked[operation] = (asked[operation] ?? 0) + 1;
      return database.answer(target, body);
    };
    return { table: { documents: openDocuments({ answer }), name: localTables.deliveries }, asked };
  };

  test('reads only what belongs to its day', async () => {
    const [few, many] = [await openTable(7), await openTable(70)];

    const audits = await audit(createAuditedLedger(few.table), FIRST, FIRST, NOW);
    const same = await audit(createAuditedLedger(many.table), FIRST, FIRST, NOW);

    expect(audits.map(({ edition, counts }) => [edition.cadence, counts])).toEqual(
      ['monthly', 'daily', 'instant', 'weekly'].map((cadence) => [cadence, { 'skipped:nothing-new': 3 }]),
    );
    expect(same).toEqual(audits);
    expect(few.asked).not.toHaveProperty('Scan');
    expect(many.asked).toEqual(few.asked);
  });

  test('finds the same by a scan if an earlier release kept no index', async () => {
    const { table, asked } = await openTable(40);
    const [first, last] = ['2026-02-25', '2026-03-03'];
    const indexed = await audit(createAuditedLedger(table), first, last, NOW);
    expect(asked).not.toHaveProperty('Scan');
    const index: Item[] = [];
    for await (const { items } of scanPages(table, {
      FilterExpression: 'begins_with(pk, :index)',
      ExpressionAttributeValues: { ':index': 'EDITIONS#' },
    }))
      index.push(...items);
    for (const { pk, sk } of index)
      await table.documents.send(new DeleteCommand({ TableName: table.name, Key: { pk, sk } }));
    let scanned = 0;
    const options = {
      firstIndexedDay: '2026-02-26',
      onScanned: (records: number) => {
        scanned += records;
      },
    };

    const found = await audit(createAuditedLedger(table, options), first, last, NOW);
    const none = await audit(createAuditedLedger(table, { firstIndexedDay: first }), first, last, NOW);

    expect(index).toHaveLength(40 * 3 + 2);
    expect(indexed).toHaveLength(7 * 3 + 1);
    expect(found).toEqual(indexed);
    expect(scanned).toBeGreaterThan(40 * 3 * 4);
    expect(none).toEqual([]);
  });

  test.each(cadences)('finds every %s edition in the index of the day of its delivery', (cadence) => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 3000 }), fc.integer({ min: 1, max: 7 }), (n, weekday) => {
        const day = addDays('2020-01-01', n);
        const period = cadence === 'instant' ? `${day}T23:45Z` : periodOf(cadence, day);
        const cohort = cadence === 'weekly' ? `weekly#UTC#08#${weekday}` : `${cadence}#UTC#08`;
        const edition = { cadence, period, cohort };

        const { pk, sk } = indexKeyOf(edition);

        expect(editionOfIndexSchema.parse({ pk, sk })).toEqual(edition);
        const sentAtOnce = { ...edition, cohort: `${cohort}#0123456789abcdef#${day}` };
        for (const each of [edition, sentAtOnce])
          if (isDeliveredOn(each, day)) expect(indexPartitionsOf(day)).toContain(pk);
        expect(isDeliveredOn(sentAtOnce, day)).toBe(true);
      }),
    );
  });

  test.each(['2026-01-05T08:59:00.000Z', '2026-01-05T09:00:00.000Z', '2026-01-05T23:59:59.999Z'])(
    'trusts the index from the first day that begins nowhere before it: %s',
    (indexedSince) => {
      const day = firstIndexedDayOf(indexedSince);
      const [dawn] = deliveryTimesBetween(
        'Pacific/Kiritimati',
        addMs(`${day}T00:00:00.000Z`, -15 * MS_PER_HOUR),
        `${day}T00:00:00.000Z`,
      ).filter((time) => time.day === day);

      expect(msBetween(indexedSince, dawn?.at ?? '')).toBeGreaterThan(MS_PER_HOUR);
      expect(msBetween(indexedSince, dawn?.at ?? '')).toBeLessThanOrEqual(MS_PER_DAY + MS_PER_HOUR);
    },
  );
});

describe('an audit of a large edition', () => {
  test('keeps a few batches in memory, whatever their number', async () => {
    const BATCHES = 3000;
    let inFlight = 0;
    let mostInFlight = 0;
    const ledger: AuditedLedger = {
      loadEditions: async () => [
        { edition: BERLIN, planned: 50 * BATCHES, batchCount: BATCHES, isComplete: true },
      ],
      loadMemberships: async () => new Map(),
      async *loadBatches() {
        for (let batch = 0; batch < BATCHES; batch += 1) {
          inFlight += 1;
          mostInFlight = Math.max(mostInFlight, inFlight);
          yield { subscriberIds: Array.from({ length: 50 }, (_, n) => `${batch}-${n}`), isSettled: false };
        }
      },
      async loadDeliveries(_, ids) {
        inFlight -= ids.length / 50;
        return new Map();
      },
    };

    const [edition] = await audit(ledger, '2026-01-06', '2026-01-06', NOW);

    expect(edition).toMatchObject({ counts: { waiting: 50 * BATCHES }, isExplained: true });
    expect(mostInFlight).toBeLessThan(40);
  });
});

describe('the cost of the reads of a command', () => {
  test('is the sum of what the tables report', async () => {
    const documents = createDocumentClient(localClientOptions('http://127.0.0.1:1'));
    const asked: unknown[] = [];
    answerRequests(documents, ({ target = '', body }) => {
      asked.push(JSON.parse(body).ReturnConsumedCapacity);
      const consumed = { TableName: 'deliveries', CapacityUnits: 250_000 };
      return createResponse(200, {
        ...(target.endsWith('BatchGetItem')
          ? { Responses: {}, ConsumedCapacity: [consumed] }
          : { Items: [], ScannedCount: 0, ConsumedCapacity: consumed }),
      });
    });
    const costOf = meterReads(documents);
    const table = { documents, name: 'deliveries' };

    await queryAll(table, { KeyConditionExpression: 'pk = :pk' });
    await batchGetAll(table, [{ pk: 'a', sk: 'b' }]);
    for await (const _ of scanPages(table, {}));

    expect(asked).toEqual(['TOTAL', 'TOTAL', 'TOTAL']);
    expect(costOf()).toEqual({ pages: 3, units: 750_000, usd: 0.09375 });
    expect(toCostText(costOf())).toBe('Read 3 pages, 750,000 read units: about $0.09.');
    expect(toCostText({ pages: 1, units: 0.5, usd: 0 })).toBe('Read 1 page, 1 read unit: less than $0.01.');
  });

  test('is printed before a whole table is read', () => {
    const size = { records: 100_000_000, bytes: 52_500_000_000, scanUsd: 0.8 };
    expect(toSizeText('deliveries', size)).toBe(
      'The table deliveries holds 100,000,000 records, 52.5 GB. To read all of it costs about $0.80.',
    );
  });
});

describe('an audit of the cohorts', () => {
  test('finds each with the time it was joined at, and whether anybody is in it', async () => {
    const { subscribers } = openRepositories(dynamoDb.documents, localTables, createManualClock(NOW));
    const here = await subscribers.save(createSubscriber({ id: 'ada' }));
    await subscribers.save({ ...here, hour: 9 });
    const cohorts = createAuditedCohorts({ documents: dynamoDb.documents, name: localTables.subscribers });

    const left = parseCohortKey('daily#Europe/Berlin#08');
    const joined = parseCohortKey('daily#Europe/Berlin#09');

    expect(await cohorts.loadAll()).toEqual([
      { cohort: left, lastJoinedAt: NOW },
      { cohort: joined, lastJoinedAt: NOW },
    ]);
    expect(await cohorts.hasMembers(left)).toBe(false);
    expect(await cohorts.hasMembers(joined)).toBe(true);
  });
});

describe('the days of an audit', () => {
  const NOON = '2026-01-12T12:00:00.000Z';

  test('are one, or the first and the last', () => {
    expect(parseDays(['2026-01-06'], NOON)).toEqual(['2026-01-06', '2026-01-06']);
    expect(parseDays(['2026-01-06', '2026-01-12'], NOON)).toEqual(['2026-01-06', '2026-01-12']);
  });

  test.each([
    [[], 'Enter one day, or the first and the last, instead of 0 days.'],
    [['yesterday'], '"yesterday" is not a day. Enter one like '],
    [['2026-02-30'], '"2026-02-30" is not a day'],
    [['2026-01-06', '2026-01-05'], 'is before the first'],
    [['2026-01-06', '2026-01-07', '2026-01-08'], 'instead of 3 days'],
  ])('are not %j', (given, words) => {
    expect(() => parseDays(given, NOON)).toThrow(InvalidInputError);
    expect(() => parseDays(given, NOON)).toThrow(words);
  });

  test('refuse a last day in the future before anything is read', async () => {
    const { now } = systemClock;
    const days = [utcDayOf(addMs(now(), -MS_PER_DAY)), utcDayOf(addMs(now(), 3 * MS_PER_DAY))];
    const printed: string[] = [];
    const print = (text: string) => {
      printed.push(text);
    };

    const auditing = runAudit(
      { days, settings: 'there is no such file' },
      { print, printError: print, terminal: process.stderr },
    );

    await expect(auditing).rejects.toThrow(`${days[1]} has not come yet`);
    expect(printed).toEqual([]);
  });
});
