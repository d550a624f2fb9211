import { InvalidInputError } from '../../domain/errors.ts';
import { statusAt } from '../../domain/pause.ts';
import { CONFIRM_WITHIN_MS, DATA_LINK_MINUTES } from '../../domain/sign-up.ts';
import type { SignUp, Subscriber } from '../../domain/subscriber.ts';
import { type Instant, localDayOf, MS_PER_HOUR } from '../../domain/time.ts';
import type { SubscriberLinks } from '../../ports/subscribers.ts';
import type { AccountMailKind } from '../../subscribers/answer-request.ts';
import type { Publication } from '../publication.ts';
import { toReaderText } from '../reader-text.ts';
import { toLongDay } from '../wording.ts';
import { toRequestLines } from './request-lines.ts';

/** All that an account mail says: what HTML and plain text are both set from. */
export interface AccountContent extends AccountWords {
  /** What the publication is called. */
  readonly name: string;
  /** `Wednesday 7 January 2026`, where the reader lives. */
  readonly day: string;
  readonly postalAddress?: string | undefined;
}

/**
 * The words of an account mail, and what stands around them.
 *
 * @throws InvalidInputError for a mail that asks to confirm where no sign-up waits for it
 */
export function toAccountContent(
  mail: AccountMail,
  publication: Publication,
  links: SubscriberLinks,
): AccountContent {
  const { kind, subscriber, composedAt } = mail;
  const { timeZone } = (kind === 'confirm' && subscriber.signUp) || subscriber;
  const name = toReaderText(publication.name, 60);
  return {
    ...toAccountWords(mail, name, links),
    name,
    day: toLongDay(localDayOf(composedAt, timeZone)),
    postalAddress: publication.postalAddress && toReaderText(publication.postalAddress, 200),
  };
}

/** A mail that answers what somebody asked for on the web. */
export interface AccountMail {
  readonly kind: AccountMailKind;
  readonly subscriber: Subscriber;
  readonly composedAt: Instant;
}

/** What a mail of one kind says. Every text is one line, and markup in it is not escaped yet. */
export interface AccountWords {
  readonly subject: string;
  readonly heading: string;
  /** What happened, and what the link does. */
  readonly sentences: readonly string[];
  /** What was asked for, one line each; empty where nothing waits to be confirmed. */
  readonly request: readonly string[];
  readonly link: { readonly label: string; readonly url: string };
  /** What to do for somebody who did not ask. */
  readonly note: string;
}

/**
 * Puts an account mail into words. A stranger may have asked for it, so nothing of what was typed is shown but what
 * `toRequestLines` lets through.
 *
 * @param name what the publication is called
 * @throws InvalidInputError for a mail that asks to confirm where no sign-up waits for it
 */
export function toAccountWords(
  { kind, subscriber, composedAt }: AccountMail,
  name: string,
  links: SubscriberLinks,
): AccountWords {
  switch (kind) {
    case 'confirm': {
      const signUp = signUpOf(subscriber);
      return {
        subject: `Confirm your subscription to ${name}`,
        heading: 'Confirm your subscription',
        sentences: [
          `This address was signed up for ${name}. If that was you, please confirm within ${CONFIRM_WITHIN_MS / MS_PER_HOUR} hours.`,
          'What was asked for (you can change it before you confirm):',
        ],
        request: toRequestLines(signUp, subscriber.weekday),
        link: { label: 'Confirm the subscription', url: links.confirm(subscriber.id, signUp.at).href },
        note: 'If you did not ask for this, do nothing: unless you confirm, no digest is ever sent.',
      };
    }
    case 'already-subscribed':
      return {
        subject: `You are already subscribed to ${name}`,
        heading: 'You are already subscribed',
        sentences: [
          `Somebody signed up this address for ${name}. It is subscribed already, so nothing was changed.`,
          ...toStateSentences(subscriber, composedAt),
          `The link below leads to your subscriptions. ${KEEP_TO_YOURSELF}`,
        ],
        ...toManage(subscriber, links),
      };
    case 'manage-link':
      return {
        subject: `Your subscriptions to ${name}`,
        heading: 'Your subscriptions',
        sentences: [
          `Somebody asked for the link to your subscriptions to ${name}. With it you choose what comes and when, and pause or stop it.`,
          ...toStateSentences(subscriber, composedAt),
          KEEP_TO_YOURSELF,
        ],
        ...toManage(subscriber, links),
      };
    case 'data-link':
      return {
        subject: `Your data at ${name}`,
        heading: 'Your data',
        sentences: [
          `Somebody with a link to your subscriptions asked for this mail. The link below works for ${DATA_LINK_MINUTES} minutes. With it you export or erase all your data, or make old links invalid.`,
          'Whoever has this link can do the same, so keep this mail to yourself.',
        ],
        request: [],
        link: { label: 'Export or erase your data', url: links.data(subscriber.id).href },
        note: 'If you did not ask for this, somebody has a mail of yours, such as a digest that you forwarded. With the link you can make its links invalid.',
      };
    default:
      return kind satisfies never;
  }
}

const KEEP_TO_YOURSELF =
  'Whoever has this link can change your subscriptions, so keep this mail to yourself.';

function toManage(
  { id }: Subscriber,
  links: SubscriberLinks,
): Pick<AccountWords, 'request' | 'link' | 'note'> {
  return {
    request: [],
    link: { label: 'Manage your subscriptions', url: links.manage(id).href },
    note: 'If you did not ask for this, do nothing: everything stays as it is.',
  };
}

function signUpOf({ id, signUp }: Subscriber): SignUp {
  if (!signUp) throw new InvalidInputError(`subscriber "${id}" has no sign-up to confirm`);
  return signUp;
}

/** Why no digest comes at the moment, to somebody to whom none does. */
function toStateSentences(subscriber: Subscriber, now: Instant): readonly string[] {
  const { pausedUntil } = subscriber;
  switch (statusAt(subscriber, now)) {
    case 'paused':
      return pausedUntil
        ? [`Your digests are paused. They come again from ${toLongDay(pausedUntil)}.`]
        : ['Your digests are paused until you resume them.'];
    case 'unsubscribed':
      return ['You are unsubscribed at the moment. With the link you can subscribe again.'];
    default:
      return [];
  }
}
