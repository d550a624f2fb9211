import { beforeEach, describe, expect, test } from '@jest/globals';
import type { PaperFacts } from '../../../../shared/domain/papers/paper.ts';
import { createFacts, createListing } from '../../../factories/papers.ts';
import { createFakeWeb } from '../../../fakes/web.ts';
import { anchorsOf, createReader } from '../reader.ts';

const DAY = '2026-01-05';

let reader: ReturnType<typeof createReader>;

beforeEach(() => {
  reader = createReader(createFakeWeb());
  reader.clock.moveTo('2026-01-07T12:00:00.000Z');
});

async function publish(...papers: readonly Partial<PaperFacts>[]) {
  for (const [n, facts] of papers.entries()) {
    const paper = createFacts({ id: `2601.${10_000 + n}`, ...facts });
    await reader.repositories.papers.save(paper, `${DAY}T08:00:00.000Z`);
    await reader.repositories.listings.save(createListing({ list: 'hf-daily', day: DAY, paperId: paper.id }));
  }
}

const toPath = (query: string) => `/search?${new URLSearchParams({ q: query })}`;

/** Reads a search: the query that its page advises for a name, and the one to which its banner subscribes. */
async function readAdvice(query: string) {
  const { html, text } = await reader.read(toPath(query));
  const found = (await anchorsOf(html)).filter((one) => /^(?:author|org):/.test(one.text));
  const [banner = ''] = /(?<=name="query" value=")[^"]*/.exec(html) ?? [];
  return { text, advised: found[0]?.href, subscribed: banner.replaceAll('&quot;', '"') };
}

describe('plain words that are the name of an author', () => {
  test.each([
    ['kaiming he', 'author:"Kaiming He"'],
    ['kaiming he has:code', 'author:"Kaiming He" has:code'],
    ['kaiming he (vision OR audio)', 'author:"Kaiming He" (vision OR audio)'],
    ['kaiming', 'author:kaiming'],
    ['kaiming author:"Ada Example"', 'author:kaiming author:"Ada Example"'],
  ])('%s leads to the query that digests understand', async (query, advised) => {
    const facts = { authors: ['Ada Example', 'Kaiming He'], repositoryUrl: 'https://github.com/a/b' };
    await publish({ ...facts, title: 'Vision' });

    const { text, ...found } = await readAdvice(query);

    expect(found).toEqual({ advised: toPath(advised), subscribed: advised });
    expect(text).toContain('For this author, search for');
    expect(text).toContain('A subscription finds authors only by author:.');
  });

  test('words after an author that is left out are the rest of that name', async () => {
    await publish({ authors: ['Ada He', 'Kaiming He'], title: 'Vision' });

    const { text, advised } = await readAdvice('-author:Grace He');

    expect(text).toContain('For the whole name, write -author:"Grace He".');
    expect(advised).toBeUndefined();
  });

  test('a word that is in the name of one team only is no name', async () => {
    await publish(
      { title: 'LLM agents' },
      { title: 'LLM tools' },
      { title: 'Falcons', authors: ['Falcon LLM Team'] },
    );

    expect((await readAdvice('LLM')).advised).toBeUndefined();
  });

  test('a word that is also a topic may be a name, but the banner subscribes to the word', async () => {
    await publish({ title: 'Qwen agents' }, { title: 'Qwen tools' }, { title: 'Report', authors: ['Qwen'] });

    expect(await readAdvice('qwen')).toMatchObject({ advised: toPath('author:Qwen'), subscribed: 'qwen' });
  });

  test('several words that are the whole name count wherever else papers have them', async () => {
    await publish(
      { title: 'How Kaiming initialisation works', abstract: 'He and others', authors: ['Ada Example'] },
      { title: 'What Kaiming He said', authors: ['Ben Sample'] },
      { title: 'Vision', authors: ['Kaiming He'] },
    );

    expect(await readAdvice('kaiming he')).toMatchObject({ subscribed: 'author:"Kaiming He"' });
  });

  test.each(['vision', 'author:"Kaiming He"', 'kaiming vision', '"kaiming he"', 'nobody'])(
    '%s is no name',
    async (query) => {
      await publish({ authors: ['Kaiming He'], title: 'Vision' });

      expect(await readAdvice(query)).toMatchObject({ advised: undefined, subscribed: query });
    },
  );
});

