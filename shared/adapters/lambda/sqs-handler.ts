import type { SQSBatchResponse, SQSEvent, SQSRecord } from 'aws-lambda';
import { InvalidInputError } from '../../domain/errors.ts';
import type * as z from '../../domain/zod.ts';
import type { Telemetry } from '../../observability.ts';

/** What Lambda says about an invocation. */
export interface InvocationContext {
  getRemainingTimeInMillis(): number;
}

/** What is known of one message besides its body. */
export interface MessageContext {
  /** How long the invocation may still run. */
  remainingMs(): number;
  /** How often the message was handed out, this time included. */
  readonly receives: number;
}

export type SqsHandler = (event: SQSEvent, context: InvocationContext) => Promise<SQSBatchResponse>;

/** The result of a message that SQS has to deliver again, though nothing failed. */
interface Retry {
  readonly kind: 'retry';
  readonly reason: string;
}

/**
 * Returns a handler of SQS events that parses each message and hands it to `handle`. It reports the messages that threw or returned a
 * {@link Retry}, and SQS delivers only those again. A message that does not parse fails every time and ends in the dead-letter
 * queue.
 *
 * @see https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-errorhandling.html (partial batch responses)
 */
export function createSqsHandler<Message>(
  schema: z.ZodMiniType<Message>,
  handle: (message: Message, context: MessageContext) => Promise<unknown>,
  telemetry: Telemetry,
): SqsHandler {
  /** Returns whether the message is done. */
  const handleRecord = async (
    { body, messageId, attributes }: SQSRecord,
    context: InvocationContext,
  ): Promise<boolean> => {
    try {
      const result = await handle(parseBody(schema, body), {
        remainingMs: () => context.getRemainingTimeInMillis(),
        receives: Number(attributes.ApproximateReceiveCount),
      });
      if (!isRetry(result)) return true;
      telemetry.warn('A message will come again', { messageId, reason: result.reason });
    } catch (error) {
      telemetry.error('A message failed and will come again', { messageId, error });
    }
    return false;
  };
  return async ({ Records }, context) => {
    const areDone = await Promise.all(Records.map((record) => handleRecord(record, context)));
    const failed = Records.filter((_, position) => !areDone[position]);
    return { batchItemFailures: failed.map(({ messageId }) => ({ itemIdentifier: messageId })) };
  };
}

function isRetry(result: unknown): result is Retry {
  return typeof result === 'object' && result !== null && 'kind' in result && result.kind === 'retry';
}

function parseBody<Message>(schema: z.ZodMiniType<Message>, body: string): Message {
  let json: unknown;
  try {
    json = JSON.parse(body);
  } catch {
    // The parser's own error quotes the body, which must not reach a log.
    throw new InvalidInputError('the body of a message is not JSON');
  }
  const parsed = schema.safeParse(json);
  if (!parsed.success) {
    throw new InvalidInputError('a message does not have the expected shape', { cause: parsed.error });
  }
  return parsed.data;
}
