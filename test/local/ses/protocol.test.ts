import {
  ConfigurationSetDoesNotExistException,
  GetAccountSendingEnabledCommand,
  GetSendQuotaCommand,
  ListIdentitiesCommand,
  type SendRawEmailCommandInput,
} from '@aws-sdk/client-ses';
import { describe, expect, test } from '@jest/globals';
import { Hono } from 'hono';
import { createHandClock } from '../../../local/hand-clock.ts';
import { createSesEndpoint } from '../../../local/ses/endpoint.ts';
import { makeFolder, START, startSes, toBytes, toMessage } from './ses-fixture.ts';

const FROM = 'From: Daily <daily@example.org>';

/** A message with these header lines. */
function rawMessage(...lines: readonly string[]) {
  return { RawMessage: { Data: toBytes(toMessage(lines)) } };
}

describe('SendRawEmail', () => {
  test('answers with the id under which the message, its envelope and its tags are kept', async () => {
    const ses = await startSes();

    const messageId = await ses.send({
      Source: 'Daily <daily@example.org>',
      Destinations: ['ada@example.net', 'Grace <grace@example.net>'],
      RawMessage: { Data: toBytes(toMessage([FROM, 'Subject: =?utf-8?Q?Caf=C3=A9?= & <papers>'])) },
      Tags: [
        { Name: 'edition', Value: '2026-01-05' },
        { Name: 'cadence', Value: 'daily' },
      ],
      ConfigurationSetName: 'digests',
    });

    expect(messageId).toMatch(/^0100[0-9a-f]{12}-[0-9a-f-]{36}-000000$/);
    expect(ses.server.store.list()).toEqual([
      {
        number: 1,
        messageId,
        acceptedAt: '2026-01-05T08:00:00.000Z',
        source: 'Daily <daily@example.org>',
        destinations: ['ada@example.net', 'Grace <grace@example.net>'],
        tags: [
          { name: 'edition', value: '2026-01-05' },
          { name: 'cadence', value: 'daily' },
        ],
        configurationSetName: 'digests',
        subject: 'Café & <papers>',
        sizeBytes: Buffer.byteLength(await ses.raw(messageId)),
      },
    ]);
  });

  test('takes sender and recipients from the message where the request names none', async () => {
    const ses = await startSes();

    await ses.send({
      Source: undefined,
      Destinations: undefined,
      ...rawMessage(FROM, 'To: a@example.net, B <b@example.net>', 'Cc: c@example.net', 'Bcc: d@example.net'),
    });

    expect(ses.server.store.list()).toMatchObject([
      {
        source: 'Daily <daily@example.org>',
        destinations: ['a@example.net', 'b@example.net', 'c@example.net', 'd@example.net'],
      },
    ]);
  });

  test('sends the message on with its own Message-ID and Date, without Bcc, and otherwise as it came', async () => {
    const ses = await startSes();
    const body = 'grüße\r\nBcc: this line is text\r\n';

    const messageId = await ses.send({
      RawMessage: {
        Data: toBytes(
          toMessage(
            [
              FROM,
              'message-id: <mine@example.org>',
              'BCC: x@example.net,\r\n y@example.net',
              'X-Fold: a\r\n\tb',
              'Date: never',
            ],
            body,
          ),
        ),
      },
    });

    expect(await ses.raw(messageId)).toBe(
      `${FROM}\r\nX-Fold: a\r\n\tb\r\nMessage-ID: <${messageId}@email.amazonses.com>\r\n` +
        `Date: Mon, 05 Jan 2026 08:00:00 +0000\r\n\r\n${body}`,
    );
  });

  test('accepts 50 recipients, 10 MB, tags of 255 characters, a subdomain and a capital in a verified domain', async () => {
    const ses = await startSes();
    const head = toMessage([FROM], '');
    const letters = 'aZ9_-'.repeat(51);

    await ses.send({ Destinations: Array.from({ length: 50 }, (_, n) => `r${n}@example.net`) });
    await ses.send({ RawMessage: { Data: toBytes(head + '+'.repeat(10_485_760 - head.length)) } });
    await ses.send({ Tags: [{ Name: letters, Value: letters }] });
    await ses.send({ Source: 'Daily@Mail.Example.ORG' });

    expect(ses.server.store.list()).toHaveLength(4);
  });

  test.each<[string, Partial<SendRawEmailCommandInput>, string, string]>([
    [
      'a sender that is not verified',
      { Source: 'x@evil.example' },
      'MessageRejected',
      'Email address is not verified. The following identities failed the check in region US-EAST-1: x@evil.example',
    ],
    [
      'a domain that only ends like a verified one',
      { Source: 'x@notexample.org' },
      'MessageRejected',
      'Email address is not verified. The following identities failed the check in region US-EAST-1: x@notexample.org',
    ],
    [
      'a From that is not verified behind a Source that is',
      rawMessage('From: X <x@evil.example>'),
      'MessageRejected',
      'Email address is not verified. The following identities failed the check in region US-EAST-1: X <x@evil.example>',
    ],
    [
      'a message without From',
      rawMessage('Subject: x'),
      'InvalidParameterValue',
      "Missing required header 'From'.",
    ],
    [
      'two subjects',
      rawMessage(FROM, 'Subject: a', 'SUBJECT: b'),
      'InvalidParameterValue',
      "Duplicate header 'Subject'.",
    ],
    [
      'no recipient anywhere',
      { Destinations: undefined, ...rawMessage(FROM) },
      'InvalidParameterValue',
      "Missing required header 'To'.",
    ],
    [
      'more than 50 recipients',
      { Destinations: Array.from({ length: 51 }, (_, n) => `r${n}@example.net`) },
      'InvalidParameterValue',
      'Recipient count exceeds 50.',
    ],
    [
      'a message over 10 MB',
      { RawMessage: { Data: toBytes(toMessage([FROM], '').padEnd(10_485_761, '+')) } },
      'InvalidParameterValue',
      "Message length is more than 10485760 bytes long: '10485761'.",
    ],
    [
      'an empty message',
      { RawMessage: { Data: new Uint8Array() } },
      'ValidationError',
      "1 validation error detected: Value null at 'rawMessage.data' failed to satisfy constraint: Member must not be null",
    ],
    [
      'a local part that is not ASCII',
      { Destinations: ['ada@example.net', 'dån@example.net'] },
      'InvalidParameterValue',
      'Local address contains control or whitespace',
    ],
    [
      'a blank in a local part',
      { Destinations: ['some one@example.net'] },
      'InvalidParameterValue',
      'Local address contains control or whitespace',
    ],
    [
      'a local part that is not ASCII in the message',
      { Destinations: undefined, ...rawMessage(FROM, 'To: dån@example.net') },
      'InvalidParameterValue',
      'Local address contains control or whitespace',
    ],
    [
      'a domain that is not ASCII',
      { Destinations: ['ada@dömäin.example'] },
      'InvalidParameterValue',
      'Domain contains illegal character',
    ],
    [
      'an address without a domain',
      { Destinations: ['ada'] },
      'InvalidParameterValue',
      "Missing final '@domain'",
    ],
    [
      'an address without a local part',
      { Destinations: ['@example.net'] },
      'InvalidParameterValue',
      'Missing local name',
    ],
    [
      'an illegal character in a local part',
      { Destinations: ['a:b@example.net'] },
      'InvalidParameterValue',
      'Local address contains illegal character',
    ],
    [
      'two dots in a local part',
      { Destinations: ['a..b@example.net'] },
      'InvalidParameterValue',
      'Local address contains dot-dot',
    ],
    [
      'a tag name with a dot',
      { Tags: [{ Name: 'a.b', Value: 'x' }] },
      'InvalidParameterValue',
      "Invalid tag name <a.b>: only alphanumeric ASCII characters, '_', and '-' are allowed.",
    ],
    [
      'a tag value with markup and a character XML cannot hold',
      { Tags: [{ Name: 'a', Value: '<&\u0001>' }] },
      'InvalidParameterValue',
      "Invalid tag value <<&\uFFFD>>: only alphanumeric ASCII characters, '_', and '-' are allowed.",
    ],
    [
      'a tag value of 256 characters',
      { Tags: [{ Name: 'a', Value: 'x'.repeat(256) }] },
      'InvalidParameterValue',
      'Tag value cannot exceed 255 characters.',
    ],
    [
      'an empty tag value',
      { Tags: [{ Name: 'a', Value: '' }] },
      'InvalidParameterValue',
      'The tag value must be specified.',
    ],
    [
      'a configuration set that nobody made',
      { ConfigurationSetName: 'nobody' },
      'ConfigurationSetDoesNotExistException',
      'Configuration set <nobody> does not exist.',
    ],
  ])('refuses %s, with status 400, and keeps nothing', async (_, input, name, message) => {
    const ses = await startSes();

    await expect(ses.send(input)).rejects.toMatchObject({
      name,
      message,
      $metadata: { httpStatusCode: 400, requestId: expect.stringMatching(/^[0-9a-f-]{36}$/) },
    });
    expect(ses.server.store.list()).toEqual([]);
    expect(ses.server.account.quota().sentLast24Hours).toBe(0);
  });

  test('surfaces a missing configuration set as the class that the SDK has for it', async () => {
    const ses = await startSes();

    const error = await ses.send({ ConfigurationSetName: 'nobody' }).catch((thrown: unknown) => thrown);

    expect(error).toBeInstanceOf(ConfigurationSetDoesNotExistException);
    expect(error).toMatchObject({ ConfigurationSetName: 'nobody' });
  });

  test('takes a verified address for itself, not for its domain', async () => {
    const ses = await startSes({ identities: ['Ops@example.net'] });
    const fromOps = rawMessage('From: ops@example.net');

    await ses.send({ Source: 'ops@Example.net', ...fromOps });
    await expect(ses.send({ Source: 'eve@example.net', ...fromOps })).rejects.toMatchObject({
      name: 'MessageRejected',
      message: expect.stringMatching(/: eve@example\.net$/),
    });

    expect(ses.server.store.list()).toHaveLength(1);
  });

  test('mails in the sandbox only verified recipients and the mailbox simulator', async () => {
    const ses = await startSes({ isSandbox: true, region: 'eu-west-1' });

    await ses.send({ Destinations: ['me@example.org', 'success+1@simulator.amazonses.com'] });
    await expect(ses.send({ Destinations: ['me@example.org', 'ada@example.net'] })).rejects.toMatchObject({
      name: 'MessageRejected',
      message:
        'Email address is not verified. The following identities failed the check in region EU-WEST-1: ada@example.net',
    });

    expect(ses.server.store.list()).toHaveLength(1);
  });
});

