import { GetCommand, PutCommand } from '@aws-sdk/lib-dynamodb';
import { expect, test } from '@jest/globals';
import { localTables } from '../../../local/repositories.ts';
import { createMemoryDynamoDb } from '../../fakes/dynamodb/memory-dynamodb.ts';
import { createClients, type Services } from './clients.ts';
import type { Wire } from './network.ts';

const TableName = localTables.deliveries;

/** Returns clients whose first `throttled` calls are refused, and the list of what they asked for. */
function connect(throttled = 0) {
  const asked: string[] = [];
  const wire: Wire = {
    async call({ what }, service) {
      asked.push(what);
      return asked.length <= throttled ? service.throttle() : service.perform();
    },
  };
  const dynamodb = createMemoryDynamoDb(localTables);
  return { asked, ...createClients(wire, { dynamodb } as unknown as Services) };
}

test('commands of one kind each have a request and an answer of their own', async () => {
  const { asked, documents } = connect();
  const items = ['a', 'b'].map((pk) => ({ pk, sk: 'sent', tags: new Set([pk]) }));
  for (const Item of items) await documents.send(new PutCommand({ TableName, Item }));

  const found = await Promise.all(
    items.map(({ pk, sk }) => documents.send(new GetCommand({ TableName, Key: { pk, sk } }))),
  );

  expect(found.map(({ Item }) => Item)).toEqual(items);
  expect(asked).toEqual(['PutItem a sent', 'PutItem b sent', 'GetItem a sent', 'GetItem b sent']);
});

test('the SDK repeats a throttled call, each time it is throttled', async () => {
  const { asked, documents } = connect(2);

  await documents.send(new PutCommand({ TableName, Item: { pk: 'a', sk: 'sent' } }));
  await documents.send(new PutCommand({ TableName, Item: { pk: 'b', sk: 'sent' } }));

  expect(asked).toEqual([...Array(3).fill('PutItem a sent'), 'PutItem b sent']);
});

test('middleware that is added before the first call has its effect', async () => {
  const { documents } = connect();
  const kinds: (string | undefined)[] = [];
  documents.middlewareStack.add(
    (call, { commandName }) =>
      (args) => {
        kinds.push(commandName);
        return call(args);
      },
    { step: 'initialize' },
  );

  for (const sk of ['1', '2']) await documents.send(new GetCommand({ TableName, Key: { pk: 'a', sk } }));

  expect(kinds).toEqual(['GetItemCommand', 'GetItemCommand']);
});
