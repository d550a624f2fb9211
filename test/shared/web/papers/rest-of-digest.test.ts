import { beforeEach, expect, test } from '@jest/globals';
import { parseIdList, toPapersPath } from '../../../../shared/presentation/papers-path.ts';
import { createFacts, createListing } from '../../../factories/papers.ts';
import { createFakeWeb } from '../../../fakes/web.ts';
import { anchorsOf, createReader, findMistakes } from '../reader.ts';

const DAY = '2026-01-06';
const READ_AT = `${DAY}T07:00:00.000Z`;
const SELECTION = { day: DAY, days: 4, lists: ['hf-daily'], query: 'agents' };

let reader: ReturnType<typeof createReader>;

beforeEach(async () => {
  reader = createReader(createFakeWeb({ lists: ['hf-daily', 'arxiv/cs.CL'] }));
  reader.clock.moveTo(`${DAY}T12:00:00.000Z`);
  for (const n of [1, 2, 3, 4]) {
    await store(`2601.0000${n}`, `Agents ${n}`, n, 'hf-daily', READ_AT);
  }
});

async function store(paperId: string, title: string, upvotes: number, list: string, firstSeenAt: string) {
  const facts = createFacts({ id: paperId, title, upvotes, abstract: '' });
  await reader.repositories.papers.save(facts, firstSeenAt);
  await reader.repositories.listings.save(createListing({ list, day: DAY, paperId, firstSeenAt }));
}

const titlesOf = (html: string) =>
  [...html.matchAll(/<h2><a[^>]*>(.*?)<\/a>/g)].map(([, title = '']) => title.replace(/<\/?mark>/g, ''));

const read = (selection: Partial<Parameters<typeof toPapersPath>[0]>) =>
  reader.read(toPapersPath({ ...SELECTION, ...selection }));

test('the page shows the papers that a digest left out, says so, and leads to all matches', async () => {
  const { status, html, text } = await read({ until: READ_AT, without: ['2601.00004', '2601.00002'] });

  expect(status).toBe(200);
  expect(titlesOf(html)).toEqual(['Agents 3', 'Agents 1']);
  expect(text).toContain(
    'The 2 papers from Hugging Face Daily Papers that match agents and are not in your digest',
  );
  expect(text).toContain(
    'Papers from earlier digests, and those that arrived after this digest was written, are not shown.',
  );
  expect(html).toContain('<title>2 other papers from 3 to 6 January 2026 that match agents · ');
  expect(html).toContain('<meta name="robots" content="noindex"/>');
  expect(html).toContain(
    '<link rel="canonical" href="https://daily.example.org/papers/2026-01-06?lists=hf-daily&amp;q=agents&amp;days=4"/>',
  );
  const links = (await anchorsOf(html)).map(({ href, text: words }) => [words, href]);
  expect(links).toContainEqual(['Show the papers of your digest too', toPapersPath(SELECTION)]);
  expect(links).toContainEqual(['All papers from these days', '/papers/2026-01-06?days=4']);
  expect(await findMistakes(html)).toEqual([]);
});

test.each([
  [
    ['2601.00002', '2601.00003', '2601.00004'],
    'agents',
    'The paper from Hugging Face Daily Papers that matches agents and is not in your digest',
  ],
  [
    ['2601.00002', '2601.00003', '2601.00004'],
    '',
    'The paper from Hugging Face Daily Papers that is not in your digest',
  ],
  [
    ['2601.00001', '2601.00002', '2601.00003', '2601.00004'],
    'agents',
    'There are no other papers that match agents.',
  ],
])('without %j of the query %j it says: %s', async (without, query, sentence) => {
  const { text, html } = await read({ until: READ_AT, without, query });

  expect(text).toContain(sentence);
  expect(await findMistakes(html)).toEqual([]);
});

