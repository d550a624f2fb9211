import { Duration, Validations } from 'aws-cdk-lib';
import { type IGrantable, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { Queue, QueueEncryption } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import type { NodeFunction } from './node-function.ts';

export interface QueueWithDlqProps {
  /** The function that works the queue off. It reports the messages that failed. */
  readonly consumer: NodeFunction;
  /**
   * How many messages the function is handed at once, 1 to 10. More are worth it only where each is quickly done: a time-out
   * brings back its neighbours as well.
   *
   * @default 1
   */
  readonly batchSize?: number;
  /**
   * How often a message is handed out before it is given up. Fewer than five may give up messages that Lambda took and
   * could not place.
   *
   * @default 5
   */
  readonly maxReceiveCount?: number;
  /**
   * How many functions may work at once, 2 or more. Further messages wait on the queue, where a function that Lambda throttles
   * would use up their receives.
   */
  readonly maxConcurrency: number;
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

/** What an event source does with its queue. @see https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-permissions.html */
const CONSUMER_ACTIONS = ['sqs:ReceiveMessage', 'sqs:DeleteMessage', 'sqs:GetQueueAttributes'];

const AT_REST_AND_IN_TRANSIT = { encryption: QueueEncryption.SQS_MANAGED, enforceSSL: true } as const;

/** A queue, the function that works it off, and the dead-letter queue for what that function could not do. */
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
      reason: 'It is the dead-letter queue: an alarm watches it, and an operator moves its messages back.',
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

  /** Lets somebody put messages on the queue, one or ten at a time, and nothing else. */
  grantSend(sender: IGrantable): void {
    this.#grant(sender, ['sqs:SendMessage']);
  }

  #grant(grantee: IGrantable, actions: readonly string[]): void {
    grantee.grantPrincipal.addToPrincipalPolicy(
      new PolicyStatement({ actions: [...actions], resources: [this.queue.queueArn] }),
    );
  }
}