describe('the account', () => {
  test('tells its quota', async () => {
    const ses = await startSes({ maxSendRate: 2.5, max24HourSend: 200 });
    await ses.send({ Destinations: ['a@example.net', 'b@example.net'] });

    expect(await ses.client.send(new GetSendQuotaCommand({}))).toMatchObject({
      Max24HourSend: 200,
      MaxSendRate: 2.5,
      SentLast24Hours: 2,
    });
  });

  test('lets one second of messages through at once and more as time passes', async () => {
    const ses = await startSes({ maxSendRate: 2 });
    const tooFast = {
      name: 'Throttling',
      message: 'Maximum sending rate exceeded.',
      $metadata: { httpStatusCode: 400 },
    };

    await ses.send();
    await ses.send();
    await expect(ses.send()).rejects.toMatchObject(tooFast);
    ses.clock.moveBy(499);
    await expect(ses.send()).rejects.toMatchObject(tooFast);
    ses.clock.moveBy(1);
    await ses.send();

    expect(ses.server.store.list()).toHaveLength(3);
  });

  test('counts recipients over a rolling 24 hours', async () => {
    const ses = await startSes({ max24HourSend: 3 });
    const pair = { Destinations: ['a@example.net', 'b@example.net'] };
    const usedUp = {
      name: 'Throttling',
      message: 'Daily message quota exceeded.',
      $metadata: { httpStatusCode: 400 },
    };

    await ses.send(pair);
    ses.clock.moveBy(60_000);
    await expect(ses.send(pair)).rejects.toMatchObject(usedUp);
    await ses.send();
    await expect(ses.send()).rejects.toMatchObject(usedUp);
    ses.clock.moveBy(24 * 3_600_000 - 60_001);
    await expect(ses.send()).rejects.toMatchObject(usedUp);
    ses.clock.moveBy(1);
    await ses.send(pair);

    expect(await ses.client.send(new GetSendQuotaCommand({}))).toMatchObject({ SentLast24Hours: 3 });
  });

  test('has no quota where it is -1', async () => {
    const ses = await startSes({ max24HourSend: -1 });

    await ses.send();

    expect(await ses.client.send(new GetSendQuotaCommand({}))).toMatchObject({
      Max24HourSend: -1,
      SentLast24Hours: 1,
    });
  });

  test('sends nothing while it is paused, and says so', async () => {
    const ses = await startSes();
    const isEnabled = async () => (await ses.client.send(new GetAccountSendingEnabledCommand({}))).Enabled;

    ses.server.account.pause();
    expect(await isEnabled()).toBe(false);
    await expect(ses.send()).rejects.toMatchObject({ name: 'AccountSendingPausedException' });
    ses.server.account.resume();
    expect(await isEnabled()).toBe(true);
    await ses.send();

    expect(ses.server.store.list()).toHaveLength(1);
  });
});

