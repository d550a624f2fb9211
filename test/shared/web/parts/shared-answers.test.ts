import { describe, expect, test } from '@jest/globals';
import { Hono } from 'hono';
import { createManualClock } from '../../../../local/manual-clock.ts';
import { allowCaching } from '../../../../shared/web/parts/caching.ts';
import { shareAnswers } from '../../../../shared/web/parts/shared-answers.ts';
import { createFacts, createListing } from '../../../factories/papers.ts';
import { createFakeWeb } from '../../../fakes/web.ts';
import { createReader } from '../reader.ts';

const NOW = '2026-01-05T08:00:00.000Z';

/** Returns a reader of a site with two papers, and what its container reads from the table. */
async function openSite() {
  const web = createFakeWeb();
  for (const id of ['2601.00001', '2601.00002']) {
    await web.repositories.papers.save(createFacts({ id, title: `Agents ${id}` }), NOW);
    await web.repositories.listings.save(createListing({ paperId: id }));
  }
  const reads: string[] = [];
  const { papers, listings, snapshots, sourceStates } = web.repositories;
  for (const [name, repository] of Object.entries({ papers, listings, snapshots, sourceStates })) {
    for (const [method, original] of Object.entries(repository)) {
      const counted = (...args: unknown[]) => {
        reads.push(`${name}.${method}`);
        return Reflect.apply(original, repository, args);
      };
      Object.assign(repository, { [method]: counted });
    }
  }
  const takeReads = () => reads.splice(0);
  return { ...createReader(web), takeReads };
}

const PATHS = [
  ['/'],
  ['/papers/2026-01-05'],
  ['/papers/2601.00001'],
  ['/papers/week/2026-W02'],
  ['/papers/trending'],
  ['/search?q=agents'],
  ['/authors/Ada%20Example'],
  ['/feeds/lists/hf-daily.atom'],
  ['/v1/papers/trending'],
  ['/status'],
];

describe('what a container reads from the table', () => {
  test.each(PATHS)('is nothing for a second request for %s within a minute', async (path) => {
    const { app, clock, takeReads } = await openSite();
    const first = await app.request(path);
    expect([first.status, takeReads().length > 0]).toEqual([200, true]);
    clock.moveTo('2026-01-05T08:00:59.000Z');

    const second = await app.request(path);

    expect([takeReads(), await second.text()]).toEqual([[], await first.text()]);
    expect([...second.headers]).toEqual([...first.headers]);
  });

  test('is only the paper itself for another paper, and nothing for other words to search for', async () => {
    const { read, takeReads } = await openSite();
    await read('/papers/2601.00001');
    takeReads();

    const paper = await read('/papers/2601.00002');
    const search = await read('/search?q=agents');

    expect([paper.status, search.text.includes('2 papers match')]).toEqual([200, true]);
    expect(paper.text).toContain('Listed Hugging Face Daily Papers on Monday 5 January 2026');
    // A snapshot has no licence, versions and notes, which only this page shows.
    expect(takeReads()).toEqual(['papers.loadMany']);
  });

  test('is one load of an old day for many simultaneous requests', async () => {
    const { app, takeReads } = await openSite();
    await app.request('/papers/2025-11-01');
    const alone = takeReads();

    const crowd = await Promise.all(Array.from({ length: 20 }, () => app.request('/papers/2025-11-02')));

    expect(new Set(crowd.map(({ status }) => status))).toEqual(new Set([200]));
    expect(takeReads()).toEqual(alone);
  });
});

describe('a shared answer', () => {
  /** Returns an app whose answers count. */
  function openCounter(maxBytes?: number) {
    const clock = createManualClock(NOW);
    const app = new Hono();
    let count = 0;
    shareAnswers(app, { clock }, maxBytes);
    app.get('*', (c) => {
      count += 1;
      if (c.req.query('fails')) throw new Error('broken');
      if (!c.req.query('own')) allowCaching(c, c.req.path.includes('private') ? 'private' : 'current');
      return c.text(`${count}`, c.req.query('missing') ? 404 : 200);
    });
    app.onError((_, c) => c.text('failed', 500));
    const ask = async (path: string, method = 'GET') => (await app.request(path, { method })).text();
    return { app, ask, clock };
  }

  test('ends after a minute, and with the UTC day', async () => {
    const { ask, clock } = openCounter();
    clock.moveTo('2026-01-05T23:58:00.000Z');
    expect([await ask('/'), await ask('/')]).toEqual(['1', '1']);
    clock.moveTo('2026-01-05T23:59:00.000Z');
    expect([await ask('/'), await ask('/')]).toEqual(['2', '2']);
    clock.moveTo('2026-01-05T23:59:59.999Z');
    expect(await ask('/')).toBe('2');
    clock.moveTo('2026-01-06T00:00:00.000Z');
    expect(await ask('/')).toBe('3');
  });

  test('belongs to one URL with its parameters', async () => {
    const { ask } = openCounter();
    expect(await ask('/search?q=a')).toBe('1');
    expect(await ask('/search?q=b')).toBe('2');
    expect(await ask('/search')).toBe('3');
    expect(await ask('/search?q=a')).toBe('1');
  });

  test('has the headers of its first answer for HEAD as well', async () => {
    const { app } = openCounter();
    const get = await app.request('/');
    const head = await app.request('/', { method: 'HEAD' });
    expect([await head.text(), Object.fromEntries(head.headers)]).toEqual([
      '',
      Object.fromEntries(get.headers),
    ]);
    expect(get.headers.get('etag')).toMatch(/^W\/"[\da-f]{40}"$/);
  });

  test.each([
    ['a fault', '/?fails=1'],
    ['an unknown page', '/papers/2026-01-05?missing=1'],
    ['a page that caches may not keep', '/?own=1'],
    ['a private feed', '/feeds/private/token.atom'],
    ['a path that is not public', '/manage/token'],
  ])('is never kept for %s', async (_, path) => {
    const { app } = openCounter();
    const bodies = [await app.request(path), await app.request(path)].map((answer) => answer.text());
    const [first, second] = await Promise.all(bodies);
    expect([first, second]).toEqual(path.includes('fails') ? ['failed', 'failed'] : ['1', '2']);
  });

  test('is dropped for newer ones when all together are too large', async () => {
    const { ask } = openCounter(3 * 2200);
    for (const q of ['a', 'b', 'c', 'd']) await ask(`/search?q=${q}`);
    expect(await ask('/search?q=d')).toBe('4');
    expect(await ask('/search?q=a')).toBe('5');
  });
});
