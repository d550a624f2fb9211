import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from '@jest/globals';
import { SaxesParser } from 'saxes';
import { type ArxivModel, createArxiv } from '../../local/arxiv/arxiv.ts';
import { readArxivReplay } from '../../local/arxiv/replay.ts';
import { startArxivServer } from '../../local/arxiv/server.ts';
import { createManualClock, type ManualClock } from '../../local/manual-clock.ts';
import { findBreaches, findExcessLookUps } from '../arxiv-terms.ts';
import { createArxivPaper } from '../factories/arxiv.ts';

/** Noon in New York on a Tuesday. */
const NOON = '2026-11-03T17:00:00.000Z';
const recordings = fileURLToPath(new URL('../../../shared/recordings/arxiv', import.meta.url));
const withRecordings = existsSync(recordings) ? test : test.skip;
if (!existsSync(recordings))
  process.stdout.write(`skipped: there are no recordings of arXiv at ${recordings}\n`);

function open(now = NOON): ArxivModel & { readonly clock: ManualClock } {
  const clock = createManualClock(now);
  return { ...createArxiv({ clock, timer: clock, pageSize: 2 }), clock };
}

/** Returns the texts of the named elements of an XML document, in order. */
function textsOf(xml: string, name: string): readonly string[] {
  const texts: string[] = [];
  let isInside = false;
  const parser = new SaxesParser();
  parser.on('opentag', (tag) => {
    if (tag.name === name) texts.push('');
    isInside = tag.name === name;
  });
  parser.on('text', (text) => {
    if (isInside) texts.push(`${texts.pop() ?? ''}${text}`);
  });
  parser.on('closetag', () => {
    isInside = false;
  });
  parser.write(xml).close();
  return texts;
}

/** Returns the paths of all elements of an XML document, each once: `rss/channel/item/title`. */
function pathsOf(xml: string): readonly string[] {
  const paths = new Set<string>();
  const open: string[] = [];
  const parser = new SaxesParser();
  parser.on('opentag', ({ name }) => {
    open.push(name);
    paths.add(open.join('/'));
  });
  parser.on('closetag', () => void open.pop());
  parser.write(xml).close();
  return [...paths];
}

async function get({ fetch }: Pick<ArxivModel, 'fetch'>, path: string): Promise<string> {
  return (await fetch(`https://arxiv.example${path}`)).text();
}

async function idsIn(arxiv: ArxivModel, path: string): Promise<readonly string[]> {
  return textsOf(await get(arxiv, path), 'guid').map((id) => id.replace('oai:arXiv.org:', ''));
}

