import { PublishCommand, type SNSClient } from '@aws-sdk/client-sns';
import type { PublishEvent } from './event.ts';

/**
 * Publishes events to an SNS topic in the shape in which SES does: the event as JSON text with a line end behind it, under
 * SES's subject.
 *
 * @see https://docs.aws.amazon.com/ses/latest/dg/event-publishing-retrieving-sns-examples.html
 */
export function createSnsPublisher(client: SNSClient, topicArn: string): PublishEvent {
  return async (event) => {
    await client.send(
      new PublishCommand({
        TopicArn: topicArn,
        Subject: 'Amazon SES Email Event Notification',
        Message: `${JSON.stringify(event)}\n`,
      }),
    );
  };
}
