import { beforeEach, describe, expect, test } from '@jest/globals';
import { handleFeedbackEnvSchema } from '../../functions/handle-feedback/env.ts';
import { createHandleFeedbackHandler } from '../../functions/handle-feedback/handler.ts';
import { createManualClock } from '../../local/manual-clock.ts';
import type { Repositories } from '../../local/repositories.ts';
import type { SqsHandler } from '../../shared/adapters/lambda/sqs-handler.ts';
import { parseEnvironment } from '../../shared/environment.ts';
import {
  ACCOUNT_EVENT_TAGS,
  createBounceEvent,
  createComplaintEvent,
  createEventMail,
  createSesEvent,
  FEEDBACK_KEY as KEY,
  toEnvelope,
} from '../factories/ses-events.ts';
import { createSubscriber } from '../factories/subscribers.ts';
import { createFakeTelemetry } from '../fakes/outside.ts';
import { createFakeRepositories } from '../fakes/repositories.ts';
import { deliver } from '../flow/sqs-delivery.ts';

const clock = createManualClock('2026-01-05T08:05:00.000Z');
const EDITION = { cadence: 'daily', period: KEY.period, cohort: 'daily#Europe/Berlin#08', batch: 0 } as const;

let repositories: Repositories;
let telemetry: ReturnType<typeof createFakeTelemetry>;
let handler: SqsHandler;

beforeEach(async () => {
  repositories = createFakeRepositories(clock);
  telemetry = createFakeTelemetry();
  const { subscribers, deliveries } = repositories;
  handler = createHandleFeedbackHandler({ subscribers, deliveries, clock, telemetry });
  await subscribers.save(createSubscriber());
  await deliveries.claim(KEY, EDITION, [], clock.now());
});

const statusOf = async () => (await repositories.subscribers.load(KEY.subscriberId))?.status;

describe('the handler of the feedback queue', () => {
  test.each([
    ['in an envelope', toEnvelope(createBounceEvent('Permanent', 'General'))],
    ['raw', createBounceEvent('Permanent', 'General')],
  ])('acts on an event that comes %s', async (_, message) => {
    expect(await deliver(handler, [JSON.stringify(message)])).toEqual([]);

    expect(await statusOf()).toBe('bounced');
    expect((await repositories.deliveries.load(KEY))?.outcome).toMatchObject({ state: 'sent' });
  });

  test.each([
    ['bounced', createBounceEvent('Permanent', 'General', { emailAddress: 'elsewhere@example.net' })],
    [
      'complained',
      createComplaintEvent({ complainedRecipients: [{ emailAddress: 'elsewhere@example.net' }] }),
    ],
  ])(
    'counts against the subscriber of the mail, who is %s at the address it was forwarded to',
    async (status, message) => {
      expect(await deliver(handler, [JSON.stringify(message)])).toEqual([]);

      expect(await statusOf()).toBe(status);
      expect(telemetry.counts.has('FeedbackUnknown')).toBe(false);
    },
  );

  test.each(['auth-failure', 'virus'])(
    'takes the report of a mail server (%s) for no complaint',
    async (type) => {
      const message = createComplaintEvent({ complaintFeedbackType: type });

      expect(await deliver(handler, [JSON.stringify(message)])).toEqual([]);

      expect(await statusOf()).toBe('confirmed');
      expect((await repositories.deliveries.load(KEY))?.outcome).toMatchObject({ state: 'sent' });
      expect(Object.fromEntries(telemetry.counts)).toEqual({});
    },
  );

  test('ends all mail to a subscriber who marks a requested mail as spam', async () => {
    const mail = createEventMail({ tags: ACCOUNT_EVENT_TAGS });

    expect(await deliver(handler, [JSON.stringify({ ...createComplaintEvent(), mail })])).toEqual([]);

    expect(await statusOf()).toBe('complained');
    expect((await repositories.deliveries.load(KEY))?.outcome).toMatchObject({ state: 'claimed' });
    expect(Object.fromEntries(telemetry.counts)).toEqual({ MailsComplained: 1 });
  });

  test('acknowledges and counts unknown events', async () => {
    const messages = [
      createSesEvent({ eventType: 'Open' }),
      createSesEvent({ mail: createEventMail({ tags: { campaign: ['x'] } }) }),
      toEnvelope('', { Type: 'SubscriptionConfirmation' }),
    ];

    const failed = await deliver(
      handler,
      messages.map((message) => JSON.stringify(message)),
    );

    expect(failed).toEqual([]);
    expect(Object.fromEntries(telemetry.counts)).toEqual({ FeedbackUnknown: 3 });
  });

  test.each(['yesterday', '2999-01-01T00:00:00.000Z', undefined])(
    'counts a bounce once that comes twice, though its time is odd: %s',
    async (timestamp) => {
      const event = createBounceEvent('Transient', 'MailboxFull');
      const message = JSON.stringify({
        ...event,
        bounce: { bounceType: 'Transient', bounceSubType: 'MailboxFull', timestamp },
      });
      await deliver(handler, [message]);
      const once = await repositories.subscribers.load(KEY.subscriberId);
      clock.moveBy(10 * 60_000);

      await deliver(handler, [message]);

      expect(once).toMatchObject({ softBounces: 1, lastSoftBounceAt: '2026-01-05T08:00:00.000Z' });
      expect(await repositories.subscribers.load(KEY.subscriberId)).toEqual(once);
    },
  );

  test('records a bounce of an unknown type as sent, and does not change the subscriber', async () => {
    expect(await deliver(handler, [JSON.stringify(createBounceEvent('Temporary', 'General'))])).toEqual([]);

    expect((await repositories.deliveries.load(KEY))?.outcome).toMatchObject({ state: 'sent' });
    expect(await repositories.subscribers.load(KEY.subscriberId)).toMatchObject({
      status: 'confirmed',
      softBounces: 0,
    });
    expect(Object.fromEntries(telemetry.counts)).toEqual({ FeedbackUnknown: 1 });
  });

  test('reports a message without an event as failed, and handles the others', async () => {
    const poison = ['', 'not JSON', 'null', '{}', JSON.stringify(toEnvelope('', { Message: 'prose' }))];
    const good = JSON.stringify(toEnvelope(createBounceEvent('Permanent', 'General')));

    const failed = await deliver(handler, [...poison.slice(0, 2), good, ...poison.slice(2)]);

    expect(failed).toEqual(poison);
    expect(await statusOf()).toBe('bounced');
  });
});

test('the function needs all of its environment variables', async () => {
  const before = { ...process.env };
  const logs = { STAGE: 'prod', MONITORING: 'basic', VERSION: '1.2.3', COMMIT: '0123456789ab' };
  const tables = { SUBSCRIBERS_TABLE: 'subscribers', DELIVERIES_TABLE: 'deliveries' };
  const own = { ...logs, ...tables, LEFT_RETENTION_DAYS: '365' };
  Object.assign(process.env, { AWS_REGION: 'us-east-1', ...own });
  const exported: object = await import('../../functions/handle-feedback/index.ts');
  process.env = before;

  expect({ ...exported }).toEqual({ handler: expect.any(Function) });
  expect(parseEnvironment(handleFeedbackEnvSchema, own)).toEqual({ ...own, LEFT_RETENTION_DAYS: 365 });
  expect(() => parseEnvironment(handleFeedbackEnvSchema, { ...own, SUBSCRIBERS_TABLE: undefined })).toThrow(
    /SUBSCRIBERS_TABLE is missing/,
  );
});
