import { beforeEach, describe, expect, test } from '@jest/globals';
import type { PaperFacts } from '../../../../shared/domain/papers/paper.ts';
import { cacheControlOf } from '../../../../shared/web/parts/caching.ts';
import { createFacts, createListing } from '../../../factories/papers.ts';
import { createFakeWeb } from '../../../fakes/web.ts';
import { anchorsOf, createReader, findMistakes } from '../reader.ts';

/** A Tuesday. */
const TODAY = '2026-01-06';

let reader: ReturnType<typeof createReader>;

beforeEach(() => {
  reader = createReader(createFakeWeb({ lists: ['hf-daily', 'arxiv/cs.CL'] }));
  reader.clock.moveTo(`${TODAY}T12:00:00.000Z`);
});

/** Stores papers and puts them on a list on a day. */
async function list(day: string, facts: Partial<PaperFacts>[], name = 'hf-daily') {
  for (const partialFacts of facts) {
    const paper = createFacts(partialFacts);
    await reader.repositories.papers.save(paper, `${day}T08:00:00.000Z`);
    await reader.repositories.listings.save(createListing({ list: name, day, paperId: paper.id }));
  }
}

const titlesOf = (html: string) =>
  [...html.matchAll(/<h2><a[^>]*>(.*?)<\/a>/g)].map(([, title = '']) => title.replace(/<\/?mark>/g, ''));

