import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { emptyFolder, lockFolder } from '../../../local/start/folder.ts';

let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'broadsheet-folder-lock-'));
});

afterEach(() => rm(folder, { recursive: true, force: true }));

describe('emptying a folder', () => {
  test('deletes the data of a copy but neither its lock nor other files', async () => {
    await lockFolder(folder);
    for (const name of ['tables', 'outbox', 'photos']) {
      await mkdir(join(folder, name));
      await writeFile(join(folder, name, 'a'), 'a');
    }
    for (const name of ['keys.json', 'queues.json', 'log.jsonl', 'thesis.txt', 'package.json']) {
      await writeFile(join(folder, name), name);
    }

    await emptyFolder(folder);

    expect((await readdir(folder)).sort()).toEqual(['package.json', 'photos', 'running.pid', 'thesis.txt']);
    expect(await readFile(join(folder, 'photos', 'a'), 'utf8')).toBe('a');
    expect(await readFile(join(folder, 'running.pid'), 'utf8')).toBe(String(process.pid));
  });

  test('changes nothing in a folder without data of a copy', async () => {
    await lockFolder(folder);

    await emptyFolder(folder);

    expect(await readdir(folder)).toEqual(['running.pid']);
  });
});

describe('locking a folder', () => {
  test('can be undone and keeps other files', async () => {
    await writeFile(join(folder, 'thesis.txt'), 'mine');

    const unlock = await lockFolder(folder);
    await unlock();

    expect(await readdir(folder)).toEqual(['thesis.txt']);
  });

  test('ignores the lock of a process that no longer runs', async () => {
    await writeFile(join(folder, 'running.pid'), '2147483646');

    await lockFolder(folder);

    expect(await readFile(join(folder, 'running.pid'), 'utf8')).toBe(String(process.pid));
  });

  test('is refused while another process has the lock', async () => {
    await writeFile(join(folder, 'running.pid'), String(process.ppid));

    await expect(lockFolder(folder)).rejects.toThrow(`in use by process ${process.ppid}`);
  });
});
