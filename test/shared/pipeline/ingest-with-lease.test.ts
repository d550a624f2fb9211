import { beforeEach, describe, expect, test } from '@jest/globals';
import { createManualClock, type ManualClock } from '../../../local/manual-clock.ts';
import type { SourceName } from '../../../shared/domain/lists/lists.ts';
import { listsTextSchema } from '../../../shared/domain/lists/lists.ts';
import { addMs, MS_PER_HOUR, MS_PER_MINUTE } from '../../../shared/domain/time/time.ts';
import { type IngestWithLeasePorts, ingestWithLease } from '../../../shared/pipeline/ingest-with-lease.ts';
import type { Source } from '../../../shared/sources/source.ts';
import { scriptHttpClient } from '../../factories/scripted-http-client.ts';
import { createFakeTelemetry } from '../../fakes/outside.ts';
import { createFakeRepositories } from '../../fakes/repositories.ts';

let clock: ManualClock;
let ports: IngestWithLeasePorts;
let telemetry: ReturnType<typeof createFakeTelemetry>;
let reads: number;

beforeEach(() => {
  clock = createManualClock('2026-01-05T08:00:00.000Z');
  reads = 0;
  telemetry = createFakeTelemetry();
  ports = {
    ...createFakeRepositories(clock),
    lists: listsTextSchema.parse('hf-daily,arxiv/cs.CL,arxiv/cs.CV'),
    http: scriptHttpClient(() => new Error('nothing to read')),
    clock,
    telemetry,
  };
});

/** Returns a source whose read ends when `end` does. */
function createSource(name: SourceName, end: Promise<unknown> = Promise.resolve()): Source {
  return {
    name,
    keepsFirstListing: name !== 'hf-daily',
    // biome-ignore lint/correctness/useYield: the source has no answer
    async *fetch() {
      reads += 1;
      await end;
    },
  };
}

const run = (source: Source) => ingestWithLease(ports, source, addMs(clock.now(), 5 * MS_PER_MINUTE));
const NEVER = new Promise(() => {});

test('reads a source that lists once in one run at a time, and in the next run after that', async () => {
  let finish = () => {};
  const end = new Promise<void>((resolve) => {
    finish = resolve;
  });
  const first = run(createSource('arxiv', end));

  expect(await run(createSource('arxiv'))).toBeUndefined();
  finish();
  expect(await first).toMatchObject({ problems: [] });
  expect(await run(createSource('arxiv'))).toMatchObject({ problems: [] });
  expect(reads).toBe(2);
});

test('reads it again when a run that died has ended for certain', async () => {
  void run(createSource('arxiv', NEVER));

  clock.moveBy(5 * MS_PER_MINUTE - 1);
  expect(await run(createSource('arxiv'))).toBeUndefined();
  clock.moveBy(1);
  expect(await run(createSource('arxiv'))).toBeDefined();
});

test('releases the lease after an error', async () => {
  await expect(run(createSource('arxiv', Promise.reject(new Error('the table is gone'))))).rejects.toThrow(
    'the table is gone',
  );

  expect(await run(createSource('arxiv'))).toBeDefined();
});

test.each([
  ['hf-daily', 1],
  ['arxiv', 2],
] as const)('a run of %s that fails counts its lists as overdue: %i', async (name, lists) => {
  const end = Promise.reject(new Error('the table is gone'));

  await expect(run(createSource(name, end))).rejects.toThrow('the table is gone');

  expect(Object.fromEntries(telemetry.counts)).toEqual({ ListOverdue: lists });
});

