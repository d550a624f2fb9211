import { afterEach, beforeEach, describe, expect, jest, test } from '@jest/globals';
import type { LambdaEvent } from 'hono/aws-lambda';
import { createApiHandler } from '../../../functions/api/handler.ts';
import { createWebApp } from '../../../shared/web/app.tsx';
import { toRoutedPath } from '../../../shared/web/parts/request.ts';
import type { TokenPurpose } from '../../../shared/web/tokens.ts';
import { createSubscriber } from '../../factories/subscribers.ts';
import { createFakeWeb, type FakeWeb } from '../../fakes/web.ts';
import { fc } from '../../fast-check.ts';

interface Sent {
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly cookies?: string[];
  readonly body?: string;
}

interface Received {
  readonly status: number;
  readonly headers: Readonly<Record<string, unknown>>;
  readonly body: string;
}

type Ask = (path: string, sent?: Sent) => Promise<Received>;

/** Asks by an event of the HTTP API. */
const onLambda = ({ ports }: FakeWeb): Ask => {
  const handle = createApiHandler(ports);
  return async (path, { method = 'GET', headers = {}, cookies, body } = {}) => {
    const event: LambdaEvent = {
      ...(cookies && { cookies }),
      version: '2.0',
      routeKey: '$default',
      rawPath: path,
      rawQueryString: '',
      headers: { host: 'daily.example.org', ...headers },
      requestContext: {
        accountId: '111122223333',
        apiId: 'api',
        authentication: null,
        authorizer: {},
        domainName: 'daily.example.org',
        domainPrefix: 'daily',
        http: { method, path, protocol: 'HTTP/1.1', sourceIp: '192.0.2.1', userAgent: '' },
        requestId: '1',
        routeKey: '$default',
        stage: '$default',
        time: '',
        timeEpoch: 0,
      },
      body: body ?? null,
      isBase64Encoded: false,
    };
    const { statusCode, headers: answered = {}, body: text } = await handle(event);
    return { status: statusCode, headers: answered, body: text };
  };
};

/** Asks the app itself, as one machine does. */
const onOneMachine = ({ ports }: FakeWeb): Ask => {
  const app = createWebApp(ports);
  return async (path, { method = 'GET', headers = {}, body } = {}) => {
    const answer = await app.request(path, { method, headers, ...(body !== undefined && { body }) });
    return { status: answer.status, headers: Object.fromEntries(answer.headers), body: await answer.text() };
  };
};

let web: FakeWeb;
let printed: jest.SpiedFunction<typeof console.error>;

beforeEach(async () => {
  web = createFakeWeb();
  await web.repositories.subscribers.save(createSubscriber({ id: 'ada' }));
  printed = jest.spyOn(console, 'error').mockImplementation(() => undefined);
});

afterEach(() => {
  expect(printed.mock.calls).toEqual([]);
  jest.restoreAllMocks();
});

