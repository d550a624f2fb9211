import { readFileSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import { createManualClock } from '../../../../local/manual-clock.ts';
import { listingSchema } from '../../../../shared/domain/lists/listing.ts';
import { paperFactsSchema } from '../../../../shared/domain/papers/paper.ts';
import { addMs, MS_PER_HOUR } from '../../../../shared/domain/time/time.ts';
import { HttpError, type Validators } from '../../../../shared/ports/http.ts';
import { createFeedSource, feedHosts } from '../../../../shared/sources/feed/feed.ts';
import { toFeedId } from '../../../../shared/sources/feed/paper-id.ts';
import type { SourceAnswer, SourceRequest } from '../../../../shared/sources/source.ts';
import { collect } from '../../../collect.ts';
import { type ScriptedHttpClient, scriptHttpClient } from '../../../factories/scripted-http-client.ts';
import { createFakeRepositories } from '../../../fakes/repositories.ts';
import { fc } from '../../../fast-check.ts';
import { runs } from '../../../thorough.ts';

const NOW = '2026-01-06T08:00:00.000Z';
const LIST = 'feed/Journal';
const FEEDS = { Journal: 'https://feeds.example/journal', Lab: 'https://lab.example/feed' };

const fixture = (name: string) =>
  readFileSync(new URL(`../../../fixtures/feed/${name}`, import.meta.url), 'utf8');

/** Reads one feed, whose answer is a body or an error. */
async function read(
  answer: Parameters<typeof scriptHttpClient>[0] | string | Error,
  request: Partial<SourceRequest> = {},
): Promise<SourceAnswer> {
  const http = scriptHttpClient(typeof answer === 'function' ? answer : () => answer);
  const [found] = await readAll(http, { lists: [LIST], ...request });
  if (!found) throw new Error('the source gave no answer');
  return found;
}

function readAll(http: ScriptedHttpClient, request: Partial<SourceRequest> = {}) {
  const lists = Object.keys(FEEDS).map((name) => `feed/${name}`);
  return collect(
    createFeedSource({ feeds: FEEDS }).fetch({
      lists,
      histories: {},
      cursor: undefined,
      now: NOW,
      http,
      ...request,
    }),
  );
}

const factsOf = ({ items }: SourceAnswer) => items.map(({ facts }) => facts);
const daysOf = ({ items }: SourceAnswer) => items.flatMap(({ listings }) => listings.map(({ day }) => day));
const titlesOf = ({ items }: SourceAnswer) => items.map(({ facts }) => facts.title);

const rss = (...items: readonly string[]) =>
  `<rss version="2.0" xmlns:dc="http://purl.org/dc/elements/1.1/"><channel><title>J</title>${items.join('')}</channel></rss>`;
const item = (number: number, more = '') =>
  `<item><title>Paper ${number}</title><link>https://journal.example/${number}</link>${more}</item>`;
const datedItem = (number: number, date: string) => item(number, `<pubDate>${date}</pubDate>`);

describe('a feed', () => {
  test('of RSS 2.0 gives its recent papers, with DOI or arXiv id', async () => {
    const answer = await read(fixture('rss-2.0.xml'));

    expect(answer).toMatchObject({
      lists: [LIST],
      asked: LIST,
      itemsRead: 3,
      rejections: [],
      problem: undefined,
    });
    expect(factsOf(answer)).toEqual([
      {
        source: 'feed',
        id: toFeedId('10.5555/s42-026-00001', ''),
        title: 'Gradient Descent in vitro & in the Pantry',
        abstract: expect.stringMatching(/^We train a sourdough .* 30 % fewer .* H2O is .* learning rate\.$/),
        authors: ['Ada Example', 'Ben Sample'],
        authorCount: 2,
        publishedAt: '2026-01-05T09:30:00.000Z',
        listedOn: '2026-01-05',
        doi: '10.5555/S42-026-00001',
        pageUrl: 'https://www.journal.example/articles/s42-026-00001?utm_source=rss#abstract',
      },
      {
        source: 'feed',
        id: '2601.00042',
        title: 'A preprint that is on arXiv, too',
        abstract: 'Short.',
        authors: ['Cy Other'],
        authorCount: 1,
        publishedAt: '2026-01-04T05:00:00.000Z',
        listedOn: '2026-01-04',
      },
    ]);
    expect(answer.items[0]?.listings).toEqual([
      { list: LIST, day: '2026-01-05', paperId: factsOf(answer)[0]?.id, firstSeenAt: NOW },
    ]);
  });

  test('of RSS 1.0 gives its papers', async () => {
    expect(factsOf(await read(fixture('rss-1.0.xml')))).toEqual([
      {
        source: 'feed',
        id: toFeedId('10.5555/2026.01.05.123456', ''),
        title: 'Octopuses Prefer Eight-Head Attention',
        abstract: 'Each arm attends to another rock.',
        authors: ['O. Arm', 'T. R. Sucker', 'J.-P. Beak', 'B. Ink'],
        authorCount: 4,
        publishedAt: '2026-01-05T00:00:00.000Z',
        listedOn: '2026-01-05',
        doi: '10.5555/2026.01.05.123456',
        pageUrl: 'https://press.example/content/10.5555/2026.01.05.123456v1?rss=1',
      },
    ]);
  });

  test('of Atom gives its papers, with links relative to their base', async () => {
    expect(factsOf(await read(fixture('atom.xml')))).toEqual([
      {
        source: 'feed',
        id: toFeedId(undefined, 'https://lab.example/papers/7/humming'),
        title: 'Why <think> tokens hum',
        abstract: 'They hum in B flat. Nobody knows why.',
        authors: ['Example Lab'],
        authorCount: 1,
        publishedAt: '2026-01-05T08:00:00.000Z',
        listedOn: '2026-01-05',
        pageUrl: 'https://lab.example/papers/7/humming',
      },
      {
        source: 'feed',
        id: 'hep-ex/0307015',
        title: 'An old result, found again',
        authors: ['Dee Third'],
        authorCount: 1,
        publishedAt: '2026-01-05T00:00:00.000Z',
        listedOn: '2026-01-05',
      },
    ]);
  });

  test('of JSON gives its papers, and rejects items without a title or an address', async () => {
    const answer = await read(fixture('feed.json'));

    expect(factsOf(answer)).toEqual([
      {
        source: 'feed',
        id: '2601.00077',
        title: 'Notes on a paper',
        abstract: '1 < 2, and so on.',
        authors: ['Ada Example'],
        authorCount: 1,
        publishedAt: '2026-01-05T01:00:00.000Z',
        listedOn: '2026-01-05',
      },
      {
        source: 'feed',
        id: toFeedId(undefined, 'https://group.example/notes/42'),
        title: 'Notes without a date',
        abstract: 'Soon.',
        listedOn: '2026-01-06',
        pageUrl: 'https://group.example/notes/42',
      },
    ]);
    expect(answer.rejections.map(({ reason }) => reason)).toEqual([
      'it has no link; expected a web address, a DOI or an arXiv id',
      'it has no title; expected a text',
    ]);
  });

  test('without items is no problem', async () => {
    expect(await read(rss())).toMatchObject({ itemsRead: 0, items: [], problem: undefined });
  });
});

describe('the day of an item', () => {
  const items = [
    datedItem(1, 'Tue, 06 Jan 2026 07:00:00 GMT'),
    datedItem(2, 'Tue, 30 Dec 2025 00:00:00 GMT'),
    datedItem(3, 'Mon, 29 Dec 2025 00:00:00 GMT'),
    datedItem(4, 'Mon, 05 Jan 2015 00:00:00 GMT'),
    item(5),
  ];

  test('is its own at the first read, if it is of the last seven days', async () => {
    const answer = await read(rss(...items));

    expect(titlesOf(answer)).toEqual(['Paper 1', 'Paper 2', 'Paper 5']);
    expect(daysOf(answer)).toEqual(['2026-01-06', '2025-12-30', '2026-01-06']);
    expect(answer.itemsRead).toBe(5);
  });

  test('is today at later reads, if it is of the last seven days or the feed did not have it before', async () => {
    const { cursor } = await read(rss(datedItem(3, 'Mon, 29 Dec 2025 00:00:00 GMT')));
    const late = datedItem(6, 'Mon, 29 Dec 2025 00:00:00 GMT');
    const past = datedItem(7, 'Sun, 28 Dec 2025 00:00:00 GMT');

    const answer = await read(rss(...items, late, past), { cursor });

    expect(titlesOf(answer)).toEqual(['Paper 1', 'Paper 2', 'Paper 5', 'Paper 6']);
    expect(daysOf(answer)).toEqual(Array(4).fill('2026-01-06'));
  });

  test('is today with a cursor of earlier releases, if it is newer than all before', async () => {
    const cursor = '{"feed/Journal":"2025-12-29T00:00:00.000Z","feed/Gone":"2025-12-15T00:00:00.000Z"}';

    const answer = await read(rss(...items, datedItem(6, 'Mon, 29 Dec 2025 00:00:01 GMT')), { cursor });

    expect(titlesOf(answer)).toEqual(['Paper 1', 'Paper 2', 'Paper 5', 'Paper 6']);
    expect(answer.cursor).not.toContain('Gone');
  });

  test.each(['rubbish', '{}', '[]', '{"feed/Journal":"yesterday"}', 'null', ''])(
    'is that of a first read with the cursor %j',
    async (cursor) => {
      expect(titlesOf(await read(rss(...items), { cursor }))).toHaveLength(3);
    },
  );

  test('stays known if the memory of another feed cannot be read, which is named', async () => {
    const known = await read(rss(datedItem(3, 'Mon, 29 Dec 2025 00:00:00 GMT')));
    const cursor = JSON.stringify({ ...JSON.parse(known.cursor ?? ''), 'feed/Other': 7, '?': {} });

    const answer = await read(rss(datedItem(8, 'Mon, 29 Dec 2025 12:00:00 GMT')), { cursor });

    // At a first read it would be on the list of its own day.
    expect(daysOf(answer)).toEqual(['2026-01-06']);
    expect(
      createFeedSource()
        .findFaults?.(cursor)
        .map(({ item }) => item),
    ).toEqual(['feed/Other', '?']);
    expect(createFeedSource().findFaults?.('[')).toHaveLength(1);
    expect(createFeedSource().findFaults?.(undefined)).toEqual([]);
  });

  test('is today if its date is in the future, which is noted', async () => {
    const answer = await read(rss(datedItem(1, 'Wed, 07 Jan 2026 00:00:00 GMT')));

    expect(daysOf(answer)).toEqual(['2026-01-06']);
    expect(factsOf(answer)[0]).not.toHaveProperty('publishedAt');
    expect(answer.corrections).toEqual([
      {
        item: factsOf(answer)[0]?.id,
        reason: 'its date is "Wed, 07 Jan 2026 00:00:00 GMT"; used the day of reading',
      },
    ]);
  });

  test('is today if its date cannot be read, which is noted once', async () => {
    const first = await read(rss(datedItem(1, 'Fr, 2. Januar 2026')));
    const second = await read(rss(datedItem(1, 'Fr, 2. Januar 2026')), { cursor: first.cursor });

    expect([daysOf(first), daysOf(second)]).toEqual([['2026-01-06'], ['2026-01-06']]);
    expect(first.corrections.map(({ reason }) => reason)).toEqual([
      'its date is "Fr, 2. Januar 2026"; used the day of reading',
    ]);
    expect(second.corrections).toEqual([]);
  });

  test.each([
    ['Mon, 5 Jan 2026 12:00 EST', '2026-01-05T17:00:00.000Z'],
    ['Monday, 05 January 2026 12:00:00 +0100', '2026-01-05T11:00:00.000Z'],
    ['05 Jan 26 12:00:00 Z', '2026-01-05T12:00:00.000Z'],
    ['Mon, 05 Jan 2026 12:00:00', '2026-01-05T12:00:00.000Z'],
    ['Mon, 05 Jan 2026', '2026-01-05T00:00:00.000Z'],
    ['2026-01-05T12:00:00+01:00', '2026-01-05T11:00:00.000Z'],
    ['2026-01', undefined],
    ['yesterday', undefined],
    ['31 Feb 2026 00:00:00 GMT', undefined],
  ])('is read from %s', async (date, publishedAt) => {
    expect(factsOf(await read(rss(datedItem(1, date))))[0]?.publishedAt).toBe(publishedAt);
  });
});

describe('a paper whose item changes', () => {
  const TITLE = 'A title that no other paper of the feed has';
  interface ItemOf {
    readonly site?: string;
    readonly guid?: string;
    readonly doi?: string;
    readonly title?: string;
    readonly date?: string;
  }
  const itemOf = ({ site = 'old.example', guid = '', doi, title = TITLE, date = '2026-01-05' }: ItemOf) =>
    item(1, `<guid isPermaLink="false">${guid}</guid><dc:date>${date}</dc:date>`)
      .replace('Paper 1', title)
      .replace('journal.example', site)
      .replace('</item>', doi ? `<dc:identifier>doi:${doi}</dc:identifier></item>` : '</item>');
  const doi = '10.5555/abc.1';

  test.each<[string, ItemOf, ItemOf]>([
    ['moves, and keeps its guid', { guid: 'g1' }, { guid: 'g1', site: 'new.example', title: 'Corrected' }],
    ['moves, and keeps its title and day', {}, { site: 'new.example' }],
    ['gets a DOI', {}, { doi }],
    ['loses its DOI', { doi }, {}],
    ['keeps its DOI alone', { doi }, { doi, site: 'new.example', title: 'Corrected', guid: 'g2' }],
    ['turns out to be on arXiv', {}, { doi: '10.48550/arXiv.2601.00001' }],
  ])('and %s, keeps its id', async (_, before, after) => {
    const first = await read(rss(itemOf(before)));

    const second = await read(rss(itemOf(after)), { cursor: first.cursor });
    const third = await read(rss(itemOf(after)), { cursor: second.cursor });

    expect([second, third].map((answer) => factsOf(answer)[0]?.id)).toEqual(
      Array(2).fill(factsOf(first)[0]?.id),
    );
  });

  test('keeps its id if the feed had no items or broke off in between', async () => {
    const first = await read(rss(itemOf({})));
    const empty = await read(rss(), { cursor: first.cursor });
    const cut = await read(rss(item(2), item(3)).slice(0, -40), { cursor: empty.cursor });

    const last = await read(rss(itemOf({ site: 'new.example' })), { cursor: cut.cursor });

    expect(factsOf(last)[0]?.id).toBe(factsOf(first)[0]?.id);
  });

  test.each<[string, ItemOf, ItemOf]>([
    ['a short title', { title: 'Errata' }, { title: 'Errata', site: 'new.example' }],
    ['a title of another day', {}, { date: '2026-01-06', site: 'new.example' }],
    ['nothing', {}, { title: 'Another title that is long enough', site: 'new.example' }],
  ])('is another paper if it shares %s', async (_, before, after) => {
    const first = await read(rss(itemOf(before)));

    const second = await read(rss(itemOf(after)), { cursor: first.cursor });

    expect(factsOf(second)[0]?.id).not.toBe(factsOf(first)[0]?.id);
  });

  test('is another paper if two items of the feed have the name that it shares', async () => {
    const first = await read(rss(itemOf({})));

    const second = await read(rss(itemOf({ site: 'a.example' }), itemOf({ site: 'b.example' })), {
      cursor: first.cursor,
    });

    expect(new Set([first, second].flatMap(factsOf).map(({ id }) => id)).size).toBe(3);
  });

  test('is remembered among thousands of items, by feeds that share the room', async () => {
    const items = Array.from({ length: 2_500 }, (_, number) =>
      datedItem(number, 'Mon, 05 Jan 2015 00:00:00 GMT'),
    );
    const http = scriptHttpClient(() => rss(itemOf({ guid: 'g1' }), ...items));

    const cursor = (await readAll(http)).at(-1)?.cursor;

    expect(cursor?.length).toBeLessThan(4_000 * 70);
    const moved = rss(itemOf({ guid: 'g1', site: 'new.example', title: 'Corrected' }), ...items);
    const ids = (
      await readAll(
        scriptHttpClient(() => moved),
        { cursor },
      )
    )
      .flatMap(factsOf)
      .map(({ id }) => id);
    expect(ids).toEqual(Array(2).fill(toFeedId(undefined, 'https://old.example/1')));
  });
});

describe('a link', () => {
  test.each([
    ['javascript:alert(1)', undefined],
    ['data:text/html,x', undefined],
    ['file:///etc/passwd', undefined],
    ['https://user:secret@journal.example/1', undefined],
    ['http://[bad', undefined],
    ['  /articles/1\n', 'https://feeds.example/articles/1'],
    ['//other.example/1', 'https://other.example/1'],
    ['https://journal.example/?a=1&amp;b=2', 'https://journal.example/?a=1&b=2'],
  ])('to %s leads to %s', async (link, pageUrl) => {
    const answer = await read(rss(`<item><title>T</title><link>${link}</link></item>`));

    expect(factsOf(answer).map((facts) => facts.pageUrl)).toEqual(pageUrl === undefined ? [] : [pageUrl]);
    expect(answer.rejections).toHaveLength(pageUrl === undefined ? 1 : 0);
  });

  test.each([
    ['https://arxiv.org/abs/2601.00001', '2601.00001'],
    ['http://export.arxiv.org/pdf/2601.00001v3.pdf', '2601.00001'],
    ['https://arxiv.org/html/2601.00001v1/', '2601.00001'],
    ['https://huggingface.co/papers/2601.00001', '2601.00001'],
    ['https://www.alphaxiv.org/abs/2601.00001', '2601.00001'],
    ['https://doi.org/10.48550/arXiv.2601.00001', '2601.00001'],
    ['https://arxiv.org/abs/math.GT/0309136', 'math/0309136'],
    ['https://evil.example/?u=https://arxiv.org/abs/2601.00001', undefined],
    ['https://arxiv.org.evil.example/abs/2601.00001', undefined],
    ['https://blog.example/2601.00001', undefined],
  ])('to %s is of the paper %s', async (link, id) => {
    const [facts] = factsOf(await read(rss(`<item><title>T</title><link>${link}</link></item>`)));

    expect(facts?.id).toEqual(id ?? expect.stringMatching(/^feed-/));
  });

  test('to arXiv by its DOI is of that paper, also beside the DOI of a journal', async () => {
    const dois = ['10.5555/journal.1', '10.48550/arXiv.2601.00001'];
    const [facts] = factsOf(
      await read(rss(item(1, dois.map((doi) => `<dc:identifier>doi:${doi}</dc:identifier>`).join('')))),
    );

    expect(facts).toMatchObject({ id: '2601.00001', doi: '10.5555/journal.1' });
  });

  test.each([
    ['https://www.journal.example/a/?utm_medium=x&amp;id=7&amp;af=R#top', 'http://journal.example/a?id=7'],
    ['https://doi.org/10.5555/ABC.1', 'https://journal.example/doi/abs/10.5555/abc.1?af=R'],
    ['https://x.example/content/10.1101/2026.01.05.1v2.full', 'https://doi.org/10.1101/2026.01.05.1'],
    ['https://x.example/article?id=10.5555/y.1&amp;type=pdf', 'https://x.example/10.5555%2Fy.1/full'],
  ])('%s is of the same paper as %s', async (linkOfA, linkOfB) => {
    const answer = await read(
      rss(
        `<item><title>A</title><link>${linkOfA}</link></item>`,
        `<item><title>B</title><link>${linkOfB}</link></item>`,
      ),
    );

    expect(titlesOf(answer)).toEqual(['A']);
    expect(answer).toMatchObject({ itemsRead: 2, rejections: [] });
  });
});

describe('authors', () => {
  test.each([
    [['Ada Example'], ['Ada Example']],
    [['Example, Ada'], ['Ada Example']],
    [
      ['van Example, Ada Marie', 'Sample Jr., Ben', 'Cy Other, PhD'],
      ['Ada Marie van Example', 'Ben Sample Jr.', 'Cy Other PhD'],
    ],
    [['Ada Example, Ben Sample'], ['Ada Example', 'Ben Sample']],
    [['Ada Example, Ben Sample and Cy Other'], ['Ada Example', 'Ben Sample', 'Cy Other']],
    [['Example, A.; Sample, B.'], ['A. Example', 'B. Sample']],
    [['Example, A., Sample, B. C.'], ['A. Example', 'B. C. Sample']],
    [['<a href="x">Ada &Eacute;xample</a>'], ['Ada Éxample']],
    [
      ['ada@example.org (Ada Example)', 'ben@example.org', 'Cy <cy@example.org>'],
      ['Ada Example', 'Cy'],
    ],
    [['', ' ', '---'], []],
  ])('%j are %j', async (creators, authors) => {
    const more = creators.map((name) => `<dc:creator><![CDATA[${name}]]></dc:creator>`).join('');

    const [facts] = factsOf(await read(rss(item(1, more))));

    expect(facts?.authors ?? []).toEqual(authors);
    expect(facts?.authorCount ?? 0).toBe(authors.length);
  });
});

describe('a feed that did not change', () => {
  const validators = { etag: '"1"', lastModified: 'Tue, 06 Jan 2026 07:00:00 GMT' };
  const server = () => {
    const asked: unknown[] = [];
    const answer = (_url: URL, known?: Validators) => {
      asked.push(known);
      return known?.etag ? { status: 304, body: '' } : { status: 200, body: rss(item(1)), validators };
    };
    return { asked, answer };
  };

  test('is read whole once a day, and has nothing new after that', async () => {
    const { asked, answer } = server();
    const first = await read(answer);
    const second = await read(answer, { cursor: first.cursor });
    const third = await read(answer, { cursor: second.cursor, now: '2026-01-07T00:10:00.000Z' });

    expect([first, second, third].map((reading) => titlesOf(reading).length)).toEqual([1, 0, 1]);
    expect(second).toMatchObject({ itemsRead: 0, problem: undefined, isWholeIfEmpty: true });
    expect(JSON.parse(second.cursor ?? '')).toEqual(JSON.parse(first.cursor ?? ''));
    expect(asked).toMatchObject([{}, validators, {}]);
    expect(asked[2]).toEqual({});
  });

  test('is read whole again after a read with a problem', async () => {
    const { asked, answer } = server();
    const cut = await read(() => ({ status: 200, body: rss(item(1)).slice(0, -30), validators }));

    await read(answer, { cursor: cut.cursor });

    expect(asked).toEqual([{}]);
  });
});

describe('a broken feed', () => {
  const broken = '<item><title>Paper 2 < 3</title><link>https://journal.example/2</link></item>';

  test('costs the item that cannot be parsed', async () => {
    const answer = await read(rss(item(1), broken, item(3)));

    expect(titlesOf(answer)).toEqual(['Paper 1', 'Paper 3']);
    expect(answer).toMatchObject({ itemsRead: 3, problem: undefined });
    expect(answer.rejections).toEqual([{ item: '#1', reason: 'it cannot be parsed' }]);
  });

  test.each([
    ['RSS', rss(item(1), item(2), item(3)), 'Paper 3</ti'],
    ['Atom', fixture('atom.xml'), '<updated>2026-01-05T00:00:00Z</updated>\n    <author>'],
    ['JSON', fixture('feed.json'), '"Notes without a date"'],
  ])('of %s that is cut keeps its complete items, and its cursor', async (_, body, at) => {
    const whole = titlesOf(await read(body));

    const answer = await read(body.slice(0, body.indexOf(at)), { cursor: '{}' });

    expect(answer.problem).toMatch(/^the feed breaks off after [12] items?$/);
    expect(titlesOf(answer)).toEqual(whole.slice(0, titlesOf(answer).length));
    expect(titlesOf(answer).length).toBeGreaterThan(0);
    expect(answer.cursor).toBe('{}');
  });

  test.each([
    [
      '<!doctype html><title>Sign in</title>',
      'expected an RSS, Atom or JSON feed, found "<!doctype html><title>Sign in</title>"',
    ],
    ['', 'expected an RSS, Atom or JSON feed, found nothing'],
    ['{"items":[]}', 'expected an RSS, Atom or JSON feed, found "{\\"items\\":[]}"'],
    [`${rss(item(1, '<a>'.repeat(50_000)))}`, undefined],
    [{ status: 404, body: 'gone' }, 'HTTP 404 from feeds.example; expected 200'],
    [
      new HttpError('HTTP 503, after 4 attempts', { url: new URL(FEEDS.Journal) }),
      'GET https://feeds.example/journal: HTTP 503, after 4 attempts',
    ],
  ])('is a problem: %#', async (answer, problem) => {
    const found = await read(() => answer);

    expect(found).toMatchObject({ items: [], problem });
    expect(found.rejections).toHaveLength(problem === undefined ? 1 : 0);
  });

  test('gives what arrived before the connection broke', async () => {
    const received = rss(item(1), item(2)).slice(0, -30);
    const error = new HttpError('the connection failed', {
      url: new URL(FEEDS.Journal),
      status: 200,
      received,
    });

    const answer = await read(error);

    expect(titlesOf(answer)).toEqual(['Paper 1']);
    expect(answer.problem).toBe('GET https://feeds.example/journal: the connection failed');
  });

  test('does not expand entities, and has no power over objects', async () => {
    const doctype = '<!DOCTYPE rss [<!ENTITY a "boom"><!ENTITY b SYSTEM "file:///etc/passwd">]>';
    const hostile =
      '<item><title>&a;&b; Paper</title><link>https://journal.example/9</link><__proto__><x>1</x></__proto__></item>';

    const answer = await read(doctype + rss(hostile, item(1)));

    expect(titlesOf(answer)).toEqual(['Paper 1']);
    expect(answer.rejections).toEqual([{ item: '#0', reason: 'it cannot be parsed' }]);
    expect(Object.hasOwn(Object.prototype, 'x')).toBe(false);
    expect(titlesOf(await read(doctype + rss('<item><title>&a;&b;</title><link>/1</link></item>')))).toEqual([
      '&a;&b;',
    ]);
  });

  test('cannot outgrow the table: huge texts are cut, and so is a feed of ten thousand items', async () => {
    const long = 'word '.repeat(100_000);
    const names = '<dc:creator>Ada Example</dc:creator>'.repeat(3_000);
    const huge = `<item><title>${long}</title><link>/1</link><description>${long}</description>${names}</item>`;

    const [facts] = factsOf(await read(rss(huge)));
    const many = await read(rss(...Array.from({ length: 10_000 }, (_, n) => item(n))));

    expect(JSON.stringify(facts).length).toBeLessThan(20_000);
    expect(facts).toMatchObject({ authorCount: 3_000 });
    expect(many.items).toHaveLength(2_000);
    expect(many).toMatchObject({ itemsRead: 10_000, problem: 'it has more than 2000 new items' });
  });

  test.each([
    ['tags', rss(item(1), item(2), `<item>${'<a/>'.repeat(200_000)}</item>`), 2],
    ['attributes', rss(item(1), `<item><a ${'a="" '.repeat(200_000)}/></item>`), 1],
    [
      'values of JSON',
      `{"version":"https://jsonfeed.org/version/1.1","items":[${'{},'.repeat(100_000)}{}]}`,
      0,
    ],
  ])('that would not fit in memory is read up to a limit: %s', async (_, body, papers) => {
    const { items, problem } = await read(body);

    expect(items).toHaveLength(papers);
    expect(problem).toMatch(
      /^only \d+ items? were read, because the feed has more than 200000 tags or values$/,
    );
  });

  test('with pages of HTML is read whole', async () => {
    const page = `<description><![CDATA[${'<p class="a">b</p>'.repeat(100_000)}]]></description>`;
    const { items, problem } = await read(rss(item(1, page), item(2)));

    expect([items.length, problem]).toEqual([2, undefined]);
  });

  test('of any text never throws, and gives only sound papers', async () => {
    const text = fc.oneof(
      fc.string({ unit: 'binary', maxLength: 60 }),
      fc.constantFrom(
        '<![CDATA[',
        ']]>',
        '&#x1F600;',
        '&lt;script&gt;',
        '</item>',
        '<item>',
        '\u0000',
        '"',
        '<p',
        'javascript:',
        'https://a.example/',
        '10.5555/x',
        '2026-01-05',
      ),
    );
    const parts = fc.array(text, { maxLength: 8 }).map((all) => all.join(''));
    const element = fc.constantFrom(
      'title',
      'link',
      'guid',
      'pubDate',
      'dc:creator',
      'dc:identifier',
      'description',
    );
    const items = fc.array(
      fc
        .array(fc.tuple(element, parts), { maxLength: 6 })
        .map(
          (fields) => `<item>${fields.map(([name, value]) => `<${name}>${value}</${name}>`).join('')}</item>`,
        ),
      { maxLength: 4 },
    );
    const feed = fc.oneof(
      items.map((all) => rss(...all)),
      parts,
      fc
        .tuple(
          fc.constantFrom('rss-2.0.xml', 'rss-1.0.xml', 'atom.xml', 'feed.json'),
          fc.nat(),
          fc.nat(20),
          text,
        )
        .map(([name, at, length, inserted]) => {
          const body = fixture(name);
          const from = at % body.length;
          return body.slice(0, from) + inserted + body.slice(from + length);
        }),
    );
    await fc.assert(
      fc.asyncProperty(feed, async (body) => {
        const { items: papers, itemsRead, rejections } = await read(body);
        expect(papers.length + rejections.length).toBeLessThanOrEqual(itemsRead);
        for (const { facts, listings } of papers) {
          expect(paperFactsSchema.safeParse(facts).error).toBeUndefined();
          expect(listings.map((listing) => listingSchema.safeParse(listing).success)).toEqual([true]);
        }
      }),
      { numRuns: runs(60, 5_000) },
    );
  });
});

describe('several feeds', () => {
  const feeds = (url: URL) => (url.host === 'lab.example' ? new Error('boom') : rss(item(1)));

  test('are read one by one, and one that cannot be read costs itself', async () => {
    const http = scriptHttpClient((url) =>
      url.host === 'lab.example' ? { status: 500, body: '' } : rss(datedItem(1, '2026-01-05')),
    );

    const answers = await readAll(http);

    expect(answers.map(({ lists, problem, items }) => [lists, problem, items.length])).toEqual([
      [['feed/Journal'], undefined, 1],
      [['feed/Lab'], 'HTTP 500 from lab.example; expected 200', 0],
    ]);
    expect(Object.keys(JSON.parse(answers.at(-1)?.cursor ?? ''))).toEqual(['feed/Journal']);
  });

  test('have a limit of time each, so one that would take half an hour to parse costs itself', async () => {
    const endless = rss(`<item><title>${`<${'a'.repeat(80)}`.repeat(190_000)}"</title></item>`);
    const source = createFeedSource({ feeds: FEEDS }, 50);
    const lists = Object.keys(FEEDS).map((name) => `feed/${name}`);

    const answers = await collect(
      source.fetch({
        lists,
        histories: {},
        cursor: undefined,
        now: NOW,
        http: scriptHttpClient(() => endless),
      }),
    );

    expect(answers.map(({ lists: [list], problem }) => [list, problem])).toEqual([
      ['feed/Journal', 'it cannot be parsed within 0.05 s'],
      ['feed/Lab', 'it cannot be parsed within 0.05 s'],
    ]);
  });

  const FIRST_COME_ORDERS = [
    ['feed/Journal', 'feed/Lab'],
    ['feed/Lab', 'feed/Journal'],
  ];
  test.each(FIRST_COME_ORDERS)(
    'that share a paper agree on its facts, and do not rewrite it: %s is first',
    async (first) => {
      const repositories = createFakeRepositories(createManualClock(NOW));
      const lists = Object.keys(FEEDS).map((name) => `feed/${name}`);
      const shared = (title: string, more: string) =>
        rss(`<item><title>${title}</title><link>https://doi.org/10.5555/a.1</link>${more}</item>`);
      const http = scriptHttpClient(({ host }) =>
        host === 'lab.example'
          ? shared('A TITLE.', '<dc:creator>Ada Example</dc:creator>')
          : shared('A Title', '<description>One line.</description>'),
      );
      let cursor: string | undefined;
      const saved: string[] = [];
      for (const at of [8, 9, 10, 11].map((hour) => addMs(NOW, hour * MS_PER_HOUR))) {
        const histories = Object.fromEntries(
          lists.map((list) => [list, { failuresInARow: 0, lastSuccessAt: list === first ? NOW : at }]),
        );
        for (const { items, cursor: next } of await readAll(http, { now: at, cursor, histories })) {
          for (const { facts } of items) saved.push(await repositories.papers.save(facts, at));
          cursor = next;
        }
      }

      expect(await repositories.papers.loadMany([toFeedId('10.5555/a.1', '')])).toMatchObject([
        { title: 'A Title', abstract: 'One line.', authors: ['Ada Example'] },
      ]);
      expect(saved.slice(4)).toEqual(['unchanged', 'unchanged', 'unchanged', 'unchanged']);
    },
  );

  test('start with the one whose last good read is the oldest', async () => {
    const http = scriptHttpClient(() => rss());
    const histories = { 'feed/Journal': { failuresInARow: 0, lastSuccessAt: NOW } };

    await readAll(http, { histories });

    expect(http.asked.map(({ host }) => host)).toEqual(['lab.example', 'feeds.example']);
  });

  test('that failed come last, and those that no time was left for wait for the next run', async () => {
    const controller = new AbortController();
    const http = scriptHttpClient(() => {
      controller.abort();
      return rss(item(1));
    });

    const histories = { 'feed/Journal': { failuresInARow: 1 } };

    const answers = await readAll(http, { signal: controller.signal, histories });

    expect(answers.map(({ lists, problem }) => [lists, problem])).toEqual([[['feed/Lab'], undefined]]);
  });

  test('have their hosts allowed, and faults of ours are not hidden', async () => {
    expect(feedHosts({ feeds: FEEDS })).toEqual(['feeds.example', 'lab.example']);
    await expect(readAll(scriptHttpClient(feeds))).rejects.toThrow('boom');
  });
});
