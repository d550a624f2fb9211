import { paginateListSubscriptionsByTopic, type SNSClient } from '@aws-sdk/client-sns';
import { permitted } from '../../deployment/adapters/permitted.ts';
import type { TopicSubscription, Topics } from '../ports.ts';

/** Topics of SNS. A subscription has an ARN once it is confirmed, and until then a word in its place. */
export function createTopics(client: SNSClient): Topics {
  return {
    loadSubscriptions: (topicArn) =>
      permitted('sns:ListSubscriptionsByTopic', async () => {
        const found: TopicSubscription[] = [];
        for await (const page of paginateListSubscriptionsByTopic({ client }, { TopicArn: topicArn })) {
          for (const { Protocol = '', Endpoint = '', SubscriptionArn = '' } of page.Subscriptions ?? [])
            found.push({
              protocol: Protocol,
              endpoint: Endpoint,
              isConfirmed: SubscriptionArn.startsWith('arn:'),
            });
        }
        return found;
      }),
  };
}
