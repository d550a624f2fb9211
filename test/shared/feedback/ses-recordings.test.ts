import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import * as z from 'zod';
import type { Feedback } from '../../../shared/domain/feedback.ts';
import { parseSesEvent } from '../../../shared/feedback/parse-ses-event.ts';
import { ACCOUNT_EVENT_TAGS, FEEDBACK_KEY } from '../../factories/ses-events.ts';

// Real events that others recorded; they lie beside the repository where there is a copy, and are never part of it.
const folder = new URL('../../../../shared/recordings/ses/', import.meta.url);
const files = existsSync(folder) ? readdirSync(folder).filter((name) => name.endsWith('.json')) : [];

const NOW = '2026-09-01T00:00:00.000Z';
const OUR_TAGS = {
  cadence: ['daily'],
  period: [FEEDBACK_KEY.period],
  subscriber: [FEEDBACK_KEY.subscriberId],
};

/** What each recording tells where it is about a mail of ours, and whom it names. */
const EXPECTED: Readonly<Record<string, { kind: Feedback['kind']; addresses?: readonly string[] }>> = {
  ses_bounce_event_example: { kind: 'bounced', addresses: ['recipient@example.com'] },
  ses_bounce_notification_from_simulator: { kind: 'bounced', addresses: ['bounce@simulator.amazonses.com'] },
  ses_complaint_notification_with_feedback_example: {
    kind: 'complained',
    addresses: ['richard@example.com'],
  },
  ses_delivery_delay_event_example: { kind: 'sent', addresses: ['recipient@example.com'] },
  ses_delivery_event_example: { kind: 'delivered', addresses: ['recipient@example.com'] },
  ses_delivery_notification_success_from_simulator: {
    kind: 'delivered',
    addresses: ['success@simulator.amazonses.com'],
  },
  ses_ooto_bounce_notification_from_simulator: {
    kind: 'auto-replied',
    addresses: ['ooto@simulator.amazonses.com'],
  },
  sns_event_bounceWebhookContent: { kind: 'bounced', addresses: ['mcbounceface@spatie.be'] },
  sns_event_subscriptionConfirmation: { kind: 'unknown' },
  sns_hard_bounce_sns_body: { kind: 'bounced', addresses: ['relayuser@test.com'] },
};

const eventSchema = z.looseObject({ mail: z.looseObject({ messageId: z.string(), timestamp: z.string() }) });
const envelopeSchema = z.looseObject({ Type: z.literal('Notification'), Message: z.string() });

const read = (file: string): unknown => JSON.parse(readFileSync(new URL(file, folder), 'utf8'));

/** The event as it would be if its mail were ours: a digest, unless it has other tags. */
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

if (files.length === 0) {
  process.stdout.write(`No recorded events at ${folder.pathname}: not tested against them\n`);
  test.skip(`recorded events: there are none at ${folder.pathname}`, () => undefined);
} else {
  describe.each(files)('the recorded event %s', (file) => {
    test('is of another mail, and so is left alone', () => {
      expect(parseSesEvent(read(file), NOW)).toEqual({ kind: 'unknown', what: expect.any(String) });
    });

    test('tells the same of a digest', () => {
      const expected = EXPECTED[file.replace('.json', '')];
      const feedback = parseSesEvent(toOurs(read(file)), NOW);

      expect(expected).toBeDefined();
      expect(feedback).toMatchObject(expected ?? {});
      if (feedback.kind !== 'unknown') {
        expect(feedback.digest).toEqual(FEEDBACK_KEY);
        expect(feedback.messageId).toMatch(/^[\w-]{40,}$/);
        expect(feedback.at < NOW).toBe(true);
      }
    });

    test('tells the same of a mail that was asked for on the web', () => {
      const { digest: _, ...told } = { digest: undefined, ...parseSesEvent(toOurs(read(file)), NOW) };

      expect(parseSesEvent(toOurs(read(file), ACCOUNT_EVENT_TAGS), NOW)).toEqual(told);
    });
  });
}
