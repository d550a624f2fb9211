import { beforeEach, expect, test } from '@jest/globals';
import { createManualClock } from '../../../local/manual-clock.ts';
import { ConflictError, InvalidInputError } from '../../../shared/domain/errors.ts';
import type { Subscriber } from '../../../shared/domain/subscribers/subscriber.ts';
import type { SubscriberRepository } from '../../../shared/ports/subscribers.ts';
import { changeSubscriber, profileAfter } from '../../../shared/subscribers/change-subscriber.ts';
import { createSubscriber } from '../../factories/subscribers.ts';
import { createFakeRepositories } from '../../fakes/repositories.ts';

let subscribers: SubscriberRepository;

beforeEach(async () => {
  ({ subscribers } = createFakeRepositories(createManualClock('2026-01-05T08:00:00.000Z')));
  await subscribers.save(createSubscriber({ id: 'a', hour: 8 }));
});

/** Returns a repository in which another writer changes the weekday before each of the first saves. */
const withRival = (saves: number): SubscriberRepository => {
  let left = saves;
  return {
    ...subscribers,
    async save(subscriber) {
      const stored = await subscribers.load(subscriber.id);
      if (stored && left-- > 0) await subscribers.save({ ...stored, weekday: stored.weekday + 1 });
      return subscribers.save(subscriber);
    },
  };
};

const later = (one: Subscriber) => ({ ...one, hour: one.hour + 1 });

test('returns the profile as it was saved', async () => {
  const outcome = await changeSubscriber(subscribers, 'a', later);

  expect(outcome).toMatchObject({ kind: 'changed', subscriber: { hour: 9, version: 2 } });
  expect(await subscribers.load('a')).toEqual(profileAfter(outcome));
});

test('saves nothing when nothing changes, when the change is refused, and when there is no profile', async () => {
  const unsaved = { ...subscribers, save: () => Promise.reject(new Error('saved')) };
  const subscriber = { id: 'a', version: 1 };

  expect(await changeSubscriber(unsaved, 'a', () => undefined)).toMatchObject({
    kind: 'unchanged',
    subscriber,
  });
  expect(await changeSubscriber(unsaved, 'a', () => 'too-late')).toMatchObject({
    kind: 'refused',
    reason: 'too-late',
    subscriber,
  });
  expect(await changeSubscriber(unsaved, 'nobody', later)).toEqual({ kind: 'gone' });
});

test('reports each fault of a change that would break a rule', async () => {
  const outcome = await changeSubscriber(subscribers, 'a', (subscriber) => ({ ...subscriber, hour: 24 }));

  expect(outcome).toMatchObject({ kind: 'invalid', faults: [{ path: ['hour'] }] });
  expect(() => profileAfter(outcome)).toThrow(InvalidInputError);
  expect(await subscribers.load('a')).toMatchObject({ hour: 8 });
});

test('applies the change to the newest profile when another writer saves first', async () => {
  const outcome = await changeSubscriber(withRival(3), 'a', later);

  expect(outcome.kind).toBe('changed');
  expect(await subscribers.load('a')).toMatchObject({ hour: 9, weekday: 4 });
});

test('gives up when other writers keep saving', async () => {
  const outcome = await changeSubscriber(withRival(4), 'a', later);

  expect(outcome).toMatchObject({ kind: 'conflict', subscriber: { hour: 8, weekday: 5 } });
  expect(() => profileAfter(outcome)).toThrow(ConflictError);
});

test.each([
  ['an older version', [7], 0],
  ['the right version, but another writer saves first', [1], 1],
])('changes nothing at %s', async (_, versions, rivals) => {
  const outcome = await changeSubscriber(withRival(rivals), 'a', later, versions);

  expect(outcome).toMatchObject({ kind: 'conflict', subscriber: { hour: 8 } });
});
