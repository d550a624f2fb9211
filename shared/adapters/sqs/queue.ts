import { SendMessageBatchCommand, SQSClient } from '@aws-sdk/client-sqs';
import type { Queue } from '../../ports.ts';
import type { ClientOptions } from '../client-options.ts';
import { TIME_LIMITS, withTimeLimits } from '../time-limits.ts';

const MAX_ENTRIES = 10;

export function createSqsClient(options: ClientOptions = {}): SQSClient {
  return new SQSClient(withTimeLimits(options, TIME_LIMITS));
}

/**
 * The sending end of an SQS queue; messages travel as JSON.
 *
 * @see https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_SendMessageBatch.html (10 entries a
 *   call, and an entry may be refused while the call succeeds)
 */
export function createQueue<Message>(client: SQSClient, queueUrl: string): Queue<Message> {
  const sendTen = async (messages: readonly Message[], delaySec?: number): Promise<readonly Message[]> => {
    const { Failed = [] } = await client.send(
      new SendMessageBatchCommand({
        QueueUrl: queueUrl,
        Entries: messages.map((message, position) => ({
          Id: String(position),
          MessageBody: JSON.stringify(message),
          DelaySeconds: delaySec,
        })),
      }),
    );
    const refused = new Set(Failed.map(({ Id }) => Id));
    return messages.filter((_, position) => refused.has(String(position)));
  };

  return {
    async enqueue(messages, delaySec) {
      const refused: Message[] = [];
      for (let from = 0; from < messages.length; from += MAX_ENTRIES) {
        refused.push(...(await sendTen(messages.slice(from, from + MAX_ENTRIES), delaySec)));
      }
      return refused;
    },
  };
}
