import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { Hono } from 'hono';
import { createKeys } from '../../../local/keys.ts';
import { createManualClock } from '../../../local/manual-clock.ts';
import { createSite } from '../../../local/site/site.tsx';
import { createLocalPublication, type System, startSystem } from '../../../local/system.ts';
import { createErrorTelemetry } from '../../../local/telemetry.ts';
import { toSubscriberId } from '../../../shared/subscribers/subscriber-id.ts';
import { createSubscriberLinks } from '../../../shared/web/links.ts';
import { createFacts, createListing } from '../../factories/papers.ts';
import { createSubscriber } from '../../factories/subscribers.ts';

let folder: string;
let system: System;
let site: Hono;

const keys = createKeys();
const NOW = '2026-01-07T08:00:00.000Z';

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'broadsheet-site-'));
  const publication = createLocalPublication('http://localhost:4310');
  const clock = createManualClock(NOW);
  system = await startSystem({
    clock,
    timer: clock,
    outboxFolder: folder,
    publication,
    keys,
    telemetry: createErrorTelemetry(() => undefined),
  });
  site = createSite({ system, publication, keys, sourceNote: 'No papers.' });
});

afterAll(async () => {
  await system.close();
  await rm(folder, { recursive: true });
});

const ask = (path: string, host: string, method = 'GET') =>
  site.request(`http://localhost:4310${path}`, { method, headers: { host } });

