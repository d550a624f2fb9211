import * as z from 'zod';
import { InvalidInputError } from '../../domain/errors.ts';
import { pause, resume } from '../../domain/pause.ts';
import { resubscribe } from '../../domain/sign-up.ts';
import { endWith, hasEnded, type Subscriber } from '../../domain/subscriber.ts';
import type { Instant } from '../../domain/time.ts';
import { mailLessOften } from '../../domain/wishes.ts';
import { type FormValues, firstOf } from '../parts/fields.tsx';

/** What a button outside the open form does, and what is said of it then. */
export interface ManageAction {
  readonly done: string;
  /** Said where there was nothing to change: the page was old, or the button was pressed again. */
  readonly unchanged: string;
  /** @throws InvalidInputError */
  readonly change: (
    subscriber: Subscriber,
    context: { readonly now: Instant; readonly from: string; readonly values: FormValues },
  ) => Subscriber | undefined;
}

/** The words of the button by which somebody comes back, which are the text that was agreed to. */
export const RESUBSCRIBE_TEXT = 'Subscribe again, as before';

/** The button for fewer mails, and what is said of it. */
export const LESS_OFTEN = {
  words: 'Get fewer mails (daily becomes weekly, weekly becomes monthly)',
  done: 'Mails come one step less often from now on.',
  unchanged: 'Nothing was changed: mails come once a month already, or not at all.',
} as const;

/** The subscriber with every cadence one step rarer; undefined for one who is mailed once a month already, or not at all. */
export function withFewerMails(subscriber: Subscriber): Subscriber | undefined {
  return hasEnded(subscriber) ? undefined : mailLessOften(subscriber);
}

export const manageActions: ReadonlyMap<string, ManageAction> = new Map<string, ManageAction>([
  [
    'pause',
    {
      done: 'Paused.',
      unchanged: 'Nothing was changed: no mails come that could be paused.',
      change: (subscriber, { now, values }) =>
        pause(subscriber, readDay(firstOf(values, 'until')), byPage(now)),
    },
  ],
  [
    'resume',
    {
      done: 'Mails come again.',
      unchanged: 'Nothing was changed: no pause was to be ended.',
      change: (subscriber, { now }) => resume(subscriber, byPage(now)),
    },
  ],
  ['less-often', { ...LESS_OFTEN, change: withFewerMails }],
  [
    'unsubscribe',
    {
      done: 'You are unsubscribed. Nothing more is sent.',
      unchanged: 'Nothing was changed: no mails come anyway.',
      change: (subscriber, { now }) => endWith(subscriber, 'unsubscribed', byPage(now)),
    },
  ],
  [
    'resubscribe',
    {
      done: 'Welcome back. Mails come again.',
      unchanged: 'Nothing was changed: you had not unsubscribed.',
      change: (subscriber, { now, from }) =>
        resubscribe(subscriber, { at: now, from, text: RESUBSCRIBE_TEXT }, 'page'),
    },
  ],
]);

function byPage(at: Instant) {
  return { at, by: 'page' } as const;
}

/** What is said once the page is shown again, by how that is asked for: `?done=pause`, `?unchanged=pause`. */
export function findNotice({
  done = '',
  unchanged = '',
}: Readonly<Record<string, string>>): string | undefined {
  return FORM_NOTICES.get(done) ?? manageActions.get(done)?.done ?? manageActions.get(unchanged)?.unchanged;
}

const FORM_NOTICES: ReadonlyMap<string, string> = new Map([
  ['saved', 'Saved.'],
  ['added', 'Added.'],
  ['removed', 'Removed.'],
  ['data-link', 'A mail with a fresh link is on its way to your address.'],
]);

function readDay(text: string): string | undefined {
  if (text === '') return undefined;
  const day = z.iso.date().safeParse(text);
  if (!day.success) throw new InvalidInputError(`a pause until "${text}": expected a day like 2026-02-01`);
  return day.data;
}
