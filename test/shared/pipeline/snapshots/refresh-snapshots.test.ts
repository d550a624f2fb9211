import { beforeEach, describe, expect, test } from '@jest/globals';
import { createManualClock, type ManualClock } from '../../../../local/manual-clock.ts';
import type { Repositories } from '../../../../local/repositories.ts';
import { ConflictError, UnavailableError } from '../../../../shared/domain/errors.ts';
import type { ListId } from '../../../../shared/domain/lists/lists.ts';
import { addDays, type Day, MS_PER_HOUR } from '../../../../shared/domain/time/time.ts';
import { createListDayCache } from '../../../../shared/pipeline/snapshots/list-day-cache.ts';
import {
  MAX_MISSING_WRITTEN,
  type RefreshPorts,
  refreshSnapshots,
} from '../../../../shared/pipeline/snapshots/refresh-snapshots.ts';
import { saveSnapshot } from '../../../../shared/pipeline/snapshots/save-snapshot.ts';
import { SNAPSHOT_DAYS, type SnapshotRepository } from '../../../../shared/ports/snapshots.ts';
import { createFacts, createListing, withoutDetails } from '../../../factories/papers.ts';
import { createFakeTelemetry } from '../../../fakes/outside.ts';
import { createFakeRepositories } from '../../../fakes/repositories.ts';

const NOW = '2026-01-05T08:00:00.000Z';
const TODAY: Day = '2026-01-05';
const LIST: ListId = 'hf-daily';
const OTHER: ListId = 'arxiv/cs.CL';

let clock: ManualClock;
let repositories: Repositories;
let telemetry: ReturnType<typeof createFakeTelemetry>;
let ports: RefreshPorts;
/** The list-days of each save. */
let saves: string[];

beforeEach(() => {
  clock = createManualClock(NOW);
  repositories = createFakeRepositories(clock);
  telemetry = createFakeTelemetry();
  saves = [];
  const snapshots: SnapshotRepository = {
    ...repositories.snapshots,
    save: async (listDay, snapshot, previous) => {
      saves.push(`${listDay.list} ${listDay.day} ${snapshot.text === 'same' ? 'votes' : 'text'}`);
      return repositories.snapshots.save(listDay, snapshot, previous);
    },
  };
  ports = { ...repositories, snapshots, clock, telemetry };
});

/** Stores a paper as ingest does, before the snapshots. */
async function store(id: string, facts = {}, day = TODAY, list = LIST): Promise<void> {
  await repositories.papers.save(createFacts({ id, ...facts }), clock.now());
  await repositories.listings.save(createListing({ list, day, paperId: id, firstSeenAt: clock.now() }));
}

/** Refreshes the snapshots after a read of these papers on these days of the list. */
function refresh(paperIds: readonly string[], days: readonly Day[] = [TODAY], list = LIST): Promise<number> {
  const listDays = days.map((day) => ({ list, day }));
  return refreshSnapshots(ports, { lists: [list], listDays, paperIds: new Set(paperIds) }, [LIST, OTHER]);
}

/** The papers of a list-day as readers get them, who would report a missing or damaged snapshot. */
async function read(day = TODAY, list = LIST) {
  const [papers] = await createListDayCache({ ...repositories, clock, telemetry }).load(list, day, day);
  return papers?.papers ?? [];
}

test('a read list-day has a snapshot with its papers', async () => {
  await store('2601.00002');
  await store('2601.00001', { upvotes: 7 });

  await refresh(['2601.00001', '2601.00002']);

  const stored = await repositories.papers.loadMany(['2601.00001', '2601.00002']);
  expect(await read()).toEqual(byId(stored.map(withoutDetails)));
});

test('nothing is written if nothing changed, and only the votes if only they did', async () => {
  await store('2601.00001');
  await refresh(['2601.00001']);
  saves.length = 0;

  await refresh(['2601.00001']);
  expect(saves).toEqual([]);

  await store('2601.00001', { upvotes: 99 });
  await refresh(['2601.00001']);
  expect(saves).toEqual(['hf-daily 2026-01-05 votes']);
  expect((await read()).map(({ upvotes }) => upvotes)).toEqual([99]);

  await store('2601.00001', { upvotes: 99, title: 'A Better Title' });
  await refresh(['2601.00001']);
  expect(saves).toEqual(['hf-daily 2026-01-05 votes', 'hf-daily 2026-01-05 text']);
  expect((await read()).map(({ title }) => title)).toEqual(['A Better Title']);
});

