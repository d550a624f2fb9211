import { beforeEach, describe, expect, test } from '@jest/globals';
import { createHttpClient, type HttpClientOptions } from '../../../../shared/adapters/http/client.ts';
import { addMs, type Instant, msBetween, toEpochMs } from '../../../../shared/domain/time/time.ts';
import { HttpError } from '../../../../shared/ports/http.ts';
import type { Leases } from '../../../../shared/ports/leases.ts';
import { createFakeRepositories } from '../../../fakes/repositories.ts';
import { createVirtualTime, type VirtualTime } from '../../../simulation/virtual-time.ts';

const T0 = '2026-01-05T08:00:00.000Z';
const INTERVAL_MS = 3_000;
const url = (path: string) => new URL(path, 'https://rss.example.org');

/** A request to the server, which takes a while to answer. */
interface Asked {
  readonly path: string;
  readonly startedAt: Instant;
  endedAt: Instant;
}

let time: VirtualTime;
let leases: Leases;
let asked: Asked[];

beforeEach(() => {
  time = createVirtualTime(T0);
  ({ leases } = createFakeRepositories(time));
  asked = [];
});

/** A client that limits its requests to the server. Each answer takes `tookMs`. */
const createClient = (
  answer: (path: string, n: number) => Response = () => new Response('hello'),
  { tookMs = 400, ...options }: Partial<HttpClientOptions> & { tookMs?: number } = {},
) =>
  createHttpClient({
    userAgent: 'Broadsheet (+https://papers.example.org)',
    allowedHosts: ['rss.example.org'],
    rateLimit: { leases, system: 'example', intervalMs: INTERVAL_MS },
    timeoutMs: 600_000,
    sleep: (ms) => time.wait(ms),
    now: () => toEpochMs(time.now()),
    async fetch(input) {
      const { pathname: path } = new URL(String(input));
      const request = { path, startedAt: time.now(), endedAt: time.now() };
      const n = asked.push(request) - 1;
      await time.wait(tookMs);
      request.endedAt = time.now();
      return answer(path, n);
    },
    ...options,
  });

/** The times between the starts of requests. Throws if two were under way at once. */
const gapsMs = () =>
  asked.slice(1).map(({ startedAt }, n) => {
    const before = asked[n];
    if (!before || startedAt < before.endedAt) throw new Error('two requests were under way at once');
    return msBetween(before.startedAt, startedAt);
  });
const failureOf = async (request: Promise<unknown>) => {
  const error = await time.run(
    request.then(
      () => undefined,
      (reason: unknown) => reason,
    ),
  );
  if (!(error instanceof HttpError)) throw new Error(`expected an HttpError, got ${String(error)}`);
  return error;
};

test.each([400, 5_000])(
  'several clients ask one at a time, at the interval, if an answer takes %d ms',
  async (tookMs) => {
    const clients = Array.from({ length: 3 }, () => createClient(undefined, { tookMs }));
    const readFive = async (client: (typeof clients)[number], n: number) => {
      for (let page = 0; page < 5; page += 1) await client.fetchText(url(`/${n}/${page}`));
    };

    await time.run(Promise.all(clients.map(readFive)));

    expect(asked).toHaveLength(15);
    expect(Math.min(...gapsMs())).toBeGreaterThanOrEqual(Math.max(INTERVAL_MS, tookMs));
    expect(Math.max(...gapsMs())).toBeLessThanOrEqual(Math.max(INTERVAL_MS, tookMs) + 1_250);
  },
);

test.each(['0', undefined])(
  'a retry waits for its turn and backs off after Retry-After: %s',
  async (retryAfter) => {
    const headers: Record<string, string> = retryAfter === undefined ? {} : { 'retry-after': retryAfter };
    const client = createClient(
      (_, n) => (n < 3 ? new Response('', { status: 503, headers }) : new Response('there')),
      {
        random: () => 0,
      },
    );

    expect(await time.run(client.fetchText(url('/')))).toEqual({ status: 200, body: 'there' });

    // The back-off is 1, 2 and 4 seconds after an answer that takes 0.4 seconds.
    expect(gapsMs()).toEqual([3_000, 3_000, 4_400]);
  },
);

