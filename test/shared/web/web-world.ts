import { ScanCommand } from '@aws-sdk/lib-dynamodb';
import { createApiPorts } from '../../../functions/api/ports.ts';
import type { LocalDynamoDb } from '../../../local/emulators/dynamodb.ts';
import { createKeys } from '../../../local/keys.ts';
import { createManualClock } from '../../../local/manual-clock.ts';
import { localTables, openRepositories } from '../../../local/repositories.ts';
import { createSqsClient } from '../../../shared/adapters/sqs/queue.ts';
import { listsTextSchema } from '../../../shared/domain/lists/lists.ts';
import type { Subscriber } from '../../../shared/domain/subscribers/subscriber.ts';
import type { Instant } from '../../../shared/domain/time/time.ts';
import type { QueuedWebRequest } from '../../../shared/ports/queues.ts';
import { signingKeyOf } from '../../../shared/subscribers/keys.ts';
import { hourlyLimitsSchema } from '../../../shared/subscribers/web-budgets.ts';
import { NO_EDGE } from '../../../shared/web/parts/client-address.ts';
import type { WebAppPorts } from '../../../shared/web/ports.ts';
import { signToken, type TokenPurpose } from '../../../shared/web/tokens.ts';
import { createPublication } from '../../factories/digests.ts';
import { openMemoryDynamoDb } from '../../fakes/dynamodb/open-documents.ts';
import { createFakeQueue, createFakeTelemetry } from '../../fakes/outside.ts';

export const NOW = '2026-01-05T08:00:00.000Z';

/** Creates the ports of the web on real tables in an embedded DynamoDB. Requests for mails are in `requested`. */
export async function openWebWorld() {
  const dynamoDb: LocalDynamoDb = await openMemoryDynamoDb();
  const { documents } = dynamoDb;
  const clock = createManualClock(NOW);
  const keys = createKeys();
  const telemetry = createFakeTelemetry();
  const requests = createFakeQueue<QueuedWebRequest>();
  const client = { address: '192.0.2.1' };
  const env = {
    PAPERS_TABLE: localTables.papers,
    LISTS: listsTextSchema.parse('hf-daily'),
    DEFAULT_LISTS: listsTextSchema.parse('hf-daily'),
    SUBSCRIBERS_TABLE: localTables.subscribers,
    DELIVERIES_TABLE: localTables.deliveries,
    LEFT_RETENTION_DAYS: 365,
    REQUESTS_QUEUE_URL: 'https://sqs.example.org/requests',
    PUBLICATION: createPublication({ name: 'Papers & More' }),
    DEFAULT_CADENCE: 'daily',
    DEFAULT_HOUR: 8,
    HOURLY_LIMITS: hourlyLimitsSchema.parse({}),
    TRUSTED_PROXIES: [],
    EDGE: NO_EDGE,
    KEYS_SECRET: 'unused',
  } as const;
  const ports: WebAppPorts = {
    ...createApiPorts(env, {
      documents,
      sqs: createSqsClient({ region: 'us-east-1' }),
      keyring: { load: async () => keys },
      clock,
      telemetry,
      peerAddress: () => client.address,
    }),
    requests,
  };

  const scanTable = async (name: string) => {
    const { Items = [] } = await documents.send(new ScanCommand({ TableName: name, ConsistentRead: true }));
    return Items;
  };
  return {
    ports,
    clock,
    keys,
    telemetry,
    /** The client of the requests. */
    client,
    requested: requests.messages,
    repositories: openRepositories(documents, localTables, clock),
    /** Returns the token of a mail that is sent now. With `signUpAt` it names the sign-up. Tokens of earlier versions do not. */
    tokenFor: (purpose: TokenPurpose, id: Subscriber['id'], signUpAt?: Instant) =>
      signToken(purpose, id, signingKeyOf(keys.linkKeys, clock.now()), clock.now(), signUpAt),
    /** Every item of every table. */
    scan: async () => (await Promise.all(Object.values(localTables).map(scanTable))).flat(),
    close: () => dynamoDb.close(),
  };
}

export type WebWorld = Awaited<ReturnType<typeof openWebWorld>>;
