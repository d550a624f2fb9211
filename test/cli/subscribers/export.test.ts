import { mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { text } from 'node:stream/consumers';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { CommandError, InterruptedError } from '../../../cli/deployment/errors.ts';
import { exportTo } from '../../../cli/subscribers/export.ts';
import type { StoredProfile } from '../../../cli/subscribers/open-subscribers.ts';
import { createSubscriber } from '../../factories/subscribers.ts';

const ADA: StoredProfile = { subscriber: createSubscriber({ id: 'ada', address: '=ada@example.org' }) };
const BROKEN: StoredProfile = {
  fault: 'the item SUB#x / PROFILE does not fit its schema: hour: Invalid input',
};

let folder: string;
let path: string;
let interruption: AbortController;

beforeEach(async () => {
  interruption = new AbortController();
  folder = await mkdtemp(join(tmpdir(), 'broadsheet-export-'));
  path = join(folder, 'subscribers.csv');
});

afterEach(() => rm(folder, { recursive: true }));

async function run(
  file: string | undefined,
  isForced: boolean,
  ...profiles: readonly (StoredProfile | Error)[]
) {
  const output = new PassThrough();
  const errors: string[] = [];
  const store = {
    async *loadAll() {
      for (const profile of profiles) {
        if (profile instanceof Error) throw profile;
        yield profile;
      }
    },
  };
  const code = await exportTo(file, isForced, store, {
    output,
    terminal: new PassThrough(),
    printError: (line) => errors.push(line),
    onInterrupt: () => interruption.signal,
  });
  output.end();
  return { code, errors, out: await text(output) };
}

test('writes a row for each subscriber into a file that only its owner can read', async () => {
  expect(await run(path, false, ADA)).toEqual({
    code: 0,
    errors: [`1 subscriber written to ${path}`],
    out: '',
  });

  expect((await stat(path)).mode & 0o777).toBe(0o600);
  const [header, row, end] = (await readFile(path, 'utf8')).split('\r\n');
  expect(header).toMatch(/^"address","status","time_zone","hour",/);
  expect(row).toBe(
    `"'=ada@example.org","confirmed","Europe/Berlin","8","1","html","[{""id"":""s1"",""lists"":[""hf-daily""],""query"":"""",""cadence"":""daily"",""maxPapers"":10,""sort"":""trending"",""queryVersion"":2}]",,,"2026-01-01T00:00:00.000Z","the sign-up page","Send me digests.",,,"0",,,,,,,,,`,
  );
  expect(end).toBe('');
});

test('writes only the rows to the output without a file', async () => {
  const { code, errors, out } = await run(undefined, false, ADA, ADA);

  expect(code).toBe(0);
  expect(errors).toEqual(['2 subscribers written']);
  expect(out.split('\r\n')).toHaveLength(4);
});

test('leaves out a profile that cannot be read, reports it, and ends with 1', async () => {
  const { code, errors, out } = await run(undefined, false, BROKEN, ADA);

  expect(code).toBe(1);
  expect(errors).toEqual([
    'left out: the item SUB#x / PROFILE does not fit its schema: hour: Invalid input',
    '1 subscriber written, 1 left out',
  ]);
  expect(out.split('\r\n')).toHaveLength(3);
});

test('keeps an existing file without --force', async () => {
  await writeFile(path, 'precious', { mode: 0o644 });

  await expect(run(path, false, ADA)).rejects.toThrow(CommandError);
  await expect(run(path, false, ADA)).rejects.toThrow(
    `"${path}" already exists. Give the path of a new file, or add --force to replace it.`,
  );
  expect(await readFile(path, 'utf8')).toBe('precious');

  await run(path, true, ADA);
  expect(await readFile(path, 'utf8')).toMatch(/^"address"/);
  expect((await stat(path)).mode & 0o777).toBe(0o600);
  expect(await readdir(folder)).toEqual(['subscribers.csv']);
});

test('leaves no new file after an error, and keeps the one to replace', async () => {
  await expect(run(path, false, ADA, new Error('the line is cut'))).rejects.toThrow('the line is cut');
  expect(await readdir(folder)).toEqual([]);

  await writeFile(path, 'precious');
  await expect(run(path, true, ADA, new Error('the line is cut'))).rejects.toThrow('the line is cut');
  expect(await readdir(folder)).toEqual(['subscribers.csv']);
  expect(await readFile(path, 'utf8')).toBe('precious');
});

test('reports a path that cannot be written', async () => {
  const elsewhere = join(folder, 'missing', 'subscribers.csv');
  await expect(run(elsewhere, false, ADA)).rejects.toThrow(`"${elsewhere}" cannot be written (ENOENT)`);
});

test('leaves no file after an interruption, and says how far it came', async () => {
  interruption.abort();

  const ended = run(path, false, ADA, ADA);
  await expect(ended).rejects.toThrow(InterruptedError);
  await expect(ended).rejects.toThrow(
    'Stopped after 1 subscriber. The export is not complete: run it again.',
  );

  expect(await readdir(folder)).toEqual([]);
});

test('with --force, a part that a killed run left does not stop the next run', async () => {
  await writeFile(path, 'an earlier export');
  await writeFile(`${path}.part`, 'half an exp', { mode: 0o644 });

  expect((await run(path, true, ADA)).code).toBe(0);

  expect(await readdir(folder)).toEqual(['subscribers.csv']);
  expect(await readFile(path, 'utf8')).toContain('ada@example.org');
  expect((await stat(path)).mode & 0o777).toBe(0o600);
});