test('a pause that the server asks for holds back every client', async () => {
  const busy = createClient((_, n) =>
    n === 0 ? new Response('', { status: 503, headers: { 'retry-after': '30' } }) : new Response('there'),
  );
  const other = createClient();
  const reads = [busy.fetchText(url('/a')), other.fetchText(url('/b'))];

  await time.run(Promise.all(reads));

  expect(gapsMs()[0]).toBeGreaterThanOrEqual(30_000);
  expect(asked).toHaveLength(3);
});

test('a redirect waits for the interval as well', async () => {
  const redirect = () => new Response(null, { status: 301, headers: { location: '/new' } });
  const client = createClient((path) => (path === '/old' ? redirect() : new Response('there')), {
    random: () => 0,
  });

  await time.run(client.fetchText(url('/old')).then(() => client.fetchText(url('/next'))));

  expect(asked.map(({ path }) => path)).toEqual(['/old', '/new', '/next']);
  expect(gapsMs()).toEqual([INTERVAL_MS, INTERVAL_MS]);
});

describe('a client gives up', () => {
  test('at once if the server wants a longer pause', async () => {
    const at = time.now();
    await leases.acquire('example', { holder: 'another', at, until: addMs(at, 20_000) });
    await leases.release('example', 'another', addMs(at, 61_000));

    const error = await failureOf(createClient().fetchText(url('/')));

    expect(error.what).toBe('not asked: example wants no request before 2026-01-05T08:01:01.000Z');
    expect([asked, msBetween(at, time.now())]).toEqual([[], 0]);
  });

  test('if others hold the lease for too long', async () => {
    const at = time.now();
    await leases.acquire('example', { holder: 'another', at, until: addMs(at, 100_000) });

    const error = await failureOf(createClient().fetchText(url('/')));

    expect(error.what).toBe('not asked: other requests to example took all turns for 60 s');
    expect(asked).toEqual([]);
    expect(msBetween(at, time.now())).toBeLessThanOrEqual(60_000);
  });

  test('if it is stopped while it waits', async () => {
    const at = time.now();
    await leases.acquire('example', { holder: 'another', at, until: addMs(at, 20_000) });
    const stop = new AbortController();
    void time.wait(5_000).then(() => stop.abort());

    const error = await failureOf(createClient().fetchText(url('/'), stop.signal));

    expect([error.what, asked]).toEqual(['stopped by the caller', []]);
  });
});

test('the lease of a client that died expires', async () => {
  await leases.acquire('example', { holder: 'dead', at: T0, until: addMs(T0, 30_000) });

  await time.run(createClient().fetchText(url('/next')));

  const waitedMs = msBetween(T0, asked[0]?.startedAt ?? '');
  expect(waitedMs).toBeGreaterThanOrEqual(30_000);
  expect(waitedMs).toBeLessThanOrEqual(31_250);
});

describe('a lease that cannot be released', () => {
  const withFailingRelease = (answer: () => Response) => {
    const release = () => Promise.reject(new Error('the table is throttled'));
    return createClient(answer, {
      rateLimit: { leases: { ...leases, release }, system: 'example', intervalMs: INTERVAL_MS },
      attempts: 1,
    });
  };

  test('costs no answer', async () => {
    const client = withFailingRelease(() => new Response('hello'));

    expect(await time.run(client.fetchText(url('/')))).toEqual({ status: 200, body: 'hello' });
  });

  test('hides no error of the request', async () => {
    const client = withFailingRelease(
      () => new Response('', { status: 301, headers: { location: 'https://other.example.org' } }),
    );

    const error = await failureOf(client.fetchText(url('/')));

    expect(error.what).toContain('redirected to other.example.org');
  });
});
