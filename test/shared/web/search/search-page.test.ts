import { beforeEach, describe, expect, test } from '@jest/globals';
import type { PaperFacts } from '../../../../shared/domain/papers/paper.ts';
import { MAX_QUERY_LENGTH } from '../../../../shared/matching/query/parse-query.ts';
import type { PaperSearch, SearchAnswer, SearchRequest } from '../../../../shared/ports/search.ts';
import { cacheControlOf } from '../../../../shared/web/parts/caching.ts';
import { createFacts, createListing } from '../../../factories/papers.ts';
import { createFakeWeb } from '../../../fakes/web.ts';
import { anchorsOf, createReader, findMistakes } from '../reader.ts';

const DAY = '2026-01-05';
const OLD_LIST = 'arxiv/cs.CL';

let reader: ReturnType<typeof createReader>;

beforeEach(() => {
  reader = createReader(createFakeWeb());
  reader.clock.moveTo('2026-01-07T12:00:00.000Z');
});

async function publish(
  ...papers: (Partial<PaperFacts> & { readonly day?: string; readonly list?: string })[]
) {
  for (const [n, { day = DAY, list = 'hf-daily', ...facts }] of papers.entries()) {
    const paper = createFacts({ id: `2601.${10_000 + n}`, ...facts });
    await reader.repositories.papers.save(paper, `${day}T08:00:00.000Z`);
    await reader.repositories.listings.save(createListing({ list, day, paperId: paper.id }));
  }
}

const titlesOf = (html: string) =>
  [...html.matchAll(/<h2><a[^>]*>(.*?)<\/a>/g)].map(([, title = '']) => title.replace(/<\/?mark>/g, ''));

const linkOf = async (html: string, words: string) =>
  (await anchorsOf(html)).find(({ text }) => text.startsWith(words))?.href;

/** Reads a page of a search that answers with these parts, and notes what it was asked for. */
async function readWith(path: string, answer: Partial<SearchAnswer>) {
  const asked: SearchRequest[] = [];
  const search: PaperSearch = {
    similar: async () => [],
    findRecent: async () => undefined,
    search: async (request) => {
      asked.push(request);
      return { hits: [], total: 0, totalWithAll: answer.total ?? 0, ...answer };
    },
  };
  const page = await createReader(createFakeWeb({ search })).read(path);
  return { ...page, asked: asked[0] };
}

