import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { writeMails } from '../../../local/demo/write-mails.ts';
import { type MessageStore, openMessageStore } from '../../../local/ses/message-store.ts';

const SUBSCRIBERS = [{ address: 'ada@readers.example' }, { address: 'ben@readers.example' }];

let folder: string;
let out: string;
let store: MessageStore;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'broadsheet-write-mails-'));
  out = join(folder, 'out');
  store = await openMessageStore(join(folder, 'store'));
  await store.save(
    {
      messageId: '0100',
      acceptedAt: '2026-01-07T08:00:00.000Z',
      source: 'papers@broadsheet.example',
      destinations: ['ada@readers.example'],
      tags: [],
      subject: 'Papers',
    },
    Buffer.from('Subject: Papers\r\nContent-Type: text/plain\r\n\r\nOne paper.\r\n'),
  );
});

afterEach(() => rm(folder, { recursive: true }));

test('writes a mail and its text part into a new folder', async () => {
  await writeMails(store, out, SUBSCRIBERS);

  expect(await readdir(out)).toEqual(['1-ada.eml', '1-ada.txt']);
  expect(await readFile(join(out, '1-ada.txt'), 'utf8')).toContain('One paper.');
});

test('deletes the mails of an earlier run but no other file', async () => {
  const planted = ['thesis.txt', '2026-notes.txt', '1-ada.txt.bak', '1-ada.json', 'x1-ada.eml', '1-carl.eml'];
  await mkdir(join(out, '9-ada.eml'), { recursive: true });
  await writeFile(join(out, '9-ada.eml', 'inside.txt'), 'mine');
  for (const name of planted) await writeFile(join(out, name), 'mine');
  for (const name of ['1-ada.html', '2-ben.eml', '2-ben.html', '12-ada.txt']) {
    await writeFile(join(out, name), 'of an earlier run');
  }

  await writeMails(store, out, SUBSCRIBERS);

  expect(new Set(await readdir(out))).toEqual(new Set([...planted, '9-ada.eml', '1-ada.eml', '1-ada.txt']));
  for (const name of [...planted, '9-ada.eml/inside.txt']) {
    expect(await readFile(join(out, name), 'utf8')).toBe('mine');
  }
});
