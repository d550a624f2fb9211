import { describe, expect, test } from '@jest/globals';
import {
  applyFeedback,
  type FeedbackKind,
  MAX_SOFT_BOUNCES,
  type MailFeedback,
  SOFT_BOUNCE_DAYS,
  SOFT_BOUNCE_LAPSE_DAYS,
  toOutcome,
} from '../../../../shared/domain/digests/feedback.ts';
import {
  type Subscriber,
  subscriberSchema,
  subscriberStatuses,
} from '../../../../shared/domain/subscribers/subscriber.ts';
import { compareText } from '../../../../shared/domain/text/compare-text.ts';
import { addMs, type Instant, MS_PER_DAY, MS_PER_HOUR } from '../../../../shared/domain/time/time.ts';
import { createFeedback } from '../../../factories/ses-events.ts';
import { createSubscriber } from '../../../factories/subscribers.ts';
import { fc } from '../../../fast-check.ts';

const START = '2026-01-05T08:00:00.000Z';
const onDay = (days: number): Instant => addMs(START, days * MS_PER_DAY);
const feedbackOf = (kind: FeedbackKind, at = START): MailFeedback => createFeedback({ kind, at });

/** Returns the subscriber after all feedback, in the given order. */
const feedAll = (all: readonly MailFeedback[], subscriber: Subscriber = createSubscriber()): Subscriber =>
  all.reduce((current, feedback) => applyFeedback(current, feedback) ?? current, subscriber);
const softBounces = (...days: readonly number[]) => days.map((day) => feedbackOf('soft-bounced', onDay(day)));

describe('a bounce and a complaint', () => {
  test.each(['unconfirmed', 'confirmed', 'paused', 'unsubscribed'] as const)(
    'end the mails of a subscriber who is %s, and say why',
    (status) => {
      const subscriber = createSubscriber({ status });

      expect(applyFeedback(subscriber, feedbackOf('bounced'))).toEqual({
        ...subscriber,
        status: 'bounced',
        statusChanges: [{ status: 'bounced', at: START, by: 'bounce' }],
      });
      expect(applyFeedback(subscriber, feedbackOf('complained'))).toEqual({
        ...subscriber,
        status: 'complained',
        statusChanges: [{ status: 'complained', at: START, by: 'complaint' }],
      });
    },
  );

  test('of the same subscriber count as a complaint, in any order', () => {
    expect(feedAll([feedbackOf('bounced'), feedbackOf('complained')]).status).toBe('complained');
    expect(feedAll([feedbackOf('complained'), feedbackOf('bounced')]).status).toBe('complained');
  });

  test('from before the current consent are ignored', () => {
    const consent = { ...createSubscriber().consent, at: START };
    const subscriber = createSubscriber({ consent });

    expect(applyFeedback(subscriber, feedbackOf('bounced', onDay(-1)))).toBeUndefined();
    expect(applyFeedback(subscriber, feedbackOf('complained', onDay(-1)))).toBeUndefined();
    expect(applyFeedback(subscriber, feedbackOf('bounced', START))?.status).toBe('bounced');
  });
});

test.each(['sent', 'delivered', 'rejected', 'auto-replied', 'not-spam', 'reported'] as const)(
  'a mail that was %s changes no profile, whatever its status',
  (kind) => {
    for (const status of subscriberStatuses) {
      expect(applyFeedback(createSubscriber({ status }), feedbackOf(kind))).toBeUndefined();
    }
  },
);