describe('a day of papers', () => {
  test('shows each paper as a card: title, summary, organisation, authors, date, comments, votes', async () => {
    await list(TODAY, [
      {
        id: '2601.00001',
        title: 'Attention',
        aiSummary: 'Said in short.',
        organisation: 'Example Lab',
        authorCount: 12,
        publishedAt: '2025-12-30T00:00:00.000Z',
        comments: 3,
        upvotes: 87,
      },
      { id: '2601.00002', title: 'Alone', authorCount: 1, comments: 0, upvotes: 1, abstract: 'It begins.' },
    ]);

    const { status, html, text } = await reader.read(`/papers/${TODAY}`);

    expect(status).toBe(200);
    expect(titlesOf(html)).toEqual(['Attention', 'Alone']);
    expect(text).toContain('Tuesday 6 January 2026');
    expect(text).toContain('2 papers from Hugging Face Daily Papers Trending papers first.');
    expect(text).toContain('87 votes');
    expect(text.replaceAll('\u00a0', ' ')).toContain('Example Lab · 12 authors · 30 Dec 2025 · 3 comments');
    expect(text).toContain('Said in short.');
    expect(text.replaceAll('\u00a0', ' ')).toContain('1 vote Alone 1 author · 3 Jan It begins.');
    expect(text).not.toContain('0 comments');
    expect(text).toContain('A model on Hugging Face wrote the short summaries');
    expect(await findMistakes(html)).toEqual([]);
  });

  test('links the category of a paper without an organisation to its papers', async () => {
    await list(TODAY, [{ id: '2601.00001', categories: ['cs.CV'] }]);

    const anchors = await anchorsOf((await reader.read(`/papers/${TODAY}`)).html);

    expect(anchors).toContainEqual({
      text: expect.stringMatching(/^Computer.Vision.and.Pattern.Recognition$/),
      href: '/search?q=cat%3Acs.CV',
    });
  });

  test('says no votes beside a paper that has none, and shows a dash for votes that no source counts', async () => {
    await list(TODAY, [
      { id: '2601.00001', title: 'Voted', upvotes: 5 },
      { id: '2601.00002', title: 'Fresh', upvotes: 0 },
    ]);
    await list(TODAY, [{ id: '2601.00003', title: 'Uncounted', upvotes: undefined }], 'arxiv/cs.CL');
    const votesOf = async (path: string) =>
      (await reader.read(path)).html.match(/<p class="votes".*?<\/p>/g) ?? [];

    expect(await votesOf(`/papers/${TODAY}`)).toEqual([
      '<p class="votes"><b>5</b> votes</p>',
      '<p class="votes">0 votes</p>',
      '<p class="votes" aria-hidden="true" title="No votes are counted for this paper">–</p>',
    ]);
    expect(await findMistakes((await reader.read(`/papers/${TODAY}`)).html)).toEqual([]);
    expect(await votesOf(`/papers/${TODAY}?lists=arxiv/cs.CL`)).toEqual([]);
  });

  test('loads and names only the lists that have papers, and counts many categories', async () => {
    const lists = [
      'hf-daily',
      ...['AI', 'CL', 'CV', 'LG', 'RO'].map((name) => `arxiv/cs.${name}`),
      'arxiv/stat.ML',
    ];
    const loaded: string[] = [];
    const web = createFakeWeb({ lists });
    const listDays: typeof web.ports.listDays = {
      load: (...asked) => {
        loaded.push(asked[0]);
        return web.ports.listDays.load(...asked);
      },
    };
    reader = createReader({ ...web, ports: { ...web.ports, listDays } });
    reader.clock.moveTo(`${TODAY}T12:00:00.000Z`);
    const filled = lists.slice(0, -1);
    for (const [index, name] of filled.entries())
      await list('2026-01-03', [{ id: `2601.0000${index}` }], name);
    const historyOf = (name: string) => ({
      failuresInARow: 0,
      days: `2026-01-03 ${filled.includes(name) ? 1 : 0} 0 0 0`,
    });
    for (const source of ['hf-daily', 'arxiv']) {
      const own = lists.filter((name) => name.split('/')[0] === source);
      const histories = Object.fromEntries(own.map((name) => [name, historyOf(name)]));
      await reader.repositories.sourceStates.save(source, { lists: histories });
    }

    const { text } = await reader.read('/papers/2026-01-03');

    expect(text).toContain('6 papers from Hugging Face Daily Papers and 5 categories of arXiv');
    expect(loaded.sort()).toEqual([...filled].sort());
    expect((await reader.read('/')).text).toContain(
      '6 papers from Hugging Face Daily Papers and 5 categories of arXiv Trending papers first. How papers are sorted',
    );
  });

  test('loads the lists of a query that are read here, and no others', async () => {
    const loaded: string[] = [];
    const web = createFakeWeb({ lists: ['hf-daily', 'arxiv/cs.CL'] });
    const listDays: typeof web.ports.listDays = {
      load: (...asked) => {
        loaded.push(asked[0]);
        return web.ports.listDays.load(...asked);
      },
    };
    reader = createReader({ ...web, ports: { ...web.ports, listDays } });
    reader.clock.moveTo(`${TODAY}T12:00:00.000Z`);
    await list(TODAY, [{ id: '2601.00001', title: 'On both' }, { id: '2601.00002' }]);
    await list(TODAY, [{ id: '2601.00001', title: 'On both' }], 'arxiv/cs.CL');
    const query = 'list:arxiv/cs.CL OR list:arxiv/cs.AI OR list:feed/gone OR list:nowhere';

    const address = `/papers/${TODAY}?lists=hf-daily&q=${encodeURIComponent(query)}`;

    expect(titlesOf((await reader.read(address)).html)).toEqual(['On both']);
    expect(titlesOf((await reader.read(`${address}&until=${TODAY}T12:00:00.000Z`)).html)).toEqual([
      'On both',
    ]);
    expect(new Set(loaded)).toEqual(new Set(['hf-daily', 'arxiv/cs.CL']));
  });

  test('leads to the papers of each list on the same day, the fullest list first', async () => {
    await list(TODAY, [{ id: '2601.00001' }]);
    await list(TODAY, [{ id: '2601.00002' }, { id: '2601.00003' }], 'arxiv/cs.CL');
    const choicesOf = async (path: string) =>
      (
        await anchorsOf(
          /<details class="choices".*?<\/details>/s.exec((await reader.read(path)).html)?.[0] ?? '',
        )
      ).map(({ href, text }) => [href, text]);

    expect(await choicesOf(`/papers/${TODAY}`)).toEqual([
      [`/papers/${TODAY}?lists=arxiv/cs.CL`, 'arXiv cs.CL 2'],
      [`/papers/${TODAY}?lists=hf-daily`, 'Hugging Face Daily Papers 1'],
    ]);
    expect(await choicesOf(`/papers/${TODAY}?lists=hf-daily`)).toEqual([]);
    expect(await findMistakes((await reader.read(`/papers/${TODAY}`)).html)).toEqual([]);
  });

  test('has papers that filled a gap after ingest had recorded that none came', async () => {
    await list('2026-01-05', [{ title: 'Found later' }]);
    const history = { failuresInARow: 0, days: '2026-01-02 12 0 0 0 25' };
    await reader.repositories.sourceStates.save('hf-daily', { lists: { 'hf-daily': history } });

    expect(titlesOf((await reader.read('/papers/2026-01-05')).html)).toEqual(['Found later']);
    expect((await reader.read('/papers/2026-01-02')).html).toContain('/papers/2026-01-05');
  });

  test('leads to the days with papers before and after it, and past days without', async () => {
    await list('2025-12-20', [{ id: '2512.00001' }]);
    await list('2026-01-02', [{ id: '2601.00001' }]);
    await list(TODAY, [{ id: '2601.00002' }]);

    const { html } = await reader.read('/papers/2026-01-02');

    expect((await anchorsOf(html)).filter(({ text }) => /^←|→$/.test(text))).toEqual([
      { href: '/papers/2025-12-20', text: '← Saturday 20 December 2025' },
      { href: '/papers/2026-01-06', text: 'Tuesday 6 January →' },
    ]);
    expect((await reader.read(`/papers/${TODAY}`)).html).not.toContain('rel="next"');
  });

  test('that is empty says so, and leads to the nearest days', async () => {
    await list('2026-01-02', [{ id: '2601.00001' }]);
    await list(TODAY, [{ id: '2601.00002' }]);

    const { status, html, text } = await reader.read('/papers/2026-01-04');

    expect(status).toBe(200);
    expect(html).toContain('<title>No papers from Sunday 4 January 2026 · ');
    expect(html).toContain('<meta name="description" content="No papers."');
    expect(text).toContain('No papers were listed on this day');
    expect((await anchorsOf(html)).map(({ href }) => href)).toEqual(
      expect.arrayContaining(['/papers/2026-01-02', '/papers/2026-01-06']),
    );
    expect(await findMistakes(html)).toEqual([]);
  });

  test('that is empty and far from all others leads to the newest papers', async () => {
    await list(TODAY, [{ id: '2601.00002' }]);

    const { text, html } = await reader.read('/papers/2019-05-05');

    expect(text).toContain('No papers were listed on this day');
    expect((await anchorsOf(html)).map(({ href }) => href)).toContain('/papers');
  });

  test.each([
    ['0000-01-01', 'No papers are this old'],
    ['1991-08-13', 'No papers are this old'],
    ['2026-02-30', 'There is no such day'],
    ['2026-13-01', 'There is no such day'],
    ['2026-1-6', 'There is no such day'],
    ['2026-W54', 'There is no such day'],
    ['2026-01-07', 'This day is in the future'],
    ['9999-12-31', 'This day is in the future'],
    ['+275760-09-13', 'There is no such day'],
    ['-000001-12-01', 'There is no such day'],
    ['today', 'There is no such day'],
    ['<script>', 'There is no such day'],
    ['2026%0001-06', 'There is no such day'],
  ])('is not found where it cannot be: %s', async (day, sentence) => {
    const { status, html, text } = await reader.read(`/papers/${day}`);

    expect(status).toBe(404);
    expect(text).toContain('Page not found');
    expect(text).toContain(sentence);
    expect(html).toContain('href="/papers"');
    expect(await findMistakes(html)).toEqual([]);
  });

  test.each([
    ['2026-W48', '/papers/week/2026-W48'],
    ['2026-01', '/papers/month/2026-01'],
  ])('of a week or a month leads to its page: %s', async (period, path) => {
    const { status, headers } = await reader.read(`/papers/${period}`);

    expect([status, headers.get('location')]).toEqual([302, path]);
  });

  test('reads no more days for its neighbours than a month each way', async () => {
    let loads = 0;
    const { listings } = reader.ports;
    const counted = createReader(
      createFakeWeb({
        lists: ['hf-daily'],
        listings: {
          ...listings,
          load: (name, day) => {
            loads += 1;
            return listings.load(name, day);
          },
        },
      }),
    );
    counted.clock.moveTo(`${TODAY}T12:00:00.000Z`);

    await counted.read('/papers/2020-01-01');

    expect(loads).toBe(1 + 31 + 31);
    // The first search loads the papers of the last month.
    await counted.read('/papers/month/2020-03');
    loads = 0;
    await counted.repositories.archive.saveMonth(
      { month: '2025-11', segments: [], checkedUntil: '2025-11-30', inWriting: undefined },
      undefined,
    );

    for (const path of [
      '2020-01-02',
      '2020-01-02?days=9',
      '2020-01-02?days=9&until=2020-01-02T08:00:00.000Z',
      'month/2020-01',
    ])
      expect((await counted.read(`/papers/${path}`)).status).toBe(200);

    expect(loads).toBe(0);
  });
});

