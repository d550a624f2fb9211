import { afterEach, describe, expect, test } from '@jest/globals';
import { SAMPLE_CATEGORIES } from '../../../local/arxiv/sample.ts';
import { createManualClock } from '../../../local/manual-clock.ts';
import { type ChosenLists, chooseLists } from '../../../local/start/choose-lists.ts';
import { listenOn } from '../../../local/start/listen.ts';
import { createHttpClient } from '../../../shared/adapters/http/client.ts';
import { toLongDay } from '../../../shared/presentation/wording.ts';
import { createArxivSource } from '../../../shared/sources/arxiv/arxiv.ts';
import { collect } from '../../collect.ts';

const clock = createManualClock('2026-03-10T09:00:00.000Z');
const cleanups: (() => unknown)[] = [];

afterEach(async () => {
  for (const cleanup of cleanups.splice(0)) await cleanup();
});

/** A stand-in for the real lists that answers with a status. */
async function serve(status: number): Promise<string> {
  const { port, answerWith, close } = await listenOn(0);
  answerWith((_, response) => response.writeHead(status).end('[]'));
  cleanups.push(close);
  return `http://127.0.0.1:${port}/api/daily_papers`;
}

/** An address on which nothing listens. */
async function nowhere(): Promise<string> {
  const { port, close } = await listenOn(0);
  close();
  return `http://127.0.0.1:${port}/api/daily_papers`;
}

async function choose(hfUrl: string, arxivUrl: string, isSample = false): Promise<ChosenLists> {
  const lists = await chooseLists({ hfUrl, arxivUrl }, clock, isSample, 300_000);
  cleanups.push(lists.close);
  return lists;
}

async function countItems({ sourceUrls }: ChosenLists, day: string): Promise<number> {
  const items: unknown = await (await fetch(`${sourceUrls['hf-daily']}?date=${day}`)).json();
  return Array.isArray(items) ? items.length : -1;
}

describe('choosing where the lists come from', () => {
  test('uses the real lists if they answer, and asks arXiv for nothing yet', async () => {
    const hfUrl = await serve(200);
    const arxiv = await listenOn(0);
    const asked: unknown[] = [];
    arxiv.answerWith((request, response) => response.end(String(asked.push(request.url))));
    cleanups.push(arxiv.close);
    const arxivUrl = `http://127.0.0.1:${arxiv.port}`;

    const lists = await choose(hfUrl, arxivUrl);

    expect(lists.sourceUrls).toEqual({ 'hf-daily': hfUrl, arxiv: arxivUrl });
    expect(lists.requestIntervalMs).toBeUndefined();
    expect(lists.notes).toEqual([`Papers from ${new URL(hfUrl).host} and ${new URL(arxivUrl).host}.`]);
    expect(lists.failures).toEqual([]);
    expect(asked).toEqual([]);
  });

  test('uses the sample of each that fails, re-dated to today, and says why', async () => {
    const [hfUrl, arxivUrl] = [await serve(503), await serve(200)];

    const lists = await choose(hfUrl, arxivUrl);

    expect(lists.sourceUrls.arxiv).toBe(arxivUrl);
    expect(lists.notes).toEqual([
      `Papers from ${new URL(arxivUrl).host}.`,
      `${new URL(hfUrl).host} could not be read, so you see a bundled sample. Everything else works. For the papers of today, start again when this machine can reach it.`,
      'The papers of Hugging Face are a sample of two days in January 2026, shown with the dates of today and yesterday. Their summaries were written for this sample, although pages and mails name a model on Hugging Face.',
    ]);
    expect(lists.failures).toEqual([expect.stringContaining('HTTP 503')]);
    expect(await countItems(lists, '2026-03-10')).toBe(25);
    expect(await countItems(lists, '2026-03-09')).toBe(15);
  });

  test('uses both samples if nothing can be reached', async () => {
    const lists = await choose(await nowhere(), await nowhere());

    expect(lists.notes).toContain(
      'The papers of arXiv are a sample, shown as if announced on Tuesday 10 March 2026. Those numbered 2601.99… are made up for Broadsheet, so their links to arXiv lead nowhere.',
    );
    expect(lists.notes[0]).toContain('could not be read, so you see bundled samples. Everything else works.');
    expect(lists.notes.join(' ')).not.toContain('ECONNREFUSED');
    expect(lists.failures).toEqual([
      expect.stringContaining('ECONNREFUSED'),
      expect.stringContaining('ECONNREFUSED'),
    ]);
  });

  test('names a host once if both sources are there', async () => {
    const [gone, there] = [await nowhere(), await serve(200)];

    const missing = await choose(gone, gone);
    const real = await choose(there, there);

    const { host } = new URL(gone);
    expect(missing.notes[0]).toBe(
      `${host} could not be read, so you see bundled samples. Everything else works. For the papers of today, start again when this machine can reach it.`,
    );
    expect(missing.notes.join(' ').split(host)).toHaveLength(2);
    expect(real.notes).toEqual([`Papers from ${new URL(there).host}.`]);
  });

  test('uses the samples without a probe on request', async () => {
    const lists = await choose(await serve(200), await serve(200), true);

    expect(lists.notes[0]).toContain('These are bundled samples, because of --sample.');
    expect(lists.requestIntervalMs).toBe(0);
    expect(lists.failures).toEqual([]);
    expect(await countItems(lists, '2026-03-10')).toBe(25);
  });
});

