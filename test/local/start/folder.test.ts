import { mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { ClassicLevel } from 'classic-level';
import { emptyFolder, lockFolder } from '../../../local/start/folder.ts';

let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'broadsheet-folder-lock-'));
});

afterEach(() => rm(folder, { recursive: true, force: true }));

describe('emptying a folder', () => {
  test('deletes the data of a copy but neither its lock nor other files', async () => {
    await lockFolder(folder);
    for (const name of ['tables', 'tables-damaged-2026-01-06', 'outbox', 'photos']) {
      await mkdir(join(folder, name));
      await writeFile(join(folder, name, 'a'), 'a');
    }
    for (const name of [
      'keys.json',
      'queues.json',
      'queues-unreadable.jsonl',
      'log.jsonl',
      'thesis.txt',
      'package.json',
    ]) {
      await writeFile(join(folder, name), name);
    }

    await emptyFolder(folder);

    expect((await readdir(folder)).sort()).toEqual([
      'broadsheet.txt',
      'package.json',
      'photos',
      'running.pid',
      'thesis.txt',
    ]);
    expect(await readFile(join(folder, 'photos', 'a'), 'utf8')).toBe('a');
    expect(await readFile(join(folder, 'running.pid'), 'utf8')).toBe(String(process.pid));
  });

  test('is refused while a copy uses the tables, even without its lock', async () => {
    const store = new ClassicLevel(join(folder, 'tables'));
    await store.put('paper', 'agents');
    await writeFile(join(folder, 'keys.json'), 'keys');

    await expect(emptyFolder(folder)).rejects.toThrow('If another copy of Broadsheet runs, stop it.');

    expect(await readFile(join(folder, 'keys.json'), 'utf8')).toBe('keys');
    await store.close();
    await store.open();
    expect(await store.get('paper')).toBe('agents');
    await store.close();
  });

  test('changes nothing in a folder without data of a copy', async () => {
    await lockFolder(folder);

    await emptyFolder(folder);

    expect((await readdir(folder)).sort()).toEqual(['broadsheet.txt', 'running.pid']);
  });
});

describe('locking a folder', () => {
  test('creates it for its owner alone, because mails in it have working links', async () => {
    const path = join(folder, 'new', 'state');
    await lockFolder(path);

    const modes = await Promise.all(
      [dirname(path), path].map(async (file) => (await stat(file)).mode & 0o777),
    );
    expect(modes).toEqual([0o700, 0o700]);
  });

  test('creates it, marks it, and can be undone', async () => {
    const path = join(folder, 'new', 'state');

    const unlock = await lockFolder(path);
    expect(await readFile(join(path, 'running.pid'), 'utf8')).toBe(String(process.pid));
    await unlock();

    expect(await readdir(path)).toEqual(['broadsheet.txt']);
  });

  test('keeps other files of a marked folder', async () => {
    await (await lockFolder(folder))();
    await writeFile(join(folder, 'thesis.txt'), 'mine');

    await (await lockFolder(folder))();

    expect(await readFile(join(folder, 'thesis.txt'), 'utf8')).toBe('mine');
  });

  test('ignores the lock of a process that no longer runs', async () => {
    await (await lockFolder(folder))();
    await writeFile(join(folder, 'running.pid'), '2147483646');

    await lockFolder(folder);

    expect(await readFile(join(folder, 'running.pid'), 'utf8')).toBe(String(process.pid));
  });

  test('leaves the lock of another process when it is undone', async () => {
    const unlock = await lockFolder(folder);
    await writeFile(join(folder, 'running.pid'), String(process.ppid));

    await unlock();

    expect(await readFile(join(folder, 'running.pid'), 'utf8')).toBe(String(process.ppid));
  });

  test('is refused while another process has the lock', async () => {
    await (await lockFolder(folder))();
    await writeFile(join(folder, 'running.pid'), String(process.ppid));

    await expect(lockFolder(folder)).rejects.toThrow(`in use by process ${process.ppid}`);
  });

  test('works after deleting the lock that a crash left to another program, as the message says', async () => {
    await (await lockFolder(folder))();
    const path = join(folder, 'running.pid');
    await writeFile(path, String(process.ppid));

    await expect(lockFolder(folder)).rejects.toThrow(
      `If it is another program, delete ${path}, which a crash left behind.`,
    );
    await rm(path);

    await (await lockFolder(folder))();
  });

  test.each([
    ['a tables folder of its own', ['tables']],
    ['some names that a copy uses', ['tables', 'outbox', 'keys.json', 'running.pid']],
    ['a checkout', ['package.json', 'README.md']],
  ])('is refused for a folder with %s, and leaves it as it was', async (_, names) => {
    for (const name of names) await writeFile(join(folder, name), 'mine');

    await expect(lockFolder(folder)).rejects.toThrow(
      `The folder "${folder}" has files that are not Broadsheet's. Choose an empty or a new one with --folder <folder>.`,
    );

    expect((await readdir(folder)).sort()).toEqual([...names].sort());
    for (const name of names) expect(await readFile(join(folder, name), 'utf8')).toBe('mine');
  });

  test('accepts a folder of an older release, which had no marker', async () => {
    await mkdir(join(folder, 'tables'));
    for (const name of ['keys.json', 'log.jsonl']) await writeFile(join(folder, name), '');

    await lockFolder(folder);

    expect(await readdir(folder)).toContain('broadsheet.txt');
  });

  test('fails if the path is a file', async () => {
    const path = join(folder, 'thesis.txt');
    await writeFile(path, 'mine');

    await expect(lockFolder(path)).rejects.toThrow(
      `"${path}" is a file, not a folder. Choose another one with --folder <folder>.`,
    );
  });

  test('is refused for a folder that cannot be created', async () => {
    await writeFile(join(folder, 'thesis.txt'), 'mine');

    for (const path of [join(folder, 'thesis.txt', 'state'), '/proc/none', ''])
      await expect(lockFolder(path)).rejects.toThrow(`The folder "${path}" cannot be created (E`);
  });
});