describe('the URL of papers', () => {
  beforeEach(async () => {
    await list('2026-01-03', [{ id: '2601.00003', title: 'Agents of three days ago' }]);
    await list('2026-01-04', [{ id: '2601.00004', title: 'Agents of Sunday' }]);
    await list(TODAY, [
      { id: '2601.00006', title: 'Agents of today' },
      { id: '2601.00016', title: 'Kernels of today' },
    ]);
    await list(TODAY, [{ id: '2601.00026', title: 'Agents of arXiv' }], 'arxiv/cs.CL');
  });

  test('narrows by list, query and days, and the page says so', async () => {
    const { html, text } = await reader.read('/papers/2026-01-06?lists=hf-daily&q=agents&days=3');

    expect(titlesOf(html).sort()).toEqual(['Agents of Sunday', 'Agents of today']);
    expect(text).toContain('4 to 6 January 2026');
    expect(text).toContain('2 papers from Hugging Face Daily Papers that match agents');
    expect(html).toContain(
      '<title>2 papers from 4 to 6 January 2026 that match agents · Papers &amp; More</title>',
    );
    expect(text).toContain('Matches “agents” in the title.');
    expect((await anchorsOf(html)).map(({ href }) => href)).toContain('/papers/2026-01-06?days=3');
    expect(html).not.toContain('rel="prev"');
  });

  test('keeps its lists and query in links to other days', async () => {
    const { html } = await reader.read('/papers/2026-01-06?lists=hf-daily&q=agents');

    expect((await anchorsOf(html)).find(({ text }) => text.startsWith('←'))?.href).toBe(
      '/papers/2026-01-04?lists=hf-daily&q=agents',
    );
  });

  test('takes a phrase with its quotation marks', async () => {
    const { html, text } = await reader.read(
      `/papers/2026-01-06?q=${encodeURIComponent('"agents of" today')}`,
    );

    expect(titlesOf(html)).toEqual(['Agents of today']);
    expect(text).toContain(
      '1 paper from Hugging Face Daily Papers and arXiv cs.CL that matches "agents of" today',
    );
  });

  test('gives no reasons without a query', async () => {
    expect((await reader.read('/papers/2026-01-06?days=4')).text).not.toContain('Matches');
  });

  test('without a match says so, and leads to every paper of its days', async () => {
    const { status, html, text } = await reader.read('/papers/2026-01-06?q=zebrafish&days=3');

    expect(status).toBe(200);
    expect(text).toContain('No papers from these days match zebrafish');
    expect((await anchorsOf(html)).map(({ href }) => href)).toContain('/papers/2026-01-06?days=3');
  });

  test.each<readonly [number, string, string, string?]>([
    [404, 'lists=arxiv/cs.XX', '"arxiv/cs.XX" is not a list here. The lists here: hf-daily, arxiv/cs.CL.'],
    [404, 'lists=arxiv/cs.XX,constructor', '"arxiv/cs.XX" is not a list here.'],
    [404, 'a list of 5,000 letters', '"xxx', `lists=${'x'.repeat(5000)}`],
    [404, 'page=2', 'Page not found'],
    [404, 'page=0', 'Page not found'],
    [404, 'page=1e3', 'Page not found'],
    [400, 'days=0', 'The link must have a number of days from 1 to 36'],
    [400, 'days=37', 'The link must have a number of days from 1 to 36'],
    [400, 'days=99999999999999999999', 'The link must have a number of days from 1 to 36'],
    [400, 'days=-1', 'The link must have a number of days from 1 to 36'],
    [400, 'days=2.5', 'The link must have a number of days from 1 to 36'],
    [400, 'q=titel:agents', 'We cannot read the query'],
    [400, 'q=%22agents', 'We cannot read the query'],
    [400, 'a query of 1,001 letters', 'We cannot read the query', `q=${'x'.repeat(1001)}`],
    [400, 'a query of 41 words', 'We cannot read the query', `q=${'a+'.repeat(41)}`],
  ])('is refused with %s: %s', async (expected, name, sentence, query = name) => {
    const { status, html, text } = await reader.read(`/papers/2026-01-06?${query}`);

    expect({ status, name }).toEqual({ status: expected, name });
    expect(text).toContain(sentence);
    expect(html).not.toContain('<script>x');
    expect(await findMistakes(html)).toEqual([]);
  });

  test.each([
    ['sort=bogus', 'Read the papers from this day'],
    ['days=x', 'Read the papers from this day'],
    ['without=x', 'Read the papers from this day'],
    ['page=x', 'Read the papers from this day'],
    ['page=9', 'Read the papers from this day'],
    ['seen=x', 'Read the papers from this day'],
    ['lists=gone', 'Read the papers from this day'],
  ])('that is refused for %s leads to the day', async (query, way) => {
    const { status, html } = await reader.read(`/papers/2026-01-06?${query}`);

    expect(status).toBeGreaterThanOrEqual(400);
    expect((await anchorsOf(html)).map(({ href, text }) => [href, text])).toContainEqual([
      '/papers/2026-01-06',
      way,
    ]);
  });

  test.each(['/papers/week/2026-W02', '/papers/month/2026-01', '/papers/trending', '/authors/Ada%20Example'])(
    'and %s have no page with a number, so a link to one leads to the first page',
    async (path) => {
      const { status, text, html } = await reader.read(`${path}?page=99`);

      expect([status, text]).toEqual([
        404,
        expect.stringContaining('There is no page with this number. Show the first page'),
      ]);
      expect((await anchorsOf(html)).map(({ href }) => href)).toContain(path);
      expect((await reader.read(`${path}?page=1`)).text).not.toContain('There is no page with this number.');
    },
  );

  test('may have empty parameters, as forms send them', async () => {
    const { status, text } = await reader.read(
      '/papers/2026-01-06?lists=&q=&days=&sort=&until=&without=&seen=&page=',
    );

    expect([status, text]).toEqual([200, expect.stringContaining('Tuesday 6 January 2026')]);
    expect((await reader.read('/papers?day=')).headers.get('location')).toMatch('/papers/2026-01-06');
    expect((await reader.read('/status?list=')).status).toBe(200);
  });

  test('of a further page of a week that is too old leads to the first one', async () => {
    const { status, html } = await reader.read('/papers/week/2026-W02?cursor=old');

    expect(status).toBe(404);
    expect((await anchorsOf(html)).map(({ href, text }) => [href, text])).toContainEqual([
      '/papers/week/2026-W02',
      'Show the first page',
    ]);
  });

  test('shows a query of markup as it was written, and nothing of it becomes markup', async () => {
    const { html, text } = await reader.read(
      `/papers/2026-01-06?q=${encodeURIComponent('<script>x</script>')}`,
    );

    expect(text).toContain('No papers from this day match "&lt;script&gt;x&lt;/script&gt;"');
    expect(html).not.toContain('<script>x');
    expect(await findMistakes(html)).toEqual([]);
  });

  test('ignores parameters that it does not have', async () => {
    expect((await reader.read('/papers/2026-01-06?utm_source=x&__proto__=y')).status).toBe(200);
  });

  test('without a day leads to the newest day with papers, whatever else it says', async () => {
    reader.clock.moveTo('2026-01-09T01:00:00.000Z');

    const { status, headers } = await reader.read('/papers?lists=hf-daily&q=agents');

    expect([status, headers.get('location')]).toEqual([302, '/papers/2026-01-06?lists=hf-daily&q=agents']);
  });

  test.each(['arxiv/cs.XX,hf-daily', 'hf-daily,constructor', 'gone,hf-daily,gone,hf-daily'])(
    'shows the lists that are read when others are not: %s',
    async (lists) => {
      const { status, html } = await reader.read(`/papers/2026-01-06?lists=${lists}`);
      const known = await reader.read('/papers/2026-01-06?lists=hf-daily');

      expect(status).toBe(200);
      expect(titlesOf(html)).toEqual(titlesOf(known.html));
      expect(html).toBe(known.html);
    },
  );

  test.each([
    ['lists=hf-daily', '2026-01-06'],
    ['lists=arxiv/cs.CL', '2026-01-08'],
    ['lists=gone,hf-daily', '2026-01-06'],
    ['', '2026-01-08'],
  ])('without a day, %j leads to the newest day of its own lists: %s', async (query, day) => {
    reader.clock.moveTo('2026-01-09T01:00:00.000Z');
    await list('2026-01-08', [{ id: '2601.00099', title: 'Newest' }], 'arxiv/cs.CL');

    const { status, headers } = await reader.read(`/papers?${query}`);

    expect([status, headers.get('location')]).toEqual([302, `/papers/${day}${query && `?${query}`}`]);
  });

  test('without a day, unknown lists alone are refused', async () => {
    const { status, text } = await reader.read('/papers?lists=gone');

    expect([status, text]).toEqual([404, expect.stringContaining('"gone" is not a list here.')]);
  });

  test('without a day and without papers says that there are none yet', async () => {
    reader.clock.moveTo('2026-07-01T00:00:00.000Z');

    const { status, text } = await reader.read('/papers');

    expect(status).toBe(200);
    expect(text).toContain('No papers yet');
  });
});

