import { describe, expect, test } from '@jest/globals';
import { InvalidInputError } from '../../../shared/domain/errors.ts';
import { addMs } from '../../../shared/domain/time/time.ts';
import { parseSesEvent } from '../../../shared/feedback/parse-ses-event.ts';
import {
  ACCOUNT_EVENT_TAGS,
  createBounceEvent,
  createComplaintEvent,
  createEventMail,
  createFeedback,
  createSesEvent,
  FEEDBACK_KEY,
  toEnvelope,
} from '../../factories/ses-events.ts';
import { fc } from '../../fast-check.ts';

const NOW = '2026-01-06T00:00:00.000Z';
const parse = (message: unknown) => parseSesEvent(message, NOW);

describe('the feedback of an event', () => {
  test('names the digest, the message and the time', () => {
    expect(parse(createSesEvent())).toEqual(createFeedback());
  });

  test.each([
    ['from raw delivery', createSesEvent()],
    ['in the envelope of SNS, with a line end after it', toEnvelope(createSesEvent())],
    ['as an identity notifies of it', createSesEvent({ eventType: undefined, notificationType: 'Delivery' })],
    [
      'with the text of a notice in one of its parts',
      toEnvelope(createSesEvent({ failure: 'Successfully validated SNS topic' })),
    ],
    ['with unknown parts', createSesEvent({ tenant: { name: 'x' }, delivery2: null })],
  ])('is the same %s', (_, message) => {
    expect(parse(message)).toMatchObject({ kind: 'delivered', messageId: 'message-1' });
  });

  const failed = { action: 'failed', status: '4.2.2' };
  const createBouncesOf = (...bouncedRecipients: readonly object[]) =>
    createSesEvent({
      eventType: 'Bounce',
      bounce: { bounceType: 'Transient', bounceSubType: 'General', bouncedRecipients },
    });
  test.each([
    ['sent', createSesEvent({ eventType: 'Send', send: {} })],
    ['sent', createSesEvent({ eventType: 'DeliveryDelay', deliveryDelay: { delayType: 'General' } })],
    ['bounced', createBounceEvent('Permanent', 'General', { action: 'failed', status: '5.1.1' })],
    ['bounced', createBounceEvent('Permanent', 'OnAccountSuppressionList')],
    ['bounced', createBounceEvent('Permanent', 'ASubtypeOfTomorrow')],
    ['soft-bounced', createBounceEvent('Transient', 'MailboxFull')],
    ['soft-bounced', createBounceEvent('Transient', 'General', failed)],
    ['soft-bounced', createBounceEvent('Transient', 'General', { status: '4.4.1' })],
    ['soft-bounced', createBounceEvent('Transient', 'General', { action: 'failed' })],
    ['soft-bounced', createBounceEvent('Transient', 'General', { action: 'Failed' })],
    ['soft-bounced', createBounceEvent('Transient', 'General', { status: ' 4.2.2' })],
    ['soft-bounced', createBouncesOf({ status: '2.0.0' }, { status: '4.2.2' })],
    ['auto-replied', createBounceEvent('Transient', 'General', { status: '2.4.1' })],
    ['auto-replied', createBouncesOf()],
    ['soft-bounced', createBounceEvent('Undetermined', 'Undetermined')],
    ['auto-replied', createBounceEvent('Transient', 'General')],
    ['complained', createComplaintEvent()],
    ['complained', createComplaintEvent({ complaintFeedbackType: 'abuse' })],
    ['complained', createComplaintEvent({ complaintSubType: 'OnAccountSuppressionList' })],
    ['complained', createComplaintEvent({ complaintFeedbackType: 'fraud' })],
    ['complained', createComplaintEvent({ complaintFeedbackType: 'a type of tomorrow' })],
    ['not-spam', createComplaintEvent({ complaintFeedbackType: 'not-spam' })],
    ['reported', createComplaintEvent({ complaintFeedbackType: 'auth-failure' })],
    ['reported', createComplaintEvent({ complaintFeedbackType: 'virus' })],
  ])('says that the mail was %s', (kind, message) => {
    expect(parse(message)).toMatchObject({ kind, subscriberId: 'subscriber-0000' });
  });

  test.each([
    ['Bad content', 'Bad content'],
    ['x'.repeat(101), 'x'.repeat(100)],
  ])('says why a mail was rejected, in a hundred characters (%s)', (given, reason) => {
    const message = createSesEvent({ eventType: 'Reject', reject: { reason: given } });

    expect(parse(message)).toMatchObject({ kind: 'rejected', reason });
  });

  test.each([
    ['2026-01-05T08:00:02.000Z', createBounceEvent('Permanent', 'General')],
    ['2026-01-05T09:00:00.000Z', createComplaintEvent()],
  ])('has the time of the bounce or complaint (%s)', (at, message) => {
    expect(parse(message)).toMatchObject({ at });
  });

  test('has no reason for a complaint of a reader', () => {
    expect(parse(createComplaintEvent({ complaintFeedbackType: 'abuse' }))).not.toHaveProperty('reason');
  });

  test('names a digest with a colon in its period', () => {
    const tags = { cadence: ['instant'], period: ['2026-01-05T08_15Z'], subscriber: ['a'] };

    expect(parse(createSesEvent({ mail: createEventMail({ tags }) }))).toMatchObject({
      digest: { cadence: 'instant', period: '2026-01-05T08:15Z', subscriberId: 'a' },
    });
  });

  test('names a mail that was requested on the web', () => {
    const { digest: _, ...feedback } = createFeedback();

    expect(parse(createSesEvent({ mail: createEventMail({ tags: ACCOUNT_EVENT_TAGS }) }))).toEqual(feedback);
  });

  test.each([
    ['General 5.1.1', createBounceEvent('Permanent', 'General', { status: '5.1.1' })],
    ['NoEmail', createBounceEvent('Permanent', 'NoEmail', { status: 'ada@example.org is unknown' })],
    ['4.4.7', createBounceEvent('Undetermined', 'ada@example.org', { status: ' 4.4.7 ' })],
    ['NoEmail', createBounceEvent('Permanent', 'NoEmail', { status: '5.1.1 ada@example.org' })],
    ['NoEmail', createBounceEvent('Permanent', 'NoEmail', { status: 'ada@example.org 5.1.1' })],
    ['5.100.100', createBounceEvent('Permanent', 'x'.repeat(41), { status: '5.100.100' })],
    ['x'.repeat(40), createBounceEvent('Permanent', 'x'.repeat(40), { status: '5.1000.1' })],
    ['General 5.1.1', createBouncesOf({}, { status: '5.1.1' })],
    [undefined, createBounceEvent('Permanent', '')],
  ])('says why a mail came back (%s), without an address', (reason, message) => {
    const { reason: found } = { reason: undefined, ...parse(message) };

    expect(found).toBe(reason);
  });

  test.each(['auth-failure', 'virus', ' Auth-Failure'])('names the report of a mail server (%s)', (type) => {
    expect(parse(createComplaintEvent({ complaintFeedbackType: type }))).toMatchObject({
      kind: 'reported',
      reason: type.trim().toLowerCase(),
    });
  });
});

