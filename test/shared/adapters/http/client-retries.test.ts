import type { IncomingMessage, ServerResponse } from 'node:http';
import { describe, expect, it } from '@jest/globals';
import { answer, failureOf, hang, inTurn, serveEachTest } from './client-fixture.ts';

const site = serveEachTest();
const { at, makeClient } = site;

const reset = (request: IncomingMessage) => request.socket.destroy();

/** Promises more than it sends, and then breaks the connection. */
const breakOff = (_request: IncomingMessage, response: ServerResponse) => {
  response.writeHead(200, { 'content-length': '100' });
  response.write('[1,2,', () => response.socket?.destroy());
};

describe('a retry', () => {
  it.each([429, 500, 502, 503])('answers after a %d', async (status) => {
    site.handle = inTurn(answer(status), answer(200, {}, 'there'));
    await expect(makeClient().fetchText(at('/'))).resolves.toEqual({ status: 200, body: 'there' });
    expect(site.requests).toHaveLength(2);
  });

  it.each([
    ['that is reset', reset],
    ['that breaks off in the body', breakOff],
  ])('answers after a connection %s', async (_what, bad) => {
    site.handle = inTurn(bad, answer(200, {}, 'there'));
    await expect(makeClient().fetchText(at('/'))).resolves.toEqual({ status: 200, body: 'there' });
  });

  it('answers after a request that took too long', async () => {
    site.handle = inTurn(hang, answer(200, {}, 'there'));
    const client = makeClient({ timeoutMs: 200, attempts: 100 });
    await expect(client.fetchText(at('/'))).resolves.toEqual({ status: 200, body: 'there' });
  });

  it('gives up after the last attempt and reports status and address, without the query', async () => {
    site.handle = answer(503);

    const error = await failureOf(makeClient().fetchText(at('/lists?token=secret')));

    expect(site.requests).toHaveLength(3);
    expect(error).toMatchObject({ name: 'HttpError', status: 503, url: `${site.origin}/lists` });
    expect(error.message).toBe(`GET ${site.origin}/lists: HTTP 503, after 3 attempts`);
  });

  it('counts a single attempt as one', async () => {
    site.handle = answer(503);
    const error = await failureOf(makeClient({ attempts: 1 }).fetchText(at('/')));
    expect(error.message).toBe(`GET ${site.origin}/: HTTP 503, after 1 attempt`);
  });

  it('reports why a connection failed', async () => {
    site.handle = reset;
    const error = await failureOf(makeClient().fetchText(at('/')));
    expect(error.message).toMatch(/the connection failed \([A-Z_]+\), after 3 attempts$/);
    expect(error.status).toBeUndefined();
    expect(error.cause).toBeDefined();
  });

  it('reports that every attempt took too long', async () => {
    site.handle = hang;
    const error = await failureOf(makeClient({ timeoutMs: 50, attempts: 2 }).fetchText(at('/')));
    expect(error.message).toContain('no whole answer within 50 ms, after 2 attempts');
  });

  it('returns the part of an answer that arrived, and hides it from logs', async () => {
    site.handle = breakOff;
    const error = await failureOf(makeClient().fetchText(at('/')));
    expect(error).toMatchObject({ status: 200, received: '[1,2,' });
    expect(Object.keys(error)).not.toContain('received');
    expect(JSON.stringify(error)).not.toContain('[1,2,');
  });

  it('does not repeat a request that is our fault', async () => {
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
  it('doubles after each failed attempt', async () => {
    site.handle = answer(500);
    await failureOf(makeClient({ attempts: 5 }).fetchText(at('/')));
    expect(site.waitsMs).toEqual([1_000, 2_000, 4_000, 8_000]);
  });

  it('is shortened by up to a half at random', async () => {
    site.handle = answer(500);
    await failureOf(makeClient({ random: () => 0.999_999 }).fetchText(at('/')));
    expect(site.waitsMs.map(Math.round)).toEqual([500, 1_000]);
  });

  it.each([
    ['seconds', 503, { 'retry-after': '7' }, 7_000],
    ['a date', 503, { 'retry-after': 'Mon, 05 Jan 2026 08:00:09 GMT' }, 9_000],
    ['a date that is past', 503, { 'retry-after': 'Mon, 05 Jan 2026 07:00:00 GMT' }, 1_000],
    ['a date in an old form', 503, { 'retry-after': 'Monday, 05-Jan-26 08:00:09 GMT' }, 9_000],
    ['a date in the oldest form', 503, { 'retry-after': 'Mon Jan  5 08:00:09 2026' }, 9_000],
    ['no time at all', 503, { 'retry-after': '0' }, 1_000],
    ['two headers that a proxy joined', 503, { 'retry-after': '12, 12' }, 12_000],
    ['the longer of two joined headers', 503, { 'retry-after': '5,30' }, 30_000],
    [
      'the later of two joined dates',
      503,
      { 'retry-after': 'Mon, 05 Jan 2026 08:00:09 GMT, Mon, 05 Jan 2026 08:00:20 GMT' },
      20_000,
    ],
    ['joined seconds and a date', 503, { 'retry-after': '5, Mon, 05 Jan 2026 08:00:09 GMT' }, 9_000],
    ['a joined wait beside what cannot be read', 503, { 'retry-after': 'soon, -5, 1.5, 20' }, 20_000],
    ['windows that a proxy joined', 429, { ratelimit: '"api";r=0;t=20, "pages";r=0;t=55' }, 55_000],
    ['less than the back-off', 429, { 'retry-after': '0', ratelimit: '"api";r=0;t=0' }, 1_000],
    ['the rest of the window', 429, { ratelimit: '"api";r=0;t=55' }, 55_000],
    ['two waits', 429, { 'retry-after': '3', ratelimit: '"api";r=0;t=55' }, 55_000],
    ['the window, but for another reason', 503, { ratelimit: '"api";r=400;t=55' }, 1_000],
    ['a negative wait', 429, { 'retry-after': '-5', ratelimit: 'soon' }, 1_000],
    ['a fraction', 503, { 'retry-after': '1.5' }, 1_000],
    ['words', 503, { 'retry-after': 'Soon, we hope' }, 1_000],
    ['nothing', 503, { 'retry-after': ' , ' }, 1_000],
  ])('waits as long as the server asks: %s', async (_what, status, headers, waitMs) => {
    site.handle = inTurn(answer(status, headers as Record<string, string>), answer(200));
    await makeClient().fetchText(at('/'));
    expect(site.waitsMs).toEqual([waitMs]);
  });

  it.each([
    ['seconds', '86400'],
    ['more seconds than a number holds', '9'.repeat(400)],
    ['a date', 'Fri, 31 Dec 9999 23:59:59 GMT'],
    ['one of two', '5, 86400'],
  ])('fails immediately if the wait is huge: %s', async (_what, value) => {
    site.handle = answer(503, { 'retry-after': value });

    const error = await failureOf(makeClient().fetchText(at('/')));

    expect(site.requests).toHaveLength(1);
    expect(error.message).toMatch(/the server asks for a wait of .+ s, longer than the 60 s allowed$/);
  });

  it('fails immediately if it would be too long', async () => {
    site.handle = answer(429, { ratelimit: '"api";r=0;t=290' });

    const error = await failureOf(makeClient().fetchText(at('/')));

    expect(site.requests).toHaveLength(1);
    expect(site.waitsMs).toEqual([]);
    expect(error.status).toBe(429);
    expect(error.message).toContain(
      'HTTP 429, and the server asks for a wait of 290 s, longer than the 60 s allowed',
    );
  });
});