test('many papers are spread over pages, each once, in one order, under 50 KB', async () => {
  const long = 'Long titles of papers and their abstracts fill a page '.repeat(5).slice(0, 230);
  await list(
    TODAY,
    Array.from({ length: 125 }, (_, n) => ({
      id: `2601.0${1000 + n}`,
      title: `${n} ${long}`,
      abstract: `${long}${long}.`,
      upvotes: n,
      organisation: long.slice(0, 60),
      repositoryUrl: 'https://code.example/x',
      comments: 5,
      stars: 5,
    })),
  );

  const seen: string[] = [];
  for (let path: string | undefined = `/papers/${TODAY}`; path; ) {
    const { html } = await reader.read(path);
    expect(Buffer.byteLength(html)).toBeLessThan(50_000);
    seen.push(...titlesOf(html));
    path = (await anchorsOf(html)).find(({ text }) => /^Page \d+ →$/.test(text))?.href;
  }

  expect(new Set(seen).size).toBe(125);
  expect(seen).toHaveLength(125);
  expect(seen[0]).toMatch(/^124 /);
});

describe('while votes move papers', () => {
  const MANY = Array.from({ length: 70 }, (_, n) => ({
    id: `2601.1${1000 + n}`,
    title: `Paper ${n}`,
    upvotes: 100 - n,
  }));
  const nextOf = async (html: string) =>
    (await anchorsOf(html)).find(({ text }) => /^(?:Page \d+|More papers from these 14 days) →$/.test(text))
      ?.href;
  /** Reads page after page. Between two pages, the papers that no page had yet change places with those that one had. */
  const readAll = async (start: string) => {
    const pages: (readonly string[])[] = [];
    for (let path: string | undefined = start; path; ) {
      const { html, status } = await reader.read(path);
      expect(status).toBe(200);
      pages.push(titlesOf(html));
      const turn = pages.length;
      await list(
        TODAY,
        MANY.map((facts, n) => ({ ...facts, upvotes: 1000 * turn + (turn % 2 === 0 ? 100 - n : n) })),
      );
      path = await nextOf(html);
    }
    return pages;
  };

  test.each([`/papers/${TODAY}`, `/papers/${TODAY}?days=3&lists=hf-daily`, '/papers/trending'])(
    'the pages that follow %s have each paper once',
    async (start) => {
      await list(TODAY, MANY);

      const pages = await readAll(start);

      expect(pages.map(({ length }) => length)).toEqual([20, 20, 20, 10]);
      expect(new Set(pages.flat()).size).toBe(70);
    },
  );

  test('a paper that came after the first page is on a later one, and the count says so', async () => {
    await list(TODAY, MANY.slice(0, 45));
    const { html } = await reader.read(`/papers/${TODAY}`);
    await list(TODAY, [{ id: '2601.19999', title: 'New', upvotes: 5000 }]);

    const second = await reader.read((await nextOf(html)) ?? '');

    expect(titlesOf(second.html)[0]).toBe('New');
    expect(second.text).toContain('46 papers from Hugging Face Daily Papers, page 2 of 3');
    expect(second.html).toContain('<title>46 papers from Tuesday 6 January 2026, page 2 · ');
    expect(second.text).toContain('Page 2 of 3');
    expect(second.html).toContain('<ol class="cards voted" start="21">');
  });

  test('a later page leads back to the page before it, and names the address of its number', async () => {
    await list(TODAY, MANY);
    const first = await reader.read(`/papers/${TODAY}`);
    const second = await reader.read((await nextOf(first.html)) ?? '');
    const third = await reader.read((await nextOf(second.html)) ?? '');
    const backOf = async (html: string) =>
      (await anchorsOf(html)).find(({ text }) => /^← Page/.test(text))?.href;

    expect(await backOf(third.html)).toBe(await nextOf(first.html));
    expect(await backOf(second.html)).toBe(`/papers/${TODAY}`);
    expect(third.html).toContain(
      `<link rel="canonical" href="https://daily.example.org/papers/${TODAY}?page=3"/>`,
    );
    expect(await findMistakes(third.html)).toEqual([]);
  });

  test('a page by number leads on by numbers, and so do addresses that would become too long', async () => {
    const ids = Array.from({ length: 400 }, (_, n) => ({
      id: `feed-${String(n).padStart(16, '0')}`,
      title: `${n}`,
      upvotes: n,
    }));
    await list(TODAY, ids);

    expect(await nextOf((await reader.read(`/papers/${TODAY}?page=2`)).html)).toBe(`/papers/${TODAY}?page=3`);
    const hrefs: string[] = [];
    const titles = new Set<string>();
    for (let path: string | undefined = `/papers/${TODAY}`; path; ) {
      hrefs.push(path);
      const { html } = await reader.read(path);
      for (const title of titlesOf(html)) titles.add(title);
      path = await nextOf(html);
    }

    expect(hrefs).toHaveLength(20);
    expect(titles.size).toBe(400);
    expect(Math.max(...hrefs.map(({ length }) => length))).toBeLessThan(2000);
    expect(hrefs.at(-1)).toBe(`/papers/${TODAY}?page=20`);
  });

  test.each([
    [400, 'seen=2601.1,x', 'This link is damaged.'],
    [404, 'seen=2601.00001', 'There are no more papers.'],
  ])('%s answers an address with %s', async (expected, query, sentence) => {
    await list(TODAY, [{ id: '2601.00001' }]);

    const { status, text } = await reader.read(`/papers/${TODAY}?${query}`);

    expect([status, text]).toEqual([expected, expect.stringContaining(sentence)]);
  });
});

