import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { CommandError } from '../../../../cli/deployment/errors.ts';
import { openCsvFile, REPLACEMENT } from '../../../../cli/subscribers/csv/csv-file.ts';
import { collect } from './text-file.ts';

let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'broadsheet-csv-'));
});

afterAll(() => rm(folder, { recursive: true }));

const TEXT = 'email,name\r\nada@example.org,Zoë\r\n';

test.each([
  ['UTF-8', Buffer.from(TEXT)],
  ['UTF-8 with its mark', Buffer.from(`\ufeff${TEXT}`)],
  ['UTF-16 with its mark', Buffer.from(`\ufeff${TEXT}`, 'utf16le')],
  ['UTF-16 without a mark', Buffer.from(TEXT, 'utf16le')],
  ['UTF-16 BE with its mark', Buffer.from(`\ufeff${TEXT}`, 'utf16le').swap16()],
  ['UTF-16 BE without a mark', Buffer.from(TEXT, 'utf16le').swap16()],
])('a file in %s is its text, as often as it is read', async (_, bytes) => {
  const path = join(folder, 'members.csv');
  await writeFile(path, bytes);

  const file = await openCsvFile(path);

  expect(file.name).toBe('members.csv');
  for (const _time of [1, 2]) expect((await collect(file.read())).join('')).toBe(TEXT);
});

test('bytes of another encoding are marked, and no others', async () => {
  const path = join(folder, 'latin.csv');
  await writeFile(path, Buffer.from('email,name\nada@example.org,Zo\xeb\n', 'latin1'));

  const file = await openCsvFile(path);

  expect((await collect(file.read())).join('')).toBe(`email,name\nada@example.org,Zo${REPLACEMENT}\n`);
});

test('a workbook, or an archive as Mailchimp sends it, is refused with what to do', async () => {
  const path = join(folder, 'members.xlsx');
  await writeFile(path, Buffer.from('PK\u0003\u0004 and more'));

  await expect(openCsvFile(path)).rejects.toThrow(
    `"${path}" is an archive or an Excel workbook: expected the path of a CSV file. Unpack it, or save the sheet`,
  );
});

test('a file that is not there, or is a folder, is named with what is wrong', async () => {
  const missing = join(folder, 'missing.csv');
  await expect(openCsvFile(missing)).rejects.toThrow(CommandError);
  await expect(openCsvFile(missing)).rejects.toThrow(
    `"${missing}" cannot be read (ENOENT): expected the path of a CSV file`,
  );
  await expect(openCsvFile(folder)).rejects.toThrow('(EISDIR)');
});
