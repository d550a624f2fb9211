import { beforeEach, describe, expect, test } from '@jest/globals';
import { findList, type ListId } from '../../../../shared/domain/lists/lists.ts';
import type { PaperFacts, PaperId } from '../../../../shared/domain/papers/paper.ts';
import type { Day } from '../../../../shared/domain/time/time.ts';
import { createWebApp } from '../../../../shared/web/app.tsx';
import { createFacts, createListing } from '../../../factories/papers.ts';
import { createFakeWeb, type FakeWeb } from '../../../fakes/web.ts';
import { fc } from '../../../fast-check.ts';
import { runs } from '../../../thorough.ts';
import { type DescribedApi, openDescribedApi } from './described-api.ts';

interface Page {
  readonly papers: readonly { readonly id: PaperId; readonly [field: string]: unknown }[];
  readonly total: number;
  readonly next?: string;
}

let web: FakeWeb;
let api: DescribedApi;

beforeEach(async () => {
  web = createFakeWeb();
  api = await openDescribedApi(createWebApp(web.ports));
});

async function list(facts: Partial<PaperFacts>, day: Day = '2026-01-05', list: ListId = 'hf-daily') {
  const { id } = createFacts(facts);
  await web.repositories.papers.save(createFacts(facts), web.clock.now());
  await web.repositories.listings.save(
    createListing({ list, paperId: id, day, firstSeenAt: web.clock.now() }),
  );
}

async function read(path: string): Promise<Page> {
  const { status, json } = await api.call('GET', path);
  expect([path, status]).toEqual([path, 200]);
  return json as unknown as Page;
}

const idsOf = ({ papers }: Page) => papers.map(({ id }) => id);