describe('a week, a month and what is trending', () => {
  beforeEach(async () => {
    await list('2025-12-30', [{ id: '2512.00001', title: 'Last week', upvotes: 3 }]);
    await list('2026-01-05', [{ id: '2601.00001', title: 'Monday', upvotes: 5 }]);
    await list(TODAY, [{ id: '2601.00002', title: 'Tuesday', upvotes: 9 }]);
  });

  test.each([
    ['/papers/week/2026-W02', 'Week 2: 5 to 11 January 2026', ['Tuesday', 'Monday'], ['← Week 1']],
    ['/papers/week/2026-W01', 'Week 1: 29 December 2025 to 4 January 2026', ['Last week'], ['Week 2 →']],
    ['/papers/month/2026-01', 'January 2026', ['Tuesday', 'Monday'], ['← December 2025']],
    ['/papers/month/2025-12', 'December 2025', ['Last week'], ['January 2026 →']],
  ])(
    '%s has its papers, most votes first, and leads to its neighbours',
    async (path, heading, titles, links) => {
      const { status, html, text } = await reader.read(path);

      expect([status, titlesOf(html)]).toEqual([200, titles]);
      expect(html).toContain(`<h1>${heading}</h1>`);
      expect(
        (await anchorsOf(html)).map((anchor) => anchor.text).filter((text) => /^←|→$/.test(text)),
      ).toEqual(links);
      if (titles.length > 1) expect(text).toContain('Most votes first.');
      expect(await findMistakes(html)).toEqual([]);
    },
  );

  test.each([
    ['/papers/month/2026-01', '/papers/week/2026-W02'],
    ['/papers/month/2025-12', '/papers/week/2026-W01'],
    ['/papers/week/2026-W02', '/papers/month/2026-01'],
  ])('%s leads to %s, which is not in the future', async (path, other) => {
    const { html } = await reader.read(path);

    expect((await anchorsOf(html)).map(({ href }) => href)).toContain(other);
    expect((await reader.read(other)).status).toBe(200);
  });

  test('names only lists that have papers in it', async () => {
    const lists = ['hf-daily', 'arxiv/cs.LG', 'arxiv/cs.CL'];
    reader = createReader(createFakeWeb({ lists }));
    reader.clock.moveTo(`${TODAY}T12:00:00.000Z`);
    await list(TODAY, [{ id: '2601.00001' }]);
    await list(TODAY, [{ id: '2601.00002' }], 'arxiv/cs.CL');

    expect((await reader.read('/papers/week/2026-W02')).text).toContain(
      '2 papers from Hugging Face Daily Papers and arXiv cs.CL Most votes',
    );
  });

  test('a week without papers near it leads to the newest ones', async () => {
    const hrefs = (await anchorsOf((await reader.read('/papers/week/2020-W10')).html)).map(
      ({ href }) => href,
    );

    expect(hrefs).toContain('/papers');
  });

  test.each([
    ['/papers/week', '/papers/week/2026-W02'],
    ['/papers/month', '/papers/month/2026-01'],
    ['/papers?day=2026-01-05', '/papers/2026-01-05'],
    ['/papers?day=2026-01-05&seen=2601.00001,00002', '/papers/2026-01-05?seen=2601.00001,00002'],
    ['/papers?day=2026-01-05&lists=hf-daily&q=agents', '/papers/2026-01-05?lists=hf-daily&q=agents'],
  ])('%s leads to %s', async (path, location) => {
    const { status, headers } = await reader.read(path);

    expect([status, headers.get('location')]).toEqual([302, location]);
  });

  test.each([
    ['/papers/week/2026-W54', 'There is no such week. Use one such as 2026-W02.'],
    ['/papers/week/2026-01', 'There is no such week.'],
    ['/papers/week/2026-W03', 'This week is in the future.'],
    ['/papers/month/2026-13', 'There is no such month. Use one such as 2026-01.'],
    ['/papers/month/2026-01-05', 'There is no such month.'],
    ['/papers/month/1991-07', 'No papers are this old.'],
    ['/papers/month/2026-01?cursor=x', 'This link is too old.'],
    ['/papers?day=2026-02-30', 'There is no such day or paper.'],
  ])('%s is not found, and says why', async (path, sentence) => {
    const { status, text } = await reader.read(path);

    expect([status, text]).toEqual([404, expect.stringContaining(sentence)]);
  });

  test('many papers of a month are spread over pages, each once, under 50 KB', async () => {
    const long = 'Long & "quoted" titles and abstracts fill a page '.repeat(30).slice(0, 1900);
    await list(
      '2026-01-05',
      Array.from({ length: 50 }, (_, n) => ({
        id: `2601.1${1000 + n}`,
        title: `${n} ${long.slice(0, 220)}`,
        abstract: long,
        upvotes: n + 10,
        aiSummary: long.slice(0, 320),
        organisation: long.slice(0, 60),
        comments: 5,
        stars: 5,
        repositoryUrl: `https://code.example/${'x'.repeat(200)}`,
      })),
    );

    const seen: string[] = [];
    const leads: string[] = [];
    for (let path: string | undefined = '/papers/month/2026-01'; path; ) {
      const { html } = await reader.read(path);
      expect(Buffer.byteLength(html)).toBeLessThan(50_000);
      seen.push(...titlesOf(html));
      leads.push(/<p class="lead">.*?<\/p>/.exec(html)?.[0] ?? '');
      path = (await anchorsOf(html)).find(({ text }) => text === 'More papers →')?.href;
    }

    expect(seen).toHaveLength(52);
    expect(new Set(seen).size).toBe(52);
    expect(leads.map((lead) => lead.includes('continued'))).toEqual([false, true, true]);
  });

  test.each([
    ['/papers/week/2026-W02?lists=arxiv/cs.CL', '/papers/2026-01-06?lists=arxiv/cs.CL&days=2'],
    ['/papers/week/2026-W01?q=b+c', '/papers/2026-01-04?q=b+c&days=7'],
    ['/papers/month/2025-12?lists=arxiv/cs.CL&q=b', '/papers/2025-12-31?lists=arxiv/cs.CL&q=b&days=31'],
    ['/papers/trending?q=b&lists=', '/papers/2026-01-06?q=b&days=14'],
    ['/papers/2025-12?q=b', '/papers/month/2025-12?q=b'],
  ])('%s leads to those papers of the same days, because only the pages of days narrow', async (path, to) => {
    await list('2025-12-31', [{ id: '2512.00001', title: 'B c' }], 'arxiv/cs.CL');
    await list(TODAY, [{ id: '2601.00001', title: 'B c' }], 'arxiv/cs.CL');
    await list(TODAY, [{ id: '2601.00002', title: 'Other' }]);

    const { status, headers } = await reader.read(path);

    expect([status, headers.get('location')]).toEqual([302, to]);
    const narrowed = await reader.read(to);
    if (to.includes('days=')) expect(titlesOf(narrowed.html)).toContain('B c');
    expect(titlesOf(narrowed.html)).not.toContain('Other');
  });

  test.each([
    ['/papers/week/2026-W02?lists=nope', 404, '"nope" is not a list here.'],
    ['/papers/trending?q=%22open', 400, 'this quotation mark is never closed'],
    ['/papers/week/2026-W03?q=b', 404, 'This week is in the future.'],
  ])('%s says what is wrong', async (path, status, words) => {
    const { headers, ...first } = await reader.read(path);
    const to = headers.get('location');
    const shown = to ? await reader.read(to) : first;

    expect([shown.status, shown.text]).toEqual([status, expect.stringContaining(words)]);
  });

  test('trending papers come from all days of two weeks', async () => {
    const { status, html, text } = await reader.read('/papers/trending');

    expect(status).toBe(200);
    expect(titlesOf(html).sort()).toEqual(['Last week', 'Monday', 'Tuesday']);
    expect(text).toContain('from the last 14 days');
    expect(await findMistakes(html)).toEqual([]);
  });

  test('more papers of the two weeks are on the next page of these days', async () => {
    await list(
      TODAY,
      Array.from({ length: 50 }, (_, n) => ({ id: `2601.1${1000 + n}`, title: `${n}` })),
    );

    const { html } = await reader.read('/papers/trending');

    const more = (await anchorsOf(html)).find(({ text }) => text === 'More papers from these 14 days →');
    const next = await reader.read(more?.href ?? '');
    expect(next.text).toContain('24 December 2025 to 6 January 2026');
    expect(new Set([...titlesOf(html), ...titlesOf(next.html)]).size).toBe(40);
  });

  test('trending papers are those with votes, and no other list is loaded', async () => {
    const loaded: string[] = [];
    const web = createFakeWeb({ lists: ['hf-daily', 'arxiv/cs.CL', 'arxiv/cs.CV'] });
    const listDays: typeof web.ports.listDays = {
      load(name, ...days) {
        loaded.push(name);
        return web.ports.listDays.load(name, ...days);
      },
    };
    reader = createReader({ ...web, ports: { ...web.ports, listDays } });
    reader.clock.moveTo(`${TODAY}T12:00:00.000Z`);
    await list(TODAY, [{ id: '2601.00001', title: 'Picked' }]);
    await list(TODAY, [{ id: '2601.00002', title: 'Unpicked', upvotes: undefined }], 'arxiv/cs.CL');

    const { html } = await reader.read('/papers/trending');

    expect(titlesOf(html)).toEqual(['Picked']);
    expect(loaded).toEqual(['hf-daily']);
  });

  test('without a list that counts votes, the page says that nothing is trending', async () => {
    reader = createReader(createFakeWeb({ lists: ['arxiv/cs.CL'] }));
    const { status, text, html } = await reader.read('/papers/trending');

    expect(status).toBe(200);
    expect(text).toContain('No votes are counted for the papers of these lists, so none is trending.');
    expect(await findMistakes(html)).toEqual([]);
  });
});

