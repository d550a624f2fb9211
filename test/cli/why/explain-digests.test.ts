import { describe, expect, test } from '@jest/globals';
import type { Known } from '../../../cli/why/explain-absence.ts';
import { explainDigests } from '../../../cli/why/explain-digests.ts';
import { explain } from '../../../cli/why/run-why.ts';
import { createManualClock } from '../../../local/manual-clock.ts';
import type { Delivery } from '../../../shared/domain/digests/delivery.ts';
import {
  endings,
  type StatusChange,
  type Subscriber,
} from '../../../shared/domain/subscribers/subscriber.ts';
import type { KeptDelivery } from '../../../shared/ports/deliveries.ts';
import { UNREADABLE_ID } from '../../../shared/ports/planning.ts';
import { createSubscriber, createSubscription, leaveAndErase } from '../../factories/subscribers.ts';
import { createFakeRepositories } from '../../fakes/repositories.ts';

const NOW = '2026-01-06T12:00:00.000Z';
const DAY = '2026-01-06';
const UNREADABLE = { kind: 'unreadable' } as const;
const COMPLETE = { batches: 1, planned: 40, isComplete: true };

const storyOf = (known: Partial<Known>) =>
  explainDigests({
    subscriber: createSubscriber(),
    deliveries: [],
    day: DAY,
    now: NOW,
    whenUncertain: 'at-most-once',
    planner: { lastTick: NOW, arrivals: {} },
    editionOf: () => undefined,
    ...known,
  }).join('\n');

function record(outcome: Delivery['outcome'], overrides: Partial<Delivery> = {}): KeptDelivery {
  const key = { subscriberId: 'ada', cadence: 'daily', period: DAY } as const;
  const claimedAt = '2026-01-06T07:00:01.000Z';
  const delivery = { ...key, outcome, paperIds: ['2601.00001'], claimedAt, ...overrides };
  return { recordId: `${delivery.cadence}#${delivery.period}`, delivery, origin: undefined };
}

