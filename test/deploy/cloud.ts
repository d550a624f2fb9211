import { CloudFormationClient } from '@aws-sdk/client-cloudformation';
import { SESv2Client } from '@aws-sdk/client-sesv2';
import { SNSClient } from '@aws-sdk/client-sns';
import { localClientOptions } from '../../local/emulators/loopback.ts';
import type { ClientOptions } from '../../shared/adapters/client-options.ts';
import { createDocumentClient } from '../../shared/adapters/dynamodb/table.ts';
import { createSecretsClient } from '../../shared/adapters/secrets/keyring.ts';
import { createSqsClient } from '../../shared/adapters/sqs/queue.ts';
import type { SmtpInbox } from './smtp-inbox.ts';

/** The cloud to deploy to. */
export interface Cloud extends ReturnType<typeof createClients> {
  /** `http://127.0.0.1:40123` */
  readonly url: string;
  /** Every mail that the cloud sent. */
  readonly inbox: SmtpInbox;
}

/** Clients with the credentials of the account itself, which may do everything. */
const CREDENTIALS = { accessKeyId: 'test', secretAccessKey: 'test' };

/** Returns the cloud at a URL, with clients that connect only to it. */
export function openCloud(url: string, inbox: SmtpInbox): Cloud {
  return { url, inbox, ...createClients({ ...localClientOptions(url), credentials: CREDENTIALS }) };
}

function createClients(options: ClientOptions) {
  return {
    cloudFormation: new CloudFormationClient(options),
    documents: createDocumentClient(options),
    secrets: createSecretsClient(options),
    ses: new SESv2Client(options),
    sns: new SNSClient(options),
    sqs: createSqsClient(options),
  };
}
