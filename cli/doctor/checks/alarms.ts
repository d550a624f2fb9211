import { type Finding, ok, warn } from '../finding.ts';
import type { TopicSubscription } from '../ports.ts';

/** Whether somebody is told when an alarm goes off: AWS mails an address only once it has confirmed. */
export function checkAlarms(
  subscriptions: readonly TopicSubscription[],
  alarmAddress: string | undefined,
): Finding {
  const ours = subscriptions.filter(({ endpoint }) => endpoint === alarmAddress);
  if (alarmAddress !== undefined && ours.length === 0)
    return warn(
      'alarmAddress is not subscribed to the alarms: it left, or its confirmation expired',
      'in the SNS console, subscribe it to the topic again (output AlarmsTopic), and confirm the mail',
    );
  if (alarmAddress !== undefined && !ours.some(({ isConfirmed }) => isConfirmed))
    return warn(
      'alarmAddress has not confirmed: nobody is mailed when an alarm goes off',
      'open the mail "AWS Notification - Subscription Confirmation" there and follow its link; it is good for two days',
    );
  const told = subscriptions.filter(({ isConfirmed }) => isConfirmed).length;
  if (told === 0) return ok('nobody is mailed; alarms are on the dashboard', 'set alarmAddress to be mailed');
  return ok(`${told === 1 ? 'one is' : `${told} are`} told when an alarm goes off`);
}
