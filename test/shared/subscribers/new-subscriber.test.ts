import { expect, test } from '@jest/globals';
import { subscriberSchema } from '../../../shared/domain/subscribers/subscriber.ts';
import { createNewSubscriber } from '../../../shared/subscribers/new-subscriber.ts';
import { toSubscriberId } from '../../../shared/subscribers/subscriber-id.ts';
import { createSubscriber } from '../../factories/subscribers.ts';

const KEY = 'k'.repeat(43);
const { address, status, timeZone, hour, consent } = createSubscriber();
const cause = { at: '2026-01-05T08:00:00.000Z', by: 'sign-up' } as const;
const known = { address, status, timeZone, hour, consent, cause };
const subscription = {
  lists: ['hf-daily'],
  query: '',
  cadence: 'daily',
  maxPapers: 10,
  sort: 'trending',
} as const;

test('a new subscriber fits the schema, was never saved, and has the id of its address', () => {
  const made = createNewSubscriber(
    { ...known, subscriptions: [{ ...subscription, lists: ['hf-daily'] }] },
    KEY,
  );

  expect(subscriberSchema.parse(made)).toEqual(made);
  expect(made).toMatchObject({ id: toSubscriberId(address, KEY), version: 0, weekday: 1, format: 'html' });
  expect(made.statusChanges).toEqual([{ status, ...cause }]);
});

test('a new subscriber has the given fields, and an id for each subscription', () => {
  const subscriptions = ['daily', 'weekly'].map((query) => ({ ...subscription, lists: ['hf-daily'], query }));
  const made = createNewSubscriber({ ...known, weekday: 5, format: 'text', subscriptions }, KEY);

  expect(made).toMatchObject({ weekday: 5, format: 'text' });
  expect(made.subscriptions.map(({ id, query }) => [id, query])).toEqual([
    ['s1', 'daily'],
    ['s2', 'weekly'],
  ]);
});
