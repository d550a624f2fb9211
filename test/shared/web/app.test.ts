import { describe, expect, test } from '@jest/globals';
import { createHandClock } from '../../../local/hand-clock.ts';
import { createKeys } from '../../../local/keys.ts';
import { createWebApp } from '../../../shared/web/app.tsx';
import { createSubscriberLinks } from '../../../shared/web/links.ts';
import { createSubscriber } from '../../factories/subscribers.ts';
import { createFakeRepositories } from '../../fakes/repositories.ts';

const keys = createKeys();

function open(overrides: object = {}) {
  const logged: unknown[] = [];
  const { subscribers } = createFakeRepositories(createHandClock('2026-01-05T08:00:00.000Z'));
  const app = createWebApp({
    subscribers: { ...subscribers, ...overrides },
    publication: { name: 'Papers & More' },
    keyring: { load: async () => keys },
    telemetry: { error: (sentence, fields) => logged.push({ sentence, ...fields }) },
  });
  return { app, subscribers, logged };
}

describe('the pages', () => {
  test('begin with one that names the publication', async () => {
    const answer = await open().app.request('/');

    expect(answer.status).toBe(200);
    expect(await answer.text()).toContain('<h1>Papers &amp; More</h1>');
  });

  test('hold those behind the links of a digest', async () => {
    const { app, subscribers } = open();
    await subscribers.save(createSubscriber({ id: 'ada' }));
    const link = createSubscriberLinks(
      'https://daily.example.org',
      keys.linkKeys,
      '2026-01-05T08:00:00.000Z',
    ).unsubscribe('ada');

    expect((await app.request(link.pathname, { method: 'POST' })).status).toBe(200);
    expect((await subscribers.load('ada'))?.status).toBe('unsubscribed');
  });

  test('say so where there is none, under the same headers', async () => {
    const answer = await open().app.request('/wp-login.php');

    expect(answer.status).toBe(404);
    expect(await answer.text()).toContain('There is no such page');
    expect(answer.headers.get('content-security-policy')).toContain("frame-ancestors 'none'");
  });

  test('tell an error as a number that the log explains, and nothing else', async () => {
    const { app, logged } = open({
      load: async () => {
        throw new Error('table subscribers-7 is gone');
      },
    });
    const link = createSubscriberLinks(
      'https://daily.example.org',
      keys.linkKeys,
      '2026-01-05T08:00:00.000Z',
    ).manage('ada');

    const answer = await app.request(link.pathname);

    const text = await answer.text();
    expect(answer.status).toBe(500);
    expect(text).not.toContain('subscribers-7');
    expect(logged).toEqual([
      expect.objectContaining({ sentence: 'A request failed', method: 'GET', error: expect.any(Error) }),
    ]);
    expect(text).toContain(JSON.parse(JSON.stringify(logged))[0].errorId);
    expect(JSON.stringify(logged)).not.toContain(link.pathname);
  });
});