describe('the sample of arXiv', () => {
  // Tuesday, Saturday, and the Monday of a week with a holiday before.
  test.each([
    ['2026-03-10T09:00:00.000Z', '2026-03-10'],
    ['2026-03-14T09:00:00.000Z', '2026-03-13'],
    ['2026-11-27T09:00:00.000Z', '2026-11-26'],
  ])('at %s is the batch of %s, and its reader takes it as that', async (now, day) => {
    const lists = await chooseLists({ hfUrl: await nowhere() }, createManualClock(now), true);
    cleanups.push(lists.close);
    const http = createHttpClient({
      userAgent: 'test',
      allowedHosts: [new URL(lists.sourceUrls.arxiv ?? '').host],
    });
    const categories = SAMPLE_CATEGORIES.map((category) => `arxiv/${category}`);
    const request = { lists: categories, histories: {}, cursor: undefined, now, http };

    const answers = await collect(createArxivSource({ url: lists.sourceUrls.arxiv }).fetch(request));

    expect(
      answers.flatMap(({ rejections, problem }) => [...rejections, ...(problem ? [problem] : [])]),
    ).toEqual([]);
    const items = answers.flatMap((answer) => answer.items);
    const listings = items.flatMap((item) => item.listings);
    expect(new Set(listings.map((listing) => listing.day))).toEqual(new Set([day]));
    expect(lists.notes.join(' ')).toContain(`as if announced on ${toLongDay(day)}.`);
    expect(new Set(listings.map((listing) => listing.paperId)).size).toBeGreaterThan(30);
    expect(new Set(listings.map((listing) => listing.list))).toEqual(new Set(categories));
    expect(items.some(({ facts }) => facts.title.includes('$'))).toBe(true);
    expect(items.some(({ facts }) => facts.version === 2)).toBe(true);
    // The note says which papers are made up. The others are real, because Hugging Face has them.
    const real = await fetchIds(lists);
    expect(items.filter(({ facts }) => real.has(facts.id)).length).toBeGreaterThan(0);
    for (const { facts } of items)
      expect([facts.id, facts.id.startsWith('2601.99')]).toEqual([facts.id, !real.has(facts.id)]);
  });
});

/** The ids of the sample of Hugging Face. */
async function fetchIds({ sourceUrls }: ChosenLists): Promise<ReadonlySet<string>> {
  const url = new URL(sourceUrls['hf-daily']);
  const days = ['2026-03-10', '2026-03-14', '2026-11-27'];
  const bodies = await Promise.all(days.map(async (day) => (await fetch(`${url.href}?date=${day}`)).text()));
  return new Set(bodies.join('').match(/\b\d{4}\.\d{5}\b/g));
}
