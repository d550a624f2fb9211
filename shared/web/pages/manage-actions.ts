import * as z from 'zod';
import { InvalidInputError } from '../../domain/errors.ts';
import { pause, resume } from '../../domain/pause.ts';
import { resubscribe } from '../../domain/sign-up.ts';
import { endWith, type Subscriber } from '../../domain/subscriber.ts';
import type { Instant } from '../../domain/time.ts';
import { mailLessOften } from '../../domain/wishes.ts';
import { type FormValues, firstOf } from './fields.tsx';

/** What a button outside the open form does, and what is said of it then. */
export interface ManageAction {
  readonly done: string;
  /** @throws InvalidInputError */
  readonly change: (
    subscriber: Subscriber,
    context: { readonly now: Instant; readonly from: string; readonly values: FormValues },
  ) => Subscriber | undefined;
}

export const manageActions: ReadonlyMap<string, ManageAction> = new Map<string, ManageAction>([
  [
    'pause',
    {
      done: 'Paused.',
      change: (subscriber, { now, values }) => pause(subscriber, readDay(firstOf(values, 'until')), now),
    },
  ],
  ['resume', { done: 'Mails come again.', change: resume }],
  ['less-often', { done: 'Mails come one step less often from now on.', change: mailLessOften }],
  [
    'unsubscribe',
    {
      done: 'You are unsubscribed. Nothing more is sent.',
      change: (subscriber) => endWith(subscriber, 'unsubscribed'),
    },
  ],
  [
    'resubscribe',
    {
      done: 'Welcome back. Mails come again.',
      change: (subscriber, { now, from }) =>
        resubscribe(subscriber, { at: now, from, text: 'Subscribe again, as before.' }),
    },
  ],
]);

/** What is said once the page is shown again. */
export const NOTICES: ReadonlyMap<string, string> = new Map([
  ...[...manageActions].map(([name, { done }]) => [name, done] as const),
  ['saved', 'Saved.'],
  ['added', 'Added.'],
  ['removed', 'Removed.'],
]);

function readDay(text: string): string | undefined {
  if (text === '') return undefined;
  const day = z.iso.date().safeParse(text);
  if (!day.success) throw new InvalidInputError(`a pause until "${text}": expected a day like 2026-02-01`);
  return day.data;
}
