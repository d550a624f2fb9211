import { beforeEach, describe, expect, test } from '@jest/globals';
import { createManualClock, type ManualClock } from '../../../local/manual-clock.ts';
import { localTables, openRepositories, type Repositories } from '../../../local/repositories.ts';
import { type ListState, toListState } from '../../../shared/domain/lists/list-state.ts';
import { findList, type KnownList, listsTextSchema } from '../../../shared/domain/lists/lists.ts';
import { MS_PER_HOUR } from '../../../shared/domain/time/time.ts';
import { type IngestPorts, ingest, MAX_NAMED } from '../../../shared/pipeline/ingest.ts';
import { type PaperIndex, PaperIndexError } from '../../../shared/ports/search.ts';
import { SNAPSHOT_DAYS } from '../../../shared/ports/snapshots.ts';
import type { Source, SourceAnswer, SourceItem, SourceRequest } from '../../../shared/sources/source.ts';
import { createFacts, createListing } from '../../factories/papers.ts';
import { scriptHttpClient } from '../../factories/scripted-http-client.ts';
import { createMemoryDynamoDb } from '../../fakes/dynamodb/memory-dynamodb.ts';
import { openDocuments } from '../../fakes/dynamodb/open-documents.ts';
import { createFakeTelemetry } from '../../fakes/outside.ts';
import { createFakeRepositories } from '../../fakes/repositories.ts';
import { answerRequests } from '../../fakes/request-handler.ts';

const T0 = '2026-01-05T08:00:00.000Z';
const T1 = '2026-01-05T09:00:00.000Z';
const LIST = 'hf-daily';
const NEVER = { timeZone: 'Etc/UTC', weekdays: [], dueHour: 0 };

let clock: ManualClock;
let repositories: Repositories;
let telemetry: ReturnType<typeof createFakeTelemetry>;
let ports: IngestPorts;

beforeEach(() => {
  clock = createManualClock(T0);
  repositories = createFakeRepositories(clock);
  telemetry = createFakeTelemetry();
  const lists = listsTextSchema.parse('hf-daily');
  ports = {
    ...repositories,
    lists,
    http: scriptHttpClient(() => new Error('nothing to read')),
    clock,
    telemetry,
  };
});

/** Returns a source that yields these answers, and records its requests. */
const createSource = (
  ...answers: readonly SourceAnswer[]
): Source & { readonly requests: SourceRequest[] } => {
  const requests: SourceRequest[] = [];
  return {
    name: 'hf-daily',
    requests,
    async *fetch(request) {
      requests.push(request);
      yield* answers;
    },
  };
};
const createItem = (
  id: string,
  facts: Partial<SourceItem['facts']> = {},
  day = '2026-01-05',
): SourceItem => ({
  facts: createFacts({ id, ...facts }),
  listings: [createListing({ paperId: id, day, firstSeenAt: clock.now() })],
});
const createAnswer = (items: readonly SourceItem[], overrides: Partial<SourceAnswer> = {}): SourceAnswer => ({
  lists: [LIST],
  asked: '2026-01-05 page 0',
  itemsRead: items.length + (overrides.rejections?.length ?? 0),
  items,
  rejections: [],
  corrections: [],
  cursor: '2026-01-05',
  ...overrides,
});
const read = (to: IngestPorts, source: Source, signal?: AbortSignal) => ingest(to, source, signal);
/** The cursor of the source and the history of its list. */
const stateOf = async () => {
  const state = await repositories.sourceStates.load('hf-daily');
  return state && { failuresInARow: 0, ...state.lists[LIST], cursor: state.cursor };
};
const failing = () => Promise.reject(new Error('the table is gone'));