describe('a run that fails after a good one', () => {
  const fail = () => run(createSource('arxiv', Promise.reject(new Error('the table is gone'))));

  beforeEach(async () => {
    const read = { lastSuccessAt: clock.now(), failuresInARow: 0 };
    await ports.sourceStates.save('arxiv', { lists: { 'arxiv/cs.CL': read, 'arxiv/gone': read } });
  });

  test.each([
    ['an hour', 0, MS_PER_HOUR],
    ['more than an hour', 2, MS_PER_HOUR + 1],
  ])('%s ago counts its lists as overdue: %i', async (_, overdue, passedMs) => {
    clock.moveBy(passedMs);

    await expect(fail()).rejects.toThrow('the table is gone');

    expect(telemetry.counts.get('ListOverdue') ?? 0).toBe(overdue);
  });

  test('counts its lists as overdue if the time of the last read is unknown', async () => {
    const load = () => Promise.reject(new Error('the table is throttled'));
    ports = { ...ports, sourceStates: { ...ports.sourceStates, load } };

    await expect(run(createSource('arxiv'))).rejects.toThrow('the table is throttled');

    expect(telemetry.counts.get('ListOverdue')).toBe(2);
  });
});

test('a run that cannot acquire its lease counts its lists as overdue', async () => {
  const acquire = () => Promise.reject(new Error('the table is gone'));
  ports = { ...ports, leases: { ...ports.leases, acquire } };

  await expect(run(createSource('arxiv'))).rejects.toThrow('the table is gone');

  expect(telemetry.counts.get('ListOverdue')).toBe(2);
});

describe('a run of another source', () => {
  // hf-daily itself follows no list here.
  const runOther = async (lists: string) => {
    ports = { ...ports, lists: listsTextSchema.parse(lists) };
    await run(createSource('hf-daily'));
    return telemetry.counts.get('ListOverdue') ?? 0;
  };
  const ARXIV = 'arxiv/cs.CL,arxiv/cs.CV';
  const saveNewestDay = (newestDay: string) => {
    const history = { lastSuccessAt: '2026-01-02T06:00:00.000Z', newestDay, failuresInARow: 0 };
    return ports.sourceStates.save('arxiv', { lists: { 'arxiv/cs.CL': history, 'arxiv/cs.CV': history } });
  };

  test.each([
    ['has come', 0, '2026-01-05'],
    ['is late', 2, '2026-01-02'],
  ])('counts lists whose batch %s as overdue: %i', async (_, overdue, newestDay) => {
    await saveNewestDay(newestDay);

    expect(await runOther(ARXIV)).toBe(overdue);
  });

  test.each([
    ['two hours ago', 0, 0],
    ['more than two hours ago', 1, 1],
  ])('counts a list that is read at any time and was read %s as overdue: %i', async (_, overdue, moreMs) => {
    const lastSuccessAt = addMs(clock.now(), -2 * MS_PER_HOUR - moreMs);
    await ports.sourceStates.save('feed', {
      lists: { 'feed/distill': { lastSuccessAt, failuresInARow: 0 } },
    });

    expect(await runOther('feed/distill')).toBe(overdue);
  });

  test.each([ARXIV, 'feed/distill,feed/other'])(
    'does not count lists that were never read, because they may be new: %s',
    async (lists) => {
      expect(await runOther(lists)).toBe(0);
    },
  );

  test('counts nothing of a source whose state cannot be loaded', async () => {
    const { sourceStates } = ports;
    const load = async (source: string) => {
      if (source === 'arxiv') throw new Error('the table is throttled');
      return sourceStates.load(source);
    };
    ports = { ...ports, sourceStates: { ...sourceStates, load } };

    expect(await runOther(ARXIV)).toBe(0);
  });
});

test('reads a source that repeats its lists in several runs at a time', async () => {
  void run(createSource('hf-daily', NEVER));

  expect(await run(createSource('hf-daily'))).toBeDefined();
  expect(reads).toBe(2);
});

test('keeps the result of a run, and its error, if the lease cannot be released', async () => {
  const release = async () => {
    throw new Error('the table is throttled');
  };
  ports = { ...ports, leases: { ...ports.leases, release } };

  expect(await run(createSource('arxiv'))).toMatchObject({ problems: [] });
  clock.moveBy(5 * MS_PER_MINUTE);
  const failed = run(createSource('arxiv', Promise.reject(new Error('the table is gone'))));
  await expect(failed).rejects.toThrow('the table is gone');
});
