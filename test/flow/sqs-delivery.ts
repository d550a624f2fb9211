import type { SQSEvent } from 'aws-lambda';
import type { InvocationContext, SqsHandler } from '../../shared/adapters/lambda/sqs-handler.ts';

const MAX_DELIVERIES = 20;

/** An invocation whose time does not run out. */
export const AMPLE_TIME: InvocationContext = { getRemainingTimeInMillis: () => 120_000 };

/** Returns an SQS event with one record for each body: `message-0`, `message-1` and so on. */
export function toSqsEvent(bodies: readonly string[]): SQSEvent {
  return {
    Records: bodies.map((body, position) => ({
      messageId: `message-${position}`,
      receiptHandle: `receipt-${position}`,
      body,
      attributes: {
        ApproximateReceiveCount: '1',
        SentTimestamp: '0',
        SenderId: 'test',
        ApproximateFirstReceiveTimestamp: '0',
      },
      messageAttributes: {},
      md5OfBody: '',
      eventSource: 'aws:sqs',
      eventSourceARN: 'arn:aws:sqs:us-east-1:000000000000:test',
      awsRegion: 'us-east-1',
    })),
  };
}

/** Delivers messages to a function in one event, and returns the bodies that it reports as failed. */
export async function deliver(
  handler: SqsHandler,
  bodies: readonly string[],
  context: InvocationContext = AMPLE_TIME,
): Promise<readonly string[]> {
  const { batchItemFailures } = await handler(toSqsEvent(bodies), context);
  const failed = new Set(batchItemFailures.map(({ itemIdentifier }) => itemIdentifier));
  return bodies.filter((_, position) => failed.has(`message-${position}`));
}

/**
 * Delivers messages to a function in one event, and redelivers the failed ones until none is left.
 *
 * @throws Error if some fail repeatedly
 */
export async function deliverUntilDone(handler: SqsHandler, bodies: readonly string[]): Promise<void> {
  let pending = bodies;
  for (let deliveries = 0; pending.length > 0; deliveries += 1) {
    if (deliveries === MAX_DELIVERIES)
      throw new Error(`${pending.length} messages failed ${deliveries} times`);
    pending = await deliver(handler, pending);
  }
}

/** Ways in which a queue may deliver the same messages. After each of them all messages are handled. */
export const deliveryOrders: Readonly<
  Record<string, (handler: SqsHandler, bodies: readonly string[]) => Promise<void>>
> = {
  'in reverse': async (handler, bodies) => {
    for (const body of bodies.toReversed()) await deliverUntilDone(handler, [body]);
  },
  'twice in one event': async (handler, bodies) => {
    for (const body of bodies) await deliverUntilDone(handler, [body, body]);
  },
  'to two workers at once': async (handler, bodies) => {
    const workThrough = async (own: readonly string[]) => {
      const failed: string[] = [];
      for (const body of own) failed.push(...(await deliver(handler, [body])));
      return failed;
    };
    // A message that the other worker has in flight is redelivered after that worker is done.
    const failed = await Promise.all([workThrough(bodies), workThrough(bodies.toReversed())]);
    await deliverUntilDone(handler, failed.flat());
  },
  'all in one event': (handler, bodies) => deliverUntilDone(handler, bodies),
};