describe('the pages of a copy', () => {
  test('say that the first papers come within seconds', async () => {
    const text = await (await ask('/', 'localhost')).text();

    expect(text).toContain('as soon as they are read. Load this page again in a few seconds.');
    expect(text).not.toContain('The next papers are due');
  });

  test.each([
    'localhost',
    'localhost:4310',
    'LocalHost:80',
    '127.0.0.1',
    '127.0.0.1:4400',
    '[::1]',
    '[::1]:1',
  ])('are shown under %s', async (host) => {
    expect((await ask('/', host)).status).toBe(200);
    expect((await ask('/inbox', host)).status).toBe(200);
  });

  test.each([
    'evil.example',
    'evil.example:4310',
    'localhost.evil.example',
    'evil.localhost',
    'localhost@evil.example',
    '127.0.0.1.evil.example:4310',
    '127.0.0.10',
    '0.0.0.0',
    '[::2]',
    '::1',
    'localhost:',
    '',
  ])('are refused under "%s", in a plain sentence', async (host) => {
    const paths = [
      '/',
      '/inbox',
      '/inbox/1',
      '/papers/2026-01-06',
      '/manage/x',
      '/unsubscribe/x',
      '/nowhere',
    ];
    for (const path of paths) {
      const answer = await ask(path, host);
      expect({ path, status: answer.status }).toEqual({ path, status: 403 });
      expect(answer.headers.get('content-type')).toMatch('text/plain');
      expect(await answer.text()).toBe('Open these pages at localhost, 127.0.0.1 or [::1].');
    }
  });

  test.each(['/subscribers', '/unsubscribe/x'])(
    'refuse a form sent to %s from another host name',
    async (path) => {
      expect((await ask(path, 'evil.example', 'POST')).status).toBe(403);
    },
  );

  test.each(['/privacy', '/manage-link', '/docs', '/v1/lists', '/inbox'])(
    'are found at %s with any text glued to the link',
    async (path) => {
      for (const end of ['/', '.', ')', '%3E', '/%22,'])
        expect([end, (await ask(path + end, 'localhost')).status]).toEqual([end, 200]);
    },
  );

  test('show the papers of a day as soon as they are stored', async () => {
    const { papers, listings } = system.repositories;
    const paths = ['/', '/papers/2026-01-05'];
    for (const [index, title] of ['Rivers', 'Lakes'].entries()) {
      const id = `2601.0000${index}`;
      await papers.save(createFacts({ id, title }), NOW);
      await listings.save(createListing({ paperId: id }));
      for (const path of paths) {
        const answer = await ask(path, 'localhost');
        expect([path, answer.headers.get('cache-control')]).toEqual([path, 'no-cache']);
        expect(answer.headers.get('etag')).not.toBeNull();
        expect({ path, hasPaper: (await answer.text()).includes(title) }).toEqual({ path, hasPaper: true });
      }
    }
  });

  test('are not cached if they show the inbox', async () => {
    expect((await ask('/inbox', 'localhost')).headers.get('cache-control')).toBe('no-store');
    expect((await ask('/inbox/nothing', 'localhost')).headers.get('cache-control')).toBe('no-store');
  });

  test('refuse an unreadable form with a message, and with the headers of all pages', async () => {
    const answer = await site.request('http://localhost:4310/send-now', {
      method: 'POST',
      headers: {
        host: 'localhost:4310',
        origin: 'http://localhost:4310',
        'content-type': 'multipart/form-data; boundary=x',
      },
      body: 'zz',
    });

    expect(answer.status).toBe(200);
    expect(await answer.text()).toContain('No subscriber has this address');
    expect(answer.headers.get('x-frame-options')).toBe('DENY');
    expect(answer.headers.get('content-security-policy')).toContain("default-src 'none'");
  });

  test('refuse a form that does not say where it was, and say what is missing', async () => {
    const answer = await site.request('http://localhost:4310/send-now', {
      method: 'POST',
      headers: { host: 'localhost:4310' },
      body: new URLSearchParams({ address: 'nobody@readers.example' }),
    });

    expect(answer.status).toBe(403);
    expect(await answer.text()).toContain('the header <code>Origin: http://localhost:4310</code>.');
  });

  test.each(['/', '/status', '/status?list=hf-daily'])(
    'say at %s where the papers come from',
    async (path) => {
      expect(await (await ask(path, 'localhost')).text()).toContain('No papers.');
    },
  );

  test.each(['/sign-up', '/manage-link'])('lead from %s to the inbox', async (path) => {
    const answer = await site.request(`http://localhost:4310${path}`, {
      method: 'POST',
      headers: {
        host: 'localhost:4310',
        origin: 'http://localhost:4310',
        'sec-fetch-site': 'same-origin',
      },
      body: new URLSearchParams({ address: 'new@readers.example' }),
    });

    const page = await answer.text();
    expect(page).toContain('<h1>Check your email</h1>');
    expect(page).toContain('No mail leaves this machine. <a href="/inbox">Open the inbox</a> to read it.');
    expect(page).toContain('We send an address at most one link a day.');
    expect(page).not.toMatch(/spam|mailto:/);
  });

  test('lead to the inbox after a data link was asked for', async () => {
    const id = toSubscriberId('eve@readers.example', keys.idKey);
    await system.repositories.subscribers.save(createSubscriber({ id, address: 'eve@readers.example' }));
    const links = createSubscriberLinks('http://localhost:4310', keys.linkKeys, NOW);
    const { pathname } = new URL(links.manage(id));

    const before = await (await ask(pathname, 'localhost')).text();
    const after = await (await ask(`${pathname}?done=data-link`, 'localhost')).text();

    const note = '<a href="/inbox">Open the inbox</a> to read it.';
    expect(before).not.toContain(note);
    expect(after).toContain('An email with a data link is on its way to your address.');
    expect(after).toContain(note);
  });

  test('name the demo subscriber where an address is asked for', async () => {
    const page = await (await ask('/send-now', 'localhost')).text();

    expect(page).toContain('that of the demo subscriber, <span class="address">demo@readers.example</span>.');
  });

  test('say that the digest of a period was already sent, and lead to it and to a preview', async () => {
    const { deliveries, subscribers } = system.repositories;
    const id = toSubscriberId('ada@readers.example', keys.idKey);
    await subscribers.save(createSubscriber({ id, address: 'ada@readers.example' }));
    const edition = { cadence: 'daily', period: '2026-01-07' } as const;
    const origin = { ...edition, cohort: 'daily#Europe/Berlin#08', batch: 0 } as const;
    const claim = await deliveries.claim({ ...edition, subscriberId: id }, origin, [], NOW);
    if (claim) await deliveries.recordOutcome(claim, { state: 'sent', messageId: 'message-1' });

    const answer = await site.request('http://localhost:4310/send-now', {
      method: 'POST',
      headers: { host: 'localhost:4310', origin: 'http://localhost:4310' },
      body: new URLSearchParams({ address: 'ada@readers.example' }),
    });

    const page = await answer.text();
    expect(page).toContain('<h1>Today’s digest was already sent</h1>');
    expect(page).toContain('It was sent at 09:00 on Wednesday 7 January 2026 (Europe/Berlin).');
    expect(page).toContain('<a href="/inbox/message-1">Open the mail</a>');
    expect(page).toMatch(/<a href="http:\/\/localhost:4310\/manage\/[^"]+">preview a change/);
  });

  test('are refused to a request without a host', async () => {
    expect((await site.request('http://localhost:4310/inbox')).status).toBe(403);
  });
});
