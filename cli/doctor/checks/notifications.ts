import type { Settings } from '../../../infra/settings/schema.ts';
import { type Finding, fail, ok, wait, warn } from '../diagnosis.ts';
import type { ConfigurationSet, EventDestination, TopicSubscription } from '../ports.ts';

const SUPPRESSED = ['BOUNCE', 'COMPLAINT'];
const FEEDBACK = ['BOUNCE', 'COMPLAINT'];
const REFUSALS = ['REJECT'];
const TRACKING = ['SEND', 'DELIVERY'];
const SPYING = ['OPEN', 'CLICK'];

const DEPLOY = 'deploy with --revert-drift, which undoes what was changed or deleted by hand';

/** Checks whether the configuration set may send, and suppresses addresses that bounced or complained. */
export function checkConfigurationSet(name: string, set: ConfigurationSet | undefined): Finding {
  if (!set) return fail(`SES does not know the configuration set ${name}: nothing can be sent`, DEPLOY);
  if (!set.isSendingEnabled)
    return fail(
      `sending is switched off for the configuration set ${name}`,
      `aws sesv2 put-configuration-set-sending-options --configuration-set-name ${name} --sending-enabled`,
    );
  const missing = SUPPRESSED.filter((reason) => !set.suppressed?.includes(reason));
  if (missing.length === 0) return ok(`${name} suppresses addresses that bounced or complained`);
  const found = `${name} does not suppress ${missing.join(' and ')}`;
  return missing.length === SUPPRESSED.length ? fail(found, DEPLOY) : warn(found, DEPLOY);
}

/** Checks whether SES publishes its events on the feedback topic. */
export function checkEventDestination(
  destinations: readonly EventDestination[],
  topicArn: string,
  eventTracking: boolean,
): Finding {
  const ours = destinations.filter((destination) => destination.topicArn === topicArn);
  if (ours.length === 0)
    return fail(
      `SES publishes no events on the feedback topic, so bounces and complaints are lost (${destinations.length} other destinations)`,
      DEPLOY,
    );
  const enabled = ours.filter(({ isEnabled }) => isEnabled);
  if (enabled.length === 0)
    return fail('the event destination is switched off, so bounces and complaints are lost', DEPLOY);

  const events = enabled.flatMap((destination) => destination.events);
  const missingOf = (wanted: readonly string[]) => wanted.filter((event) => !events.includes(event));
  const unheard = missingOf(FEEDBACK);
  if (unheard.length > 0) return fail(`SES does not publish ${unheard.join(' and ')}`, DEPLOY);
  const missing = missingOf([...REFUSALS, ...(eventTracking ? TRACKING : [])]);
  if (missing.length > 0)
    return warn(
      `SES does not publish ${missing.join(', ')}, so a digest stays uncertain if the answer of SES is lost`,
      DEPLOY,
    );
  const spying = SPYING.filter((event) => events.includes(event));
  if (spying.length > 0)
    return warn(`${spying.join(' and ')} are tracked: SES rewrites the links in every mail`, DEPLOY);
  return ok(`SES publishes ${events.join(', ')}`);
}

/** Checks whether the topic feeds the feedback queue. */
export function checkFeedbackSubscription(
  subscriptions: readonly TopicSubscription[],
  queueArn: string,
): Finding {
  const ours = subscriptions.filter(({ protocol, endpoint }) => protocol === 'sqs' && endpoint === queueArn);
  if (ours.some(({ isConfirmed }) => isConfirmed)) return ok('the topic feeds the feedback queue');
  return ours.length > 0
    ? fail('the subscription of the feedback queue waits for its confirmation: events are lost', DEPLOY)
    : fail('the feedback queue is not subscribed to the topic: events are lost', DEPLOY);
}

/** Checks whether an address receives the alarms. AWS mails it only after it has confirmed. */
export function checkAlarms(
  subscriptions: readonly TopicSubscription[],
  { alarmAddress, stage }: Pick<Settings, 'alarmAddress' | 'stage'>,
  isJustDeployed: boolean,
): Finding {
  const ours = subscriptions.filter(({ endpoint }) => endpoint === alarmAddress);
  if (alarmAddress !== undefined && ours.length === 0)
    return warn(
      'alarmAddress is not subscribed to the alarms: it left, or its confirmation expired',
      'in the SNS console, subscribe it to the topic again (output AlarmsTopic), and confirm the mail',
    );
  if (alarmAddress !== undefined && !ours.some(({ isConfirmed }) => isConfirmed))
    return (isJustDeployed ? wait : warn)(
      'alarmAddress has not confirmed, so it receives no alarms',
      'open the mail "AWS Notification - Subscription Confirmation" there and follow its link; it is good for two days',
    );
  const receiving = subscriptions.filter(({ isConfirmed }) => isConfirmed).length;
  if (receiving === 0) {
    const found = 'nobody receives the alarms; they are only on the dashboard';
    const advice = 'set alarmAddress in the settings, deploy, and confirm the mail of AWS';
    return stage === 'dev' ? ok(found, advice) : warn(found, advice);
  }
  return ok(`${receiving === 1 ? 'one address receives' : `${receiving} addresses receive`} the alarms`);
}