describe('the story of a digest', () => {
  test.each([
    [
      { state: 'sent', messageId: 'm-1' },
      'was claimed at 2026-01-06T07:00:01.000Z and sent with 1 paper, as SES message m-1.',
    ],
    [{ state: 'skipped', reason: 'nothing-new' }, 'was skipped at 2026-01-06T07:00:01.000Z: nothing-new.'],
    [
      { state: 'failed', reason: 'MessageRejected: no' },
      'was claimed at 2026-01-06T07:00:01.000Z and failed: MessageRejected: no.',
    ],
    [
      { state: 'uncertain', reason: 'ECONNRESET' },
      'was claimed at 2026-01-06T07:00:01.000Z. Its send status is unknown (ECONNRESET): it is not sent again.',
    ],
    [
      { state: 'claimed' },
      'was claimed at 2026-01-06T07:00:01.000Z. The worker died before it recorded the outcome, so the send status is unknown: it is not sent again.',
    ],
  ] as const)('describes one that is %j', (outcome, words) => {
    expect(storyOf({ deliveries: [record(outcome)] })).toContain(`The daily digest of 2026-01-06 ${words}`);
  });

  test('says that a worker has a digest that it claimed less than a quarter hour ago', () => {
    const claimed = record({ state: 'claimed' });

    expect(storyOf({ deliveries: [claimed], now: '2026-01-06T07:15:00.999Z' })).toContain(
      'was claimed at 2026-01-06T07:00:01.000Z, and a worker is sending it.',
    );
  });

  test.each([
    [{ state: 'uncertain', reason: 'ECONNRESET' }, 1, 'it may be sent again, if its message comes again.'],
    [{ state: 'claimed' }, 2, 'it may be sent again, if its message comes again.'],
    [{ state: 'uncertain', reason: 'ECONNRESET' }, 3, 'it was tried 3 times, and is not sent again.'],
    [{ state: 'claimed' }, 3, 'it was tried 3 times, and is not sent again.'],
  ] as const)('says under at-least-once what becomes of %j after %d tries', (outcome, tries, words) => {
    const deliveries = [record(outcome, { tries })];

    expect(storyOf({ deliveries, whenUncertain: 'at-least-once' })).toContain(words);
  });

  test('does not promise another try for a reader who left', () => {
    const subscriber = createSubscriber({ status: 'unsubscribed' });
    const deliveries = [record({ state: 'uncertain', reason: 'ECONNRESET' })];

    const story = storyOf({ subscriber, deliveries, whenUncertain: 'at-least-once' });

    expect(story).not.toContain('it is sent again');
    expect(story).toContain('it may be sent again, if its message comes again.');
  });

  test('is described on the day of its edition, even if the subscriber changed their choices since', () => {
    const kept = record({ state: 'sent', messageId: 'm' }, { cadence: 'weekly', period: '2026-W02' });
    const edition = { cadence: 'weekly', period: '2026-W02', cohort: 'weekly#Europe/Berlin#08#2' } as const;
    const deliveries = [{ ...kept, origin: { ...edition, batch: 0 } }];

    const words = 'The weekly digest of 2026-W02 was claimed';
    expect(storyOf({ deliveries })).toContain(words);
    expect(storyOf({ deliveries, day: '2026-01-05' })).not.toContain(words);
  });

  test('is described on the day on which it was sent at once, and on the day on which it was due', () => {
    const subscriber = createSubscriber({
      weekday: 5,
      subscriptions: [createSubscription({ cadence: 'weekly' })],
    });
    const kept = record({ state: 'sent', messageId: 'm' }, { cadence: 'weekly', period: '2026-W02' });
    const cohort = 'weekly#Europe/Berlin#08#5#0123456789abcdef#2026-01-06';
    const deliveries = [
      { ...kept, origin: { cadence: 'weekly', period: '2026-W02', cohort, batch: 0 } as const },
    ];

    const words = 'The weekly digest of 2026-W02 was claimed at 2026-01-06T07:00:01.000Z';
    for (const day of ['2026-01-06', '2026-01-09'])
      expect(storyOf({ subscriber, deliveries, day })).toContain(words);
    expect(storyOf({ subscriber, deliveries, day: '2026-01-05' })).not.toContain(words);
  });

  test('names a record that cannot be read', () => {
    const unreadable = { recordId: 'daily#2026-01-06', delivery: undefined, origin: undefined };

    expect(storyOf({ deliveries: [unreadable] })).toContain('record daily#2026-01-06 cannot be read');
  });

  test('says when the profile cannot be read, and still describes the digests', () => {
    const deliveries = [record({ state: 'sent', messageId: 'm-1' })];

    const story = storyOf({ subscriber: undefined, profileFault: 'hour: expected number', deliveries });

    expect(story).toContain('The profile cannot be read (hour: expected number)');
    expect(story).toContain('as SES message m-1');
    expect(story).not.toContain('Nobody has this address');
  });

  test('are listed with what the reader muted', () => {
    const muted = { mutedPapers: ['2601.00007'], mutedAuthors: ['Ada Example', 'Ben Example'] };

    expect(storyOf({ subscriber: createSubscriber(muted) })).toContain(
      'The reader muted the papers 2601.00007, and every paper by Ada Example and Ben Example.',
    );
    expect(storyOf({ subscriber: createSubscriber() })).not.toContain('muted');
  });

  test('leaves out those of other days', () => {
    const other = record({ state: 'sent', messageId: 'm' }, { period: '2026-01-05' });

    expect(storyOf({ deliveries: [other] })).not.toContain('2026-01-05');
  });
});

