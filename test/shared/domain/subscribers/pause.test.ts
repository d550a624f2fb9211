import { describe, expect, test } from '@jest/globals';
import { InvalidInputError } from '../../../../shared/domain/errors.ts';
import { mayBeDue, pause, resume, statusAt } from '../../../../shared/domain/subscribers/pause.ts';
import { subscriberStatuses } from '../../../../shared/domain/subscribers/subscriber.ts';
import { localDayOf } from '../../../../shared/domain/time/time.ts';
import { createSubscriber } from '../../../factories/subscribers.ts';

const NOW = '2026-01-05T08:00:00.000Z';
const CAUSE = { at: NOW, by: 'page' } as const;

describe('a pause', () => {
  const paused = createSubscriber({ status: 'paused', pausedUntil: '2026-02-01', timeZone: 'Asia/Tokyo' });

  test("ends when its day begins in the subscriber's time zone", () => {
    expect(statusAt(paused, '2026-01-31T14:59:59.999Z')).toBe('paused');
    expect(statusAt(paused, '2026-01-31T15:00:00.000Z')).toBe('confirmed');
  });

  test('without an end does not end by itself', () => {
    expect(statusAt(createSubscriber({ status: 'paused' }), '2099-01-01T00:00:00.000Z')).toBe('paused');
  });

  test.each(subscriberStatuses.filter((status) => status !== 'paused'))(
    'does not apply to a subscriber who is %s',
    (status) => {
      expect(statusAt(createSubscriber({ status, pausedUntil: '2026-01-01' }), NOW)).toBe(status);
    },
  );

  test('with an end stays in the cohorts, and without one does not', () => {
    const due = subscriberStatuses.filter((status) => mayBeDue({ status }));

    expect(due).toEqual(['confirmed']);
    expect(mayBeDue(paused)).toBe(true);
  });

  test.each([
    ['2026-01-06', true],
    ['2027-01-06', true],
    ['2026-01-05', false],
    ['2027-01-07', false],
  ])('until %s is possible: %s', (until, isPossible) => {
    const subscriber = createSubscriber({ timeZone: 'UTC' });
    const ask = () => pause(subscriber, until, CAUSE);

    if (isPossible) expect(ask()).toMatchObject({ status: 'paused', pausedUntil: until });
    else expect(ask).toThrow(InvalidInputError);
  });

  test('can get another end, and changes nothing if it is repeated', () => {
    expect(pause(paused, '2026-03-01', CAUSE)).toMatchObject({ status: 'paused', pausedUntil: '2026-03-01' });
    expect(pause(paused, undefined, CAUSE)).toMatchObject({ status: 'paused', pausedUntil: undefined });
    expect(pause(paused, '2026-02-01', CAUSE)).toBeUndefined();
  });

  test('starts only for confirmed subscribers, and ends only for paused ones', () => {
    const pausable = subscriberStatuses.filter((status) =>
      pause(createSubscriber({ status }), undefined, CAUSE),
    );
    const resumable = subscriberStatuses.filter((status) => resume(createSubscriber({ status }), CAUSE));

    expect([pausable, resumable]).toEqual([['confirmed'], ['paused']]);
    expect(resume(paused, CAUSE)).toEqual({
      ...paused,
      status: 'confirmed',
      pausedUntil: undefined,
      statusChanges: [{ status: 'confirmed', ...CAUSE }],
    });
  });
});

test.each([
  ['2026-01-05T23:30:00.000Z', 'Europe/Berlin', '2026-01-06'],
  ['2026-01-05T23:30:00.000Z', 'America/Los_Angeles', '2026-01-05'],
  ['2026-01-05T12:15:00.000Z', 'Asia/Kathmandu', '2026-01-05'],
  ['2026-01-05T10:00:00.000Z', 'Pacific/Kiritimati', '2026-01-06'],
])('%s is in %s on %s', (now, zone, day) => {
  expect(localDayOf(now, zone)).toBe(day);
});