describe('reading a source', () => {
  test('saves papers and listings, and reports what it read, each paper once', async () => {
    const source = createSource(
      createAnswer([createItem('2601.00001'), createItem('2601.00002')], {
        rejections: [{ item: '#2', reason: 'no title' }],
      }),
      createAnswer([createItem('2601.00002', {}, '2026-01-06')], { cursor: '2026-01-06' }),
    );

    const summary = await read(ports, source);

    expect(summary).toEqual({
      itemsRead: 4,
      itemsRejected: 1,
      rejections: [{ asked: '2026-01-05 page 0', item: '#2', reason: 'no title' }],
      paperIds: new Set(['2601.00001', '2601.00002']),
      created: 2,
      updated: 0,
      // The two days that were read, and those of the last weeks.
      snapshotsWritten: SNAPSHOT_DAYS + 2,
      segmentsWritten: 0,
      problems: [],
    });
    expect(await repositories.papers.loadMany(['2601.00001', '2601.00002'])).toHaveLength(2);
    expect(await repositories.listings.load(LIST, '2026-01-05')).toHaveLength(2);
    expect(await repositories.listings.load(LIST, '2026-01-06')).toHaveLength(1);
  });

  test('reads from its cursor, with its clock, its client and its signal', async () => {
    const { signal } = new AbortController();
    const source = createSource(createAnswer([]));

    await read(ports, source);
    const first = await repositories.sourceStates.load('hf-daily');
    await read(ports, source, signal);

    expect(source.requests).toEqual([
      { lists: [LIST], histories: {}, cursor: undefined, now: T0, http: ports.http, signal: undefined },
      { lists: [LIST], histories: first?.lists, cursor: '2026-01-05', now: T0, http: ports.http, signal },
    ]);
    expect(source.requests[1]?.signal).toBe(signal);
  });

  test('asks for the lists of its source alone, and does not judge the others', async () => {
    const lists = listsTextSchema.parse('hf-daily,arxiv/cs.CL');
    const source = createSource(createAnswer([createItem('2601.00001')]));

    await read({ ...ports, lists }, source);

    expect(source.requests.map((request) => request.lists)).toEqual([[LIST]]);
    expect(telemetry.counts.get('ListOverdue')).toBe(0);
  });

  test('counts a stale list, a fresh one and a broken one', async () => {
    const overdueAfter = async (...answers: readonly SourceAnswer[]) => {
      telemetry.counts.clear();
      await read(ports, createSource(...answers));
      return telemetry.counts.get('ListOverdue');
    };
    const unreadable = createAnswer([], { problem: 'HTTP 503' });
    clock.moveTo('2026-01-05T13:00:00.000Z');

    expect(await overdueAfter(createAnswer([]))).toBe(1);
    expect(await overdueAfter(createAnswer([createItem('2601.00001')]))).toBe(0);
    expect(await overdueAfter(unreadable)).toBe(1);
    expect(await overdueAfter(createAnswer([createItem('2601.00001')]))).toBe(0);
  });

  test('counts items read, rejected, new and changed, and failures', async () => {
    await read(ports, createSource(createAnswer([createItem('2601.00001')])));
    telemetry.counts.clear();

    await read(
      ports,
      createSource(
        createAnswer([createItem('2601.00001', { upvotes: 90 }), createItem('2601.00002')], {
          rejections: [{ item: '#2', reason: 'no title' }],
          problem: 'cut short',
        }),
      ),
    );

    expect(Object.fromEntries(telemetry.counts)).toEqual({
      ItemsRead: 3,
      ItemsRejected: 1,
      ListOverdue: 1,
      PapersCreated: 1,
      PapersUpdated: 1,
      SourceFailures: 1,
    });
    expect(telemetry.sentences).toEqual([
      'An answer of a source could not be read whole',
      'An item of a source was rejected',
      'Papers of lists may be missing',
    ]);
  });

  test('reports and counts only replaced dates', async () => {
    const corrections = [{ item: '2601.00001', reason: 'paper.publishedAt is missing' }];

    await read(ports, createSource(createAnswer([createItem('2601.00001')], { corrections })));
    expect(telemetry.counts.get('DatesCorrected')).toBe(1);
    expect(telemetry.sentences).toEqual(['A date of an item was replaced']);

    telemetry.counts.clear();
    await read(ports, createSource(createAnswer([createItem('2601.00001')])));
    expect(telemetry.counts.has('DatesCorrected')).toBe(false);
  });

  test('names a bounded number of rejected items', async () => {
    const rejections = Array.from({ length: MAX_NAMED + 1 }, (_, n) => ({
      item: `#${n}`,
      reason: 'no title',
    }));

    const summary = await read(ports, createSource(createAnswer([], { rejections })));

    expect(summary.itemsRejected).toBe(MAX_NAMED + 1);
    expect(summary.rejections).toHaveLength(MAX_NAMED);
  });

  test('rejects a paper that is too large for the table, and keeps the others', async () => {
    const large = createItem('2601.00001', { abstract: 'a'.repeat(500_000) });
    const source = createSource(createAnswer([large, createItem('2601.00002')]));

    const summary = await read(ports, source);

    expect(summary).toMatchObject({ itemsRead: 2, itemsRejected: 1, created: 1 });
    expect(summary.rejections).toMatchObject([{ item: '2601.00001', asked: '2026-01-05 page 0' }]);
    expect(summary.paperIds).toEqual(new Set(['2601.00002']));
    expect(telemetry.sentences).toContain('An item of a source was rejected');
    expect(await repositories.listings.load(LIST, '2026-01-05')).toMatchObject([{ paperId: '2601.00002' }]);
    expect(await stateOf()).toMatchObject({ cursor: '2026-01-05', failuresInARow: 0 });
  });

  test('ends if the table refuses the request itself, so that no paper is lost', async () => {
    await read(ports, createSource(createAnswer([], { cursor: '2026-01-04' })));
    const documents = openDocuments(createMemoryDynamoDb(localTables));
    answerRequests(documents, ({ target = '' }, _, forward) => {
      const name = 'ValidationException';
      if (target.endsWith('.PutItem'))
        throw Object.assign(new Error('Expression size has exceeded'), { name });
      return forward();
    });
    const { papers } = openRepositories(documents, localTables, clock);

    const reading = read({ ...ports, papers }, createSource(createAnswer([createItem('2601.00001')])));

    await expect(reading).rejects.toThrow('Expression size has exceeded');
    expect(await stateOf()).toMatchObject({ cursor: '2026-01-04' });
  });

  test('keeps the good items of a bad answer, and reads that page again next time', async () => {
    const summary = await read(
      ports,
      createSource(
        createAnswer([createItem('2601.00001')], { cursor: 'behind the first' }),
        createAnswer([createItem('2601.00002')], {
          asked: 'page 1',
          problem: 'HTTP 502',
          cursor: 'behind the first',
        }),
      ),
    );

    expect(summary.problems).toEqual(['page 1: HTTP 502']);
    expect([...summary.paperIds]).toEqual(['2601.00001', '2601.00002']);
    expect(await stateOf()).toMatchObject({ cursor: 'behind the first', failuresInARow: 0 });
  });

  test('a source without an answer keeps its cursor', async () => {
    await read(ports, createSource(createAnswer([])));

    await read(ports, createSource());

    expect((await stateOf())?.cursor).toBe('2026-01-05');
  });
});

