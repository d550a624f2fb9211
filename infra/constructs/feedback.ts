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
  /** The topic to which SES publishes its events. */
  readonly topic: Topic;
  /** How many functions may handle events at the same time, 2 or more. */
  readonly maxWorkers: number;
}

/** The queue and the function that handle SES events. */
export class Feedback extends Construct {
  readonly handleFeedback: NodeFunction;
  readonly queue: QueueWithDlq;

  constructor(scope: Construct, id: string, { defaults, tables, topic, maxWorkers }: FeedbackProps) {
    super(scope, id);
    this.handleFeedback = new NodeFunction<z.input<typeof handleFeedbackEnvSchema>>(this, 'HandleFeedback', {
      defaults,
      folder: 'handle-feedback',
      description: 'Handles bounces, complaints and deliveries',
      environment: {
        SUBSCRIBERS_TABLE: tables.subscribers.tableName,
        LEFT_RETENTION_DAYS: String(defaults.settings.leftRetentionDays),
        DELIVERIES_TABLE: tables.deliveries.tableName,
      },
      // Ten events with a few requests each, and some reserve for a slow table.
      timeout: Duration.seconds(30),
    });
    grantTable(tables.subscribers, this.handleFeedback, 'GetItem', 'PutItem');
    grantTable(tables.deliveries, this.handleFeedback, 'GetItem', 'Query', 'UpdateItem');
    this.queue = new QueueWithDlq(this, 'FeedbackQueue', {
      consumer: this.handleFeedback,
      batchSize: 10,
      // As many as send. A worker sends 25 mails a second, which cause 50 events. A function handles ten in a fraction
      // of a second.
      maxConcurrency: maxWorkers,
    });
    topic.addSubscription(
      new SqsSubscription(this.queue.queue, {
        // Not raw, because SES publishes a plain-text test message to the topic.
        rawMessageDelivery: false,
        deadLetterQueue: this.queue.deadLetterQueue,
      }),
    );
  }
}
