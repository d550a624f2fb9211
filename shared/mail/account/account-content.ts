import { InvalidInputError } from '../../domain/errors.ts';
import { hasMoved } from '../../domain/subscribers/move.ts';
import { statusAt } from '../../domain/subscribers/pause.ts';
import { CONFIRM_WITHIN_HOURS, DATA_LINK_MINUTES } from '../../domain/subscribers/sign-up.ts';
import { lastChangeOf, type SignUp, type Subscriber } from '../../domain/subscribers/subscriber.ts';
import { type Instant, localDayOf } from '../../domain/time/time.ts';
import type { AccountMailKind } from '../../ports/mail.ts';
import type { SubscriberLinks } from '../../ports/subscribers.ts';
import type { Publication } from '../../presentation/publication.ts';
import { toReaderText } from '../../presentation/reader-text.ts';
import { toPauseSentence } from '../../presentation/subscription-wording.ts';
import { toLongDay } from '../../presentation/wording.ts';
import { toMomentText } from '../../subscribers/status-text.ts';
import { MOVE_SENTENCE, toRequestLines } from './request-lines.ts';

/** The words of an account mail, which the HTML and the text part share. */
export interface AccountContent extends AccountWords {
  /** The publication's name. */
  readonly name: string;
  /** `Wednesday 7 January 2026`, in the reader's time zone. */
  readonly day: string;
  readonly postalAddress?: string | undefined;
}

/**
 * Returns the words of an account mail, with its masthead and postal address.
 *
 * @throws InvalidInputError if a subscriber has no sign-up for a `confirm` mail, or did not move for a `moved` mail.
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

/** A mail about a subscription: the answer to a request from the web pages, or the news of a move. */
export interface AccountMail {
  readonly kind: AccountMailKind;
  readonly subscriber: Subscriber;
  readonly composedAt: Instant;
}

/** The words of one kind of mail. Every text is one line. Markup is not escaped yet. */
export interface AccountWords {
  readonly subject: string;
  readonly heading: string;
  /** Say what happened and what the link does. */
  readonly sentences: readonly string[];
  /** The requested subscriptions, one line each. Empty unless the mail asks for confirmation. */
  readonly request: readonly string[];
  readonly link: { readonly label: string; readonly url: string };
  /** Says what to do if the reader did not ask for this mail. */
  readonly note: string;
}

/**
 * Returns the words of an account mail. A stranger may have typed the request, so the mail repeats only what
 * `toRequestLines` lets through.
 *
 * @param name the publication's name
 * @throws InvalidInputError if a subscriber has no sign-up for a `confirm` mail, or did not move for a `moved` mail.
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
          `We received a request to subscribe this address to ${name}. To confirm, follow the link below within ${CONFIRM_WITHIN_HOURS} hours.`,
          ...(signUp.replaces === undefined ? [] : [MOVE_SENTENCE]),
          'The request asks for the following, which you can change before you confirm:',
        ],
        request: toRequestLines(signUp, subscriber.weekday),
        link: { label: 'Confirm your subscription', url: links.confirm(subscriber.id, signUp.at) },
        note: 'If you did not ask for this, ignore this email. We send no digests unless you confirm.',
      };
    }
    case 'already-subscribed':
      return {
        subject: `You are already subscribed to ${name}`,
        heading: 'You are already subscribed',
        sentences: [
          `We received a request to subscribe this address to ${name}. You are already subscribed, so nothing has changed.`,
          ...toStateSentences(subscriber, composedAt),
          `Use the link below to see or change your subscriptions. ${KEEP_PRIVATE}`,
        ],
        ...toManage(subscriber, links),
      };
    case 'manage-link': {
      const use =
        subscriber.status === 'unsubscribed' ? '' : ' Use it to change, pause or stop your digests.';
      return {
        subject: `Your subscriptions to ${name}`,
        heading: 'Your subscriptions',
        sentences: [
          `We received a request for the link to your subscriptions to ${name}.${use}`,
          ...toStateSentences(subscriber, composedAt),
          KEEP_PRIVATE,
        ],
        ...toManage(subscriber, links),
      };
    }
    case 'data-link':
      return {
        subject: `Your data at ${name}`,
        heading: 'Your data',
        sentences: [
          `Somebody asked for this data link with a link from one of your emails. It works for ${DATA_LINK_MINUTES} minutes. Use it to export or erase all your data, or to make old links invalid.`,
          'Anyone with this link can do the same, so keep this email private.',
        ],
        request: [],
        link: { label: 'Export or erase your data', url: links.data(subscriber.id) },
        note: 'If you did not ask for this, someone else may have one of your emails, such as a digest that you forwarded. Use the link to make the links in your old emails invalid.',
      };
    case 'moved':
      return {
        subject: `Your subscriptions to ${name} moved to another address`,
        heading: 'Your subscriptions moved to another address',
        sentences: [
          `Your subscriptions to ${name} moved to another address on ${toMomentText(movedAtOf(subscriber))}. This address gets no more digests.`,
          'If you asked for this, you need not do anything. Otherwise, use the link below to subscribe this address again.',
          KEEP_PRIVATE,
        ],
        ...toManage(subscriber, links),
        note: 'If you did not ask for this, someone else may have one of your emails, such as a digest that you forwarded. On the page behind the link, ask for a data link. With it you can make the links in your old emails invalid.',
      };
    default:
      return kind satisfies never;
  }
}

const KEEP_PRIVATE = 'Anyone with this link can change your subscriptions, so keep this email private.';

function toManage(
  { id }: Subscriber,
  links: SubscriberLinks,
): Pick<AccountWords, 'request' | 'link' | 'note'> {
  return {
    request: [],
    link: { label: 'Manage your subscriptions', url: links.manage(id) },
    note: 'If you did not ask for this, ignore this email. Nothing has changed.',
  };
}

function movedAtOf(subscriber: Subscriber): Instant {
  const { at } = (hasMoved(subscriber) && lastChangeOf(subscriber)) || {};
  if (at === undefined) throw new InvalidInputError(`subscriber "${subscriber.id}" did not move`);
  return at;
}

function signUpOf({ id, signUp }: Subscriber): SignUp {
  if (!signUp) throw new InvalidInputError(`subscriber "${id}" has no sign-up to confirm`);
  return signUp;
}

/** Says why a paused or unsubscribed reader gets no digests. Empty for everyone else. */
function toStateSentences(subscriber: Subscriber, now: Instant): readonly string[] {
  switch (statusAt(subscriber, now)) {
    case 'paused':
      return [toPauseSentence(subscriber)];
    case 'unsubscribed':
      return ['You are unsubscribed. Use the link to subscribe again.'];
    default:
      return [];
  }
}
