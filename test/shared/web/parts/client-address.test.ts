import { describe, expect, test } from '@jest/globals';
import { Hono } from 'hono';
import * as z from 'zod';
import { createApiHandler } from '../../../../functions/api/handler.ts';
import { toPeerAddress } from '../../../../shared/adapters/lambda/web-handler.ts';
import { createClientAddress, EDGE_HEADER } from '../../../../shared/web/parts/client-address.ts';
import { callApi } from '../../../factories/call-api.ts';
import { createFakeWeb } from '../../../fakes/web.ts';
import { fc } from '../../../fast-check.ts';

const PROXIES = ['198.51.100.0/24', '2001:db8:ff::/48'];

/** Returns the client of a request, as the pages see it. */
async function clientOf(peer: string | undefined, forwardedFor?: string, proxies = PROXIES) {
  const clientAddress = createClientAddress(() => peer, proxies);
  const app = new Hono().get('/', (c) => c.json({ client: clientAddress(c) }));
  const headers = forwardedFor === undefined ? {} : { 'x-forwarded-for': forwardedFor };
  const answer = await app.request('/', { headers });
  return z.object({ client: z.string().optional() }).parse(await answer.json()).client;
}

describe('the client', () => {
  test.each([
    ['the peer of a direct request', '192.0.2.7', undefined, '192.0.2.7'],
    ['the peer that claims to be somebody else', '192.0.2.7', '203.0.113.9', '192.0.2.7'],
    ['behind a proxy, whom the proxy saw', '198.51.100.1', '203.0.113.9', '203.0.113.9'],
    [
      'behind a proxy, nobody whom a client claims to be',
      '198.51.100.1',
      '1.1.1.1, 203.0.113.9',
      '203.0.113.9',
    ],
    ['behind two proxies, whom the first saw', '198.51.100.1', '203.0.113.9, 198.51.100.2', '203.0.113.9'],
    ['before a proxy that is not trusted', '198.51.100.1', '203.0.113.9, 192.0.2.66', '192.0.2.66'],
    ['also seen by API Gateway', '198.51.100.1', '203.0.113.9, 198.51.100.1', '203.0.113.9'],
    ['a client with IPv6', '2001:db8:ff::1', '2001:DB8::7', '2001:db8::7'],
    ['a client with a port', '198.51.100.1', '203.0.113.9:4711', '203.0.113.9'],
    ['a client with IPv6 and a port', '198.51.100.1', '[2001:db8::7]:4711', '2001:db8::7'],
    ['behind a proxy with a mapped address', '::ffff:198.51.100.1', '::ffff:203.0.113.9', '203.0.113.9'],
    ['the proxy that names nobody', '198.51.100.1', undefined, '198.51.100.1'],
    ['the proxy that names no address', '198.51.100.1', '203.0.113.9, unknown', '198.51.100.1'],
    ['the proxy that names a number', '198.51.100.1', '1', '198.51.100.1'],
    ['the proxy that names nothing', '198.51.100.1', ' , ', '198.51.100.1'],
    ['the first of trusted proxies alone', '198.51.100.1', '198.51.100.3, 198.51.100.2', '198.51.100.3'],
    ['unknown without a peer', undefined, '203.0.113.9', undefined],
  ])('is %s', async (_, peer, forwardedFor, client) => {
    expect(await clientOf(peer, forwardedFor)).toBe(client);
  });

  test('is the peer if no proxy is trusted, whatever its header says', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.ipV4(),
        fc.array(fc.oneof(fc.ipV4(), fc.ipV6(), fc.constant('x'))),
        async (peer, claims) => {
          expect(await clientOf(peer, claims.join(', '), [])).toBe(peer);
        },
      ),
    );
  });

  test('behind a proxy does not depend on addresses before the one that the proxy added', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.oneof(fc.ipV4(), fc.constant('x'))), async (claims) => {
        expect(await clientOf('198.51.100.1', [...claims, '203.0.113.9'].join(','))).toBe('203.0.113.9');
      }),
    );
  });
});

