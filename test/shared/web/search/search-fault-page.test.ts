import { expect, test } from '@jest/globals';
import { MAX_CONDITIONS, MAX_QUERY_LENGTH } from '../../../../shared/matching/query/parse-query.ts';
import { createFacts, createListing } from '../../../factories/papers.ts';
import { createFakeWeb } from '../../../fakes/web.ts';
import { anchorsOf, createReader, findMistakes } from '../reader.ts';

const DAY = '2026-01-05';
const WAY = 'Search for these words as a phrase';

async function createSite(...titles: readonly string[]) {
  const reader = createReader(createFakeWeb());
  reader.clock.moveTo(`${DAY}T12:00:00.000Z`);
  for (const [n, title] of titles.entries()) {
    const paper = createFacts({ id: `2601.${10_000 + n}`, title });
    await reader.repositories.papers.save(paper, `${DAY}T08:00:00.000Z`);
    await reader.repositories.listings.save(createListing({ list: 'hf-daily', day: DAY, paperId: paper.id }));
  }
  return reader;
}

const toPath = (query: string) => `/search?${new URLSearchParams({ q: query })}`;

async function phraseLinkOf(html: string): Promise<string | undefined> {
  return (await anchorsOf(html)).find(({ text }) => text === WAY)?.href;
}

const titlesOf = (html: string) =>
  [...html.matchAll(/<h2><a[^>]*>(.*?)<\/a>/g)].map(([, title = '']) =>
    title
      .replace(/<\/?mark>/g, '')
      .replaceAll('&#39;', "'")
      .replaceAll('&amp;', '&'),
  );

test.each([
  'BLEU Is Not a Colour: Seventeen Ways to Misreport a Translation Score',
  'We Could Read Every Paper, but Would Rather Not',
  '2D or 3D: Who Governs Salience in Models?',
  'Agents – A Survey',
  'Agents 2: A Survey',
  'Video = World + Event Stream',
  'OR Gates in Networks',
  'Retrieval & Reasoning | A Study',
  "'Tis Enough' to Search",
  'AI:Friend of Science',
  'Comments : A Survey of Online Debates',
  'Rethinking the Abstract : A Survey',
  'Streams (Residual), Explained',
  `Words ${'in a row '.repeat(MAX_CONDITIONS / 2)}`,
])('a pasted title that is no query has a link that finds the paper: %s', async (title) => {
  const { read } = await createSite(title, 'Colour, Translation and Agents: Not a Survey');

  const { status, html } = await read(toPath(title));
  const link = await phraseLinkOf(html);

  expect(status).toBe(400);
  expect(link).toBe(toPath(`"${title.trim()}"`));
  expect(await findMistakes(html)).toEqual([]);
  expect(titlesOf((await read(link ?? '')).html)).toEqual([title.trim()]);
});

test.each([
  ['has quotes', '"language models" or vision'],
  ['has typographic quotes', '“language models” or vision'],
  ['means a field', 'agents upvotes:10'],
  ['means a list', 'agents list:nobodys'],
  ['has a space after a colon', 'title: agents'],
  ['is one word', 'autor:He'],
  ['has no words', '& |'],
  ['is too long', `agents or ${'a'.repeat(MAX_QUERY_LENGTH)}`],
  ['has a field', 'agents or author:He'],
  ['is too long as a phrase', `agents or ${'a'.repeat(MAX_QUERY_LENGTH - 'agents or '.length)}`],
  ['has a star inside', 'agents or A*B search'],
])('a faulty query has no such link if it %s', async (_, query) => {
  const { read } = await createSite();

  const { status, html } = await read(toPath(query));

  expect(status).toBe(400);
  expect(await phraseLinkOf(html)).toBeUndefined();
});

test('a capitalised operator is taken for a word of a title first', async () => {
  const { read } = await createSite();

  expect((await read('/search?q=Colour+Is+Not+a+Score')).text).toContain(
    '"Not" is not in capitals. To search for the word itself, put it in quotes. As an operator, write NOT in capitals.',
  );
});