describe('papers', () => {
  test('can be those of a day, a week or a month', async () => {
    await list({ id: '2601.00001' }, '2026-01-05');
    await list({ id: '2601.00002' }, '2026-01-04');
    await list({ id: '2512.00003' }, '2025-12-30');

    expect(idsOf(await read('/v1/papers?day=2026-01-05'))).toEqual(['2601.00001']);
    expect(idsOf(await read('/v1/papers?week=2026-W02'))).toEqual(['2601.00001']);
    expect(idsOf(await read('/v1/papers?week=2026-W01')).sort()).toEqual(['2512.00003', '2601.00002']);
    expect(idsOf(await read('/v1/papers?month=2026-01')).sort()).toEqual(['2601.00001', '2601.00002']);
    expect(await read('/v1/papers')).toMatchObject({ total: 3 });
    expect(await read('/v1/papers?list=hf-daily&list=hf-daily&day=2026-01-03')).toEqual({
      papers: [],
      total: 0,
    });
  });

  test('have all known facts', async () => {
    await list({
      id: 'hep-ex/0307015',
      organisation: 'Example Lab',
      categories: ['hep-ex'],
      stars: 7,
      repositoryUrl: 'https://github.com/a/b',
      projectUrl: 'https://a.example',
      aiSummary: 'One line.',
    });
    const known = {
      id: 'hep-ex/0307015',
      authors: ['Ada Example', 'Ben Sample'],
      authorCount: 2,
      organisation: 'Example Lab',
      categories: ['hep-ex'],
      listedOn: '2026-01-05',
      lists: ['hf-daily'],
      upvotes: 12,
      comments: 2,
      stars: 7,
      aiSummary: 'One line.',
      urls: {
        page: 'https://daily.example.org/papers/hep-ex/0307015',
        original: 'https://arxiv.org/abs/hep-ex/0307015',
        arxiv: 'https://arxiv.org/abs/hep-ex/0307015',
        pdf: 'https://arxiv.org/pdf/hep-ex/0307015',
        huggingFace: 'https://huggingface.co/papers/hep-ex/0307015',
        repository: 'https://github.com/a/b',
        project: 'https://a.example/',
      },
    };

    expect((await read('/v1/papers')).papers).toEqual([expect.objectContaining(known)]);
    for (const path of [
      '/v1/papers/hep-ex%2F0307015',
      '/v1/papers/hep-ex/0307015',
      '/v1/papers/hep-ex/0307015/',
    ]) {
      const answer = await api.app.request(path);
      expect([path, answer.status, await answer.json()]).toEqual([path, 200, expect.objectContaining(known)]);
    }
  });

  test('one alone has what its page shows: the days of each list, its versions and its vote counts', async () => {
    web = createFakeWeb({ lists: ['hf-daily', 'arxiv/cs.CL'] });
    api = await openDescribedApi(createWebApp(web.ports));
    const { upvotes, comments, ...arxiv } = createFacts({
      source: 'arxiv',
      version: 2,
      versionAt: '2026-01-04T10:00:00.000Z',
      note: '10 pages',
      publishedAt: '2026-01-02T09:00:00.000Z',
    });
    await list(arxiv, '2026-01-05', 'arxiv/cs.CL');
    await list({ upvotes: 3, comments: 0 }, '2026-01-04');
    web.clock.moveBy(3_600_000);
    await list({ upvotes: 9, comments: 1 }, '2026-01-05');

    const path = `/v1/papers/${arxiv.id}`;
    const { json, headers, text } = await api.call('GET', path);
    const counts = [
      { at: '2026-01-05T08:00:00.000Z', upvotes: 3, comments: 0 },
      { at: '2026-01-05T09:00:00.000Z', upvotes: 9, comments: 1 },
    ];
    const own = {
      listings: [
        { list: 'arxiv/cs.CL', days: ['2026-01-05'] },
        { list: 'hf-daily', days: ['2026-01-05', '2026-01-04'] },
      ],
      versions: [
        { version: 1, at: '2026-01-02T09:00:00.000Z' },
        { version: 2, at: '2026-01-04T10:00:00.000Z' },
      ],
      voteCounts: counts,
      note: '10 pages',
    };

    expect(json).toMatchObject({ ...own, listedOn: '2026-01-05', lists: ['arxiv/cs.CL', 'hf-daily'] });
    expect(Buffer.byteLength(text)).toBeLessThan(2000);
    const [listed] = (await read('/v1/papers')).papers;
    expect(Object.keys(listed ?? {}).filter((name) => name in own)).toEqual([]);
    expect(listed).toMatchObject({ id: arxiv.id, version: 2 });

    web.clock.moveBy(3_600_000);
    await list({ upvotes: 12, comments: 1 }, '2026-01-05');
    const later = await api.app.request(path, { headers: { 'if-none-match': headers.get('etag') ?? '' } });
    expect([later.status, await later.json()]).toEqual([
      200,
      expect.objectContaining({
        voteCounts: [...counts, { at: '2026-01-05T10:00:00.000Z', upvotes: 12, comments: 1 }],
      }),
    ]);
  });

  test('have no votes if no source counts them', async () => {
    const { upvotes, comments, ...facts } = createFacts();
    await web.repositories.papers.save(facts, web.clock.now());

    const { json } = await api.call('GET', `/v1/papers/${facts.id}`);

    expect(json).not.toHaveProperty('upvotes');
    expect(json).toMatchObject({ id: facts.id, lists: [], listings: [], voteCounts: [] });
  });

  test('can be sorted by votes', async () => {
    await list({ id: '2601.00001', upvotes: 1 });
    await list({ id: '2601.00002', upvotes: 9 });

    expect(idsOf(await read('/v1/papers?sort=votes'))).toEqual(['2601.00002', '2601.00001']);
  });

  test('of a search are sorted as on its page: without words the newest first, with words the best first', async () => {
    const title = 'Agents agents';
    const repositoryUrl = 'https://github.com/example/code';
    await list({ id: '2601.00001', title, upvotes: 9, repositoryUrl }, '2026-01-04');
    await list({ id: '2601.00002', upvotes: 1, repositoryUrl }, '2026-01-05');

    expect(idsOf(await read('/v1/papers/search?q=has:code'))).toEqual(['2601.00002', '2601.00001']);
    expect(idsOf(await read('/v1/papers/search?q=has:code&sort=votes'))).toEqual([
      '2601.00001',
      '2601.00002',
    ]);
    expect(idsOf(await read('/v1/papers/search?q=agents'))[0]).toBe('2601.00001');
  });

  test('of a query say why they match', async () => {
    await list({ id: '2601.00001', title: 'Agents' });
    await list({ id: '2601.00002', title: 'Something else', abstract: 'Nothing.', aiKeywords: ['vision'] });

    const found = await read('/v1/papers/search?q=agents%20upvotes:%3E=3&facets=true');

    expect(found).toMatchObject({
      total: 1,
      isRelaxed: false,
      facets: { lists: [{ value: 'hf-daily', count: 1 }] },
    });
    expect(found.papers).toMatchObject([
      {
        id: '2601.00001',
        reasons: [
          { term: 'agents', field: 'title' },
          { term: 'upvotes:>=3', field: 'upvotes' },
        ],
      },
    ]);
  });

  test('of a list that is no longer read are found by a search, but not counted by list', async () => {
    const old = createFakeWeb({ lists: ['hf-daily', 'arxiv/cs.CL'] });
    web = old;
    api = await openDescribedApi(createWebApp({ ...old.ports, lists: ['hf-daily'] }));
    await list({ id: '2601.00001' });
    await list({ id: '2601.00002' }, '2026-01-05', 'arxiv/cs.CL');

    expect(await read('/v1/papers/search?facets=true')).toMatchObject({
      total: 2,
      facets: { lists: [{ value: 'hf-daily', count: 1 }] },
    });
    expect(await read('/v1/papers?month=2026-01')).toMatchObject({ total: 1 });
  });

  test('of the list with the longest name are found by it', async () => {
    const id = `feed/${'Long-'.repeat(9)}Names`;
    web = createFakeWeb({ lists: ['hf-daily', id] });
    api = await openDescribedApi(createWebApp(web.ports));
    await list({ id: '2601.00001' }, '2026-01-05', id);

    for (const path of ['/v1/papers', '/v1/papers/search']) {
      expect(await read(`${path}?list=${id}`)).toMatchObject({ total: 1 });
    }
  });

  test('like one, and trending ones, have their lists', async () => {
    await list({ id: '2601.00001', aiKeywords: ['routing'] });
    await list({ id: '2601.00002', aiKeywords: ['routing'], upvotes: 90 });

    const similar = await read('/v1/papers/2601.00001/similar');
    const trending = await read('/v1/papers/trending?limit=1');

    const second = { id: '2601.00002', lists: ['hf-daily'], listedOn: '2026-01-05' };
    expect([similar.papers, trending.papers]).toMatchObject([[second], [second]]);
  });

  test('trending ones of a list without votes are those that others gave votes', async () => {
    web = createFakeWeb({ lists: ['hf-daily', 'arxiv/cs.CL'] });
    api = await openDescribedApi(createWebApp(web.ports));
    await list({ id: '2601.00001', upvotes: 5 });
    await list({ id: '2601.00002', upvotes: 90 });
    await list({ id: '2601.00001' }, '2026-01-05', 'arxiv/cs.CL');
    await list({ id: '2601.00003', source: 'arxiv', upvotes: undefined }, '2026-01-05', 'arxiv/cs.CL');

    expect(idsOf(await read('/v1/papers/trending?list=arxiv/cs.CL'))).toEqual(['2601.00001']);
    expect(idsOf(await read('/v1/papers/trending'))).toEqual(['2601.00002', '2601.00001']);
  });

  test.each([
    ['/v1/papers/2601.99999', /^public, /],
    ['/v1/papers/2601.99999/similar', /^public, /],
    ['/v1/papers/Trending', /^public, /],
    ['/v1/papers/a/b/c', /^no-store$/],
  ])('%s is not found', async (path, caching) => {
    const answer = await api.app.request(path);

    expect(answer.status).toBe(404);
    expect(answer.headers.get('cache-control')).toMatch(caching);
  });
});

