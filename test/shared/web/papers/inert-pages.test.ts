import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import { mergePaper } from '../../../../shared/domain/papers/merge-paper.ts';
import type { Paper } from '../../../../shared/domain/papers/paper.ts';
import type { PaperSearch } from '../../../../shared/ports/search.ts';
import { toPaperTitle } from '../../../../shared/presentation/paper-text.ts';
import { parseHfPage } from '../../../../shared/sources/hf-daily/hf-page.ts';
import { createPaper } from '../../../factories/papers.ts';
import { createFakeWeb } from '../../../fakes/web.ts';
import { isThorough } from '../../../thorough.ts';
import { findActiveParts } from '../active-parts.ts';
import { createReader, toText } from '../reader.ts';

// Recorded real answers. They are in a folder beside the repository, if there is a copy, and never part of it.
const folder = new URL('../../../../../shared/recordings/hf/', import.meta.url);
const files = existsSync(folder)
  ? readdirSync(folder).filter((name) => /^\d{4}-\d{2}-\d{2}\..*json$/.test(name))
  : [];

const NOW = '2026-09-01T00:00:00.000Z';

/** Returns a reader of a site with these papers, each found by every search and similar to every paper. */
function openSite(papers: readonly Paper[]) {
  const search: PaperSearch = {
    similar: async () => papers.slice(0, 6),
    findRecent: async () => undefined,
    search: async ({ limit }) => ({
      hits: papers
        .slice(0, limit)
        .map((paper) => ({ paper, reasons: [], lists: ['hf-daily'], listedOn: '2026-01-05' })),
      total: papers.length,
      totalWithAll: papers.length,
    }),
  };
  const loadMany = async (ids: readonly string[]) => papers.filter(({ id }) => ids.includes(id));
  return createReader(createFakeWeb({ search, papers: { loadMany } }));
}

/** Reads a page, and checks that it is small and inert. */
async function readInert(site: ReturnType<typeof openSite>, path: string) {
  const page = await site.read(path);
  expect([path, page.status, Buffer.byteLength(page.html) < 50_000]).toEqual([path, 200, true]);
  expect({ path, active: findActiveParts(page.html) }).toEqual({ path, active: [] });
  return page.html;
}

(files.length === 0 ? test.skip : test)(
  'every recorded paper is shown, on its page and as a card, on small pages that do nothing',
  async () => {
    const papers = new Map<string, Paper>();
    for (const file of files) {
      const body = readFileSync(new URL(file, folder), 'utf8');
      const day = { askedDay: file.slice(0, 10), now: NOW, seenIds: new Set<string>() };
      for (const { facts } of parseHfPage({ status: 200, body }, day).items)
        papers.set(facts.id, mergePaper(undefined, facts, NOW));
    }
    // Some of each day. The thorough run reads all.
    const all = [...papers.values()].filter((_, position) => isThorough || position % 5 === 0);
    for (let from = 0; from < all.length; from += 20) {
      const some = all.slice(from, from + 20);
      const site = openSite(some);
      const cards = toText(await readInert(site, '/search'));
      for (const paper of some) {
        const title = toText(toPaperTitle(paper)).trim();
        expect(cards).toContain(title);
        const html = await readInert(site, `/papers/${paper.id}`);
        expect(toText(html)).toContain(title);
        expect(html).toContain(`href="https://arxiv.org/abs/${paper.id}"`);
      }
    }
    expect(all.length).toBeGreaterThan(files.length);
  },
);

const HOSTILE = [
  '<script>alert(1)</script>',
  '"><img src=x onerror=alert(1)>',
  "' autofocus onfocus=alert(1) x='",
  '</a></p></textarea></style></title></svg><svg/onload=alert(1)>',
  '<math><mtext></mtext><mglyph><style><!--</style><img title="--&gt;&lt;img src=1 onerror=alert(1)&gt;">',
  '<!--<base href=//evil.example/>-->',
  '$\\href{javascript:alert(1)}{x}$',
  'javascript:alert(1)',
  'x\u0000\u202e\u2028<\u0000script>',
  '%3Cscript%3Ealert(1)%3C/script%3E',
  '../../../sign-up?x=',
];

describe('a paper whose source is hostile', () => {
  test.each(HOSTILE)('is shown as text: %j', async (text) => {
    const hostile = {
      title: text,
      abstract: `${text} ${text}`,
      aiSummary: text,
      organisation: text,
      authors: [text, `Ada ${text}`, 'Ada Example'],
      categories: [text],
      aiKeywords: [text, `x ${text}`, 'routing'],
      repositoryUrl: text,
      projectUrl: `javascript:${text}`,
      stars: 3,
    };
    const papers = [createPaper(hostile), createPaper({ ...hostile, id: '2601.00002' })];
    const site = openSite(papers);

    for (const path of [
      '/papers/2601.00001',
      '/search',
      `/search?q=${encodeURIComponent('agents')}`,
      `/authors/${encodeURIComponent('Ada Example')}`,
      '/keywords/routing',
    ])
      await readInert(site, path);
  });

  test('is caught by the parser if a page does not escape it', () => {
    const page = (body: string) => `<!doctype html><style></style><p>${body}`;
    expect(findActiveParts(page('<a href="/search?q=javascript:x">x</a>'))).toEqual([]);
    for (const text of HOSTILE.slice(0, 2)) expect(findActiveParts(page(text))).not.toEqual([]);
    for (const body of [
      '<a href=" javascript:alert(1)">x</a>',
      '<p style="color:red">x',
      '<style>x</style>',
      '<svg><a xlink:href="data:text/html,x">x</a></svg>',
      '<meta http-equiv=refresh content=0>',
    ])
      expect([body, findActiveParts(page(body)).length]).toEqual([body, 1]);
  });
});