test('what a crash left behind is written by the next run, which changes no paper', async () => {
  await store('2601.00001');
  await refresh(['2601.00001']);
  await store('2601.00001', { upvotes: 99 });
  await store('2601.00002');
  // The run died here. The next one reads the same.

  await refresh(['2601.00001', '2601.00002']);

  expect((await read()).map(({ upvotes }) => upvotes)).toEqual([99, 12]);
});

describe('a paper on other list-days', () => {
  const EARLIER = addDays(TODAY, -20);

  beforeEach(async () => {
    await store('2601.00001', { upvotes: 5 }, EARLIER);
    await store('2601.00001', { upvotes: 5 }, EARLIER, OTHER);
    await refresh(['2601.00001'], [EARLIER]);
    await refresh(['2601.00001'], [EARLIER], OTHER);
    saves.length = 0;
  });

  test('has its new votes there too, on lists of any source', async () => {
    await store('2601.00001', { upvotes: 99 });

    await refresh(['2601.00001']);

    expect([...saves].sort()).toEqual([
      'arxiv/cs.CL 2025-12-16 votes',
      'hf-daily 2025-12-16 votes',
      'hf-daily 2026-01-05 text',
    ]);
    expect((await read(EARLIER, OTHER)).map(({ upvotes }) => upvotes)).toEqual([99]);
  });

  test('has them there even if a crash came between the paper and the snapshots', async () => {
    await store('2601.00001', { upvotes: 99 });
    // The run died here. The next one reads the same, and finds the paper unchanged.

    await refresh(['2601.00001']);

    expect((await read(EARLIER)).map(({ upvotes }) => upvotes)).toEqual([99]);
  });

  test('has its new text there too', async () => {
    await store('2601.00001', { upvotes: 5, aiSummary: 'Shorter.' });
    await refresh(['2601.00001']);
    expect((await read(EARLIER, OTHER)).map(({ aiSummary }) => aiSummary)).toEqual(['Shorter.']);
  });
});

describe('back-fill', () => {
  test('gives every day of the last weeks a snapshot, those without papers too', async () => {
    await store('2601.00001', {}, addDays(TODAY, -SNAPSHOT_DAYS));

    await refresh([], []);

    const headers = await repositories.snapshots.loadHeaders(LIST, '2025-01-01', '2026-12-31');
    expect(headers).toHaveLength(SNAPSHOT_DAYS + 1);
    expect(await read(addDays(TODAY, -SNAPSHOT_DAYS))).toHaveLength(1);
  });

  test('writes the newest days first, and no more than some in one run', async () => {
    const lists = [LIST, OTHER];
    const run = () => refreshSnapshots(ports, { lists, listDays: [], paperIds: new Set() }, lists);

    expect(await run()).toBe(MAX_MISSING_WRITTEN);
    expect(saves.every((save) => (save.split(' ')[1] ?? '') > addDays(TODAY, -MAX_MISSING_WRITTEN / 2))).toBe(
      true,
    );
    expect(telemetry.sentences).toContain('Some snapshots are still missing, and the next runs write them');

    expect(await run()).toBe((SNAPSHOT_DAYS + 1) * lists.length - MAX_MISSING_WRITTEN);
    expect(await run()).toBe(0);
  });

  test('of old days reads the headers of the last weeks, and of the old list-days only', async () => {
    const ranges: string[] = [];
    const loadHeaders: SnapshotRepository['loadHeaders'] = (list, first, last) => {
      ranges.push(`${list} ${first} ${last}`);
      return repositories.snapshots.loadHeaders(list, first, last);
    };
    await store('2601.00001', {}, '2021-01-04');
    ports = { ...ports, snapshots: { ...ports.snapshots, loadHeaders } };

    await refresh(['2601.00001'], ['2021-01-04']);
    await refresh(['2601.00001'], ['2021-01-04']);

    const recent = [LIST, OTHER].map((list) => `${list} ${addDays(TODAY, -SNAPSHOT_DAYS)} ${TODAY}`);
    const all = [...recent, `${LIST} 2021-01-04 2021-01-04`];
    expect(ranges).toEqual([...all, ...all]);
    expect(saves.filter((save) => save.includes('2021-01-04'))).toHaveLength(1);
    expect(await read('2021-01-04')).toHaveLength(1);
  });

  test('replaces a snapshot in the format of another release', async () => {
    await store('2601.00001');
    await refresh(['2601.00001']);
    saves.length = 0;
    const outdated: SnapshotRepository = {
      ...ports.snapshots,
      loadHeaders: async (...range) =>
        (await repositories.snapshots.loadHeaders(...range)).map(({ list, day, version }) =>
          day === TODAY ? { kind: 'outdated', list, day, version } : { kind: 'damaged', list, day, version },
        ),
    };

    await refreshSnapshots(
      { ...ports, snapshots: outdated },
      { lists: [LIST], listDays: [], paperIds: new Set() },
      [LIST],
    );

    expect(saves).toContain('hf-daily 2026-01-05 text');
    expect(saves).toHaveLength(SNAPSHOT_DAYS + 1);
  });
});

