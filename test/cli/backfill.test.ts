import { PassThrough } from 'node:stream';
import { beforeEach, describe, expect, test } from '@jest/globals';
import { type BackfillOptions, backFillList } from '../../cli/backfill/backfill-list.ts';
import { type ArxivModel, createArxiv } from '../../local/arxiv/arxiv.ts';
import { createManualClock, type ManualClock } from '../../local/manual-clock.ts';
import type { Repositories } from '../../local/repositories.ts';
import { createHttpClient } from '../../shared/adapters/http/client.ts';
import { listsTextSchema } from '../../shared/domain/lists/lists.ts';
import { addDays, MS_PER_MINUTE, toEpochMs } from '../../shared/domain/time/time.ts';
import { type BackFillPorts, backFill } from '../../shared/pipeline/back-fill.ts';
import { type PaperIndex, PaperIndexError } from '../../shared/ports/search.ts';
import { createArxivSource } from '../../shared/sources/arxiv/arxiv.ts';
import { createHfDailySource } from '../../shared/sources/hf-daily/hf-daily.ts';
import { HF_PAGE_SIZE } from '../../shared/sources/hf-daily/hf-page.ts';
import type { Source } from '../../shared/sources/source.ts';
import { createArxivPaper } from '../factories/arxiv.ts';
import { makeHfItem } from '../factories/hf-item.ts';
import { createFakeTelemetry } from '../fakes/outside.ts';
import { createFakeRepositories } from '../fakes/repositories.ts';

const NOW = '2026-11-20T12:00:00.000Z';
/** Batches of arXiv, from Monday to Wednesday. */
const DAYS = ['2026-10-05', '2026-10-06', '2026-10-07'];
const LIST = 'arxiv/cs.CL';

let clock: ManualClock;
let arxiv: ArxivModel;
let repositories: Repositories;
let telemetry: ReturnType<typeof createFakeTelemetry>;
let printed: string[];
let errors: string[];
let interruption: AbortController;

/** Opens an arXiv with five papers on each day, in pages of `pageSize`. */
function openArxiv(pageSize: number): void {
  arxiv = createArxiv({ clock, timer: clock, pageSize });
  for (const [nth, day] of DAYS.entries()) {
    const papers = Array.from({ length: 5 }, (_, n) => ({
      action: 'new' as const,
      paper: createArxivPaper({ id: `2610.0${nth}00${n}`, versions: [`${addDays(day, -1)}T12:00:00.000Z`] }),
    }));
    arxiv.announce(day, papers);
  }
}

beforeEach(() => {
  clock = createManualClock(NOW);
  openArxiv(2);
  repositories = createFakeRepositories(clock);
  telemetry = createFakeTelemetry();
  [printed, errors] = [[], []];
  interruption = new AbortController();
});

const openPorts = (source: Source, fetch: typeof globalThis.fetch, index?: PaperIndex): BackFillPorts => {
  const http = createHttpClient({
    userAgent: 'Broadsheet (+https://papers.example.org)',
    allowedHosts: ['oaipmh.arxiv.org', 'huggingface.co'],
    rateLimit: { leases: repositories.leases, system: source.name, intervalMs: 3_000 },
    fetch,
    sleep: (ms) => clock.wait(ms),
    now: () => toEpochMs(clock.now()),
  });
  const lists = listsTextSchema.parse('hf-daily,arxiv/cs.CL,feed/Distill');
  return { ...repositories, index, lists, http, clock, timer: clock, telemetry };
};
const fromArxiv: typeof fetch = (...request) => arxiv.fetch(...request);
const run = (
  options: Partial<BackfillOptions> = {},
  source: Source = createArxivSource(),
  fetch: typeof globalThis.fetch = fromArxiv,
  index?: PaperIndex,
) =>
  backFillList(
    openPorts(source, fetch, index),
    source,
    { list: LIST, from: '2026-10-05', isYes: true, isJson: false, ...options },
    {
      print: (line) => printed.push(line),
      printError: (line) => errors.push(line),
      terminal: new PassThrough().resume(),
      input: new PassThrough(),
      onInterrupt: () => interruption.signal,
    },
  );
