import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { GetSecretValueCommand } from '@aws-sdk/client-secrets-manager';
import { GetSendQuotaCommand } from '@aws-sdk/client-ses';
import { ReceiveMessageCommand } from '@aws-sdk/client-sqs';
import { GetCommand } from '@aws-sdk/lib-dynamodb';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { LOOPBACK, localClientOptions } from '../../../local/emulators/loopback.ts';
import type { ClientOptions } from '../../../shared/adapters/client-options.ts';
import { createDocumentClient } from '../../../shared/adapters/dynamodb/table.ts';
import { createSecretsClient } from '../../../shared/adapters/secrets/keyring.ts';
import { createSesClient } from '../../../shared/adapters/ses/mailer.ts';
import { createSqsClient } from '../../../shared/adapters/sqs/queue.ts';
import { withTimeLimits } from '../../../shared/adapters/time-limits.ts';

const calls: Readonly<Record<string, (options: ClientOptions) => Promise<unknown>>> = {
  DynamoDB: (options) =>
    createDocumentClient(options).send(new GetCommand({ TableName: 'papers', Key: { pk: 'a', sk: 'b' } })),
  SQS: (options) => createSqsClient(options).send(new ReceiveMessageCommand({ QueueUrl: options.endpoint })),
  SES: (options) => createSesClient(options).send(new GetSendQuotaCommand({})),
  'Secrets Manager': (options) =>
    createSecretsClient(options).send(new GetSecretValueCommand({ SecretId: 'a' })),
};

let server: Server;
let url: string;

beforeAll(async () => {
  server = createServer(() => {});
  await new Promise<void>((resolve) => server.listen(0, LOOPBACK, resolve));
  url = `http://${LOOPBACK}:${(server.address() as AddressInfo).port}`;
});

afterAll(async () => {
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
});

describe('a service that never answers', () => {
  test.each(Object.entries(calls))(
    '%s: the call fails after the time that its client was told',
    async (_, call) => {
      const timeLimits = { connectionTimeout: 300_000, requestTimeout: 20 };

      const failure = call({ ...localClientOptions(url), timeLimits });

      await expect(failure).rejects.toMatchObject({ name: 'TimeoutError' });
    },
  );
});

test('a client has the limits of its service where it is told none', () => {
  const ofService = { connectionTimeout: 1_000, requestTimeout: 5_000 };
  const told = { connectionTimeout: 2, requestTimeout: 3 };

  expect(withTimeLimits({ region: 'eu-west-1' }, ofService)).toEqual({
    region: 'eu-west-1',
    requestHandler: { ...ofService, throwOnRequestTimeout: true },
  });
  expect(withTimeLimits({ timeLimits: told }, ofService)).toEqual({
    requestHandler: { ...told, throwOnRequestTimeout: true },
  });
});