describe('a search of which a word is a name', () => {
  const NOTE = 'A subscription finds authors and organisations only by author: and org:.';

  test.each([
    ['nextflow bytedance', true],
    ['nextflow kaiming', true],
    ['nextflow org:bytedance author:kaiming', false],
    ['nextflow', false],
    ['nextflow vision', false],
    ['kaiming he', false],
  ])('says that a subscription does not find it: %s: %s', async (query, isSaid) => {
    await publish(
      { title: 'NextFlow vision', authors: ['Kaiming He'], organisation: 'ByteDance' },
      { title: 'NextFlow audio', abstract: 'By hand.', authors: ['Ada Example'] },
    );

    expect((await readAdvice(query)).text.includes(NOTE)).toBe(isSaid);
  });
});

describe('plain words that are the name of an organisation', () => {
  test.each([
    ['bytedance', 'org:ByteDance'],
    ['bytedance seed', 'org:"ByteDance Seed"'],
    ['seed bytedance', 'org:seed org:bytedance'],
    ['seed', 'org:seed'],
    ['seed org:bytedance', 'org:seed org:bytedance'],
    ['bytedance has:code', 'org:ByteDance has:code'],
  ])('%s leads to the query that digests understand', async (query, advised) => {
    const repositoryUrl = 'https://github.com/a/b';
    await publish(
      { title: 'Vision', organisation: 'ByteDance', repositoryUrl },
      { title: 'Audio', organisation: 'ByteDance Seed', repositoryUrl },
      { title: 'Other', organisation: 'Other Lab', repositoryUrl },
    );

    const { text, ...found } = await readAdvice(query);

    expect(found).toEqual({ advised: toPath(advised), subscribed: advised });
    expect(text).toContain('For this organisation, search for');
    expect(text).toContain('A subscription finds organisations only by org:.');
    const papers = (await reader.read(toPath(query))).text.match(/\d+ papers? match/)?.[0];
    expect((await reader.read(toPath(advised))).text).toContain(papers);
  });

  test('several words that are the whole name count wherever else papers have them', async () => {
    const organisation = 'University of Cambridge';
    await publish(
      { title: 'Out of distribution', organisation },
      { title: 'States of matter', organisation },
      { title: 'The university of the future' },
    );

    expect(await readAdvice('university of cambridge')).toMatchObject({
      advised: toPath('org:"University of Cambridge"'),
      subscribed: 'org:"University of Cambridge"',
    });
  });

  test.each([
    ['org:Massachusetts Institute of Technology', 'org:"Massachusetts Institute of Technology"'],
    ['org:Carnegie Mellon has:code', 'org:"Carnegie Mellon"'],
  ])('the rest of a name without quotes has one advice only: %s', async (query, advised) => {
    const repositoryUrl = 'https://github.com/a/b';
    await publish(
      { title: 'Vision', organisation: 'Massachusetts Institute of Technology', repositoryUrl },
      { title: 'Audio', organisation: 'Carnegie Mellon University', repositoryUrl },
    );

    const { text } = await readAdvice(query);

    expect(text).toContain(`For the whole name, write ${advised}.`);
    expect(text).not.toContain('For this organisation, search for');
  });

  test.each(['meta', 'meta learning', 'org:Meta', '"meta"*', 'nobody'])(
    '%s is no name if most papers have it elsewhere',
    async (query) => {
      await publish(
        { title: 'Meta learning' },
        { title: 'Meta-learning with agents' },
        { title: 'Vision', organisation: 'Meta' },
      );

      expect((await readAdvice(query)).advised).toBeUndefined();
    },
  );
});
