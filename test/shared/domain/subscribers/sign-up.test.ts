import { describe, expect, test } from '@jest/globals';
import {
  answerSignUp,
  CONFIRM_WITHIN_MS,
  confirmSignUp,
  mayUndoUnsubscribe,
  REPEAT_WITHIN_MS,
  restore,
  resubscribe,
  UNDO_MINUTES,
  withSignUp,
} from '../../../../shared/domain/subscribers/sign-up.ts';
import {
  changeOrigins,
  endWith,
  type SignUp,
  type StatusChange,
  type Subscriber,
  type SubscriberStatus,
  subscriberSchema,
  subscriberStatuses,
} from '../../../../shared/domain/subscribers/subscriber.ts';
import { addMs, MS_PER_HOUR, MS_PER_MINUTE } from '../../../../shared/domain/time/time.ts';
import { createSubscriber, createSubscription } from '../../../factories/subscribers.ts';

const NOW = '2026-01-05T08:00:00.000Z';
const signUp: SignUp = {
  at: '2026-01-04T08:00:00.000Z',
  from: '192.0.2.7',
  text: 'Send me digests.',
  timeZone: 'Asia/Tokyo',
  hour: 6,
  subscriptions: [createSubscription({ query: 'agents', cadence: 'weekly' })],
};
const confirmation = { at: NOW, from: '192.0.2.9', mailed: { signUpAt: signUp.at } };

