import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { createAuditedCohorts } from '../../../cli/audit/adapters/cohorts.ts';
import { createAuditedLedger } from '../../../cli/audit/adapters/ledger.ts';
import { audit } from '../../../cli/audit/audit.ts';
import type { AuditedLedger } from '../../../cli/audit/ports.ts';
import { parseDays } from '../../../cli/audit/run-audit.ts';
import { checkDays } from '../../../cli/deployment/kept-days.ts';
import type { LocalDynamoDb } from '../../../local/emulators/dynamodb.ts';
import { createHandClock } from '../../../local/hand-clock.ts';
import { localTables, openRepositories } from '../../../local/repositories.ts';
import { type Edition, parseCohortKey } from '../../../shared/domain/cohort.ts';
import { InvalidInputError } from '../../../shared/domain/errors.ts';
import { createSubscriber } from '../../factories/subscribers.ts';
import { openMemoryDynamoDb } from '../../fakes/dynamodb/open-documents.ts';

const NOW = '2026-01-06T08:00:00.000Z';
const BERLIN: Edition = { cadence: 'daily', period: '2026-01-06', cohort: 'daily#Europe/Berlin#08' };

let dynamoDb: LocalDynamoDb;

beforeAll(async () => {
  dynamoDb = await openMemoryDynamoDb();
});

afterAll(() => dynamoDb.close());

describe('an audit of the ledger', () => {
  test('finds the editions of its days among all that the table holds, and believes the records', async () => {
    const { editions, deliveries } = openRepositories(dynamoDb.documents, localTables, createHandClock(NOW));
    // More than a page of a scan, and than a call reads.
    const ids = Array.from({ length: 230 }, (_, n) => `subscriber-${n}`);
    for (const [batch, from] of [0, 50, 100, 150, 200].entries()) {
      const some = ids.slice(from, from + 50);
      await editions.saveBatch(BERLIN, batch, some);
      for (const [n, subscriberId] of some.entries()) {
        const key = { subscriberId, cadence: 'daily', period: '2026-01-06' } as const;
        const origin = { ...BERLIN, batch };
        const outcome = { state: 'skipped', reason: 'nothing-new' } as const;
        if (n % 2 === 0) await deliveries.skip(key, origin, outcome, NOW);
        const claim = n % 2 === 1 && (await deliveries.claim(key, origin, [], NOW));
        if (claim) await deliveries.settle(claim, { state: 'sent', messageId: 'm' }, NOW);
      }
      // What the worker saw, before an event said that one of them was sent after all.
      await editions.settleBatch(BERLIN, batch, { uncertain: some.length });
    }
    await editions.saveProgress(BERLIN, { batches: 5, planned: 230, isComplete: true }, undefined);
    const other = { ...BERLIN, period: '2026-01-07' };
    await editions.saveBatch(other, 0, ['subscriber-1']);
    const ledger = createAuditedLedger({ documents: dynamoDb.documents, name: localTables.deliveries });

    const [berlin, ...more] = await audit(ledger, '2026-01-06', '2026-01-06', NOW);
    const both = await audit(ledger, '2026-01-06', '2026-01-07', NOW);

    expect(more).toEqual([]);
    expect(berlin).toEqual({
      ...{ edition: BERLIN, planned: 230, isComplete: true, isExplained: true, isOpen: false },
      counts: { 'skipped:nothing-new': 115, sent: 115 },
    });
    expect(both.map(({ isComplete, counts }) => [isComplete, counts])).toEqual([
      [true, berlin?.counts],
      [false, { waiting: 1 }],
    ]);
  });
});

describe('an audit of a large edition', () => {
  test('holds a few batches at a time, however many there are', async () => {
    const BATCHES = 3000;
    let inHand = 0;
    let mostInHand = 0;
    const ledger: AuditedLedger = {
      loadEditions: async () => [
        { edition: BERLIN, planned: 50 * BATCHES, isComplete: true, hasMembers: true },
      ],
      async *loadBatches() {
        for (let batch = 0; batch < BATCHES; batch += 1) {
          inHand += 1;
          mostInHand = Math.max(mostInHand, inHand);
          yield { subscriberIds: Array.from({ length: 50 }, (_, n) => `${batch}-${n}`), isSettled: false };
        }
      },
      async loadDeliveries(_, ids) {
        inHand -= ids.length / 50;
        return new Map();
      },
    };

    const [account] = await audit(ledger, '2026-01-06', '2026-01-06', NOW);

    expect(account).toMatchObject({ counts: { waiting: 50 * BATCHES }, isExplained: true });
    expect(mostInHand).toBeLessThan(40);
  });
});

describe('an audit of the cohorts', () => {
  test('finds each with the time it was joined at, and whether anybody is in it', async () => {
    const { subscribers } = openRepositories(dynamoDb.documents, localTables, createHandClock(NOW));
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
  test('are one, or the first and the last', () => {
    expect(parseDays(['2026-01-06'])).toEqual(['2026-01-06', '2026-01-06']);
    expect(parseDays(['2026-01-06', '2026-01-12'])).toEqual(['2026-01-06', '2026-01-12']);
  });

  test.each([
    [[], '0 days were given: expected one'],
    [['yesterday'], '"yesterday" is no day: expected one like 2026-01-06'],
    [['2026-02-30'], '"2026-02-30" is no day'],
    [['2026-01-06', '2026-01-05'], 'is before the first'],
    [['2026-01-06', '2026-01-07', '2026-01-08'], '3 days were given'],
  ])('are not %j', (given, words) => {
    expect(() => parseDays(given)).toThrow(InvalidInputError);
    expect(() => parseDays(given)).toThrow(words);
  });

  test.each(['2026-01-06', '2026-01-07', '2025-09-30'])('may be %s at noon of 6 January', (day) => {
    expect(() => checkDays(day, '2026-01-06T12:00:00.000Z')).not.toThrow();
  });

  test.each([
    ['2026-01-08', '2026-01-08 has not come yet'],
    [
      '2025-09-29',
      '2025-09-29 is longer ago than the ledger keeps, 100 days: expected 2025-09-30 or a later day',
    ],
  ])('may not be %s', (day, words) => {
    expect(() => checkDays(day, '2026-01-06T12:00:00.000Z')).toThrow(InvalidInputError);
    expect(() => checkDays(day, '2026-01-06T12:00:00.000Z')).toThrow(words);
  });
});