describe('the state of a list', () => {
  const bad = () => createSource(createAnswer([], { problem: 'HTTP 502' }));

  test('counts the failures in a row, and keeps the last success through them', async () => {
    await read(ports, createSource(createAnswer([createItem('2601.00001')])));
    clock.moveTo(T1);

    await read(ports, bad());
    await read(ports, bad());
    expect(await stateOf()).toMatchObject({ failuresInARow: 2, lastSuccessAt: T0, lastNewAt: T0 });

    await read(ports, createSource(createAnswer([])));
    expect(await stateOf()).toMatchObject({ failuresInARow: 0, lastSuccessAt: T1, lastNewAt: T0 });
  });

  test('has new papers only if an id is new', async () => {
    await read(ports, createSource(createAnswer([createItem('2601.00001')])));
    clock.moveTo(T1);

    await read(ports, createSource(createAnswer([createItem('2601.00001', { upvotes: 90 })])));
    expect((await stateOf())?.lastNewAt).toBe(T0);

    await read(ports, createSource(createAnswer([createItem('2601.00002')])));
    expect((await stateOf())?.lastNewAt).toBe(T1);
  });

  test('has new papers after a read that failed in part', async () => {
    await read(ports, createSource(createAnswer([createItem('2601.00001')], { problem: 'cut short' })));

    expect(await stateOf()).toEqual({
      cursor: '2026-01-05',
      lastSuccessAt: T0,
      lastNewAt: T0,
      newestDay: '2026-01-05',
      failuresInARow: 0,
      isNewestWhole: false,
      days: '2026-01-05 1P',
    });
  });

  const item = { facts: createFacts(), listings: [createListing({ firstSeenAt: T0 })] };
  const whole = () => createAnswer([item]);
  const cut = () => createAnswer([item], { problem: 'the list breaks off after 1 item' });
  const unread = () => createAnswer([], { problem: 'HTTP 503' });
  const empty = () => createAnswer([]);
  const rejection = { item: '#0', reason: 'no title' };
  const friday = {
    facts: createFacts({ id: '2601.00009' }),
    listings: [createListing({ paperId: '2601.00009', day: '2026-01-02', firstSeenAt: T0 })],
  };

  test.each<[string, SourceAnswer[], ListState, ...SourceAnswer[][]]>([
    ['the newest day was complete', [whole(), whole()], 'fresh'],
    ['an older day failed', [unread(), whole()], 'fresh'],
    ['an older day came in part', [cut(), whole(), empty()], 'fresh'],
    ['no later day has a list yet', [whole(), empty(), empty()], 'fresh'],
    ['the newest day failed', [whole(), unread()], 'partial'],
    ['the newest day came in part', [whole(), cut()], 'partial'],
    ['its second page failed', [whole(), whole(), unread()], 'partial'],
    ['the newest day failed, and today has no list yet', [whole(), unread(), empty()], 'partial'],
    ['Friday came in part, and the weekend has no list', [cut(), empty(), empty()], 'partial'],
    ['one of its items was rejected', [createAnswer([item], { rejections: [rejection] })], 'fresh'],
    [
      'every item of the newest day was rejected',
      [whole(), createAnswer([], { rejections: [rejection] })],
      'partial',
    ],
    ['the time ran out', [whole(), createAnswer([], { problem: 'not read: no time was left' })], 'partial'],
    [
      'the newest day failed, and the next run reads only empty lists',
      [unread()],
      'partial',
      [empty(), empty()],
    ],
    ['the newest day was complete, and the next run reads only empty lists', [whole()], 'fresh', [empty()]],
    [
      'the newest day failed, and the next run knows that there is nothing new',
      [whole(), unread()],
      'fresh',
      [createAnswer([], { isWholeIfEmpty: true })],
    ],
    [
      'the newest day came in part, and a later answer filled it',
      [cut()],
      'fresh',
      [{ ...whole(), saysNothingOfNewest: true }],
    ],
    [
      'the newest day could not be read, and a later answer filled another',
      [unread()],
      'partial',
      [{ ...createAnswer([friday]), saysNothingOfNewest: true }],
    ],
    [
      'the newest day came in part, and a later answer filled another',
      [cut()],
      'partial',
      [{ ...createAnswer([friday]), saysNothingOfNewest: true }],
    ],
  ])('is right when %s', async (_, answers, expected, ...laterRuns) => {
    const source = createSource(...answers);
    await read(ports, source);
    for (const later of laterRuns) await read(ports, createSource(...later));
    const state = await stateOf();

    expect(state && toListState(state, findList('hf-daily')?.calendar ?? NEVER, clock.now())).toBe(expected);
  });

  test('has a past day in part until one read of it was whole', async () => {
    const friday = (id: string) => createItem(id, {}, '2026-01-02');
    const cutFriday = createAnswer([friday('2601.00002')], { problem: 'cut short' });
    await read(ports, createSource(cutFriday, whole()));
    expect((await stateOf())?.days).toBe('2026-01-02 1P 0 0 1');

    await read(ports, createSource(cutFriday, whole()));
    expect((await stateOf())?.days).toBe('2026-01-02 1P 0 0 1');

    await read(ports, createSource(createAnswer([friday('2601.00002')]), whole()));
    expect((await stateOf())?.days).toBe('2026-01-02 1 0 0 1');

    await read(ports, createSource(cutFriday, whole()));
    expect((await stateOf())?.days).toBe('2026-01-02 1 0 0 1');
  });

  test('has a past day in part if one of its pages was cut short, or its first papers were', async () => {
    const on = (day: string, ids: readonly string[], problem?: string) =>
      createAnswer(
        ids.map((id) => createItem(id, {}, day)),
        { problem },
      );
    const secondPage = on('2026-01-02', ['2601.00003'], 'cut short');
    await read(ports, createSource(on('2026-01-02', ['2601.00002']), secondPage, whole()));
    expect((await stateOf())?.days).toBe('2026-01-02 2P 0 0 1');

    await read(ports, createSource(on('2026-01-03', ['2601.00004'], 'cut short'), whole()));
    expect((await stateOf())?.days).toBe('2026-01-02 2P 1P 0 1');
  });

  test('is partial on the next day, too, while only missed days are read', async () => {
    await read(ports, createSource(cut()));
    clock.moveTo('2026-01-06T08:00:00.000Z');

    await read(ports, createSource({ ...createAnswer([friday]), saysNothingOfNewest: true }));

    expect((await stateOf())?.isNewestWhole).toBe(false);
  });

  test('has a day late if its first papers came after they were due', async () => {
    await read(ports, createSource(createAnswer([createItem('2601.00001', {}, '2026-01-02')])));
    clock.moveTo('2026-01-05T13:00:00.000Z');

    await read(ports, createSource(createAnswer([createItem('2601.00002')])));

    expect((await stateOf())?.days).toBe('2026-01-02 1 0 0 1L');
  });

  test('has no newest day that is still to come', async () => {
    const tomorrow = createItem('2601.00002', {}, '2026-01-06');

    await read(ports, createSource(createAnswer([createItem('2601.00001'), tomorrow])));

    expect((await stateOf())?.newestDay).toBe('2026-01-05');
  });

  test('says nothing of an answer that fills a gap', async () => {
    await read(ports, createSource(whole()));
    const before = await stateOf();
    clock.moveTo(T1);

    await read(ports, createSource({ ...unread(), saysNothingOfNewest: true }));

    expect(await stateOf()).toEqual(before);
    expect(telemetry.counts.get('SourceFailures')).toBe(1);
  });

  test('is no longer partial after its newest day is read completely', async () => {
    await read(ports, createSource(whole(), unread()));
    await read(ports, createSource());
    expect((await stateOf())?.isNewestWhole).toBe(false);

    await read(ports, createSource(whole(), empty()));
    expect((await stateOf())?.isNewestWhole).toBe(true);
  });
});

