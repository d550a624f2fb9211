import { createHash } from 'node:crypto';
import { describe, expect, test } from '@jest/globals';
import type { Hono } from 'hono';
import { createWebApp } from '../../../shared/web/app.tsx';
import { groupsWithOwnLimit, pageGroups } from '../../../shared/web/route-groups.ts';
import { createSubscriber } from '../../factories/subscribers.ts';
import { createFakeWeb } from '../../fakes/web.ts';
import { openWebWorld } from './web-world.ts';

describe('the pages', () => {
  test('answer an unknown path with 404 and the usual headers', async () => {
    const answer = await createWebApp(createFakeWeb().ports).request('/wp-login.php');

    expect(answer.status).toBe(404);
    expect(await answer.text()).toContain('Page not found');
    expect(Object.fromEntries(answer.headers)).toMatchObject({
      'content-security-policy': expect.stringContaining("frame-ancestors 'none'"),
      'referrer-policy': 'no-referrer',
      'x-content-type-options': 'nosniff',
      'cache-control': 'no-store',
      'strict-transport-security': 'max-age=31536000',
    });
  });

  test('allow one script, which guesses the time zone', async () => {
    const answer = await createWebApp(createFakeWeb().ports).request('/');
    const policy = answer.headers.get('content-security-policy') ?? '';

    expect(policy).toContain("default-src 'none'");
    const html = await answer.text();
    const scripts = [...html.matchAll(/<script>(.*?)<\/script>/gs)].map(([, script = '']) => script);

    expect(scripts).toHaveLength(1);
    const hash = createHash('sha256')
      .update(scripts[0] ?? '')
      .digest('base64');
    expect(/script-src ([^;]*)/.exec(policy)?.[1]).toBe(`'sha256-${hash}'`);
    expect(policy).not.toMatch(/unsafe-eval|\*|https:/);
    expect(html.replace(`<script>${scripts[0]}</script>`, '')).not.toMatch(/<script|javascript:|\son\w+=/i);
  });

  test('show an error as an id that the log explains, and nothing else', async () => {
    const logged: unknown[] = [];
    const web = createFakeWeb({
      telemetry: {
        ...createFakeWeb().ports.telemetry,
        error: (sentence, fields) => logged.push({ sentence, ...fields }),
      },
    });
    const app = createWebApp({
      ...web.ports,
      subscribers: {
        ...web.ports.subscribers,
        load: () => Promise.reject(new Error('table subscribers-7 is gone')),
      },
    });

    const answer = await app.request(`/manage/${web.tokenFor('manage', 'ada')}`);
    const text = await answer.text();

    expect(answer.status).toBe(500);
    expect(text).not.toContain('subscribers-7');
    const [errorId] = /[0-9a-f]{8}-[0-9a-f-]{27}/.exec(text) ?? [];
    expect(logged).toEqual([
      { sentence: 'A request failed', errorId, method: 'GET', error: expect.any(Error) },
    ]);
    expect(JSON.stringify(logged)).not.toContain('/manage/');
  });

  test('refuse a body that is larger than any form', async () => {
    const answer = await createWebApp(createFakeWeb().ports).request('/sign-up', {
      method: 'POST',
      body: new URLSearchParams({ address: 'x'.repeat(20_000) }),
    });

    expect(answer.status).toBe(413);
  });
});

test('GET, HEAD and OPTIONS on every route change nothing', async () => {
  const world = await openWebWorld();
  const { subscribers } = world.repositories;
  const signUp = {
    at: world.clock.now(),
    from: 'x',
    text: 'x',
    timeZone: 'UTC',
    hour: 8,
    subscriptions: createSubscriber().subscriptions,
  };
  await subscribers.save(createSubscriber({ id: 'ada' }));
  await subscribers.save(createSubscriber({ id: 'ben', status: 'unconfirmed', signUp }));
  const before = await world.scan();
  const app = createWebApp(world.ports);
  const tokens = ['ada', 'ben'].flatMap((id) =>
    (['manage', 'unsubscribe', 'confirm'] as const).map((purpose) => world.tokenFor(purpose, id)),
  );
  const groups: Hono[] = [];
  // One after the other, because jest cannot link a module that two imports load at the same time.
  for (const { load } of [...groupsWithOwnLimit, ...pageGroups]) groups.push((await load())(world.ports));
  const paths = new Set(
    [app, ...groups]
      .flatMap(({ routes }) => routes)
      .flatMap(({ path }) =>
        tokens.map((token) =>
          path
            .replace(':token', token)
            .replace(/:id\{.*\}/, '2601.00001')
            .replace(':id', 's1')
            .replace('/*', '/anything'),
        ),
      ),
  );

  const queries = ['', '?data=json', '?edit=s1', '?done=saved', '?action=unsubscribe', '?edit=new'];
  let answered = 0;
  for (const path of paths) {
    for (const method of ['GET', 'HEAD', 'OPTIONS']) {
      for (const query of queries) {
        const headers = { authorization: `Bearer ${tokens[0]}`, 'if-match': '*' };
        const { status } = await app.request(path + query, { method, headers });
        if (status >= 500) throw new Error(`${method} ${path} answers ${status}`);
        if (status === 200) answered += 1;
      }
    }
  }

  expect(answered).toBeGreaterThan(100);
  expect(await world.scan()).toEqual(before);
  expect(world.requested).toEqual([]);
  await world.close();
});
