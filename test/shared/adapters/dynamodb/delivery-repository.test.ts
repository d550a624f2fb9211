import { PutCommand } from '@aws-sdk/lib-dynamodb';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import type { LocalDynamoDb } from '../../../../local/emulators/dynamodb.ts';
import { createManualClock } from '../../../../local/manual-clock.ts';
import { localTables } from '../../../../local/repositories.ts';
import { createDeliveryRepository } from '../../../../shared/adapters/dynamodb/delivery-repository.ts';
import type { Claim, DeliveryRepository } from '../../../../shared/ports/deliveries.ts';
import { openMemoryDynamoDb } from '../../../fakes/dynamodb/open-documents.ts';
import { type AnswerRequest, answerRequests, createResponse } from '../../../fakes/request-handler.ts';
import { fc } from '../../../fast-check.ts';
import { runs } from '../../../thorough.ts';

const AT = '2026-01-05T08:00:00.000Z';
const KEY = { subscriberId: 'a', cadence: 'daily', period: '2026-01-05' } as const;
const EDITION = { cadence: 'daily', period: KEY.period, cohort: 'daily#Europe/Berlin#08', batch: 0 } as const;
const SENT = { state: 'sent', messageId: 'm-1' } as const;

let dynamoDb: LocalDynamoDb;
let deliveries: DeliveryRepository;
let claim: Claim | undefined;

beforeEach(async () => {
  dynamoDb = await openMemoryDynamoDb();
  const table = { documents: dynamoDb.documents, name: localTables.deliveries };
  deliveries = createDeliveryRepository(table, createManualClock(AT));
  claim = await deliveries.claim(KEY, EDITION, [], AT);
});

afterEach(() => dynamoDb.close());

const watch = (answer: AnswerRequest) => {
  const requests = answerRequests(dynamoDb.documents, answer);
  return () => requests.map(({ target }) => target?.split('.').at(-1));
};

test('an event makes a read and a write the first time, and only a read after that', async () => {
  const operations = watch((_request, _n, forward) => forward());

  for (const _ of [1, 2, 3]) await deliveries.recordEvent(KEY, SENT);

  expect(operations()).toEqual(['GetItem', 'UpdateItem', 'GetItem', 'GetItem']);
});

test('recording an outcome makes one write', async () => {
  const operations = watch((_request, _n, forward) => forward());

  if (claim) await deliveries.recordOutcome(claim, SENT);

  expect(operations()).toEqual(['UpdateItem']);
});

test.each(['recordOutcome', 'recordEvent'] as const)(
  'a write (%s) that the SDK repeats after a lost answer stays as it is',
  async (method) => {
    if (!claim) throw new Error('there is no claim');
    let isLost = false;
    const operations = watch(async ({ target = '' }, _n, forward) => {
      const answer = await forward();
      if (isLost || !target.endsWith('UpdateItem')) return answer;
      isLost = true;
      return createResponse(500, { __type: 'InternalServerError' });
    });

    expect(await deliveries[method](claim, SENT)).toEqual(SENT);

    expect(operations().filter((name) => name === 'UpdateItem')).toHaveLength(2);
    expect((await deliveries.load(KEY))?.outcome).toEqual(SENT);
  },
);

test('a claim without an answer is removed, so that the digest is not uncertain', async () => {
  const key = { ...KEY, period: '2026-01-06' };
  const operations = watch(async ({ target = '' }, _n, forward) => {
    const answer = await forward();
    return target.endsWith('PutItem') ? createResponse(500, { __type: 'InternalServerError' }) : answer;
  });

  await expect(deliveries.claim(key, EDITION, [], AT)).rejects.toThrow();

  expect(operations().at(-1)).toBe('DeleteItem');
  expect(await deliveries.load(key)).toBeUndefined();
});

describe('the batch of a digest', () => {
  const text = fc.string({ unit: 'grapheme', minLength: 1 });
  const cohorts = fc.oneof(
    fc.constantFrom('daily', 'daily#Europe/Berlin#08', 'daily#UTC#08#some-id', 'weekly#UTC#07#1', 'dailyish'),
    text,
    text.map((rest) => `daily#${rest}`),
    text.map((rest) => `daily${rest}`),
  );

  test('is read as it was written', async () => {
    await fc.assert(
      fc.asyncProperty(cohorts, fc.nat(), fc.uuid(), async (cohort, batch, subscriberId) => {
        const key = { ...KEY, subscriberId };
        await deliveries.claim(key, { ...EDITION, cohort, batch }, [], AT);

        expect(await deliveries.loadOrigin(key)).toEqual({ ...EDITION, cohort, batch });
      }),
      { numRuns: runs(50, 2000) },
    );
  });

  test('is read from a record of an earlier release', async () => {
    const key = { ...KEY, subscriberId: 'b' };
    const outcome = { state: 'skipped', reason: 'nothing-new' } as const;
    const record = { ...key, outcome, paperIds: [], claimedAt: AT, edition: EDITION, settledAt: AT };
    const Item = { pk: 'SUB#b', sk: `daily#${KEY.period}`, ...record };
    await dynamoDb.documents.send(new PutCommand({ TableName: localTables.deliveries, Item }));

    expect(await deliveries.loadOrigin(key)).toEqual(EDITION);
  });
});