describe('a source with several lists', () => {
  const listOf = (id: string): KnownList => ({
    id,
    source: 'hf-daily',
    name: id,
    url: `https://arxiv.org/list/${id}`,
    calendar: { timeZone: 'Etc/UTC', weekdays: [1, 2, 3, 4, 5], dueHour: 4 },
  });
  const LISTS = ['arxiv/cs.CL', 'arxiv/cs.LG', 'arxiv/cs.CV'].map(listOf);
  const itemOn = (list: string, id: string): SourceItem => {
    const { facts } = createItem(id);
    return { facts, listings: [createListing({ paperId: id, list, firstSeenAt: clock.now() })] };
  };

  test('keeps a history of each list, and one cursor', async () => {
    const all = LISTS.map(({ id }) => id);
    const both = createAnswer([itemOn('arxiv/cs.CL', '2601.00001'), itemOn('arxiv/cs.LG', '2601.00001')], {
      lists: ['arxiv/cs.CL', 'arxiv/cs.LG'],
    });
    const failed = createAnswer([], { lists: ['arxiv/cs.CV'], problem: 'HTTP 503', cursor: 'after both' });
    const source = createSource(both, failed);

    await ingest({ ...ports, lists: LISTS }, source);

    const wholeRead = {
      lastSuccessAt: T0,
      lastNewAt: T0,
      newestDay: '2026-01-05',
      failuresInARow: 0,
      isNewestWhole: true,
      days: '2026-01-05 1',
    };
    expect(source.requests[0]?.lists).toEqual(all);
    expect(await repositories.sourceStates.load('hf-daily')).toEqual({
      cursor: 'after both',
      lists: {
        'arxiv/cs.CL': wholeRead,
        'arxiv/cs.LG': wholeRead,
        'arxiv/cs.CV': { failuresInARow: 1, isNewestWhole: false, days: '2026-01-05 0P' },
      },
    });
  });

  test('keeps the history of a list that is no longer followed', async () => {
    await ingest({ ...ports, lists: LISTS }, createSource(createAnswer([], { lists: ['arxiv/cs.CL'] })));
    clock.moveTo(T1);

    const answer = createAnswer([], { lists: ['arxiv/cs.LG', 'arxiv/cs.CV'] });
    await ingest({ ...ports, lists: LISTS.slice(1) }, createSource(answer));

    const state = await repositories.sourceStates.load('hf-daily');
    expect(state?.lists['arxiv/cs.CL']?.lastSuccessAt).toBe(T0);
    expect(state?.lists['arxiv/cs.LG']?.lastSuccessAt).toBe(T1);
  });
});

