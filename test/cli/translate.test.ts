import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { cp, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';

const ROOT = join(import.meta.dirname, '../..');

/** Runs a program of the project in a folder, and returns its exit code and output. */
async function runNode(folder: string, ...args: readonly string[]) {
  const child = spawn(process.execPath, args, { cwd: folder });
  let text = '';
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (chunk: Buffer) => {
      text += chunk.toString();
    });
  const [code] = await once(child, 'close');
  return { code, text };
}

/** Runs a program as another version of Node.js would, as far as the program can tell. */
function runAs(version: string, program: string) {
  const versions = JSON.stringify({ ...process.versions, node: version });
  const script = `Object.defineProperty(process, 'versions', { value: ${versions} }); import('./${program}')`;
  return runNode(ROOT, '-e', script, '--', program, '--help');
}

test.each([
  ['18.20.8', 'cli/bin.mjs'],
  ['20.9.0', 'local/start.mjs'],
  ['20.18.3', 'local/demo.mjs'],
])('an older Node.js, %s, ends %s with what to do', async (version, program) => {
  expect(await runAs(version, program)).toEqual({
    code: 2,
    text: `Broadsheet needs Node.js 20.19 or newer, and this is ${version}. Install a newer one from https://nodejs.org, then run "npm ci" again.\n`,
  });
});

test.each(['20.19.0', '22.3.0'])('Node.js %s is new enough', async (version) => {
  expect(await runAs(version, 'local/start.mjs')).toEqual({
    code: 0,
    text: expect.stringMatching(/^npm start -- /),
  });
});

test('a checkout without packages asks for npm ci', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'broadsheet-packages-'));
  for (const name of ['package.json', 'cli/translate.mjs', 'local/start.mjs'])
    await cp(join(ROOT, name), join(folder, name), { recursive: true });

  expect(await runNode(folder, 'local/start.mjs')).toEqual({
    code: 2,
    text: `Cannot find package 'esbuild'. Run "npm ci" first.\n`,
  });
  await rm(folder, { recursive: true });
});