test('an id with a version is not found, and the answer says how an id is written', async () => {
  const { status, json } = await api.call('GET', '/v1/papers/2601.00001v2');

  expect([status, json]).toEqual([
    404,
    expect.objectContaining({ detail: expect.stringContaining('its arXiv id without its version') }),
  ]);
});

describe('a parameter', () => {
  test.each([
    ['limit=0', '#/limit', 'expected a whole number from 1 to 100'],
    ['limit=101', '#/limit', 'expected a whole number from 1 to 100'],
    ['limit=ten', '#/limit', 'expected a whole number from 1 to 100'],
    ['limit=5&limit=6', '#/limit', 'expected it once'],
    ['day=2026-02-30', '#/day', 'expected a day such as 2026-01-05'],
    ['day=2026-01', '#/day', 'expected a day such as 2026-01-05'],
    ['week=2025-W53', '#/week', 'expected an ISO week such as 2026-W02'],
    ['month=2026-13', '#/month', 'expected a month such as 2026-01'],
    ['day=2026-01-05&week=2026-W02', '#/week', 'expected only one of day, week and month'],
    ['list=hf-daily&list=nope', '#/list/1', '"nope" is not a list here. The lists here: hf-daily.'],
    ['sort=wrong', '#/sort', 'expected one of date, votes'],
    ['cursor=x', '#/cursor', 'expected the `next` of the page before, with otherwise the same parameters'],
    ['limits=5', '#/limits', expect.stringContaining('there is no such parameter')],
    ['__proto__=5', '#/__proto__', expect.stringContaining('there is no such parameter')],
  ])('%s is refused by its name', async (query, pointer, detail) => {
    const { status, json, headers } = await api.call('GET', `/v1/papers?${query}`);

    expect([status, json]).toEqual([422, expect.objectContaining({ errors: [{ pointer, detail }] })]);
    expect(headers.get('cache-control')).toBe('no-store');
  });

  test.each([
    '/v1/papers/2601.00001?list=hf-daily',
    '/v1/lists?list=hf-daily',
    '/v1/status?list=hf-daily',
    '/v1/papers/2601.00001?sort=votes',
  ])('%s is refused, because the path has none', async (path) => {
    await list({});

    const { status, json } = await api.call('GET', path);

    const pointer = `#/${path.replace(/^.*\?|=.*$/g, '')}`;
    const detail = 'there is no such parameter; this path has none';
    expect([status, json]).toEqual([422, expect.objectContaining({ errors: [{ pointer, detail }] })]);
  });

  test('that is faulty is named beside every other one', async () => {
    const { json } = await api.call('GET', '/v1/papers?limit=0&foo=1&day=x&sort=votes&sort=date');

    const pointers = ['#/foo', '#/sort', '#/limit', '#/day'];
    const named = expect.arrayContaining(pointers.map((pointer) => expect.objectContaining({ pointer })));
    expect(json).toMatchObject({ errors: named });
    expect(json).toHaveProperty('errors.length', pointers.length);
  });

  test('with a bad query is refused with the position and a hint', async () => {
    const { status, json } = await api.call('GET', '/v1/papers/search?q=agents%20autor:He');

    expect([status, json]).toMatchObject([
      422,
      {
        errors: [
          {
            pointer: '#/q',
            detail: 'at character 8: "autor:" is not a field. Expected the name of a field before the colon',
            position: 7,
            hint: expect.stringContaining('Write author:'),
          },
        ],
      },
    ]);
  });
});

