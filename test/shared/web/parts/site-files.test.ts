import { beforeEach, describe, expect, test } from '@jest/globals';
import { createPublication } from '../../../factories/digests.ts';
import { createFacts, createListing } from '../../../factories/papers.ts';
import { createSubscriber, createSubscription } from '../../../factories/subscribers.ts';
import { createFakeWeb } from '../../../fakes/web.ts';
import { createReader } from '../reader.ts';

let reader: ReturnType<typeof createReader>;

beforeEach(async () => {
  const publication = createPublication({ name: 'Papers & <More>', accentColour: '#0b6e4f' });
  reader = createReader(createFakeWeb({ publication }));
  const { papers, listings, subscribers } = reader.repositories;
  await papers.save(createFacts({ title: 'Attention "Is" <All>' }), '2026-01-05T08:00:00.000Z');
  await listings.save(createListing());
  const signUp = {
    at: '2026-01-05T08:00:00.000Z',
    from: 'x',
    text: 'x',
    timeZone: 'UTC',
    hour: 8,
    subscriptions: [createSubscription()],
  };
  await subscribers.save(createSubscriber({ id: 'ada' }));
  await subscribers.save(createSubscriber({ id: 'ben', status: 'unconfirmed', signUp }));
});

describe('search engines', () => {
  const robotsTagOf = async (path: string, form?: Record<string, string>) =>
    (await reader.read(path, form)).headers.get('x-robots-tag');

  test.each(['/', '/sign-up', '/privacy', '/docs', '/about/trending', '/papers/2026-01-05'])(
    'may list %s',
    async (path) => {
      expect(await robotsTagOf(path)).toBeNull();
    },
  );

  test('may list no page with a token in its URL', async () => {
    for (const purpose of ['manage', 'unsubscribe', 'confirm'] as const) {
      for (const id of ['ada', 'ben', 'nobody']) {
        const path = `/${purpose}/${reader.tokenFor(purpose, id)}`;
        for (const asked of [path, `${path}/`, `${path}?edit=s1`, `${path}?data=json`, `${path}x`]) {
          expect([asked, await robotsTagOf(asked)]).toEqual([asked, 'noindex']);
        }
        expect(await robotsTagOf(path, { action: 'pause' })).toBe('noindex');
      }
    }
  });

  test.each([
    '/manage-link',
    '/v1/lists',
    '/v1/openapi.json',
    '/wp-login.php',
    '/papers/2026-02-30',
    '/papers/2026-01-05?q=agents',
    '/papers/2026-01-05?',
  ])('may not list %s', async (path) => {
    expect(await robotsTagOf(path)).toBe('noindex');
  });

  test('read in robots.txt which pages to leave out, and `noindex` on the others', async () => {
    const { status, headers, html } = await reader.read('/robots.txt');

    expect(status).toBe(200);
    expect(headers.get('content-type')).toContain('text/plain');
    expect(html).toContain('User-agent: *\n');
    expect(html).toContain('Disallow: /*?\n');
    // A group without the rule for parameters, so that a shared search has a preview.
    expect(html).toMatch(/^(?:User-agent: \w[\w-]+\n)+Disallow: \/v1\/\n\nUser-agent: \*\n/);
    expect(html).toContain('Sitemap: https://daily.example.org/sitemap.xml\n');
    expect(html).not.toMatch(/manage|unsubscribe|confirm|^Disallow: \/$/m);
  });
});

test('the icon is the first letter of the name in the accent colour', async () => {
  const { status, headers, html } = await reader.read('/favicon.svg');

  expect(status).toBe(200);
  expect(headers.get('content-type')).toBe('image/svg+xml');
  expect(html).toContain('fill="#0b6e4f"');
  expect(html).toContain('>P</text>');
  expect(html).toContain('<title>Papers &amp; &lt;More&gt;</title>');
  expect((await reader.read('/')).headers.get('content-security-policy')).toContain("img-src 'self'");
});

test.each(['/favicon.ico', '/apple-touch-icon.png'])(
  '%s leads to the icon, and caches keep that',
  async (path) => {
    const { status, headers } = await reader.read(path);

    expect([status, headers.get('location')]).toEqual([301, '/favicon.svg']);
    expect(headers.get('cache-control')).toMatch(/^public, /);
  },
);

test('browsers can add the search', async () => {
  const { html: page } = await reader.read('/');
  const { status, headers, html } = await reader.read('/opensearch.xml');

  expect(page).toMatch(
    /<link rel="search" type="application\/opensearchdescription\+xml"[^>]* href="\/opensearch.xml"/,
  );
  expect(status).toBe(200);
  expect(headers.get('content-type')).toContain('application/opensearchdescription+xml');
  expect(html).toContain('<ShortName>Papers &amp; &lt;More></ShortName>');
  expect(html).toContain('template="https://daily.example.org/search?q={searchTerms}"');
});

describe('a link that is shared', () => {
  test.each([
    ['/', 'Papers &amp; &lt;More&gt;', 'by email, at the hour you choose'],
    ['/sign-up', 'New papers, by email', 'by email, at the hour you choose'],
    ['/privacy', 'What we keep about you', 'keeps about its readers'],
    ['/about/trending', 'How papers are sorted', 'sorts papers'],
    ['/docs', 'HTTP API', 'The HTTP API of Papers &amp; &lt;More&gt;'],
    ['/papers/2026-01-05', '1 paper from Monday 5 January 2026', 'Attention &quot;Is&quot; &lt;All&gt;'],
    ['/papers/2026-01-05?days=3', '1 paper from 3 to 5 January 2026', 'Attention'],
  ])('to %s has a title, a description and a URL', async (path, title, description) => {
    const { html } = await reader.read(path);
    const contentOf = (name: string) =>
      new RegExp(`<meta (?:name|property)="${name}" content="([^"]*)"`).exec(html)?.[1];

    expect(contentOf('og:title')).toBe(title);
    expect(contentOf('description')).toContain(description);
    expect(contentOf('og:description')).toBe(contentOf('description'));
    expect(contentOf('og:url')).toBe(`https://daily.example.org${path}`);
    expect(html).toContain(`<link rel="canonical" href="https://daily.example.org${path}"/>`);
  });

  test('to a page of one reader has no preview', async () => {
    const { html } = await reader.read(`/manage/${reader.tokenFor('manage', 'ada')}`);

    expect(html).not.toMatch(/og:|canonical|name="description"/);
  });
});
