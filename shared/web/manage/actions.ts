import { InvalidInputError } from '../../domain/errors.ts';
import { unmuteAuthor, unmutePaper } from '../../domain/subscribers/muting.ts';
import { findPauseRange, pause, resume, statusAt } from '../../domain/subscribers/pause.ts';
import { resubscribe } from '../../domain/subscribers/sign-up.ts';
import { endWith, hasEnded, type Subscriber } from '../../domain/subscribers/subscriber.ts';
import { mailLessOften } from '../../domain/subscribers/subscription.ts';
import type { Day, Instant } from '../../domain/time/time.ts';
import { daySchema } from '../../domain/time/time-schemas.ts';
import { toLongDay } from '../../presentation/wording.ts';
import { type FormValues, firstOf } from '../parts/fields.tsx';

/** What a button outside the open form does, and what the page says about it. */
export interface ManageAction {
  readonly done: string | ((subscriber: Subscriber, now: Instant) => string);
  /** The notice if there was nothing to change, because the page was old or the button was pressed twice. */
  readonly unchanged: string;
  /** The notice instead for somebody who gets no mails. @default `unchanged` */
  readonly unchangedAfterEnd?: string;
  /** @throws InvalidInputError */
  readonly change: (
    subscriber: Subscriber,
    context: { readonly now: Instant; readonly from: string; readonly values: FormValues },
  ) => Subscriber | undefined;
}

/** The label of the button that starts digests again. It is the text that the reader agrees to. */
export const RESUBSCRIBE_TEXT = 'Subscribe again';

/** The words of the button for fewer mails, and the notices about it. */
export const LESS_OFTEN = {
  words: 'Get emails less often',
  hint: 'Instant becomes daily, daily weekly, and weekly monthly.',
  done: toLessOftenText,
  unchanged: 'Nothing changed: you get at most one email a month already.',
  unchangedAfterEnd: 'Nothing changed: you get no emails.',
} as const;

/** Says from when emails come less often. */
function toLessOftenText(subscriber: Subscriber, now: Instant): string {
  if (statusAt(subscriber, now) !== 'paused') return 'You now get emails less often.';
  const { pausedUntil } = subscriber;
  const end = pausedUntil ? `your pause ends on ${toLongDay(pausedUntil)}` : 'you resume';
  return `When ${end}, emails come less often.`;
}

/** Returns the versions of the profile that a button may change. Undefined if its form names none. */
export function versionsIn(values: FormValues): readonly number[] | undefined {
  const version = firstOf(values, 'version');
  return version === '' ? undefined : [Number(version)];
}

/** Returns the subscriber with each cadence one step less frequent. Undefined if all are monthly, or if they get no mails. */
export function withFewerMails(subscriber: Subscriber): Subscriber | undefined {
  return hasEnded(subscriber) ? undefined : mailLessOften(subscriber);
}

export const manageActions: ReadonlyMap<string, ManageAction> = new Map<string, ManageAction>([
  [
    'pause',
    {
      done: 'Your emails are paused.',
      unchanged: 'Nothing changed: your emails are already paused.',
      unchangedAfterEnd: 'Nothing changed: you get no emails, so there is nothing to pause.',
      change: (subscriber, { now, values }) =>
        pause(subscriber, readDay(firstOf(values, 'until'), findPauseRange(subscriber, now)), byPage(now)),
    },
  ],
  [
    'resume',
    {
      done: 'You get emails again.',
      unchanged: 'Nothing changed: your emails are not paused.',
      change: (subscriber, { now }) => resume(subscriber, byPage(now)),
    },
  ],
  ['less-often', { ...LESS_OFTEN, change: withFewerMails }],
  [
    'unmute-paper',
    {
      done: 'The paper is no longer muted.',
      unchanged: 'Nothing changed: the paper is not muted.',
      change: (subscriber, { values }) => unmutePaper(subscriber, firstOf(values, 'unmute-paper')),
    },
  ],
  [
    'unmute-author',
    {
      done: 'The author is no longer muted.',
      unchanged: 'Nothing changed: the author is not muted.',
      change: (subscriber, { values }) => unmuteAuthor(subscriber, firstOf(values, 'unmute-author')),
    },
  ],
  [
    'unsubscribe',
    {
      done: 'You are unsubscribed. To undo this, choose “Subscribe again” below.',
      unchanged: 'Nothing changed: you already get no emails.',
      change: (subscriber, { now }) => endWith(subscriber, 'unsubscribed', byPage(now)),
    },
  ],
  [
    'resubscribe',
    {
      done: 'Welcome back. You get emails again.',
      unchanged: 'Nothing changed: you are already subscribed.',
      change: (subscriber, { now, from }) =>
        resubscribe(subscriber, { at: now, from, text: RESUBSCRIBE_TEXT }, 'page'),
    },
  ],
]);

function byPage(at: Instant) {
  return { at, by: 'page' } as const;
}

/** Returns the notice that the parameters of the page ask for: `?done=pause`, `?unchanged=pause`. */
export function findNotice(
  { done = '', unchanged = '' }: Readonly<Record<string, string>>,
  subscriber: Subscriber,
  now: Instant,
): string | undefined {
  const notice = FORM_NOTICES.get(done) ?? manageActions.get(done)?.done;
  if (notice !== undefined) return typeof notice === 'string' ? notice : notice(subscriber, now);
  const action = manageActions.get(unchanged);
  return action && toUnchangedNotice(action, subscriber);
}

/** Returns the sentence to show after an action that changed nothing. */
export function toUnchangedNotice(
  { unchanged, unchangedAfterEnd = unchanged }: Pick<ManageAction, 'unchanged' | 'unchangedAfterEnd'>,
  subscriber: Subscriber,
): string {
  return hasEnded(subscriber) ? unchangedAfterEnd : unchanged;
}

const FORM_NOTICES: ReadonlyMap<string, string> = new Map([
  ['saved', 'Saved.'],
  ['added', 'Subscription added.'],
  ['removed', 'Subscription removed.'],
  ['data-link', 'An email with a data link is on its way to your address.'],
]);

function readDay(text: string, { first, last }: { first: Day; last: Day }): Day | undefined {
  if (text === '') return undefined;
  const day = daySchema.safeParse(text);
  if (day.success && text >= first && text <= last) return day.data;
  throw new InvalidInputError(`Choose a day from ${toLongDay(first)} to ${toLongDay(last)}.`);
}
