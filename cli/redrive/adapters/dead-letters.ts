import {
  DeleteMessageCommand,
  GetQueueAttributesCommand,
  type Message,
  ReceiveMessageCommand,
  SendMessageCommand,
  type SQSClient,
} from '@aws-sdk/client-sqs';
import { toInstant } from '../../../shared/domain/time.ts';
import { permitted } from '../../deployment/adapters/permitted.ts';
import type { DeadLetters } from '../ports.ts';

const MESSAGES_AT_ONCE = 10;

/** Long enough to send ten messages; what was not moved by then can be received again. */
const MOVING_SEC = 60;

/** What was looked at is there again at once. */
const LOOKING_SEC = 0;

/**
 * A dead-letter queue and the queue that it belongs to. Not the message-move task of SQS, which takes no letters that SNS put there.
 *
 * @see https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_StartMessageMoveTask.html
 */
export function createDeadLetters(sqs: SQSClient, dlqUrl: string, queueUrl: string): DeadLetters {
  const receive = async (
    VisibilityTimeout: number,
    atMost = MESSAGES_AT_ONCE,
  ): Promise<readonly Message[]> => {
    const command = new ReceiveMessageCommand({
      ...{ QueueUrl: dlqUrl, MaxNumberOfMessages: Math.min(atMost, MESSAGES_AT_ONCE), VisibilityTimeout },
      MessageSystemAttributeNames: ['SentTimestamp'],
      WaitTimeSeconds: 1,
    });
    const { Messages = [] } = await permitted('sqs:ReceiveMessage', () => sqs.send(command));
    return Messages;
  };

  const move = async ({ Body, ReceiptHandle }: Message) => {
    const send = new SendMessageCommand({ QueueUrl: queueUrl, MessageBody: Body });
    await permitted('sqs:SendMessage', () => sqs.send(send));
    const remove = new DeleteMessageCommand({ QueueUrl: dlqUrl, ReceiptHandle });
    await permitted('sqs:DeleteMessage', () => sqs.send(remove));
  };

  return {
    async count() {
      const command = new GetQueueAttributesCommand({
        ...{ QueueUrl: dlqUrl, AttributeNames: ['ApproximateNumberOfMessages'] },
      });
      const { Attributes = {} } = await permitted('sqs:GetQueueAttributes', () => sqs.send(command));
      return Number(Attributes.ApproximateNumberOfMessages ?? 0);
    },

    async look() {
      return (await receive(LOOKING_SEC)).map(({ Body = '', Attributes }) => ({
        body: Body,
        sentAt: toInstant(Number(Attributes?.SentTimestamp ?? 0)),
      }));
    },

    async moveSome(atMost) {
      const messages = await receive(MOVING_SEC, atMost);
      await Promise.all(messages.map(move));
      return messages.length;
    },
  };
}