test('a search has the advice of its page about the query, and none for a clear one', async () => {
  const odd = await api.call('GET', '/v1/papers/search?q=a%20b%20OR%20list:arxiv/cs.CL');
  const clear = await api.call('GET', '/v1/papers/search?q=agents');

  expect(odd.json).toMatchObject({
    advice: [
      'We read this as: (a b) OR list:arxiv/cs.CL',
      '"arxiv/cs.CL" is not a list here. The lists here: hf-daily.',
    ],
  });
  expect([clear.status, clear.json]).toEqual([
    200,
    expect.not.objectContaining({ advice: expect.anything() }),
  ]);
});

test('papers that arrive between two pages neither repeat nor hide one', async () => {
  const arrival = fc.record({
    day: fc.constantFrom('2026-01-03', '2026-01-04', '2026-01-05'),
    upvotes: fc.nat(50),
  });
  await fc.assert(
    fc.asyncProperty(
      fc.array(arrival, { minLength: 1, maxLength: 12 }),
      fc.array(fc.array(arrival, { maxLength: 3 }), { maxLength: 6 }),
      fc.integer({ min: 1, max: 4 }),
      fc.constantFrom(
        '/v1/papers?sort=date',
        '/v1/papers?sort=votes',
        '/v1/papers/search?q=small&sort=votes',
      ),
      async (first, later, limit, path) => {
        web = createFakeWeb();
        const app = createWebApp(web.ports);
        const read = async (path: string) => (await (await app.request(path)).json()) as Page;
        let made = 0;
        const arrive = async (arrivals: readonly { readonly day: Day; readonly upvotes: number }[]) => {
          for (const { day, upvotes } of arrivals) {
            made += 1;
            await list({ id: `2601.${String(10_000 + made)}`, upvotes }, day);
          }
        };
        await arrive(first);
        const known = idsOf(await read(`${path}&limit=100`));
        const paged: PaperId[] = [];
        let page = await read(`${path}&limit=${limit}`);
        for (;;) {
          paged.push(...idsOf(page));
          if (page.next === undefined) break;
          web.clock.moveBy(60_000);
          await arrive(later.shift() ?? []);
          page = await read(`${path}&limit=${limit}&cursor=${page.next}`);
        }

        expect(new Set(paged).size).toBe(paged.length);
        expect(paged.filter((id) => known.includes(id))).toEqual(known);
      },
    ),
    { numRuns: runs(15, 200) },
  );
});