describe('soft bounces', () => {
  test('are counted from the first one of a row', () => {
    const subscriber = feedAll(softBounces(0, 1, 2));

    expect(subscriber).toMatchObject({
      status: 'confirmed',
      softBounces: 3,
      firstSoftBounceAt: onDay(0),
      lastSoftBounceAt: onDay(2),
    });
    expect(subscriberSchema.parse(subscriber)).toEqual(subscriber);
  });

  test.each([
    ['too few', [0, 3, 6, 9]],
    ['too close together', [0, 1, 2, 3, 4, 5, 6, 6.5, 6.9]],
  ])('do not suspend the subscriber if they are %s', (_, days) => {
    expect(feedAll(softBounces(...days)).status).toBe('confirmed');
  });

  test.each([
    ['daily', [0, 1, 2, 3, 4, 5, 6, 7]],
    ['weekly', [0, 7, 14, 21, 28]],
    ['all but one on the first day', [0, 0.1, 0.2, 0.3, 7]],
  ])('suspend the subscriber with the last one of a long row (%s)', (_, days) => {
    expect(feedAll(softBounces(...days.slice(0, -1))).status).toBe('confirmed');
    expect(feedAll(softBounces(...days)).status).toBe('bounced');
  });

  test('no longer count when a mail arrives', () => {
    const bounced = feedAll(softBounces(0, 1, 2, 3));

    const delivered = feedAll([feedbackOf('delivered', onDay(4))], bounced);

    expect(delivered).toMatchObject({ softBounces: 0 });
    expect(delivered.firstSoftBounceAt).toBeUndefined();
    expect(feedAll(softBounces(5, 6, 7, 12), delivered)).toMatchObject({
      status: 'confirmed',
      softBounces: 4,
    });
  });

  test('far apart do not form a row, even without a reported delivery', () => {
    const lapsed = SOFT_BOUNCE_LAPSE_DAYS + 0.1;

    expect(feedAll(softBounces(0, 1, 2, 8, 8 + lapsed))).toMatchObject({
      status: 'confirmed',
      softBounces: 1,
      firstSoftBounceAt: onDay(8 + lapsed),
    });
    expect(feedAll(softBounces(0, 180, 360, 540, 720)).status).toBe('confirmed');
  });

  test('of monthly digests form a row', () => {
    expect(feedAll(softBounces(0, 31, 59, 90, 120)).status).toBe('bounced');
  });

  test('after a delivery that is reported late still count, and earlier ones do not', () => {
    const bounced = feedAll(softBounces(1, 3));

    expect(applyFeedback(bounced, feedbackOf('delivered', onDay(0)))).toBeUndefined();
    expect(applyFeedback(bounced, feedbackOf('delivered', onDay(2)))).toMatchObject({
      softBounces: 1,
      firstSoftBounceAt: onDay(3),
    });
  });

  test('count once if they are reported again, even after a delivery', () => {
    const [first, second] = softBounces(0, 1);
    const delivered = feedbackOf('delivered', onDay(2));
    if (!first || !second) throw new Error('there are two');

    expect(feedAll([first, second, first, second]).softBounces).toBe(2);
    expect(feedAll([first, second, delivered, second, first]).softBounces).toBe(0);
  });

  test('from before the current consent do not count', () => {
    const bounced = feedAll(softBounces(0, 1, 2, 3));
    const renewed = { ...bounced, consent: { ...bounced.consent, at: onDay(9) } };

    expect(feedAll(softBounces(10), renewed)).toMatchObject({
      status: 'confirmed',
      softBounces: 1,
      firstSoftBounceAt: onDay(10),
    });
  });

  test('change nothing for a subscriber who gets no mail', () => {
    for (const status of ['unsubscribed', 'bounced', 'complained'] as const) {
      expect(applyFeedback(createSubscriber({ status }), feedbackOf('soft-bounced'))).toBeUndefined();
    }
  });

  test('without a time, in the profile of an earlier version, start a new row', () => {
    const old = createSubscriber({ softBounces: 4 });

    expect(applyFeedback(old, feedbackOf('soft-bounced'))).toMatchObject({
      softBounces: 1,
      firstSoftBounceAt: START,
    });
    expect(applyFeedback(old, feedbackOf('delivered'))).toMatchObject({ softBounces: 0 });
  });
});

describe('any feedback', () => {
  const kinds = fc.constantFrom<FeedbackKind>(
    ...(['sent', 'delivered', 'bounced', 'soft-bounced', 'auto-replied', 'complained', 'not-spam'] as const),
  );
  const history = fc.array(
    fc
      .record({ kind: kinds, hours: fc.integer({ min: 1, max: 400 }) })
      .map(({ kind, hours }) => feedbackOf(kind, addMs(START, hours * MS_PER_HOUR))),
    { maxLength: 30 },
  );
  const inOrder = history.map((all) => all.toSorted((a, b) => compareText(a.at, b.at)));

  test('changes nothing when it is repeated later', () => {
    fc.assert(
      fc.property(inOrder, fc.array(fc.tuple(fc.nat(29), fc.nat(29)), { maxLength: 20 }), (all, repeats) => {
        const withRepeats = all.flatMap((feedback, position) => [
          feedback,
          ...repeats
            .filter(([, at]) => at === position)
            .flatMap(([pick]) => all.slice(0, position + 1)[pick] ?? []),
        ]);

        expect(feedAll(withRepeats)).toEqual(feedAll(all));
      }),
    );
  });

  test('in any order, the worst one counts, and soft bounces suspend only by the rule', () => {
    fc.assert(
      fc.property(history, (all) => {
        const { status } = feedAll(all);
        const has = (kind: FeedbackKind) => all.some((feedback) => feedback.kind === kind);
        const soft = all.filter(({ kind }) => kind === 'soft-bounced').map(({ at }) => at);
        const days =
          (Math.max(...soft.map((at) => Date.parse(at))) - Math.min(...soft.map((at) => Date.parse(at)))) /
          MS_PER_DAY;

        if (has('complained')) expect(status).toBe('complained');
        else if (has('bounced')) expect(status).toBe('bounced');
        else if (soft.length < MAX_SOFT_BOUNCES || days < SOFT_BOUNCE_DAYS) expect(status).toBe('confirmed');
      }),
    );
  });
});

test('the history says why a mailbox bounced: the answer of its server, or the number of bounces', () => {
  const hard = applyFeedback(
    createSubscriber(),
    createFeedback({ kind: 'bounced', reason: 'General 5.1.1' }),
  );
  const soft = feedAll(softBounces(0, 7, 14, 21, 28));

  expect([hard, soft].map((subscriber) => subscriber?.statusChanges.at(-1)?.note)).toEqual([
    'General 5.1.1',
    '5 soft bounces in a row',
  ]);
});

test('all feedback except a rejection proves that the mail was sent', () => {
  expect(toOutcome(feedbackOf('complained'))).toEqual({ state: 'sent', messageId: 'message-1' });
  expect(toOutcome(createFeedback({ kind: 'rejected', reason: 'Bad content' }))).toEqual({
    state: 'failed',
    reason: 'rejected: Bad content',
    messageId: 'message-1',
  });
});