describe('the check of snapshots', () => {
  /** Runs ingest without news for three days. */
  const runForDays = async () => {
    for (let tick = 0; tick < 3 * 96; tick += 1) {
      clock.moveBy(MS_PER_HOUR / 4);
      await refresh([], []);
    }
  };

  test('replaces a damaged text, and reports it', async () => {
    await store('2601.00001');
    await refresh(['2601.00001']);
    const first = await readTextName();
    ports = { ...ports, snapshots: { ...ports.snapshots, loadParts: withoutText(first) } };

    await runForDays();

    expect(await readTextName()).not.toBe(first);
    expect(telemetry.sentences).toContain('A snapshot cannot be used');
    expect(telemetry.counts.get('SnapshotsUnusable')).toBe(1);
  });

  test('replaces damaged votes at once, and reports them', async () => {
    await store('2601.00001');
    await refresh(['2601.00001']);
    const withBadVotes: SnapshotRepository = {
      ...ports.snapshots,
      loadHeaders: async (...range) =>
        (await repositories.snapshots.loadHeaders(...range)).map((header) =>
          header.kind === 'snapshot' && header.day === TODAY
            ? { ...header, state: { kind: 'inline', bytes: new Uint8Array([1, 2, 3]) } }
            : header,
        ),
    };
    saves.length = 0;

    await refreshSnapshots(
      { ...ports, snapshots: withBadVotes },
      { lists: [LIST], listDays: [], paperIds: new Set() },
      [LIST],
    );

    expect(saves).toEqual(['hf-daily 2026-01-05 text']);
    expect(telemetry.sentences).toContain('A snapshot cannot be used');
    expect(telemetry.counts.get('SnapshotsUnusable')).toBe(1);
  });

  test('replaces the damaged text of a list-day that each run reads, although only its votes change', async () => {
    await store('2601.00001');
    await refresh(['2601.00001']);
    const first = await readTextName();
    ports = { ...ports, snapshots: { ...ports.snapshots, loadParts: withoutText(first) } };

    for (let tick = 0; tick < 3 * 96; tick += 1) {
      clock.moveBy(MS_PER_HOUR / 4);
      await store('2601.00001', { upvotes: 100 + tick });
      await refresh(['2601.00001']);
    }

    expect(await readTextName()).not.toBe(first);
    expect(telemetry.counts.get('SnapshotsUnusable')).toBe(1);
  });

  test('replaces one that is out of date because an earlier release ingested for some time', async () => {
    await store('2601.00001');
    await refresh(['2601.00001']);
    await store('2601.00001', { upvotes: 99 });
    await store('2601.00002');

    await runForDays();

    expect((await read()).map(({ upvotes }) => upvotes)).toEqual([99, 12]);
    expect(telemetry.counts.get('SnapshotsUnusable')).toBeUndefined();
  });
});

async function readTextName(): Promise<string | undefined> {
  const [header] = await repositories.snapshots.loadHeaders(LIST, TODAY, TODAY);
  return header?.kind === 'snapshot' && header.text.kind === 'parts' ? header.text.name : undefined;
}

/** Loads parts as if this text had lost one. */
function withoutText(name: string | undefined): SnapshotRepository['loadParts'] {
  return async (wanted) => {
    const loaded = await repositories.snapshots.loadParts(wanted);
    return new Map([...loaded].filter(([part]) => part !== name));
  };
}

