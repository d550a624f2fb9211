import { beforeEach, expect, test } from '@jest/globals';
import { createManualClock, type ManualClock } from '../../../../local/manual-clock.ts';
import type { Repositories } from '../../../../local/repositories.ts';
import { ConflictError } from '../../../../shared/domain/errors.ts';
import type { ListId } from '../../../../shared/domain/lists/lists.ts';
import {
  addDays,
  type Day,
  daysFrom,
  type Month,
  monthOf,
  utcDayOf,
} from '../../../../shared/domain/time/time.ts';
import { listsOf, openCorpus } from '../../../../shared/matching/search/corpus.ts';
import { findIntactSegments } from '../../../../shared/pipeline/archive/compare-month.ts';
import {
  markForComparison,
  type RefreshArchivePorts,
  refreshArchive,
} from '../../../../shared/pipeline/archive/refresh-archive.ts';
import { writeSegment } from '../../../../shared/pipeline/archive/write-segment.ts';
import type { ArchiveRepository, ReadableMonth, UnusableMonth } from '../../../../shared/ports/archive.ts';
import { SNAPSHOT_DAYS } from '../../../../shared/ports/snapshots.ts';
import { createFacts, createListing } from '../../../factories/papers.ts';
import { createFakeTelemetry } from '../../../fakes/outside.ts';
import { createFakeRepositories } from '../../../fakes/repositories.ts';

const LIST: ListId = 'hf-daily';
const OTHER: ListId = 'arxiv/cs.CL';
const LISTS = [LIST, OTHER];

let clock: ManualClock;
let repositories: Repositories;
let telemetry: ReturnType<typeof createFakeTelemetry>;
let ports: RefreshArchivePorts;

beforeEach(() => {
  clock = createManualClock('2026-03-04T08:00:00.000Z');
  repositories = createFakeRepositories(clock);
  telemetry = createFakeTelemetry();
  ports = { ...repositories, clock, telemetry };
});

async function store(id: string, day: Day, facts = {}, list = LIST): Promise<void> {
  await repositories.papers.save(createFacts({ id, ...facts }), clock.now());
  await repositories.listings.save(createListing({ list, day, paperId: id, firstSeenAt: clock.now() }));
}

async function monthOfArchive(month: Month): Promise<ReadableMonth | undefined> {
  const found = (await repositories.archive.loadMonths()).find((one) => one.month === month);
  return found?.kind === 'month' ? found : undefined;
}

/** What a search finds in a month: each paper with its lists and votes. */
async function read(
  month: Month,
  archive = repositories.archive,
): Promise<Readonly<Record<string, unknown>>> {
  const segments = (await monthOfArchive(month))?.segments ?? [];
  const intact = await findIntactSegments(archive, month, segments);
  const corpus = openCorpus(intact.map(({ part }) => part));
  return Object.fromEntries(
    corpus.ids.map((id, paper) => [
      id,
      { lists: listsOf(corpus, paper), upvotes: corpus.facts.upvotes[paper] },
    ]),
  );
}

/** Runs until a run has nothing to write. */
async function refreshFully(): Promise<void> {
  for (let runs = 0; runs < 20; runs += 1) await refreshArchive(ports, LISTS);
}

test('a month is archived four days after its end, with the papers of all lists', async () => {
  await store('2602.00001', '2026-02-02', { upvotes: 5 });
  await store('2602.00001', '2026-02-03', {}, OTHER);
  await store('2602.00002', '2026-02-28', { upvotes: 3 }, OTHER);
  clock.moveTo('2026-03-03T23:59:00.000Z');
  await refreshFully();
  expect(await monthOfArchive('2026-02')).toBeUndefined();

  clock.moveTo('2026-03-04T00:00:00.000Z');
  expect(await refreshArchive(ports, LISTS)).toBe(1);

  expect(await read('2026-02')).toEqual({
    '2602.00001': { lists: [LIST, OTHER], upvotes: 12 },
    '2602.00002': { lists: [OTHER], upvotes: 3 },
  });
});

test('older months follow, back to the first one without papers', async () => {
  for (const month of ['2025-09', '2025-11', '2025-12', '2026-01', '2026-02'])
    await store('2509.00001', `${month}-05`);

  await refreshFully();

  const months = await repositories.archive.loadMonths();
  expect(months.map(({ month }) => month)).toEqual(['2025-10', '2025-11', '2025-12', '2026-01', '2026-02']);
});

test('a run writes a few months at most, and the next one goes on', async () => {
  for (let month = 1; month <= 12; month += 1)
    await store('2501.00001', `2025-${String(month).padStart(2, '0')}-05`);
  for (const month of ['2026-01', '2026-02']) await store('2501.00001', `${month}-05`);

  const written = [];
  for (let run = 0; run < 5; run += 1) written.push(await refreshArchive(ports, LISTS));

  expect(written).toEqual([4, 4, 4, 2, 0]);
});

test('a month with more papers than a segment is seen when its last segment is written', async () => {
  for (const [at, day] of ['2026-01-05', '2026-01-05', '2026-01-05', '2026-01-06', '2026-01-31'].entries())
    await store(`2601.0000${at}`, day);
  const write = async () => writeSegment(ports, LISTS, '2026-01', await monthOfArchive('2026-01'), 2);

  await write();
  await write();
  expect((await monthOfArchive('2026-01'))?.segments).toBeUndefined();
  await write();

  expect((await monthOfArchive('2026-01'))?.segments?.map(({ papers }) => papers)).toEqual([2, 2, 1]);
  expect(Object.keys(await read('2026-01'))).toHaveLength(5);
});

