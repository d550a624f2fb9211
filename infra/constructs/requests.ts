import { Duration, Stack } from 'aws-cdk-lib';
import type { TableV2 } from 'aws-cdk-lib/aws-dynamodb';
import type { Secret } from 'aws-cdk-lib/aws-secretsmanager';
import { Construct } from 'constructs';
import type * as z from 'zod';
import type { handleRequestsEnvSchema } from '../../functions/handle-requests/env.ts';
import type { Publication } from '../../shared/presentation/publication.ts';
import type { Settings } from '../settings/schema.ts';
import { grantKeys, grantTable } from './grants.ts';
import type { MailSender } from './mail-sender.ts';
import { type FunctionDefaults, NodeFunction } from './node-function.ts';
import { QueueWithDlq } from './queue-with-dlq.ts';

export interface RequestsProps {
  readonly defaults: FunctionDefaults;
  readonly subscribers: TableV2;
  readonly publication: Publication;
  /** How many mails may be sent in an hour. */
  readonly hourlyLimits: Settings['hourlyLimits'];
  /** The secret with the keys that derive subscriber ids and sign links. */
  readonly keys: Secret;
  readonly mailSender: MailSender;
}

/**
 * Connecting to SES may take 3 seconds, and its answer 20. The rest is for the tables. A function that died between
 * sending and recording would send the mail twice.
 */
const TIMEOUT = Duration.seconds(30);

/**
 * Retries for an hour, at six time-outs each. A rush of digests that uses up the SES rate is mostly over by then. A
 * dead letter sets off an alarm, and is answered after an operator moves it back.
 */
const MAX_RECEIVES = 20;

/**
 * The minimum of an event source, because the SES rate is for digests. A mail takes up to a second, so two workers send
 * about two a second. That is 7,000 an hour, more than `hourlyLimits.mails` allows.
 */
const MAX_WORKERS = 2;

/** The queue and the function that answer web requests by mail. The page does not wait for the mail. */
export class Requests extends Construct {
  readonly handleRequests: NodeFunction;
  readonly queue: QueueWithDlq;

  constructor(scope: Construct, id: string, props: RequestsProps) {
    super(scope, id);
    const { defaults, subscribers, publication, keys, mailSender } = props;
    this.handleRequests = new NodeFunction<z.input<typeof handleRequestsEnvSchema>>(this, 'HandleRequests', {
      defaults,
      folder: 'handle-requests',
      description: 'Answers sign-ups and requests for links by mail',
      environment: {
        SUBSCRIBERS_TABLE: subscribers.tableName,
        LEFT_RETENTION_DAYS: String(defaults.settings.leftRetentionDays),
        CONFIGURATION_SET: mailSender.configurationSetName,
        PUBLICATION: Stack.of(this).toJsonString(publication),
        HOURLY_LIMITS: JSON.stringify(props.hourlyLimits),
        KEYS_SECRET: keys.secretArn,
      },
      timeout: TIMEOUT,
    });
    grantTable(subscribers, this.handleRequests, 'GetItem', 'PutItem', 'UpdateItem');
    grantKeys(keys, this.handleRequests);
    mailSender.grantSend(this.handleRequests);
    // One message at a time. In a larger batch, a time-out would send mails again that were sent already.
    this.queue = new QueueWithDlq(this, 'RequestsQueue', {
      consumer: this.handleRequests,
      maxReceiveCount: MAX_RECEIVES,
      maxConcurrency: MAX_WORKERS,
    });
  }
}
