/**
 * Plants one bug after the other in a copy of the sources and shows which test fails for it: `npm run planted-bugs`. With a part of a
 * bug's description it plants only that bug. Exits with 1 if no test catches a bug, with 2 if no description has that part.
 */
import { execFile } from 'node:child_process';
import { cp, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join, resolve } from 'node:path';
import { type PlantedBug, plantedBugs } from './bugs.ts';

const LEFT_OUT = new Set(['node_modules', '.git', 'cdk.out']);

const [part = ''] = process.argv.slice(2);
const bugs = plantedBugs.filter(({ what }) => what.includes(part));
if (bugs.length === 0) {
  process.stderr.write(
    `No bug has "${part}" in its description. The bugs are:\n  ${plantedBugs.map(({ what }) => what).join('\n  ')}\n`,
  );
  process.exit(2);
}
const copy = await mkdtemp(join(tmpdir(), 'broadsheet-bugs-'));
let caught = 0;
try {
  await cp('.', copy, { recursive: true, filter: (path) => !LEFT_OUT.has(basename(path)) });
  await symlink(resolve('node_modules'), join(copy, 'node_modules'));
  const without = failuresIn(await runTests([...new Set(bugs.flatMap(({ tests }) => tests))]));
  if (without.length > 0) throw new Error(`these tests fail without any bug: ${without.join(', ')}`);
  for (const bug of bugs) {
    const failing = await plant(bug);
    if (failing.length > 0) caught += 1;
    process.stdout.write(`${bug.what}\n  ${failing.join('\n  ') || 'NOT CAUGHT'}\n`);
  }
} finally {
  await rm(copy, { recursive: true });
}
process.stdout.write(`${caught} of ${bugs.length} caught\n`);
process.exitCode = caught === bugs.length ? 0 : 1;

/** Returns the tests that fail with the bug. The copy is restored afterwards. */
async function plant({ file, before, after, tests }: PlantedBug): Promise<readonly string[]> {
  const path = join(copy, file);
  const source = await readFile(path, 'utf8');
  if (!source.includes(before)) throw new Error(`${file} no longer has the text that the bug replaces`);
  await writeFile(
    path,
    source.replace(before, () => after),
  );
  const output = await runTests(tests);
  await writeFile(path, source);
  return failuresIn(output);
}

/** @throws Error if the tests did not run, because then they catch nothing */
function failuresIn(output: string): readonly string[] {
  if (!/^Tests: /m.test(output) || output.includes('Test suite failed to run')) {
    throw new Error(`the tests do not run:\n${output}`);
  }
  return [...new Set(output.match(/^ {2}● .*$/gm) ?? [])].map((line) => line.slice(4));
}

/** Returns what the tests print. Failing tests are expected, so the exit code does not matter. */
function runTests(tests: readonly string[]): Promise<string> {
  return new Promise((done) => {
    execFile(
      'npm',
      ['test', '--silent', '--', ...tests],
      { cwd: copy, maxBuffer: 64 * 1024 * 1024, env: { ...process.env, FORCE_COLOR: '0' } },
      (_, stdout, stderr) => done(stdout + stderr),
    );
  });
}