describe('the protocol', () => {
  test('refuses an action it does not know, by name', async () => {
    const ses = await startSes();

    await expect(ses.client.send(new ListIdentitiesCommand({}))).rejects.toMatchObject({
      name: 'InvalidAction',
      message: 'Could not find operation ListIdentities for version 2010-12-01',
      $metadata: { httpStatusCode: 400 },
    });
  });

  test.each(['/ses', '/ses/'])(
    'answers at %s of a server that tells paths with and without a slash apart',
    async (path) => {
      const endpoint = await createSesEndpoint({
        folder: await makeFolder(),
        identities: [],
        clock: createHandClock(START),
      });
      const app = new Hono().route('/ses', endpoint.routes);

      const answer = await app.request(path, { method: 'POST', body: 'Action=GetAccountSendingEnabled' });

      expect(answer.headers.get('content-type')).toBe('text/xml');
      expect(await answer.text()).toContain('<Enabled>true</Enabled>');
    },
  );
});

describe('a restart', () => {
  test('keeps the inbox, goes on counting messages, and knows what was sent in the last 24 hours', async () => {
    const folder = await makeFolder();
    const first = await startSes({ folder, max24HourSend: 4 });
    const old = await first.send();
    first.clock.moveBy(12 * 3_600_000);
    const recent = await first.send({ Destinations: ['a@example.net', 'b@example.net'] });
    const before = first.server.store.list();
    await first.server.close();

    const clock = createHandClock(first.clock.now());
    clock.moveBy(12 * 3_600_000);
    const second = await startSes({ folder, max24HourSend: 4, clock });

    expect(before).toHaveLength(2);
    expect(second.server.store.list()).toEqual(before);
    expect(await second.raw(old)).toContain('Good morning.');
    expect(second.server.account.quota().sentLast24Hours).toBe(2);
    await second.send({ Destinations: ['a@example.net', 'b@example.net'] });
    expect(second.server.store.list().map(({ number }) => number)).toEqual([1, 2, 3]);
    expect(second.server.store.find(recent)?.number).toBe(2);
    await expect(second.send()).rejects.toMatchObject({ message: 'Daily message quota exceeded.' });
  });
});
