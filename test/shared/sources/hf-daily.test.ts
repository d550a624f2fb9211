import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { HttpError } from '../../../shared/http-error.ts';
import type { HttpAnswer } from '../../../shared/ports.ts';
import { createHfDailySource, hfDailyHosts } from '../../../shared/sources/hf-daily.ts';
import type { SourceAnswer, SourceRequest } from '../../../shared/sources/source.ts';
import { makeHfItem, makeHfItems } from '../../factories/hf-item.ts';
import { type ScriptedHttpClient, scriptHttpClient } from '../../factories/scripted-http-client.ts';

/** A Tuesday. */
const NOW = '2026-01-06T08:00:00.000Z';

const source = createHfDailySource();

async function fetchAll(
  http: ScriptedHttpClient,
  request: Partial<SourceRequest> = {},
): Promise<readonly SourceAnswer[]> {
  const answers: SourceAnswer[] = [];
  for await (const answer of source.fetch({ cursor: undefined, now: NOW, ...request, http })) {
    answers.push(answer);
  }
  return answers;
}

/** Answers by day; a day that is left out has an empty list. */
function scriptDays(days: Readonly<Record<string, HttpAnswer | Error | string>>): ScriptedHttpClient {
  return scriptHttpClient((url) => days[url.searchParams.get('date') ?? ''] ?? '[]');
}

const askedDays = (http: ScriptedHttpClient) => http.asked.map((url) => url.searchParams.get('date'));
const idsOf = (answers: readonly SourceAnswer[]) =>
  answers.flatMap(({ items }) => items.map(({ facts }) => facts.id));
const failed = (status: number) =>
  new HttpError(`HTTP ${status}, after 4 attempts`, { url: new URL('https://huggingface.co/api'), status });

