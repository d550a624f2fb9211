import { SendMessageBatchCommand, SQSClient } from '@aws-sdk/client-sqs';
import pMap from 'p-map';
import type { Queue } from '../../ports/queues.ts';
import { type ClientOptions, TIME_LIMITS, withTimeLimits } from '../client-options.ts';

const MAX_ENTRIES = 10;

/** What one call may carry, with all its messages. A queue that allows more takes this too. */
const MAX_BYTES = 256 * 1024;

/** A standard queue takes nearly any number of calls a second, so this bounds our own sockets. */
const CALLS_AT_ONCE = 10;

export function createSqsClient(options: ClientOptions = {}): SQSClient {
  return new SQSClient(withTimeLimits(options, TIME_LIMITS));
}

/**
 * Returns a queue that sends its messages to SQS as JSON.
 *
 * @see https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_SendMessageBatch.html (10 entries and
 *   256 KB a call, and an entry may be refused while the call succeeds)
 * @param group the message group of all messages. SQS serves other messages first while a group keeps the workers busy.
 *   @default none
 * @see https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-fair-queues.html
 */
export function createQueue<Message>(client: SQSClient, queueUrl: string, group?: string): Queue<Message> {
  const send = async (entries: readonly Entry<Message>[], delaySec?: number): Promise<readonly Message[]> => {
    const { Failed = [] } = await client.send(
      new SendMessageBatchCommand({
        QueueUrl: queueUrl,
        Entries: entries.map(({ body }, position) => ({
          Id: String(position),
          MessageBody: body,
          DelaySeconds: delaySec,
          MessageGroupId: group,
        })),
      }),
    );
    const refused = new Set(Failed.map(({ Id }) => Id));
    return entries.filter((_, position) => refused.has(String(position))).map(({ message }) => message);
  };

  return {
    async enqueue(messages, delaySec) {
      const refused = await pMap(inCalls(messages), (entries) => send(entries, delaySec), {
        concurrency: CALLS_AT_ONCE,
      });
      return refused.flat();
    },
  };
}

interface Entry<Message> {
  readonly message: Message;
  readonly body: string;
}

/** Yields the messages in groups that fit into one call each. */
function* inCalls<Message>(messages: readonly Message[]): Generator<readonly Entry<Message>[]> {
  let entries: Entry<Message>[] = [];
  let bytes = 0;
  for (const message of messages) {
    const body = JSON.stringify(message);
    const size = Buffer.byteLength(body);
    if (entries.length === MAX_ENTRIES || (entries.length > 0 && bytes + size > MAX_BYTES)) {
      yield entries;
      entries = [];
      bytes = 0;
    }
    entries.push({ message, body });
    bytes += size;
  }
  if (entries.length > 0) yield entries;
}