describe('a sign-up', () => {
  const answers = {
    unconfirmed: 'confirm',
    unsubscribed: 'confirm',
    confirmed: 'manage',
    paused: 'manage',
    bounced: 'none',
    complained: 'none',
  } as const satisfies Record<SubscriberStatus, string>;

  test.each(subscriberStatuses)('of a subscriber who is %s gets the answer for that status', (status) => {
    expect(answerSignUp({ status })).toBe(answers[status]);
  });

  test('of an unknown address asks to confirm', () => {
    expect(answerSignUp(undefined)).toBe('confirm');
  });

  test('by a mailed link also asks a bounced mailbox, but not one that complained', () => {
    const answered = subscriberStatuses.map((status) => [status, answerSignUp({ status }, true)]);

    expect(Object.fromEntries(answered)).toEqual({ ...answers, bounced: 'confirm' });
    expect(confirmSignUp(createSubscriber({ status: 'bounced', signUp }), confirmation)).toMatchObject({
      status: 'confirmed',
    });
    expect(confirmSignUp(createSubscriber({ status: 'complained', signUp }), confirmation)).toBe('nothing');
  });

  test('does not change the profile before it is confirmed', () => {
    const known = createSubscriber({ status: 'unsubscribed' });

    const { signUp: kept, ...rest } = withSignUp(known, signUp) ?? known;

    expect([kept, rest]).toEqual([signUp, known]);
  });

  test('saves the choices, and the time and origin of the consent', () => {
    const confirmed = confirmSignUp(
      createSubscriber({ status: 'unconfirmed', signUp, softBounces: 4, firstSoftBounceAt: NOW }),
      confirmation,
    );

    expect(confirmed).toEqual(
      createSubscriber({
        ...{ status: 'confirmed', timeZone: 'Asia/Tokyo', hour: 6, subscriptions: signUp.subscriptions },
        consent: {
          ...{ at: NOW, from: '192.0.2.9', text: 'Send me digests.' },
          ...{ requestedAt: signUp.at, requestedFrom: signUp.from },
        },
        statusChanges: [{ status: 'confirmed', at: NOW, by: 'confirmation' }],
      }),
    );
    expect(subscriberSchema.safeParse(confirmed).success).toBe(true);
  });

  test('saves each choice that the reader makes when confirming', () => {
    const choices = {
      ...{ timeZone: 'UTC', hour: 9, weekday: 5, format: 'text' },
      subscriptions: [createSubscription({ query: 'mine' })],
    } as const;

    for (const [name, choice] of Object.entries(choices))
      expect(
        confirmSignUp(createSubscriber({ status: 'unconfirmed', signUp }), {
          ...confirmation,
          choices: { [name]: choice },
        }),
      ).toMatchObject({ status: 'confirmed', [name]: choice });
  });

  test('is confirmed once, and a second use of the link after leaving changes nothing', () => {
    const confirmed = confirmSignUp(createSubscriber({ status: 'unconfirmed', signUp }), confirmation);
    if (typeof confirmed === 'string') throw new Error(confirmed);
    const left = endWith(confirmed, 'unsubscribed', { at: NOW, by: 'link' });

    expect(confirmSignUp(confirmed, confirmation)).toBe('nothing');
    expect(left && confirmSignUp(left, confirmation)).toBe('nothing');
  });

  test('from after the mail is confirmed only with choices of the reader', () => {
    const newer = { ...signUp, at: '2026-01-05T07:00:00.000Z' };
    const waiting = createSubscriber({ status: 'unconfirmed', signUp: newer });
    const choices = { timeZone: 'UTC', hour: 9, subscriptions: [createSubscription({ query: 'mine' })] };

    expect(confirmSignUp(waiting, confirmation)).toBe('newer');
    for (const name of ['timeZone', 'hour', 'subscriptions'] as const) {
      const { [name]: _, ...others } = choices;
      expect(confirmSignUp(waiting, { ...confirmation, choices: others })).toBe('newer');
    }
    expect(confirmSignUp(waiting, { ...confirmation, choices })).toMatchObject({
      ...{ status: 'confirmed', ...choices },
      consent: { requestedAt: newer.at },
    });
  });

  test.each([
    ['the very one', { signUpAt: signUp.at }, 'as mailed'],
    ['another, made 1 ms earlier', { signUpAt: addMs(signUp.at, -1) }, 'newer'],
    ['another, made 1 ms later', { signUpAt: addMs(signUp.at, 1) }, 'newer'],
    ['one of the second in which an earlier version made the mail', { mailedAt: signUp.at }, 'as mailed'],
    ['one of the second after it', { mailedAt: addMs(signUp.at, -1_000) }, 'newer'],
  ])('is compared with the one in the mail: %s', (_, mailed, expected) => {
    const confirmed = confirmSignUp(createSubscriber({ status: 'unconfirmed', signUp }), {
      ...confirmation,
      mailed,
    });

    expect(confirmed === 'newer' ? 'newer' : 'as mailed').toBe(expected);
  });

  test('is replaced only by a newer one, in any order', () => {
    const [old, mid, last] = [1, 2, 3].map((n) => ({ ...signUp, at: addMs(NOW, n), hour: n }));
    const orders = [
      [old, mid, last],
      [last, old, mid],
      [mid, last, old],
    ];

    for (const order of orders) {
      const waiting = order.reduce(
        (one, next) => (next && withSignUp(one, next)) ?? one,
        createSubscriber({ status: 'unconfirmed' }),
      );
      expect(waiting.signUp).toEqual(last);
    }
  });

  test.each([
    ['within 28 days changes nothing', { at: addMs(signUp.at, REPEAT_WITHIN_MS - 1) }, false],
    ['after 28 days replaces it', { at: addMs(signUp.at, REPEAT_WITHIN_MS) }, true],
    ['with another hour replaces it', { at: NOW, hour: 7 }, true],
    ['with another text replaces it', { at: NOW, text: 'Send me all.' }, true],
    ['with another query replaces it', { at: NOW, subscriptions: [createSubscription()] }, true],
    ['from another address replaces it', { at: NOW, replaces: 'old' }, true],
  ])('that repeats the waiting one %s', (_, fields, isReplaced) => {
    const waiting = createSubscriber({ status: 'unconfirmed', signUp });

    const repeated = withSignUp(waiting, { ...signUp, ...fields });

    expect(repeated?.signUp).toEqual(isReplaced ? { ...signUp, ...fields } : undefined);
  });

  test.each([
    ['the same move, at once,', 'old', 1, true],
    ['another move, at once,', 'older', 1, true],
    ['no move, within two days,', undefined, CONFIRM_WITHIN_MS - 1, false],
    ['no move, after two days,', undefined, CONFIRM_WITHIN_MS, true],
  ])('that asks for %s replaces a waiting move or not', (_, replaces, ms, isReplaced) => {
    const waiting = createSubscriber({ status: 'unconfirmed', signUp: { ...signUp, replaces: 'old' } });

    const again = withSignUp(waiting, { ...signUp, replaces, hour: 9, at: addMs(signUp.at, ms) });

    expect(again !== undefined).toBe(isReplaced);
  });

  test('is confirmed by the mail of a repeat, although a later repeat got no mail', () => {
    const sendAgain = (known: Subscriber, hours: number) =>
      withSignUp(known, { ...signUp, at: addMs(signUp.at, hours * MS_PER_HOUR) }) ?? known;
    const mailedAgain = sendAgain(createSubscriber({ status: 'unconfirmed', signUp }), 47);
    const mailed = { signUpAt: mailedAgain.signUp?.at ?? NOW };

    const confirmed = confirmSignUp(sendAgain(mailedAgain, 49), { ...confirmation, mailed });

    expect(confirmed).toMatchObject({
      status: 'confirmed',
      consent: { requestedAt: signUp.at, requestedFrom: signUp.from },
    });
  });

  test('is the same whatever the order of its fields', () => {
    const waiting = createSubscriber({ status: 'unconfirmed', signUp });
    const [{ lists, ...subscription } = createSubscription()] = signUp.subscriptions;
    const reordered = { ...signUp, at: NOW, subscriptions: [{ ...subscription, lists }] };

    expect(withSignUp(waiting, reordered)).toBeUndefined();
  });

  test.each(['bounced', 'complained', 'unsubscribed'] as const)('ends with a subscriber who %s', (ending) => {
    const ended = endWith(createSubscriber({ status: 'unconfirmed', signUp }), ending, {
      ...{ at: NOW, by: 'link' },
    });

    expect(ended?.status).toBe(ending);
    expect(ended?.signUp).toBeUndefined();
    expect(ended?.statusChanges).toEqual([{ status: ending, at: NOW, by: 'link' }]);
  });
});

