import { beforeEach, describe, expect, test } from '@jest/globals';
import { createManualClock } from '../../../local/manual-clock.ts';
import type { Repositories } from '../../../local/repositories.ts';
import type { MailFeedback } from '../../../shared/domain/digests/feedback.ts';
import { answerSignUp, confirmSignUp } from '../../../shared/domain/subscribers/sign-up.ts';
import type { Subscriber } from '../../../shared/domain/subscribers/subscriber.ts';
import { type FeedbackPorts, handleFeedback } from '../../../shared/feedback/handle-feedback.ts';
import type { Claim } from '../../../shared/ports/deliveries.ts';
import { createSignUp } from '../../factories/account-mails.ts';
import { createFeedback, FEEDBACK_KEY as KEY } from '../../factories/ses-events.ts';
import { createSubscriber } from '../../factories/subscribers.ts';
import { createFakeTelemetry } from '../../fakes/outside.ts';
import { createFakeRepositories } from '../../fakes/repositories.ts';

const clock = createManualClock('2026-01-05T08:05:00.000Z');
const EDITION = { cadence: 'daily', period: KEY.period, cohort: 'daily#Europe/Berlin#08', batch: 0 } as const;

let repositories: Repositories;
let telemetry: ReturnType<typeof createFakeTelemetry>;
let ports: FeedbackPorts;

beforeEach(async () => {
  repositories = createFakeRepositories(clock);
  telemetry = createFakeTelemetry();
  const { subscribers, deliveries } = repositories;
  ports = { subscribers, deliveries, clock, telemetry };
  await subscribers.save(createSubscriber());
});

const claim = async (): Promise<Claim> => {
  const taken = await repositories.deliveries.claim(KEY, EDITION, ['2601.00001'], clock.now());
  if (!taken) throw new Error('it was claimed before');
  return taken;
};
const stateOf = async () => (await repositories.deliveries.load(KEY))?.outcome;
const statusOf = async () => (await repositories.subscribers.load(KEY.subscriberId))?.status;
const counts = () => Object.fromEntries(telemetry.counts);
const handle = (overrides: Partial<MailFeedback> = {}) => handleFeedback(ports, createFeedback(overrides));

describe('the ledger', () => {
  test.each([
    'sent',
    'delivered',
    'bounced',
    'soft-bounced',
    'auto-replied',
    'complained',
    'not-spam',
  ] as const)('learns from a mail that was %s that it was sent', async (kind) => {
    const held = await claim();
    await repositories.deliveries.recordOutcome(held, { state: 'uncertain', reason: 'ECONNRESET' });

    await handle({ kind });
    await handle({ kind });

    expect(await stateOf()).toEqual({ state: 'sent', messageId: 'message-1' });
    expect(telemetry.counts.has('FeedbackUnknown')).toBe(false);
  });

  test('keeps the outcome of an event when its worker reports later', async () => {
    const held = await claim();

    await handle({ kind: 'sent' });
    const recorded = await repositories.deliveries.recordOutcome(held, {
      state: 'uncertain',
      reason: 'ECONNRESET',
    });

    expect(recorded).toEqual({ state: 'sent', messageId: 'message-1' });
    expect(await stateOf()).toEqual(recorded);
  });

  test('records that SES rejected an accepted mail, and keeps that', async () => {
    const held = await claim();
    await repositories.deliveries.recordOutcome(held, { state: 'sent', messageId: 'message-1' });

    await handle({ kind: 'rejected', reason: 'Bad content' });
    await handle({ kind: 'sent' });

    expect(await stateOf()).toMatchObject({ state: 'failed', reason: 'rejected: Bad content' });
    expect(await statusOf()).toBe('confirmed');
    expect(counts()).toEqual({ MailsRejected: 1 });
  });

  test.each([
    ['was never claimed', async () => undefined],
    ['was given back', async () => repositories.deliveries.release(await claim())],
  ])('gets no record of a digest that %s, and the feedback counts as unknown', async (_, prepare) => {
    await prepare();

    await handle({ kind: 'sent' });

    expect(await stateOf()).toBeUndefined();
    expect(counts()).toEqual({ FeedbackUnknown: 1 });
  });

  test('keeps its message id when an event names another one', async () => {
    const held = await claim();
    await repositories.deliveries.recordOutcome(held, { state: 'sent', messageId: 'message-0' });

    await handle();

    expect(await stateOf()).toEqual({ state: 'sent', messageId: 'message-0' });
    expect(counts()).toEqual({ MailsDelivered: 1, FeedbackUnknown: 1 });
  });
});

