import { mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inspect } from 'node:util';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { createKeys, loadKeys } from '../../local/keys.ts';
import { InvalidInputError } from '../../shared/domain/errors.ts';

let folder: string;
let path: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'keys-'));
  path = join(folder, 'state', 'keys.json');
});

afterEach(() => rm(folder, { recursive: true, force: true }));

test('new keys are long, and never the same', () => {
  const keys = [createKeys(), createKeys()].flatMap(({ idKey, linkKeys }) => [
    idKey,
    ...linkKeys.map(({ key }) => key),
  ]);

  expect(new Set(keys).size).toBe(4);
  for (const key of keys) expect(Buffer.from(key, 'base64url')).toHaveLength(32);
});

test('keys are created once, in a new folder if necessary, and reused at the next start', async () => {
  const first = await loadKeys(path);

  expect(await loadKeys(path)).toEqual(first);
});

test('a start that died while it wrote the keys does not stop the next one', async () => {
  await mkdir(join(folder, 'state'));
  await writeFile(`${path}.new`, '{"idK');

  const keys = await loadKeys(path);

  expect(await loadKeys(path)).toEqual(keys);
  expect(await readdir(join(folder, 'state'))).toEqual(['keys.json']);
});

test('only the owner can read the file', async () => {
  await loadKeys(path);

  expect((await stat(path)).mode & 0o777).toBe(0o600);
});

test.each([
  ['is empty', ''],
  ['is cut short', `{"idKey":"${'k'.repeat(43)}","linkK`],
  ['is no JSON', `idKey=${'k'.repeat(43)}`],
  ['holds a key that is too short', '{"idKey":"kkkkkkkk"}'],
  ['holds no key', '{}'],
])('a file that %s is named and kept, and its content stays secret', async (_, text) => {
  const file = join(folder, 'keys.json');
  await writeFile(file, text);

  const failure: unknown = await loadKeys(file).catch((error: unknown) => error);

  expect(failure).toBeInstanceOf(InvalidInputError);
  expect(failure).toMatchObject({ message: expect.stringContaining(`${file} does not contain valid keys`) });
  expect(inspect(failure)).not.toMatch(/k{6}|idKey=/);
  expect(await readFile(file, 'utf8')).toBe(text);
});

test('tables without their keys get no new keys', async () => {
  await loadKeys(path);
  await mkdir(join(folder, 'state', 'tables'));
  await rm(path);

  await expect(loadKeys(path)).rejects.toThrow(
    `${path} is missing, and the subscribers beside it cannot be found without their keys. Put the file back, or start with --fresh`,
  );
  expect(await readdir(join(folder, 'state'))).toEqual(['tables']);
});

test('an unreadable file does not cause new keys', async () => {
  await expect(loadKeys(folder)).rejects.toMatchObject({ code: 'EISDIR' });
});