describe('why there is no digest', () => {
  test('for an address that nobody has', () => {
    expect(storyOf({ subscriber: undefined })).toMatch(/^Nobody has this address/);
  });

  const changed = (status: Subscriber['status'], at: string, by: StatusChange['by']) => ({
    status,
    statusChanges: [{ status, at, by }],
  });
  const LEFT = changed('unsubscribed', '2026-01-03T08:00:00.000Z', 'link');

  test.each([
    [
      LEFT,
      'The subscriber is unsubscribed: unsubscribed on 3 January 2026 at 08:00 UTC by the link in an email.',
    ],
    [{ status: 'unsubscribed' }, 'The subscriber is unsubscribed; when and how is not kept.'],
    [{ status: 'paused', pausedUntil: '2026-02-01' }, 'The subscriber is paused until 2026-02-01; when'],
    [{ status: 'paused', pausedUntil: '2026-01-02' }, 'is confirmed. A pause ended by itself on 2026-01-02.'],
    [{}, 'The subscriber is confirmed.\nThe consent is of 1 January 2026 at 00:00 UTC.'],
    [{ softBounces: 2 }, '2 mails in a row came back'],
  ] as const)('says the state of the profile: %j', (overrides, words) => {
    expect(storyOf({ subscriber: createSubscriber(overrides as Partial<Subscriber>) })).toContain(words);
  });

  test('does not call a sign-up a consent if nobody confirmed it', () => {
    const subscriber = createSubscriber(changed('unconfirmed', '2026-01-06T06:00:00.000Z', 'sign-up'));

    const story = storyOf({ subscriber });

    expect(story).toContain('has not confirmed: signed up on 6 January 2026 at 06:00 UTC.');
    expect(story).toContain('was not planned for this reader: the reader has not confirmed.');
    expect(story).not.toContain('consent');
  });

  const DUE = '08:00 in Europe/Berlin, 6 January 2026 at 07:00 UTC';

  test.each([
    [
      'has left',
      LEFT,
      'the reader has left: unsubscribed on 3 January 2026 at 08:00 UTC by the link in an email.',
    ],
    ['left, of an earlier version', { status: 'bounced' }, 'the reader has left.'],
    [
      'joined after it',
      {
        ...changed('confirmed', '2026-01-06T11:00:00.000Z', 'confirmation'),
        consent: { at: '2026-01-06T11:00:00.000Z', from: '192.0.2.1', text: 'Yes.' },
      },
      'the reader joined after it, on 6 January 2026 at 11:00 UTC.',
    ],
    [
      'signed up before it and confirmed after it',
      {
        statusChanges: [
          { status: 'unconfirmed', at: '2026-01-06T06:00:00.000Z', by: 'sign-up' },
          { status: 'confirmed', at: '2026-01-06T11:00:00.000Z', by: 'confirmation' },
        ],
      },
      'the reader joined after it: confirmed on 6 January 2026 at 11:00 UTC by the link in the email',
    ],
    [
      'is paused without an end',
      changed('paused', '2026-01-05T08:00:00.000Z', 'page'),
      'the reader was paused: paused on 5',
    ],
    [
      'came back since',
      {
        statusChanges: [
          ...LEFT.statusChanges,
          { status: 'confirmed', at: '2026-01-06T11:00:00.000Z', by: 'page' },
        ],
      },
      'the reader has left: unsubscribed on 3 January',
    ],
  ] as const)('says that nothing was planned for somebody who %s', (_, overrides, words) => {
    const story = storyOf({ subscriber: createSubscriber(overrides as Partial<Subscriber>) });

    expect(story).toContain(
      `The daily digest of 2026-01-06 (${DUE}) was not planned for this reader: ${words}`,
    );
  });

  test('looks at the edition if the subscriber left after it, or if their pause has an end', () => {
    const left = createSubscriber(changed('unsubscribed', '2026-01-06T11:00:00.000Z', 'link'));
    const paused = createSubscriber({
      ...changed('paused', '2026-01-05T11:00:00.000Z', 'page'),
      pausedUntil: '2026-02-01',
    });

    for (const subscriber of [left, paused])
      expect(storyOf({ subscriber, editionOf: () => ({ progress: COMPLETE, batch: 0 }) })).toContain(
        'It is planned in batch 0',
      );
  });

  test('does not call a planner late that runs within the quarter hour', () => {
    const planner = { lastTick: '2026-01-06T06:45:00.000Z', arrivals: {} };

    expect(storyOf({ planner, now: '2026-01-06T07:00:30.000Z' })).toContain('It runs every quarter hour.');
    expect(storyOf({ planner })).toContain('"The planner is failing"');
  });

  test('says nothing about a pause that is older than the history', () => {
    const paused = { status: 'paused', at: '2025-12-01T08:00:00.000Z', by: 'page' } as const;
    const left = { status: 'unsubscribed', at: '2026-01-06T11:00:00.000Z', by: 'link' } as const;
    const subscriber = createSubscriber({ status: 'unsubscribed', statusChanges: [paused, left] });

    expect(storyOf({ subscriber, editionOf: () => ({ progress: COMPLETE }) })).toContain(
      'The reader was not in that cohort then. Earlier choices of hour, zone and cadence are not kept.',
    );
  });

  test('says that a later digest is not planned for somebody who left', () => {
    const now = '2026-01-06T06:46:00.000Z';

    expect(storyOf({ now, subscriber: createSubscriber(LEFT) })).toContain(
      'is not planned for this reader: the reader has left',
    );
  });

  test('says when a digest is due that is still to come', () => {
    const now = '2026-01-06T06:46:00.000Z';

    expect(storyOf({ now })).toContain(`The daily digest of 2026-01-06 is due at ${DUE}.`);
  });

  test.each([
    [undefined, 'The planner has never run.'],
    [UNREADABLE, 'The state of the planner cannot be read.'],
    [
      { lastTick: '2026-01-06T06:45:00.000Z', arrivals: {} },
      'The planner has come to 6 January 2026 at 06:45 UTC only.',
    ],
    [
      { lastTick: '2026-01-06T06:45:00.000Z', arrivals: {}, run: { until: NOW, arrivals: {}, after: '' } },
      'only, and works on what came due until 6 January 2026 at 12:00 UTC.',
    ],
  ])('names the planner where it is behind: %j', (planner, words) => {
    const story = storyOf({ planner });

    expect(story).toContain(`was due at ${DUE}.\n`);
    expect(story).toContain(words);
  });

  test('says when the next digest is due if none was due that day', () => {
    const weekly = createSubscriber({ subscriptions: [createSubscription({ cadence: 'weekly' })] });
    const monthly = createSubscriber({ subscriptions: [createSubscription({ cadence: 'monthly' })] });

    expect(storyOf({ subscriber: weekly })).toContain(
      'it comes every Monday at 08:00 (Europe/Berlin), next on 2026-01-12.',
    );
    expect(storyOf({ subscriber: monthly })).toContain('next on 2026-02-01.');
  });

  test.each([
    [
      undefined,
      'The planner has passed that hour, but the edition of 2026-01-06 for daily#Europe/Berlin#08 has no record.',
    ],
    [{ progress: { ...COMPLETE, isComplete: false } }, 'Planning is not complete'],
    [
      { progress: COMPLETE },
      'names 40 readers, and this reader is not one of them.\nThe reader was not in that cohort then.',
    ],
    [{ progress: COMPLETE, batch: 7 }, 'It is planned in batch 7 of the edition of 2026-01-06 for'],
    [{ progress: { ...COMPLETE, isComplete: false }, batch: 7 }, 'It is planned in batch 7'],
    [{ progress: UNREADABLE }, 'cannot be read'],
    [
      { progress: COMPLETE, unreadableBatch: 3 },
      'Batch 3 of the edition of 2026-01-06 for daily#Europe/Berlin#08 cannot be read in full, and no other batch names this reader.',
    ],
    [{ progress: { ...COMPLETE, isComplete: false }, unreadableBatch: 3 }, 'Batch 3 of the edition'],
  ])('says how far its edition came: %j', (edition, words) => {
    const story = storyOf({ editionOf: () => edition });

    expect(story).toContain(`was due at ${DUE}.\n`);
    expect(story).toContain(words);
  });

  test.each([
    ['Mars/Olympus', 'is never planned: this version does not know the time zone Mars/Olympus.'],
    ['Pacific/Apia', 'No daily digest was due on 2011-12-30: the time zone Pacific/Apia left out this day.'],
  ])('names the time zone %s as the cause', (timeZone, words) => {
    const consent = { ...createSubscriber().consent, at: '2011-01-01T00:00:00.000Z' };

    expect(storyOf({ subscriber: createSubscriber({ timeZone, consent }), day: '2011-12-30' })).toContain(
      words,
    );
  });

  describe('among instant ones', () => {
    const subscriber = createSubscriber({ subscriptions: [createSubscription({ cadence: 'instant' })] });
    const planner = (lastNewAt?: string, lastTick = '2026-01-07T00:00:00.000Z') => ({
      lastTick,
      arrivals: lastNewAt === undefined ? {} : { 'hf-daily': lastNewAt },
    });
    const storyOn = (known: Partial<Known>) =>
      storyOf({ subscriber, now: '2026-01-07T09:00:00.000Z', ...known });

    test.each([
      [
        '2026-01-05T09:00:00.000Z',
        'Last new papers on the lists of the reader: hf-daily on 5 January 2026 at 09:00 UTC.',
      ],
      [undefined, 'Last new papers on the lists of the reader: hf-daily never.'],
    ])('says that nothing new came (last at %s)', (lastNewAt, words) => {
      const story = storyOn({ planner: planner(lastNewAt) });

      expect(story).toContain('Nothing new came that day on the lists that the reader follows.');
      expect(story).toContain(words);
    });

    test('says when new papers came, and where their digest may be', () => {
      expect(storyOn({ planner: planner('2026-01-06T09:00:00.000Z') })).toContain(
        'hf-daily on 6 January 2026 at 09:00 UTC.\nIf the reader followed the list then, a digest waits on a queue or is a dead letter',
      );
    });

    test('says that the planner is late and that the reader has left', () => {
      expect(storyOn({ planner: planner(undefined, '2026-01-06T09:00:00.000Z') })).toContain(
        'The planner has come to 6 January 2026 at 09:00 UTC only.',
      );
      expect(storyOn({ subscriber: { ...subscriber, ...LEFT } })).toContain(
        'None is planned for this reader: the reader has left',
      );
    });
  });
});

