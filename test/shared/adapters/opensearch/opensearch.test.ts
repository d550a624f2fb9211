import { createHash, createHmac } from 'node:crypto';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, beforeEach, describe, expect, jest, test } from '@jest/globals';
import { type LoopbackServer, listenOnLoopback } from '../../../../local/emulators/loopback.ts';
import { createManualClock } from '../../../../local/manual-clock.ts';
import { createOpenSearchClient } from '../../../../shared/adapters/opensearch/client.ts';
import { createPaperIndex, openPaperIndex } from '../../../../shared/adapters/opensearch/paper-index.ts';
import { createOpenSearch } from '../../../../shared/adapters/opensearch/paper-search.ts';
import { parseQueryCached } from '../../../../shared/matching/query/parse-query-cached.ts';
import { PaperIndexError, SearchCursorError, type SearchRequest } from '../../../../shared/ports/search.ts';
import { createPaper } from '../../../factories/papers.ts';
import { createFakeTelemetry } from '../../../fakes/outside.ts';

interface Asked {
  readonly method: string;
  readonly path: string;
  // biome-ignore lint/suspicious/noExplicitAny: the tests look into bodies of many shapes
  readonly body: any;
}

const SECRET = 'secret';
const INDEX = 'broadsheet-dev';
const listings = [{ list: 'hf-daily', day: '2026-01-05' }];

let server: LoopbackServer;
let endpoint: string;
let asked: Asked[];
/** Answers the n-th request. It throws for a request that OpenSearch would not understand. */
let answer: (asked: Asked, n: number) => { readonly status?: number; readonly body: unknown };
let telemetry: ReturnType<typeof createFakeTelemetry>;
let clock: ReturnType<typeof createManualClock>;

beforeAll(async () => {
  server = await listenOnLoopback(async (request, response) => {
    const sent = await text(request);
    const { method = '', url = '', headers } = request;
    const isList = headers['content-type'] === 'application/x-ndjson';
    if (signatureOf(method, url, headers, sent) !== headers.authorization) {
      response.writeHead(403).end(JSON.stringify({ error: { type: 'security_exception' } }));
      return;
    }
    const lines = isList
      ? sent
          .trimEnd()
          .split('\n')
          .map((line) => JSON.parse(line))
      : undefined;
    const one = { method, path: url, body: lines ?? (sent === '' ? undefined : JSON.parse(sent)) };
    asked.push(one);
    const { status = 200, body } = answer(one, asked.length - 1);
    response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
  });
  endpoint = server.url;
});

afterAll(() => server.close());

beforeEach(() => {
  asked = [];
  telemetry = createFakeTelemetry();
  clock = createManualClock('2026-02-01T00:00:00.000Z');
});

/** Computes a signature as AWS documents it, from the request as it arrived. */
function signatureOf(
  method: string,
  url: string,
  headers: Readonly<Record<string, string | readonly string[] | undefined>>,
  body: string,
): string {
  const sha256 = (content: string) => createHash('sha256').update(content).digest('hex');
  const hmac = (key: string | Buffer, content: string) => createHmac('sha256', key).update(content).digest();
  const { signed = '', scope = '' } =
    /Credential=AKID\/(?<scope>[^,]+), SignedHeaders=(?<signed>[^,]+),/.exec(String(headers.authorization))
      ?.groups ?? {};
  if (headers['x-amz-content-sha256'] !== sha256(body)) return 'the body is not the signed one';
  const [path = '', query = ''] = url.split('?');
  const own = signed
    .split(';')
    .map((name) => `${name}:${headers[name]}\n`)
    .join('');
  const canonical = [method, path, query, own, signed, sha256(body)].join('\n');
  const [day = '', region = '', service = ''] = scope.split('/');
  const toSign = ['AWS4-HMAC-SHA256', headers['x-amz-date'], scope, sha256(canonical)].join('\n');
  const key = hmac(hmac(hmac(hmac(`AWS4${SECRET}`, day), region), service), 'aws4_request');
  const signature = createHmac('sha256', key).update(toSign).digest('hex');
  return `AWS4-HMAC-SHA256 Credential=AKID/${scope}, SignedHeaders=${signed}, Signature=${signature}`;
}

