import { GetCommand, PutCommand, QueryCommand } from '@aws-sdk/lib-dynamodb';
import { describe, expect, test } from '@jest/globals';
import { localClientOptions } from '../../../local/emulators/loopback.ts';
import { createManualClock } from '../../../local/manual-clock.ts';
import { localTables } from '../../../local/repositories.ts';
import { countCalls, createMeter } from '../../../shared/adapters/meter.ts';
import { createMeteredQueue } from '../../../shared/adapters/sqs/metered-queue.ts';
import { createSqsClient } from '../../../shared/adapters/sqs/queue.ts';
import { addUsage, NO_USAGE, PER_MESSAGE, toUsageFields } from '../../../shared/domain/usage.ts';
import { createMemoryDynamoDb } from '../../fakes/dynamodb/memory-dynamodb.ts';
import { openDocuments } from '../../fakes/dynamodb/open-documents.ts';
import { answerRequests, createResponse } from '../../fakes/request-handler.ts';

const NOWHERE = localClientOptions('http://127.0.0.1:1');
const clock = createManualClock('2026-01-05T08:00:00.000Z');
const TableName = localTables.deliveries;
const Key = { pk: 'a', sk: 'b' };

/** Opens a table, and a meter of it for a function with half a GB. */
function openMetered() {
  const dynamodb = createMemoryDynamoDb(localTables);
  const documents = openDocuments(dynamodb);
  const meter = createMeter({ clients: { dynamodb: documents }, clock, memoryMb: 512 });
  return { dynamodb, documents, meter };
}

describe('the meter of table calls', () => {
  test('has the units that the tables charge', async () => {
    const { dynamodb, documents, meter } = openMetered();

    const { result, used } = await meter.measure(async () => {
      await documents.send(new PutCommand({ TableName, Item: { ...Key, text: 'x'.repeat(5000) } }));
      await documents.send(new GetCommand({ TableName, Key, ConsistentRead: true }));
      const query = { KeyConditionExpression: 'pk = :pk', ExpressionAttributeValues: { ':pk': 'a' } };
      await documents.send(new QueryCommand({ TableName, ...query }));
      return 'done';
    });

    expect(result).toBe('done');
    expect(used).toEqual({ ...NO_USAGE, readUnits: 3, writeUnits: 5 });
    expect(dynamodb.units('deliveries')).toEqual({ reads: 3, writes: 5 });
  });

  test('counts a write whose condition does not hold, which DynamoDB charges and does not report', async () => {
    const { documents, meter } = openMetered();
    const write = { TableName, Item: Key, ConditionExpression: 'attribute_exists(pk)' };

    const { result, used } = await meter.measure(() =>
      documents.send(new PutCommand(write)).catch((error: Error) => error.name),
    );

    expect([result, used.writeUnits]).toEqual(['ConditionalCheckFailedException', 1]);
  });

  test('keeps work apart that runs at the same time, and changes no call of other work', async () => {
    const { documents, meter } = openMetered();
    const sent = answerRequests(documents, () =>
      createResponse(200, { ConsumedCapacity: { CapacityUnits: 1 } }),
    );
    const read = () => documents.send(new GetCommand({ TableName, Key }));
    // A second meter of the same client must not count twice.
    createMeter({ clients: { dynamodb: documents }, clock, memoryMb: 512 });

    const [one, two] = await Promise.all([
      meter.measure(read),
      meter.measure(() => Promise.all([read(), read()])),
      read(),
    ]);

    expect([one.used.readUnits, two.used.readUnits]).toEqual([1, 2]);
    expect(sent.filter(({ body }) => body.includes('ReturnConsumedCapacity'))).toHaveLength(3);
  });
});

test('the meter counts every attempt of a call with its bytes, and a request to a queue for each 64 KB', async () => {
  const sqs = createSqsClient(NOWHERE);
  answerRequests(sqs, (_, n) =>
    n === 0
      ? createResponse(503, {})
      : { ...createResponse(200, { Successful: [], Failed: [] }), headers: { 'content-length': '31' } },
  );
  const queue = createMeteredQueue<string>('http://127.0.0.1:1/0/digests', sqs);

  const { calls } = await countCalls(() => queue.enqueue(['x'.repeat(70_000)]));

  expect(calls).toMatchObject({ queueRequests: 4, sqs: { calls: 2, answerBytes: 31 } });
  expect(calls.sqs.requestBytes).toBeGreaterThan(140_000);
});

test('a running time is charged by the memory, and a message is received, handled and deleted', async () => {
  const { meter } = openMetered();

  const { used } = await meter.measure(async () => clock.moveBy(4000));
  const all = addUsage([used, PER_MESSAGE]);

  expect(all).toEqual({ ...NO_USAGE, gbSeconds: 2, queueRequests: 2, invocations: 1 });
  expect(toUsageFields(all)).toEqual({ ...all, usd: 0.000028 });
});