describe('the subscriber', () => {
  beforeEach(async () => {
    await claim();
  });

  test.each([
    ['bounced', 'bounced', 'MailsBounced'],
    ['complained', 'complained', 'MailsComplained'],
    ['soft-bounced', 'confirmed', 'MailsBounced'],
    ['delivered', 'confirmed', 'MailsDelivered'],
  ] as const)('whose mail was %s is %s', async (kind, status, metric) => {
    await handle({ kind });

    expect(await statusOf()).toBe(status);
    expect(counts()).toEqual({ [metric]: 1 });
  });

  test('is not saved for a delivery without earlier bounces, or for feedback about an unknown subscriber', async () => {
    for (const kind of ['delivered', 'sent', 'auto-replied', 'not-spam'] as const) await handle({ kind });
    expect(await repositories.subscribers.load(KEY.subscriberId)).toMatchObject({ version: 1 });

    await handle({ kind: 'soft-bounced', at: '2026-01-05T08:00:02.000Z' });
    await handle({ at: '2026-01-05T08:00:03.000Z' });
    await handle({ at: '2026-01-05T08:00:04.000Z' });
    expect(await repositories.subscribers.load(KEY.subscriberId)).toMatchObject({
      version: 3,
      softBounces: 0,
    });
  });

  test('does not change after the report of a mail server, which is logged', async () => {
    const logged: unknown[] = [];
    const warn = (sentence: string, fields?: object) => logged.push([sentence, fields]);
    const report = createFeedback({ kind: 'reported', reason: 'auth-failure' });

    await handleFeedback({ ...ports, telemetry: { ...telemetry, warn } }, report);

    expect(await repositories.subscribers.load(KEY.subscriberId)).toMatchObject({ version: 1 });
    expect(logged).toEqual([
      ['A mail server reported a fault of a mail', { messageId: 'message-1', reason: 'auth-failure' }],
    ]);
    expect(counts()).toEqual({});
  });

  test('is not restored after an erasure', async () => {
    const digest = { ...KEY, subscriberId: 'gone' };

    await handle({ kind: 'complained', digest });

    expect(await repositories.subscribers.load('gone')).toBeUndefined();
    expect(counts()).toEqual({ MailsComplained: 1, FeedbackUnknown: 1 });
  });

  test('changes even if the record of the digest has expired', async () => {
    await handle({ kind: 'complained', digest: { ...KEY, period: '2025-06-01' } });

    expect(await statusOf()).toBe('complained');
  });

  test('gets no more mail after a complaint, although the record of the digest cannot be written', async () => {
    const recordEvent = () => Promise.reject(new Error('the table refuses the record'));
    const broken = { ...ports, deliveries: { ...repositories.deliveries, recordEvent } };

    const handling = handleFeedback(broken, createFeedback({ kind: 'complained' }));

    await expect(handling).rejects.toThrow('the table refuses the record');
    expect(await statusOf()).toBe('complained');
    expect(counts()).toEqual({ MailsComplained: 1 });
  });

  test('does not change if the profile cannot be saved. The error names both faults, and nothing is counted', async () => {
    const recordEvent = () => Promise.reject(new Error('the table refuses the record'));
    const save = () => Promise.reject(new Error('the table is gone'));
    const broken = {
      ...ports,
      subscribers: { ...repositories.subscribers, save },
      deliveries: { ...repositories.deliveries, recordEvent },
    };

    const handling = handleFeedback(broken, createFeedback({ kind: 'complained' }));

    await expect(handling).rejects.toThrow(/refuses the record.*is gone/);
    expect(counts()).toEqual({});
  });

  test('is suspended even if another writer saves the profile at the same time', async () => {
    let isFirst = true;
    const save: FeedbackPorts['subscribers']['save'] = async (subscriber) => {
      const stored = await repositories.subscribers.load(subscriber.id);
      if (isFirst && stored) await repositories.subscribers.save({ ...stored, hour: 20 });
      isFirst = false;
      return repositories.subscribers.save(subscriber);
    };

    await handleFeedback(
      { ...ports, subscribers: { ...repositories.subscribers, save } },
      createFeedback({ kind: 'bounced' }),
    );

    expect(await repositories.subscribers.load(KEY.subscriberId)).toMatchObject({
      status: 'bounced',
      hour: 20,
    });
  });
});

