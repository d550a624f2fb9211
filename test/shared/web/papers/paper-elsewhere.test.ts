import { beforeEach, describe, expect, test } from '@jest/globals';
import type { PaperFacts } from '../../../../shared/domain/papers/paper.ts';
import { composeDigestMail } from '../../../../shared/mail/compose-digest-mail.ts';
import { findOwnPage } from '../../../../shared/presentation/paper-url.ts';
import { parseIdList, toPapersPath } from '../../../../shared/presentation/papers-path.ts';
import { createDigest, createMatch, createSection, exampleLinks } from '../../../factories/digests.ts';
import { createFacts, createListing, createPaper } from '../../../factories/papers.ts';
import { createSubscription } from '../../../factories/subscribers.ts';
import { readMessage } from '../../mail/read-message.ts';
import { readAtom, readJsonFeed } from '../feeds/read-feed.ts';
import { anchorsOf, createReader, findMistakes } from '../reader.ts';

// A paper of a feed, which is not on arXiv.

const ID = 'feed-0123456789abcdef';
const PAGE = 'https://www.journal.example/articles/7?a=1&b=%7B2%7D';
const ELSEWHERE = { id: ID, doi: '10.5555/Example_7', pageUrl: decodeURI(PAGE), upvotes: 0, comments: 0 };
const ARXIV_OR_HF = /arxiv\.org|arXiv:|huggingface\.co\/papers\//;

let reader: ReturnType<typeof createReader>;

beforeEach(() => {
  reader = createReader();
});

async function list(facts: Partial<PaperFacts>) {
  await reader.repositories.papers.save(createFacts(facts), reader.clock.now());
  await reader.repositories.listings.save(createListing({ paperId: createFacts(facts).id }));
}

describe('a paper that is not on arXiv', () => {
  test('has a page that leads to where it was published, and says nothing of arXiv', async () => {
    await list({ ...ELSEWHERE, abstract: undefined });

    const { status, html, text } = await reader.read(`/papers/${ID}`);

    expect(status).toBe(200);
    const anchors = await anchorsOf(html);
    expect(anchors.filter(({ href }) => href === PAGE).map((link) => link.text)).toEqual([
      'journal.example',
      'Read it on journal.example',
    ]);
    expect(anchors.filter(({ href }) => ARXIV_OR_HF.test(href))).toEqual([]);
    expect(text).not.toContain('arXiv');
    expect(text).toContain(`doi = {10.5555/Example\\_7}, url = {${PAGE}}`);
    const [, data = ''] = /<script type="application\/ld\+json">(.*?)<\/script>/.exec(html) ?? [];
    expect(JSON.parse(data)).toMatchObject({ sameAs: PAGE, identifier: 'doi:10.5555/Example_7' });
    expect(await findMistakes(html)).toEqual([]);
  });

  test('is found by its id, and leads to nothing outside if its page is unknown', async () => {
    await list({ ...ELSEWHERE, pageUrl: undefined });

    const found = await anchorsOf((await reader.read(`/search?q=id:${ID}`)).html);
    const { html } = await reader.read(`/papers/${ID}`);

    expect(found.map(({ href }) => href)).toContain(`/papers/${ID}`);
    expect((await anchorsOf(html)).filter(({ href }) => ARXIV_OR_HF.test(href))).toEqual([]);
  });

  test('is in feeds, in the sitemap and in the API with its own page', async () => {
    await list(ELSEWHERE);

    const atom = (await reader.read('/feeds/lists/hf-daily.atom')).html;
    const json = (await reader.read('/feeds/lists/hf-daily.json')).html;
    const { urls } = JSON.parse((await reader.read(`/v1/papers/${ID}`)).html);

    expect(readAtom(atom).entries).toEqual(readJsonFeed(json).entries);
    expect(JSON.parse(json).items[0]).toMatchObject({ external_url: PAGE });
    expect(`${atom}${json}`).not.toMatch(ARXIV_OR_HF);
    expect(urls).toEqual({ page: `https://daily.example.org/papers/${ID}`, original: PAGE });
    expect((await reader.read('/sitemaps/2026-01.xml')).html).toContain(`/papers/${ID}</loc>`);
  });

  test.each([
    [PAGE, PAGE],
    [undefined, `https://daily.example.org/papers/${ID}`],
    [`https://journal.example/${'x'.repeat(400)}`, `https://daily.example.org/papers/${ID}`],
  ])('with the page %s leads there from a mail, or to its page here', async (pageUrl, url) => {
    const match = createMatch({ ...ELSEWHERE, pageUrl });
    const subscription = createSubscription({ lists: ['hf-daily'] });
    const digest = createDigest({ sections: [createSection({ subscription, matches: [match] })] });

    const { parsed } = await readMessage(composeDigestMail(digest, reader.ports.publication, exampleLinks));

    expect((await anchorsOf(parsed.html ?? '')).map(({ href }) => href)).toContain(url);
    expect(parsed.text?.split(/\s+/)).toContain(url);
  });

  test('that is unknown is not looked for on arXiv', async () => {
    const { status, html } = await reader.read(`/papers/${ID}`);

    expect(status).toBe(404);
    expect((await anchorsOf(html)).filter(({ href }) => ARXIV_OR_HF.test(href))).toEqual([]);
  });

  test('can be left out by a link that names other papers, too', () => {
    const ids = [ID, '2601.00001', '2601.00002', 'feed-fedcba9876543210', 'hep-ex/0307015'];
    const { searchParams } = new URL(toPapersPath({ day: '2026-01-05', without: ids }), 'https://x.example');

    expect([...(parseIdList(searchParams.get('without') ?? '') ?? [])].sort()).toEqual([...ids].sort());
  });
});

test.each([
  ['https://www.distill.pub/2020/', 'distill.pub'],
  [`https://${'a.'.repeat(60)}example/`, `${'a.'.repeat(19)}a…`],
  ['https://b\u00fccher.example/', 'xn--bcher-kva.example'],
])('the page %s is on the site %s', (pageUrl, site) => {
  expect(findOwnPage(createPaper({ id: ID, pageUrl }))?.site).toBe(site);
});
