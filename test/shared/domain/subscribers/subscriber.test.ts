import { describe, expect, test } from '@jest/globals';
import { findSkipReason } from '../../../../shared/domain/digests/delivery.ts';
import { applyFeedback } from '../../../../shared/domain/digests/feedback.ts';
import { addressSchema, normaliseAddress } from '../../../../shared/domain/subscribers/address.ts';
import { pause, resume } from '../../../../shared/domain/subscribers/pause.ts';
import {
  confirmSignUp,
  restore,
  resubscribe,
  withSignUp,
} from '../../../../shared/domain/subscribers/sign-up.ts';
import {
  storedSubscriberSchema,
  toStoredSubscriber,
} from '../../../../shared/domain/subscribers/stored-subscriber.ts';
import {
  endWith,
  lastChangeOf,
  MAX_STATUS_CHANGES,
  type SignUp,
  type Subscriber,
  subscriberSchema,
  subscriberStatuses,
  withStatus,
} from '../../../../shared/domain/subscribers/subscriber.ts';
import { addDays, addMs, type Instant, MS_PER_DAY, utcDayOf } from '../../../../shared/domain/time/time.ts';
import { createFeedback } from '../../../factories/ses-events.ts';
import { createSubscriber, createSubscription } from '../../../factories/subscribers.ts';
import { fc } from '../../../fast-check.ts';

const NOW = '2026-01-05T08:00:00.000Z';

describe('a profile', () => {
  test('is checked when it is read', () => {
    expect(subscriberSchema.safeParse(createSubscriber()).success).toBe(true);
  });

  test.each([
    ['no zone', { timeZone: '' }],
    ['hour 24', { hour: 24 }],
    ['weekday 0', { weekday: 0 }],
    ['no subscription', { subscriptions: [] }],
    [
      '21 subscriptions',
      { subscriptions: Array.from({ length: 21 }, (_, n) => createSubscription({ id: `s${n}` })) },
    ],
    ['two subscriptions with one id', { subscriptions: [createSubscription(), createSubscription()] }],
    [
      '101 lists in all',
      {
        subscriptions: [0, 1].map((n) =>
          createSubscription({
            id: `s${n}`,
            lists: Array.from(
              { length: 50 + n },
              (_, list) =>
                `arxiv/${n ? 'x' : 'y'}.${'ABCDEFGHIJ'[list % 10]}${'ABCDEF'[Math.floor(list / 10)]}`,
            ),
          }),
        ),
      },
    ],
    ['no list', { subscriptions: [createSubscription({ lists: [] })] }],
    ['an address with a line break', { address: 'a@example.org\r\nBcc: b@example.org' }],
  ])('is invalid with %s', (_, overrides) => {
    expect(subscriberSchema.safeParse(createSubscriber(overrides)).success).toBe(false);
  });

  test('of an earlier version has its papers sorted by trend', () => {
    const { sort, ...earlier } = createSubscription();

    expect(
      storedSubscriberSchema.parse({ ...createSubscriber(), subscriptions: [earlier] }).subscriptions,
    ).toEqual([{ ...earlier, sort: 'trending' }]);
  });

  test.each(['IST', '+02:00', 'SystemV/PST8PDT', 'Mars/Olympus', 'asia/calcutta'])(
    'stays readable with the zone %s, and gives its local day',
    (timeZone) => {
      const signUp = { at: NOW, from: '192.0.2.1', text: 'Yes.', timeZone, hour: 8 };
      const subscriptions = [createSubscription()];
      const stored = createSubscriber({ timeZone, signUp: { ...signUp, subscriptions } });

      expect(subscriberSchema.parse(stored)).toEqual(stored);
      expect(findSkipReason({ ...stored, status: 'paused', pausedUntil: '2026-01-01' }, 'daily', NOW)).toBe(
        undefined,
      );
    },
  );

  test.each(['agents or robotics', 'C++', 'not “here', 'and gates', 'a|b', '!x'])(
    'stays readable with the query %s, which was accepted once',
    (query) => {
      const stored = createSubscriber({ subscriptions: [createSubscription({ query })] });

      expect(subscriberSchema.parse(stored)).toEqual(stored);
    },
  );
});