describe('a mail that was requested on the web', () => {
  const handleFromWeb = (overrides: Partial<MailFeedback> = {}) =>
    handleFeedback(ports, createFeedback({ ...overrides, digest: undefined }));
  const signUp = createSignUp({ at: '2026-01-05T07:59:00.000Z' });
  const profile = () => repositories.subscribers.load(KEY.subscriberId);
  const become = async (changes: Partial<Subscriber>) => {
    const stored = await profile();
    await repositories.subscribers.save({ ...createSubscriber(), ...stored, ...changes });
  };

  beforeEach(() => {
    ports = {
      ...ports,
      deliveries: { ...repositories.deliveries, recordEvent: () => Promise.reject(new Error('the ledger')) },
    };
  });

  test.each([
    ['bounced', 'bounced', 'MailsBounced'],
    ['complained', 'complained', 'MailsComplained'],
    ['soft-bounced', 'confirmed', 'MailsBounced'],
    ['delivered', 'confirmed', 'MailsDelivered'],
  ] as const)('and was %s makes its subscriber %s, without the ledger', async (kind, status, metric) => {
    await handleFromWeb({ kind });
    await handleFromWeb({ kind });

    expect(await statusOf()).toBe(status);
    expect(counts()).toEqual({ [metric]: 2 });
  });

  test.each(['sent', 'auto-replied', 'not-spam', 'rejected'] as const)(
    'and was %s changes nothing, and is not unknown',
    async (kind) => {
      await handleFromWeb({ kind });

      expect(await profile()).toMatchObject({ version: 1 });
      expect(telemetry.counts.has('FeedbackUnknown')).toBe(false);
    },
  );

  test('counts in the same row of soft bounces as digests, which a delivery ends', async () => {
    await handleFromWeb({ kind: 'soft-bounced', at: '2026-01-05T08:00:02.000Z' });
    expect(await profile()).toMatchObject({ softBounces: 1 });

    await handleFromWeb({ kind: 'delivered', at: '2026-01-05T08:00:03.000Z' });
    expect(await profile()).toMatchObject({ softBounces: 0 });
  });

  test.each([
    [
      'somebody who never confirmed',
      { status: 'unconfirmed', consent: { at: signUp.at, from: 'x', text: 'y' } },
    ],
    ['a subscriber who had left before', { status: 'unsubscribed' }],
  ] as const)('and was called spam by %s ends all mail, and the sign-up with it', async (_, changes) => {
    await become({ ...changes, signUp });

    await handleFromWeb({ kind: 'complained' });

    const complained = await profile();
    expect(complained).toMatchObject({ status: 'complained' });
    expect(complained?.signUp).toBeUndefined();
    expect(
      complained &&
        confirmSignUp(complained, { at: clock.now(), from: 'x', mailed: { mailedAt: clock.now() } }),
    ).toBe('nothing');
    expect(answerSignUp(complained)).toBe('none');
  });

  test('to an erased subscriber counts as unknown', async () => {
    const logged: (object | undefined)[] = [];
    const info = (_: string, fields?: object) => logged.push(fields);

    await handleFeedback(
      { ...ports, telemetry: { ...telemetry, info } },
      createFeedback({ kind: 'complained', subscriberId: 'gone', digest: undefined }),
    );

    expect(await repositories.subscribers.load('gone')).toBeUndefined();
    expect(logged).toEqual([
      { kind: 'complained', messageId: 'message-1', subscriberId: 'gone', hasProfile: false },
    ]);
    expect(counts()).toEqual({ MailsComplained: 1, FeedbackUnknown: 1 });
  });
});

test('unknown feedback is counted and changes nothing', async () => {
  await handleFeedback(ports, { kind: 'unknown', what: 'Click' });

  expect(counts()).toEqual({ FeedbackUnknown: 1 });
  expect(await repositories.subscribers.load(KEY.subscriberId)).toMatchObject({ version: 1 });
});