describe('an event with missing or odd parts', () => {
  test.each([[null], [[]], [[null, 7, {}]]])(
    'takes the subscriber from the tag of the mail, not from the recipients (%j)',
    (bouncedRecipients) => {
      const message = createSesEvent({
        eventType: 'Bounce',
        bounce: { bounceType: 'Permanent', bouncedRecipients },
      });

      expect(parse(message)).toMatchObject({ kind: 'bounced', subscriberId: 'subscriber-0000' });
    },
  );

  test.each([
    ['2018-10-08T14:05:45 +0000', '2018-10-08T14:05:45.000Z'],
    ['2018-10-08T14:05:45+02:00', '2018-10-08T12:05:45.000Z'],
    ['yesterday', '2026-01-05T08:00:00.000Z'],
    ['2999-01-01T00:00:00.000Z', '2026-01-05T08:00:00.000Z'],
  ])('reads the time %s as %s', (timestamp, at) => {
    expect(parse(createSesEvent({ delivery: { timestamp } }))).toMatchObject({ at });
  });

  test.each([undefined, 'yesterday', '2999-01-01T00:00:00.000Z'])(
    'has the current time if the event and the mail have an invalid one (%s)',
    (timestamp) => {
      const event = createSesEvent({ delivery: { timestamp }, mail: createEventMail({ timestamp }) });

      expect(parse(event)).toMatchObject({ at: NOW });
    },
  );

  test('keeps a time that is five minutes ahead at most', () => {
    const timeOf = (aheadMs: number) =>
      parse(createSesEvent({ delivery: { timestamp: addMs(NOW, aheadMs) } }));

    expect(timeOf(300_000)).toMatchObject({ at: addMs(NOW, 300_000) });
    expect(timeOf(300_001)).toMatchObject({ at: '2026-01-05T08:00:00.000Z' });
  });

  test('keeps what else its parts say if one field is odd', () => {
    const bounce = { bounceType: 'Permanent', bounceSubType: 7, timestamp: 7, bouncedRecipients: 7 };

    expect(parse(createSesEvent({ eventType: 'Bounce', bounce }))).toMatchObject({
      kind: 'bounced',
      at: '2026-01-05T08:00:00.000Z',
    });
  });

  test('keeps a time that is slightly ahead, so that a repeat has the same time', () => {
    const event = createSesEvent({ delivery: { timestamp: addMs(NOW, 500) } });

    const at = [NOW, addMs(NOW, 1_000)].map((now) => parseSesEvent(event, now));

    expect(at).toMatchObject([{ at: addMs(NOW, 500) }, { at: addMs(NOW, 500) }]);
  });

  test('has the time of the mail if its own is missing', () => {
    expect(parse(createSesEvent({ delivery: 'nothing' }))).toMatchObject({ at: '2026-01-05T08:00:00.000Z' });
  });
});

