import { createHash, createHmac } from 'node:crypto';
import { createServer, type Server } from 'node:net';
import { Readable } from 'node:stream';
import { SESClient, SendRawEmailCommand } from '@aws-sdk/client-ses';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { Sha256 } from '@smithy/core/checksum';
import { HttpRequest, HttpResponse } from '@smithy/core/protocols';
import { SignatureV4 } from '@smithy/signature-v4';
import { LOOPBACK, localClientOptions } from '../../../local/emulators/loopback.ts';
import { NotSentError } from '../../../shared/adapters/connections.ts';
import { createSesClient, createSesMailer } from '../../../shared/adapters/ses/mailer.ts';
import { REPLACED_STEPS } from '../../../shared/adapters/ses/send-mail-command.ts';
import { toSendResult } from '../../../shared/adapters/ses/send-result.ts';
import { createFormSigner, FORM_TYPE } from '../../../shared/adapters/ses/sign-form.ts';
import { toFormBase64 } from '../../../shared/mail/piece.ts';
import type { Mail, SendResult } from '../../../shared/ports/mail.ts';
import {
  type AnswerRequest,
  answerRequests,
  createResponse,
  type SentRequest,
} from '../../fakes/request-handler.ts';
import { fc } from '../../fast-check.ts';

const SENDER = 'papers@example.com';

const TEXT = 'Subject: Five papers\r\n\r\nGood morning, Ada.\r\n';

const MAIL: Mail = {
  from: 'daily@example.org',
  to: 'ada@example.net',
  raw: toFormBase64(TEXT),
  tags: { subscriber: 'abc', period: '2026-01-05' },
};

/** An error as the SDK throws it, or the network under it. */
const createError = (name: string, message = 'no reason given', fields: object = {}) =>
  Object.assign(new Error(message), { name, ...fields });

/** The fields that the SDK adds to an error from an answer. */
const withStatus = (httpStatusCode: number) => ({ $metadata: { httpStatusCode } });

const toNotVerified = (identities: string) =>
  `Email address is not verified. The following identities failed the check in region EU-WEST-1: ${identities}`;

const RATE = 'Maximum sending rate exceeded.';
const QUOTA = 'Daily message quota exceeded.';

