import { beforeEach, expect, test } from '@jest/globals';
import { createManualClock } from '../../../local/manual-clock.ts';
import { ConflictError } from '../../../shared/domain/errors.ts';
import type { SubscriberRepository } from '../../../shared/ports/subscribers.ts';
import { changeSubscriber } from '../../../shared/subscribers/change-subscriber.ts';
import { createSubscriber } from '../../factories/subscribers.ts';
import { createFakeRepositories } from '../../fakes/repositories.ts';

let subscribers: SubscriberRepository;

beforeEach(async () => {
  ({ subscribers } = createFakeRepositories(createManualClock('2026-01-05T08:00:00.000Z')));
  await subscribers.save(createSubscriber({ id: 'a', hour: 8 }));
});

/** Somebody else who moves the weekday on before each of the first saves. */
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

test('returns the profile as it was saved', async () => {
  const changed = await changeSubscriber(subscribers, 'a', (one) => ({ ...one, hour: one.hour + 1 }));

  expect(changed).toMatchObject({ hour: 9, version: 2 });
  expect(await subscribers.load('a')).toEqual(changed);
});

test('writes nothing when nothing changes, and returns the profile as it is', async () => {
  const unsaved = { ...subscribers, save: () => Promise.reject(new Error('saved')) };

  expect(await changeSubscriber(unsaved, 'a', () => undefined)).toMatchObject({ id: 'a', version: 1 });
  expect(await changeSubscriber(unsaved, 'nobody', (one) => one)).toBeUndefined();
});

test('changes what somebody else has made of the profile meanwhile', async () => {
  await changeSubscriber(withRival(3), 'a', (one) => ({ ...one, hour: one.hour + 1 }));

  expect(await subscribers.load('a')).toMatchObject({ hour: 9, weekday: 4 });
});

test('gives up when others keep saving', async () => {
  const changing = changeSubscriber(withRival(4), 'a', (one) => ({ ...one, hour: one.hour + 1 }));

  await expect(changing).rejects.toThrow(ConflictError);
  expect(await subscribers.load('a')).toMatchObject({ hour: 8 });
});