describe('a search', () => {
  test('shows what matches, and where the words are', async () => {
    await publish(
      {
        title: 'Residual streams',
        aiSummary: 'In short.',
        abstract: 'It begins. The residual stream is wide.',
      },
      { title: 'Vision', aiSummary: 'In short.', abstract: 'Much later we see the residual stream again.' },
      { title: 'Other' },
    );

    const { status, html, text, headers } = await reader.read('/search?q=%22residual+stream%22');

    expect(status).toBe(200);
    expect(titlesOf(html)).toEqual(['Residual streams', 'Vision']);
    expect(text).toContain('2 papers match');
    expect(html).toContain('<mark>Residual streams</mark>');
    expect(html).toContain('Much later we see the <mark>residual stream</mark> again.');
    // The marked words say it already.
    expect(text).not.toContain('Matches “residual stream”');
    expect(text).toContain('Best matches first.');
    expect(headers.get('x-robots-tag')).toBe('noindex');
    expect(html).toContain('name="query" value="&quot;residual stream&quot;"');
    expect(await findMistakes(html)).toEqual([]);
  });

  test('says why a paper matches if a reader cannot see all words', async () => {
    await publish({ title: 'Residual streams', authors: ['Ada Lovelace'], abstract: 'It begins.' });

    const { text } = await reader.read('/search?q=residual+author:lovelace');

    expect(text).toMatch(/Matches .*Ada Lovelace/);
  });

  test('without words shows the newest papers', async () => {
    await publish({ title: 'Old', day: '2026-01-02' }, { title: 'New', day: '2026-01-06' });

    const { html, text } = await reader.read('/search');

    expect(titlesOf(html)).toEqual(['New', 'Old']);
    expect(text).toContain('Newest papers first.');
    expect(await linkOf(html, 'Best matches')).toBeUndefined();
    expect(await linkOf(html, 'Most votes')).toBe('/search?sort=votes');
  });

  test('is narrowed by links that keep the rest of it', async () => {
    await publish(
      { title: 'agents one', organisation: 'Example Lab', repositoryUrl: 'https://github.com/a/b' },
      { title: 'agents two', organisation: 'Other Lab', day: '2025-12-20' },
      { title: 'mlp three', organisation: 'Other Lab' },
    );

    const { html } = await reader.read('/search?q=agents+OR+mlp&sort=date');
    const organisation = await linkOf(html, 'Example Lab');
    const code = (await anchorsOf(html)).find(({ text }) => text === 'code 1')?.href;
    const month = await linkOf(html, 'December 2025');

    expect(organisation).toBe(
      `/search?${new URLSearchParams({ q: '(agents OR mlp) org:"Example Lab"', sort: 'date' })}`,
    );
    const facets = (await anchorsOf(html)).filter(({ href }) => href.startsWith('/search?'));
    expect(facets.map(({ text }) => text)).toEqual(
      expect.arrayContaining(['Other Lab 2', 'Example Lab 1', 'January 2026 2', 'December 2025 1', 'code 1']),
    );
    expect(code).toBe(`/search?${new URLSearchParams({ q: '(agents OR mlp) has:code', sort: 'date' })}`);
    const withCode = await reader.read(code ?? '');
    expect(titlesOf(withCode.html)).toEqual(['agents one']);
    const [removeCode] = (await anchorsOf(withCode.html)).filter(({ text }) => text === '×');
    expect(removeCode?.href).toBe(`/search?${new URLSearchParams({ q: 'agents OR mlp', sort: 'date' })}`);
    const inMonth = await reader.read(month ?? '');
    expect(titlesOf(inMonth.html)).toEqual(['agents two']);
    expect(await linkOf(inMonth.html, '×')).toBe('/search?q=agents+OR+mlp&sort=date');
  });

  test('leads from the name that the pages of days use for lists to its own', async () => {
    const { status, headers } = await reader.read('/search?q=agents&lists=hf-daily,arxiv/cs.CL');

    expect([status, headers.get('location')]).toEqual([
      302,
      '/search?q=agents&list=hf-daily%2Carxiv%2Fcs.CL',
    ]);
  });

  test('finds papers of a list that is no longer read, but has no link to that list', async () => {
    const old = createFakeWeb({ lists: ['hf-daily', OLD_LIST] });
    reader = createReader({ ...old, ports: { ...old.ports, lists: ['hf-daily', 'arxiv/cs.AI'] } });
    reader.clock.moveTo('2026-01-07T12:00:00.000Z');
    await publish({ title: 'agents one' }, { title: 'agents two', list: OLD_LIST });

    const { html } = await reader.read('/search?q=agents');
    const lists = (await anchorsOf(html)).filter(({ href }) => href.includes('list='));

    expect(titlesOf(html).sort()).toEqual(['agents one', 'agents two']);
    expect(lists).toEqual([]);
    expect((await reader.read(`/search?q=agents&list=${OLD_LIST}`)).status).toBe(400);
    for (const others of [`list=${OLD_LIST}&list=hf-daily`, `list=${OLD_LIST},hf-daily`])
      expect(titlesOf((await reader.read(`/search?q=agents&${others}`)).html)).toEqual(['agents one']);
    expect(titlesOf((await reader.read('/papers/month/2026-01')).html)).toEqual(['agents one']);
  });

  test('has its papers on pages, each once', async () => {
    await publish(...Array.from({ length: 45 }, (_, n) => ({ title: `agents ${n}`, upvotes: n })));

    const found: string[] = [];
    for (let path: string | undefined = '/search?q=agents&sort=votes'; path; ) {
      const { html } = await reader.read(path);
      found.push(...titlesOf(html));
      path = await linkOf(html, 'More papers');
    }

    expect(found).toEqual(Array.from({ length: 45 }, (_, n) => `agents ${44 - n}`));
  });

  test('passes on the parameters of the URL', async () => {
    const { asked } = await readWith(
      '/search?q=agents&sort=votes&list=hf-daily&month=2026-02&verbatim=1',
      {},
    );

    expect(asked).toMatchObject({
      sort: 'votes',
      lists: ['hf-daily'],
      isVerbatim: true,
      withFacets: true,
      days: { first: '2026-02-01', last: '2026-02-28' },
    });
  });

  test('says what it searched instead of a word that no paper has', async () => {
    const { html, text } = await readWith('/search?q=langage+models', { corrected: 'language models' });

    expect(text).toContain('Showing results for language models. Search instead for langage models');
    expect(await linkOf(html, 'langage models')).toBe('/search?q=langage+models&verbatim=1');
    expect(html).toContain('name="query" value="language models"');
    expect(html).toContain('value="langage models"');
  });

  test.each([
    [20, 0, 'No paper has all of these words. 20 papers have some of them.'],
    [6, 2, '2 papers have all of these words. 4 more papers have some of them.'],
    [2, 1, '1 paper has all of these words. 1 more paper has some of them.'],
  ])('of %i papers with some words and %i with all says so', async (total, totalWithAll, expected) => {
    const { text } = await readWith('/search?q=a+b', { total, totalWithAll });

    expect(text).toContain(expected);
    expect(text).toContain('Emails and the feed contain only papers that have all of these words.');
  });

  test.each([
    ['author:Kaiming He ResNet', 'author:"Kaiming He"', 'author:"Kaiming He" ResNet'],
    ['-(org:Google  DeepMind)', 'org:"Google DeepMind"', '-(org:"Google DeepMind")'],
    [
      'agents -org:University of Cambridge, UK',
      '-org:"University of Cambridge"',
      'agents -org:"University of Cambridge" UK',
    ],
    ['cs.cl agents', 'cat:cs.CL', 'cat:cs.CL agents'],
    ['agents -arxiv/cs.CL', '-cat:cs.CL', 'agents -cat:cs.CL'],
  ])('%s is advised to be %s, with a link', async (query, text, advised) => {
    const { html } = await reader.read(`/search?${new URLSearchParams({ q: query, month: '2026-01' })}`);
    const link = (await anchorsOf(html)).find((anchor) => anchor.text === text);

    expect(link?.href).toBe(`/search?${new URLSearchParams({ q: advised, month: '2026-01' })}`);
    expect((await reader.read(link?.href ?? '')).status).toBe(200);
  });

  test.each(['agents upvotes:>=10 upvotes:<5', 'agents -"agents"'])(
    'that no paper can match says so, and offers no subscription to it: %s',
    async (query) => {
      await publish({ title: 'Agents' });

      const { html, text } = await reader.read(`/search?${new URLSearchParams({ q: query })}`);

      expect(text).toContain('No papers match. No paper can match both');
      expect(text).not.toContain('Check the spelling');
      expect(html).not.toContain('name="query"');
    },
  );

  test('for a word that only a name has says nothing of a contradiction', async () => {
    await publish({ organisation: 'Acme' });

    const { text } = await reader.read('/search?q=acme+-%22acme%22');

    expect(text).toContain('1 paper matches.');
    expect(text).not.toContain('No paper can match');
  });

  test('that finds nothing says what to do', async () => {
    const { status, html, text } = await reader.read('/search?q=zzzz&month=2026-01');

    expect(status).toBe(200);
    expect(text).toContain('No papers match');
    expect(await linkOf(html, 'Search every list and month')).toBe('/search?q=zzzz');
  });
});