test('everything is looked up under the id alone', async () => {
  const clock = createManualClock(NOW);
  const repositories = createFakeRepositories(clock);
  const ports = { ...repositories, clock, whenUncertain: 'at-most-once' } as const;
  const { id } = await repositories.subscribers.save(createSubscriber({ id: 'ada' }));
  const edition = { cadence: 'daily', period: DAY, cohort: 'daily#Europe/Berlin#08' } as const;
  await repositories.editions.saveProgress(edition, COMPLETE, undefined);
  await repositories.planner.save({ lastTick: NOW, arrivals: {} }, undefined);

  expect((await explain(ports, id, DAY)).story.join('\n')).toContain('and this reader is not one of them');
  await repositories.editions.saveBatch(edition, 0, ['ben']);
  await repositories.editions.saveBatch(edition, 1, ['cleo', UNREADABLE_ID]);
  expect((await explain(ports, id, DAY)).story.join('\n')).toContain('Batch 1 of the edition');
  await repositories.editions.saveBatch(edition, 2, ['ada']);
  expect((await explain(ports, id, DAY)).story.join('\n')).toContain('It is planned in batch 2');
  const key = { subscriberId: id, cadence: 'daily', period: DAY } as const;
  await repositories.deliveries.recordSkip(
    key,
    { ...edition, batch: 0 },
    { state: 'skipped', reason: 'nothing-new' },
    NOW,
  );

  expect((await explain(ports, id, DAY)).story.join('\n')).toContain(
    'skipped at 2026-01-06T12:00:00.000Z: nothing-new',
  );
});

test.each(endings)('says when and how somebody %s whose profile is erased', async (status) => {
  const clock = createManualClock(NOW);
  const repositories = createFakeRepositories(clock);
  await leaveAndErase(repositories.subscribers, 'ada', {
    status,
    at: '2026-01-03T08:00:00.000Z',
    by: 'link',
  });

  const { isKnown, story } = await explain(
    { ...repositories, clock, whenUncertain: 'at-most-once' },
    'ada',
    DAY,
  );

  expect(isKnown).toBe(true);

  expect(story).toEqual([
    `The reader has left: ${status} on 3 January 2026 at 08:00 UTC by the link in an email. The profile is erased since.`,
  ]);
});

test('says that nothing is stored under an unknown id', async () => {
  const clock = createManualClock(NOW);
  const ports = { ...createFakeRepositories(clock), clock, whenUncertain: 'at-most-once' as const };

  const { isKnown, story } = await explain(ports, 'nobody', DAY);

  expect(isKnown).toBe(false);
  expect(story).toEqual([expect.stringContaining('Nobody has this address')]);
});
