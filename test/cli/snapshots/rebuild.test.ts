import { PassThrough } from 'node:stream';
import { beforeEach, describe, expect, test } from '@jest/globals';
import { type RebuildOptions, rebuildSnapshots } from '../../../cli/snapshots/rebuild.ts';
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

const rebuild = (options: Partial<RebuildOptions> = {}, ports: Partial<Repositories> = {}) =>
  rebuildSnapshots(
    { ...repositories, ...ports },
    { lists: ['hf-daily'], ...DAYS, isYes: true, isJson: false, ...options },
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

test('prints JSON for programs', async () => {
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
  expect(errors[1]).toContain('left out: the snapshot of hf-daily 2026-01-04');
});

test('stops at Ctrl-C', async () => {
  interruption.abort();
  expect(await rebuild()).toBe(130);
  expect(errors.at(-1)).toBe('Stopped after 0 snapshots. Run the command again for the rest.');
  expect(await headers()).toEqual([]);
});

describe('is refused, and changes nothing,', () => {
  test.each([
    ['without a terminal and --yes', { isYes: false }, 'Add --yes'],
    ['for an unknown list', { lists: ['hf-weekly'] }, '"hf-weekly" is not a list'],
    ['for days in the wrong order', { first: '2026-01-06' }, '--from 2026-01-06 is after --to 2026-01-05'],
    ['for thousands of days', { first: '1926-01-05' }, 'Name 2000 days at most'],
  ])('%s', async (_, options, message) => {
    await expect(rebuild(options)).rejects.toThrow(message);
    expect(await headers()).toEqual([]);
  });
});
