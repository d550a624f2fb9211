import { expect, test } from '@jest/globals';
import { createManualClock } from '../../../local/manual-clock.ts';
import { listsTextSchema } from '../../../shared/domain/lists/lists.ts';
import { ingest } from '../../../shared/pipeline/ingest.ts';
import { createArxivSource } from '../../../shared/sources/arxiv/arxiv.ts';
import { createHfDailySource } from '../../../shared/sources/hf-daily/hf-daily.ts';
import { makeHfItem } from '../../factories/hf-item.ts';
import { scriptHttpClient } from '../../factories/scripted-http-client.ts';
import { createFakeTelemetry } from '../../fakes/outside.ts';
import { createFakeRepositories } from '../../fakes/repositories.ts';

/** A Thursday, at noon in New York. */
const NOW = '2026-11-05T17:00:00.000Z';

/** Reads a list once, with the same answer to each request. The last batch that is known is of Monday. */
async function read(list: string, body: string) {
  const clock = createManualClock(NOW);
  const repositories = createFakeRepositories(clock);
  const history = { failuresInARow: 0, newestDay: '2026-11-02', days: '2026-10-22 1 1 0 0 1 1 1 1 1 0 0 1' };
  await repositories.sourceStates.save('arxiv', {
    cursor: JSON.stringify({ days: { 'cs.CL': '2026-11-02' }, gaps: [] }),
    lists: { 'arxiv/cs.CL': history },
  });
  const telemetry = createFakeTelemetry();
  const http = scriptHttpClient(() => ({ status: 200, body }));
  const lists = listsTextSchema.parse(list);
  const source = list === 'hf-daily' ? createHfDailySource() : createArxivSource();
  const summary = await ingest({ ...repositories, lists, http, clock, telemetry }, source);
  const papers = await repositories.papers.loadMany(['2611.00001', '2611.00002', '2611.00003', '2611.00004']);
  return { ...summary, sentences: telemetry.sentences, known: papers.map(({ id }) => id).sort() };
}

const feedOf = (...items: readonly string[]) =>
  `<rss xmlns:arxiv="http://arxiv.org/schemas/atom"><channel><title>cs.CL</title>${items.join('')}</channel></rss>`;
const inFeed = (id: string, pubDate: string, title = 'A Title') =>
  `<item><title>${title}</title><guid>oai:arXiv.org:${id}v1</guid><category>cs.CL</category><pubDate>${pubDate}</pubDate><arxiv:announce_type>new</arxiv:announce_type></item>`;
const recordsOf = (...records: readonly string[]) =>
  `<OAI-PMH xmlns="http://www.openarchives.org/OAI/2.0/"><ListRecords>${records.join('')}</ListRecords></OAI-PMH>`;
const record = (id: string, submitted: string, changed: string) =>
  `<record><header><datestamp>${changed}</datestamp></header><metadata><arXivRaw><id>${id}</id><version version="v1"><date>${submitted}</date></version><title>A Title</title><categories>cs.CL</categories></arXivRaw></metadata></record>`;

const TODAY = 'Thu, 05 Nov 2026 00:00:00 -0500';
const TUESDAY = 'Tue, 3 Nov 2026 10:00:00 GMT';

test('dates at the ends of time cost no paper of a feed of arXiv', async () => {
  const dates = ['Sat, 01 Jan 0000 00:00:00 GMT', 'Fri, 31 Dec 9999 23:59:59 -1200', '+275760-09-13', TODAY];

  const { known } = await read(
    'arxiv/cs.CL',
    feedOf(...dates.map((date, n) => inFeed(`2611.0000${n + 1}`, date))),
  );

  expect(known).toEqual(['2611.00001', '2611.00002', '2611.00003', '2611.00004']);
});

