import { beforeEach, describe, expect, test } from '@jest/globals';
import { createManualClock, type ManualClock } from '../../../../local/manual-clock.ts';
import type { Repositories } from '../../../../local/repositories.ts';
import type { ListId } from '../../../../shared/domain/lists/lists.ts';
import { addDays, addMs, type Day, MS_PER_DAY, MS_PER_HOUR } from '../../../../shared/domain/time/time.ts';
import {
  createListDayCache,
  type ListDayCache,
} from '../../../../shared/pipeline/snapshots/list-day-cache.ts';
import { loadKnown, saveSnapshot } from '../../../../shared/pipeline/snapshots/save-snapshot.ts';
import { SNAPSHOT_DAYS } from '../../../../shared/ports/snapshots.ts';
import type { ListDayPapers } from '../../../../shared/snapshots/list-day.ts';
import { createFacts, createListing, withoutDetails } from '../../../factories/papers.ts';
import { createFakeTelemetry } from '../../../fakes/outside.ts';
import { createFakeRepositories } from '../../../fakes/repositories.ts';

const NOW = '2026-01-05T08:00:00.000Z';
const TODAY: Day = '2026-01-05';
const LIST: ListId = 'hf-daily';
const REPORT = 'A snapshot cannot be used';

let clock: ManualClock;
let repositories: Repositories;
let telemetry: ReturnType<typeof createFakeTelemetry>;
let listDays: ListDayCache;
/** What was read from the table: papers one by one, listings of days, parts, headers. */
let reads: { papers: number; listings: number; parts: number; headers: number };
/** Changes the parts that a reader gets. */
let damage: (bytes: Uint8Array) => Uint8Array | undefined;

beforeEach(() => {
  clock = createManualClock(NOW);
  repositories = createFakeRepositories(clock);
  telemetry = createFakeTelemetry();
  reads = { papers: 0, listings: 0, parts: 0, headers: 0 };
  damage = (bytes) => bytes;
  const { papers, listings, snapshots } = repositories;
  listDays = createListDayCache({
    papers: {
      loadMany: async (ids) => {
        reads.papers += ids.length;
        return papers.loadMany(ids);
      },
    },
    listings: {
      load: async (...listDay) => {
        reads.listings += 1;
        return listings.load(...listDay);
      },
    },
    snapshots: {
      loadHeaders: async (...range) => {
        reads.headers += 1;
        return snapshots.loadHeaders(...range);
      },
      loadParts: async (wanted) => {
        const loaded = await snapshots.loadParts(wanted);
        reads.parts += loaded.size;
        return new Map(
          [...loaded].flatMap(([name, bytes]) => {
            const left = damage(bytes);
            return left ? [[name, left] as const] : [];
          }),
        );
      },
    },
    clock,
    telemetry,
  });
});

/** Stores a paper, and the snapshot of its list-day unless the caller says otherwise. */
async function store(id: string, facts = {}, day = TODAY, hasSnapshot = true): Promise<void> {
  await repositories.papers.save(createFacts({ id, ...facts }), clock.now());
  await repositories.listings.save(createListing({ day, paperId: id, firstSeenAt: clock.now() }));
  if (!hasSnapshot) return;
  const [known] = await loadKnown(repositories.snapshots, LIST, day, day);
  await saveSnapshot(repositories, { list: LIST, day }, known);
}

/** The snapshots of the table, whose parts are counted. */
function counted(): Repositories['snapshots'] {
  const { snapshots } = repositories;
  return {
    ...snapshots,
    loadParts: async (wanted) => {
      const loaded = await snapshots.loadParts(wanted);
      reads.parts += loaded.size;
      return loaded;
    },
  };
}

const load = (first = addDays(TODAY, -3), last = TODAY) => listDays.load(LIST, first, last);
const papersIn = (loaded: readonly ListDayPapers[]) => loaded.flatMap(({ papers }) => papers);

test('loads the days with papers, oldest first, without reading a paper from the table', async () => {
  await store('2601.00001', { title: 'Old' }, '2026-01-02');
  await store('2601.00002');

  const loaded = await load();

  expect(loaded.map(({ day }) => day)).toEqual(['2026-01-02', '2026-01-05']);
  const stored = await repositories.papers.loadMany(['2601.00001', '2601.00002']);
  expect(papersIn(loaded)).toEqual(stored.map(withoutDetails));
  expect(reads.papers).toBe(0);
});