describe('a failed call', () => {
  test.each([
    ['Throttling', RATE],
    ['ThrottlingException', RATE],
    ['TooManyRequestsException', RATE],
  ])('%s for the rate: slows down', (name, message) => {
    expect(toSendResult(createError(name, message), SENDER)).toEqual({ kind: 'throttled' });
  });

  test.each(['Throttling', 'ThrottlingException', 'LimitExceeded', 'LimitExceededException'])(
    '%s for the quota of the day: the quota is used up',
    (name) => {
      expect(toSendResult(createError(name, QUOTA), SENDER)).toEqual({ kind: 'quota-used-up' });
    },
  );

  test.each([
    ['MessageRejected', 'Email address is not verified.'],
    ['InvalidParameterValue', 'Missing final "@domain"'],
    ['ValidationError', '1 validation error detected'],
  ])('%s: refuses this mail', (name, message) => {
    expect(toSendResult(createError(name, message), SENDER)).toMatchObject({ kind: 'rejected' });
  });

  test.each([
    ['Email address is not verified.', 'MessageRejected: Email address is not verified.'],
    ['Missing final "@domain"', 'MessageRejected: Missing final (address)'],
    [
      'The following identities failed the check in region EU-WEST-1: Ada@Example.org, <a.b+c@xn--bcher-kva.example>, "ada l"@example.org',
      'MessageRejected: The following identities failed the check in region EU-WEST-1: (address) (address) (address)',
    ],
    ['one line\n  and another', 'MessageRejected: one line and another'],
  ])('a refusal has the message of SES, without addresses: %j', (message, reason) => {
    expect(toSendResult(createError('MessageRejected', message), SENDER)).toEqual({
      kind: 'rejected',
      reason,
    });
  });

  test('the reason of a refusal is always short and has no address', () => {
    const texts = fc.array(fc.oneof(fc.emailAddress(), fc.string()), { maxLength: 60 });
    fc.assert(
      fc.property(
        fc.emailAddress(),
        texts,
        fc.constantFrom('', ' ', ', ', '<'),
        (address, around, separator) => {
          const message = [...around, address, ...around].join(separator);
          const result = toSendResult(createError('ValidationError', message), SENDER);
          const reason = 'reason' in result ? result.reason : '';

          expect(reason).not.toContain('@');
          expect(reason.length).toBeLessThanOrEqual(300);
        },
      ),
    );
  });

  test.each([
    'Sending paused for this account. For more information, please check the inbox of the email address associated with your AWS account.',
    'Sending suspended for this account. For more information, please check the inbox of the email address associated with your AWS account.',
  ])('%s: stops all mail', (message) => {
    const stopped = { kind: 'stopped', reason: 'the account is paused' };

    expect(toSendResult(createError('MessageRejected', message), SENDER)).toEqual(stopped);
    expect(toSendResult(createError('SomethingNew', message), SENDER)).toMatchObject({ kind: 'uncertain' });
  });

  test.each([
    'MailFromDomainNotVerifiedException',
    'ConfigurationSetDoesNotExist',
    'ConfigurationSetDoesNotExistException',
    'ConfigurationSetSendingPausedException',
    'AccountSendingPausedException',
    'AccessDenied',
    'InvalidClientTokenId',
    'CredentialsProviderError',
  ])('%s: stops all mail', (name) => {
    expect(toSendResult(createError(name), SENDER)).toEqual({ kind: 'stopped', reason: name });
  });

  test.each([
    [
      'AccessDeniedException',
      'User: arn:aws:sts::123456789012:assumed-role/send is not authorized to perform: ses:SendRawEmail',
    ],
    [
      'SignatureDoesNotMatch',
      'The request signature we calculated does not match the signature you provided.',
    ],
    ['ExpiredToken', 'The security token included in the request is expired'],
    ['UnrecognizedClientException', 'The security token included in the request is invalid.'],
  ])('%s, with or without a status: stops all mail', (name, message) => {
    const stopped = { kind: 'stopped', reason: name };

    expect(toSendResult(createError(name, message), SENDER)).toEqual(stopped);
    expect(toSendResult(createError(name, message, withStatus(403)), SENDER)).toEqual(stopped);
  });

  test.each([
    ['RequestExpired', 400, 'Request timestamp: Mon, 05 Jan 2026 08:00:00 GMT expired.'],
    ['ExpiredTokenException', 400, 'The security token included in the request is expired'],
    ['IncompleteSignature', 400, 'Authorization header requires existence of a "Signature" parameter.'],
    ['LimitExceeded', 400, 'Number of tags exceeds the limit.'],
    ['NotYetSeen', 499, 'Something new.'],
  ])('%s, an unknown error: nothing was sent', (name, statusCode, message) => {
    expect(toSendResult(createError(name, message, withStatus(statusCode)), SENDER)).toEqual({
      kind: 'stopped',
      reason: name,
    });
  });

  test.each([200, 302, 399, 408, 500, 599])(
    'an error with the status %d does not prove that nothing was sent',
    (statusCode) => {
      expect(toSendResult(createError('NotYetSeen', '', withStatus(statusCode)), SENDER)).toEqual({
        kind: 'uncertain',
        reason: 'NotYetSeen',
      });
    },
  );

  test.each([
    ['InvalidParameterValue', 'Invalid tag value <a:b>: only alphanumeric ASCII characters are allowed.'],
    ['InvalidParameterValue', 'Invalid configuration set name <a b>: only alphanumeric ASCII characters.'],
    ['ValidationError', "1 validation error detected: Value '' at 'source' failed to satisfy constraint"],
    ['ValidationError', "1 validation error detected: Value null at 'tags.1.member.name' failed to satisfy"],
    ['ValidationError', "1 validation error detected: Value 'x' at 'configurationSetName' failed to satisfy"],
  ])('%s about a part that all mails share stops all mail: %s', (name, message) => {
    expect(toSendResult(createError(name, message), SENDER)).toEqual({ kind: 'stopped', reason: name });
  });

  test.each([
    ['InvalidParameterValue', 'Illegal address: source@tags.example'],
    [
      'ValidationError',
      "1 validation error detected: Value '' at 'destinations' failed to satisfy constraint",
    ],
  ])('%s about a part of this mail is a refusal: %s', (name, message) => {
    expect(toSendResult(createError(name, message), SENDER)).toMatchObject({ kind: 'rejected' });
  });

  test.each([
    ['the sender', SENDER, SENDER],
    ['the sender among others', SENDER, `ada@example.org, ${SENDER}`],
    ['the sender in other letters', SENDER, 'Papers@Example.COM'],
    ['the sender with a name', SENDER, `ada@example.org, "Papers, daily" <${SENDER}>`],
    ['the sender with a name', `Papers <${SENDER}>`, `=?utf-8?q?Papers?= <${SENDER}>`],
    ['the sender at the end of a list that was cut', SENDER, `ada@example.org, ${SENDER}...`],
    ["the sender's domain", SENDER, 'example.com'],
  ])('%s is not verified: stops all mail', (_, sender, identities) => {
    expect(toSendResult(createError('MessageRejected', toNotVerified(identities)), sender)).toEqual({
      kind: 'stopped',
      reason: 'the sender is not verified',
    });
  });

  test.each([
    ['a recipient, as in the sandbox', 'ada@example.org'],
    ['a recipient whose address ends like that of the sender', `old${SENDER}`],
    ['a recipient whose address begins like that of the sender', `${SENDER}.example.net`],
    ['a recipient at the domain of the sender', 'ada@example.com'],
    ['a recipient called as the sender', `${SENDER} <ada@example.org>`],
    ['the domain of a recipient', 'mail.example.com'],
    ['nobody', ''],
  ])('%s is not verified: refuses this mail', (_, identities) => {
    expect(toSendResult(createError('MessageRejected', toNotVerified(identities)), SENDER)).toMatchObject({
      kind: 'rejected',
    });
  });

  test.each(['ECONNREFUSED', 'ENOTFOUND', 'ETIMEDOUT', 'DEPTH_ZERO_SELF_SIGNED_CERT'])(
    'no connection, with %s: nothing went out',
    (code) => {
      expect(toSendResult(new NotSentError(code), SENDER)).toEqual({
        kind: 'unreachable',
        reason: code,
      });
    },
  );

  test.each([
    [createError('TimeoutError', 'the request took too long', { code: 'ETIMEDOUT' }), 'ETIMEDOUT'],
    [createError('TimeoutError'), 'TimeoutError'],
    [createError('Error', 'socket hang up', { code: 'ECONNRESET' }), 'ECONNRESET'],
    [createError('Error', 'write', { code: 'EPIPE' }), 'EPIPE'],
    [createError('InternalFailure', '', { $metadata: { httpStatusCode: 500 } }), 'InternalFailure'],
    [createError('ServiceUnavailable', '', { $metadata: { httpStatusCode: 503 } }), 'ServiceUnavailable'],
    [createError('SomethingNew'), 'SomethingNew'],
    ['a text that was thrown', 'UnknownError'],
    [undefined, 'UnknownError'],
  ])('%p: the mail may have been sent', (error, reason) => {
    expect(toSendResult(error, SENDER)).toEqual({ kind: 'uncertain', reason });
  });
});

