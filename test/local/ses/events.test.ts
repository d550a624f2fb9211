import { SNSClient } from '@aws-sdk/client-sns';
import { ReceiveMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import { describe, expect, test } from '@jest/globals';
import { startFauxqs } from 'fauxqs';
import type { SesEvent } from '../../../local/ses/event.ts';
import { createSnsPublisher } from '../../../local/ses/event.ts';
import { atEnd, startSes, toBytes, toMessage } from './ses-fixture.ts';

const AT = '2026-01-05T08:00:00.000Z';
const feedbackId = expect.stringMatching(/^0100[0-9a-f]{12}-[0-9a-f-]{36}-000000$/);

/** The events about one message to an address of the mailbox simulator. */
async function eventsTo(recipient: string): Promise<readonly SesEvent[]> {
  const ses = await startSes();
  await ses.send({ Destinations: [recipient], ConfigurationSetName: 'digests' });
  await ses.server.settled();
  expect(ses.server.store.list()).toHaveLength(1);
  return ses.events;
}

const send = { eventType: 'Send', send: {} };

function delivery(recipient: string) {
  return {
    eventType: 'Delivery',
    delivery: {
      timestamp: AT,
      processingTimeMillis: 0,
      recipients: [recipient],
      smtpResponse: '250 2.6.0 Message received',
      reportingMTA: 'a1-1.smtp-out.amazonses.com',
    },
  };
}

describe('the events about a message', () => {
  test.each(['ada@example.net', 'success@simulator.amazonses.com', 'unknown@simulator.amazonses.com'])(
    'to %s report that it was sent and delivered',
    async (recipient) => {
      const events = await eventsTo(recipient);

      expect(events).toEqual([expect.objectContaining(send), expect.objectContaining(delivery(recipient))]);
    },
  );

  test.each([
    'bounce@simulator.amazonses.com',
    'Bounce+label@Simulator.AmazonSES.com',
    'B <bounce@simulator.amazonses.com>',
  ])('to %s report a permanent bounce', async (recipient) => {
    const events = await eventsTo(recipient);

    expect(events).toEqual([
      expect.objectContaining(send),
      {
        eventType: 'Bounce',
        mail: expect.objectContaining({ destination: [recipient] }),
        bounce: {
          bounceType: 'Permanent',
          bounceSubType: 'General',
          bouncedRecipients: [
            {
              emailAddress: recipient,
              action: 'failed',
              status: '5.1.1',
              diagnosticCode: 'smtp; 550 5.1.1 user unknown',
            },
          ],
          timestamp: AT,
          feedbackId,
          reportingMTA: 'dns; a1-1.smtp-out.amazonses.com',
        },
      },
    ]);
  });

  test('to the suppressed address report a permanent bounce by SES itself', async () => {
    const events = await eventsTo('suppressionlist@simulator.amazonses.com');

    expect(events).toEqual([
      expect.objectContaining(send),
      expect.objectContaining({
        bounce: expect.objectContaining({ bounceType: 'Permanent', reportingMTA: 'dns; amazonses.com' }),
      }),
    ]);
  });

  test('to the out-of-office address report a delivery, then a transient bounce without a reason', async () => {
    const recipient = 'ooto@simulator.amazonses.com';

    const events = await eventsTo(recipient);

    expect(events).toEqual([
      expect.objectContaining(send),
      expect.objectContaining(delivery(recipient)),
      expect.objectContaining({
        eventType: 'Bounce',
        bounce: {
          bounceType: 'Transient',
          bounceSubType: 'General',
          bouncedRecipients: [{ emailAddress: recipient }],
          timestamp: AT,
          feedbackId,
        },
      }),
    ]);
  });

  test('to the complaining address report a delivery, then the complaint', async () => {
    const recipient = 'complaint@simulator.amazonses.com';

    const events = await eventsTo(recipient);

    expect(events).toEqual([
      expect.objectContaining(send),
      expect.objectContaining(delivery(recipient)),
      expect.objectContaining({
        eventType: 'Complaint',
        complaint: {
          complainedRecipients: [{ emailAddress: recipient }],
          timestamp: AT,
          feedbackId,
          complaintSubType: null,
          complaintFeedbackType: 'abuse',
          userAgent: 'Amazon SES Mailbox Simulator',
          arrivalDate: AT,
        },
      }),
    ]);
  });

  test('describe the message, with its tags and those of SES', async () => {
    const ses = await startSes();

    const messageId = await ses.send({
      Source: 'Daily <daily@example.org>',
      Destinations: ['ada@example.net'],
      RawMessage: {
        Data: toBytes(
          toMessage([
            'Message-ID: <mine@example.org>',
            'Date: Mon, 5 Jan 2026 07:59:59 +0000',
            'From: =?utf-8?Q?D=C3=A4ily?= <daily@example.org>',
            'To: ada@example.net',
            'Subject: Five =?utf-8?Q?f=C3=BCr?= you',
            'Bcc: hidden@example.net',
          ]),
        ),
      },
      Tags: [
        { Name: 'edition', Value: '2026-01-05' },
        { Name: 'edition', Value: 'second' },
      ],
      ConfigurationSetName: 'digests',
    });
    await ses.server.settled();

    expect(ses.events[0]?.mail).toEqual({
      timestamp: AT,
      source: 'Daily <daily@example.org>',
      sourceArn: 'arn:aws:ses:us-east-1:123456789012:identity/example.org',
      sendingAccountId: '123456789012',
      messageId,
      destination: ['ada@example.net'],
      headersTruncated: false,
      headers: [
        { name: 'Message-ID', value: '<mine@example.org>' },
        { name: 'Date', value: 'Mon, 5 Jan 2026 07:59:59 +0000' },
        { name: 'From', value: '=?utf-8?Q?D=C3=A4ily?= <daily@example.org>' },
        { name: 'To', value: 'ada@example.net' },
        { name: 'Subject', value: 'Five =?utf-8?Q?f=C3=BCr?= you' },
      ],
      commonHeaders: {
        from: ['Däily <daily@example.org>'],
        date: 'Mon, 5 Jan 2026 07:59:59 +0000',
        to: ['ada@example.net'],
        messageId,
        subject: 'Five für you',
      },
      tags: {
        'ses:operation': ['SendRawEmail'],
        'ses:configuration-set': ['digests'],
        'ses:source-ip': ['127.0.0.1'],
        'ses:from-domain': ['example.org'],
        'ses:caller-identity': ['local'],
        edition: ['2026-01-05', 'second'],
      },
    });
    expect(ses.events[1]?.mail.tags).toHaveProperty('ses:outgoing-ip');
  });

  test('report the outcome for each recipient', async () => {
    const ses = await startSes();

    await ses.send({
      Destinations: ['ada@example.net', 'bounce@simulator.amazonses.com'],
      ConfigurationSetName: 'digests',
    });
    await ses.server.settled();

    expect(ses.events.map(({ eventType }) => eventType)).toEqual(['Send', 'Delivery', 'Bounce']);
  });

  test.each([
    ['names no configuration set', {}],
    ['names one without an event destination', { ConfigurationSetName: 'silent' }],
  ])('are not published when it %s', async (_, input) => {
    const ses = await startSes();

    await ses.send(input);
    await ses.send({ ConfigurationSetName: 'digests', Destinations: ['control@example.net'] });
    await ses.server.settled();

    expect(ses.server.store.list()).toHaveLength(2);
    expect(ses.events.map(({ mail }) => mail.destination)).toEqual([
      ['control@example.net'],
      ['control@example.net'],
    ]);
  });

  test('are published only if the destination wants their kind', async () => {
    const ses = await startSes({
      configurationSets: [{ name: 'feedback', eventTypes: ['Bounce', 'Complaint'] }],
    });

    await ses.send({ Destinations: ['complaint@simulator.amazonses.com'], ConfigurationSetName: 'feedback' });
    await ses.server.settled();

    expect(ses.events.map(({ eventType }) => eventType)).toEqual(['Complaint']);
  });

  test('continue after one that could not be published, and report that error', async () => {
    const published: string[] = [];
    const failures: unknown[] = [];
    const lost = new Error('no topic');
    const ses = await startSes({
      publish: async ({ eventType }) => {
        if (eventType === 'Send') throw lost;
        published.push(eventType);
      },
      onPublishError: (error) => failures.push(error),
    });

    await ses.send({ ConfigurationSetName: 'digests' });
    await ses.server.settled();

    expect(failures).toEqual([lost]);
    expect(published).toEqual(['Delivery']);
  });
});

test('events reach a queue through a real topic, in the envelope and text of SES', async () => {
  const cloud = await startFauxqs({ port: 0, logger: false });
  atEnd(() => cloud.stop());
  const { topicArn } = cloud.createTopic('ses-events');
  const { queueUrl } = cloud.createQueue('feedback');
  cloud.subscribe({ topic: 'ses-events', queue: 'feedback' });
  const config = {
    endpoint: cloud.address,
    region: 'us-east-1',
    credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
  };
  const sns = new SNSClient(config);
  const sqs = new SQSClient(config);
  atEnd(async () => sns.destroy());
  atEnd(async () => sqs.destroy());
  const ses = await startSes({ publish: createSnsPublisher(sns, topicArn) });

  const messageId = await ses.send({
    Destinations: ['bounce@simulator.amazonses.com'],
    ConfigurationSetName: 'digests',
    Tags: [{ Name: 'edition', Value: '2026-01-05' }],
  });
  await ses.server.settled();
  const { Messages = [] } = await sqs.send(
    new ReceiveMessageCommand({ QueueUrl: queueUrl, MaxNumberOfMessages: 10, WaitTimeSeconds: 5 }),
  );

  const envelopes = Messages.map(({ Body = '' }) => JSON.parse(Body));
  expect(envelopes).toHaveLength(2);
  expect(envelopes[0]).toMatchObject({
    Type: 'Notification',
    TopicArn: topicArn,
    Subject: 'Amazon SES Email Event Notification',
    Message: expect.stringMatching(/^\{.*\}\n$/),
  });
  expect(envelopes.map(({ Message }) => JSON.parse(Message))).toMatchObject([
    { eventType: 'Send' },
    {
      eventType: 'Bounce',
      bounce: { bounceType: 'Permanent' },
      mail: { messageId, tags: { 'ses:configuration-set': ['digests'], edition: ['2026-01-05'] } },
    },
  ]);
});