describe('a feed', () => {
  test('has the batch of its day from midnight in New York on, before and after a clock change', async () => {
    const arxiv = open();
    arxiv.announce('2026-10-30', [{ paper: createArxivPaper({ id: '2610.00001' }), action: 'new' }]);
    arxiv.announce('2026-11-02', [{ paper: createArxivPaper({ id: '2611.00001' }), action: 'new' }]);
    const idsAt = async (now: string) => {
      arxiv.clock.moveTo(now);
      return idsIn(arxiv, '/rss/cs.CL');
    };

    expect(await idsAt('2026-10-30T03:59:59.999Z')).toEqual([]);
    expect(await idsAt('2026-10-30T04:00:00.000Z')).toEqual(['2610.00001v1']);
    expect(await idsAt('2026-10-31T04:00:00.000Z')).toEqual([]);
    expect(await idsAt('2026-11-02T04:59:59.999Z')).toEqual([]);
    expect(await idsAt('2026-11-02T05:00:00.000Z')).toEqual(['2611.00001v1']);
    expect(textsOf(await get(arxiv, '/rss/cs.CL'), 'pubDate')[0]).toBe('Mon, 02 Nov 2026 00:00:00 -0500');
  });

  test('shows each paper once, with the type that fits the categories asked for', async () => {
    const arxiv = open();
    const old = '2026-01-01T00:00:00.000Z';
    arxiv.announce('2026-11-03', [
      { paper: createArxivPaper({ id: '2611.00001', categories: ['cs.CL', 'cs.LG'] }), action: 'new' },
      { paper: createArxivPaper({ id: '2611.00002', categories: ['math.NA', 'cs.LG'] }), action: 'new' },
      {
        paper: createArxivPaper({ id: '2601.00003', categories: ['cs.LG'], versions: [old, old] }),
        action: 'replace',
      },
      { paper: createArxivPaper({ id: '2601.00004', categories: ['cs.LG'] }), action: 'absonly' },
    ]);
    const typesIn = async (query: string) =>
      textsOf(await get(arxiv, `/rss/${query}`), 'arxiv:announce_type');

    expect(await idsIn(arxiv, '/rss/cs.LG')).toEqual(['2611.00002v1', '2611.00001v1', '2601.00003v2']);
    expect(await typesIn('cs.LG')).toEqual(['cross', 'cross', 'replace']);
    expect(await typesIn('cs.CL+cs.LG')).toEqual(['new', 'cross', 'replace']);
    expect(await typesIn('cs')).toEqual(['new', 'cross', 'replace']);
    expect(textsOf(await get(arxiv, '/atom/math.NA'), 'arxiv:announce_type')).toEqual(['new']);
  });

  test('of a late category shows the batch before and claims to be of today', async () => {
    const arxiv = open();
    for (const [day, n] of [
      ['2026-11-02', 1],
      ['2026-11-03', 2],
    ] as const) {
      arxiv.announce(day, [
        { paper: createArxivPaper({ id: `2611.0000${n}`, categories: ['cs.CV'] }), action: 'new' },
        { paper: createArxivPaper({ id: `2611.1000${n}`, categories: ['cs.CL'] }), action: 'new' },
      ]);
    }
    arxiv.faults.delay('cs.CV', { from: '2026-11-03T05:00:00.000Z', until: '2026-11-03T20:00:00.000Z' });

    expect(await idsIn(arxiv, '/rss/cs.CV+cs.CL')).toEqual(['2611.10002v1', '2611.00001v1']);
    expect(textsOf(await get(arxiv, '/rss/cs.CV'), 'lastBuildDate')).toEqual([
      'Tue, 03 Nov 2026 05:00:00 +0000',
    ]);
    arxiv.clock.moveTo('2026-11-03T20:00:00.000Z');
    expect(await idsIn(arxiv, '/rss/cs.CV')).toEqual(['2611.00002v1']);
  });

  withRecordings('has the same elements as a recorded one', async () => {
    const arxiv = open();
    arxiv.announce('2026-11-03', [{ paper: createArxivPaper(), action: 'new' }]);

    expect(pathsOf(await get(arxiv, '/rss/cs.CL'))).toEqual(
      pathsOf(readFileSync(`${recordings}/rss_cs_AI_2026-04.xml`, 'utf8')),
    );
  });
});