describe('two writers', () => {
  test('of which the first one is slower leave the newer papers', async () => {
    await store('2601.00001', { upvotes: 5 });
    const listDay = { list: LIST, day: TODAY };
    let isFirst = true;
    const slow = {
      ...ports,
      snapshots: {
        ...ports.snapshots,
        save: async (...args: Parameters<SnapshotRepository['save']>) => {
          if (isFirst) {
            isFirst = false;
            await store('2601.00001', { upvotes: 99 });
            await saveSnapshot(ports, listDay, undefined);
          }
          return repositories.snapshots.save(...args);
        },
      },
    };

    await saveSnapshot(slow, listDay, undefined);

    expect((await read()).map(({ upvotes }) => upvotes)).toEqual([99]);
  });

  test('that never stop end in an error, so the run is repeated', async () => {
    const never = { ...ports, snapshots: { ...ports.snapshots, save: async () => false } };
    await expect(saveSnapshot(never, { list: LIST, day: TODAY }, undefined)).rejects.toThrow(ConflictError);
  });
});

describe('a snapshot that cannot be saved', () => {
  const failingOn = (day: Day, save: () => Promise<boolean>): SnapshotRepository => ({
    ...ports.snapshots,
    save: (listDay, ...rest) =>
      listDay.day === day ? save() : repositories.snapshots.save(listDay, ...rest),
  });

  test('because its header is damaged costs its list-day only, and is reported', async () => {
    await store('2601.00001');
    await store('2601.00002', {}, addDays(TODAY, -1));
    ports = { ...ports, snapshots: failingOn(TODAY, async () => false) };

    await refresh(['2601.00001', '2601.00002'], [TODAY, addDays(TODAY, -1)]);

    expect((await read(addDays(TODAY, -1))).map(({ id }) => id)).toEqual(['2601.00002']);
    expect(telemetry.sentences).toContain('A snapshot cannot be used');
    expect(telemetry.counts.get('SnapshotsUnusable')).toBe(1);
  });

  test('because other runs keep replacing it is not reported', async () => {
    await store('2601.00001');
    await refresh(['2601.00001']);
    const { snapshots } = repositories;
    const lose: SnapshotRepository['save'] = async (listDay, content) => {
      const [header] = await snapshots.loadHeaders(LIST, TODAY, TODAY);
      await snapshots.save(listDay, content, header);
      return false;
    };
    ports = { ...ports, snapshots: { ...ports.snapshots, save: lose } };
    let votes = 100;
    const loadMany: typeof ports.papers.loadMany = async (ids) => {
      // Each of the runs reads other votes, so each has something to write.
      votes += 1;
      await store('2601.00001', { upvotes: votes });
      return repositories.papers.loadMany(ids);
    };

    await refreshSnapshots(
      { ...ports, papers: { ...ports.papers, loadMany } },
      {
        lists: [LIST],
        listDays: [{ list: LIST, day: TODAY }],
        paperIds: new Set(['2601.00001']),
      },
      [LIST],
    );

    expect(telemetry.sentences).toContain('Other runs keep replacing a snapshot');
    expect(telemetry.counts.get('SnapshotsUnusable')).toBeUndefined();
  });

  test('because the table does not answer is an error, so that the source is read again', async () => {
    await store('2601.00001');
    ports = {
      ...ports,
      snapshots: failingOn(TODAY, () => Promise.reject(new UnavailableError('throttled'))),
    };

    await expect(refresh(['2601.00001'])).rejects.toThrow(UnavailableError);
  });
});

test('a stored paper that cannot be read is left out, and the others are there', async () => {
  await store('2601.00001');
  await store('2601.00002');
  const { loadMany } = repositories.papers;
  const papers = {
    ...repositories.papers,
    loadMany: async (ids: readonly string[]) => (await loadMany(ids)).filter(({ id }) => id !== '2601.00001'),
  };

  await refreshSnapshots(
    { ...ports, papers },
    {
      lists: [LIST],
      listDays: [{ list: LIST, day: TODAY }],
      paperIds: new Set(['2601.00001', '2601.00002']),
    },
    [LIST],
  );

  expect((await read()).map(({ id }) => id)).toEqual(['2601.00002']);
});

function byId<Paper extends { readonly id: string }>(papers: readonly Paper[]): readonly Paper[] {
  return [...papers].sort((a, b) => (a.id < b.id ? -1 : 1));
}
