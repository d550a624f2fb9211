import { beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { createDrawCardsHandler } from '../../../../functions/draw-cards/handler.ts';
import type { Paper } from '../../../../shared/domain/papers/paper.ts';
import { readInstalledAsset } from '../../../../shared/web/cards/card-assets.ts';
import { openCardFonts, type PrepareTexts } from '../../../../shared/web/cards/card-fonts.ts';
import { createCardsApp } from '../../../../shared/web/cards/card-routes.ts';
import { cacheControlOf } from '../../../../shared/web/parts/caching.ts';
import { createFacts, createListing } from '../../../factories/papers.ts';
import { createFakeWeb, type FakeWeb } from '../../../fakes/web.ts';

const DAY = '2026-01-05';

let web: FakeWeb;
let app: ReturnType<typeof createCardsApp>;

beforeEach(() => {
  web = createFakeWeb();
  app = createCardsApp({ ...web.ports, readAsset: readInstalledAsset });
});

async function list(facts: Partial<Paper>, day = DAY) {
  const paper = createFacts(facts);
  await web.repositories.papers.save(paper, `${day}T08:00:00.000Z`);
  await web.repositories.listings.save(createListing({ day, paperId: paper.id }));
}

/** Width and height, as the header of a PNG has them. */
async function sizeOf(answer: Response): Promise<readonly number[]> {
  const bytes = Buffer.from(await answer.arrayBuffer());
  expect(bytes.subarray(1, 4).toString()).toBe('PNG');
  return [bytes.readUInt32BE(16), bytes.readUInt32BE(20)];
}

describe('the image of a paper', () => {
  test.each([
    ['2601.00001', 'Attention Is All You Need'],
    ['hep-ex/0307015', 'A title that does not end '.repeat(9)],
    ['2601.00002', '深度学习のための ∇-Free методы 🚀 <script>&amp;'],
    ['2601.00003', '🚀'],
  ])('%s is a PNG in the size of previews that caches keep', async (id, title) => {
    await list({ id, title, organisation: '清华大学' });

    const answer = await app.request(`/cards/papers/${id}.png`);

    expect(answer.headers.get('content-type')).toBe('image/png');
    expect(answer.headers.get('cache-control')).toBe(cacheControlOf('image'));
    // Browsers would not show it on the page of another site.
    expect(answer.headers.get('cross-origin-resource-policy')).toBe('cross-origin');
    const again = { headers: { 'if-none-match': answer.headers.get('etag') ?? '' } };
    expect(await sizeOf(answer)).toEqual([1200, 630]);
    expect((await app.request(`/cards/papers/${id}.png`, again)).status).toBe(304);
  });

  test('arrives through API Gateway as the bytes that were drawn', async () => {
    await list({});
    const path = '/cards/papers/2601.00001.png';
    const handle = createDrawCardsHandler(
      { ...web.ports, readAsset: readInstalledAsset },
      { isOnlyWay: false },
    );
    const event = {
      version: '2.0',
      rawPath: path,
      rawQueryString: '',
      headers: {},
      isBase64Encoded: false,
      requestContext: { domainName: 'daily.example.org', http: { method: 'GET', path } },
    };

    const { statusCode, isBase64Encoded, body } = await handle(event as never);

    expect([statusCode, isBase64Encoded]).toEqual([200, true]);
    const direct = Buffer.from(await (await app.request(path)).arrayBuffer());
    expect(Buffer.from(body, 'base64').equals(direct)).toBe(true);
  });

  test.each(['2601.99999', 'nonsense', '../secret', '2601.00001.png'])(
    'of %s is not found, and nothing is kept',
    async (id) => {
      await list({});
      const { status, headers } = await app.request(`/cards/papers/${id}.png`);
      expect([status, headers.get('cache-control')]).toEqual([404, 'no-store']);
    },
  );
});

describe('the image of a day', () => {
  test('changes with its papers', async () => {
    await list({ id: '2601.00001', title: 'One' });
    const first = await app.request(`/cards/days/${DAY}.png`);
    web.clock.moveTo(`${DAY}T20:00:00.000Z`);
    await list({ id: '2601.00002', title: 'Two', upvotes: 90 });
    const second = await app.request(`/cards/days/${DAY}.png`);

    expect(await sizeOf(first)).toEqual([1200, 630]);
    expect(first.headers.get('cache-control')).toBe(cacheControlOf('current'));
    expect(second.headers.get('etag')).not.toBe(first.headers.get('etag'));
  });

  test('that is long past is kept for longer', async () => {
    await list({}, '2025-12-01');
    const { headers } = await app.request('/cards/days/2025-12-01.png');
    expect(headers.get('cache-control')).toBe(cacheControlOf('image'));
  });

  test.each(['2026-01-04', '2026-01-06', '2026-02-30', '2026-13-01'])(
    '%s without papers is not found',
    async (day) => {
      await list({});
      expect((await app.request(`/cards/days/${day}.png`)).status).toBe(404);
    },
  );

  test('that fails says so without details', async () => {
    await list({});
    const broken = createCardsApp({
      ...web.ports,
      readAsset: () => Promise.reject(new Error('no such file')),
    });
    const answer = await broken.request(`/cards/days/${DAY}.png`);
    expect([answer.status, answer.headers.get('cache-control')]).toEqual([500, 'no-store']);
    expect(await answer.text()).toMatch(/^The image could not be drawn. Quote this code: [\da-f-]{36}$/);
  });
});

describe('a text on an image', () => {
  let prepare: PrepareTexts;
  beforeAll(async () => {
    prepare = await openCardFonts(readInstalledAsset);
  });

  test.each([
    ['Naïve Łukasz, “quoted”', 'Naïve Łukasz, “quoted”', ['source-serif-4']],
    ['ℝⁿ ≤ α 🚀 x', 'ℝn ≤ α x', ['source-serif-4', 'noto-sans-math']],
    ['深度学习', '深度学习', ['source-serif-4', 'noto-serif-sc']],
    ['е\u0308 и\u0306', 'ё й', ['source-serif-4']],
    ['🚀', '', ['source-serif-4']],
  ])('%s is drawn as %s', async (text, drawn, families) => {
    const { texts, fonts } = await prepare([text]);

    expect(texts).toEqual([drawn]);
    expect([...new Set(fonts.map(({ name }) => name.split(' ')[0]))]).toEqual(families);
  });

  test('in English needs one file of each weight', async () => {
    expect((await prepare(['Attention Is All You Need'])).fonts).toHaveLength(2);
  });
});
