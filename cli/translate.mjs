import { mkdir, readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { join, parse } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

const PROJECT = fileURLToPath(new URL('..', import.meta.url));
const DAY_MS = 86_400_000;

/**
 * Imports a TypeScript file of this project, by its path from the root: `cli/broadsheet.ts`.
 *
 * Node 20 runs no TypeScript, and a loader that translates it costs every start 0.3 to 1.5 seconds. So esbuild translates the
 * program once into `.build`, and again when one of the files that went into it has changed.
 */
export async function importTranslated(source) {
  await refuseOldNode();
  const { dir, name } = parse(source);
  const folder = join(PROJECT, '.build', `${dir}-${name}`);
  const program = { source, folder, entry: join(folder, `${name}.js`), stamps: join(folder, 'stamps.json') };
  process.setSourceMapsEnabled(true);
  try {
    if (!(await isBuilt(program))) await build(program);
    return await import(pathToFileURL(program.entry).href);
  } catch (error) {
    const [problem] = /^Cannot find package '[^']+'/.exec(error.message) ?? [];
    if (problem === undefined) throw error;
    console.error(`${problem}. Run "npm ci" first.`);
    process.exit(2);
  }
}

/** Ends an older Node.js than `engines` in package.json asks for. It would stop at the first import that it does not know, with a stack. */
async function refuseOldNode() {
  const { engines } = JSON.parse(await readFile(join(PROJECT, 'package.json'), 'utf8'));
  const problem = explainOldNode(process.versions.node, engines.node);
  if (problem === undefined) return;
  console.error(problem);
  process.exit(2);
}

/**
 * Says what to do if a version of Node.js is too old. Undefined if it is not.
 *
 * @param version such as `18.20.8`
 * @param range such as `>=20.19`
 */
function explainOldNode(version, range) {
  const oldest = range.replace('>=', '');
  const [[major, minor], [oldestMajor, oldestMinor]] = [version, oldest].map((release) =>
    release.split('.').map(Number),
  );
  if (major > oldestMajor || (major === oldestMajor && minor >= oldestMinor)) return undefined;
  return `Broadsheet needs Node.js ${oldest} or newer, and this is ${version}. Install a newer one from https://nodejs.org, then run "npm ci" again.`;
}

/** Whether every file that the last build read is as it was. */
async function isBuilt(program) {
  try {
    const stamps = Object.entries(JSON.parse(await readFile(program.stamps, 'utf8')));
    const found = await Promise.all(stamps.map(([path]) => stampOf(path)));
    return stamps.every(([, stamp], index) => stamp === found[index]);
  } catch {
    // There is no build yet, or a file of it is gone. Both ask for a new one.
    return false;
  }
}

async function build({ source, folder, entry, stamps: stampsPath }) {
  const esbuild = await import('esbuild');
  const { outputFiles, metafile } = await esbuild.build({
    absWorkingDir: PROJECT,
    entryPoints: [source],
    outdir: folder,
    // What is imported only when it is needed stays in a file of its own.
    bundle: true,
    splitting: true,
    packages: 'external',
    write: false,
    metafile: true,
    platform: 'node',
    format: 'esm',
    target: 'node20',
    sourcemap: true,
  });
  const inputs = Object.keys(metafile.inputs);
  const stamps = await Promise.all(inputs.map(async (path) => [path, await stampOf(path)]));
  await mkdir(folder, { recursive: true });
  // The entry comes last, so that a program that starts meanwhile finds every file that it names.
  const isEntry = ({ path }) => path === entry;
  for (const { path, contents } of outputFiles.sort((a, b) => isEntry(a) - isEntry(b)))
    await replace(path, contents);
  await replace(stampsPath, JSON.stringify(Object.fromEntries(stamps)));
  await removeOld(folder, new Set([stampsPath, ...outputFiles.map(({ path }) => path)]));
}

/** Removes what earlier builds left. A program that still runs may need it, so it stays for a day. */
async function removeOld(folder, current) {
  const paths = (await readdir(folder)).map((name) => join(folder, name));
  for (const path of paths.filter((path) => !current.has(path)))
    if (Date.now() - (await stat(path)).mtimeMs > DAY_MS) await rm(path, { force: true });
}

async function stampOf(path) {
  const { mtimeMs, size } = await stat(join(PROJECT, path));
  return `${mtimeMs} ${size}`;
}

async function replace(path, contents) {
  const part = `${path}.${process.pid}`;
  await writeFile(part, contents);
  await rename(part, path);
}
