import { PassThrough } from 'node:stream';
import { beforeEach, expect, test } from '@jest/globals';
import { monthsFrom, rebuildMonths } from '../../../cli/rebuild/archive.ts';
import { createManualClock } from '../../../local/manual-clock.ts';
import type { Repositories } from '../../../local/repositories.ts';
import { createFacts, createListing } from '../../factories/papers.ts';
import { createFakeRepositories } from '../../fakes/repositories.ts';

const NOW = '2026-03-10T08:00:00.000Z';
const clock = createManualClock(NOW);

let repositories: Repositories;
let printed: string[];
let errors: string[];
let interruption: AbortController;

beforeEach(async () => {
  repositories = createFakeRepositories(clock);
  [printed, errors] = [[], []];
  interruption = new AbortController();
  await repositories.papers.save(createFacts(), NOW);
  await repositories.listings.save(createListing({ day: '2026-01-05' }));
  await repositories.listings.save(createListing({ day: '2025-06-05' }));
});

const rebuild = (options: { isYes?: boolean; isJson?: boolean } = {}, ports: Partial<Repositories> = {}) =>
  rebuildMonths(
    { ...repositories, clock, ...ports },
    ['hf-daily'],
    monthsFrom('2025-06', '2026-01', '2026-02'),
    { isYes: true, isJson: false, ...options },
    {
      print: (line) => printed.push(line),
      printError: (line) => errors.push(line),
      terminal: new PassThrough().resume(),
      input: new PassThrough(),
      onInterrupt: () => interruption.signal,
    },
  );
const months = () => repositories.archive.loadMonths();

test('writes every month, across months without papers, and again what is there already', async () => {
  expect(await rebuild()).toBe(0);
  const before = await months();
  expect(await rebuild({ isJson: true })).toBe(0);

  expect(errors[0]).toBe('Found 8 months: 2025-06 to 2026-01.');
  expect(printed[0]).toBe('Wrote 8 months.');
  expect(JSON.parse(printed[1] ?? '')).toEqual({
    first: '2025-06',
    last: '2026-01',
    written: 8,
    failed: [],
    isInterrupted: false,
  });
  const versions = [...before, ...(await months())].map(({ version }) => version);
  expect(new Set(versions).size).toBe(16);
});

test('goes on after a month that ingest writes at the same time, and reports it', async () => {
  const { archive } = repositories;
  const saveMonth: typeof archive.saveMonth = async (month, previous) =>
    month.month === '2025-12' ? undefined : archive.saveMonth(month, previous);

  expect(await rebuild({}, { archive: { ...archive, saveMonth } })).toBe(1);

  expect(printed).toEqual(['Wrote 7 months.']);
  expect(errors.at(-1)).toBe('left out: ingest was writing 2025-12 at the same time');
});

test('stops before the next month at Ctrl-C', async () => {
  interruption.abort();
  expect(await rebuild()).toBe(130);
  expect(errors.at(-1)).toBe('Stopped after 0 months. Run the command again for the rest.');
  expect(await months()).toEqual([]);
});

test('is refused without a terminal and --yes, and changes nothing', async () => {
  await expect(rebuild({ isYes: false })).rejects.toThrow('Add --yes');
  expect(await months()).toEqual([]);
});

test.each([
  ['months in the wrong order', '2026-02', '2026-01', '--from 2026-02 is after --to 2026-01'],
  ['a month that has not ended', '2026-01', '2026-03', 'The newest month that can be is 2026-02'],
  ['hundreds of months', '1926-01', '2026-01', 'more than 500 months'],
])('refuses %s', (_, first, last, message) => {
  expect(() => monthsFrom(first, last, '2026-02')).toThrow(message);
});