const idsOn = async (list: string, day: string) =>
  (await repositories.listings.load(list, day)).map(({ paperId }) => paperId);

test('saves the papers of every day since a day, and leaves the state of the source alone', async () => {
  expect(await run()).toBe(0);

  expect([printed, errors]).toEqual([['Read 15 records: 15 new papers, 0 changed.'], []]);
  for (const [nth, day] of DAYS.entries()) {
    expect(await idsOn(LIST, day)).toEqual([0, 1, 2, 3, 4].map((n) => `2610.0${nth}00${n}`));
    expect(await repositories.snapshots.loadHeaders(LIST, day, day)).toHaveLength(1);
  }
  expect(await repositories.sourceStates.load('arxiv')).toBeUndefined();
});

describe('while another run reads the source', () => {
  const before = { failuresInARow: 0, newestDay: '2026-10-07', days: '2026-10-01 9 8 0 0 0 0P 7' };
  const cursor = '{"days":{},"gaps":[]}';
  // In New York it is still Wednesday, so the batch of Tuesday is the last to read again.
  const until = '2026-10-08T02:10:00.000Z';

  beforeEach(async () => {
    clock.moveTo('2026-10-08T02:00:00.000Z');
    await repositories.sourceStates.save('arxiv', {
      cursor,
      lists: { [LIST]: before, 'arxiv/cs.CV': before },
    });
    await repositories.leases.acquire('ingest:arxiv', { holder: 'a run', at: clock.now(), until });
  });

  test('waits, and then notes the days with papers in the history of its list', async () => {
    expect(await run()).toBe(0);

    expect(clock.now() >= until).toBe(true);
    expect(await repositories.sourceStates.load('arxiv')).toEqual({
      cursor,
      lists: {
        [LIST]: { ...before, days: '2026-10-01 9 8 0 0 5L 5L 7' },
        'arxiv/cs.CV': before,
      },
    });
  });

  test('stops on Ctrl-C, and a repeat notes the days', async () => {
    const { wait } = clock;
    clock.wait = (ms) => {
      if (arxiv.requests.length === 8) interruption.abort();
      return wait(ms);
    };
    expect(await run()).toBe(130);
    expect(clock.now() < until).toBe(true);
    interruption = new AbortController();

    expect(await run()).toBe(0);

    const state = await repositories.sourceStates.load('arxiv');
    expect(state?.lists[LIST]?.days).toBe('2026-10-01 9 8 0 0 5L 5L 7');
  });
});

test('gives no history to a list that was never read', async () => {
  const state = { lists: { 'arxiv/cs.CV': { failuresInARow: 0 } } };
  await repositories.sourceStates.save('arxiv', state);

  expect(await run()).toBe(0);

  expect(await repositories.sourceStates.load('arxiv')).toEqual(state);
});

test('ends where it should while OpenSearch does not answer, and remembers the papers for the next run of ingest', async () => {
  const index = {
    save: () => Promise.reject(new PaperIndexError('it does not answer')),
  };

  expect(await run({}, createArxivSource(), undefined, index)).toBe(0);

  expect(printed).toEqual(['Read 15 records: 15 new papers, 0 changed.']);
  const remembered = (await repositories.sourceStates.load('unindexed#arxiv'))?.cursor;
  expect(JSON.parse(remembered ?? '')).toHaveLength(15);
});

test('a repeated back-fill starts again', async () => {
  await run();
  const asked = arxiv.requests.length;

  expect(await run({ isJson: true })).toBe(0);

  expect(arxiv.requests).toHaveLength(2 * asked);
  expect(JSON.parse(printed[1] ?? '')).toMatchObject({
    list: LIST,
    from: '2026-10-05',
    created: 0,
    isDone: true,
  });
});

