import type { FC } from 'hono/jsx';
import { hasMoved } from '../../domain/subscribers/move.ts';
import { statusAt } from '../../domain/subscribers/pause.ts';
import type { Subscriber, SubscriberStatus } from '../../domain/subscribers/subscriber.ts';
import { type Instant, localDayOf } from '../../domain/time/time.ts';
import { toDayName, toLongDay, toZonedHourText } from '../../presentation/wording.ts';
import { loadNextDigestAt } from '../parts/next-digest.tsx';
import type { WebAppPorts } from '../ports.ts';

/** When and how emails arrive, or would if the subscriber got any. Instant emails do not wait for the hour. */
export const DeliveryText: FC<{ subscriber: Subscriber; now: Instant }> = ({ subscriber, now }) => (
  <>
    {statusAt(subscriber, now) === 'confirmed' ? 'Emails arrive' : 'When you get emails, they arrive'}
    {subscriber.subscriptions.some(({ cadence }) => cadence !== 'instant') &&
      ` at ${toZonedHourText(subscriber.hour, subscriber.timeZone)}`}{' '}
    as {subscriber.format === 'text' ? 'plain text' : 'HTML'}.
  </>
);

/** Says when the next digest comes: `The next one comes on Tuesday 6 January, if papers match.` Undefined if that is unknown, or none comes. */
export async function findNextDigest(
  { history }: Pick<WebAppPorts, 'history'>,
  subscriber: Subscriber,
  now: Instant,
): Promise<string | undefined> {
  if (statusAt(subscriber, now) !== 'confirmed') return undefined;
  const at = await loadNextDigestAt(history, subscriber, now);
  if (at === undefined) return undefined;
  if (at === 'when-new') return 'The next one comes as soon as new papers match.';
  const { timeZone } = subscriber;
  return `The next one comes on ${toDayName(localDayOf(at, timeZone), localDayOf(now, timeZone))}, if papers match.`;
}

const STATUS_TEXTS: Readonly<Record<SubscriberStatus, string>> = {
  unconfirmed: 'is not confirmed yet, so you get no emails.',
  confirmed: 'is subscribed.',
  paused: 'is paused until you resume.',
  unsubscribed: 'is unsubscribed, so you get no emails.',
  bounced: 'gets no more emails, because emails to it bounced.',
  complained: 'gets no more emails, because one was marked as spam.',
};

/** Says what a status means for the emails: `is paused until Tuesday 6 January 2026.` */
export function toStatusText(subscriber: Subscriber, now: Instant): string {
  const status = statusAt(subscriber, now);
  if (status === 'paused' && subscriber.pausedUntil)
    return `is paused until ${toLongDay(subscriber.pausedUntil)}.`;
  if (hasMoved(subscriber)) return 'gets no emails, because you moved to another address.';
  return STATUS_TEXTS[status];
}
