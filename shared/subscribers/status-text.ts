import { onFirstUse } from '../domain/once.ts';
import {
  type ChangeOrigin,
  isEnding,
  type StatusChange,
  type SubscriberStatus,
} from '../domain/subscribers/subscriber.ts';
import type { Instant } from '../domain/time/time.ts';

const instantFormat = onFirstUse(
  () =>
    new Intl.DateTimeFormat('en-GB', {
      day: 'numeric',
      month: 'long',
      year: 'numeric',
      timeZone: 'UTC',
      hour: '2-digit',
      minute: '2-digit',
      hourCycle: 'h23',
    }),
);

const ORIGINS: Readonly<Record<ChangeOrigin, string>> = {
  'sign-up': 'by a sign-up',
  confirmation: 'by the link in the email that asked to confirm',
  link: 'by the link in an email',
  page: 'on the manage page',
  api: 'through the HTTP API',
  bounce: 'because an email came back',
  complaint: 'because an email was marked as spam',
  import: 'by an import',
  operator: 'by the operator',
};

/** Returns an instant in words: `3 January 2026 at 08:00 UTC`. */
export function toMomentText(at: Instant): string {
  const parts = Object.fromEntries(
    instantFormat()
      .formatToParts(new Date(at))
      .map(({ type, value }) => [type, value]),
  );
  return `${parts.day} ${parts.month} ${parts.year} at ${parts.hour}:${parts.minute} UTC`;
}

/**
 * Returns a change of status in words: `unsubscribed on 3 January 2026 at 08:00 UTC by the link in an email`. With the status before it, the
 * end of a pause is `resumed`, not `confirmed`. A sign-up is `signed up`. A return after mails ended is `subscribed again`, or `restored` if
 * it is by the operator.
 */
export function toChangeText(
  { status, at, by, note }: Omit<StatusChange, 'by'> & { readonly by?: StatusChange['by'] | undefined },
  before?: SubscriberStatus,
): string {
  if (status === 'unconfirmed') return `signed up on ${toMomentText(at)}`;
  const verb = status === 'confirmed' ? toReturn(before, by) : status;
  const origin = by ? ` ${ORIGINS[by]}` : '';
  return `${verb} on ${toMomentText(at)}${origin}${note ? ` (${note})` : ''}`;
}

function toReturn(before: SubscriberStatus | undefined, by: ChangeOrigin | undefined): string {
  if (before === 'paused') return 'resumed';
  if (!isEnding(before)) return 'confirmed';
  return by === 'operator' ? 'restored' : 'subscribed again';
}