describe('the history of a status', () => {
  const ways: Readonly<Record<string, (one: Subscriber, at: Instant) => Subscriber | undefined | string>> = {
    'a pause': (one, at) => pause(one, undefined, { at, by: 'page' }),
    'a pause with an end': (one, at) => pause(one, addDays(utcDayOf(at), 9), { at, by: 'page' }),
    'the end of a pause': (one, at) => resume(one, { at, by: 'api' }),
    unsubscribing: (one, at) => endWith(one, 'unsubscribed', { at, by: 'link' }),
    'a bounce': (one, at) => applyFeedback(one, createFeedback({ kind: 'bounced', at })),
    'a soft bounce': (one, at) => applyFeedback(one, createFeedback({ kind: 'soft-bounced', at })),
    'a complaint': (one, at) => applyFeedback(one, createFeedback({ kind: 'complained', at })),
    'coming back': (one, at) => resubscribe(one, { at, from: 'x', text: 'y' }, 'page'),
    restoring: (one, at) => restore(one, { at, from: 'operator', text: 'y' }),
    'a sign-up': (one, at) => withSignUp(one, { ...choices, at, from: 'x', text: 'y' }),
    confirming: (one, at) =>
      confirmSignUp(one, { at, from: 'x', mailed: { signUpAt: one.signUp?.at ?? '' } }),
  };
  const { timeZone, hour, subscriptions } = createSubscriber();
  const choices = { timeZone, hour, subscriptions };

  test('has every change of the status, with its cause and time, and no pause is left after coming back', () => {
    const steps = fc.array(fc.constantFrom(...Object.keys(ways)), { minLength: 1, maxLength: 60 });
    fc.assert(
      fc.property(fc.constantFrom(...subscriberStatuses), steps, (status, names) => {
        let subscriber = createSubscriber({ status });
        for (const [n, name] of names.entries()) {
          const at = addMs(NOW, n * MS_PER_DAY);
          const changed = ways[name]?.(subscriber, at);
          if (changed === undefined || typeof changed === 'string') continue;
          if (changed.status !== subscriber.status)
            expect(changed.statusChanges.at(-1)).toMatchObject({ status: changed.status, at });
          if (changed.status === 'confirmed') expect(changed.pausedUntil).toBeUndefined();
          subscriber = changed;
        }
        expect(subscriber.statusChanges.length).toBeLessThanOrEqual(MAX_STATUS_CHANGES);
        expect(subscriberSchema.safeParse(subscriber).success).toBe(true);
      }),
    );
  });

  test('keeps the last changes', () => {
    const days = Array.from({ length: 30 }, (_, n) => addMs(NOW, n * MS_PER_DAY));
    const paused = days.reduce(
      (one, at) => withStatus(one, 'paused', { at, by: 'page' }),
      createSubscriber(),
    );

    expect(paused.statusChanges.map(({ at }) => at)).toEqual(days.slice(-MAX_STATUS_CHANGES));
  });

  test('of an earlier version has how the digests ended, if it was stored', () => {
    const { statusChanges: _, ...earlier } = createSubscriber({ status: 'unsubscribed' });
    const read = (fields: object) => storedSubscriberSchema.parse({ ...earlier, ...fields }).statusChanges;

    expect(read({ endedAt: NOW, endedBy: 'link' })).toEqual([
      { status: 'unsubscribed', at: NOW, by: 'link' },
    ]);
    expect([read({}), read({ endedAt: NOW }), read({ endedAt: 7, endedBy: 'link' })]).toEqual([[], [], []]);
  });

  test('loses only unreadable entries', () => {
    const good = { status: 'confirmed', at: NOW, by: 'confirmation' } as const;
    const stored = (statusChanges: unknown) =>
      storedSubscriberSchema.parse({ ...createSubscriber(), statusChanges });

    expect(stored([good, 7, { ...good, by: 'a later version' }, null]).statusChanges).toEqual([good]);
    expect(stored('none')).toEqual(createSubscriber());
  });

  test('does not explain a status that an earlier version set', () => {
    const statusChanges = [{ status: 'confirmed', at: NOW, by: 'confirmation' } as const];

    expect(lastChangeOf(createSubscriber({ statusChanges }))).toEqual(statusChanges[0]);
    expect(lastChangeOf(createSubscriber({ status: 'bounced', statusChanges }))).toBeUndefined();
  });
});

describe('a stored query', () => {
  const read = (stored: object) => storedSubscriberSchema.parse(stored);
  const withQuery = (query: string) => createSubscriber({ subscriptions: [createSubscription({ query })] });

  test('of an earlier release turns into the present language, with its old meaning', () => {
    const earlier = withQuery('"diffus*" or C++');

    expect(read({ ...earlier, signUp: { ...toSignUp(earlier) } })).toMatchObject({
      subscriptions: [{ query: 'diffus "or" c' }],
      signUp: { subscriptions: [{ query: 'diffus "or" c' }] },
    });
  });

  test('of this release is read as it was saved', () => {
    const saved = { ...withQuery('"diffus*" C++'), signUp: toSignUp(withQuery('A* -C++')) };

    expect(read(toStoredSubscriber(saved))).toEqual(saved);
    expect(read(JSON.parse(JSON.stringify(toStoredSubscriber(saved))))).toEqual(saved);
  });

  function toSignUp({ timeZone, hour, subscriptions }: Subscriber): SignUp {
    return { at: NOW, from: 'x', text: 'x', timeZone, hour, subscriptions };
  }
});

test.each(['ada@example.org', "o'neil+papers@sub.example.co.uk"])('%s is an address', (address) => {
  expect(addressSchema.safeParse(address).success).toBe(true);
});

test.each([
  'ada',
  'ada@',
  '@example.org',
  'a b@example.org',
  'ädä@example.org',
  `${'a'.repeat(250)}@example.org`,
])('"%s" is not an address', (address) => {
  expect(addressSchema.safeParse(address).success).toBe(false);
});

test('two spellings of an address are one subscriber', () => {
  expect(normaliseAddress(' Ada@Example.ORG ')).toBe('ada@example.org');
});

describe('the reason for no digest', () => {
  test.each(['unconfirmed', 'paused', 'unsubscribed', 'bounced', 'complained'] as const)('%s', (status) => {
    expect(findSkipReason(createSubscriber({ status }), 'daily', NOW)).toBe(status);
  });

  test('exists for an erased profile, and for one without the cadence', () => {
    expect(findSkipReason(undefined, 'daily', NOW)).toBe('erased');
    expect(findSkipReason(createSubscriber(), 'weekly', NOW)).toBe('no-subscription');
  });

  test('does not exist for anyone else', () => {
    expect(findSkipReason(createSubscriber(), 'daily', NOW)).toBeUndefined();
  });
});
