import type { Subscriber } from '../domain/subscriber.ts';
import type { Instant } from '../domain/time.ts';
import type { Mail, SubscriberLinks } from '../ports.ts';
import type { AccountMailKind } from '../subscribers/answer-request.ts';
import type { Publication } from './publication.ts';

/** A mail that answers what somebody asked for on the web. */
export interface AccountMail {
  readonly kind: AccountMailKind;
  readonly subscriber: Subscriber;
  readonly composedAt: Instant;
}

/** Makes the mail: a few sentences and one link, as text and HTML. */
export async function composeAccountMail(
  mail: AccountMail,
  publication: Publication,
  links: SubscriberLinks,
): Promise<Mail> {
  throw new Error(`not composed yet: ${mail.kind} of ${publication.name} ${links}`);
}
