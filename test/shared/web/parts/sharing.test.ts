import { beforeEach, describe, expect, jest, test } from '@jest/globals';
import type { Paper } from '../../../../shared/domain/papers/paper.ts';
import { refreshArchive } from '../../../../shared/pipeline/archive/refresh-archive.ts';
import { saveSnapshot } from '../../../../shared/pipeline/snapshots/save-snapshot.ts';
import { PaperData } from '../../../../shared/web/parts/sharing.tsx';
import { createFacts, createListing, createPaper } from '../../../factories/papers.ts';
import { createHtmlChecker } from '../../html-checker.ts';
import { createReader, findMistakes } from '../reader.ts';

const checker = createHtmlChecker({});
const publication = { publicUrl: 'https://daily.example.org' };

let reader: ReturnType<typeof createReader>;

beforeEach(() => {
  reader = createReader();
});

async function list(facts: Partial<Paper>, day: string) {
  const paper = createFacts(facts);
  await reader.repositories.papers.save(paper, `${day}T08:00:00.000Z`);
  await reader.repositories.listings.save(createListing({ day, paperId: paper.id }));
}

/** The data of a paper, and every element that a parser finds in the markup. */
async function readData(paper: Paper) {
  const html = PaperData({ publication, paper, path: `/papers/${paper.id}` })?.toString() ?? '';
  const elements = await checker.find(`<!doctype html><title>x</title>${html}`, '*');
  const [script] = elements.filter(({ tagName }) => tagName === 'script');
  return { names: elements.map(({ tagName }) => tagName), data: JSON.parse(script?.textContent ?? '') };
}

describe('the data of a paper for search engines', () => {
  test('says what it is, who wrote it, and where it is', async () => {
    const { data } = await readData(
      createPaper({
        id: '2601.00001',
        title: 'Attention',
        authors: ['Ada', 'Ben'],
        organisation: 'Example Lab',
      }),
    );
    expect(data).toMatchObject({
      '@context': 'https://schema.org',
      '@type': 'ScholarlyArticle',
      headline: 'Attention',
      url: 'https://daily.example.org/papers/2601.00001',
      sameAs: 'https://arxiv.org/abs/2601.00001',
      author: [
        { '@type': 'Person', name: 'Ada' },
        { '@type': 'Person', name: 'Ben' },
      ],
      sourceOrganization: { name: 'Example Lab' },
    });
    expect(data.datePublished).toMatch(/^\d{4}-\d\d-\d\d$/);
  });

  test.each([
    '</script><script>alert(1)</script>',
    '<!--<script>',
    '"\\u003c/script>',
    '\u2028 ]]> &lt;/script&gt;',
  ])('stays data with %s in every text', async (hostile) => {
    const texts = {
      title: hostile,
      abstract: hostile,
      organisation: hostile,
      authors: [hostile],
      aiKeywords: [hostile],
    };
    const { names, data } = await readData(createPaper(texts));
    expect(names.filter((name) => name === 'script')).toHaveLength(1);
    expect(data['@type']).toBe('ScholarlyArticle');
  });

  test('of a paper with two hundred authors stays small', async () => {
    const authors = Array.from({ length: 200 }, (_, n) => `${n} ${'x'.repeat(100)}`);
    const { data } = await readData(createPaper({ authors, abstract: 'x '.repeat(2000) }));
    expect(JSON.stringify(data).length).toBeLessThan(6_000);
  });
});

test('a link to a day that is shared shows the image of its papers', async () => {
  await list({}, '2026-01-05');
  const imageOf = async (path: string) =>
    /<meta property="og:image" content="([^"]*)"/.exec((await reader.read(path)).html)?.[1];

  expect(await imageOf('/papers/2026-01-05')).toBe('https://daily.example.org/cards/days/2026-01-05.png');
  expect(await imageOf('/')).toBe('https://daily.example.org/cards/days/2026-01-05.png');
  expect(await imageOf('/papers/2026-01-04')).toBeUndefined();
  expect((await reader.read('/papers/2026-01-05')).html).toContain('content="summary_large_image"');
});