describe('OAI-PMH', () => {
  test('lists the records of a set by the day of their last change, page by page', async () => {
    const arxiv = open();
    const paper = (n: number) => createArxivPaper({ id: `2611.0000${n}`, categories: ['cs.CL', 'stat.ML'] });
    arxiv.announce('2026-10-30', [{ paper: paper(1), action: 'new' }]);
    arxiv.announce('2026-11-03', [
      ...[2, 3, 4].map((n) => ({ paper: paper(n), action: 'new' as const })),
      { paper: createArxivPaper({ id: 'hep-th/9901001', categories: ['hep-th'] }), action: 'absonly' },
    ]);
    const list = '/oai?verb=ListRecords&metadataPrefix=arXivRaw';

    const first = await get(arxiv, `${list}&set=stat:stat:ML&from=2026-11-02`);
    expect(textsOf(first, 'id')).toEqual(['2611.00002', '2611.00003']);
    const [token = ''] = textsOf(first, 'resumptionToken');
    const second = await get(arxiv, `/oai?verb=ListRecords&resumptionToken=${encodeURIComponent(token)}`);
    expect(textsOf(second, 'id')).toEqual(['2611.00004']);
    expect(textsOf(second, 'resumptionToken')).toEqual(['']);
    expect(textsOf(await get(arxiv, `${list}&set=physics:hep-th`), 'datestamp')).toEqual(['2026-11-03']);
    arxiv.clock.moveTo('2026-11-04T00:00:00.000Z');
    expect(await get(arxiv, `/oai?verb=ListRecords&resumptionToken=${encodeURIComponent(token)}`)).toContain(
      'badResumptionToken',
    );
  });

  test('has new records at 22:30 in New York, and an empty day is an error body', async () => {
    const arxiv = open('2026-11-03T03:29:59.000Z');
    arxiv.announce('2026-11-03', [{ paper: createArxivPaper(), action: 'new' }]);
    const list = '/oai?verb=ListRecords&metadataPrefix=arXiv&set=cs&from=2026-11-03';

    expect(await get(arxiv, list)).toContain('<error code="noRecordsMatch">');
    arxiv.clock.moveTo('2026-11-03T03:30:00.000Z');
    expect(textsOf(await get(arxiv, list), 'created')).toEqual(['2026-11-01']);
    expect(await get(arxiv, '/oai?verb=ListRecords&metadataPrefix=x')).toContain('cannotDisseminateFormat');
    expect(await get(arxiv, '/oai?verb=Delete')).toContain('badVerb');
  });
});

test('the query API gives the newest version, nothing for an unknown id, and a feed for a malformed one', async () => {
  const arxiv = open();
  const versions = ['2026-11-01T12:00:00.000Z', '2026-11-02T12:00:00.000Z'] as const;
  arxiv.announce('2026-11-03', [{ paper: createArxivPaper({ versions }), action: 'new' }]);

  const answer = await get(arxiv, '/api/query?id_list=2611.00001,2611.99999');
  expect(textsOf(answer, 'id').slice(1)).toEqual(['http://arxiv.org/abs/2611.00001v2']);
  expect(textsOf(answer, 'opensearch:totalResults')).toEqual(['1']);
  const bad = await arxiv.fetch('https://arxiv.example/api/query?id_list=abc');
  expect(bad.status).toBe(400);
  expect(textsOf(await bad.text(), 'summary')).toEqual(['incorrect id format for abc']);
});

describe('faults', () => {
  test('strike as often as asked, in their time and at their service', async () => {
    const arxiv = open();
    arxiv.announce('2026-11-03', [{ paper: createArxivPaper(), action: 'new' }]);
    const { add } = arxiv.faults;
    add({ kind: 'status', status: 503, retryAfter: '0', times: 1, service: 'feed' });
    add({ kind: 'truncated', times: 1, service: 'feed' });
    add({ kind: 'error feed', times: 1, service: 'feed' });
    add({ kind: 'slow', ms: 60_000, times: 1, service: 'feed' });
    add({ kind: 'no connection', from: '2026-11-04T00:00:00.000Z', until: '2026-11-05T00:00:00.000Z' });

    const refused = await arxiv.fetch('https://arxiv.example/rss/cs.CL');
    expect([refused.status, refused.headers.get('retry-after')]).toEqual([503, '0']);
    expect(await get(arxiv, '/rss/cs.CL')).not.toContain('</rss>');
    expect(await get(arxiv, '/rss/cs.CL')).toContain('Feed error for query');
    expect(await idsIn(arxiv, '/rss/cs.CL')).toEqual(['2611.00001v1']);
    expect(arxiv.clock.now()).toBe('2026-11-03T17:01:00.000Z');
    arxiv.clock.moveTo('2026-11-04T12:00:00.000Z');
    await expect(get(arxiv, '/oai?verb=Identify')).rejects.toThrow('fetch failed');
  });

  test('requests too close together, or two at a time, breach the terms of use', () => {
    const request = (second: number, endsAt = second + 1) => ({
      path: '/rss/cs.CL',
      startedAt: `2026-11-03T17:00:${String(second).padStart(2, '0')}.000Z`,
      endedAt: `2026-11-03T17:00:${String(endsAt).padStart(2, '0')}.000Z`,
    });

    expect(findBreaches([request(0), request(3), request(6)])).toEqual([]);
    expect(findBreaches([request(0), request(2)])).toEqual([
      'GET /rss/cs.CL at 2026-11-03T17:00:02.000Z, 2000 ms after GET /rss/cs.CL',
    ]);
    expect(findBreaches([request(0, 9), request(4)])).toEqual([
      'GET /rss/cs.CL at 2026-11-03T17:00:04.000Z, while another request was under way',
    ]);
  });
});

