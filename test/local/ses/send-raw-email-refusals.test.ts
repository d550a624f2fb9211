import { ConfigurationSetDoesNotExistException, type SendRawEmailCommandInput } from '@aws-sdk/client-ses';
import { describe, expect, test } from '@jest/globals';
import { FROM, postMessage, rawMessage } from './raw-message-fixture.ts';
import { startSes, toMessage } from './ses-fixture.ts';

describe('SendRawEmail', () => {
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
      'an unverified From with a verified Source',
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
      'a configuration set that does not exist',
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

  test('refuses a message over 10 MB', async () => {
    const ses = await startSes();

    const { status, answer } = await postMessage(ses, toMessage([FROM], '').padEnd(10_485_761, '+'));

    expect(status).toBe(400);
    expect(answer).toContain('<Code>InvalidParameterValue</Code>');
    expect(answer).toMatch(/Message length is more than 10485760 bytes long: (&#39;|')10485761/);
    expect(ses.server.store.list()).toEqual([]);
  });

  test('gives the SDK’s own error class for a missing configuration set', async () => {
    const ses = await startSes();

    const error = await ses.send({ ConfigurationSetName: 'nobody' }).catch((thrown: unknown) => thrown);

    expect(error).toBeInstanceOf(ConfigurationSetDoesNotExistException);
    expect(error).toMatchObject({ ConfigurationSetName: 'nobody' });
  });
});
