import { GetQueueAttributesCommand, type SQSClient } from '@aws-sdk/client-sqs';
import { permitted } from '../../deployment/adapters/permitted.ts';
import type { Queues } from '../ports.ts';

/** Queues of SQS, whose numbers are approximate. Messages that are delayed count as waiting. */
export function createQueues(client: SQSClient): Queues {
  return {
    async load(url) {
      const { Attributes = {} } = await permitted('sqs:GetQueueAttributes', () =>
        client.send(
          new GetQueueAttributesCommand({
            QueueUrl: url,
            AttributeNames: [
              'QueueArn',
              'ApproximateNumberOfMessages',
              'ApproximateNumberOfMessagesDelayed',
              'ApproximateNumberOfMessagesNotVisible',
            ],
          }),
        ),
      );
      const count = (name: keyof typeof Attributes) => Number(Attributes[name] ?? 0);
      return {
        arn: Attributes.QueueArn ?? '',
        waiting: count('ApproximateNumberOfMessages') + count('ApproximateNumberOfMessagesDelayed'),
        inFlight: count('ApproximateNumberOfMessagesNotVisible'),
      };
    },
  };
}