describe('a crowd', () => {
  test('on one old day costs one read, and a later reader sees what is new', async () => {
    await list('2025-06-03', [{ id: '2506.00001', title: 'Old' }]);
    let loads = 0;
    const { listings } = reader.ports;
    const counted = createReader(
      createFakeWeb({
        ...reader.ports,
        listDays: {
          load: (...asked) => {
            loads += 1;
            return reader.ports.listDays.load(...asked);
          },
        },
        listings,
      }),
    );
    counted.clock.moveTo(`${TODAY}T12:00:00.000Z`);

    const crowd = await Promise.all(
      Array.from({ length: 100 }, () => counted.app.request('/papers/2025-06-03')),
    );

    expect(crowd.map(({ status }) => status)).toEqual(Array.from({ length: 100 }, () => 200));
    expect(loads).toBe(reader.ports.lists.length);
  });
});

test('a listing whose paper is missing costs one card', async () => {
  await list(TODAY, [{ id: '2601.00001', title: 'Whole' }]);
  await reader.repositories.listings.save(createListing({ day: TODAY, paperId: '2601.09999' }));

  const { status, html } = await reader.read(`/papers/${TODAY}`);

  expect([status, titlesOf(html)]).toEqual([200, ['Whole']]);
});

test('today’s page may be cached for minutes, an old day longer, an unknown URL for minutes', async () => {
  await list(TODAY, [{ id: '2601.00001' }]);

  const cacheOf = async (path: string) => (await reader.read(path)).headers.get('cache-control');

  expect(await cacheOf(`/papers/${TODAY}`)).toBe(cacheControlOf('current'));
  expect(await cacheOf('/papers/2025-12-01')).toBe(cacheControlOf('past'));
  expect(await cacheOf('/papers/2026-02-30')).toBe(cacheControlOf('current'));
  expect(await cacheOf('/')).toBe(cacheControlOf('current'));
  expect(await cacheOf('/sign-up')).toBe('no-store');
});