test.each([
  ['another start', { from: '2026-10-07' }],
  ['another category', { category: 'cs.CV' }],
  ['parts of other days', { from: '2026-10-07', parts: [{ from: '2026-10-08' }] }],
  ['a page of another category', { category: 'cs.CV', token: 'x', tokenDay: NOW.slice(0, 10) }],
])('starts again if the stored gap names %s', async (_, damage) => {
  const gap = { category: 'cs.CL', from: '2026-10-05', until: '2026-11-19', isNew: true, ...damage };
  const state = { cursor: JSON.stringify(gap), lists: {} };
  await repositories.sourceStates.save(`backfill#${LIST}#2026-10-05`, state);

  expect(await run()).toBe(0);

  for (const day of DAYS) expect(await idsOn(LIST, day)).toHaveLength(5);
});

test.each([
  ['a failure', 1, ['HTTP 404', 'Not finished. Run the same command again for the rest.']],
  ['Ctrl-C', 130, ['Stopped. Run the same command again for the rest.']],
])('goes on after %s where it ended', async (what, exitCode, said) => {
  let pages = 0;
  const stopping: typeof fetch = async (...request) => {
    pages += 1;
    if (pages <= 6) return arxiv.fetch(...request);
    if (what === 'Ctrl-C') interruption.abort();
    return new Response('', { status: 404 });
  };
  expect(await run({}, createArxivSource(), stopping)).toBe(exitCode);
  for (const text of said) expect(errors.join('\n')).toContain(text);
  const asked = arxiv.requests.length;
  interruption = new AbortController();

  expect(await run()).toBe(0);

  // Eight pages in all, of which six came before.
  expect(arxiv.requests).toHaveLength(asked + 2);
  expect(await idsOn(LIST, '2026-10-07')).toHaveLength(5);
});

test('goes on after a crash where the last run of ingest was saved', async () => {
  const { papers } = repositories;
  let pages = 0;
  const counting: typeof fetch = (...request) => {
    pages += 1;
    return arxiv.fetch(...request);
  };
  const save: typeof papers.save = (facts, seenAt) =>
    pages === 7 ? Promise.reject(new Error('the table is gone')) : papers.save(facts, seenAt);
  repositories = { ...repositories, papers: { ...papers, save } };
  await expect(run({}, createArxivSource(), counting)).rejects.toThrow('the table is gone');

  expect(await run({}, createArxivSource(), counting)).toBe(0);

  // The first run of ingest ended after five of the eight pages.
  expect(pages).toBe(7 + 3);
  for (const day of DAYS) expect(await idsOn(LIST, day)).toHaveLength(5);
});

test('ends if the last page of a run of ingest is the last of all', async () => {
  openArxiv(1);
  let pages = 0;
  const short: typeof fetch = async (...request) => {
    pages += 1;
    return pages <= 15 ? arxiv.fetch(...request) : new Response('', { status: 404 });
  };

  expect(await run({}, createArxivSource(), short)).toBe(0);

  expect(printed).toEqual(['Read 15 records: 15 new papers, 0 changed.']);
});

test('asks for no more pages after Ctrl-C', async () => {
  const interrupting: typeof fetch = (...request) => {
    interruption.abort();
    return arxiv.fetch(...request);
  };

  expect(await run({}, createArxivSource(), interrupting)).toBe(130);

  expect(arxiv.requests).toHaveLength(1);
  expect(await idsOn(LIST, '2026-10-05')).toHaveLength(2);
});

test('shows its progress after each page', async () => {
  const source = createArxivSource();
  const { backFill: fetchAgain } = source;
  if (!fetchAgain) throw new Error('arXiv can be read again');
  const read: number[] = [];
  const wanted = { list: LIST, from: '2026-10-05' };

  await backFill(openPorts(source, fromArxiv), { ...source, backFill: fetchAgain }, wanted, (answer) =>
    read.push(answer.itemsRead),
  );

  expect(read).toEqual([2, 2, 2, 2, 2, 2, 2, 1]);
});

