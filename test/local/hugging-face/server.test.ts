import { afterEach, describe, expect, it } from '@jest/globals';
import type { LoopbackServer } from '../../../local/emulators/loopback.ts';
import type { DailyPapersAnswer } from '../../../local/hugging-face/server.ts';
import { startDailyPapersServer } from '../../../local/hugging-face/server.ts';
import { fc } from '../../fast-check.ts';

const clock = { now: () => '2026-01-07T02:30:00.000Z' };
const DAY = '2026-01-06';

const servers: LoopbackServer[] = [];

afterEach(async () => {
  await Promise.all(servers.splice(0).map((server) => server.close()));
});

async function start(answer: DailyPapersAnswer): Promise<LoopbackServer> {
  const server = await startDailyPapersServer({ answer, clock });
  servers.push(server);
  return server;
}

function startWithItems(count: number): Promise<LoopbackServer> {
  const items = Array.from({ length: count }, (_, n) => ({ n }));
  return start(async (day) => (day === DAY ? items : undefined));
}

function get({ url }: LoopbackServer, query: string): Promise<Response> {
  return fetch(`${url}/api/daily_papers?${query}`);
}

async function getNumbers(server: LoopbackServer, query: string): Promise<readonly number[]> {
  const items = (await (await get(server, query)).json()) as readonly { readonly n: number }[];
  return items.map(({ n }) => n);
}

describe('the daily-papers server', () => {
  it('answers the list of a day as a JSON array', async () => {
    const response = await get(await startWithItems(2), `date=${DAY}`);

    expect(response.status).toBe(200);
    expect(response.headers.get('content-type')).toMatch(/^application\/json/);
    expect(await response.json()).toEqual([{ n: 0 }, { n: 1 }]);
  });

  it('returns 50 items by default', async () => {
    expect(await getNumbers(await startWithItems(60), `date=${DAY}`)).toHaveLength(50);
  });

  it('counts pages from zero and ends with a short one, then empty ones', async () => {
    const server = await startWithItems(5);

    expect(await getNumbers(server, `date=${DAY}&limit=2&p=0`)).toEqual([0, 1]);
    expect(await getNumbers(server, `date=${DAY}&limit=2&p=2`)).toEqual([4]);
    expect(await getNumbers(server, `date=${DAY}&limit=2&p=3`)).toEqual([]);
  });

  it('neither loses nor repeats an item across pages of any size', async () => {
    const server = await startWithItems(37);
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 1, max: 100 }), async (limit) => {
        const seen: number[] = [];
        for (let p = 0; p <= Math.ceil(37 / limit); p += 1) {
          seen.push(...(await getNumbers(server, `date=${DAY}&limit=${limit}&p=${p}`)));
        }
        expect(seen).toEqual(Array.from({ length: 37 }, (_, n) => n));
      }),
      { numRuns: 20 },
    );
  });

  it('answers an empty array for a day without a list', async () => {
    const response = await get(await startWithItems(2), 'date=2026-01-04');

    expect(response.status).toBe(200);
    expect(await response.json()).toEqual([]);
  });

  it.each([
    [
      'a day that does not exist',
      'date=2025-13-40',
      'date: expected a day like "2026-01-05", found "2025-13-40"',
    ],
    ['a missing date', 'limit=5', 'date: expected a day like "2026-01-05", found none'],
    ['a future date', 'date=2026-01-08', 'date: expected a day up to today, 2026-01-07, found "2026-01-08"'],
    ['a limit of 0', `date=${DAY}&limit=0`, 'limit: expected a whole number from 1 to 100, found "0"'],
    ['a limit of 101', `date=${DAY}&limit=101`, 'limit: expected a whole number from 1 to 100, found "101"'],
    ['a page of -1', `date=${DAY}&p=-1`, /^p: expected a whole number from 0 .* found "-1"$/],
  ])('refuses %s with 400 and says what is expected', async (_, query, message) => {
    const response = await get(await startWithItems(2), query);

    expect(response.status).toBe(400);
    expect(response.headers.get('content-type')).toMatch(/^application\/json/);
    expect(await response.json()).toEqual({ error: expect.stringMatching(message) });
  });

  it('answers the clock’s own day', async () => {
    expect((await get(await startWithItems(2), 'date=2026-01-07')).status).toBe(200);
  });

  it('answers 404 for any other path', async () => {
    const { url } = await startWithItems(2);
    const response = await fetch(`${url}/api/papers/2601.00001`);

    expect(response.status).toBe(404);
    expect(await response.json()).toEqual({ error: 'Not Found' });
  });

  it('answers 500 with the reason if the list cannot be read', async () => {
    const server = await start(async () => {
      throw new Error('the list is torn');
    });
    const response = await get(server, `date=${DAY}`);

    expect(response.status).toBe(500);
    expect(await response.json()).toEqual({ error: 'the list is torn' });
  });
});

describe('closing the server', () => {
  it('succeeds while a client keeps its connection open', async () => {
    const server = await startWithItems(2);
    await (await get(server, `date=${DAY}`)).text();

    await server.close();

    await expect(get(server, `date=${DAY}`)).rejects.toThrow();
  });

  it('succeeds while a request is in flight', async () => {
    let asked = () => {};
    const wasAsked = new Promise<void>((resolve) => {
      asked = resolve;
    });
    const server = await start(() => {
      asked();
      return new Promise(() => {});
    });
    const response = expect(get(server, `date=${DAY}`)).rejects.toThrow();
    await wasAsked;

    await server.close();

    await response;
  });

  it('does nothing the second time', async () => {
    const server = await startWithItems(2);
    await server.close();

    await expect(server.close()).resolves.toBeUndefined();
  });
});
