import { Duration, Validations } from 'aws-cdk-lib';
import { type IGrantable, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { Queue, QueueEncryption } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import type { NodeFunction } from './node-function.ts';

export interface QueueWithDlqProps {
  /** The function that receives the messages. It reports the failed ones. */
  readonly consumer: NodeFunction;
  /**
   * How many messages one invocation receives, 1 to 10. Use more than one only for fast work, because a time-out
   * returns the whole batch.
   *
   * @default 1
   */
  readonly batchSize?: number;
  /**
   * How often a message is received before it is dead-lettered. Below five, throttled invocations can use up the
   * receives.
   *
   * @default 5
   */
  readonly maxReceiveCount?: number;
  /**
   * How many functions may run at the same time, 2 or more. Further messages wait on the queue. Throttling the function
   * instead would use up their receives.
   */
  readonly maxConcurrency: number;
}

/** A dead letter keeps its first enqueue time, so the dead-letter queue must retain messages for longer. */
const QUEUE_RETENTION = Duration.days(4);
const DLQ_RETENTION = Duration.days(14);

/**
 * The visibility timeout, as a multiple of the function's time-out. A message stays hidden while its function may still
 * run, and while Lambda retries after throttling.
 *
 * @see https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-configure.html (six times the time-out; five receives)
 */
const VISIBILITY_TIMEOUTS = 6;

/** What an event source needs. @see https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-permissions.html */
const CONSUMER_ACTIONS = ['sqs:ReceiveMessage', 'sqs:DeleteMessage', 'sqs:GetQueueAttributes'];

const AT_REST_AND_IN_TRANSIT = { encryption: QueueEncryption.SQS_MANAGED, enforceSSL: true } as const;

/** A queue, the function that receives its messages, and the dead-letter queue for messages that keep failing. */
export class QueueWithDlq extends Construct {
  readonly queue: Queue;
  readonly deadLetterQueue: Queue;

  constructor(scope: Construct, id: string, props: QueueWithDlqProps) {
    super(scope, id);
    const { consumer, batchSize = 1, maxReceiveCount = 5, maxConcurrency } = props;

    this.deadLetterQueue = new Queue(this, 'DeadLetterQueue', {
      ...AT_REST_AND_IN_TRANSIT,
      retentionPeriod: DLQ_RETENTION,
    });
    Validations.of(this.deadLetterQueue).acknowledge({
      id: 'Serverless::Serverless-SQSRedrivePolicy',
      reason: 'This is the dead-letter queue. An alarm watches it, and an operator moves its messages back.',
    });
    this.queue = new Queue(this, 'Queue', {
      ...AT_REST_AND_IN_TRANSIT,
      retentionPeriod: QUEUE_RETENTION,
      visibilityTimeout: Duration.seconds(VISIBILITY_TIMEOUTS * consumer.timeout.toSeconds()),
      deadLetterQueue: { queue: this.deadLetterQueue, maxReceiveCount },
    });
    this.#grant(consumer, CONSUMER_ACTIONS);
    consumer.addEventSourceMapping(`${id}Messages`, {
      eventSourceArn: this.queue.queueArn,
      batchSize,
      reportBatchItemFailures: true,
      maxConcurrency,
    });
  }

  get queueUrl(): string {
    return this.queue.queueUrl;
  }

  /** Grants sending messages, one at a time or in batches, and nothing else. */
  grantSend(sender: IGrantable): void {
    this.#grant(sender, ['sqs:SendMessage']);
  }

  #grant(grantee: IGrantable, actions: readonly string[]): void {
    grantee.grantPrincipal.addToPrincipalPolicy(
      new PolicyStatement({ actions: [...actions], resources: [this.queue.queueArn] }),
    );
  }
}
