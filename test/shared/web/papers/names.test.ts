import { beforeEach, describe, expect, test } from '@jest/globals';
import type { PaperFacts } from '../../../../shared/domain/papers/paper.ts';
import { nameKinds, toNamePath, toNameQuery, toUrlName } from '../../../../shared/web/paths/paper-paths.ts';
import { createFacts, createListing } from '../../../factories/papers.ts';
import { anyCharacter } from '../../../factories/texts.ts';
import { createFakeWeb } from '../../../fakes/web.ts';
import { fc } from '../../../fast-check.ts';
import { runs } from '../../../thorough.ts';
import { anchorsOf, createReader, findMistakes } from '../reader.ts';

const DAY = '2026-01-05';

let reader: ReturnType<typeof createReader>;

beforeEach(() => {
  reader = createReader(createFakeWeb());
});

async function publish(...papers: Partial<PaperFacts>[]) {
  for (const [n, facts] of papers.entries()) {
    const paper = createFacts({ id: `2601.${10_000 + n}`, ...facts });
    await reader.repositories.papers.save(paper, `${DAY}T08:00:00.000Z`);
    await reader.repositories.listings.save(createListing({ day: DAY, paperId: paper.id }));
  }
}

const titlesOf = (html: string) =>
  [...html.matchAll(/<h2><a[^>]*>(.*?)<\/a>/g)].map(([, title = '']) => title);

describe('the page of a name', () => {
  test('shows its only paper without a choice of orders, and subscribes to more', async () => {
    await publish(
      { title: 'One', authors: ['Ada Example'], organisation: 'Example Lab', aiKeywords: ['routing'] },
      { title: 'Two', authors: ['Ben Sample'], organisation: 'Other Lab', aiKeywords: ['vision'] },
    );
    for (const [path, query, heading] of [
      ['/authors/Ada%20Example', 'author:"Ada Example"', 'Ada Example'],
      ['/organisations/Example%20Lab', 'org:"Example Lab"', 'Example Lab'],
      ['/keywords/routing', 'keyword:"routing"', 'routing'],
    ] as const) {
      const { status, html, text } = await reader.read(path);

      expect([path, status, titlesOf(html)]).toEqual([path, 200, ['One']]);
      expect(html).toContain(`<h1>${heading}</h1>`);
      expect(text).toMatch(/1 paper (?:by this author|from this organisation|with this keyword)\./);
      expect(text).not.toMatch(/Newest papers first|Most votes first/);
      expect(html).toContain(`name="query" value="${query.replaceAll('"', '&quot;')}"`);
      expect(html).toContain(`<link rel="canonical" href="https://daily.example.org${path}"`);
      expect(await findMistakes(html)).toEqual([]);
    }
  });

  test.each([
    ['/authors/Ada%20Example', 'author:"Ada Example"'],
    ['/keywords/routing', 'keyword:"routing"'],
  ])('names the organisations of its papers: %s', async (path, query) => {
    const [ada, ben] = [
      { authors: ['Ada Example'], aiKeywords: ['routing'] },
      { authors: ['Ben Sample'], aiKeywords: ['vision'] },
    ];
    await publish(
      { ...ada, organisation: 'Example Lab' },
      { ...ada, organisation: 'Example Lab' },
      { ...ada, organisation: 'Other Lab' },
      { ...ben, organisation: 'A Third Lab' },
    );

    const { html, text } = await reader.read(path);

    expect(text).toContain('Organisations: Example Lab (2), Other Lab (1)');
    const { href = '' } = (await anchorsOf(html)).find((anchor) => anchor.text === 'Example Lab') ?? {};
    expect(new URL(href, 'https://daily.example.org').searchParams.get('q')).toBe(
      `${query} org:"Example Lab"`,
    );
    expect(titlesOf((await reader.read(href)).html)).toHaveLength(2);
  });

  test('has its papers on pages of less than 50 KB, each paper once, in the chosen order', async () => {
    const ids = Array.from({ length: 110 }, (_, n) => `2601.${10_000 + n}`);
    const abstract = 'A sentence of a usual length that says something. '.repeat(30);
    await publish(...ids.map((id, n) => ({ id, title: `Paper ${n}`, upvotes: n, abstract })));

    const found: string[] = [];
    for (let path: string | undefined = '/authors/Ada%20Example?sort=votes'; path; ) {
      const { html } = await reader.read(path);
      found.push(...titlesOf(html));
      expect(Buffer.byteLength(html)).toBeLessThan(50_000);
      path = (await anchorsOf(html)).find(({ text }) => text.startsWith('More papers'))?.href;
    }

    expect(found).toEqual(ids.map((_, n) => `Paper ${109 - n}`));
  });

  test('leads from another spelling to the usual one', async () => {
    await publish(
      { authors: ['Kaiming He'], aiKeywords: ['language models'] },
      { authors: ['Kaiming He'], aiKeywords: ['language models'] },
      { authors: ['K. He'], aiKeywords: ['Language Models'] },
    );
    for (const [path, usual] of [
      ['/authors/kaiming%20he', '/authors/Kaiming%20He'],
      ['/authors/He,%20Kaiming', '/authors/Kaiming%20He'],
      ['/authors/kaiming_he?sort=votes', '/authors/Kaiming%20He?sort=votes'],
      ['/authors/Kaiming_He', '/authors/Kaiming%20He'],
      ['/authors/Kaiming%20H%C3%A9', '/authors/Kaiming%20He'],
      ['/keywords/LANGUAGE%20MODEL', '/keywords/language%20models'],
      ['/keywords/language_models', '/keywords/language%20models'],
    ]) {
      const { status, headers } = await reader.read(path ?? '');
      expect([path, status, headers.get('location')]).toEqual([path, 302, usual]);
      expect(headers.get('cache-control')).toMatch(/^public, /);
    }
    expect((await reader.read('/authors/K.%20He')).text).toContain('3 papers by authors with this name');
    expect((await reader.read('/keywords/Language%20Models')).html).toContain(
      '<link rel="canonical" href="https://daily.example.org/keywords/language%20models"',
    );
  });

  test('of a name that no paper has links to the search', async () => {
    for (const path of [
      ...['/authors/Nobody%20Else', '/authors/Nobody%20Else?page=99', '/organisations/%22', '/keywords/...'],
      '/authors/%2A',
    ]) {
      const { status, html, headers } = await reader.read(path);
      expect([path, status]).toEqual([path, 404]);
      expect(headers.get('x-robots-tag')).toBe('noindex');
      expect(html).toContain('class="banner"');
      if (status === 404 && path.includes('Nobody')) {
        const hrefs = (await anchorsOf(html)).map(({ href }) => href);
        expect(hrefs).toContain('/search?q=Nobody+Else');
        expect(headers.get('cache-control')).toMatch(/^public, /);
      }
    }
  });

  test('that papers have only within a longer one leads to a search for them', async () => {
    await publish(
      { authors: ['Ada Kim'], organisation: 'Example University', aiKeywords: ['language model'] },
      { authors: ['Ben Kim'], organisation: 'University of Samples', aiKeywords: ['world model'] },
    );
    for (const [path, search, names] of [
      ['/authors/Kim', '/search?q=author%3A%22Kim%22', 'authors'],
      ['/organisations/University', '/search?q=org%3A%22University%22', 'organisations'],
      ['/keywords/model', '/search?q=keyword%3A%22model%22', 'keywords'],
    ] as const) {
      const { status, html } = await reader.read(path);

      expect([path, status]).toEqual([path, 404]);
      expect((await anchorsOf(html)).find(({ href }) => href === search)?.text).toBe(
        `See 2 papers with similar ${names}`,
      );
    }
  });

  test('of an organisation says so if others have the name within theirs', async () => {
    await publish({ organisation: 'Tencent' }, { organisation: 'Tencent Hunyuan' });

    expect((await reader.read('/organisations/Tencent')).text).toContain(
      '2 papers from organisations with this name.',
    );
    expect((await reader.read('/organisations/Tencent%20Hunyuan')).text).toContain(
      '1 paper from this organisation.',
    );
  });

  test('is found even if a full page of longer names comes first', async () => {
    const longer = Array.from({ length: 30 }, (_, n) => ({
      title: `Newer ${n}`,
      organisation: 'Google DeepMind',
    }));
    await publish({ organisation: 'Google', publishedAt: '2020-01-01T00:00:00.000Z' }, ...longer);

    expect((await reader.read('/organisations/Google')).status).toBe(200);
    expect((await reader.read('/organisations/google')).headers.get('location')).toBe(
      '/organisations/Google',
    );
  });

  test('starts from the first page if a later release has other cursors', async () => {
    await publish({});

    const { status, headers } = await reader.read('/authors/Ada%20Example?cursor=old');

    expect([status, headers.get('location')]).toEqual([302, '/authors/Ada%20Example']);
  });
});

