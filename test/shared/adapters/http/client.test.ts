import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { gzipSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { createHttpClient, type HttpClientOptions } from '../../../../shared/adapters/http/client.ts';
import { HttpError } from '../../../../shared/http-error.ts';

type Handler = (request: IncomingMessage, response: ServerResponse) => void;

const NOW_MS = Date.parse('2026-01-05T08:00:00.000Z');

let server: Server;
let origin: string;
let requests: IncomingMessage[];
let waitsMs: number[];
let handle: Handler;

beforeEach(async () => {
  requests = [];
  waitsMs = [];
  handle = (_request, response) => response.end('hello');
  server = createServer((request, response) => {
    requests.push(request);
    handle(request, response);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});

afterEach(async () => {
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
});

function makeClient(options: Partial<HttpClientOptions> = {}) {
  return createHttpClient({
    userAgent: 'Broadsheet/0.1 (+https://papers.example.org)',
    allowedHosts: [new URL(origin).host],
    timeoutMs: 5_000,
    maxBytes: 1_000,
    attempts: 3,
    sleep: async (ms) => waitsMs.push(ms),
    random: () => 0,
    now: () => NOW_MS,
    ...options,
  });
}

const at = (path: string) => new URL(path, origin);

/** The error that a request ends with. */
async function failureOf(request: Promise<unknown>): Promise<HttpError> {
  const outcome = await request.then(
    () => undefined,
    (error: unknown) => error,
  );
  if (!(outcome instanceof HttpError)) throw new Error(`expected an HttpError, got ${String(outcome)}`);
  return outcome;
}

/** A handler that gives each answer once, and the last one ever after. */
function inTurn(...handlers: Handler[]): Handler {
  let turn = 0;
  return (request, response) => handlers[Math.min(turn++, handlers.length - 1)]?.(request, response);
}

const answer =
  (status: number, headers: Record<string, string> = {}, body = ''): Handler =>
  (_request, response) =>
    response.writeHead(status, headers).end(body);

const reset: Handler = (request) => request.socket.destroy();

/** Promises more than it sends, and then breaks the connection. */
const breakOff: Handler = (_request, response) => {
  response.writeHead(200, { 'content-length': '100' });
  response.write('[1,2,', () => response.socket?.destroy());
};

/** Begins to answer and never ends. */
const hang: Handler = (_request, response) => {
  response.writeHead(200);
  response.write('[1,');
};

describe('a request', () => {
  it('gives status and text of the answer', async () => {
    await expect(makeClient().fetchText(at('/a?b=c'))).resolves.toEqual({ status: 200, body: 'hello' });
    expect(requests[0]).toMatchObject({ method: 'GET', url: '/a?b=c' });
  });

  it('names the deployment', async () => {
    await makeClient().fetchText(at('/'));
    expect(requests[0]?.headers['user-agent']).toBe('Broadsheet/0.1 (+https://papers.example.org)');
  });

  it('reads UTF-8, also where a character is spread over two chunks, and compressed bodies', async () => {
    const bytes = Buffer.from('Müller 😀');
    handle = inTurn(
      (_request, response) => {
        response.write(bytes.subarray(0, 2));
        setTimeout(() => response.end(bytes.subarray(2)), 20);
      },
      (_request, response) => response.writeHead(200, { 'content-encoding': 'gzip' }).end(gzipSync(bytes)),
    );
    expect((await makeClient().fetchText(at('/'))).body).toBe('Müller 😀');
    expect((await makeClient().fetchText(at('/'))).body).toBe('Müller 😀');
  });

  it.each([204, 304, 400, 401, 403, 404, 410])('gives %d as an answer, at once', async (status) => {
    handle = answer(status);
    await expect(makeClient().fetchText(at('/'))).resolves.toEqual({ status, body: '' });
    expect(requests).toHaveLength(1);
  });

  it('cannot be made with a User-Agent that no header can hold', () => {
    expect(() => makeClient({ userAgent: 'two\nlines' })).toThrow();
  });
});

describe('trying again', () => {
  it.each([429, 500, 502, 503])('answers after a %d', async (status) => {
    handle = inTurn(answer(status), answer(200, {}, 'there'));
    await expect(makeClient().fetchText(at('/'))).resolves.toEqual({ status: 200, body: 'there' });
    expect(requests).toHaveLength(2);
  });

  it.each([
    ['that is reset', reset],
    ['that breaks off in the body', breakOff],
  ])('answers after a connection %s', async (_what, bad) => {
    handle = inTurn(bad, answer(200, {}, 'there'));
    await expect(makeClient().fetchText(at('/'))).resolves.toEqual({ status: 200, body: 'there' });
  });

  it('answers after a request that took too long', async () => {
    handle = inTurn(hang, answer(200, {}, 'there'));
    const client = makeClient({ timeoutMs: 100 });
    await expect(client.fetchText(at('/'))).resolves.toEqual({ status: 200, body: 'there' });
  });

  it('gives up after the last attempt and tells status and address, without the query', async () => {
    handle = answer(503);

    const error = await failureOf(makeClient().fetchText(at('/lists?token=secret')));

    expect(requests).toHaveLength(3);
    expect(error).toMatchObject({ name: 'HttpError', status: 503, url: `${origin}/lists` });
    expect(error.message).toBe(`GET ${origin}/lists: HTTP 503, after 3 attempts`);
  });

  it('tells why a connection failed', async () => {
    handle = reset;
    const error = await failureOf(makeClient().fetchText(at('/')));
    expect(error.message).toMatch(/the connection failed \([A-Z_]+\), after 3 attempts$/);
    expect(error.status).toBeUndefined();
    expect(error.cause).toBeDefined();
  });

  it('tells that every attempt took too long', async () => {
    handle = hang;
    const error = await failureOf(makeClient({ timeoutMs: 50, attempts: 2 }).fetchText(at('/')));
    expect(error.message).toContain('no whole answer within 50 ms, after 2 attempts');
  });

  it('hands over what arrived of an answer that broke off, and hides it from logs', async () => {
    handle = breakOff;
    const error = await failureOf(makeClient().fetchText(at('/')));
    expect(error).toMatchObject({ status: 200, received: '[1,2,' });
    expect(Object.keys(error)).not.toContain('received');
    expect(JSON.stringify(error)).not.toContain('[1,2,');
  });

  it('does not repeat a mistake of ours', async () => {
    let calls = 0;
    const client = makeClient({
      fetch: async () => {
        calls++;
        throw new RangeError('a mistake of ours');
      },
    });
    await expect(client.fetchText(at('/'))).rejects.toThrow('a mistake of ours');
    expect(calls).toBe(1);
  });
});

describe('the wait between attempts', () => {
  it('doubles', async () => {
    handle = answer(500);
    await failureOf(makeClient({ attempts: 5 }).fetchText(at('/')));
    expect(waitsMs).toEqual([1_000, 2_000, 4_000, 8_000]);
  });

  it('is left to chance for up to a half', async () => {
    handle = answer(500);
    await failureOf(makeClient({ random: () => 0.999_999 }).fetchText(at('/')));
    expect(waitsMs.map(Math.round)).toEqual([500, 1_000]);
  });

  it.each([
    ['seconds', 503, { 'retry-after': '7' }, 7_000],
    ['a date', 503, { 'retry-after': 'Mon, 05 Jan 2026 08:00:09 GMT' }, 9_000],
    ['a date that is past', 503, { 'retry-after': 'Mon, 05 Jan 2026 07:00:00 GMT' }, 1_000],
    ['no time at all', 503, { 'retry-after': '0' }, 1_000],
    ['less than the back-off', 429, { 'retry-after': '0', ratelimit: '"api";r=0;t=0' }, 1_000],
    ['the rest of the window', 429, { ratelimit: '"api";r=0;t=55' }, 55_000],
    ['two waits', 429, { 'retry-after': '3', ratelimit: '"api";r=0;t=55' }, 55_000],
    ['the window, but for another reason', 503, { ratelimit: '"api";r=400;t=55' }, 1_000],
    ['what cannot be read', 429, { 'retry-after': '-5', ratelimit: 'soon' }, 1_000],
  ])('follows a server that asks for %s', async (_what, status, headers, waitMs) => {
    handle = inTurn(answer(status, headers as Record<string, string>), answer(200));
    await makeClient().fetchText(at('/'));
    expect(waitsMs).toEqual([waitMs]);
  });

  it('gives up at once where it would be too long', async () => {
    handle = answer(429, { ratelimit: '"api";r=0;t=290' });

    const error = await failureOf(makeClient().fetchText(at('/')));

    expect(requests).toHaveLength(1);
    expect(waitsMs).toEqual([]);
    expect(error.status).toBe(429);
    expect(error.message).toContain(
      'HTTP 429, and the server asks for a wait of 290 s, longer than the 60 s allowed',
    );
  });
});

describe('the size limit', () => {
  it('lets a body of just that size through', async () => {
    handle = answer(200, {}, 'x'.repeat(1_000));
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
    handle = handler;

    const error = await failureOf(makeClient().fetchText(at('/')));

    expect(error.message).toContain('the answer is longer than 1000 bytes');
    expect(error.received?.length).toBeLessThanOrEqual(1_000);
    expect(requests).toHaveLength(1);
  });
});

describe('the allowed hosts', () => {
  it('are the only ones asked', async () => {
    const error = await failureOf(
      makeClient({ allowedHosts: ['huggingface.co', 'arxiv.org'] }).fetchText(at('/')),
    );
    const { host } = new URL(origin);
    expect(error.message).toContain(
      `the host ${host} is not among the allowed hosts: huggingface.co, arxiv.org`,
    );
    expect(requests).toEqual([]);
  });

  it.each(['data:text/plain,hello', 'file:///etc/hostname'])('hold for %s', async (address) => {
    const error = await failureOf(makeClient().fetchText(new URL(address)));
    expect(error.message).toContain('not among the allowed hosts');
  });

  it('hold for redirects', async () => {
    handle = answer(302, { location: 'http://127.0.0.2:9/elsewhere' });
    const error = await failureOf(makeClient().fetchText(at('/')));
    expect(error.message).toContain('redirected to 127.0.0.2:9, which is not among the allowed hosts');
    expect(requests).toHaveLength(1);
  });
});

describe('a redirect', () => {
  it.each([301, 302, 303, 307, 308])('with %d is followed', async (status) => {
    handle = inTurn(answer(status, { location: '/there' }), answer(200, {}, 'there'));
    await expect(makeClient().fetchText(at('/here'))).resolves.toEqual({ status: 200, body: 'there' });
    expect(requests.map(({ url }) => url)).toEqual(['/here', '/there']);
  });

  it('is followed three times and no more', async () => {
    handle = answer(302, { location: '/again' });
    const error = await failureOf(makeClient().fetchText(at('/')));
    expect(error.message).toContain('more than 3 redirects');
    expect(requests).toHaveLength(4);
  });

  it('never leads from https to http', async () => {
    const client = makeClient({
      allowedHosts: ['huggingface.co'],
      fetch: async () => new Response(null, { status: 302, headers: { location: 'http://huggingface.co/' } }),
    });
    const error = await failureOf(client.fetchText(new URL('https://huggingface.co/')));
    expect(error.message).toContain('redirected from https to http://huggingface.co');
  });

  it('to an address that cannot be read is refused', async () => {
    handle = answer(302, { location: 'http://[' });
    const error = await failureOf(makeClient().fetchText(at('/')));
    expect(error.message).toContain('redirected to an address that cannot be read');
  });
});

describe('the caller’s signal', () => {
  it('stops a request before it is sent', async () => {
    const error = await failureOf(makeClient().fetchText(at('/'), AbortSignal.abort()));
    expect(error.message).toContain('stopped by the caller');
    expect(requests).toEqual([]);
  });

  it('stops a request under way, without another attempt', async () => {
    const controller = new AbortController();
    handle = (request, response) => {
      hang(request, response);
      setTimeout(() => controller.abort(), 20);
    };

    const error = await failureOf(makeClient().fetchText(at('/'), controller.signal));

    expect(error.message).toContain('stopped by the caller');
    expect(requests).toHaveLength(1);
  });

  it('stops the wait between attempts', async () => {
    const controller = new AbortController();
    handle = answer(503, { 'retry-after': '59' });
    const client = createHttpClient({ userAgent: 'Broadsheet/0.1', allowedHosts: [new URL(origin).host] });
    const request = client.fetchText(at('/'), controller.signal);
    setTimeout(() => controller.abort(), 50);
    const startedAt = Date.now();

    const error = await failureOf(request);

    expect(error.message).toContain('stopped by the caller');
    expect(Date.now() - startedAt).toBeLessThan(2_000);
    expect(requests).toHaveLength(1);
  });
});
