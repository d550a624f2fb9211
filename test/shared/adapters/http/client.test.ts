import type { IncomingMessage, ServerResponse } from 'node:http';
import { gzipSync } from 'node:zlib';
import { describe, expect, it } from '@jest/globals';
import { createHttpClient } from '../../../../shared/adapters/http/client.ts';
import { answer, failureOf, hang, inTurn, serveEachTest } from './client-fixture.ts';

const site = serveEachTest();
const { at, makeClient } = site;

describe('a request', () => {
  it('returns the status and the text of the answer', async () => {
    await expect(makeClient().fetchText(at('/a?b=c'))).resolves.toEqual({ status: 200, body: 'hello' });
    expect(site.requests[0]).toMatchObject({ method: 'GET', url: '/a?b=c' });
  });

  it('sends the User-Agent of the deployment', async () => {
    await makeClient().fetchText(at('/'));
    expect(site.requests[0]?.headers['user-agent']).toBe('Broadsheet/0.1 (+https://papers.example.org)');
  });

  it('reads compressed bodies, and UTF-8 characters that are split between chunks', async () => {
    const bytes = Buffer.from('Müller 😀');
    site.handle = inTurn(
      (_request, response) => {
        response.write(bytes.subarray(0, 2));
        setTimeout(() => response.end(bytes.subarray(2)), 20);
      },
      (_request, response) => response.writeHead(200, { 'content-encoding': 'gzip' }).end(gzipSync(bytes)),
    );
    expect((await makeClient().fetchText(at('/'))).body).toBe('Müller 😀');
    expect((await makeClient().fetchText(at('/'))).body).toBe('Müller 😀');
  });

  it('names the validators of an earlier answer', async () => {
    const validators = { etag: 'W/"7"', lastModified: 'Mon, 05 Jan 2026 08:00:00 GMT' };
    site.handle = inTurn(
      (_request, response) =>
        response.writeHead(200, { etag: 'W/"7"', 'last-modified': validators.lastModified }).end('hello'),
      (_request, response) => response.writeHead(304).end(),
      (_request, response) => response.writeHead(200, { etag: `"${'x'.repeat(500)}"` }).end('hello'),
    );
    const client = makeClient();

    expect(await client.fetchText(at('/'))).toEqual({ status: 200, body: 'hello', validators });
    expect((await client.fetchText(at('/'), undefined, validators)).status).toBe(304);
    expect((await client.fetchText(at('/'))).validators).toBeUndefined();
    expect(site.requests.map(({ headers }) => headers['if-none-match'])).toEqual([
      undefined,
      'W/"7"',
      undefined,
    ]);
    expect(site.requests[1]?.headers['if-modified-since']).toBe(validators.lastModified);
  });

  it.each([204, 304, 400, 401, 403, 404, 410])('returns %d as an answer, without a retry', async (status) => {
    site.handle = answer(status);
    await expect(makeClient().fetchText(at('/'))).resolves.toEqual({ status, body: '' });
    expect(site.requests).toHaveLength(1);
  });

  it('refuses a User-Agent that is invalid in a header', () => {
    expect(() => makeClient({ userAgent: 'two\nlines' })).toThrow();
  });
});

describe('the size limit', () => {
  it('accepts a body of exactly that size', async () => {
    site.handle = answer(200, {}, 'x'.repeat(1_000));
    expect((await makeClient().fetchText(at('/'))).body).toHaveLength(1_000);
  });

  it.each([
    ['long', answer(200, {}, 'x'.repeat(1_001))],
    [
      'compressed',
      (_request: IncomingMessage, response: ServerResponse) => {
        response.writeHead(200, { 'content-encoding': 'gzip' }).end(gzipSync('x'.repeat(1_000_000)));
      },
    ],
    [
      'endless',
      (_request: IncomingMessage, response: ServerResponse) => {
        const timer = setInterval(() => response.write('x'.repeat(500)), 1);
        response.on('close', () => clearInterval(timer));
      },
    ],
  ])('refuses a %s body, without another attempt', async (_what, handler) => {
    site.handle = handler;

    const error = await failureOf(makeClient().fetchText(at('/')));

    expect(error.message).toContain('the answer is longer than 1000 bytes');
    expect(error.received?.length).toBeLessThanOrEqual(1_000);
    expect(site.requests).toHaveLength(1);
  });
});

describe('the caller’s signal', () => {
  it('stops a request before it is sent', async () => {
    const error = await failureOf(makeClient().fetchText(at('/'), AbortSignal.abort()));
    expect(error.message).toContain('stopped by the caller');
    expect(site.requests).toEqual([]);
  });

  it('stops a request in flight, without another attempt', async () => {
    const controller = new AbortController();
    site.handle = (request, response) => {
      hang(request, response);
      setTimeout(() => controller.abort(), 20);
    };

    const error = await failureOf(makeClient().fetchText(at('/'), controller.signal));

    expect(error.message).toContain('stopped by the caller');
    expect(site.requests).toHaveLength(1);
  });

  it('stops the wait between attempts', async () => {
    const controller = new AbortController();
    site.handle = (request, response) => {
      response.on('finish', () => setTimeout(() => controller.abort(), 20));
      answer(503, { 'retry-after': '86400' })(request, response);
    };
    const client = createHttpClient({
      userAgent: 'Broadsheet/0.1',
      allowedHosts: [new URL(site.origin).host],
      longestWaitMs: 86_400_000,
    });

    const error = await failureOf(client.fetchText(at('/'), controller.signal));

    expect(error.message).toContain('stopped by the caller');
    expect(site.requests).toHaveLength(1);
  });
});

describe('the characters of a body', () => {
  const latin1 = (text: string) => Buffer.from(text, 'latin1');
  it.each([
    ['text/xml; charset=ISO-8859-1', latin1('<a>\u00e9</a>'), '<a>\u00e9</a>'],
    [
      'text/xml',
      latin1('<?xml version="1.0" encoding="iso-8859-1"?>\u00e9'),
      '<?xml version="1.0" encoding="iso-8859-1"?>\u00e9',
    ],
    ['text/xml; charset="utf-8"', Buffer.from('\u00e9'), '\u00e9'],
    ['text/xml; charset=klingon', Buffer.from('\u00e9'), '\u00e9'],
    ['', Buffer.from('\ufeff\u00e9'), '\u00e9'],
    ['', Buffer.from('\ufeff\u00e9', 'utf16le'), '\u00e9'],
    ['text/xml; charset=utf-8', Buffer.from('\ufeff\u00e9', 'utf16le').swap16(), '\u00e9'],
    ['text/xml; charset=iso-8859-1', Buffer.from('\ufeff\u00e9'), '\u00e9'],
    [
      'text/xml',
      latin1('\n <?xml version="1.0" encoding="iso-8859-1"?>\u00e9'),
      '\n <?xml version="1.0" encoding="iso-8859-1"?>\u00e9',
    ],
  ])('of %j are decoded, in any chunks', async (type, bytes, body) => {
    const headers = type ? { 'content-type': type } : {};
    for (const size of [1, 7, bytes.length]) {
      const chunks = Array.from(
        { length: Math.ceil(bytes.length / size) },
        (_, n) => new Uint8Array(bytes.subarray(n * size, (n + 1) * size)),
      );
      const fetch = async () => new Response(ReadableStream.from(chunks), { headers });
      const client = makeClient({ allowedHosts: ['feed.example'], fetch });

      expect(await client.fetchText(new URL('https://feed.example/'))).toEqual({ status: 200, body });
    }
  });
});