test.each([
  ['2601.00001', '/papers/2601.00001'],
  [' arXiv:2601.00001v2 ', '/papers/2601.00001'],
  ['https://arxiv.org/abs/2601.00001v1', '/papers/2601.00001'],
  ['https://www.arxiv.org/pdf/2601.00001v3.pdf', '/papers/2601.00001'],
  ['http://huggingface.co/papers/2601.00001', '/papers/2601.00001'],
  ['arxiv.org/pdf/2601.00001v2', '/papers/2601.00001'],
  ['huggingface.co/papers/2601.00001', '/papers/2601.00001'],
  ['10.48550/arXiv.2601.00001', '/papers/2601.00001'],
  ['arXiv:2601.00001v2 [cs.CL] 5 Jan 2026', '/papers/2601.00001'],
  ['arXiv:hep-ex/0307015v1  [hep-ex]  8 Jul 2003', '/papers/hep-ex/0307015'],
  ['arXiv 2601.00001', '/papers/2601.00001'],
  ['[2601.00001]', '/papers/2601.00001'],
  ['<https://doi.org/10.48550/arXiv.2601.00001/>', '/papers/2601.00001'],
  ['2601.00001.', '/papers/2601.00001'],
  ['https://arxiv.org/abs/2601.00001?context=cs.CL', '/papers/2601.00001'],
  ['https://arxiv.org/abs/2601.00001v2/', '/papers/2601.00001'],
  ['https://huggingface.co/papers/2601.00001#community', '/papers/2601.00001'],
  ['https://www.alphaxiv.org/abs/2601.00001v1', '/papers/2601.00001'],
  ['doi:10.48550/arXiv.2601.00001', '/papers/2601.00001'],
  ['https://doi.org/10.48550/arXiv.2601.00001', '/papers/2601.00001'],
  ['dx.doi.org/10.48550/arxiv.hep-ex/0307015', '/papers/hep-ex/0307015'],
  ['hep-ex/0307015', '/papers/hep-ex/0307015'],
])('a pasted id or address leads to the paper: %s', async (query, path) => {
  const { status, headers } = await reader.read(`/search?${new URLSearchParams({ q: query })}`);

  expect([status, headers.get('location')]).toEqual([302, path]);
});