const credentials = { accessKeyId: 'AKID', secretAccessKey: SECRET };
const targetOf = () => ({ endpoint, service: 'es', region: 'eu-west-1', index: INDEX }) as const;

function openClient(timeoutMs = 5_000) {
  return createOpenSearchClient({ ...targetOf(), credentials, timer: clock, timeoutMs });
}

describe('indexing', () => {
  const open = () => createPaperIndex({ client: openClient(), timer: clock, telemetry });
  const papers = ['2601.00001', '2601.00002', 'hep-ex/0307015'].map((id) => ({
    paper: createPaper({ id }),
    listings,
  }));
  const none = (ids: readonly string[]) => ({ docs: ids.map((_id) => ({ _id })) });
  const statusOf = (
    statuses: Readonly<Record<string, number>>,
    lines: readonly { index?: { _id: string } }[],
  ) => ({
    items: lines.flatMap(({ index }) => {
      const status = index && (statuses[index._id] ?? 201);
      return index
        ? [{ index: { ...index, status, ...(status !== 201 && { error: { type: 'mapper_exception' } }) } }]
        : [];
    }),
  });
  const indexed = () =>
    asked
      .filter(({ path }) => path === `/${INDEX}/_bulk`)
      .map(({ body }) => body.flatMap((line: { index?: { _id: string } }) => line.index?._id ?? []));

  test('creates the index once, and sends stems and facts of papers that it does not have', async () => {
    const hashes = new Map<string, string>();
    answer = ({ method, path, body }) => {
      if (method === 'PUT')
        return { status: 400, body: { error: { type: 'resource_already_exists_exception' } } };
      if (path.includes('_mget')) {
        const docs = body.ids.map((_id: string) => ({
          _id,
          _source: hashes.has(_id) ? { hash: hashes.get(_id) } : undefined,
        }));
        return { body: { docs } };
      }
      for (const { id, hash } of body) if (id) hashes.set(id, hash);
      return { body: statusOf({}, body) };
    };
    const index = open();

    await index.save(papers);
    await index.save(papers);

    expect(asked.map(({ method, path }) => `${method} ${path}`)).toEqual([
      `PUT /${INDEX}`,
      `POST /${INDEX}/_mget?_source_includes=hash`,
      `POST /${INDEX}/_bulk`,
      `POST /${INDEX}/_mget?_source_includes=hash`,
    ]);
    const known = Object.keys(asked[0]?.body.mappings.properties);
    const [action, document] = asked[2]?.body ?? [];
    expect(action).toEqual({ index: { _id: '2601.00001' } });
    expect(Object.keys(document).filter((name) => !known.includes(name))).toEqual([]);
    expect(document).toMatchObject({
      title: 'small model that ask for help',
      lists: ['hf-daily'],
      listedOn: '2026-01-05',
      month: '2026-01',
      upvotes: 12,
      code: false,
      listings: ['hf-daily 2026-01-05'],
    });
  });

  test('sends no votes and comments if they are unknown, so that no comparison finds them', async () => {
    answer = ({ path, body }) => {
      if (path.includes('_mget')) return { body: none(body.ids) };
      return { body: path.endsWith('_bulk') ? statusOf({}, body) : {} };
    };
    const paper = createPaper({ upvotes: 0, comments: 0, voteCounts: [] });

    await open().save([{ paper, listings: [] }]);

    const [, document] = asked.at(-1)?.body ?? [];
    expect(document).toMatchObject({ id: paper.id });
    expect(Object.keys(document)).not.toEqual(expect.arrayContaining(['upvotes']));
    expect(Object.keys(document)).not.toEqual(expect.arrayContaining(['comments']));
  });

  test('a refused paper does not stop the others, and one for which OpenSearch was too busy is sent again', async () => {
    let bulks = 0;
    answer = ({ path, body }) => {
      if (path.includes('_mget')) return { body: none(body.ids) };
      if (path !== `/${INDEX}/_bulk`) return { body: {} };
      bulks += 1;
      return { body: statusOf(bulks === 1 ? { '2601.00001': 400, 'hep-ex/0307015': 429 } : {}, body) };
    };

    await open().save(papers);

    expect(indexed()).toEqual([papers.map(({ paper }) => paper.id), ['hep-ex/0307015']]);
    expect(telemetry.sentences).toEqual(['A paper cannot be indexed']);
    expect(telemetry.counts.get('PapersUnindexed')).toBe(1);
  });

  test('a document that somebody else changed is indexed again', async () => {
    answer = ({ path, body }) => {
      if (path.includes('_mget'))
        return { body: { docs: body.ids.map((_id: string) => ({ _id, _source: {} })) } };
      return { body: path.endsWith('_bulk') ? statusOf({}, body) : {} };
    };

    await open().save(papers);

    expect(indexed()).toEqual([papers.map(({ paper }) => paper.id)]);
  });

  test('an answer in another format is an error of the index', async () => {
    answer = () => ({ body: { took: 1 } });

    await expect(open().save(papers)).rejects.toThrow(PaperIndexError);
  });

  test('waits longer than a search does', async () => {
    const limits = jest.spyOn(AbortSignal, 'timeout');
    answer = ({ path, body }) => {
      if (path.includes('_mget')) return { body: none(body.ids) };
      return { body: path.endsWith('_bulk') ? statusOf({}, body) : {} };
    };

    await openPaperIndex(targetOf(), credentials, telemetry).save(papers);

    expect(limits.mock.calls).toEqual([[20_000], [20_000], [20_000]]);
    limits.mockRestore();
  });

  test.each([
    ['is down', 503, 3],
    ['refuses the role', 403, 1],
  ])('is an error if OpenSearch %s', async (_, status, requests) => {
    answer = () => ({ status, body: {} });
    await expect(open().save(papers)).rejects.toThrow(PaperIndexError);
    expect(asked).toHaveLength(requests);
  });
});

