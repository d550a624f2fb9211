#!/usr/bin/env node
import { mkdir, readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

// Starts `broadsheet`. Node 20 runs no TypeScript, and a loader that translates it costs every start 0.3 seconds. So esbuild
// translates the command once into .build/cli, and again when one of the files that went into it has changed.

const PROJECT = fileURLToPath(new URL('..', import.meta.url));
const BUILD = join(PROJECT, '.build', 'cli');
const ENTRY = join(BUILD, 'broadsheet.js');
const STAMPS = join(BUILD, 'stamps.json');
const DAY_MS = 86_400_000;

process.setSourceMapsEnabled(true);
if (!(await isBuilt())) await build();
const { main } = await import(pathToFileURL(ENTRY).href);
await main();

/** Whether every file that the last build read is as it was. */
async function isBuilt() {
  try {
    const stamps = Object.entries(JSON.parse(await readFile(STAMPS, 'utf8')));
    const found = await Promise.all(stamps.map(([path]) => stampOf(path)));
    return stamps.every(([, stamp], index) => stamp === found[index]);
  } catch {
    // There is no build yet, or a file of it is gone. Both ask for a new one.
    return false;
  }
}

async function build() {
  const esbuild = await import('esbuild');
  const { outputFiles, metafile } = await esbuild.build({
    absWorkingDir: PROJECT,
    entryPoints: ['cli/broadsheet.ts'],
    outdir: BUILD,
    // Each command stays in a file of its own, which is loaded when it runs.
    ...{ bundle: true, splitting: true, packages: 'external', write: false, metafile: true },
    ...{ platform: 'node', format: 'esm', target: 'node20', sourcemap: true },
  });
  const inputs = Object.keys(metafile.inputs);
  const stamps = await Promise.all(inputs.map(async (path) => [path, await stampOf(path)]));
  await mkdir(BUILD, { recursive: true });
  // The entry comes last, so that a command that starts meanwhile finds every file that it names.
  const isEntry = ({ path }) => path === ENTRY;
  for (const { path, contents } of outputFiles.sort((one, other) => isEntry(one) - isEntry(other)))
    await replace(path, contents);
  await replace(STAMPS, JSON.stringify(Object.fromEntries(stamps)));
  await removeOld(new Set(outputFiles.map(({ path }) => path)));
}

/** Removes what earlier builds left. A command that still runs may need it, so it stays for a day. */
async function removeOld(current) {
  const paths = (await readdir(BUILD)).map((name) => join(BUILD, name));
  for (const path of paths.filter((path) => path !== STAMPS && !current.has(path)))
    if (Date.now() - (await stat(path)).mtimeMs > DAY_MS) await rm(path, { force: true });
}

async function stampOf(path) {
  const { mtimeMs, size } = await stat(join(PROJECT, path));
  return `${mtimeMs} ${size}`;
}

async function replace(path, contents) {
  const part = join(dirname(path), `${relative(BUILD, path)}.${process.pid}`);
  await writeFile(part, contents);
  await rename(part, path);
}