test('does not judge whether its list is up to date', async () => {
  await run();

  expect(telemetry.counts.get('ItemsRead')).toBe(15);
  expect(telemetry.counts.has('ListOverdue')).toBe(false);
});

test('reads all other days if one cannot be read, and that day once it works', async () => {
  const failing: typeof fetch = async (...request) => {
    const body = await (await arxiv.fetch(...request)).text();
    return new Response(body, { status: body.includes('2610.01003') ? 404 : 200 });
  };
  for (let tries = 1; tries <= 6; tries += 1) {
    clock.moveBy(MS_PER_MINUTE);
    expect(await run({}, createArxivSource(), failing)).toBe(1);
  }
  expect(errors.at(-2)).toContain('from 2026-10-05 to 2026-11-19, changed on 2026-10-06');
  for (const day of ['2026-10-05', '2026-10-07']) expect(await idsOn(LIST, day)).toHaveLength(5);

  expect(await run()).toBe(0);

  for (const day of DAYS) expect(await idsOn(LIST, day)).toHaveLength(5);
});

describe('of Hugging Face', () => {
  const answer: typeof fetch = async (input) => {
    const day = new URL(String(input)).searchParams.get('date') ?? '';
    const id = `2610.${day.slice(5).replace('-', '')}0`;
    return new Response(JSON.stringify([makeHfItem({ id, submittedOnDailyAt: `${day}T08:00:00.000Z` })]));
  };

  test('reads every day up to today', async () => {
    expect(await run({ list: 'hf-daily', from: '2026-11-09' }, createHfDailySource(), answer)).toBe(0);

    expect(printed).toEqual(['Read 12 records: 12 new papers, 0 changed.']);
    expect(await idsOn('hf-daily', '2026-11-09')).toEqual(['2610.11090']);
    expect(await idsOn('hf-daily', '2026-11-20')).toEqual(['2610.11200']);
  });

  test('notes days with a single paper, and leaves a day without any as it was', async () => {
    const before = { failuresInARow: 0, newestDay: '2026-11-17', days: '2026-11-17 0P 0P 0P 0' };
    await repositories.sourceStates.save('hf-daily', { lists: { 'hf-daily': before } });
    const partly: typeof fetch = async (input) =>
      String(input).includes('2026-11-18') ? new Response('[]') : answer(input);

    await run({ list: 'hf-daily', from: '2026-11-17' }, createHfDailySource(), partly);

    expect((await repositories.sourceStates.load('hf-daily'))?.lists['hf-daily']).toEqual({
      failuresInARow: 0,
      newestDay: '2026-11-20',
      days: '2026-11-17 1L 0P 1L 1L',
    });
  });

  test('ends if there is no day to read', async () => {
    const state = { lists: { 'hf-daily': { failuresInARow: 0, newestDay: '2026-11-20' } } };
    await repositories.sourceStates.save('hf-daily', state);

    expect(await run({ list: 'hf-daily', from: '2026-11-21' }, createHfDailySource(), answer)).toBe(0);

    expect(printed).toEqual(['Read 0 records: 0 new papers, 0 changed.']);
    expect(await repositories.sourceStates.load('hf-daily')).toEqual(state);
  });

  test('starts again after it has read every day', async () => {
    const renamed: typeof fetch = async (...request) =>
      new Response((await (await answer(...request)).text()).replaceAll('Teaching', 'Showing'));
    for (const fetch of [answer, renamed])
      await run({ list: 'hf-daily', from: '2026-11-18' }, createHfDailySource(), fetch);

    expect(printed).toEqual([
      'Read 3 records: 3 new papers, 0 changed.',
      'Read 3 records: 0 new papers, 3 changed.',
    ]);
  });

  test('counts the records that cannot be read', async () => {
    const odd: typeof fetch = async (input) =>
      String(input).includes('2026-11-18')
        ? new Response(JSON.stringify([{}, makeHfItem({ title: '' }, { title: '' })]))
        : answer(input);

    expect(await run({ list: 'hf-daily', from: '2026-11-17' }, createHfDailySource(), odd)).toBe(0);

    expect(printed).toEqual(['Read 5 records: 3 new papers, 0 changed. 2 records could not be read.']);
  });

  test('reads a day whole that has more pages than a run of ingest reads', async () => {
    const pages: string[] = [];
    const long: typeof fetch = async (input) => {
      const { searchParams } = new URL(String(input));
      const [day, page] = [searchParams.get('date') ?? '', Number(searchParams.get('p'))];
      pages.push(`${day} ${page}`);
      // An endless repetition fails.
      if (pages.length > 20) return new Response('', { status: 404 });
      if (day < '2026-11-20') return answer(input);
      const items = Array.from({ length: page < 5 ? HF_PAGE_SIZE : 1 }, (_, n) =>
        makeHfItem({
          id: `2610.${String(page * HF_PAGE_SIZE + n).padStart(5, '0')}`,
          submittedOnDailyAt: '2026-11-20T08:00:00.000Z',
        }),
      );
      return new Response(JSON.stringify(items));
    };

    expect(await run({ list: 'hf-daily', from: '2026-11-19' }, createHfDailySource(), long)).toBe(0);

    // The first run of ingest ends within the long day, and the second one reads that day from its start.
    const ofLongDay = pages.filter((page) => page.startsWith('2026-11-20'));
    expect(ofLongDay.map((page) => page.at(-1)).join('')).toBe('0123012345');
    expect(await idsOn('hf-daily', '2026-11-20')).toHaveLength(5 * HF_PAGE_SIZE + 1);
  });

  const failing: typeof fetch = async (input) =>
    String(input).includes('2026-11-17') ? new Response('', { status: 404 }) : answer(input);

  test('begins at another day whatever an interrupted command has read', async () => {
    await run({ list: 'hf-daily', from: '2026-11-16' }, createHfDailySource(), failing);

    await run({ list: 'hf-daily', from: '2026-11-09' }, createHfDailySource(), answer);

    expect(printed[1]).toBe('Read 12 records: 8 new papers, 0 changed.');
    expect(await idsOn('hf-daily', '2026-11-09')).toEqual(['2610.11090']);
  });

  /** Fails on these days, and keeps the days that were asked for. */
  const failingOn = (...days: readonly string[]) => {
    const asked: string[] = [];
    const fetch: typeof globalThis.fetch = async (input) => {
      const day = new URL(String(input)).searchParams.get('date') ?? '';
      asked.push(day);
      return days.includes(day) ? new Response('', { status: 404 }) : answer(input);
    };
    return { asked, fetch };
  };
  const options = { list: 'hf-daily', from: '2026-11-09' };

  test('reads all other days if one always fails, names it, and tries only that one again', async () => {
    const before = { failuresInARow: 0, newestDay: '2026-11-09', days: '2026-11-09 0P 0 0 0 0 0 0 0 0P 0' };
    await repositories.sourceStates.save('hf-daily', { lists: { 'hf-daily': before } });
    const { asked, fetch } = failingOn('2026-11-17');

    expect(await run(options, createHfDailySource(), fetch)).toBe(1);

    expect(errors).toEqual([
      expect.stringContaining('2026-11-17 page 0: HTTP 404'),
      '1 day could not be read: 2026-11-17.',
      'All other days were read. Run the same command again to try the failed ones again.',
    ]);
    expect(printed).toEqual(['Read 11 records: 11 new papers, 0 changed.']);
    const days = async () => (await repositories.sourceStates.load('hf-daily'))?.lists['hf-daily']?.days;
    expect(await days()).toBe('2026-11-09 1L 1L 1L 1L 1L 1 1 1L 0P 1L 1L 1L');

    asked.splice(0);
    expect(await run(options, createHfDailySource(), fetch)).toBe(1);
    expect(asked).toEqual(['2026-11-17']);

    expect(await run(options, createHfDailySource(), answer)).toBe(0);
    expect(printed.at(-1)).toBe('Read 1 record: 1 new paper, 0 changed.');
    expect(await days()).toBe('2026-11-09 1L 1L 1L 1L 1L 1 1 1L 1L 1L 1L 1L');
    // It has nothing left, so it starts again.
    await run({ ...options, isJson: true }, createHfDailySource(), answer);
    expect(JSON.parse(printed.at(-1) ?? '')).toMatchObject({ itemsRead: 12, failedDays: [], isDone: true });
  });

  test('stops after five failed days in a row, and each call asks for days that were not asked for', async () => {
    const bad = ['09', '10', '11', '12', '13', '14'].map((day) => `2026-11-${day}`);
    const { asked, fetch } = failingOn(...bad);

    expect(await run(options, createHfDailySource(), fetch)).toBe(1);
    expect(asked).toEqual(bad.slice(0, 5));
    expect(errors.at(-1)).toBe('Not finished. Run the same command again for the rest.');
    expect(errors.at(-2)).toBe(`5 days could not be read: ${bad.slice(0, 5).join(', ')}.`);

    asked.splice(0);
    expect(await run(options, createHfDailySource(), fetch)).toBe(1);
    expect(asked.slice(0, 7)).toEqual([14, 15, 16, 17, 18, 19, 20].map((day) => `2026-11-${day}`));
    // The sixth bad day is new. Of the five old ones, each gets one try.
    expect(asked.slice(7)).toEqual(bad.slice(0, 5));
    expect(await run(options, createHfDailySource(), answer)).toBe(0);
    expect(await idsOn('hf-daily', '2026-11-14')).toEqual(['2610.11140']);
  });

  test('goes on after Ctrl-C with the days that failed and those that were not read', async () => {
    const { asked, fetch } = failingOn('2026-11-10');
    const stopping: typeof fetch = (...request) => {
      if (asked.length === 3) interruption.abort();
      return fetch(...request);
    };
    expect(await run(options, createHfDailySource(), stopping)).toBe(130);
    interruption = new AbortController();
    asked.splice(0);

    expect(await run(options, createHfDailySource(), failingOn().fetch)).toBe(0);

    for (const day of ['10', '12', '13']) expect(await idsOn('hf-daily', `2026-11-${day}`)).toHaveLength(1);
  });

  test.each(['2026-11-01', '2026-11-18 2026-11-07'])(
    'starts again if the stored days are earlier than the start: %s',
    async (cursor) => {
      await repositories.sourceStates.save('backfill#hf-daily#2026-11-09', { cursor, lists: {} });
      const { asked, fetch } = failingOn();

      expect(await run(options, createHfDailySource(), fetch)).toBe(0);

      expect([asked[0], asked.length]).toEqual(['2026-11-09', 12]);
    },
  );

  test('goes on where an earlier release ended', async () => {
    const state = { cursor: '2026-11-18', lists: {} };
    await repositories.sourceStates.save('backfill#hf-daily#2026-11-09', state);
    const { asked, fetch } = failingOn();

    expect(await run(options, createHfDailySource(), fetch)).toBe(0);

    expect(asked).toEqual(['2026-11-19', '2026-11-20']);
  });
});

test('refuses a source that has only its newest papers', async () => {
  const source: Source = { name: 'feed', async *fetch() {} };
  await expect(run({ list: 'feed/Distill' }, source)).rejects.toThrow(
    'Distill has only its newest papers. There is nothing to read again.',
  );
});
