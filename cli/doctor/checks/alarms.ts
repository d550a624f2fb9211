import type { Settings } from '../../../infra/settings/schema.ts';
import { type Finding, ok, wait, warn } from '../finding.ts';
import type { TopicSubscription } from '../ports.ts';

/** Whether somebody is told when an alarm goes off: AWS mails an address only once it has confirmed. */
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
      'alarmAddress has not confirmed: nobody is mailed when an alarm goes off',
      'open the mail "AWS Notification - Subscription Confirmation" there and follow its link; it is good for two days',
    );
  const told = subscriptions.filter(({ isConfirmed }) => isConfirmed).length;
  if (told === 0) {
    const found = 'nobody receives the alarms; they are on the dashboard alone';
    const advice = 'set alarmAddress in the settings, deploy, and confirm the mail of AWS';
    return stage === 'dev' ? ok(found, advice) : warn(found, advice);
  }
  return ok(`${told === 1 ? 'one is' : `${told} are`} told when an alarm goes off`);
}
