import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { createDns, createWeb } from '../../../cli/doctor/adapters/network.ts';
import { type LoopbackServer, listenOnLoopback } from '../../../local/emulators/loopback.ts';

const never = new AbortController().signal;

describe('name servers', () => {
  const failing = (code: string) => ({
    resolveTxt: async () => Promise.reject(Object.assign(new Error(`queryTxt ${code} x`), { code })),
  });

  test('return each record as one text', async () => {
    const dns = createDns({ resolveTxt: async () => [['v=spf1 include:', 'amazonses.com'], ['other']] });
    expect(await dns.fetchTexts('example.org')).toEqual(['v=spf1 include:amazonses.com', 'other']);
  });

  test.each(['ENODATA', 'ENOTFOUND'])('that answer %s have none', async (code) => {
    expect(await createDns(failing(code)).fetchTexts('example.org')).toEqual([]);
  });

  test.each(['ESERVFAIL', 'ETIMEOUT', 'ECONNREFUSED'])('that say %s have not answered', async (code) => {
    await expect(createDns(failing(code)).fetchTexts('example.org')).rejects.toMatchObject({
      name: 'DnsError',
      message: expect.stringContaining('example.org'),
    });
  });
});

describe('the web', () => {
  let server: LoopbackServer;
  let url: string;
  const seen: { method: string | undefined; type: string | undefined; body: string }[] = [];

  beforeAll(async () => {
    server = await listenOnLoopback(async (request, response) => {
      seen.push({
        method: request.method,
        type: request.headers['content-type'],
        body: await text(request),
      });
      if (request.url === '/slow') return;
      if (request.url === '/moved') response.writeHead(302, { location: '/' });
      response.end('hello');
    });
    url = server.url;
  });
  afterAll(() => server.close());

  test('gives the status, and does not follow a redirect', async () => {
    const web = createWeb({ signal: never });

    expect(await web.fetch({ method: 'GET', url: new URL('/', url) })).toEqual({ status: 200 });
    expect(await web.fetch({ method: 'HEAD', url: new URL('/', url) })).toEqual({ status: 200 });
    expect(await web.fetch({ method: 'GET', url: new URL('/moved', url) })).toEqual({
      status: 302,
      location: '/',
    });
  });

  test('takes a form in both encodings', async () => {
    const web = createWeb({ signal: never });
    const fields = { 'List-Unsubscribe': 'One-Click' };
    seen.length = 0;

    for (const type of ['urlencoded', 'multipart'] as const)
      await web.fetch({ method: 'POST', url: new URL('/', url), form: { type, fields } });

    expect(seen).toEqual([
      {
        method: 'POST',
        type: expect.stringMatching(/^application\/x-www-form-urlencoded/),
        body: 'List-Unsubscribe=One-Click',
      },
      {
        method: 'POST',
        type: expect.stringMatching(/^multipart\/form-data; boundary=/),
        body: expect.stringMatching(/name="List-Unsubscribe"\r\n\r\nOne-Click\r\n/),
      },
    ]);
  });

  test('reports a server that does not answer before the time limit', async () => {
    const slow = createWeb({ signal: never, timeoutMs: 50 });
    await expect(slow.fetch({ method: 'GET', url: new URL('/slow', url) })).rejects.toMatchObject({
      name: 'WebError',
      trouble: 'time-out',
      message: 'no answer within 0.05 seconds',
    });
    await expect(
      createWeb({ signal: never }).fetch({ method: 'GET', url: new URL('http://127.0.0.1:1') }),
    ).rejects.toMatchObject({ trouble: 'connection' });
    const stopped = createWeb({ signal: AbortSignal.abort() });
    await expect(stopped.fetch({ method: 'GET', url: new URL(url) })).rejects.toMatchObject({
      name: 'WebError',
    });
  });

  test.each([
    ['ENOTFOUND', 'name'],
    ['EAI_AGAIN', 'name'],
    ['CERT_HAS_EXPIRED', 'certificate'],
    ['DEPTH_ZERO_SELF_SIGNED_CERT', 'certificate'],
    ['SELF_SIGNED_CERT_IN_CHAIN', 'certificate'],
    ['UNABLE_TO_VERIFY_LEAF_SIGNATURE', 'certificate'],
    ['ERR_TLS_CERT_ALTNAME_INVALID', 'certificate'],
    ['ECONNRESET', 'connection'],
  ])('reports %s as trouble with the %s', async (code, trouble) => {
    const cause = Object.assign(new Error('why'), { code });
    const web = createWeb({
      signal: never,
      fetch: () => Promise.reject(new TypeError('fetch failed', { cause })),
    });

    await expect(web.fetch({ method: 'GET', url: new URL(url) })).rejects.toMatchObject({
      trouble,
      message: expect.stringContaining('why'),
    });
  });
});