describe.each([
  ['on Lambda', onLambda],
  ['on one machine', onOneMachine],
])('%s', (_, open) => {
  const statusOf = async (id = 'ada') => (await web.repositories.subscribers.load(id))?.status;

  describe('characters that mail programs add to a link are removed', () => {
    const ends = [
      ...[
        '/',
        '.',
        ',',
        ';',
        ':',
        '!',
        '?.'.slice(1),
        ')',
        ']',
        '}',
        '>',
        '"',
        "'",
        '*',
        '|',
        '//',
        '>.',
        ').',
        '/.',
      ],
      ...[
        '%3E',
        '%3e',
        '%22',
        '%29',
        '%2C',
        '%20',
        '%0D%0A',
        '%E2%80%9D',
        '%C2%BB',
        '%E2%80%8B',
        '%E3%80%82',
      ],
    ];
    const links = (['manage', 'unsubscribe'] satisfies TokenPurpose[]).flatMap((purpose) =>
      ends.map((end) => ({ purpose, end })),
    );

    test.each(links)('$purpose, $end', async ({ purpose, end }) => {
      const path = `/${purpose}/${web.tokenFor(purpose, 'ada')}`;

      expect((await open(web)(path + end)).status).toBe(200);
    });

    test.each(ends)('one click, %s', async (end) => {
      const path = `/unsubscribe/${web.tokenFor('unsubscribe', 'ada')}${end}`;
      const sent = { method: 'POST', body: 'List-Unsubscribe=One-Click' };

      expect((await open(web)(path, sent)).status).toBe(200);
      expect(await statusOf()).toBe('unsubscribed');
    });

    test('but not letters, digits and other characters at the end of a token', async () => {
      const path = `/manage/${web.tokenFor('manage', 'ada')}`;

      for (const end of ['a', '0', '-', '_', '%C3%A9', '.a'])
        expect([end, (await open(web)(path + end)).status]).toEqual([end, 404]);
    });
  });

  describe('methods', () => {
    const methods = ['PUT', 'PATCH', 'DELETE', 'OPTIONS', 'PROPFIND'];

    test.each([...methods, 'POST'])(
      '%s on a page that is only read is answered 405 with a page',
      async (method) => {
        const { status, headers, body } = await open(web)('/privacy', { method });

        expect([status, headers.allow]).toEqual([405, 'GET, HEAD']);
        expect(headers['content-type']).toContain('text/html');
        expect(headers['x-frame-options']).toBe('DENY');
        if (method !== 'HEAD') expect(body).toContain('This page cannot do that');
      },
    );

    test.each(methods)('%s on a page with a form names the methods of both', async (method) => {
      const path = `/unsubscribe/${web.tokenFor('unsubscribe', 'ada')}`;

      const { status, headers } = await open(web)(path, { method });

      expect([status, headers.allow]).toEqual([405, 'GET, HEAD, POST']);
      expect(await statusOf()).toBe('confirmed');
    });

    test.each(methods.filter((method) => method !== 'PATCH' && method !== 'DELETE'))(
      '%s on the HTTP API is answered 405 with a problem document',
      async (method) => {
        for (const [path, allow] of [
          ['/v1/subscriber', 'GET, HEAD, PATCH, DELETE'],
          ['/v1/subscriber/', 'GET, HEAD, PATCH, DELETE'],
          ['/v1/openapi.json', 'GET, HEAD'],
        ] as const) {
          const { status, headers } = await open(web)(path, { method });
          expect([path, status, headers.allow]).toEqual([path, 405, allow]);
          expect(headers['content-type']).toContain('application/problem+json');
        }
      },
    );

    test('an unknown path is 404, whatever the method', async () => {
      for (const method of ['GET', ...methods])
        expect([method, (await open(web)('/nowhere', { method })).status]).toEqual([method, 404]);
    });
  });

  describe('If-Match', () => {
    const change = async (condition: string | undefined) => {
      const version = (await web.repositories.subscribers.load('ada'))?.version;
      const headers = {
        authorization: `Bearer ${web.tokenFor('manage', 'ada')}`,
        'content-type': 'application/json',
        ...(condition !== undefined && { 'if-match': condition.replaceAll('N', `${version}`) }),
      };
      return (await open(web)('/v1/subscriber', { method: 'PATCH', headers, body: '{"hour":9}' })).status;
    };

    test.each(['"N"', 'W/"N"', '"N", "999"', 'W/"999" , W/"N"', '"abc","N"', '*'])(
      '%s is met',
      async (condition) => {
        expect(await change(condition)).toBe(200);
      },
    );

    test.each(['"999"', 'W/"999"', '"999", "998"', '"abc"', 'W/"N-gzip"', 'N', ','])(
      '%s is not met, which is 412',
      async (condition) => {
        expect(await change(condition)).toBe(412);
      },
    );

    test('refuses a change without it with 428', async () => {
      expect(await change(undefined)).toBe(428);
    });
  });

  describe('one click', () => {
    const post = (sent: Omit<Sent, 'method'>) =>
      open(web)(`/unsubscribe/${web.tokenFor('unsubscribe', 'ada')}`, { method: 'POST', ...sent });
    const sized = (body: string) => ({ body, headers: { 'content-length': String(body.length) } });

    test.each([0, 16_384, 16_385, 1_000_000, 6_000_000])(
      'unsubscribes with a body of %d bytes',
      async (size) => {
        expect((await post(sized('x'.repeat(size)))).status).toBe(200);
        expect(await statusOf()).toBe('unsubscribed');
      },
    );

    test('unsubscribes with a large form, and with a large body of unknown size', async () => {
      const body = `x=${'x'.repeat(50_000)}`;
      const headers = { 'content-type': 'application/x-www-form-urlencoded' };

      expect((await post({ body, headers })).status).toBe(200);
      expect(await statusOf()).toBe('unsubscribed');
    });

    test('differs from a form that asks for fewer mails', async () => {
      const headers = { 'content-type': 'application/x-www-form-urlencoded' };

      expect((await post({ body: 'action=pause', headers })).status).toBe(200);
      expect(await statusOf()).toBe('paused');
    });
  });
});

describe('only on Lambda', () => {
  test('a cookie of another site of the domain, which no header can hold, refuses nobody', async () => {
    const cookies = ['language=中文'];
    expect((await onLambda(web)('/privacy', { cookies })).status).toBe(200);
    expect((await onLambda(web)('/manage-link', { cookies })).status).toBe(200);
  });

  test.each(['GET', 'HEAD'])('a %s with a body is answered as without one', async (method) => {
    expect((await onLambda(web)('/privacy', { method, body: 'x' })).status).toBe(200);
  });

  test.each(['TRACE', 'CONNECT', 'TRACK', 'trace', 'B AD', ''])(
    'the method "%s" is answered 405 by us',
    async (method) => {
      const page = await onLambda(web)('/privacy', { method, body: 'x' });
      const api = await onLambda(web)('/v1/lists', { method });

      expect([page.status, page.headers.allow, page.headers['x-frame-options']]).toEqual([
        405,
        'GET, HEAD',
        'DENY',
      ]);
      expect([api.status, api.headers.allow]).toEqual([405, 'GET, HEAD']);
      expect(api.headers['content-type']).toContain('application/problem+json');
    },
  );
});

test('a path is cut to its last letter, digit, "-" or "_"', () => {
  const ends = fc.array(fc.constantFrom(',', '/', '%', '%3E', '%E2', '%E2%80%9D', ')'));
  // No segment is a lone dot: Node's URL parser leaves some of those in a path.
  const starts = fc.array(fc.constantFrom('a', '.a', '/', '%3E', '%C3%A9', '-'));
  fc.assert(
    fc.property(starts, fc.constantFrom('a', '-', '%C3%A9'), ends, (start, last, end) => {
      const path = `/x${start.join('')}${last}`;
      const { pathname } = new URL(path, 'https://example.org');
      expect(decodeURI(toRoutedPath(new Request(`https://example.org${path}${end.join('')}`)))).toBe(
        decodeURI(pathname),
      );
    }),
  );
});