describe('the hf-daily source', () => {
  it('is due from Monday to Friday by noon UTC', () => {
    expect(source).toMatchObject({
      name: 'hf-daily',
      list: 'hf-daily',
      calendar: { weekdays: [1, 2, 3, 4, 5], dueHourUtc: 12 },
    });
  });

  describe('days', () => {
    it('reads today and the three days before at first, oldest first, and ends with the cursor at today', async () => {
      const http = scriptDays({ '2026-01-05': JSON.stringify([makeHfItem()]) });

      const answers = await fetchAll(http);

      expect(askedDays(http)).toEqual(['2026-01-03', '2026-01-04', '2026-01-05', '2026-01-06']);
      expect(answers.map(({ cursor }) => cursor)).toEqual(askedDays(http));
      expect(idsOf(answers)).toEqual(['2601.00001']);
      expect(answers.map(({ asked }) => asked)[0]).toBe('2026-01-03 page 0');
    });

    it('asks for a hundred papers of a day', async () => {
      const http = scriptDays({});
      await fetchAll(http);
      expect(http.asked[0]?.href).toBe(
        'https://huggingface.co/api/daily_papers?date=2026-01-03&limit=100&p=0',
      );
    });

    it('goes on from the cursor after an outage', async () => {
      const http = scriptDays({});
      await fetchAll(http, { cursor: '2025-12-30' });
      expect(askedDays(http)[0]).toBe('2025-12-30');
      expect(http.asked).toHaveLength(8);
    });

    it('goes back thirty days at most', async () => {
      const http = scriptDays({});
      await fetchAll(http, { cursor: '2024-01-01' });
      expect(askedDays(http)[0]).toBe('2025-12-07');
      expect(http.asked).toHaveLength(31);
    });

    it.each(['2026-01-06', '2026-01-05', '2030-01-01', 'rubbish', ''])(
      'reads the last days again with the cursor %j',
      async (cursor) => {
        const http = scriptDays({});
        const answers = await fetchAll(http, { cursor });
        expect(askedDays(http)).toEqual(['2026-01-03', '2026-01-04', '2026-01-05', '2026-01-06']);
        expect(answers.at(-1)?.cursor).toBe('2026-01-06');
      },
    );

    it('takes the days in UTC', async () => {
      const http = scriptDays({});
      await fetchAll(http, { now: '2026-01-06T23:59:59.999Z' });
      expect(askedDays(http).at(-1)).toBe('2026-01-06');
    });
  });

  describe('pages', () => {
    it('reads pages until a short one, and moves the cursor with the last', async () => {
      const items = makeHfItems(203);
      const http = scriptHttpClient((url) => {
        const page = Number(url.searchParams.get('p'));
        const isBusyDay = url.searchParams.get('date') === '2026-01-05';
        return JSON.stringify(isBusyDay ? items.slice(page * 100, page * 100 + 100) : []);
      });

      const answers = (await fetchAll(http)).filter(({ asked }) => asked.startsWith('2026-01-05'));

      expect(answers.map(({ asked, itemsRead, cursor }) => [asked, itemsRead, cursor])).toEqual([
        ['2026-01-05 page 0', 100, '2026-01-04'],
        ['2026-01-05 page 1', 100, '2026-01-04'],
        ['2026-01-05 page 2', 3, '2026-01-05'],
      ]);
      expect(new Set(idsOf(answers)).size).toBe(203);
    });

    it('gives up on pages that do not end, and keeps what they brought', async () => {
      const full = JSON.stringify(makeHfItems(100));
      const http = scriptDays({ '2026-01-06': full });

      const answers = (await fetchAll(http)).filter(({ asked }) => asked.startsWith('2026-01-06'));

      expect(answers).toHaveLength(10);
      expect(answers.map(({ items }) => items.length)).toEqual([100, 0, 0, 0, 0, 0, 0, 0, 0, 0]);
      expect(answers.at(-1)).toMatchObject({ problem: 'the pages do not end', cursor: '2026-01-05' });
    });

    it('reads no further page of a day whose page failed', async () => {
      const http = scriptHttpClient((url) =>
        url.searchParams.get('p') === '0' ? JSON.stringify(makeHfItems(100)) : failed(500),
      );

      const answers = await fetchAll(http);

      expect(answers.map(({ problem }) => problem !== undefined)).toEqual(
        [1, 2, 3, 4].flatMap(() => [false, true]),
      );
      expect(answers.map(({ cursor }) => cursor)).toEqual(Array(8).fill(undefined));
      expect(idsOf(answers)).toHaveLength(400);
    });
  });

  describe('items', () => {
    it('reads an odd day, and accounts for each of its items', async () => {
      const body = readFileSync(new URL('../../fixtures/hf/odd-day.json', import.meta.url), 'utf8');

      const answer = (await fetchAll(scriptDays({ '2026-01-05': body })))[2];

      expect(answer?.items.map(({ facts }) => facts)).toEqual([
        {
          id: '2601.04001',
          title: 'Wrapped Titles & Where to Find Them for $1 Million',
          abstract: 'First line of an abstract, 5% of it.',
          authors: ['Thi Nguyễn', 'Peter Stütz', 'Juan Ruiz', 'Juan Ruiz'],
          authorCount: 4,
          categories: [],
          publishedAt: '2026-01-02T00:00:00.000Z',
          upvotes: 8,
          comments: 1,
          repositoryUrl: 'https://github.com/example/wrapped',
          projectUrl: 'https://wrapped.example.org/page',
          aiKeywords: [],
        },
        {
          id: '2601.04002',
          title: 'Why <think> Is Not a Tag',
          abstract: '',
          authors: ['Linxi "Jim" Fan'],
          authorCount: 1,
          categories: [],
          publishedAt: '2026-01-03T00:00:00.000Z',
          upvotes: 0,
          comments: 0,
          aiKeywords: [],
        },
      ]);
      expect(answer?.rejections).toEqual([
        { item: '2601.04003', reason: 'paper.title is null; expected a text' },
        { item: '2601.04004', reason: 'withdrawn: paper.withdrawnAt is "2026-01-04T10:00:00.000Z"' },
      ]);
      expect(answer?.itemsRead).toBe(5);
      expect(answer).toMatchObject({ problem: undefined, cursor: '2026-01-05' });
    });

    it('gives a paper that stands twice on one day once, and on two days twice', async () => {
      const twice = JSON.stringify([makeHfItem(), makeHfItem()]);

      const answers = await fetchAll(scriptDays({ '2026-01-05': twice, '2026-01-06': twice }));

      expect(answers.map(({ itemsRead, items }) => [itemsRead, items.length])).toEqual([
        [0, 0],
        [0, 0],
        [2, 1],
        [2, 1],
      ]);
    });

    it('gives a good item whose first copy was bad', async () => {
      const body = JSON.stringify([makeHfItem({ publishedAt: null }), makeHfItem()]);
      const answer = (await fetchAll(scriptDays({ '2026-01-06': body })))[3];
      expect(answer).toMatchObject({ itemsRead: 2, items: [{}], rejections: [{ item: '2601.00001' }] });
    });

    it('passes a fall of votes on as it is', async () => {
      const body = JSON.stringify([makeHfItem({ upvotes: 7 })]);
      const answer = (await fetchAll(scriptDays({ '2026-01-06': body })))[3];
      expect(answer?.items[0]?.facts.upvotes).toBe(7);
    });
  });

  describe('bad answers', () => {
    it.each<[string, HttpAnswer]>([
      ['an empty list', { status: 200, body: '[]' }],
      ['null', { status: 200, body: 'null' }],
      ['the 400 of a day to come', { status: 400, body: '{"error":"Invalid date"}' }],
      ['404', { status: 404, body: 'Not Found' }],
    ])('takes %s for a day without a list', async (_what, answer) => {
      const answers = await fetchAll(scriptDays({ '2026-01-06': answer }));
      expect(answers[3]).toEqual({
        asked: '2026-01-06 page 0',
        itemsRead: 0,
        items: [],
        rejections: [],
        problem: undefined,
        cursor: '2026-01-06',
      });
    });

    it.each<[string, HttpAnswer | Error, string]>([
      ['HTML', { status: 200, body: '<!DOCTYPE html>' }, 'expected a list, found "<!DOCTYPE html>"'],
      ['an object', { status: 200, body: '{"a":1}' }, 'expected a list, found "{\\"a\\":1}"'],
      ['an empty body', { status: 200, body: '' }, 'expected a list, found nothing'],
      ['403', { status: 403, body: 'Forbidden' }, 'HTTP 403; expected 200'],
      ['429 in the end', failed(429), 'GET https://huggingface.co/api: HTTP 429, after 4 attempts'],
      ['500 in the end', failed(500), 'GET https://huggingface.co/api: HTTP 500, after 4 attempts'],
    ])(
      'reports %s, reads the days behind it, and keeps the cursor before it',
      async (_what, bad, problem) => {
        const http = scriptDays({ '2026-01-04': bad, '2026-01-06': JSON.stringify([makeHfItem()]) });

        const answers = await fetchAll(http);

        expect(answers.map((answer) => answer.problem)).toEqual([undefined, problem, undefined, undefined]);
        expect(answers.map(({ cursor }) => cursor)).toEqual(Array(4).fill('2026-01-03'));
        expect(idsOf(answers)).toEqual(['2601.00001']);
      },
    );

    it('keeps the complete items of a list that breaks off', async () => {
      const body = JSON.stringify(makeHfItems(3)).slice(0, -40);
      const answer = (await fetchAll(scriptDays({ '2026-01-03': body })))[0];
      expect(answer).toMatchObject({
        itemsRead: 2,
        items: [{}, {}],
        problem: 'the list breaks off after 2 items',
        cursor: undefined,
      });
    });

    it('keeps the complete items that came before the connection broke', async () => {
      const error = new HttpError('the connection failed, after 4 attempts', {
        url: new URL('https://huggingface.co/api'),
        status: 200,
        received: JSON.stringify(makeHfItems(3)).slice(0, -40),
      });
      const answer = (await fetchAll(scriptDays({ '2026-01-03': error })))[0];
      expect(answer).toMatchObject({
        itemsRead: 2,
        items: [{}, {}],
        problem: error.message,
        cursor: undefined,
      });
    });

    it('never moves the cursor back when a day that was read before fails', async () => {
      const answers = await fetchAll(scriptDays({ '2026-01-04': failed(500) }), { cursor: '2026-01-05' });
      expect(answers.map(({ cursor }) => cursor)).toEqual(Array(4).fill('2026-01-05'));
    });

    it('throws what is not the outside’s fault', async () => {
      const http = scriptDays({ '2026-01-04': new RangeError('a mistake of ours') });
      await expect(fetchAll(http)).rejects.toThrow('a mistake of ours');
    });
  });

  describe('the signal', () => {
    it('stops before the next request, says so, and keeps what came', async () => {
      const controller = new AbortController();
      const http = scriptHttpClient((url) => {
        if (url.searchParams.get('date') === '2026-01-04') controller.abort();
        return JSON.stringify([makeHfItem()]);
      });

      const answers = await fetchAll(http, { signal: controller.signal });

      expect(http.asked).toHaveLength(2);
      expect(answers.map(({ asked, problem, cursor }) => [asked, problem, cursor])).toEqual([
        ['2026-01-03 page 0', undefined, '2026-01-03'],
        ['2026-01-04 page 0', undefined, '2026-01-04'],
        ['2026-01-05 page 0', 'not read: no time was left', '2026-01-04'],
      ]);
      expect(idsOf(answers)).toHaveLength(2);
    });

    it('says once that a request was cut short', async () => {
      const controller = new AbortController();
      const http = scriptHttpClient(() => {
        controller.abort();
        return new HttpError('stopped by the caller', { url: new URL('https://huggingface.co/api') });
      });

      const answers = await fetchAll(http, { signal: controller.signal });

      expect(answers).toHaveLength(1);
      expect(answers[0]?.problem).toContain('stopped by the caller');
    });
  });

  describe('whatever comes', () => {
    const anyJson = fc.jsonValue({ maxDepth: 3 });
    const anyItem = fc.oneof(
      anyJson,
      fc
        .tuple(
          fc.dictionary(fc.constantFrom(...Object.keys(makeHfItem().paper as object)), anyJson),
          fc.dictionary(fc.constantFrom(...Object.keys(makeHfItem())), anyJson),
        )
        .map(([paper, item]) => makeHfItem(paper, item)),
      fc.integer({ min: 0, max: 3 }).map((number) => makeHfItem({ id: `2601.0000${number}` })),
    );

    it('never throws, and gives or rejects every item that is no repetition', async () => {
      await fc.assert(
        fc.asyncProperty(fc.array(anyItem, { maxLength: 12 }), async (items) => {
          const answer = (await fetchAll(scriptDays({ '2026-01-06': JSON.stringify(items) })))[3];

          const given = answer?.items.map(({ facts }) => facts.id) ?? [];
          const rejected = answer?.rejections.length ?? 0;
          const repeated = items.length - given.length - rejected;
          const readAlone = await Promise.all(
            items.map(async (item) =>
              idsOf(await fetchAll(scriptDays({ '2026-01-06': JSON.stringify([item]) }))),
            ),
          );
          expect(answer?.itemsRead).toBe(items.length);
          expect(new Set(given)).toEqual(new Set(readAlone.flat()));
          expect(new Set(given).size).toBe(given.length);
          expect(repeated).toBe(readAlone.flat().length - given.length);
        }),
        { numRuns: 200 },
      );
    });

    it('never throws for any body', async () => {
      await fc.assert(
        fc.asyncProperty(
          fc.string({ unit: 'binary' }),
          fc.constantFrom('', '[', '[{', '{'),
          async (text, start) => {
            const answers = await fetchAll(scriptDays({ '2026-01-06': `${start}${text}` }));
            expect(answers).toHaveLength(4);
          },
        ),
      );
    });
  });
});

describe('createHfDailySource', () => {
  it('reads another address where one is set', async () => {
    const http = scriptDays({});
    const mirror = createHfDailySource({ baseUrl: 'http://127.0.0.1:8080/lists?key=1' });

    for await (const answer of mirror.fetch({ cursor: undefined, now: NOW, http })) void answer;

    expect(http.asked[0]?.href).toBe('http://127.0.0.1:8080/lists?key=1&date=2026-01-03&limit=100&p=0');
  });

  it('refuses an address that is none', () => {
    expect(() => createHfDailySource({ baseUrl: 'nowhere' })).toThrow('Invalid URL');
  });
});

describe('hfDailyHosts', () => {
  it('names the host that is read, with an unusual port', () => {
    expect(hfDailyHosts()).toEqual(['huggingface.co']);
    expect(hfDailyHosts({ baseUrl: 'http://127.0.0.1:8080/x' })).toEqual(['127.0.0.1:8080']);
  });
});
