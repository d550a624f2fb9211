import { Duration } from 'aws-cdk-lib';
import type { IGrantable } from 'aws-cdk-lib/aws-iam';
import { SqsEventSource } from 'aws-cdk-lib/aws-lambda-event-sources';
import { Queue, QueueEncryption } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import type { NodeFunction } from './node-function.ts';

export interface QueueWithDlqProps {
  /** The function that works the queue off, one message at a time. It reports the messages that failed. */
  readonly consumer: NodeFunction;
  /**
   * How often a message is handed out before it is given up. Fewer than five may give up messages that Lambda took and
   * could not place.
   *
   * @default 5
   */
  readonly maxReceiveCount?: number;
  /**
   * How many messages may be worked on at once, 2 or more.
   *
   * @default - as many as Lambda likes
   */
  readonly maxConcurrency?: number;
}

/** A message keeps the time of its first enqueueing when it is given up, so the second queue has to keep it for longer. */
const QUEUE_RETENTION = Duration.days(4);
const DLQ_RETENTION = Duration.days(14);

/**
 * A message must not be handed out again while its function may still be at it, nor while Lambda repeats for being throttled.
 *
 * @see https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-configure.html (six times the time-out; five receives)
 */
const VISIBILITY_TIMEOUTS = 6;

const AT_REST_AND_IN_TRANSIT = { encryption: QueueEncryption.SQS_MANAGED, enforceSSL: true } as const;

/** A queue, the function that works it off, and the dead-letter queue for what that function could not do. */
export class QueueWithDlq extends Construct {
  readonly queue: Queue;
  readonly deadLetterQueue: Queue;

  constructor(scope: Construct, id: string, props: QueueWithDlqProps) {
    super(scope, id);
    const { consumer, maxReceiveCount = 5, maxConcurrency } = props;

    this.deadLetterQueue = new Queue(this, 'DeadLetterQueue', {
      ...AT_REST_AND_IN_TRANSIT,
      retentionPeriod: DLQ_RETENTION,
    });
    this.queue = new Queue(this, 'Queue', {
      ...AT_REST_AND_IN_TRANSIT,
      retentionPeriod: QUEUE_RETENTION,
      visibilityTimeout: Duration.seconds(VISIBILITY_TIMEOUTS * consumer.timeout.toSeconds()),
      deadLetterQueue: { queue: this.deadLetterQueue, maxReceiveCount },
    });
    consumer.addEventSource(
      new SqsEventSource(this.queue, {
        // Every message is a good deal of work, and a time-out would bring back its neighbours as well.
        batchSize: 1,
        reportBatchItemFailures: true,
        ...(maxConcurrency !== undefined && { maxConcurrency }),
      }),
    );
  }

  get queueUrl(): string {
    return this.queue.queueUrl;
  }

  /** Lets somebody put messages on the queue, one or ten at a time, and nothing else. */
  grantSend(sender: IGrantable): void {
    this.queue.grant(sender, 'sqs:SendMessage');
  }
}
