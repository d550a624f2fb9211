import { expect, test } from '@jest/globals';
import { endings, subscriberStatuses } from '../../../../shared/domain/subscribers/subscriber.ts';
import { type Suppression, suppressionOf } from '../../../../shared/domain/subscribers/suppression.ts';
import { createSubscriber } from '../../../factories/subscribers.ts';

const T0 = '2026-01-01T08:00:00.000Z';
const T1 = '2026-01-02T08:00:00.000Z';
const T2 = '2026-01-03T08:00:00.000Z';
const EARLIER: Suppression = { status: 'bounced', at: T1, by: 'bounce' };

/** A profile of an earlier version, which does not say when its subscriber left. */
const leaver = (consentAt: string, status: Suppression['status'] = 'bounced') =>
  createSubscriber({ status, consent: { at: consentAt, from: 'page', text: 'Yes.' }, statusChanges: [] });

test('only a subscriber who left has a suppression', () => {
  const suppressed = subscriberStatuses.filter((status) =>
    suppressionOf({ status, statusChanges: [] }, undefined, T2),
  );

  expect(suppressed).toEqual(endings);
});

test('a suppression says when and how the subscriber left last', () => {
  const left = createSubscriber({
    status: 'unsubscribed',
    statusChanges: [
      { status: 'confirmed', at: T0, by: 'confirmation' },
      { status: 'unsubscribed', at: T1, by: 'link', note: 'too many' },
    ],
  });

  expect(suppressionOf(left, EARLIER, T2)).toEqual({ status: 'unsubscribed', at: T1, by: 'link' });
});

test.each([
  ['no earlier suppression', leaver(T0), undefined, { status: 'bounced', at: T2 }],
  ['one of the same kind', leaver(T0), EARLIER, EARLIER],
  ['one of the time of the consent', leaver(T1), EARLIER, EARLIER],
  ['one from before the consent', leaver(T2), EARLIER, { status: 'bounced', at: T2 }],
  ['one of another kind', leaver(T0, 'complained'), EARLIER, { status: 'complained', at: T2 }],
  ['one, and a profile that cannot be read', { status: 'bounced', statusChanges: [] }, EARLIER, EARLIER],
] as const)('a profile that does not say when its subscriber left, with %s', (_, left, earlier, expected) => {
  expect(suppressionOf({ ...left, statusChanges: [] }, earlier, T2)).toEqual(expected);
});
