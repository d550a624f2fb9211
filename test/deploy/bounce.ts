import assert from 'node:assert/strict';
import { GetConfigurationSetEventDestinationsCommand } from '@aws-sdk/client-sesv2';
import type { EventMail } from '../../local/ses/event.ts';
import { createSnsPublisher } from '../../local/ses/event.ts';
import { eventsOf } from '../../local/ses/make-events.ts';
import { systemClock } from '../../shared/adapters/system-clock.ts';
import { toDeliveryTags } from '../../shared/mail/mail-tags.ts';
import { ACCOUNT, REGION } from './account.ts';
import type { Deployment } from './deployment.ts';
import type { SentDigest } from './send-digests.ts';
import { FROM_ADDRESS } from './settings.ts';
import { waitUntil } from './wait-until.ts';

const FEEDBACK_TIMEOUT_MS = 30_000;

/**
 * Checks that a bounce ends the digests of its subscriber. ministack stores the event destination of a configuration set, but never
 * publishes to it. So this test publishes the events to the topic of that destination, in the shape of SES.
 */
export async function bounce(deployment: Deployment, digest: SentDigest): Promise<void> {
  const topic = await topicOfEvents(deployment);
  const publish = createSnsPublisher(deployment.cloud.sns, topic);
  for (const event of eventsOf(toEventMail(deployment, digest), systemClock.now())) await publish(event);

  await waitUntil('the subscriber who bounces', FEEDBACK_TIMEOUT_MS, async () => {
    const { subscriberId } = digest.delivery;
    const subscriber = await deployment.repositories.subscribers.load(subscriberId);
    return subscriber?.status === 'bounced' ? subscriber : undefined;
  });
}

/** Returns the topic to which SES publishes bounces and complaints, by the configuration set. */
async function topicOfEvents({ cloud, ConfigurationSet, FeedbackTopic }: Deployment): Promise<string> {
  const { EventDestinations = [] } = await cloud.ses.send(
    new GetConfigurationSetEventDestinationsCommand({ ConfigurationSetName: ConfigurationSet }),
  );
  const topics = EventDestinations.filter(
    ({ Enabled, MatchingEventTypes = [] }) => Enabled && MatchingEventTypes.includes('BOUNCE'),
  ).map(({ SnsDestination }) => SnsDestination?.TopicArn);
  assert.deepEqual(topics, [FeedbackTopic]);
  return FeedbackTopic;
}

function toEventMail({ ConfigurationSet }: Deployment, { address, mail, delivery }: SentDigest): EventMail {
  assert.ok(delivery.outcome.state === 'sent');
  const tags = Object.entries(toDeliveryTags(delivery)).map(([name, value]) => [name, [value]]);
  return {
    timestamp: delivery.claimedAt,
    source: FROM_ADDRESS,
    sourceArn: `arn:aws:ses:${REGION}:${ACCOUNT}:identity/${FROM_ADDRESS}`,
    sendingAccountId: ACCOUNT,
    messageId: delivery.outcome.messageId,
    destination: [address],
    headersTruncated: false,
    headers: mail.headers.map(({ key, value }) => ({ name: key, value })),
    commonHeaders: { from: [FROM_ADDRESS], to: [address], subject: mail.subject ?? '' },
    tags: { 'ses:configuration-set': [ConfigurationSet], ...Object.fromEntries(tags) },
  };
}