describe('searching', () => {
  const papers = Array.from({ length: 30 }, (_, n) => createPaper({ id: `2601.${10_000 + n}` }));
  const loadMany = async (ids: readonly string[]) =>
    papers.filter(({ id }) => ids.includes(id) && id !== '2601.10005');
  const open = () => createOpenSearch({ client: openClient(), papers: { loadMany }, clock, telemetry });
  const found = (ids: readonly number[], total: number, more = {}) => ({
    body: {
      hits: {
        total: { value: total },
        hits: ids.map((n) => ({
          _source: { id: `2601.${10_000 + n}`, lists: ['hf-daily'], listedOn: '2026-01-05' },
          sort: [30 - n, 1_767_571_200_000, `2601.${10_000 + n}`],
        })),
      },
      ...more,
    },
  });
  const withAll = (doc_count: number) => ({ aggregations: { withAll: { doc_count } } });
  const request = (query: string, more: Partial<SearchRequest> = {}): SearchRequest => ({
    query: parseQueryCached(query),
    sort: 'relevance',
    limit: 2,
    ...more,
  });

  test('a page ends in a cursor, with which the next one goes on, as of the first one', async () => {
    answer = (_, n) => (n === 0 ? found([1, 2, 3], 30) : found([3], 30));
    const search = open();

    const first = await search.search(request('small models'));
    clock.moveBy(60_000);
    const second = await search.search(request('small models', { cursor: first.next }));

    expect(first.hits.map(({ paper, reasons }) => [paper.id, reasons.length])).toEqual([
      ['2601.10001', 2],
      ['2601.10002', 2],
    ]);
    expect(first).toMatchObject({ total: 30, totalWithAll: 30 });
    expect(second.next).toBeUndefined();
    const [one, two] = asked.map(({ body }) => body);
    expect(one.search_after).toBeUndefined();
    expect(two.search_after).toEqual([28, 1_767_571_200_000, '2601.10002']);
    expect(two.query).toEqual(one.query);
    await expect(search.search(request('other', { cursor: first.next }))).rejects.toThrow(SearchCursorError);
    await expect(search.search(request('small models', { cursor: 'e30' }))).rejects.toThrow(
      SearchCursorError,
    );
  });

  test.each([
    [
      'title:whales',
      [{ bool: { should: [{ term: { title: { value: 'whale', boost: 1 } } }], minimum_should_match: 1 } }],
    ],
    ['cat:cs.LG', [{ term: { categories: 'cs.LG' } }]],
    ['-has:code', [{ bool: { must_not: [{ term: { code: true } }] } }]],
    ['upvotes:>=5', [{ range: { upvotes: { gte: 5 } } }]],
    ['id:2601.00001', [{ term: { id: '2601.00001' } }]],
  ])('%s is a filter', async (query, expected) => {
    answer = () => found([], 30);
    await open().search(request(query));
    expect(asked[0]?.body.query.function_score.query.bool.filter.slice(1)).toEqual(expected);
  });

  test('lists and days are of the same listing, and the order of votes is by votes', async () => {
    answer = () => found([], 30);
    const days = { first: '2026-01-01', last: '2026-01-31' };
    await open().search(request('', { lists: ['hf-daily'], days, sort: 'votes' }));

    const { query, sort } = asked[0]?.body ?? {};
    expect(query.function_score.query.bool.filter.at(-1).bool.should).toEqual([
      { range: { listings: { gte: 'hf-daily 2026-01-01', lte: 'hf-daily 2026-01-31' } } },
    ]);
    expect(sort[0]).toEqual({ upvotes: { order: 'desc', missing: 0 } });
  });

  test('if too few papers have all words, those with most of them follow, unless the words are verbatim', async () => {
    answer = (_, n) => (n % 2 === 0 ? found([1], 1) : found([1, 2], 25, withAll(1)));
    const relaxed = await open().search(request('small models help', { limit: 1 }));
    expect(relaxed).toMatchObject({ total: 25, totalWithAll: 1 });
    expect(asked[1]?.body.query.function_score.query.bool.must[0].bool.minimum_should_match).toBe(2);

    answer = () => found([2], 25, withAll(1));
    const next = await open().search(request('small models help', { limit: 1, cursor: relaxed.next }));
    expect(next).toMatchObject({ total: 25, totalWithAll: 1 });
    expect(asked[2]?.body.aggs.withAll.filter).toEqual(asked[1]?.body.aggs.withAll.filter);

    answer = () => found([1], 1);
    asked = [];
    const strict = await open().search(request('small models help', { isVerbatim: true }));
    expect(strict).toMatchObject({ total: 1, totalWithAll: 1 });
    expect(asked).toHaveLength(1);
  });

  test('a word that no paper has is replaced by one that papers have', async () => {
    const suggest = { 'word-0': [{ text: 'modle', options: [{ text: 'model' }] }] };
    answer = (_, n) => [found([], 0), { body: { suggest } }, found([1], 30)][n] ?? found([], 0);

    expect(await open().search(request('modles'))).toMatchObject({ total: 30, corrected: 'model' });
  });

  test('facets come with the first page that asks for them', async () => {
    const buckets = (...keys: readonly string[]) => ({
      buckets: keys.map((key, n) => ({ key, doc_count: 9 - n })),
    });
    const aggregations = {
      lists: buckets('hf-daily'),
      organisations: buckets('Lab'),
      months: buckets('2026-01', '2025-12'),
      code: { doc_count: 3 },
      project: { doc_count: 1 },
    };
    answer = () => found([1], 30, { aggregations });

    const { facets } = await open().search(request('', { withFacets: true }));

    expect(Object.keys(asked[0]?.body.aggs)).toEqual(Object.keys(aggregations));
    expect(facets).toMatchObject({
      withCode: 3,
      withProject: 1,
      months: [
        { value: '2026-01', count: 9 },
        { value: '2025-12', count: 8 },
      ],
    });
  });

  test('a hit that the table does not have is left out, and reported once', async () => {
    answer = () => found([5, 6], 30);
    const search = open();
    await search.search(request(''));
    const { hits } = await search.search(request(''));
    expect(hits.map(({ paper }) => paper.id)).toEqual(['2601.10006']);
    expect(telemetry.counts.get('RecordsUnreadable')).toBe(1);
  });

  test('similar papers are those with the same telling words', async () => {
    answer = () => ({ body: { hits: { hits: [{ _id: '2601.10002' }, { _id: '2601.10001' }] } } });
    const similar = await open().similar('2601.10003', 2);
    expect(similar.map(({ id }) => id)).toEqual(['2601.10002', '2601.10001']);
    expect(asked[0]?.body.query.more_like_this.like).toEqual([{ _index: INDEX, _id: '2601.10003' }]);
  });
});