describe('coming back', () => {
  const consent = { at: NOW, from: 'here', text: 'Again.' };
  const endedWith = (status: SubscriberStatus) => createSubscriber({ status, softBounces: 5, signUp });

  test('by a link or the API is possible only after unsubscribing', () => {
    const cameBack = subscriberStatuses.flatMap(
      (status) => resubscribe(endedWith(status), consent, 'page') ?? [],
    );

    expect(cameBack).toEqual([
      createSubscriber({ consent, statusChanges: [{ status: 'confirmed', at: NOW, by: 'page' }] }),
    ]);
  });

  test('by the operator is possible from every ended status', () => {
    const restored = subscriberStatuses.filter((status) => restore(endedWith(status), consent));

    expect(restored).toEqual(['unsubscribed', 'bounced', 'complained']);
    expect(restore(endedWith('complained'), consent, 'a mail of today')).toEqual(
      createSubscriber({
        ...{ consent, signUp: undefined },
        statusChanges: [{ status: 'confirmed', at: NOW, by: 'operator', note: 'a mail of today' }],
      }),
    );
  });
});

describe('unsubscribing by a link', () => {
  const leftBy = (by: StatusChange['by'], status: SubscriberStatus = 'unsubscribed') =>
    createSubscriber({ status, statusChanges: [{ status, at: NOW, by }] });

  test('can be undone with the link for some minutes', () => {
    const deadline = addMs(NOW, UNDO_MINUTES * MS_PER_MINUTE);
    const left = leftBy('link');

    expect([mayUndoUnsubscribe(left, NOW), mayUndoUnsubscribe(left, addMs(deadline, -1))]).toEqual([
      true,
      true,
    ]);
    expect(mayUndoUnsubscribe(left, deadline)).toBe(false);
  });

  test('is the only status that the link undoes', () => {
    expect(changeOrigins.filter((by) => mayUndoUnsubscribe(leftBy(by), NOW))).toEqual(['link']);
    expect(mayUndoUnsubscribe(createSubscriber({ status: 'unsubscribed' }), NOW)).toBe(false);
    expect(subscriberStatuses.filter((status) => mayUndoUnsubscribe(leftBy('link', status), NOW))).toEqual([
      'unsubscribed',
    ]);
  });
});
