import { setImmediate } from 'node:timers/promises';
import { beforeEach, describe, expect, test } from '@jest/globals';
import { createManualClock } from '../../../../local/manual-clock.ts';
import type { Day } from '../../../../shared/domain/time/time.ts';
import { openDaysWithPapers } from '../../../../shared/pipeline/snapshots/days-with-papers.ts';
import { saveSnapshot } from '../../../../shared/pipeline/snapshots/save-snapshot.ts';
import { createFacts, createListing } from '../../../factories/papers.ts';
import { createFakeRepositories } from '../../../fakes/repositories.ts';

const NOW = '2026-01-06T12:00:00.000Z';

let repositories: ReturnType<typeof createFakeRepositories>;
let reads: string[];
const clock = createManualClock(NOW);

beforeEach(() => {
  repositories = createFakeRepositories(clock);
  reads = [];
});

async function listOn(day: Day) {
  const facts = createFacts({ id: `2601.${day.slice(5, 7)}${day.slice(8)}0` });
  await repositories.papers.save(facts, NOW);
  await repositories.listings.save(createListing({ day, paperId: facts.id }));
}

const snapshotOf = (day: Day) => saveSnapshot(repositories, { list: 'hf-daily', day }, undefined);

async function neighboursOf(day: Day) {
  const { archive, listings, snapshots, sourceStates } = repositories;
  const days = await openDaysWithPapers(
    {
      clock,
      archive,
      sourceStates,
      listings: {
        load: (list, loadedDay) => {
          reads.push(loadedDay);
          return listings.load(list, loadedDay);
        },
      },
      snapshots: {
        loadHeaders: (...asked) => {
          reads.push('headers');
          return snapshots.loadHeaders(...asked);
        },
      },
    },
    ['hf-daily'],
    day,
  );
  return [await days.previous(), await days.next()];
}

describe('the nearest days with papers', () => {
  test('are found by one read of the headers of snapshots, past days without papers', async () => {
    for (const day of ['2025-12-30', '2026-01-05']) await listOn(day);
    for (const day of ['2025-12-30', '2025-12-31', '2026-01-01', '2026-01-02', '2026-01-05'])
      await snapshotOf(day);

    expect(await neighboursOf('2026-01-02')).toEqual(['2025-12-30', '2026-01-05']);
    expect(reads).toEqual(['headers']);
  });

  test('are looked up on days after the newest snapshot, and before the oldest', async () => {
    for (const day of ['2025-12-29', '2026-01-02', '2026-01-06']) await listOn(day);
    await snapshotOf('2026-01-02');

    expect(await neighboursOf('2026-01-02')).toEqual(['2025-12-29', '2026-01-06']);
    expect(reads).toEqual([
      'headers',
      ...['2026-01-01', '2025-12-31', '2025-12-30', '2025-12-29'],
      ...['2026-01-03', '2026-01-04', '2026-01-05', '2026-01-06'],
    ]);
  });

  test('are not looked up in months of which the archive has no papers, but their snapshots count', async () => {
    // The last month is half compared, and July is one that an operator added.
    for (const [month, until, papers] of [
      ['2025-11', '2025-11-20', 0],
      ['2025-10', '2025-10-31', 0],
      ['2025-07', '2025-07-31', 1],
    ] as const) {
      const segment = { name: month, parts: 1, papers: 1 };
      const segments = papers > 0 ? [segment] : [];
      await repositories.archive.saveMonth(
        { month, segments, checkedUntil: until, inWriting: undefined },
        undefined,
      );
    }
    for (const day of ['2025-03-20', '2025-07-25']) await listOn(day);
    await snapshotOf('2025-03-20');

    expect(await neighboursOf('2020-01-01')).toEqual([undefined, undefined]);
    expect(await neighboursOf('2025-03-01')).toEqual([undefined, '2025-03-20']);
    expect(reads).toEqual(['headers', 'headers']);
    expect(await neighboursOf('2025-08-03')).toEqual(['2025-07-25', undefined]);
    expect(reads.slice(2)).toEqual([
      'headers',
      ...['31', '30', '29', '28', '27', '26', '25'].map((day) => `2025-07-${day}`),
    ]);
    expect(await neighboursOf('2025-11-20')).toEqual([undefined, undefined]);
    expect(reads.slice(10).sort()[0]).toBe('2025-11-21');
  });

  test('are recorded by ingest for the last days, and no list is read for them', async () => {
    // Thursday to Tuesday.
    const history = { failuresInARow: 0, days: '2026-01-01 12 9 0 0 25 0' };
    await repositories.sourceStates.save('hf-daily', { lists: { 'hf-daily': history } });

    expect(await neighboursOf('2026-01-04')).toEqual(['2026-01-02', '2026-01-05']);
    expect(await neighboursOf('2026-01-05')).toEqual(['2026-01-02', undefined]);
    expect(reads).toEqual([]);
  });

  test('are looked up before the record of ingest, and where papers were due and did not come', async () => {
    const history = { failuresInARow: 0, days: '2026-01-02 0 0 0 25 0' };
    await repositories.sourceStates.save('hf-daily', { lists: { 'hf-daily': history } });
    await listOn('2026-01-01');

    expect(await neighboursOf('2026-01-05')).toEqual(['2026-01-01', undefined]);
    expect(reads).toEqual(['headers', '2026-01-02', '2026-01-01']);
  });

  test('are at most a month away, and never in the future', async () => {
    for (const day of ['2025-11-01', '2026-01-07']) await listOn(day);

    expect(await neighboursOf('2026-01-06')).toEqual([undefined, undefined]);
    expect(reads).toHaveLength(1 + 31);
  });

  test('are looked up in few lists at a time, because anybody can ask', async () => {
    let open = 0;
    let most = 0;
    const answer = async () => {
      open += 1;
      most = Math.max(most, open);
      await setImmediate();
      open -= 1;
      return [];
    };
    const { archive, sourceStates } = repositories;
    const ports = {
      clock,
      archive,
      sourceStates,
      listings: { load: answer },
      snapshots: { loadHeaders: answer },
    };
    const lists = [...Array(155).keys()].map((n) => `feed/blog-${n}`);

    const days = await openDaysWithPapers(ports, lists, '2026-01-06');

    expect(await days.previous()).toBeUndefined();
    expect(most).toBe(16);
  });
});
