import type { SQSEvent } from 'aws-lambda';
import type { InvocationContext, SqsHandler } from '../../shared/adapters/lambda/sqs-handler.ts';

const MAX_DELIVERIES = 20;

/** An invocation whose time does not run out. */
export const AMPLE_TIME: InvocationContext = { getRemainingTimeInMillis: () => 120_000 };

/** An event as SQS hands it to a function, one record for each body: `message-0`, `message-1` and so on. */
function toSqsEvent(bodies: readonly string[]): SQSEvent {
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

/** Hands messages to a function in one event and returns the bodies of those that it reports as failed. */
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
 * Hands messages to a function in one event, and those that failed again until none is left.
 *
 * @throws Error when some fail time and again
 */
export async function deliverUntilDone(handler: SqsHandler, bodies: readonly string[]): Promise<void> {
  let pending = bodies;
  for (let deliveries = 0; pending.length > 0; deliveries += 1) {
    if (deliveries === MAX_DELIVERIES)
      throw new Error(`${pending.length} messages failed ${deliveries} times`);
    pending = await deliver(handler, pending);
  }
}

/** The ways in which a queue may hand over the same messages; every one of them ends with all of them worked off. */
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
    // A message that the other worker has in hand comes again after its visibility timeout, when that worker is done.
    const failed = await Promise.all([workThrough(bodies), workThrough(bodies.toReversed())]);
    await deliverUntilDone(handler, failed.flat());
  },
  'all in one event': (handler, bodies) => deliverUntilDone(handler, bodies),
};
