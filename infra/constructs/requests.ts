import { Duration, Stack } from 'aws-cdk-lib';
import type { TableV2 } from 'aws-cdk-lib/aws-dynamodb';
import type { Secret } from 'aws-cdk-lib/aws-secretsmanager';
import { Construct } from 'constructs';
import type * as z from 'zod';
import type { handleRequestsEnvSchema } from '../../functions/handle-requests/env.ts';
import type { Publication } from '../../shared/mail/publication.ts';
import type { Settings } from '../settings/schema.ts';
import { grantKeys, grantTable } from './grants.ts';
import type { MailSender } from './mail-sender.ts';
import { type FunctionDefaults, NodeFunction } from './node-function.ts';
import { QueueWithDlq } from './queue-with-dlq.ts';

export interface RequestsProps {
  readonly defaults: FunctionDefaults;
  readonly subscribers: TableV2;
  readonly publication: Publication;
  /** How many mails may go out in an hour. */
  readonly hourlyLimits: Settings['hourlyLimits'];
  /** Holds the keys that turn addresses into ids, and that sign the links. */
  readonly keys: Secret;
  readonly mailSender: MailSender;
}

/**
 * SES may take 20 seconds to answer, and 3 to be reached. With room for the tables a mail is never cut off between its sending
 * and the note of it, which would send it twice.
 */
const TIMEOUT = Duration.seconds(30);

/**
 * An hour, at six time-outs each: a rush of digests that leaves SES's rate to nobody is mostly over by then. What is given up
 * is an alarm, and is answered when an operator moves it back.
 */
const MAX_RECEIVES = 20;

/**
 * As few as an event source takes, because SES's rate is for digests. A mail takes up to a second, so both send about two a second.
 * That is 7,000 an hour, more than `hourlyLimits.mails` can allow.
 */
const MAX_WORKERS = 2;

/** What somebody asks for on the web that is answered by mail: queue and function. Whoever asks does not wait for it. */
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
      // Makes one small mail. With less memory goes less processor, and a start takes longer than the work.
      memorySizeMb: 512,
      timeout: TIMEOUT,
    });
    grantTable(subscribers, this.handleRequests, 'GetItem', 'PutItem', 'UpdateItem');
    grantKeys(keys, this.handleRequests);
    mailSender.grantSend(this.handleRequests);
    // One message at a time, so that none comes again, mailed already, because a neighbour ran out of time.
    this.queue = new QueueWithDlq(this, 'RequestsQueue', {
      consumer: this.handleRequests,
      maxReceiveCount: MAX_RECEIVES,
      maxConcurrency: MAX_WORKERS,
    });
  }
}
