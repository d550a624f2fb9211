import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import * as z from 'zod';
import { createHandleFeedbackHandler } from '../../../functions/handle-feedback/handler.ts';
import { createManualClock } from '../../../local/manual-clock.ts';
import type { FeedbackKind } from '../../../shared/domain/digests/feedback.ts';
import { parseSesEvent } from '../../../shared/feedback/parse-ses-event.ts';
import { ACCOUNT_EVENT_TAGS, FEEDBACK_KEY, toEnvelope } from '../../factories/ses-events.ts';
import { createSubscriber } from '../../factories/subscribers.ts';
import { createFakeTelemetry } from '../../fakes/outside.ts';
import { createFakeRepositories } from '../../fakes/repositories.ts';
import { deliver } from '../../flow/sqs-delivery.ts';

// Real events that others recorded. A copy may be next to the repository, and is never part of it.
const folder = new URL('../../../../shared/recordings/ses/', import.meta.url);
const files = existsSync(folder) ? readdirSync(folder).filter((name) => name.endsWith('.json')) : [];

const NOW = '2026-09-01T00:00:00.000Z';
const OUR_TAGS = {
  cadence: ['daily'],
  period: [FEEDBACK_KEY.period],
  subscriber: [FEEDBACK_KEY.subscriberId],
};

/** The feedback of each recording if it is about a mail of ours. */
const EXPECTED: Readonly<Record<string, FeedbackKind | 'unknown'>> = {
  ses_bounce_event_example: 'bounced',
  ses_bounce_notification_from_simulator: 'bounced',
  ses_complaint_notification_with_feedback_example: 'complained',
  ses_delivery_delay_event_example: 'sent',
  ses_delivery_event_example: 'delivered',
  ses_delivery_notification_success_from_simulator: 'delivered',
  ses_ooto_bounce_notification_from_simulator: 'auto-replied',
  sns_event_bounceWebhookContent: 'bounced',
  sns_event_subscriptionConfirmation: 'unknown',
  sns_hard_bounce_sns_body: 'bounced',
};

const eventSchema = z.looseObject({ mail: z.looseObject({ messageId: z.string(), timestamp: z.string() }) });
const envelopeSchema = z.looseObject({ Type: z.literal('Notification'), Message: z.string() });

const read = (file: string): unknown => JSON.parse(readFileSync(new URL(file, folder), 'utf8'));

/**
 * The event as it would be if its mail were ours: a digest, unless it has other tags. Real notifications of an identity, those with a
 * `notificationType`, have none.
 */
function toOurs(recorded: unknown, tags: object = OUR_TAGS): unknown {
  const envelope = envelopeSchema.safeParse(recorded);
  if (envelope.success) {
    const ours = toOurs(JSON.parse(envelope.data.Message), tags);
    return { ...envelope.data, Message: `${JSON.stringify(ours)}\n` };
  }
  const event = eventSchema.safeParse(recorded);
  if (!event.success) return recorded;
  return { ...event.data, mail: { ...event.data.mail, tags } };
}

/** Returns an event raw and in SNS's envelope. A notice about the topic comes only in its own envelope. */
function bothWays(recorded: unknown): readonly unknown[] {
  const envelope = envelopeSchema.safeParse(recorded);
  const event = envelope.success ? JSON.parse(envelope.data.Message) : recorded;
  return eventSchema.safeParse(event).success ? [event, toEnvelope(event)] : [recorded];
}

/** Creates the function of the queue, with a digest that an event may be about, and its subscriber. */
async function createOurs() {
  const clock = createManualClock(NOW);
  const telemetry = createFakeTelemetry();
  const { subscribers, deliveries } = createFakeRepositories(clock);
  const consent = { ...createSubscriber().consent, at: '2000-01-01T00:00:00.000Z' };
  await subscribers.save(createSubscriber({ consent }));
  const { cadence, period, subscriberId } = FEEDBACK_KEY;
  const origin = { cadence, period, cohort: 'daily#Europe/Berlin#08', batch: 0 } as const;
  await deliveries.claim(FEEDBACK_KEY, origin, [], NOW);
  return {
    handler: createHandleFeedbackHandler({ subscribers, deliveries, clock, telemetry }),
    counts: telemetry.counts,
    stateOf: async () => (await deliveries.load(FEEDBACK_KEY))?.outcome.state,
    statusOf: async () => (await subscribers.load(subscriberId))?.status,
  };
}

if (files.length === 0) {
  process.stdout.write(`No recorded events at ${folder.pathname}: not tested against them\n`);
  test.skip(`recorded events: there are none at ${folder.pathname}`, () => undefined);
} else {
  describe.each(files)('the recorded event %s', (file) => {
    test('is about another mail and is ignored', () => {
      expect(parseSesEvent(read(file), NOW)).toMatchObject({ kind: 'unknown', what: expect.any(String) });
    });

    test('is acknowledged and counted if it is about another mail, in an envelope or raw', async () => {
      const { handler, counts, stateOf, statusOf } = await createOurs();
      const messages = bothWays(read(file));

      expect(
        await deliver(
          handler,
          messages.map((message) => JSON.stringify(message)),
        ),
      ).toEqual([]);
      expect(Object.fromEntries(counts)).toEqual({ FeedbackUnknown: messages.length });
      expect([await stateOf(), await statusOf()]).toEqual(['claimed', 'confirmed']);
    });

    test('has its effect if it is about a digest, in an envelope or raw, with any address', async () => {
      const kind = EXPECTED[file.replace('.json', '')] ?? 'unknown';
      const isOurs = kind !== 'unknown';
      const status = kind === 'bounced' || kind === 'complained' ? kind : 'confirmed';

      for (const message of bothWays(toOurs(read(file)))) {
        const { handler, counts, stateOf, statusOf } = await createOurs();

        expect(await deliver(handler, [JSON.stringify(message)])).toEqual([]);
        expect([await stateOf(), await statusOf()]).toEqual([isOurs ? 'sent' : 'claimed', status]);
        expect(counts.has('FeedbackUnknown')).toBe(!isOurs);
      }
    });

    test('gives the same feedback for a digest', () => {
      const expected = EXPECTED[file.replace('.json', '')];
      const feedback = parseSesEvent(toOurs(read(file)), NOW);

      expect(expected).toBeDefined();
      expect(feedback).toMatchObject({ kind: expected });
      if (feedback.kind !== 'unknown') {
        expect(feedback.digest).toEqual(FEEDBACK_KEY);
        expect(feedback.messageId).toMatch(/^[\w-]{40,}$/);
        expect(feedback.at < NOW).toBe(true);
      }
    });

    test('gives the same feedback for a mail that was requested on the web', () => {
      const { digest: _, ...feedback } = { digest: undefined, ...parseSesEvent(toOurs(read(file)), NOW) };

      expect(parseSesEvent(toOurs(read(file), ACCOUNT_EVENT_TAGS), NOW)).toEqual(feedback);
    });
  });
}
