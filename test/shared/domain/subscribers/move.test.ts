import { describe, expect, test } from '@jest/globals';
import { endMoved, hasMoved } from '../../../../shared/domain/subscribers/move.ts';
import { restore } from '../../../../shared/domain/subscribers/sign-up.ts';
import {
  endWith,
  type Subscriber,
  type SubscriberStatus,
} from '../../../../shared/domain/subscribers/subscriber.ts';
import { createSubscriber } from '../../../factories/subscribers.ts';

const NOW = '2026-01-05T08:00:00.000Z';
const consent = {
  at: NOW,
  from: '192.0.2.7',
  text: 'Send me digests.',
  requestedAt: '2026-01-04T08:00:00.000Z',
};
const mover = createSubscriber({ id: 'new', consent: { ...consent, replaces: 'old' } });

const move = (old: Partial<Subscriber>) => endMoved(createSubscriber({ id: 'old', ...old }), mover, NOW);

const ENDS = {
  ...{ unconfirmed: false, confirmed: true, paused: true },
  ...{ unsubscribed: false, bounced: false, complained: false },
} as const satisfies Record<SubscriberStatus, boolean>;

test.each(Object.entries(ENDS))('a move ends an earlier address that is %s: %s', (status, isEnded) => {
  expect(move({ status: status as SubscriberStatus }) !== undefined).toBe(isEnded);
});

test.each([
  ['its owner agreed to digests after the request', { consent: { ...consent, at: NOW } }],
  ['its owner made the links invalid after the request', { linksSince: NOW }],
])('a move ends nothing if %s', (_, old) => {
  expect(move(old)).toBeUndefined();
});

describe('an earlier address has moved', () => {
  const moved = move({}) ?? createSubscriber();
  const cause = { at: NOW, by: 'bounce' } as const;

  test.each([
    ['after the move', moved, true],
    ['before it', createSubscriber(), false],
    [
      'after its owner left without a move',
      endWith(createSubscriber(), 'unsubscribed', { at: NOW, by: 'link' }),
      false,
    ],
    ['after its owner came back', restore(moved, consent), false],
    ['after a bounce', endWith(moved, 'bounced', cause), true],
    [
      'after its owner came back and a mail bounced',
      endWith(restore(moved, consent) ?? moved, 'bounced', cause),
      false,
    ],
    ['after a complaint', endWith(moved, 'complained', cause), false],
  ])('%s: %s', (_, subscriber, expected) => {
    expect(subscriber && hasMoved(subscriber)).toBe(expected);
  });
});