test('each run may look papers up once. A request that is repeated at once is a retry', () => {
  const lookUp = (ids: string, time: string) => ({
    path: `/api/query?id_list=${ids}&max_results=100`,
    startedAt: `2026-11-03T${time}:00.000Z`,
  });
  const [first, second] = ['2026-11-03T12:00:00.000Z', '2026-11-03T13:00:00.000Z'] as const;
  const requests = [lookUp('a,b', '12:00'), lookUp('a,b', '12:01'), lookUp('a,c', '12:02')];

  expect(findExcessLookUps(requests.slice(0, 2), [first, second])).toEqual([]);
  expect(findExcessLookUps(requests, [first, first])).toEqual([]);
  expect(findExcessLookUps(requests, [first, second])).toEqual([
    'look-up 2 of 1 runs at 2026-11-03T12:02:00.000Z',
  ]);
  const many = Array.from({ length: 101 }, (_, n) => `a${n}`).join();
  expect(findExcessLookUps([lookUp(many, '12:00')], [first])).toEqual([
    '101 papers at 2026-11-03T12:00:00.000Z',
  ]);
});

describe('a server', () => {
  test('answers on loopback, and breaks the connection when the model does', async () => {
    const arxiv = open();
    arxiv.announce('2026-11-03', [{ paper: createArxivPaper(), action: 'new' }]);
    const server = await startArxivServer(arxiv);
    try {
      const feed = await (await fetch(`${server.url}/rss/cs.CL+cs.LG`)).text();
      expect(textsOf(feed, 'guid')).toEqual(['oai:arXiv.org:2611.00001v1']);
      arxiv.faults.add({ kind: 'no connection' });
      await expect(fetch(`${server.url}/rss/cs.CL`)).rejects.toThrow('fetch failed');
      expect(arxiv.requests.map(({ path }) => path)).toEqual(['/rss/cs.CL+cs.LG', '/rss/cs.CL']);
    } finally {
      await server.close();
    }
  });

  withRecordings('serves recorded batches, feeds and answers of the query API', async () => {
    const arxiv = open('2026-04-21T12:00:00.000Z');
    const { batches, papers } = readArxivReplay(recordings);
    for (const { day, announcements } of batches) arxiv.announce(day, announcements);
    arxiv.add(papers);

    expect(await idsIn(arxiv, '/rss/cs.CV')).toHaveLength(501);
    arxiv.clock.moveTo('2026-04-27T12:00:00.000Z');
    const feed = readFileSync(`${recordings}/rss_cs_AI_2026-04.xml`, 'utf8');
    expect((await idsIn(arxiv, '/rss/cs.AI')).toSorted()).toEqual(
      textsOf(feed, 'guid')
        .map((guid) => guid.replace('oai:arXiv.org:', ''))
        .sort(),
    );
    const answer = await get(arxiv, '/api/query?id_list=2606.13677,astro-ph/0601001');
    expect(textsOf(answer, 'id').slice(1)).toEqual([
      'http://arxiv.org/abs/2606.13677v1',
      'http://arxiv.org/abs/astro-ph/0601001v1',
    ]);
  });
});