test.each([
  ['Sat, 1 Jan 0000 00:00:00 GMT', '2026-11-03'],
  ['Sat, 1 Jan 0000 00:00:00 GMT', '0000-01-01'],
  ['Mon, 1 Jan 0001 00:00:00 GMT', '0001-01-01'],
  ['Thu, 31 Dec 9998 23:59:59 GMT', '9998-12-31'],
  ['Fri, 31 Dec 9999 23:59:59 GMT', '9999-12-31'],
  ['+275760-09-13', '+275760-09-13'],
  ['', '9999-12-31'],
])(
  'a record that was submitted on "%s" and changed on "%s" costs only itself',
  async (submitted, changed) => {
    const records = [record('2611.00001', submitted, changed), record('2611.00002', TUESDAY, '2026-11-04')];

    const { known, problems } = await read('arxiv/cs.CL', recordsOf(...records));

    expect(known).toContain('2611.00002');
    // The same answer is no feed.
    expect(problems).toEqual(['feed of cs.CL: it is no feed']);
  },
);

test('an item that is far too long costs only itself, and is named', async () => {
  const items = [inFeed('2611.00001', TODAY, 'a'.repeat(1_100_000)), inFeed('2611.00002', TODAY)];

  const { known, rejections } = await read('arxiv/cs.CL', feedOf(...items));

  expect(known).toEqual(['2611.00002']);
  expect(rejections).toMatchObject([{ item: '#0', reason: 'it is longer than 1000000 characters' }]);
});

test('a category that is far too long is left out, and costs no paper', async () => {
  const long = inFeed('2611.00001', TODAY).replace(
    'cs.CL',
    `cs.CL</category><category>cs.${'A'.repeat(500_000)}`,
  );

  const { known, rejections } = await read('arxiv/cs.CL', feedOf(long, inFeed('2611.00002', TODAY)));

  expect(known).toEqual(['2611.00001', '2611.00002']);
  expect(rejections).toEqual([]);
});

test.each(['hf-daily', 'arxiv/cs.CL'])(
  'an id that is far too long for a key costs only itself: %s',
  async (list) => {
    const id = `${'a'.repeat(1_500)}/0611001`;
    const body =
      list === 'hf-daily'
        ? JSON.stringify([makeHfItem({ id }), makeHfItem({ id: '2611.00002' })])
        : feedOf(inFeed(id, TODAY), inFeed('2611.00002', TODAY));

    const { known, rejections } = await read(list, body);

    expect(known).toEqual(['2611.00002']);
    expect(rejections[0]?.reason).toMatch(/id is .*; expected/);
  },
);

test('a page of OAI-PMH whose token is far too long is a problem, and is not stored', async () => {
  const page = recordsOf(
    record('2611.00001', TUESDAY, '2026-11-04'),
    `<resumptionToken>${'t'.repeat(500_000)}</resumptionToken>`,
  );

  const { known, problems } = await read('arxiv/cs.CL', page);

  expect(known).toContain('2611.00001');
  expect(problems[0]).toMatch(/its token has 500000 characters/);
});

test('a feed of a million items that are none is cut, and the log names the first hundred', async () => {
  const { itemsRejected, rejections, problems, sentences } = await read(
    'arxiv/cs.CL',
    feedOf('<item/>'.repeat(1_000_000)),
  );

  expect(problems).toContain('feed of cs.CL: it breaks off after 20000 items');
  expect(itemsRejected).toBe(20_000);
  expect(rejections).toHaveLength(100);
  expect(sentences.length).toBeLessThan(120);
});

test('a page of Hugging Face that ignores the limit gives its first thousand items, and is a problem', async () => {
  const papers = [makeHfItem({ id: '2611.00001' }), ...Array(150_000).fill({ paper: { id: 'none' } })];

  const { known, itemsRead, problems } = await read('hf-daily', JSON.stringify(papers));

  expect(known).toEqual(['2611.00001']);
  expect(itemsRead).toBe(4 * 1_000);
  expect(problems[0]).toBe('2026-11-02 page 0: it has 150001 items; expected 100 at most');
});

test('a page of Hugging Face with millions of values is cut, and keeps the complete items before', async () => {
  const deep = `${'['.repeat(1_000_000)}${']'.repeat(1_000_000)}`;

  const { known, problems } = await read(
    'hf-daily',
    `[${JSON.stringify(makeHfItem({ id: '2611.00001' }))},{"paper":{"id":"2611.00002","title":${deep}}}]`,
  );

  expect(known).toEqual(['2611.00001']);
  expect(problems[0]).toBe('2026-11-02 page 0: the list breaks off after 1 item');
});
