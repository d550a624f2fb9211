import { beforeEach, describe, expect, jest, test } from '@jest/globals';
import type { PaperFacts } from '../../../../shared/domain/papers/paper.ts';
import type { Subscriber } from '../../../../shared/domain/subscribers/subscriber.ts';
import type { Day } from '../../../../shared/domain/time/time.ts';
import type { QueryNode } from '../../../../shared/matching/query/query.ts';
import { createFacts, createListing } from '../../../factories/papers.ts';
import { createSubscriber, createSubscription } from '../../../factories/subscribers.ts';
import { anchorsOf, createReader, outlineOf } from '../reader.ts';
import { type ReadFeed, readAtom, readJsonFeed } from './read-feed.ts';

const SITE = 'https://daily.example.org';

let reader: ReturnType<typeof createReader>;

beforeEach(() => {
  reader = createReader();
});

async function list(facts: Partial<PaperFacts>, day: Day = '2026-01-05') {
  const { papers, listings } = reader.repositories;
  await papers.save(createFacts(facts), reader.clock.now());
  await listings.save(
    createListing({ paperId: createFacts(facts).id, day, firstSeenAt: reader.clock.now() }),
  );
}

/** Reads both formats of a feed, and expects that they say the same. */
async function readBoth(address: string): Promise<ReadFeed> {
  const [path = '', params = ''] = address.split('?');
  const addressOf = (format: string) => `${path}.${format}${params && `?${params}`}`;
  const [atom, json] = [await reader.read(addressOf('atom')), await reader.read(addressOf('json'))];
  expect([address, atom.status, json.status]).toEqual([address, 200, 200]);
  expect(atom.headers.get('content-type')).toBe('application/atom+xml; charset=utf-8');
  expect(json.headers.get('content-type')).toBe('application/feed+json; charset=utf-8');
  const [first, second] = [readAtom(atom.html), readJsonFeed(json.html)];
  expect(first.self).toBe(`${SITE}${addressOf('atom')}`);
  expect(second).toEqual({ ...first, id: undefined, self: `${SITE}${addressOf('json')}` });
  return first;
}

const idsOf = ({ entries }: ReadFeed) => entries.map(({ url }) => url.replace(`${SITE}/papers/`, ''));

/** Expects that an `and` or `or` has two parts or more, and none of its own kind. */
function expectPlainTree(node: QueryNode): void {
  if (node.kind !== 'and' && node.kind !== 'or') return;
  expect(node.parts.length).toBeGreaterThan(1);
  for (const part of node.parts) {
    expect(part.kind).not.toBe(node.kind);
    expectPlainTree(part);
  }
}

/** The papers of a page, in order. */
async function papersOn(path: string): Promise<readonly string[]> {
  const { status, html } = await reader.read(path);
  expect([path, status]).toEqual([path, 200]);
  const links = (await anchorsOf(html)).flatMap(
    ({ href }) => /^\/papers\/(\d{4}\.\d+)$/.exec(href)?.[1] ?? [],
  );
  return [...new Set(links)];
}

async function listSome() {
  await list({ id: '2601.00001', title: 'Agents', upvotes: 5, organisation: 'Example Lab' }, '2026-01-03');
  await list({ id: '2601.00002', title: 'Routing', upvotes: 50, authors: ['Cy Other'] }, '2026-01-05');
  await list(
    { id: '2601.00003', title: 'Agents again', upvotes: 9, organisation: 'Example Lab' },
    '2026-01-04',
  );
}

describe('each feed has the papers of its page', () => {
  test.each([
    ['/feeds/lists/hf-daily', '/search?list=hf-daily', ['2601.00002', '2601.00003', '2601.00001']],
    ['/feeds/trending', '/papers/trending', undefined],
    ['/feeds/search', '/search', ['2601.00002', '2601.00003', '2601.00001']],
    ['/feeds/search?q=agents', '/search?q=agents&sort=date', ['2601.00003', '2601.00001']],
    ['/feeds/search?q=agents&list=hf-daily', '/search?q=agents&sort=date&list=hf-daily', undefined],
    ['/feeds/authors/Ada%20Example', '/authors/Ada%20Example', ['2601.00003', '2601.00001']],
    ['/feeds/organisations/Example%20Lab', '/organisations/Example%20Lab', ['2601.00003', '2601.00001']],
  ])('%s', async (address, page, expected) => {
    await listSome();

    const feed = await readBoth(address);

    expect(idsOf(feed)).toEqual(expected ?? idsOf(feed));
    expect(idsOf(feed)).toEqual(await papersOn(page));
    const { pathname, search } = new URL(feed.page);
    expect(await papersOn(pathname + search)).toEqual(idsOf(feed));
    const { html } = await reader.read(page);
    const self = feed.self.replace(SITE, '').replace('&', '&amp;');
    expect(
      html.includes(`<link rel="alternate" type="application/atom+xml"`) && html.includes(`href="${self}"`),
    ).toBe(true);
  });

  test('is valid without papers', async () => {
    for (const address of ['/feeds/lists/hf-daily', '/feeds/trending', '/feeds/search?q=nothing'])
      expect((await readBoth(address)).entries).toEqual([]);
  });

  test('has at most the newest hundred papers', async () => {
    for (let n = 0; n < 105; n += 1) await list({ id: `2601.${String(n).padStart(5, '0')}` });

    expect((await readBoth('/feeds/lists/hf-daily')).entries).toHaveLength(100);
  });
});

