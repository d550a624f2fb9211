import type { SESClient } from '@aws-sdk/client-ses';
import { SNSClient } from '@aws-sdk/client-sns';
import { createSesClient } from '../shared/adapters/ses/mailer.ts';
import type { Clock } from '../shared/domain/time/time.ts';
import { type LocalDynamoDb, startDynamoDb } from './emulators/dynamodb.ts';
import { localClientOptions } from './emulators/loopback.ts';
import { type LocalSqs, startSqs } from './emulators/sqs.ts';
import type { SendLimits } from './ses/account.ts';
import { type SesServer, startSesEndpoint } from './ses/endpoint.ts';
import { createSnsPublisher } from './ses/event.ts';
import type { StoredMessage } from './ses/message-store.ts';

/** The AWS services that Broadsheet needs, each on a free loopback port, with clients for them. */
export interface LocalAws extends Omit<LocalDynamoDb, 'close'>, Omit<LocalSqs, 'close'> {
  readonly sesServer: SesServer;
  readonly ses: SESClient;
  close(): Promise<void>;
}

export interface LocalAwsOptions extends SendLimits {
  /** Starts the database. @default an embedded DynamoDB with its tables in memory */
  readonly openDynamoDb?: () => Promise<LocalDynamoDb>;
  /** The folder that stores every mail. */
  readonly outboxFolder: string;
  /** Receives each mail once it is stored. @default none */
  readonly onMail?: ((message: StoredMessage) => void) | undefined;
  /** Receives a line about each file of the outbox that should be a mail and is none. @default none */
  readonly onUnreadableMail?: ((line: string) => void) | undefined;
  /** The address that may send. */
  readonly fromAddress: string;
  readonly clock: Clock;
}

/** The configuration set of all local mails. */
export const LOCAL_CONFIGURATION_SET = 'digests';

/** Starts the services. The SES account may send from one address to any other. No mail leaves the machine. */
export async function startLocalAws(options: LocalAwsOptions): Promise<LocalAws> {
  const {
    openDynamoDb = startDynamoDb,
    outboxFolder,
    onMail,
    onUnreadableMail,
    fromAddress,
    clock,
    maxSendRate,
    max24HourSend,
  } = options;
  const queues = await startSqs();
  const sns = new SNSClient({ ...localClientOptions(queues.endpoint) });
  const sesServer = await startSesEndpoint({
    folder: outboxFolder,
    identities: [fromAddress],
    configurationSets: [
      { name: LOCAL_CONFIGURATION_SET, eventTypes: ['Send', 'Delivery', 'Bounce', 'Complaint'] },
    ],
    publish: createSnsPublisher(sns, queues.sesTopicArn),
    onMail,
    onUnreadable: onUnreadableMail,
    clock,
    maxSendRate,
    max24HourSend,
  });
  const ses = createSesClient(localClientOptions(sesServer.url));
  const dynamoDb = await openDynamoDb();
  return {
    ...dynamoDb,
    ...queues,
    sesServer,
    ses,
    async close() {
      ses.destroy();
      // First, because it publishes its last events to the topic.
      await sesServer.close();
      sns.destroy();
      await Promise.all([dynamoDb.close(), queues.close()]);
    },
  };
}
