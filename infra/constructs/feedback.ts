import { Duration } from 'aws-cdk-lib';
import type { TableV2 } from 'aws-cdk-lib/aws-dynamodb';
import type { Topic } from 'aws-cdk-lib/aws-sns';
import { SqsSubscription } from 'aws-cdk-lib/aws-sns-subscriptions';
import { Construct } from 'constructs';
import type * as z from 'zod';
import type { handleFeedbackEnvSchema } from '../../functions/handle-feedback/env.ts';
import type { TableName } from '../../shared/adapters/dynamodb/table-schema.ts';
import { grantTable } from './grants.ts';
import { type FunctionDefaults, NodeFunction } from './node-function.ts';
import { QueueWithDlq } from './queue-with-dlq.ts';

export interface FeedbackProps {
  readonly defaults: FunctionDefaults;
  readonly tables: Readonly<Record<Exclude<TableName, 'papers'>, TableV2>>;
  /** Where SES tells what became of mails. */
  readonly topic: Topic;
  /** How many functions may send at once, 2 or more. */
  readonly maxWorkers: number;
}

/** From what SES tells of a mail to the subscriber and the ledger: topic, queue, function. */
export class Feedback extends Construct {
  readonly handleFeedback: NodeFunction;
  readonly queue: QueueWithDlq;

  constructor(scope: Construct, id: string, { defaults, tables, topic, maxWorkers }: FeedbackProps) {
    super(scope, id);
    this.handleFeedback = new NodeFunction<z.input<typeof handleFeedbackEnvSchema>>(this, 'HandleFeedback', {
      defaults,
      folder: 'handle-feedback',
      description: 'Takes in bounces, complaints and deliveries',
      environment: {
        SUBSCRIBERS_TABLE: tables.subscribers.tableName,
        LEFT_RETENTION_DAYS: String(defaults.settings.leftRetentionDays),
        DELIVERIES_TABLE: tables.deliveries.tableName,
      },
      // A handful of reads and writes an event. With less memory goes less processor, and a start takes longer than the work.
      memorySizeMb: 512,
      // Ten events of a few round trips each, with room for a table that is slow.
      timeout: Duration.seconds(30),
    });
    grantTable(tables.subscribers, this.handleFeedback, 'GetItem', 'PutItem');
    grantTable(tables.deliveries, this.handleFeedback, 'GetItem', 'UpdateItem');
    this.queue = new QueueWithDlq(this, 'FeedbackQueue', {
      consumer: this.handleFeedback,
      batchSize: 10,
      // As many as send: a worker's 15 mails a second bring 30 events, and a function handles ten in a fraction of a second.
      maxConcurrency: maxWorkers,
    });
    topic.addSubscription(
      new SqsSubscription(this.queue.queue, {
        // In an envelope, because SES says to a topic in plain text that it found it.
        rawMessageDelivery: false,
        deadLetterQueue: this.queue.deadLetterQueue,
      }),
    );
  }
}