describe('sending a mail with SES', () => {
  const send = async (answer: AnswerRequest) => {
    const client = createSesClient(localClientOptions('http://127.0.0.1:1'));
    const requests = answerRequests(client, answer);
    const result = await createSesMailer(client, 'digests').send(MAIL);
    return { requests, result };
  };
  const accepted = (id: string) => `<SendRawEmailResponse xmlns="http://ses.amazonaws.com/doc/2010-12-01/">
    <SendRawEmailResult>${id}</SendRawEmailResult></SendRawEmailResponse>`;
  const refused = (code: string, message: string) =>
    `<ErrorResponse xmlns="http://ses.amazonaws.com/doc/2010-12-01/"><Error><Type>Sender</Type>
    <Code>${code}</Code><Message>${message}</Message></Error><RequestId>r-1</RequestId></ErrorResponse>`;

  test('passes the sender, recipient, configuration set and tags, and returns the message id', async () => {
    const { requests, result } = await send(() =>
      createResponse(200, accepted('<MessageId>0100-000000</MessageId>')),
    );

    expect(result).toEqual({ kind: 'accepted', messageId: '0100-000000' });
    expect(requests).toHaveLength(1);
    const { 'RawMessage.Data': data = '', ...query } = Object.fromEntries(
      new URLSearchParams(requests[0]?.body),
    );
    expect(query).toEqual({
      Action: 'SendRawEmail',
      Version: '2010-12-01',
      Source: 'daily@example.org',
      'Destinations.member.1': 'ada@example.net',
      ConfigurationSetName: 'digests',
      'Tags.member.1.Name': 'subscriber',
      'Tags.member.1.Value': 'abc',
      'Tags.member.2.Name': 'period',
      'Tags.member.2.Value': '2026-01-05',
    });
    expect(atob(data)).toBe(TEXT);
  });

  test.each<[string, number, string, SendResult]>([
    ['a rate', 400, refused('Throttling', RATE), { kind: 'throttled' }],
    ['a quota', 400, refused('Throttling', QUOTA), { kind: 'quota-used-up' }],
    ['a limit', 400, refused('LimitExceeded', QUOTA), { kind: 'quota-used-up' }],
    [
      'a refusal',
      400,
      refused('MessageRejected', 'Address blacklisted.'),
      { kind: 'rejected', reason: 'MessageRejected: Address blacklisted.' },
    ],
    [
      'a missing set',
      400,
      refused('ConfigurationSetDoesNotExist', 'No such set.'),
      { kind: 'stopped', reason: 'ConfigurationSetDoesNotExistException' },
    ],
    [
      'a paused account',
      400,
      refused('AccountSendingPausedException', 'Paused.'),
      { kind: 'stopped', reason: 'AccountSendingPausedException' },
    ],
    [
      'an account that SES paused',
      400,
      refused('MessageRejected', 'Sending paused for this account. For more information, …'),
      { kind: 'stopped', reason: 'the account is paused' },
    ],
    [
      'an expired signature',
      400,
      refused('RequestExpired', 'Request has expired.'),
      { kind: 'stopped', reason: 'RequestExpired' },
    ],
    [
      'a fault of SES',
      500,
      refused('InternalFailure', 'Try again.'),
      { kind: 'uncertain', reason: 'InternalFailure' },
    ],
    [
      'a refusal of something that is not SES',
      403,
      '<html><body>Forbidden</html>',
      { kind: 'stopped', reason: 'Error' },
    ],
    ['no message id', 200, accepted(''), { kind: 'uncertain', reason: 'an answer without a message id' }],
  ])('reads %s from the answer, and makes one request', async (_, statusCode, body, expected) => {
    const { requests, result } = await send(() => createResponse(statusCode, body));

    expect(result).toEqual(expected);
    expect(requests).toHaveLength(1);
  });

  test.each([
    createError('TimeoutError', 'the request took too long', { code: 'ETIMEDOUT' }),
    createError('Error', 'socket hang up', { code: 'ECONNRESET' }),
  ])('makes no second request after %p', async (error) => {
    const { requests, result } = await send(() => Promise.reject(error));

    expect(result).toMatchObject({ kind: 'uncertain' });
    expect(requests).toHaveLength(1);
  });

  test('reads an answer that comes in parts', async () => {
    const text = accepted('<MessageId>0100-000000</MessageId>');
    const { result } = await send(() => ({
      ...createResponse(200, ''),
      body: Readable.from([Buffer.from(text.slice(0, 150)), Buffer.from(text.slice(150))]),
    }));

    expect(result).toEqual({ kind: 'accepted', messageId: '0100-000000' });
  });

  test('an answer that breaks off is uncertain after one request', async () => {
    const { requests, result } = await send(() => ({
      ...createResponse(200, ''),
      body: Readable.from(
        (async function* () {
          yield Buffer.from('<SendRawEmailResponse>');
          throw createError('Error', 'aborted', { code: 'ECONNRESET' });
        })(),
      ),
    }));

    expect(result).toEqual({ kind: 'uncertain', reason: 'ECONNRESET' });
    expect(requests).toHaveLength(1);
  });

  test('begins in the next turn of the event loop, so mails of one turn go out together', async () => {
    const client = createSesClient(localClientOptions('http://127.0.0.1:1'));
    const requests = answerRequests(client, () => createResponse(200, accepted('<MessageId>1</MessageId>')));
    const mailer = createSesMailer(client, 'digests');

    const first = mailer.send(MAIL);
    await new Promise(process.nextTick);
    const second = mailer.send(MAIL);
    await new Promise(process.nextTick);
    expect(requests).toHaveLength(0);
    await Promise.all([first, second]);

    expect(requests).toHaveLength(2);
  });

  test('uses the memory of an accepted mail again, but not of one that is in flight or has an unknown outcome', async () => {
    const client = createSesClient(localClientOptions('http://127.0.0.1:1'));
    const mailer = createSesMailer(client, 'digests');
    const inFlight: { body: Buffer; to: string | null; answer: (text: string) => void; fail: () => void }[] =
      [];
    client.config.requestHandler.handle = ({ body }: HttpRequest) =>
      new Promise((resolve, reject) => {
        const to = new URLSearchParams(body.toString()).get('Destinations.member.1');
        const answer = (text: string) =>
          resolve({ response: new HttpResponse({ statusCode: 200, body: Readable.from([text]) }) });
        const fail = () => reject(createError('Error', 'aborted', { code: 'ECONNRESET' }));
        // Nobody answers a second request of a mail. It fails at once, and the last expectation reports it.
        if (inFlight.some((earlier) => earlier.to === to)) fail();
        inFlight.push({ body, to, answer, fail });
      });
    const sendTo = async (...addresses: readonly string[]) => {
      const results = addresses.map((to) => mailer.send({ ...MAIL, to }));
      const from = inFlight.length;
      while (inFlight.length < from + addresses.length) await new Promise(setImmediate);
      return { results, requests: inFlight.slice(from) };
    };

    const before = await sendTo('accepted@example.net', 'broken@example.net', 'waiting@example.net');
    const [first, broken, waiting] = before.requests;
    first?.answer(accepted('<MessageId>1</MessageId>'));
    broken?.fail();
    await Promise.all(before.results.slice(0, 2));
    const after = await sendTo('ada@example.net', 'bob@example.net');

    const memories = new Set([broken, waiting, ...after.requests].map((request) => request?.body.buffer));
    expect(memories.size).toBe(4);
    expect(memories).toContain(first?.body.buffer);
    for (const request of [broken, waiting, ...after.requests])
      expect(request?.body.toString()).toContain(encodeURIComponent(request?.to ?? 'none'));
    expect(inFlight.map(({ to }) => to?.split('@')[0])).toEqual([
      ...['accepted', 'broken', 'waiting', 'ada', 'bob'],
    ]);
  });

  test('a long mail has room after a short one', async () => {
    const client = createSesClient(localClientOptions('http://127.0.0.1:1'));
    const requests = answerRequests(client, () => createResponse(200, accepted('<MessageId>1</MessageId>')));
    const mailer = createSesMailer(client, 'digests');
    const texts = [2, 20_000, 30_000, 3].map((size) => `${size}>?`.repeat(size));

    for (const text of texts) await mailer.send({ ...MAIL, raw: toFormBase64(text) });

    const sent = requests.map(({ body }) => new URLSearchParams(body).get('RawMessage.Data') ?? '');
    expect(sent.map(atob)).toEqual(texts);
  });

  test.each([
    ['a gateway that is not SES', 503, '<html><body>Service Unavailable</body></html>'],
    ['an answer that is cut short', 200, '<SendRawEmailResponse><SendRawEmailRes'],
    ['an empty fault', 500, ''],
  ])('%s is uncertain after one request', async (_, statusCode, body) => {
    const { requests, result } = await send(() => createResponse(statusCode, body));

    expect(result).toMatchObject({ kind: 'uncertain' });
    expect(requests).toHaveLength(1);
  });
});