describe('unknown feedback that proves that a mail was sent', () => {
  const sent = createFeedback({ kind: 'sent' });
  const handleUnknown = (feedback: MailFeedback) =>
    handleFeedback(ports, { kind: 'unknown', what: 'Bounce', messageId: feedback.messageId, sent: feedback });

  test('records an uncertain digest as sent, and does not count as a bounce', async () => {
    const held = await claim();
    await repositories.deliveries.recordOutcome(held, { state: 'uncertain', reason: 'ECONNRESET' });

    await handleUnknown(sent);
    await handleUnknown(sent);

    expect(await stateOf()).toEqual({ state: 'sent', messageId: 'message-1' });
    expect(await repositories.subscribers.load(KEY.subscriberId)).toMatchObject({
      version: 1,
      softBounces: 0,
    });
    expect(counts()).toEqual({ FeedbackUnknown: 2 });
  });

  test('does not change a failed digest, and does not claim one', async () => {
    await handleUnknown(sent);
    expect(await stateOf()).toBeUndefined();

    const failed = { state: 'failed', reason: 'MessageRejected' } as const;
    await repositories.deliveries.recordOutcome(await claim(), failed);
    await handleUnknown(sent);
    expect(await stateOf()).toMatchObject(failed);
  });

  test('is counted if the mail was not a digest', async () => {
    await handleUnknown({ ...sent, digest: undefined });

    expect(counts()).toEqual({ FeedbackUnknown: 1 });
  });

  test('is logged with the message and the digest, without addresses', async () => {
    const logged: (object | undefined)[] = [];
    const info = (_: string, fields?: object) => logged.push(fields);
    const unknown = { kind: 'unknown', what: 'Bounce', messageId: 'message-1' } as const;

    await handleFeedback({ ...ports, telemetry: { ...telemetry, info } }, { ...unknown, sent });

    expect(logged).toEqual([{ ...unknown, ...KEY }]);
  });
});

test('no address is logged', async () => {
  const logged: string[] = [];
  const info = (sentence: string, fields?: object) => logged.push(JSON.stringify({ sentence, ...fields }));

  await handleFeedback({ ...ports, telemetry: { ...telemetry, info } }, createFeedback({ kind: 'bounced' }));

  expect(logged).toHaveLength(2);
  expect(logged.join()).not.toContain('@');
});

describe('a row of soft bounces, if SES reports no deliveries', () => {
  /** Sends the digest of a day of January 2026. It bounces ten hours later, if it does. */
  const send = async (day: string, bounces: boolean) => {
    const digest = { ...KEY, period: `2026-01-${day}` };
    const origin = { ...EDITION, period: digest.period };
    const held = await repositories.deliveries.claim(digest, origin, [], `${digest.period}T08:00:00.000Z`);
    if (!held) throw new Error('it was claimed before');
    await repositories.deliveries.recordOutcome(held, { state: 'sent', messageId: digest.period });
    const bounce = { kind: 'soft-bounced', digest, messageId: digest.period } as const;
    if (bounces) await handle({ ...bounce, at: `${digest.period}T18:00:00.000Z` });
  };
  const row = async () => (await repositories.subscribers.load(KEY.subscriberId))?.softBounces;

  test('goes on while every digest bounces', async () => {
    for (const day of ['06', '07', '08']) await send(day, true);

    expect(await row()).toBe(3);
  });

  test('ends with a digest that did not bounce for a day, and a repeat changes nothing', async () => {
    await send('06', true);
    await send('07', false);
    await send('09', true);

    expect(await row()).toBe(1);
    await handle({
      kind: 'soft-bounced',
      digest: { ...KEY, period: '2026-01-09' },
      messageId: '2026-01-09',
      at: '2026-01-09T18:00:00.000Z',
    });
    expect(await row()).toBe(1);
  });

  test('does not end with a digest that was not sent', async () => {
    const digest = { ...KEY, period: '2026-01-07' };
    await send('06', true);
    await repositories.deliveries.claim(digest, EDITION, [], '2026-01-07T08:00:00.000Z');
    await send('09', true);

    expect(await row()).toBe(2);
  });

  test('does not end with a digest that may still bounce', async () => {
    await send('06', true);
    await send('07', false);
    await handle({
      kind: 'soft-bounced',
      digest: { ...KEY, cadence: 'weekly', period: '2026-W02' },
      at: '2026-01-07T20:00:00.000Z',
    });

    expect(await row()).toBe(2);
  });
});