test('the web edition of a digest has the papers of its link to all matches, and may be indexed', async () => {
  const asWritten = await read({ until: READ_AT });
  const edition = await read({});

  expect(titlesOf(asWritten.html)).toEqual(titlesOf(edition.html));
  expect(asWritten.text).toContain('4 papers from Hugging Face Daily Papers that match agents');
  expect(asWritten.text).toContain('Papers that arrived after the digest was written are not shown.');
  expect(asWritten.html).toContain('content="noindex"');
  expect(edition.html).not.toContain('noindex');
});

test('there is no link to all papers if the page has them already', async () => {
  const everyList = { query: '', lists: ['hf-daily', 'arxiv/cs.CL'] };
  const linksOf = async (selection: Partial<typeof SELECTION>) =>
    (await anchorsOf((await read(selection)).html)).map(({ text }) => text);

  expect(await linksOf({ query: '' })).toContain('All papers from these days');
  expect(await linksOf({ ...everyList, query: 'agents' })).toContain('All papers from these days');
  expect(await linksOf(everyList)).not.toContain('All papers from these days');
});

test('a paper that is new, or new on the list, after the digest was written is not shown', async () => {
  await store('2601.00005', 'Agents that are new', 9, 'hf-daily', `${DAY}T08:00:00.000Z`);
  await store('2601.00006', 'Agents of arXiv', 9, 'arxiv/cs.CL', `${DAY}T06:00:00.000Z`);
  const listing = { day: DAY, paperId: '2601.00006', firstSeenAt: `${DAY}T09:00:00.000Z` };
  await reader.repositories.listings.save(createListing(listing));

  expect(titlesOf((await read({ until: READ_AT })).html)).toHaveLength(4);
  expect(titlesOf((await read({})).html)).toHaveLength(6);
});

test('a time long before the days of the page shows no paper, and reads no more than a page without one', async () => {
  let loads = 0;
  const { ports } = reader;
  const load: typeof ports.listings.load = (list, day) => {
    loads += 1;
    return ports.listings.load(list, day);
  };
  reader = createReader({ ...reader, ports: { ...ports, listings: { ...ports.listings, load } } });
  const countLoads = async (selection: Partial<typeof SELECTION> & { until?: string }) => {
    loads = 0;
    const { html } = await read(selection);
    return { loads, titles: titlesOf(html) };
  };
  await read({});
  const without = await countLoads({});
  const longAgo = await countLoads({ until: '2025-12-01T07:00:00.000Z' });

  expect(without.titles).toHaveLength(4);
  expect(longAgo).toEqual({ loads: without.loads, titles: [] });
});

test('the papers are sorted as the subscription asks, and the page says how', async () => {
  const { html, text } = await read({ sort: 'new', without: ['2601.00002'] });

  expect(titlesOf(html)).toEqual(['Agents 4', 'Agents 3', 'Agents 1'].sort().reverse());
  expect(text).toContain('Newest papers first.');
});

test.each([
  ['without=2601.1', 'This link is damaged. Open it again from the email.'],
  ['without=00001', 'This link is damaged. Open it again from the email.'],
  ['without=hep-ex/0307015,00001', 'This link is damaged. Open it again from the email.'],
  ['without=<script>', 'This link is damaged. Open it again from the email.'],
  ['until=yesterday', 'This link is damaged. Open it again from the email.'],
  ['sort=votes', 'The order in the link must be one of these: trending, new, match.'],
])('an address with %s is refused', async (part, sentence) => {
  const { status, text, html } = await reader.read(`/papers/${DAY}?${part}`);

  expect([status, text]).toEqual([400, expect.stringContaining(sentence)]);
  expect(await findMistakes(html)).toEqual([]);
});

test('ids are written with each month once, and read as they were', () => {
  const ids = ['2601.00001', '2601.00020', '2512.01234', '0704.0001', 'hep-ex/0307015', 'math.GT/0309136'];
  const written = new URL(
    toPapersPath({ day: DAY, without: [...ids, '2601.00001'] }),
    'https://x.example',
  ).searchParams.get('without');

  expect(written).toBe('0704.0001,2512.01234,2601.00001,00020,hep-ex/0307015,math.GT/0309136');
  expect([...(parseIdList(written ?? '') ?? [])].sort()).toEqual([...ids].sort());
});