describe('the request of a mail', () => {
  test('replaces only steps that a client of the SDK has', () => {
    const stack = new SESClient(KEYS).middlewareStack.clone();

    expect(REPLACED_STEPS.filter((name) => !stack.remove(name))).toEqual([]);
  });

  const KEYS = { region: 'eu-west-1', credentials: { accessKeyId: 'AKID', secretAccessKey: 'secret' } };

  /** Returns the request that a client sends. */
  const capture = async (client: SESClient, send: () => Promise<unknown>) => {
    const requests: HttpRequest[] = [];
    client.config.requestHandler.handle = async (request) => {
      requests.push(request);
      return { response: new HttpResponse({ statusCode: 200, headers: {}, body: Buffer.from(ACCEPTED) }) };
    };
    await send();
    const [{ headers, body } = new HttpRequest({})] = requests;
    return { headers, form: Buffer.from(body).toString() };
  };

  /** What our client sends for a message. */
  const captureOurs = (text: string) => {
    const client = createSesClient(KEYS);
    return capture(client, () =>
      createSesMailer(client, 'digests').send({ ...MAIL, raw: toFormBase64(text) }),
    );
  };

  /** What the SDK sends for the same message. */
  const capturePlain = (text: string) => {
    const client = new SESClient(KEYS);
    const command = new SendRawEmailCommand({
      Source: MAIL.from,
      Destinations: [MAIL.to],
      RawMessage: { Data: Buffer.from(text) },
      ConfigurationSetName: 'digests',
      Tags: Object.entries(MAIL.tags).map(([Name, Value]) => ({ Name, Value })),
    });
    return capture(client, () => client.send(command));
  };
  const ACCEPTED =
    '<SendRawEmailResponse><SendRawEmailResult><MessageId>1</MessageId></SendRawEmailResult></SendRawEmailResponse>';

  test.each([
    ['text', TEXT],
    ['every sign', String.fromCharCode(...Array.from({ length: 128 }, (_, at) => at))],
    ['one sign, which needs two more to fill up', '~'],
    ['signs that become + and /', '~?>~?>~?>'],
    ['nothing', ''],
  ])('has the same fields as one of an unchanged client: %s', async (_, text) => {
    const ours = await captureOurs(text);
    const plain = await capturePlain(text);

    expect(ours.form.split('&').sort()).toEqual(plain.form.split('&').sort());
    expect(ours.headers['content-type']).toBe(plain.headers['content-type']);
    expect(ours.headers['user-agent']).toMatch(/^aws-sdk-js\//);
  });

  test('has no header of a step that the SDK adds, such as its retries', async () => {
    const { headers } = await captureOurs(TEXT);

    expect(Object.keys(headers).sort()).toEqual([
      ...['authorization', 'content-length', 'content-type', 'host'],
      ...['user-agent', 'x-amz-date', 'x-amz-user-agent'],
    ]);
  });

  test('is signed as the SDK signs it, on any day and with keys of a user or of a role', async () => {
    const text = fc.string({ minLength: 1 });
    const credentials = fc.record(
      {
        accessKeyId: fc.stringMatching(/^[A-Z0-9]{1,20}$/),
        secretAccessKey: text,
        sessionToken: fc.stringMatching(/^[A-Za-z0-9/+=]{1,400}$/),
      },
      { requiredKeys: ['accessKeyId', 'secretAccessKey'] },
    );
    const sentAt = fc.date({
      min: new Date('2020-01-01'),
      max: new Date('2099-12-31'),
      noInvalidDate: true,
    });
    await fc.assert(
      fc.asyncProperty(
        credentials,
        fc.array(fc.tuple(fc.uint8Array(), sentAt), { minLength: 1, maxLength: 3 }),
        async (keys, forms) => {
          const options = { region: async () => 'eu-west-1', credentials: async () => keys, service: 'ses' };
          const sign = createFormSigner(options);
          const signer = new SignatureV4({ ...options, sha256: Sha256, applyChecksum: false });
          for (const [body, signingDate] of forms) {
            const headers = { host: 'ses.example', 'content-type': FORM_TYPE };
            const request = new HttpRequest({ method: 'POST', headers, body });
            const expected = await signer.sign(request, { signingDate });

            expect({
              ...headers,
              ...(await sign({ host: 'ses.example', body, sentAt: signingDate })),
            }).toEqual(expected.headers);
          }
        },
      ),
    );
  });

  test('is signed for the same service and region as one of an unchanged client', async () => {
    const { headers, form } = await captureOurs(TEXT);
    const plain = await capturePlain(TEXT);
    const hash = createHash('sha256').update(form).digest('hex');
    const [, names = '', signature] =
      /SignedHeaders=(.*), Signature=(.*)$/.exec(headers.authorization ?? '') ?? [];
    const scopeOf = (value = '') => value.split(', ')[0];
    const date = headers['x-amz-date'] ?? '';
    const lines = names.split(';').map((name) => `${name}:${headers[name]}\n`);
    const canonical = ['POST', '/', '', lines.join(''), names, hash].join('\n');
    const text = `AWS4-HMAC-SHA256\n${date}\n${date.slice(0, 8)}/eu-west-1/ses/aws4_request\n${createHash('sha256').update(canonical).digest('hex')}`;
    const key = [date.slice(0, 8), 'eu-west-1', 'ses', 'aws4_request', text].reduce<string | Buffer>(
      (last, part) => createHmac('sha256', last).update(part).digest(),
      'AWS4secret',
    );

    expect(scopeOf(headers.authorization)).toBe(scopeOf(plain.headers.authorization));
    expect(headers['content-length']).toBe(String(Buffer.byteLength(form)));
    expect(signature).toBe(Buffer.from(key).toString('hex'));
  });
});

describe('on a real network', () => {
  let server: Server;
  let client: ReturnType<typeof createSesClient>;
  let requests: readonly SentRequest[];

  beforeEach(async () => {
    server = createServer((socket) => socket.once('data', () => socket.resetAndDestroy()));
    await new Promise<void>((resolve) => server.listen(0, LOOPBACK, resolve));
    const address = server.address();
    const port = typeof address === 'object' ? address?.port : undefined;
    client = createSesClient(localClientOptions(`http://${LOOPBACK}:${port}`));
    requests = answerRequests(client, (_request, _n, forward) => forward());
  });

  afterEach(() => client.destroy());

  test('a connection that breaks after the request is uncertain, without a retry', async () => {
    const result = await createSesMailer(client, 'digests').send(MAIL);
    await new Promise((resolve) => server.close(resolve));

    expect(result).toEqual({ kind: 'uncertain', reason: 'ECONNRESET' });
    expect(requests).toHaveLength(1);
  });

  test('a refused connection means that nothing was sent', async () => {
    await new Promise((resolve) => server.close(resolve));

    const result = await createSesMailer(client, 'digests').send(MAIL);

    expect(result).toEqual({ kind: 'unreachable', reason: 'ECONNREFUSED' });
    expect(requests).toHaveLength(1);
  });
});