test('reads a text once, and new votes without the text', async () => {
  await store('2601.00001', { upvotes: 1 });
  const [first] = await load();
  expect(reads).toMatchObject({ papers: 0, parts: 1, headers: 1 });

  expect((await load())[0]).toBe(first);
  expect(reads).toMatchObject({ papers: 0, parts: 1, headers: 2 });

  await store('2601.00001', { upvotes: 99 });
  const [second] = await load();
  expect(reads).toMatchObject({ papers: 0, parts: 1, headers: 3 });
  expect(second?.index).toBe(first?.index);
  expect([first, second].map((listDay) => listDay?.papers[0]?.upvotes)).toEqual([1, 99]);

  await store('2601.00001', { upvotes: 99, title: 'A Better Title' });
  expect(papersIn(await load()).map(({ title }) => title)).toEqual(['A Better Title']);
  expect(reads).toMatchObject({ papers: 0, parts: 2, headers: 4 });
});

test('says when a list-day was read, with a snapshot and without', async () => {
  await store('2601.00001', {}, '2026-01-04', false);
  clock.moveBy(MS_PER_HOUR);
  await store('2601.00002');
  clock.moveBy(MS_PER_HOUR);

  const [listed, written] = await repositories.listings
    .load(LIST, '2026-01-04')
    .then(([listDay]) => [listDay?.firstSeenAt, addMs(clock.now(), -MS_PER_HOUR)]);

  expect((await load()).map(({ asOf }) => asOf)).toEqual([listed, written]);
});

test('does not keep days before the look-back of every digest', async () => {
  const old = addDays(TODAY, -SNAPSHOT_DAYS - 1);
  await store('2601.00001', {}, old);

  for (const expected of [1, 2]) {
    expect(papersIn(await load(old, old))).toHaveLength(1);
    expect(reads.parts).toBe(expected);
  }
});

test('looks up old days without papers once in an hour, and newer ones each time', async () => {
  const oldest = addDays(TODAY, -SNAPSHOT_DAYS);
  const [first, last] = [addDays(oldest, -3), addDays(oldest, 1)];
  const load = async () => {
    reads.listings = 0;
    return [(await listDays.load(LIST, first, last)).map(({ day }) => day), reads.listings];
  };

  expect(await load()).toEqual([[], 5]);
  expect(await load()).toEqual([[], 2]);
  await store('2601.00001', {}, first, false);
  expect(await load()).toEqual([[], 2]);
  clock.moveBy(MS_PER_HOUR);
  expect(await load()).toEqual([[first], 5]);
  await store('2601.00002', {}, addDays(first, 1));
  expect((await load())[0]).toEqual([first, addDays(first, 1)]);
});

test('forgets a day when it has become old', async () => {
  await store('2601.00001');
  await load();
  clock.moveBy((SNAPSHOT_DAYS + 1) * MS_PER_DAY);

  await load(TODAY, TODAY);
  await load(TODAY, TODAY);

  expect(reads.parts).toBe(2);
});

test('keeps no more papers than it may, and those that were used last', async () => {
  for (const [nth, day] of ['2026-01-03', '2026-01-04', '2026-01-05'].entries()) {
    await store(`2601.0000${nth}`, {}, day);
  }
  const small = createListDayCache({ ...repositories, snapshots: counted(), clock, telemetry }, 2);
  const loadDay = (day: Day) => small.load(LIST, day, day);
  for (const day of ['2026-01-03', '2026-01-04', '2026-01-03', '2026-01-05']) await loadDay(day);
  expect(reads.parts).toBe(3);

  await loadDay('2026-01-03');
  await loadDay('2026-01-05');
  expect(reads.parts).toBe(3);
  expect(papersIn(await loadDay('2026-01-04'))).toHaveLength(1);
  expect(reads.parts).toBe(4);
});

