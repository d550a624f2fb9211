import { PassThrough } from 'node:stream';
import { beforeEach, expect, test } from '@jest/globals';
import { listDaysOf, rebuildSnapshots } from '../../../cli/rebuild/snapshots.ts';
import { createManualClock } from '../../../local/manual-clock.ts';
import type { Repositories } from '../../../local/repositories.ts';
import { createFacts, createListing } from '../../factories/papers.ts';
import { createFakeRepositories } from '../../fakes/repositories.ts';

const NOW = '2026-01-05T08:00:00.000Z';
const DAYS = { first: '2026-01-04', last: '2026-01-05' } as const;

let repositories: Repositories;
let printed: string[];
let errors: string[];
let interruption: AbortController;

beforeEach(async () => {
  repositories = createFakeRepositories(createManualClock(NOW));
  [printed, errors] = [[], []];
  interruption = new AbortController();
  await repositories.papers.save(createFacts(), NOW);
  await repositories.listings.save(createListing());
});

const rebuild = (options: { isYes?: boolean; isJson?: boolean } = {}, ports: Partial<Repositories> = {}) =>
  rebuildSnapshots(
    { ...repositories, ...ports },
    { lists: ['hf-daily'], ...DAYS },
    { isYes: true, isJson: false, ...options },
    {
      print: (line) => printed.push(line),
      printError: (line) => errors.push(line),
      terminal: new PassThrough().resume(),
      input: new PassThrough(),
      onInterrupt: () => interruption.signal,
    },
  );
const headers = () => repositories.snapshots.loadHeaders('hf-daily', DAYS.first, DAYS.last);

test('writes every list-day, and again what is there already', async () => {
  expect(await rebuild()).toBe(0);
  const before = await headers();
  expect(await rebuild()).toBe(0);

  expect(printed).toEqual(['Wrote 2 snapshots.', 'Wrote 2 snapshots.']);
  expect(errors[0]).toBe('Found 2 snapshots: hf-daily from 2026-01-04 to 2026-01-05.');
  const versions = [...before, ...(await headers())].map(({ version }) => version);
  expect(new Set(versions).size).toBe(4);
});

test('prints one JSON object with --json', async () => {
  expect(await rebuild({ isJson: true })).toBe(0);
  expect(printed.map((line) => JSON.parse(line))).toEqual([
    { lists: ['hf-daily'], ...DAYS, written: 2, failed: [], isInterrupted: false },
  ]);
});

test('goes on after a list-day that ingest keeps writing, and reports it', async () => {
  const { snapshots } = repositories;
  const save: typeof snapshots.save = async (listDay, ...rest) =>
    listDay.day === DAYS.last && snapshots.save(listDay, ...rest);

  expect(await rebuild({}, { snapshots: { ...snapshots, save } })).toBe(1);

  expect(printed).toEqual(['Wrote 1 snapshot.']);
  expect(errors[1]).toBe('left out: ingest was writing hf-daily 2026-01-04 at the same time');
});

test('stops before the next snapshot at Ctrl-C', async () => {
  interruption.abort();
  expect(await rebuild()).toBe(130);
  expect(errors.at(-1)).toBe('Stopped after 0 snapshots. Run the command again for the rest.');
  expect(await headers()).toEqual([]);
});

test('is refused without a terminal and --yes, and changes nothing', async () => {
  await expect(rebuild({ isYes: false })).rejects.toThrow('Add --yes');
  expect(await headers()).toEqual([]);
});

test.each([
  ['an unknown list', 'hf-weekly', DAYS.first, '"hf-weekly" is not a list'],
  ['days in the wrong order', 'hf-daily', '2026-01-06', '--from 2026-01-06 is after --to 2026-01-05'],
  ['thousands of days', 'hf-daily', '1926-01-05', 'Name 2000 days at most'],
])('refuses %s', (_, list, first, message) => {
  expect(() => listDaysOf([list], first, DAYS.last)).toThrow(message);
});
