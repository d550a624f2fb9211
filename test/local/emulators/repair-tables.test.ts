import { mkdtemp, readdir, readFile, rm, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type DynamoDBDocumentClient, PutCommand, paginateScan } from '@aws-sdk/lib-dynamodb';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { ClassicLevel } from 'classic-level';
import { startDynamoDb } from '../../../local/emulators/dynamodb.ts';
import { repairTables } from '../../../local/emulators/repair-tables.ts';
import { localTables, openRepositories } from '../../../local/repositories.ts';
import { systemClock } from '../../../shared/adapters/system-clock.ts';
import { InvalidInputError } from '../../../shared/domain/errors.ts';
import { createSubscriber, createSubscription } from '../../factories/subscribers.ts';

let parent: string;
let folder: string;
let reports: string[];
const start = () => startDynamoDb(folder, (line) => reports.push(line));

beforeEach(async () => {
  parent = await mkdtemp(join(tmpdir(), 'broadsheet-tables-'));
  folder = join(parent, 'tables');
  reports = [];
});

afterEach(() => rm(parent, { recursive: true }));

const NUMBERS = [...Array(60).keys()];

/** Leaves 60 papers and a subscriber in files of records, and 60 more papers in the journal. */
async function fill(): Promise<void> {
  const put = async (documents: DynamoDBDocumentClient, prefix: string) => {
    for (const n of NUMBERS)
      await documents.send(
        new PutCommand({
          TableName: localTables.papers,
          Item: { pk: `${prefix}#${n}`, sk: 'PAPER', text: `${Math.random()}`.repeat(20) },
        }),
      );
  };
  const first = await start();
  await put(first.documents, 'OLD');
  await openRepositories(first.documents, localTables, systemClock).subscribers.save(
    createSubscriber({
      id: 'ada',
      status: 'confirmed',
      subscriptions: [createSubscription({ cadence: 'instant' })],
    }),
  );
  await first.close();
  const store = new ClassicLevel(folder);
  await store.open();
  await store.compactRange('', '\uffff');
  await store.close();
  const second = await start();
  await put(second.documents, 'NEW');
  await second.close();
}

async function nameOf(pattern: RegExp): Promise<string> {
  const name = (await readdir(folder)).find((file) => pattern.test(file));
  if (name === undefined) throw new Error(`no file matches ${pattern}`);
  return join(folder, name);
}

const halve = async (pattern: RegExp) => {
  const path = await nameOf(pattern);
  await truncate(path, Math.floor((await readFile(path)).length / 2));
};

test.each<[string, () => Promise<void>, string]>([
  ['without CURRENT', async () => rm(await nameOf(/^CURRENT$/)), 'the file CURRENT is missing'],
  ['with an empty CURRENT', async () => truncate(await nameOf(/^CURRENT$/)), 'CURRENT file does not end'],
  ['without a manifest', async () => rm(await nameOf(/^MANIFEST/)), 'No such file'],
  ['with half a manifest', () => halve(/^MANIFEST/), 'no meta-nextfile entry'],
])('tables %s are repaired, and keep every record', async (_, damage, words) => {
  await fill();
  await damage();

  const { documents, close } = await start();

  const repositories = openRepositories(documents, localTables, systemClock);
  expect(await countPapers(documents)).toBe(120);
  expect(await repositories.cohorts.loadFollowers(['hf-daily'], undefined, 10)).toEqual({ ids: ['ada'] });
  const [copy = ''] = (await readdir(parent)).filter((name) => name !== 'tables');
  expect(reports).toEqual([
    expect.stringMatching(/^The tables were damaged \(.*\) and are repaired\. Some .* may be missing\. /),
  ]);
  expect(reports[0]).toContain(words);
  expect(reports[0]).toContain(`The damaged files are in ${join(parent, copy)}.`);
  await close();

  await (await start()).close();
  expect(reports).toHaveLength(1);
});

test.each<[string, () => Promise<void>]>([
  ['half', () => halve(/\.ldb$/)],
  ['an empty', async () => truncate(await nameOf(/\.ldb$/))],
  ['no', async () => rm(await nameOf(/\.ldb$/))],
])('tables with %s file of records keep the records of the others', async (_, damage) => {
  await fill();
  await damage();

  const { documents, close } = await start();

  expect(await countPapers(documents)).toBeGreaterThanOrEqual(60);
  expect(reports).toHaveLength(1);
  await close();
});

test('tables stay repaired until what the repair lost is made again, so a kill in between loses nothing', async () => {
  await fill();
  await rm(await nameOf(/^CURRENT$/));
  const report = (line: string) => reports.push(line);

  expect(await repairTables(folder, report)).toBe(true);
  expect(await repairTables(folder, report)).toBe(true);
  await (await start()).close();

  expect(await repairTables(folder, report)).toBe(false);
  expect(reports).toHaveLength(1);
});

test('whole tables and a new folder are left alone', async () => {
  await fill();
  await (await start()).close();

  expect(reports).toEqual([]);
  expect(await readdir(parent)).toEqual(['tables']);
});

test('a file that was being merged when a program ended is no damage', async () => {
  await fill();
  const merged = await readFile(await nameOf(/\.ldb$/));
  await writeFile(join(folder, '099999.ldb'), merged.subarray(0, merged.length / 2));

  const { documents, close } = await start();

  expect(await countPapers(documents)).toBe(120);
  expect(reports).toEqual([]);
  await close();
});

test('tables that are started and ended many times are never called damaged', async () => {
  for (let round = 0; round < 20; round += 1) {
    const store = new ClassicLevel(folder);
    await store.open();
    for (const n of NUMBERS) await store.put(`${n}`, `${Math.random()}`.repeat(500));
    await store.close();
    expect(await repairTables(folder, (line) => reports.push(line))).toBe(false);
  }
  expect(reports).toEqual([]);
});

test('a file instead of the tables is named, and stays', async () => {
  await writeFile(folder, 'mine');

  await expect(start()).rejects.toThrow(InvalidInputError);
  await expect(start()).rejects.toThrow(`The tables in ${folder} cannot be opened (`);
  expect(await readFile(folder, 'utf8')).toBe('mine');
});

test('tables that another program has open are not repaired', async () => {
  const other = new ClassicLevel(folder);
  await other.open();

  await expect(start()).rejects.toThrow('Stop the program that uses it.');

  await other.close();
  expect(await readdir(parent)).toEqual(['tables']);
});

async function countPapers(documents: DynamoDBDocumentClient): Promise<number> {
  let count = 0;
  for await (const page of paginateScan({ client: documents }, { TableName: localTables.papers }))
    count += page.Items?.length ?? 0;
  return count;
}
