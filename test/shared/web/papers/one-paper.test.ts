import { beforeEach, describe, expect, test } from '@jest/globals';
import type { PaperFacts } from '../../../../shared/domain/papers/paper.ts';
import { toBibTex } from '../../../../shared/web/papers/paper/bibtex.ts';
import { createFacts, createListing, createPaper } from '../../../factories/papers.ts';
import { createFakeWeb } from '../../../fakes/web.ts';
import { anchorsOf, createReader, findMistakes, toText } from '../reader.ts';

const DAY = '2026-01-05';

let reader: ReturnType<typeof createReader>;

beforeEach(() => {
  reader = createReader(createFakeWeb());
  reader.clock.moveTo('2026-01-07T12:00:00.000Z');
});

/** Stores a paper and puts it on a list on some days. */
async function publish(facts: Partial<PaperFacts>, days: readonly string[] = [DAY], list = 'hf-daily') {
  const paper = createFacts(facts);
  await reader.repositories.papers.save(paper, `${DAY}T08:00:00.000Z`);
  for (const day of days)
    await reader.repositories.listings.save(createListing({ list, day, paperId: paper.id }));
}

const linksOf = async (html: string) =>
  Object.fromEntries((await anchorsOf(html)).map(({ text, href }) => [text, href]));

describe('the page of a paper', () => {
  test('says who wrote it, what it says, where it was listed, and leads to its text, code and project', async () => {
    await publish(
      {
        title: 'Bounds of $O(n^2)$',
        abstract: 'We prove $x \\leq 1$.',
        aiSummary: 'It proves a bound.',
        authors: ['Ada Example', 'Ben Sample'],
        organisation: 'Example Lab',
        categories: ['cs.LG'],
        aiKeywords: ['bounds'],
        publishedAt: '2026-01-03T00:00:00.000Z',
        upvotes: 87,
        comments: 1,
        repositoryUrl: 'https://github.com/example/bounds',
        stars: 1200,
        projectUrl: 'https://bounds.example.org/',
      },
      [DAY, '2026-01-06'],
    );

    const { status, html } = await reader.read('/papers/2601.00001');
    const text = toText(html).replaceAll('\u00a0', ' ');
    const links = await linksOf(html);

    expect(status).toBe(200);
    expect(text).toContain('Bounds of O(n²)');
    expect(text).toContain('We prove x ≤ 1.');
    expect(text).toContain('It proves a bound. A model on Hugging Face wrote this summary.');
    expect(text).toContain('87 votes · 1 comment · Example Lab · published on Saturday 3 January 2026');
    expect(links).toMatchObject({
      'Ada Example': '/authors/Ada%20Example',
      'Ben Sample': '/authors/Ben%20Sample',
      'Example Lab': '/organisations/Example%20Lab',
      bounds: '/keywords/bounds',
      'Machine Learning (cs.LG)': '/search?q=cat%3Acs.LG',
      PDF: 'https://arxiv.org/pdf/2601.00001',
      arXiv: 'https://arxiv.org/abs/2601.00001',
      'Hugging Face': 'https://huggingface.co/papers/2601.00001',
      'Code ★ 1.2k': 'https://github.com/example/bounds',
      Project: 'https://bounds.example.org/',
      'Monday 5 January 2026': '/papers/2026-01-05?lists=hf-daily',
      'Tuesday 6 January 2026': '/papers/2026-01-06?lists=hf-daily',
    });
    expect(html).toContain('<link rel="canonical" href="https://daily.example.org/papers/2601.00001"');
    expect(await findMistakes(html)).toEqual([]);
  });

  test('leaves out what is unknown', async () => {
    const facts = { abstract: undefined, aiSummary: undefined, organisation: undefined, upvotes: undefined };
    await publish({ ...facts, comments: undefined, aiKeywords: undefined }, [DAY], 'arxiv/cs.CL');

    const { html, text } = await reader.read('/papers/2601.00001');

    expect(text).not.toMatch(/In short|Votes|0 votes|Keywords|Hugging Face wrote|undefined/);
    expect(text).toContain('We do not have the abstract.');
    expect(await linksOf(html)).not.toHaveProperty('Hugging Face');
  });

  test('has what reference managers read', async () => {
    await publish({
      title: 'Bounds of $O(n^2)$ & "more"',
      authors: ['Ada Example', 'Ben Sample'],
      publishedAt: '2026-01-03T00:00:00.000Z',
      doi: '10.1234/bounds',
    });

    const { html } = await reader.read('/papers/2601.00001');
    const tags = [...html.matchAll(/<meta name="(citation_\w+)" content="([^"]*)"/g)];

    expect(tags.map(([, name, content]) => [name, content])).toEqual([
      ['citation_title', 'Bounds of O(n²) &amp; &quot;more&quot;'],
      ['citation_author', 'Ada Example'],
      ['citation_author', 'Ben Sample'],
      ['citation_publication_date', '2026/01/03'],
      ['citation_pdf_url', 'https://arxiv.org/pdf/2601.00001'],
      ['citation_arxiv_id', '2601.00001'],
      ['citation_doi', '10.1234/bounds'],
    ]);
  });

  test.each([
    [0, true],
    [undefined, false],
  ])('says that a paper has no votes only if a source counts them: %s', async (upvotes, isSaid) => {
    await publish({ upvotes });
    await publish({ id: '2601.00002', title: 'Another', upvotes });

    const { text } = await reader.read('/papers/2601.00001');

    expect(text.match(/\b0.votes · /g)?.length ?? 0).toBe(isSaid ? 2 : 0);
  });

  test('draws the votes, and says them in words', async () => {
    await publish({ upvotes: 3 });
    const save = (upvotes: number, at: string) =>
      reader.repositories.papers.save(createFacts({ upvotes }), at);
    await save(12, '2026-01-06T08:00:00.000Z');
    await save(20, '2026-01-07T08:00:00.000Z');

    const { html, text } = await reader.read('/papers/2601.00001');

    expect(html).toContain(
      'role="img" aria-label="Votes: 3 on 5 Jan at 08:00, 12 on 6 Jan at 08:00, 20 on 7 Jan at 08:00 (UTC)"',
    );
    // Time runs to the right, and more votes are higher.
    const [, line = ''] = /class="line" d="M([^"]+)"/.exec(html) ?? [];
    const points = line.split('L').map((point) => point.split(' ').map(Number));
    expect(points.map(([x]) => x)).toEqual([0.6, 50, 99.4]);
    expect(points.map(([, y]) => y)).toEqual([85.8, 43, 5]);
    expect(text).toContain('3 votes on 5 Jan 20 votes on 7 Jan');
  });

  test('says at which time votes were counted if all counts are of one day', async () => {
    await publish({ upvotes: 3 });
    await reader.repositories.papers.save(createFacts({ upvotes: 4 }), '2026-01-05T12:30:00.000Z');

    expect((await reader.read('/papers/2601.00001')).text).toContain(
      '3 votes on 5 Jan at 08:00 UTC 4 votes on 5 Jan at 12:30 UTC',
    );
  });

  test('names stored authors, and counts the others', async () => {
    const authors = Array.from({ length: 200 }, (_, n) => `Ada${n} Example`);
    await publish({ authors, authorCount: 3303 });

    const { html, text } = await reader.read('/papers/2601.00001');

    expect(text).toContain('3,291 more authors');
    expect(text).toContain('Ada199 Example and 3,103 authors whom we do not store by name');
    expect(html.match(/href="\/authors\//g)).toHaveLength(200);
    expect(Buffer.byteLength(html)).toBeLessThan(50_000);
  });

  test('shows similar papers, the most similar first, without itself', async () => {
    await publish({ id: '2601.00001', title: 'One', aiKeywords: ['routing'] });
    await publish({ id: '2601.00002', title: 'Two', aiKeywords: ['routing'] });
    await publish({ id: '2601.00003', title: 'Other', aiKeywords: ['vision'] });

    const { html } = await reader.read('/papers/2601.00001');
    const papers = (await anchorsOf(html)).filter(({ href }) => /^\/papers\/\d{4}\.\d/.test(href));

    expect(papers[0]).toEqual({ text: 'Two', href: '/papers/2601.00002' });
    expect(papers.map(({ href }) => href)).not.toContain('/papers/2601.00001');
  });

  test('shows the list and day that the search knows if an earlier release listed the paper', async () => {
    await publish({});
    const listings = { ...reader.ports.listings, loadOfPaper: async () => [] };
    const earlier = createReader({ ...reader, ports: { ...reader.ports, listings } });

    const { html } = await earlier.read('/papers/2601.00001');

    expect(await linksOf(html)).toHaveProperty('Monday 5 January 2026', '/papers/2026-01-05?lists=hf-daily');
  });

  test('is the same for an address with a version, a prefix or a file ending', async () => {
    await publish({});
    await publish({ id: 'hep-ex/0307015' });
    const redirects = {
      '/papers/2601.00001v3': '/papers/2601.00001',
      '/papers/2601.00001v12.pdf': '/papers/2601.00001',
      '/papers/arXiv:2601.00001': '/papers/2601.00001',
      '/papers/hep-ex/0307015v1': '/papers/hep-ex/0307015',
      '/papers/hep-ex%2F0307015v2': '/papers/hep-ex/0307015',
    };
    for (const [path, plain] of Object.entries(redirects)) {
      const { status, headers } = await reader.read(path);
      expect([path, status, headers.get('location')]).toEqual([path, 301, plain]);
      expect((await reader.read(plain)).status).toBe(200);
    }
  });

  test('of an unknown paper leads to arXiv and to the search', async () => {
    for (const id of ['2601.99999', 'math.GT/0309136']) {
      const { status, html, headers } = await reader.read(`/papers/${id}`);
      const hrefs = (await anchorsOf(html)).map(({ href }) => href);

      expect(status).toBe(404);
      expect(hrefs).toEqual(expect.arrayContaining([`https://arxiv.org/abs/${id}`, '/search']));
      expect(headers.get('cache-control')).toMatch(/^public, /);
    }
  });
});