test('what changed before a day left the snapshots is in the archive', async () => {
  await store('2602.00001', '2026-02-02', { upvotes: 5 });
  await refreshFully();
  await store('2602.00001', '2026-02-02', { upvotes: 50 });
  await store('2602.00002', '2026-02-02', { upvotes: 7 });

  clock.moveTo(`${addDays('2026-02-02', SNAPSHOT_DAYS + 1)}T00:10:00.000Z`);
  await refreshFully();

  expect(await read('2026-02')).toEqual({
    '2602.00001': { lists: [LIST], upvotes: 50 },
    '2602.00002': { lists: [LIST], upvotes: 7 },
  });
});

test('a day that is read again long afterwards is compared again', async () => {
  await store('2601.00001', '2026-01-05');
  await refreshFully();
  await store('2601.00002', '2026-01-07');
  await refreshFully();
  expect(Object.keys(await read('2026-01'))).toEqual(['2601.00001']);

  await markForComparison(ports, [{ list: LIST, day: '2026-01-07' }]);
  await refreshFully();

  expect(Object.keys(await read('2026-01'))).toEqual(['2601.00001', '2601.00002']);
});

test('a day that is read again while its month is written is in the archive', async () => {
  await store('2601.00001', '2026-01-05');
  await store('2601.00002', '2026-01-06');
  await writeSegment(ports, LISTS, '2026-01', undefined, 1);
  await store('2601.00003', '2026-01-05');

  await markForComparison(ports, [{ list: LIST, day: '2026-01-05' }]);
  await refreshFully();

  expect(Object.keys(await read('2026-01'))).toEqual(['2601.00001', '2601.00003', '2601.00002']);
});

test('a note that others keep overtaking is an error, so that the source is read again', async () => {
  await store('2601.00001', '2026-01-05');
  await refreshFully();
  const archive: ArchiveRepository = { ...repositories.archive, saveMonth: async () => undefined };

  await expect(markForComparison({ archive, clock }, [{ list: LIST, day: '2026-01-07' }])).rejects.toThrow(
    ConflictError,
  );
});

test('a damaged segment is reported, and its month is written again', async () => {
  await store('2602.00001', '2026-02-02');
  await refreshFully();
  const [damaged] = (await monthOfArchive('2026-02'))?.segments ?? [];
  const archive: ArchiveRepository = {
    ...repositories.archive,
    async loadSegment(month, segment) {
      const sealed = await repositories.archive.loadSegment(month, segment);
      return segment.name === damaged?.name
        ? sealed?.map((byte, at) => (at === 30 ? byte ^ 1 : byte))
        : sealed;
    },
  };
  expect(await read('2026-02', archive)).toEqual({});

  // Each month is checked about once a week.
  for (
    let tick = 0;
    tick < 2_000 && (await monthOfArchive('2026-02'))?.segments?.[0]?.name === damaged?.name;
    tick += 1
  ) {
    clock.moveBy(15 * 60_000);
    await refreshArchive({ ...ports, archive }, LISTS);
  }

  expect(await read('2026-02', archive)).toEqual({ '2602.00001': { lists: [LIST], upvotes: 12 } });
  expect(telemetry.sentences).toEqual(['A segment of the archive cannot be used']);
});

test('nothing is written while another writer is at work', async () => {
  await store('2602.00001', '2026-02-02');
  const archive: ArchiveRepository = {
    ...repositories.archive,
    async saveMonth(month, previous) {
      await repositories.archive.saveMonth({ ...month, segments: [] }, previous);
      return repositories.archive.saveMonth(month, previous);
    },
  };

  expect(await refreshArchive({ ...ports, archive }, LISTS)).toBe(0);
});

test('a month that another writer changes is logged, and the next month is written', async () => {
  await store('2602.00001', '2026-02-02');
  await store('2601.00001', '2026-01-05');
  await refreshArchive(ports, LISTS);
  const months = await repositories.archive.loadMonths();
  const archive: ArchiveRepository = {
    ...repositories.archive,
    loadMonths: async () =>
      months.map(({ month }): UnusableMonth => ({ kind: 'damaged', month, version: 'replaced' })),
    saveMonth: async (month, previous) =>
      month.month === '2026-02'
        ? undefined
        : repositories.archive.saveMonth(
            month,
            months.find((one) => one.month === previous?.month),
          ),
  };

  expect(await refreshArchive({ ...ports, archive }, LISTS)).toBe(1);

  expect(Object.keys(await read('2026-01'))).toEqual(['2601.00001']);
  expect(telemetry.sentences).toEqual(['A month of the archive was changed by another writer']);
});

test('over three months each listed day has snapshots or is in the archive, every day', async () => {
  const first = '2025-12-20';
  for (const today of daysFrom(first, '2026-04-10')) {
    clock.moveTo(`${today}T12:00:00.000Z`);
    await store(`26${today.slice(5, 7)}.000${today.slice(8)}`, today);
    await refreshArchive(ports, LISTS);
    const archived = (await repositories.archive.loadMonths()).flatMap((one) =>
      one.kind === 'month' && one.segments ? one.month : [],
    );
    const old = daysFrom(first, addDays(utcDayOf(clock.now()), -SNAPSHOT_DAYS - 1));
    expect(old.filter((day) => !archived.includes(monthOf(day)))).toEqual([]);
  }
  expect(Object.keys(await read('2026-02'))).toHaveLength(28);
});
