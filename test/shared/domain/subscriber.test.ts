import { describe, expect, test } from '@jest/globals';
import { addressSchema, normaliseAddress } from '../../../shared/domain/address.ts';
import { findSkipReason } from '../../../shared/domain/delivery.ts';
import { subscriberSchema } from '../../../shared/domain/subscriber.ts';
import { createSubscriber, createSubscription } from '../../factories/subscribers.ts';

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
      '25 lists in all',
      {
        subscriptions: [0, 1].map((n) =>
          createSubscription({
            id: `s${n}`,
            lists: Array.from(
              { length: 13 },
              (_, list) => `arxiv/cs.${'ABCDEFGHIJKLM'[list]}${n ? 'X' : 'Y'}`,
            ),
          }),
        ),
      },
    ],
    ['no list', { subscriptions: [createSubscription({ lists: [] })] }],
    ['a query that does not parse', { subscriptions: [createSubscription({ query: '"open' })] }],
    ['an address with a line break', { address: 'a@example.org\r\nBcc: b@example.org' }],
  ])('with %s is refused', (_, overrides) => {
    expect(subscriberSchema.safeParse(createSubscriber(overrides)).success).toBe(false);
  });

  test.each(['IST', '+02:00', 'SystemV/PST8PDT', 'Mars/Olympus', 'asia/calcutta'])(
    'stays readable with the zone %s, and tells its local day',
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
])('"%s" is no address', (address) => {
  expect(addressSchema.safeParse(address).success).toBe(false);
});

test('one address in two spellings is one address', () => {
  expect(normaliseAddress(' Ada@Example.ORG ')).toBe('ada@example.org');
});

describe('who gets no digest, and why', () => {
  test.each(['unconfirmed', 'paused', 'unsubscribed', 'bounced', 'complained'] as const)('%s', (status) => {
    expect(findSkipReason(createSubscriber({ status }), 'daily', NOW)).toBe(status);
  });

  test('a profile that is gone, and one that dropped the cadence', () => {
    expect(findSkipReason(undefined, 'daily', NOW)).toBe('erased');
    expect(findSkipReason(createSubscriber(), 'weekly', NOW)).toBe('no-subscription');
  });

  test('nobody else', () => {
    expect(findSkipReason(createSubscriber(), 'daily', NOW)).toBeUndefined();
  });
});