test('two loads at once, of which one replaces the text that the other relies on, both get their papers', async () => {
  await store('2601.00001');
  let meanwhile = async () => {};
  const { snapshots } = repositories;
  const busy: ListDayCache = createListDayCache({
    ...repositories,
    snapshots: {
      ...snapshots,
      loadParts: async (wanted) => {
        const run = meanwhile;
        meanwhile = async () => {};
        await run();
        return snapshots.loadParts(wanted);
      },
    },
    papers: { loadMany: () => Promise.reject(new Error('a paper was read from the table')) },
    clock,
    telemetry,
  });
  await busy.load(LIST, TODAY, TODAY);
  await store('2601.00001', { upvotes: 99 });
  meanwhile = async () => {
    await store('2601.00002');
    await busy.load(LIST, TODAY, TODAY);
  };

  expect(papersIn(await busy.load(LIST, TODAY, TODAY)).map(({ upvotes }) => upvotes)).toEqual([99]);
  expect(telemetry.sentences).toEqual([]);
});

describe('a snapshot that cannot be used', () => {
  const flip = (bytes: Uint8Array) => Uint8Array.from(bytes, (byte, at) => (at === 30 ? byte ^ 1 : byte));

  test.each([
    ['damaged', flip],
    ['without a part', () => undefined],
  ])('because it is %s is replaced by the papers of the table, and reported once', async (_, change) => {
    await store('2601.00001');
    damage = change;

    for (let batch = 0; batch < 3; batch += 1) {
      expect(papersIn(await load())).toEqual(await repositories.papers.loadMany(['2601.00001']));
    }

    expect(telemetry.sentences).toEqual([REPORT]);
    expect(telemetry.counts.get('SnapshotsUnusable')).toBe(1);
    // It is kept until ingest writes a new version.
    expect(reads.papers).toBe(1);
    damage = (bytes) => bytes;
    await store('2601.00002');
    expect(papersIn(await load())).toHaveLength(2);
    expect(reads.papers).toBe(1);
  });

  test('because it is missing between others is reported', async () => {
    await store('2601.00001', {}, '2026-01-02');
    await store('2601.00002', {}, '2026-01-03', false);
    clock.moveBy(MS_PER_HOUR);

    expect(papersIn(await load())).toHaveLength(2);
    expect(papersIn(await load())).toHaveLength(2);

    expect(telemetry.sentences).toEqual([REPORT]);
  });

  test.each([
    ['an earlier release wrote none yet', '2026-01-02', MS_PER_HOUR],
    ['ingest is about to write it', '2026-01-04', 0],
  ])('because %s is not reported', async (_, day, passedMs) => {
    await store('2601.00001', {}, '2026-01-03');
    await store('2601.00002', {}, day, false);
    clock.moveBy(passedMs);

    expect(papersIn(await load())).toHaveLength(2);
    expect(telemetry.sentences).toEqual([]);
  });

  test('is read again when another writer replaced it meanwhile', async () => {
    await store('2601.00001');
    let isReplaced = false;
    const { loadHeaders } = repositories.snapshots;
    const racing = createListDayCache({
      ...repositories,
      snapshots: {
        ...repositories.snapshots,
        loadHeaders: async (...range) => {
          const headers = await loadHeaders(...range);
          // After the headers were loaded, and before the parts.
          if (!isReplaced) await store('2601.00002');
          isReplaced = true;
          return headers;
        },
      },
      papers: { loadMany: () => Promise.reject(new Error('a paper was read from the table')) },
      clock,
      telemetry,
    });

    expect(papersIn(await racing.load(LIST, TODAY, TODAY))).toHaveLength(2);
    expect(telemetry.sentences).toEqual([]);
  });
});

test('a list that was never ingested has no papers, and no reports', async () => {
  expect(await listDays.load('arxiv/cs.CL', addDays(TODAY, -30), TODAY)).toEqual([]);
  expect(telemetry.sentences).toEqual([]);
});

test('batches that were queued before a read share it, and later ones read again', async () => {
  await store('2601.00001');
  const first = await listDays.load(LIST, TODAY, TODAY, NOW);
  clock.moveTo(addMs(NOW, 60_000));
  await store('2601.00002');

  expect(await listDays.load(LIST, TODAY, TODAY, addMs(NOW, -1))).toBe(first);
  expect(reads.headers).toBe(1);
  const [later] = await listDays.load(LIST, TODAY, TODAY, addMs(NOW, 1));
  expect(later?.ids).toEqual(['2601.00001', '2601.00002']);
  expect((await listDays.load(LIST, TODAY, TODAY))[0]).toBe(later);
  expect(reads.headers).toBe(3);
});