test('a feed of a query has several lists, repeated or with commas between them', async () => {
  await list({ id: '2601.00001', title: 'Agents' });

  const single = await reader.read('/feeds/search.json?q=agents&list=hf-daily');
  // A list that the deployment does not read is left out.
  for (const lists of ['list=arxiv/cs.CL&list=hf-daily', 'list=arxiv/cs.CL,hf-daily'])
    expect((await reader.read(`/feeds/search.json?q=agents&${lists}`)).html).toBe(single.html);
  expect(single.html).toContain('/papers/2601.00001');
});

describe('an entry', () => {
  test('keeps its id, and is as new as its text', async () => {
    await list({ id: 'hep-ex/0307015', upvotes: 1 });
    const [first] = (await readBoth('/feeds/lists/hf-daily')).entries;
    reader.clock.moveBy(3_600_000);
    await reader.repositories.papers.save(
      createFacts({ id: 'hep-ex/0307015', upvotes: 9 }),
      reader.clock.now(),
    );
    const [voted] = (await readBoth('/feeds/lists/hf-daily')).entries;
    reader.clock.moveBy(3_600_000);
    const told = createFacts({ id: 'hep-ex/0307015', upvotes: 9, aiSummary: 'One line.' });
    await reader.repositories.papers.save(told, reader.clock.now());
    const [summarised] = (await readBoth('/feeds/lists/hf-daily')).entries;

    expect(first).toMatchObject({
      id: 'tag:daily.example.org,2026:papers/hep-ex/0307015',
      url: `${SITE}/papers/hep-ex/0307015`,
      published: '2026-01-05T08:00:00.000Z',
      updated: '2026-01-05T08:00:00.000Z',
    });
    expect(voted).toEqual(first);
    expect(summarised).toMatchObject({
      id: first?.id,
      published: first?.published,
      updated: '2026-01-05T10:00:00.000Z',
    });
    expect(summarised?.html).toContain('One line.');
  });

  test('that was read days later is as old as its list', async () => {
    await list({}, '2026-01-02');

    expect((await readBoth('/feeds/lists/hf-daily')).entries).toMatchObject([
      { published: '2026-01-02T00:00:00.000Z', updated: '2026-01-05T08:00:00.000Z' },
    ]);
  });

  test('names twenty authors at most, and counts all', async () => {
    const authors = Array.from({ length: 200 }, (_, n) => `Author ${n}`);
    await list({ authors, authorCount: 3303 });

    const [entry] = (await readBoth('/feeds/lists/hf-daily')).entries;

    expect(entry?.authors).toEqual(authors.slice(0, 20));
    expect(entry?.html).toContain('3,303 authors');
  });

  test.each([
    '<script>alert(1)</script>',
    ']]><script>alert(1)</script><![CDATA[',
    '&lt;b&gt; &amp; &#60;i&#62; &nbsp;',
    '"><img src=x onerror=alert(1)>',
    'a\u0000b\u0008c\u001bd\u202Ee\u2028f\ufffeg\uffffh\ud800i',
    '<?xml version="1.0"?><!DOCTYPE x [<!ENTITY y "z">]>&y;',
    '𝔸 \u{1f468}\u200d\u{1f469} e\u0301',
  ])('shows a hostile text as it is: %j', async (text) => {
    const facts = { organisation: text, authors: [text, 'Ada'], aiKeywords: [text], aiSummary: text };
    await list({ title: text, abstract: text, ...facts });

    const feed = await readBoth('/feeds/lists/hf-daily');
    const [entry] = feed.entries;

    expect(entry?.title).toBe(expectedTitle(text));
    const elements = (await outlineOf(entry?.html ?? '')).map((element) => element.replace(/\[.*/, ''));
    expect(elements.filter((name) => !['html', 'head', 'body', 'p', 'strong', 'a'].includes(name))).toEqual(
      [],
    );
  });
});

function expectedTitle(text: string): string {
  const visible = text.replace(/[\u202e\ufffe\uffff]/g, '').replaceAll(/\p{Surrogate}/gu, '\ufffd');
  return visible.replaceAll(/[\p{Cc}\p{White_Space}]+/gu, ' ').trim();
}

describe('a public feed', () => {
  test('is sent once, kept by caches, open to pages of other sites, and not listed by search engines', async () => {
    await listSome();
    for (const path of ['/feeds/lists/hf-daily.atom', '/feeds/search.json?q=agents']) {
      const { headers } = await reader.app.request(path);
      const etag = headers.get('etag') ?? '';
      const again = await reader.app.request(path, { headers: { 'if-none-match': etag } });

      expect([again.status, await again.text()]).toEqual([304, '']);
      expect(headers.get('cache-control')).toMatch(/^public, /);
      expect(headers.get('access-control-allow-origin')).toBe('*');
      expect(headers.get('x-robots-tag')).toBe('noindex');
    }
  });

  test.each([
    ['/feeds/lists/nope.atom', 404],
    ['/feeds/lists/hf-daily.rss', 404],
    ['/feeds/search.atom?list=nope', 404],
    ['/feeds/search.atom?q=%22open', 400],
    ['/feeds/search.atom?q=agents%20upvotes%20:%3E=10', 200],
    ['/feeds/search.atom?q=title%20:%20agents', 400],
    ['/feeds/authors/%22.atom', 404],
    ['/feeds/nothing.json', 404],
  ])('%s answers %d', async (path, expected) => {
    expect((await reader.read(path)).status).toBe(expected);
  });

  test.each([
    ['/feeds/lists/nope.atom', 'no list with this name is read here'],
    ['/feeds/authors/Nobody.json', 'no paper here has this author'],
    ['/feeds/organisations/Nowhere.atom', 'no paper here has this organisation'],
  ])('%s answers with a problem document that caches keep', async (path, detail) => {
    await listSome();
    const { html, headers } = await reader.read(path);

    expect(JSON.parse(html)).toEqual({ type: 'about:blank', title: 'Not Found', status: 404, detail });
    expect(headers.get('content-type')).toBe('application/problem+json');
    expect(headers.get('cache-control')).toMatch(/^public, /);
    expect(headers.get('access-control-allow-origin')).toBe('*');
  });

  test.each([
    ['GET', '/feeds/lists/hf-daily.rss', 404, 'expected an address that ends with .atom or .json'],
    ['GET', '/feeds', 404, 'expected an address that ends with .atom or .json'],
    ['GET', '/feeds/nothing.json', 404, 'there is no such feed'],
    ['POST', '/feeds/trending.atom', 405, 'a feed accepts only these methods: GET, HEAD'],
    ['DELETE', '/feeds/lists/hf-daily.json', 405, 'a feed accepts only these methods: GET, HEAD'],
  ])('a %s of %s is answered %d with a problem document', async (method, path, status, detail) => {
    const answer = await reader.app.request(path, { method });

    expect(answer.headers.get('content-type')).toBe('application/problem+json');
    expect(answer.headers.get('allow')).toBe(status === 405 ? 'GET, HEAD' : null);
    expect(await answer.json()).toMatchObject({ status, detail });
  });

  test('of a name in another spelling leads to the usual one, so that it has one id', async () => {
    await list({ authors: ['Kaiming He'], organisation: 'Example Lab' });
    for (const [path, usual] of [
      ['/feeds/authors/kaiming%20he.atom', '/feeds/authors/Kaiming%20He.atom'],
      ['/feeds/organisations/EXAMPLE_LAB.json', '/feeds/organisations/Example%20Lab.json'],
    ] as const) {
      const { status, headers } = await reader.read(path);
      expect([path, status, headers.get('location')]).toEqual([path, 302, usual]);
    }
  });
});

describe('the feed of a subscriber', () => {
  const save = (overrides: Partial<Subscriber> = {}) =>
    reader.repositories.subscribers.save(
      createSubscriber({
        id: 'ada',
        subscriptions: [
          createSubscription({ id: 's1', query: 'agents' }),
          createSubscription({ id: 's2', query: 'title:routing upvotes:>=50' }),
          createSubscription({ id: 's3', query: '"broken' }),
        ],
        ...overrides,
      }),
    );
  /** The address on the page of the subscription, without its format. */
  const addressOf = async () => {
    const { html } = await reader.read(`/manage/${reader.tokenFor('manage', 'ada')}`);
    const found = (await anchorsOf(html)).find(({ text }) => text === 'Atom');
    return found?.href.replace(SITE, '').replace('.atom', '') ?? '';
  };

  test('has the papers of all subscriptions, without muted ones', async () => {
    await listSome();
    await list({ id: '2601.00004', title: 'Vision', abstract: 'Nothing.', aiKeywords: [] });
    await list({ id: '2601.00005', title: 'Agents of Eve', authors: ['Eve Muted'] });
    await list({ id: '2601.00006', title: 'More agents' });
    await save({ mutedAuthors: ['Eve Muted'], mutedPapers: ['2601.00006'] });

    const feed = await readBoth(await addressOf());

    expect(idsOf(feed)).toEqual(['2601.00002', '2601.00003', '2601.00001']);
    expect(feed.id).toBe('tag:daily.example.org,2026:feeds/private/ada');
  });

  test('finds a word only where the digests of the subscription find it', async () => {
    await list({ id: '2601.00001', title: 'Agents' }, '2026-01-05');
    await list({ id: '2601.00002', title: 'Routing', organisation: 'Agents Lab' }, '2026-01-05');
    await list({ id: '2601.00003', title: 'Parsing', authors: ['Ada Agents'] }, '2026-01-05');
    const agents = createSubscription({ query: 'agents' });
    for (const [version, subscriber] of [
      { subscriptions: [agents] },
      { subscriptions: [agents], mutedPapers: ['2601.00009'] },
      { subscriptions: [agents, createSubscription({ id: 's2', query: 'agents -vision' })] },
    ].entries()) {
      await save({ ...subscriber, version });
      const search = jest.spyOn(reader.ports.search, 'search');

      expect(idsOf(await readBoth(await addressOf()))).toEqual(['2601.00001']);
      for (const [{ query }] of search.mock.calls) expectPlainTree(query);
      expect(search).toHaveBeenCalled();
      search.mockRestore();
    }
  });

  test('has every paper of a list for an empty query', async () => {
    await listSome();
    await save({ subscriptions: [createSubscription({ query: '' })] });

    expect((await readBoth(await addressOf())).entries).toHaveLength(3);
  });

  test('keeps its URL, which no shared cache sees', async () => {
    await save();
    const address = await addressOf();
    reader.clock.moveBy(86_400_000);

    expect(await addressOf()).toBe(address);
    const { headers } = await reader.app.request(`${address}.atom`);
    expect(headers.get('cache-control')).toMatch(/^private, /);
    expect(headers.has('access-control-allow-origin')).toBe(false);
    const etag = headers.get('etag') ?? '';
    expect((await reader.app.request(`${address}.atom`, { headers: { 'if-none-match': etag } })).status).toBe(
      304,
    );
  });

  test('ends when old links are made invalid, and then has a new URL', async () => {
    await save();
    const old = await addressOf();
    reader.clock.moveBy(5_000);
    await reader.read(`/your-data/${reader.tokenFor('data', 'ada')}`, { action: 'renew-links' });
    const fresh = await addressOf();

    expect((await reader.read(`${old}.atom`)).status).toBe(410);
    expect(fresh).not.toBe(old);
    expect((await reader.read(`${fresh}.atom`)).status).toBe(200);
  });

  test.each([
    ['confirmed', 200],
    ['paused', 200],
    ['unconfirmed', 410],
    ['unsubscribed', 410],
    ['bounced', 410],
    ['complained', 410],
  ] as const)('of somebody %s answers %d', async (status, expected) => {
    await save();
    const address = await addressOf();
    await save({ status, version: 1 });

    expect((await reader.read(`${address}.json`)).status).toBe(expected);
    expect((await addressOf()) !== '').toBe(expected === 200);
  });

  test('ends when the subscriber is erased', async () => {
    await save();
    const address = await addressOf();
    await reader.read(`/your-data/${reader.tokenFor('data', 'ada')}`, { action: 'erase', sure: 'yes' });

    expect((await reader.read(`${address}.atom`)).status).toBe(410);
  });

  test('is closed to tokens of other purposes, and its token opens nothing else', async () => {
    await save();
    const token = (await addressOf()).replace('/feeds/private/', '');

    for (const purpose of ['manage', 'unsubscribe', 'mute', 'confirm', 'data'] as const) {
      const { status } = await reader.read(`/feeds/private/${reader.tokenFor(purpose, 'ada')}.atom`);
      expect([purpose, status]).toEqual([purpose, 410]);
    }
    for (const path of ['/manage', '/unsubscribe', '/your-data', '/confirm'])
      expect([path, (await reader.read(`${path}/${token}`)).status]).toEqual([path, 404]);
    const headers = { authorization: `Bearer ${token}` };
    expect((await reader.app.request('/v1/subscriber', { headers })).status).toBe(401);
  });

  test('has its URLs in the API', async () => {
    await save();
    const headers = { authorization: `Bearer ${reader.tokenFor('manage', 'ada')}` };

    const answer = await reader.app.request('/v1/subscriber/feed', { headers });

    const address = `${SITE}${await addressOf()}`;
    expect(await answer.json()).toEqual({ atom: `${address}.atom`, json: `${address}.json` });
  });
});