describe('the sitemap', () => {
  const addressesIn = (xml: string) => [...xml.matchAll(/<loc>(.*?)<\/loc>/g)].map(([, url]) => url);

  test('names the months with papers, and each month its days and papers, newest first', async () => {
    await list({ id: '2512.00001' }, '2025-12-31');
    await list({ id: '2601.00001' }, '2026-01-02');
    await list({ id: 'hep-ex/0307015' }, '2026-01-05');
    await list({ id: '2601.00001' }, '2026-01-05');

    const index = await reader.read('/sitemap.xml');
    const month = await reader.read('/sitemaps/2026-01.xml');

    expect(index.headers.get('content-type')).toContain('application/xml');
    expect(addressesIn(index.html)).toEqual([
      'https://daily.example.org/sitemaps/pages.xml',
      'https://daily.example.org/sitemaps/2026-01.xml',
      'https://daily.example.org/sitemaps/2025-12.xml',
    ]);
    const [newest, ...others] = addressesIn(month.html);
    expect(newest).toBe('https://daily.example.org/papers/2026-01-05');
    expect(new Set(others)).toEqual(
      new Set([
        'https://daily.example.org/papers/2601.00001',
        'https://daily.example.org/papers/hep-ex/0307015',
        'https://daily.example.org/papers/2026-01-02',
        'https://daily.example.org/papers/week/2026-W01',
        'https://daily.example.org/papers/week/2026-W02',
        'https://daily.example.org/papers/month/2026-01',
      ]),
    );
    expect(others).toHaveLength(6);
  });

  test('says on which day a page last changed, by its papers and their texts', async () => {
    const lastmodOf = async (path: string) => {
      const { html } = await reader.read('/sitemaps/2026-01.xml');
      return new RegExp(
        `<loc>https://daily.example.org${path}</loc>(?:<lastmod>(.*?)</lastmod>)?</url>`,
      ).exec(html)?.[1];
    };
    await list({ id: '2601.00001' }, '2026-01-02');
    reader.clock.moveTo('2026-01-06T08:00:00.000Z');
    const revised = createFacts({ id: '2601.00001', title: 'A revised title', upvotes: 99 });
    await reader.repositories.papers.save(revised, reader.clock.now());
    await saveSnapshot(reader.repositories, { list: 'hf-daily', day: '2026-01-02' }, undefined, true);

    expect(await lastmodOf('/papers/2601.00001')).toBe('2026-01-06');
    expect(await lastmodOf('/papers/2026-01-02')).toBe('2026-01-05');
    // Weeks later it is unknown when its texts changed.
    reader.clock.moveTo('2026-02-10T08:00:00.000Z');
    const { repositories, clock } = reader;
    await refreshArchive({ ...repositories, clock, telemetry: reader.ports.telemetry }, ['hf-daily']);
    expect(await lastmodOf('/papers/2601.00001')).toBeUndefined();
    expect(await lastmodOf('/papers/2026-01-02')).toBe('2026-01-05');
  });

  test('names the pages that are always there', async () => {
    await list({}, '2026-01-05');
    const { html } = await reader.read('/sitemaps/pages.xml');
    for (const url of addressesIn(html)) {
      const { status, headers } = await reader.read(url?.replace('https://daily.example.org', '') ?? '');
      expect([url, status, headers.get('x-robots-tag')]).toEqual([url, 200, null]);
    }
    expect(addressesIn(html)).toContain('https://daily.example.org/');
  });

  test.each([
    ...['/sitemaps/2026-02.xml', '/sitemaps/2025-12.xml', '/sitemaps/0001-01.xml'],
    ...['/sitemaps/2026-13.xml', '/sitemaps/x.xml'],
  ])('has no %s, and looks for no papers there', async (path) => {
    await list({}, '2026-01-05');
    await reader.read('/sitemap.xml');
    const load = jest.spyOn(reader.repositories.listings, 'load');

    const { status, html, text } = await reader.read(path);

    expect([status, await findMistakes(html)]).toEqual([404, []]);
    expect(text).toContain('Page not found');
    expect(load).not.toHaveBeenCalled();
  });

  test('of a month with more than 50,000 URLs says in the log that some are left out', async () => {
    await list({}, '2026-01-05');
    await reader.read('/sitemap.xml');
    const listings = Array.from({ length: 50_000 }, (_, n) =>
      createListing({ paperId: `2601.${10_000 + n}` }),
    );
    jest.spyOn(reader.repositories.listings, 'load').mockResolvedValue(listings);
    const warn = jest.spyOn(reader.ports.telemetry, 'warn');

    const month = await reader.read('/sitemaps/2026-01.xml');

    expect(month.html.split('<url>')).toHaveLength(50_001);
    expect(warn).toHaveBeenCalledWith('A sitemap has no room for all papers of its month', {
      month: '2026-01',
      addresses: 50_008,
    });
  });
});