describe('a repeat', () => {
  test('writes no stored item again, and keeps the time of the first read', async () => {
    const source = () => createSource(createAnswer([createItem('2601.00001'), createItem('2601.00002')]));
    await read(ports, source());
    clock.moveBy(MS_PER_HOUR);
    const listed: string[] = [];
    const save: IngestPorts['listings']['save'] = async (listing) => void listed.push(listing.paperId);

    const summary = await read({ ...ports, listings: { ...repositories.listings, save } }, source());

    expect(summary).toMatchObject({ itemsRead: 2, created: 0, updated: 0 });
    expect(listed).toEqual([]);
    const listings = await repositories.listings.load(LIST, '2026-01-05');
    expect(listings.map(({ firstSeenAt }) => firstSeenAt)).toEqual([T0, T0]);
  });

  test.each<[string, () => Partial<IngestPorts>]>([
    ['papers', () => ({ papers: { ...repositories.papers, save: failing } })],
    ['listings', () => ({ listings: { ...repositories.listings, save: failing } })],
    ['known listings', () => ({ listings: { ...repositories.listings, load: failing } })],
  ])('starts at the same cursor if its %s could not be saved', async (_, broken) => {
    await read(ports, createSource(createAnswer([createItem('2601.00001')], { cursor: 'first' })));
    const before = await stateOf();
    clock.moveTo(T1);
    const source = createSource(createAnswer([createItem('2601.00002')], { cursor: 'second' }));

    await expect(read({ ...ports, ...broken() }, source)).rejects.toThrow('the table is gone');
    expect(await stateOf()).toEqual(before);

    await read(ports, source);
    expect(source.requests.map(({ cursor }) => cursor)).toEqual(['first', 'first']);
    expect((await stateOf())?.cursor).toBe('second');
    expect(await repositories.listings.load(LIST, '2026-01-05')).toHaveLength(2);
  });

  // The papers are there when the read is repeated, so that none of them counts as created any more.
  test('reports new papers of a read that broke off', async () => {
    const source = createSource(createAnswer([createItem('2601.00001')]));
    const sourceStates = { ...repositories.sourceStates, save: failing };
    await expect(read({ ...ports, sourceStates }, source)).rejects.toThrow('the table is gone');

    await read(ports, source);

    expect((await stateOf())?.lastNewAt).toBe(T0);
  });

  // The planner goes by the state. A digest of a paper without a snapshot would be skipped, because nothing is new.
  test('reports new papers to the planner only after their snapshots are written', async () => {
    const source = createSource(createAnswer([createItem('2601.00001')]));
    const snapshots = { ...repositories.snapshots, save: failing };
    await expect(read({ ...ports, snapshots }, source)).rejects.toThrow('the table is gone');
    expect(await stateOf()).toBeUndefined();

    await read(ports, source);

    expect((await stateOf())?.lastNewAt).toBe(T0);
  });
});