describe('a public answer', () => {
  test('is kept by caches, sent once, and open to pages of other sites', async () => {
    await list({});
    const paths = [
      '/v1/papers?day=2026-01-05',
      '/v1/papers/2601.00001',
      '/v1/lists',
      '/v1/status',
      '/v1/openapi.json',
    ];
    for (const path of paths) {
      const first = await api.app.request(path);
      const etag = first.headers.get('etag') ?? '';
      expect([path, first.headers.get('cache-control')]).toEqual([path, expect.stringMatching(/^public, /)]);
      expect(first.headers.get('access-control-allow-origin')).toBe('*');
      expect((await api.app.request(path, { headers: { 'if-none-match': etag } })).status).toBe(304);
    }
    const preflight = await api.app.request('/v1/papers', {
      method: 'OPTIONS',
      headers: { origin: 'https://a.example', 'access-control-request-method': 'GET' },
    });
    expect([preflight.status, preflight.headers.get('access-control-allow-methods')]).toEqual([204, 'GET']);
  });

  test('of a past day is kept for longer', async () => {
    const cachingOf = async (day: Day) =>
      (await api.app.request(`/v1/papers?day=${day}`)).headers.get('cache-control');

    expect(await cachingOf('2025-12-01')).not.toBe(await cachingOf('2026-01-05'));
  });

  test('about a subscriber is closed to other sites', async () => {
    const answer = await api.app.request('/v1/subscriber', { headers: { origin: 'https://a.example' } });

    expect(answer.headers.has('access-control-allow-origin')).toBe(false);
  });
});

describe('the lists', () => {
  const statusAt = async (now: string, history: object) => {
    web.clock.moveTo(now);
    await web.repositories.sourceStates.save('hf-daily', {
      lists: { 'hf-daily': { failuresInARow: 0, ...history } },
    });
    return (await api.call('GET', '/v1/status')).json;
  };

  test('have their URLs and their newest days', async () => {
    await list({});
    await statusAt('2026-01-05T13:00:00.000Z', { lastNewAt: '2026-01-05T09:00:00.000Z' });

    expect((await api.call('GET', '/v1/lists')).json).toEqual(
      [findList('hf-daily')].map((found) => ({
        id: found?.id,
        name: found?.name,
        url: found?.url,
        source: found?.source,
        state: 'fresh',
        newestDay: '2026-01-05',
        description: expect.any(String),
        calendar: { timeZone: 'Etc/UTC', weekdays: [1, 2, 3, 4, 5], dueHour: 12 },
      })),
    );
  });

  test('are due again on Monday after a Friday', async () => {
    const lastSuccessAt = '2026-01-10T12:10:00.000Z';
    const lastNewAt = '2026-01-09T10:00:00.000Z';

    expect(await statusAt('2026-01-10T13:00:00.000Z', { lastSuccessAt, lastNewAt })).toEqual({
      overall: 'ok',
      lists: [
        {
          id: 'hf-daily',
          name: 'Hugging Face Daily Papers',
          state: 'quiet',
          lastReadAt: lastSuccessAt,
          lastNewPaperAt: lastNewAt,
          nextDueAt: '2026-01-12T12:00:00.000Z',
          days: [],
        },
      ],
    });
  });

  test('that are late have the time when papers were due', async () => {
    expect(
      await statusAt('2026-01-12T13:00:00.000Z', { lastNewAt: '2026-01-09T10:00:00.000Z' }),
    ).toMatchObject({
      overall: 'late',
      lists: [{ state: 'stale', overdueSince: '2026-01-12T12:00:00.000Z' }],
    });
  });

  test('that cannot be read make the status down', async () => {
    expect(await statusAt('2026-01-05T13:00:00.000Z', { failuresInARow: 3 })).toMatchObject({
      overall: 'down',
      lists: [{ state: 'broken' }],
    });
  });
});
