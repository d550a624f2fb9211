import { describe, expect, test } from '@jest/globals';
import { FROM, postMessage, rawMessage } from './raw-message-fixture.ts';
import { startSes, toBytes, toMessage } from './ses-fixture.ts';

describe('SendRawEmail', () => {
  test('answers with the id of the stored message, envelope and tags, and announces the message', async () => {
    const announced: unknown[] = [];
    const ses = await startSes({ onMail: (message) => announced.push(message) });

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
    expect(announced).toEqual(ses.server.store.list());
  });

  test('takes sender and recipients from the message if the request names none', async () => {
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

  test('replaces Message-ID and Date, removes Bcc, and keeps the rest of the message', async () => {
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
    expect(await postMessage(ses, head.padEnd(10_485_760, '+'))).toMatchObject({ status: 200 });
    await ses.send({ Tags: [{ Name: letters, Value: letters }] });
    await ses.send({ Source: 'Daily@Mail.Example.ORG' });

    expect(ses.server.store.list()).toHaveLength(4);
  });

  test('accepts a verified address but not its domain', async () => {
    const ses = await startSes({ identities: ['Ops@example.net'] });
    const fromOps = rawMessage('From: ops@example.net');

    await ses.send({ Source: 'ops@Example.net', ...fromOps });
    await expect(ses.send({ Source: 'eve@example.net', ...fromOps })).rejects.toMatchObject({
      name: 'MessageRejected',
      message: expect.stringMatching(/: eve@example\.net$/),
    });

    expect(ses.server.store.list()).toHaveLength(1);
  });
});
