/**
 * Plants one bug after the other in a copy of the sources and shows which test fails for it: `npm run planted-bugs`. With a part of a
 * bug's description it plants only that bug. Exits with 1 if no test catches a bug, with 2 if no description has that part.
 *
 * A bug can make a test loop for ever. Then the run never ends, also in CI, where the time limit of the job reports it. So such a bug
 * counts as caught. The limit here is far above what the tests take without a bug, also on a slow machine.
 */
import { cp, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join, resolve } from 'node:path';
import { type PlantedBug, plantedBugs } from './bugs.ts';
import { type Ended, runUntil } from './run-until.ts';

const LEFT_OUT = new Set(['node_modules', '.git', 'cdk.out']);

const [part = ''] = process.argv.slice(2);
const bugs = plantedBugs.filter(({ what }) => what.includes(part));
if (bugs.length === 0) {
  process.stderr.write(
    `No bug has "${part}" in its description. The bugs are:\n  ${plantedBugs.map(({ what }) => what).join('\n  ')}\n`,
  );
  process.exit(2);
}
/** A run of tests that takes this many times as long as without a bug counts as endless. */
const TIMES_AS_LONG = 10;

/** No run is stopped before. Jest itself ends a single test that waits for ever after five minutes. */
const SHORTEST_LIMIT_MS = 15 * 60_000;

const interrupted = new AbortController();
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => interrupted.abort());

const copy = await mkdtemp(join(tmpdir(), 'broadsheet-bugs-'));
let caught = 0;
try {
  await cp('.', copy, { recursive: true, filter: (path) => !LEFT_OUT.has(basename(path)) });
  await symlink(resolve('node_modules'), join(copy, 'node_modules'));
  const startedAt = performance.now();
  const without = await runTests([...new Set(bugs.flatMap(({ tests }) => tests))]);
  const limitMs = Math.max(SHORTEST_LIMIT_MS, TIMES_AS_LONG * (performance.now() - startedAt));
  const failing = interrupted.signal.aborted ? [] : failuresIn(without.output);
  if (failing.length > 0) throw new Error(`these tests fail without any bug: ${failing.join(', ')}`);
  for (const bug of bugs) {
    const signs = await plant(bug, limitMs);
    if (interrupted.signal.aborted) break;
    if (signs.length > 0) caught += 1;
    process.stdout.write(`${bug.what}\n  ${signs.join('\n  ') || 'NOT CAUGHT'}\n`);
  }
} finally {
  await rm(copy, { recursive: true });
}
process.stdout.write(`${caught} of ${bugs.length} caught\n`);
process.exitCode = caught === bugs.length ? 0 : 1;

/** Returns how the bug shows: the tests that fail with it, or that they never end. The copy is restored afterwards. */
async function plant(
  { file, before, after, tests }: PlantedBug,
  limitMs: number,
): Promise<readonly string[]> {
  const path = join(copy, file);
  const source = await readFile(path, 'utf8');
  if (!source.includes(before)) throw new Error(`${file} no longer has the text that the bug replaces`);
  await writeFile(
    path,
    source.replace(before, () => after),
  );
  const { kind, output } = await runTests(tests, limitMs);
  await writeFile(path, source);
  if (interrupted.signal.aborted) return [];
  return kind === 'ended'
    ? failuresIn(output)
    : [`the tests never ended: stopped after ${Math.round(limitMs / 60_000)} minutes`];
}

/** @throws Error if the tests did not run, because then they catch nothing */
function failuresIn(output: string): readonly string[] {
  if (!/^Tests: /m.test(output) || output.includes('Test suite failed to run')) {
    throw new Error(`the tests do not run:\n${output}`);
  }
  return [...new Set(output.match(/^ {2}● .*$/gm) ?? [])].map((line) => line.slice(4));
}

/**
 * Runs tests, and stops them after a limit. Failing ones are expected, so the exit code does not matter.
 *
 * @param limitMs @default no limit
 */
async function runTests(tests: readonly string[], limitMs?: number): Promise<Ended> {
  const limit = new AbortController();
  const stop = () => limit.abort();
  const timer = limitMs === undefined ? undefined : setTimeout(stop, limitMs);
  interrupted.signal.addEventListener('abort', stop, { once: true });
  try {
    return await runUntil(['npm', 'test', '--silent', '--', ...tests], {
      ...{ signal: limit.signal, cwd: copy, env: { ...process.env, FORCE_COLOR: '0' } },
    });
  } finally {
    clearTimeout(timer);
    interrupted.signal.removeEventListener('abort', stop);
  }
}