describe('unknown feedback is', () => {
  const otherTags = (tags: unknown) => createSesEvent({ mail: createEventMail({ tags }) });
  test.each([
    ['Click', createSesEvent({ eventType: 'Click' })],
    ['Rendering Failure', createSesEvent({ eventType: 'Rendering Failure', failure: {} })],
    ['Received', createSesEvent({ eventType: undefined, notificationType: 'Received' })],
    ['something else', createSesEvent({ eventType: 'ada@example.org' })],
    ['Delivery of another mail', otherTags(undefined)],
    ['Delivery of another mail', otherTags({ 'ses:source-ip': ['192.0.2.0'] })],
    ['Delivery of another mail', otherTags({ subscriber: ['a'] })],
    ['Delivery of another mail', otherTags({ mail: ['account'] })],
    ['Delivery of another mail', otherTags({ mail: ['account'], subscriber: ['a', 'b'] })],
    ['Delivery of another mail', otherTags({ mail: ['newsletter'], subscriber: ['a'] })],
    ['Delivery of another mail', otherTags({ cadence: ['daily'], period: ['a', 'b'], subscriber: ['a'] })],
  ])('%s, with the id of its message', (what, message) => {
    expect(parse(message)).toEqual({ kind: 'unknown', what, messageId: 'message-1' });
  });

  test.each([
    ['Delivery of another mail', createSesEvent({ mail: undefined })],
    ['Delivery of another mail', createSesEvent({ mail: createEventMail({ messageId: 7 }) })],
    ['Delivery of another mail', createSesEvent({ mail: createEventMail({ messageId: '' }) })],
    [
      'Click',
      createSesEvent({ eventType: 'Click', mail: createEventMail({ messageId: 'ada@example.org' }) }),
    ],
    ['Click', createSesEvent({ eventType: 'Click', mail: createEventMail({ messageId: 'a'.repeat(101) }) })],
    ['AmazonSnsSubscriptionSucceeded', { notificationType: 'AmazonSnsSubscriptionSucceeded', message: 'x' }],
    ['SubscriptionConfirmation', toEnvelope('Visit this.', { Type: 'SubscriptionConfirmation' })],
    [
      'TopicValidated',
      toEnvelope(undefined, {
        Message: 'Successfully validated SNS topic for Amazon SES event publishing.',
      }),
    ],
  ])('%s, without an id that can be logged', (what, message) => {
    expect(parse(message)).toEqual({ kind: 'unknown', what });
  });

  test.each([
    ['x', 'm'],
    ['x'.repeat(60), 'm'.repeat(100)],
  ])('named %s, with the id %s', (what, messageId) => {
    const event = createSesEvent({ eventType: what, mail: createEventMail({ messageId }) });

    expect(parse(event)).toEqual({ kind: 'unknown', what, messageId });
    expect(parse({ ...event, eventType: 'x'.repeat(61) })).toMatchObject({ what: 'something else' });
  });

  test.each([
    ['of another type', createBounceEvent('Temporary', 'General')],
    ['of no type', createSesEvent({ eventType: 'Bounce' })],
  ])('a bounce %s, which still proves that the mail was sent', (_, message) => {
    expect(parse(message)).toMatchObject({
      kind: 'unknown',
      what: 'Bounce',
      messageId: 'message-1',
      sent: { kind: 'sent', digest: FEEDBACK_KEY, messageId: 'message-1' },
    });
  });
});

describe('a message that is not an event', () => {
  test.each([
    null,
    'text',
    7,
    [],
    {},
    { edition: { cadence: 'daily' } },
    toEnvelope({}),
    toEnvelope(0, { Message: '' }),
    toEnvelope(0, { Message: 'Good morning to ada@example.org' }),
  ])('refuses %j, and does not quote it', (message) => {
    const read = () => parse(message);

    expect(read).toThrow(InvalidInputError);
    expect(read).toThrow(/holds no SES event|is not JSON/);
    expect(read).not.toThrow(/ada@example/);
  });

  test('is one without a type, whatever else it has', () => {
    const types = fc.constantFrom(
      'Send',
      'Delivery',
      'Bounce',
      'Complaint',
      'Reject',
      'DeliveryDelay',
      'Open',
    );
    const part = fc.oneof(
      fc.jsonValue(),
      fc.dictionary(
        fc.constantFrom('timestamp', 'recipients', 'tags', 'messageId', 'bounceType', 'bouncedRecipients'),
        fc.jsonValue(),
      ),
    );
    const parts = fc.dictionary(fc.constantFrom('mail', 'bounce', 'complaint', 'delivery', 'reject'), part);

    fc.assert(
      fc.property(types, parts, fc.boolean(), (eventType, event, isWrapped) => {
        const message = { ...createSesEvent(), ...event, eventType };

        expect(() => parse(isWrapped ? toEnvelope(message) : message)).not.toThrow();
        expect(() => parse(event)).toThrow(InvalidInputError);
      }),
    );
  });
});
