import { brotliDecompressSync, gunzipSync } from 'node:zlib';
import { describe, expect, test } from '@jest/globals';
import { Hono } from 'hono';
import { createApiHandler } from '../../../../functions/api/handler.ts';
import {
  allowCaching,
  cacheControlOf,
  cachingOfDay,
  conditionalAnswers,
} from '../../../../shared/web/parts/caching.ts';
import { publicRoutes } from '../../../../shared/web/public-routes.ts';
import { createFacts, createListing } from '../../../factories/papers.ts';
import { createReader } from '../reader.ts';

const DAY_PATH = '/papers/2026-01-05';
const PLAIN_PATHS = Object.values(publicRoutes).flatMap(({ paths }) =>
  paths.filter((path) => !path.endsWith('*')),
);

async function openReader() {
  const reader = createReader();
  await reader.repositories.papers.save(createFacts(), '2026-01-05T08:00:00.000Z');
  await reader.repositories.listings.save(createListing());
  const ask = (path: string, headers: Record<string, string> = {}, method = 'GET') =>
    reader.app.request(path, { method, headers });
  return { ...reader, ask };
}

describe('a page of papers', () => {
  test('is sent once: who has it gets 304 without a body, with the headers that keep it', async () => {
    const { ask } = await openReader();
    const first = await ask(DAY_PATH);
    const etag = first.headers.get('etag') ?? '';
    expect(etag).toMatch(/^W\/"[\da-f]{40}"$/);

    for (const tags of [etag, `"other", ${etag}`, etag.replace('W/', ''), '*']) {
      const again = await ask(DAY_PATH, { 'if-none-match': tags });
      expect([again.status, await again.text()]).toEqual([304, '']);
      expect(again.headers.get('etag')).toBe(etag);
      expect(again.headers.get('cache-control')).toBe(first.headers.get('cache-control'));
      expect(again.headers.has('content-type')).toBe(false);
    }
    expect((await ask(DAY_PATH, { 'if-none-match': '"other"' })).status).toBe(200);
  });

  test('is sent again after its papers changed', async () => {
    const { ask, repositories, clock } = await openReader();
    const etag = (await ask(DAY_PATH)).headers.get('etag') ?? '';
    clock.moveTo('2026-01-05T09:00:00.000Z');
    await repositories.papers.save(createFacts({ id: '2601.00002' }), clock.now());
    await repositories.listings.save(createListing({ paperId: '2601.00002' }));

    expect((await ask(DAY_PATH, { 'if-none-match': etag })).status).toBe(200);
  });

  test('answers HEAD with the headers of GET', async () => {
    const { ask } = await openReader();
    for (const path of [DAY_PATH, '/robots.txt', '/about/trending']) {
      const [get, head] = [await ask(path), await ask(path, {}, 'HEAD')];
      expect([head.status, await head.text()]).toEqual([200, '']);
      expect(Object.fromEntries(head.headers)).toEqual(Object.fromEntries(get.headers));
    }
  });

  test('is not kept if it failed after it had been marked', async () => {
    const app = new Hono();
    app.use(conditionalAnswers());
    app.get('/', (c) => {
      allowCaching(c, 'past');
      throw new Error('too late');
    });
    app.onError((_, c) => c.text('failed', 500));

    const { status, headers } = await app.request('/');

    expect([status, headers.get('cache-control'), headers.get('etag')]).toEqual([500, 'no-store', null]);
  });
});

test('no public path says anything else in a 304 than in its answer, because caches take its headers', async () => {
  const { ask } = await openReader();
  let unchanged = 0;
  const paths = ['/papers/2601.00001', '/authors/Ada%20Example', '/search?q=models', '/papers/2601.99999'];
  for (const path of [DAY_PATH, ...paths, ...PLAIN_PATHS]) {
    const first = await ask(path);
    const again = await ask(path, { 'if-none-match': first.headers.get('etag') ?? '*' });
    if (again.status !== 304) continue;
    unchanged += 1;
    expect([path, Object.fromEntries(first.headers)]).toEqual([
      path,
      expect.objectContaining(Object.fromEntries(again.headers)),
    ]);
  }
  expect(unchanged).toBeGreaterThan(10);
});

