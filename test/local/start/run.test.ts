import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { listenOn } from '../../../local/start/listen.ts';
import { parseStartOptions } from '../../../local/start/options.ts';
import { openFirstPages, openLog, runCopy } from '../../../local/start/run.ts';
import { createWebApp } from '../../../shared/web/app.tsx';
import { createFacts, createListing } from '../../factories/papers.ts';
import { createFakeWeb } from '../../fakes/web.ts';

test('opens the search before a reader does, so the first search loads nothing', async () => {
  const web = createFakeWeb();
  const { search, listDays: kept, ...stored } = web.ports;
  let loads = 0;
  const listDays: typeof kept = {
    load: (...asked) => {
      loads += 1;
      return kept.load(...asked);
    },
  };
  const counted = createFakeWeb({ ...stored, listDays });
  await web.repositories.papers.save(createFacts({ title: 'Agents' }), web.clock.now());
  await web.repositories.listings.save(createListing());
  const app = createWebApp(counted.ports);

  await openFirstPages(app.fetch, 'http://localhost:4310', async () => undefined);
  const loadedBefore = loads;
  const answer = await app.request('http://localhost:4310/search?q=agents');

  expect(loadedBefore).toBeGreaterThan(0);
  expect(await answer.text()).toContain('1 paper matches');
  expect(loads).toBe(loadedBefore);
});

test('opens the front page before it reads the lists, which keep the thread busy', async () => {
  const steps: string[] = [];
  const fetch = (request: Request) => {
    steps.push(new URL(request.url).pathname);
    return new Response();
  };

  await openFirstPages(fetch, 'http://localhost:4310', async () => void steps.push('lists'));

  expect(steps).toEqual(['/', 'lists', '/search']);
});

test('reads the lists even if the front page fails', async () => {
  let isRead = false;
  const fetch = () => Promise.reject(new Error('no front page'));
  const readLists = async () => {
    isRead = true;
  };

  await expect(openFirstPages(fetch, 'http://localhost:4310', readLists)).rejects.toThrow('no front page');
  expect(isRead).toBe(true);
});

test.each([
  [
    { hfUrl: 'notaurl' },
    'BROADSHEET_HF_URL is "notaurl"; expected an http or https address, such as https://huggingface.co/api/daily_papers',
  ],
  [
    { hfUrl: 'file:///etc/hosts' },
    'BROADSHEET_HF_URL is "file:///etc/hosts"; expected an http or https address',
  ],
  [
    { arxivUrl: 'localhost:8080' },
    'BROADSHEET_ARXIV_URL is "localhost:8080"; expected an http or https address',
  ],
])('refuses the addresses %j before it creates anything', async (urls, message) => {
  const parent = await mkdtemp(join(tmpdir(), 'broadsheet-run-'));
  const folder = join(parent, 'state');

  const options = parseStartOptions(['--folder', folder, '--port', '0']);

  await expect(runCopy(options, urls, () => undefined)).rejects.toThrow(message);
  expect(existsSync(folder)).toBe(false);
  await rm(parent, { recursive: true });
});

test('takes no port if the folder cannot be used, and leaves no folder if the port cannot be used', async () => {
  const parent = await mkdtemp(join(tmpdir(), 'broadsheet-run-'));
  const folder = join(parent, 'state');
  const { port, close } = await listenOn(0);
  const start = (chosen: string) =>
    runCopy(parseStartOptions(['--folder', chosen, '--port', String(port)]), {}, () => undefined);

  await expect(start(folder)).rejects.toThrow(`Port ${port} is in use`);
  expect(existsSync(folder)).toBe(false);

  // A second start by mistake, of a copy with the same folder and port.
  await mkdir(folder);
  await writeFile(join(folder, 'running.pid'), String(process.ppid));
  await expect(start(folder)).rejects.toThrow(`in use by process ${process.ppid}`);

  close();
  await expect(start('package.json')).rejects.toThrow('"package.json" is a file');
  (await listenOn(port)).close();
  await rm(parent, { recursive: true });
});

test('frees the port and the folder if the start fails', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'broadsheet-run-'));
  const { port, close } = await listenOn(0);
  close();
  await writeFile(join(folder, 'broadsheet.txt'), '');
  await writeFile(join(folder, 'keys.json'), 'broken');
  const options = parseStartOptions(['--folder', folder, '--port', String(port)]);

  await expect(runCopy(options, {}, () => undefined)).rejects.toThrow('does not contain valid keys');

  expect(existsSync(join(folder, 'running.pid'))).toBe(false);
  (await listenOn(port)).close();
  await rm(folder, { recursive: true });
});

test('a log that cannot be written is reported once, and stops nothing', async () => {
  const parent = await mkdtemp(join(tmpdir(), 'broadsheet-run-'));
  const reports: string[] = [];

  const log = openLog(parent, (line) => reports.push(line));
  log.write('one');
  await new Promise<void>((resolve) => log.once('close', () => resolve()));
  log.write('two');
  await new Promise<void>((resolve) => log.end(() => resolve()));

  expect(reports).toEqual([expect.stringMatching(/^error: The log cannot be written \(EISDIR.*\)\. /)]);
  await rm(parent, { recursive: true });
});
