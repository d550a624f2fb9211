import { expect, test } from '@jest/globals';
import { nextDigestAt } from '../../../../shared/domain/digests/next-digest.ts';
import { createSubscriber, createSubscription } from '../../../factories/subscribers.ts';

/** A Monday, nine in Berlin. */
const NOW = '2026-01-05T08:00:00.000Z';

const of = (...cadences: readonly ('instant' | 'daily' | 'weekly' | 'monthly')[]) =>
  createSubscriber({
    weekday: 3,
    subscriptions: cadences.map((cadence, n) => createSubscription({ id: `s${n + 1}`, cadence })),
  });

test.each([
  [of('daily'), '2026-01-06T07:00:00.000Z'],
  [{ ...of('daily'), hour: 10 }, '2026-01-05T09:00:00.000Z'],
  [{ ...of('daily'), hour: 9 }, '2026-01-06T08:00:00.000Z'],
  [of('weekly'), '2026-01-07T07:00:00.000Z'],
  [{ ...of('weekly'), weekday: 1 }, '2026-01-12T07:00:00.000Z'],
  [of('monthly'), '2026-02-01T07:00:00.000Z'],
  [of('monthly', 'weekly'), '2026-01-07T07:00:00.000Z'],
  [of('daily', 'instant'), 'when-new'],
  [{ ...of('daily'), timeZone: 'Pacific/Kiritimati', hour: 0 }, '2026-01-05T10:00:00.000Z'],
])('the next digest is the earliest of all cadences after the given time (%#)', (subscriber, at) => {
  expect(nextDigestAt(subscriber, NOW)).toBe(at);
});

test('an hour that a clock change skips is delivered at the end of the gap', () => {
  const subscriber = { ...of('daily'), hour: 2 };

  expect(nextDigestAt(subscriber, '2026-03-28T12:00:00.000Z')).toBe('2026-03-29T01:00:00.000Z');
});

test('an invalid stored zone has no next digest', () => {
  for (const timeZone of ['IST', 'Mars/Olympus', 'SystemV/PST8PDT'])
    expect(nextDigestAt({ ...of('daily'), timeZone }, NOW)).toBeUndefined();
});