test.each([
  'id:2601.00001',
  '2601.00001 agents',
  'https://example.org/2601.00001',
  '10.1234/arXiv.2601.00001',
  '2026',
  'gpt-4',
])('"%s" is no pasted id', async (query) => {
  const { status } = await reader.read(`/search?${new URLSearchParams({ q: query })}`);

  expect(status).not.toBe(302);
});

describe('an invalid search', () => {
  test('marks the fault, and keeps the query', async () => {
    const { status, html, text } = await reader.read('/search?q=vision+or+audio');

    expect(status).toBe(400);
    expect(text).toContain('"or" is not in capitals. Write OR in capitals.');
    expect(html).toContain('vision <mark>or</mark> audio');
    expect(html).toContain('value="vision or audio"');
    expect(html).toMatch(/<input[^>]* aria-invalid="true" aria-describedby="q-fault"/);
    expect(await findMistakes(html)).toEqual([]);
  });

  test.each(['/search', '/papers/2026-01-05', '/feeds/search.atom', '/v1/papers/search'])(
    'names only lists that are read here: %s',
    async (path) => {
      const web = createReader(createFakeWeb({ lists: ['hf-daily', 'arxiv/cs.CL', 'arxiv/cs.LG'] }));

      expect((await web.read(`${path}?q=list:arxiv/*`)).text).toContain(
        'Write list:hf-daily, list:arxiv/cs.CL or list:arxiv/cs.LG',
      );
    },
  );

  test.each([
    ['has:code', 'Newest papers first.'],
    ['-survey upvotes:>=0', 'Newest papers first.'],
    ['agents has:code', 'Best matches first.'],
    ['vision OR agents', 'Best matches first.'],
  ])('%s has the order: %s', async (query, order) => {
    const facts = { title: 'Agents', repositoryUrl: 'https://example.org/' };
    await publish(facts, facts);
    const { text } = await reader.read(`/search?q=${encodeURIComponent(query)}`);

    expect(text).toContain(order);
    expect(text.includes('Best matches first')).toBe(order.startsWith('Best'));
  });

  test.each([
    [`/search?q=${'a'.repeat(MAX_QUERY_LENGTH + 1)}`, 'The query has more than 500 characters.'],
    ['/search?q=list%3Anobodys', 'nobodys'],
    ['/search?list=nobodys', '"nobodys" is not a list here.'],
    ['/search?month=2026-13', 'Write the month in the link like this: 2026-01.'],
    ['/search?cursor=old', 'This page of results has expired.', '/search', 'Show the first page'],
    [
      '/search?q=agents&sort=votes&list=hf-daily&month=2026-01&cursor=old',
      'This page of results has expired.',
      '/search?q=agents&sort=votes&list=hf-daily&month=2026-01',
      'Show the first page',
    ],
    [
      '/search?q=agents&list=hf-daily&sort=bogus',
      'The order in the link must be one of these: relevance, date, votes.',
      '/search?q=agents&list=hf-daily',
      'Search in the usual order',
    ],
    [
      '/search?q=agents&verbatim=yes',
      'In the link, verbatim must be 1.',
      '/search?q=agents',
      'Search without it',
    ],
    [
      '/search?q=agents&month=2026-13',
      'Write the month in the link like this: 2026-01.',
      '/search?q=agents',
      'Search every list and month',
    ],
  ])('%s is a fault of the address', async (path, message, href = '', linkText = '') => {
    await publish({});

    const { status, text, html, headers } = await reader.read(path);
    if (href) {
      expect((await anchorsOf(html)).map((anchor) => [anchor.href, anchor.text])).toContainEqual([
        href,
        linkText,
      ]);
      expect((await reader.read(href)).status).toBe(200);
    }
    expect(await findMistakes(html)).toEqual([]);
    // The field is at fault only if its words are.
    expect(html.includes('aria-invalid=')).toBe(/^The query|nobodys$/.test(message));

    expect([status, text]).toEqual([400, expect.stringContaining(message)]);
    expect(headers.get('cache-control')).toBe(cacheControlOf('current'));
  });

  test('an empty parameter is ignored', async () => {
    await publish({});

    const { status, text } = await reader.read('/search?q=&sort=&list=&month=&verbatim=');

    expect([status, text]).toEqual([200, expect.stringContaining('1 paper.')]);
  });
});