test('the page of a paper from arXiv has its versions, note, journal, DOI and licence, and no votes', async () => {
  await publish(
    {
      source: 'arxiv',
      upvotes: undefined,
      comments: undefined,
      categories: ['cs.CL'],
      version: 3,
      versionAt: '2026-01-06T00:00:00.000Z',
      note: '10 pages, $O(n)$',
      journalReference: 'J. Ex. 1 (2026) 2',
      doi: '10.1000/a<b',
      publishedAt: '2026-01-03T00:00:00.000Z',
      licenceUrl: 'http://creativecommons.org/licenses/by-nc/4.0/',
    },
    [DAY],
    'arxiv/cs.CL',
  );

  const { html } = await reader.read('/papers/2601.00001');
  const text = toText(html).replaceAll('\u00a0', ' ');

  expect(text).toContain('Versions v1 on 3 January 2026, v3 on 6 January 2026');
  expect(text).toContain('Note 10 pages, O(n)');
  expect(text).toContain('Journal J. Ex. 1 (2026) 2');
  expect(text).toContain('Licence CC BY-NC 4.0');
  expect(text).toContain('Listed arXiv cs.CL on Monday 5 January 2026');
  expect(text).not.toMatch(/\b0 (up)?votes?\b/);
  expect(await linksOf(html)).toMatchObject({
    v3: 'https://arxiv.org/abs/2601.00001v3',
  });
  expect(html).toContain('href="https://doi.org/10.1000/a%3Cb"');
  expect(toBibTex(createPaper({ doi: '10.1000/a_b', journalReference: 'J. Ex. 1' }))).toContain(
    '  doi = {10.1000/a\\_b},\n  journal = {J. Ex. 1},',
  );
});