test.each(['/v1/papers', '/feeds/lists/hf-daily.atom'])(
  'a script of another site may read that %s has not changed',
  async (path) => {
    const { ask } = await openReader();
    const origin = { origin: 'https://reader.example' };
    const first = await ask(path, origin);

    const again = await ask(path, { ...origin, 'if-none-match': first.headers.get('etag') ?? '' });

    expect(again.status).toBe(304);
    for (const name of ['access-control-allow-origin', 'access-control-expose-headers', 'vary'])
      expect([name, again.headers.get(name)]).toEqual([name, first.headers.get(name)]);
    expect(again.headers.get('access-control-expose-headers')).toBe('ETag');
  },
);

test('every public path without a wildcard may be kept by caches', async () => {
  const { ask } = await openReader();
  const kept: (readonly [path: string, caching: string])[] = [];
  for (const path of PLAIN_PATHS) kept.push([path, (await ask(path)).headers.get('cache-control') ?? '']);
  expect(kept.filter(([, caching]) => !caching.startsWith('public'))).toEqual([]);
});

test('a personal page has no ETag and is never kept', async () => {
  const { ask, tokenFor } = await openReader();
  const { headers } = await ask(`/manage/${tokenFor('manage', 'nobody')}`);
  expect([headers.get('cache-control'), headers.get('etag')]).toEqual(['no-store', null]);
});

test('a week after its papers were listed, a page is kept for longer', () => {
  expect(cachingOfDay('2026-01-05', '2026-01-12')).toBe('current');
  expect(cachingOfDay('2026-01-04', '2026-01-12')).toBe('past');
  expect(cacheControlOf('private')).not.toMatch(/public|s-maxage/);
});

describe('compression', () => {
  const unpack = async (answer: Response) => {
    const body = Buffer.from(await answer.arrayBuffer());
    return (
      answer.headers.get('content-encoding') === 'br' ? brotliDecompressSync(body) : gunzipSync(body)
    ).toString();
  };

  test.each([
    ['gzip, deflate, br, zstd', 'br'],
    ['gzip', 'gzip'],
    ['br;q=0, gzip;q=0.5', 'gzip'],
    ['GZIP ; Q=0.8 , BR ; q=0.000', 'gzip'],
    ['br;q=0.001', 'br'],
    ['*', null],
    ['identity', null],
    ['', null],
  ])('for "%s" is %s', async (accepted, encoding) => {
    const { ask } = await openReader();
    const plain = await ask(DAY_PATH);
    const packed = await ask(DAY_PATH, { 'accept-encoding': accepted });

    expect(packed.headers.get('content-encoding')).toBe(encoding);
    expect(packed.headers.get('vary')).toBe('Accept-Encoding');
    expect(packed.headers.get('etag')).toBe(plain.headers.get('etag'));
    expect(encoding === null ? await packed.text() : await unpack(packed)).toBe(await plain.text());
  });

  test('passes through the adapter of Lambda', async () => {
    const { ports, ask } = await openReader();
    const handle = createApiHandler(ports);
    const headers = { 'accept-encoding': 'br' };
    const event = {
      version: '2.0',
      rawPath: DAY_PATH,
      rawQueryString: '',
      headers,
      isBase64Encoded: false,
      requestContext: { domainName: 'daily.example.org', http: { method: 'GET', path: DAY_PATH } },
    };

    const { body, isBase64Encoded } = await handle(event as never);

    expect(isBase64Encoded).toBe(true);
    expect(brotliDecompressSync(Buffer.from(body, 'base64')).toString()).toBe(
      await (await ask(DAY_PATH)).text(),
    );
  });

  test('leaves out pages of one reader, whose size could reveal a token', async () => {
    const { ask, tokenFor } = await openReader();
    const path = `/manage/${tokenFor('manage', 'nobody')}`;
    const { headers } = await ask(path, { 'accept-encoding': 'br' });
    expect(headers.get('content-encoding')).toBeNull();
  });
});
