import { describe, expect, test } from '@jest/globals';
import { cadences } from '../../../../shared/domain/subscribers/cadence.ts';
import { subscriberSchema } from '../../../../shared/domain/subscribers/subscriber.ts';
import {
  addSubscription,
  changeSubscription,
  mailLessOften,
  removeSubscription,
} from '../../../../shared/domain/subscribers/subscription.ts';
import { createSubscriber, createSubscription } from '../../../factories/subscribers.ts';
import { fc } from '../../../fast-check.ts';

const { id: _, ...subscription } = createSubscription({ query: 'agents' });

describe('subscriptions', () => {
  test('have unique ids, and number one to twenty after any changes', () => {
    const steps = fc.array(
      fc.oneof(
        fc.constant('add'),
        fc.nat(21).map((n) => `s${n}`),
      ),
      { maxLength: 60 },
    );
    fc.assert(
      fc.property(steps, (taken) => {
        const end = taken.reduce(
          (subscriber, step) =>
            (step === 'add'
              ? addSubscription(subscriber, subscription)
              : removeSubscription(subscriber, step)) ?? subscriber,
          createSubscriber(),
        );
        expect(subscriberSchema.safeParse(end).success).toBe(true);
      }),
    );
  });

  test('are added at the end, and change only in the given fields', () => {
    const added = addSubscription(createSubscriber(), subscription);
    const changed = added && changeSubscription(added, 's2', { cadence: 'weekly' });

    expect(changed?.subscriptions).toEqual([
      createSubscription(),
      { ...subscription, id: 's2', cadence: 'weekly' },
    ]);
  });

  test('are neither changed nor removed if they do not exist', () => {
    expect(changeSubscription(createSubscriber(), 's2', subscription)).toBeUndefined();
    expect(removeSubscription(createSubscriber(), 's2')).toBeUndefined();
  });
});

test('fewer mails means one step at a time, until all are monthly', () => {
  const steps = [createSubscriber({ subscriptions: [createSubscription({ cadence: 'instant' })] })];
  for (let last = steps[0]; last; last = mailLessOften(last)) if (last !== steps[0]) steps.push(last);

  expect(steps.map(({ subscriptions }) => subscriptions[0]?.cadence)).toEqual([...cadences]);
});