describe('the URL of a name', () => {
  test.each([
    ['/authors/Ada%20Example', 'bogus'],
    ['/organisations/Example%20Lab', 'relevance'],
    ['/keywords/routing', 'constructor'],
  ])('%s has no order %s, and leads to the page without it', async (path, sort) => {
    await publish({ authors: ['Ada Example'], organisation: 'Example Lab', aiKeywords: ['routing'] });

    const { status, text, html } = await reader.read(`${path}?sort=${sort}`);

    expect(status).toBe(400);
    expect(text).toContain('The order in the link must be one of these: date, votes.');
    expect((await anchorsOf(html)).map(({ href }) => href)).toContain(path);
    expect(await findMistakes(html)).toEqual([]);
    expect((await reader.read(`${path}?sort=`)).status).toBe(200);
  });

  test.each([
    ['author', 'Robert Downey Jr.', '/authors/Robert%20Downey%20Jr'],
    ['author', 'Linxi "Jim" Fan', '/authors/Linxi%20%22Jim%22%20Fan'],
    ['organisation', 'AT&T Labs / Research', '/organisations/AT%26T%20Labs%20Research'],
    ['organisation', 'Multimodal Group(TMG)', '/organisations/Multimodal%20Group(TMG'],
    ['keyword', 'C++', '/search?q=keyword%3A%22C%2B%2B%22'],
    ['keyword', '***', undefined],
  ] as const)('of the %s %s is %s', (kind, name, path) => {
    expect(toNamePath(kind, name)).toBe(path);
  });

  test('leads to a page for every name that a query can hold', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(...nameKinds),
        fc.string({ unit: anyCharacter, minLength: 1, maxLength: 30 }),
        async (kind, name) => {
          const path = toNamePath(kind, name);
          expect(path === undefined).toBe(toNameQuery(kind, name) === undefined);
          if (path === undefined || path.startsWith('/search?')) return;
          expect(toUrlName(toUrlName(name))).toBe(toUrlName(name));
          // No paper has this name, so the page says so under the requested name.
          const { status, text } = await reader.read(path);
          expect(status).toBe(404);
          expect(text).toMatch(/No papers (?:by|from|with) this (?:author|organisation|keyword)/);
        },
      ),
      { numRuns: runs(60, 2000) },
    );
  });
});