describe('a BibTeX entry', () => {
  test('names the paper, its authors and arXiv', () => {
    expect(toBibTex(createPaper({ categories: ['cs.LG', 'cs.CL'] }))).toBe(
      [
        '@misc{example2026small,',
        '  title = {{Small Models That Ask for Help}},',
        '  author = {Ada Example and Ben Sample},',
        '  year = {2026},',
        '  eprint = {2601.00001},',
        '  archivePrefix = {arXiv},',
        '  primaryClass = {cs.LG},',
        '  url = {https://arxiv.org/abs/2601.00001}',
        '}',
      ].join('\n'),
    );
  });

  test.each([
    ['90% of R&D_', '90\\% of R\\&D\\_'],
    ['An $O(n^2)$ bound & more', 'An $O(n^2)$ bound \\& more'],
    ['Costs $5} only', 'Costs \\$5\\} only'],
    ['\\textbf{bold', '\\textbackslash{}textbf\\{bold'],
  ])('holds any title: %s', (title, expected) => {
    const entry = toBibTex(createPaper({ title }));
    const depth = [...entry.replace(/\\[{}]/g, '')].reduce(
      (sum, sign) => sum + Number(sign === '{') - Number(sign === '}'),
      0,
    );

    expect(entry).toContain(`title = {{${expected}}}`);
    expect(depth).toBe(0);
  });

  test.each([
    ['Ada O. Smith Jr.', 'smith', 'Ada O. {Smith Jr.}'],
    ['Ada O. Smith, Jr.', 'smith', 'Ada O. {Smith, Jr.}'],
    ['Smith, Ada O., Jr.', 'smith', '{Smith, Ada O., Jr.}'],
    ['He, Kaiming', 'he', 'He, Kaiming'],
    ['Laurens van der Maaten', 'maaten', 'Laurens van der Maaten'],
    ['Jean-Baptiste Smith-Jones', 'smithjones', 'Jean-Baptiste Smith-Jones'],
  ])('has the family name of %s in its key', (name, family, author) => {
    const entry = toBibTex(createPaper({ authors: [name], authorCount: 1 }));

    expect(entry).toContain(`@misc{${family}2026small,`);
    expect(entry).toContain(`  author = {${author}},`);
  });

  test('says that there are more authors, and keeps the name of a team whole', () => {
    const entry = toBibTex(
      createPaper({ authors: ['Ada Example', 'Audio and Speech Team'], authorCount: 9 }),
    );

    expect(entry).toContain('author = {Ada Example and {Audio and Speech Team} and others}');
  });
});