describe('behind our own distribution', () => {
  const edge = { secret: 'a-secret-of-the-distribution', isOnlyWay: true };
  const CLOUDFRONT = '198.51.100.200';
  const clientBehind = async (secret: string | undefined, forwardedFor: string, peer?: string) => {
    const clientAddress = createClientAddress(() => peer, [], edge);
    const app = new Hono().get('/', (c) => c.text(String(clientAddress(c))));
    const headers = { 'x-forwarded-for': forwardedFor, ...(secret && { [EDGE_HEADER]: secret }) };
    return (await app.request('/', { headers })).text();
  };

  test('the client is whom CloudFront saw, also if API Gateway appends CloudFront', async () => {
    expect(await clientBehind(edge.secret, '203.0.113.9', CLOUDFRONT)).toBe('203.0.113.9');
    expect(await clientBehind(edge.secret, `203.0.113.9, ${CLOUDFRONT}`, CLOUDFRONT)).toBe('203.0.113.9');
    expect(await clientBehind(edge.secret, `2001:db8::7, ${CLOUDFRONT}`, CLOUDFRONT)).toBe('2001:db8::7');
    expect(await clientBehind(edge.secret, `1.1.1.1, 203.0.113.9, ${CLOUDFRONT}`, CLOUDFRONT)).toBe(
      '203.0.113.9',
    );
    expect(await clientBehind(edge.secret, '', CLOUDFRONT)).toBe(CLOUDFRONT);
  });

  test.each([[undefined], ['a-wrong-secret'], ['a-secret-of-the-distributio'], ['']])(
    'a request with the secret %s is from its peer',
    async (secret) => {
      expect(await clientBehind(secret, '203.0.113.9', '192.0.2.7')).toBe('192.0.2.7');
    },
  );

  test('the header proves nothing where there is no distribution', async () => {
    const clientAddress = createClientAddress(() => '192.0.2.7', []);
    const app = new Hono().get('/', (c) => c.text(String(clientAddress(c))));
    for (const value of ['', 'undefined', 'x']) {
      const headers = { 'x-forwarded-for': '203.0.113.9', [EDGE_HEADER]: value };
      expect(await (await app.request('/', { headers })).text()).toBe('192.0.2.7');
    }
  });

  test('requests that bypass it are refused if it is the only way', async () => {
    const statusOf = async (isOnlyWay: boolean, secret?: string) => {
      const handle = createApiHandler(createFakeWeb().ports, { ...edge, isOnlyWay });
      const headers = secret === undefined ? {} : { [EDGE_HEADER]: secret };
      return (await callApi(handle, new URL('https://daily.example.org/privacy'), { headers })).status;
    };
    expect(await statusOf(true)).toBe(403);
    expect(await statusOf(true, 'a-wrong-secret')).toBe(403);
    expect(await statusOf(true, edge.secret)).toBe(200);
    expect(await statusOf(false)).toBe(200);
  });
});

describe('the budget of sign-ups', () => {
  /** Signs up for as many addresses as there are clients, and counts who is refused. */
  const countRefused = async (trustedProxies: readonly string[], peerOf: (n: number) => string) => {
    const clientAddress = createClientAddress(toPeerAddress, [...trustedProxies]);
    const { ports, requested } = createFakeWeb({ clientAddress });
    const handle = createApiHandler(ports);
    let refused = 0;
    for (let n = 1; n <= 40; n += 1) {
      const event = {
        version: '2.0',
        routeKey: '$default',
        rawPath: '/v1/sign-ups',
        rawQueryString: '',
        headers: { 'content-type': 'application/json', 'x-forwarded-for': `203.0.${n}.1, ${peerOf(n)}` },
        requestContext: {
          domainName: 'daily.example.org',
          http: {
            method: 'POST',
            path: '/v1/sign-ups',
            protocol: 'HTTP/1.1',
            sourceIp: peerOf(n),
            userAgent: '',
          },
          requestId: String(n),
          routeKey: '$default',
          stage: '$default',
        },
        body: JSON.stringify({ address: `reader-${n}@example.org` }),
        isBase64Encoded: false,
      };
      const { statusCode } = await handle(event as never);
      if (statusCode === 429) refused += 1;
    }
    const consentFrom = requested.flatMap((one) => ('signUp' in one ? one.signUp.from : []));
    return { refused, consentFrom };
  };

  test('counts each client behind a trusted proxy, and consent names the client', async () => {
    const { refused, consentFrom } = await countRefused(PROXIES, () => '198.51.100.10');

    expect(refused).toBe(0);
    expect(consentFrom).toHaveLength(40);
    expect(consentFrom[6]).toBe('203.0.7.1');
  });

  test('counts the peer when it is not trusted', async () => {
    const { refused, consentFrom } = await countRefused([], () => '198.51.100.10');

    expect(refused).toBe(10);
    expect(new Set(consentFrom)).toEqual(new Set(['198.51.100.10']));
  });
});