test('an archive that cannot be written costs only the archive: the run counts everything, and the next one continues', async () => {
  const archive = { ...repositories.archive, loadMonths: failing, saveMonth: failing };

  const summary = await read({ ...ports, archive }, createSource(createAnswer([createItem('2601.00001')])));

  expect(summary).toMatchObject({ created: 1, segmentsWritten: 0, problems: [] });
  expect(await stateOf()).toMatchObject({ cursor: '2026-01-05', lastNewAt: T0 });
  const { PapersCreated, ListOverdue, SnapshotsUnusable } = Object.fromEntries(telemetry.counts);
  expect({ PapersCreated, ListOverdue, SnapshotsUnusable }).toEqual({
    PapersCreated: 1,
    ListOverdue: 0,
    SnapshotsUnusable: 1,
  });
  expect(telemetry.sentences).toContain('The archive or the index could not be updated');
});

test('an index outside this process gets the papers of each read, and those that it missed with the next one', async () => {
  const indexed = new Set<string>();
  let answers = false;
  const index: PaperIndex = {
    async save(listed) {
      if (!answers) throw new PaperIndexError('it does not answer');
      for (const { paper } of listed) indexed.add(paper.id);
    },
  };
  await read({ ...ports, index }, createSource(createAnswer([createItem('2601.00001')])));
  expect(telemetry.counts.get('PapersUnindexed')).toBe(1);
  expect(await stateOf()).toMatchObject({ cursor: '2026-01-05', lastNewAt: T0 });

  answers = true;
  await read({ ...ports, index }, createSource(createAnswer([createItem('2601.00002')])));

  expect([...indexed].sort()).toEqual(['2601.00001', '2601.00002']);
});
