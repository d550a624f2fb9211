import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { bundleAll } from '../../infra/bundles/bundle-all.ts';
import type { FunctionBundle } from '../../infra/bundles/bundle-function.ts';
import { describeBundle, describeOversized, MAX_BUNDLE_BYTES } from '../../infra/bundles/report.ts';
import { type FunctionName, functionNames } from '../../shared/function-names.ts';

const run = promisify(execFile);

let folder: string;
let bundles: readonly FunctionBundle[];
let hashes: readonly string[];
const bundleOf = (name: FunctionName) => {
  const bundle = bundles.find((one) => one.name === name);
  if (!bundle) throw new Error(`no bundle of ${name}`);
  return bundle;
};

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'broadsheet-bundles-'));
  bundles = await bundleAll(folder);
  hashes = await hashFiles();
});

afterAll(() => rm(folder, { recursive: true }));

/** A line for each file of each bundle: `send-digests/index.mjs <hash>`. */
function hashFiles(): Promise<readonly string[]> {
  return Promise.all(
    functionNames.flatMap((name) =>
      ['index.mjs', 'index.mjs.map'].map(async (file) => {
        const bytes = await readFile(join(folder, name, file));
        return `${name}/${file} ${createHash('sha256').update(bytes).digest('hex')}`;
      }),
    ),
  );
}

/** Starts a module as Lambda does, in a process of its own without any environment, and returns the stack of what it fails with. */
async function start(module: string): Promise<string> {
  const code = `import(${JSON.stringify(module)}).then(() => 'it started', ({ stack }) => stack).then(console.log)`;
  const { stdout } = await run(process.execPath, ['--enable-source-maps', '--eval', code], { env: {} });
  return stdout;
}

describe('bundles', () => {
  test('are small enough to start fast, or the report names what makes them large', () => {
    expect(describeOversized(bundles)).toBe('');
    expect(MAX_BUNDLE_BYTES).toBe(640 * 1024);
  });

  test('that are too large are reported with their five largest parts, largest first', () => {
    const [heading, ...parts] = describeOversized([bundleOf('api')], 1000).split('\n');
    const sizes = parts.map((line) => Number.parseFloat(line));

    expect(heading).toMatch(/^ +\d+\.\d KB {2}api$/);
    expect(parts).toHaveLength(5);
    expect(parts.every((line) => /^ +\d+\.\d KB {2}(@[\w-]+\/)?[\w-]+$/.test(line))).toBe(true);
    expect(sizes).toEqual(sizes.toSorted((a, b) => b - a));
  });

  test('that are small enough are not reported', () => {
    const { bytes } = bundleOf('api');

    expect(describeOversized([bundleOf('api')], bytes)).toBe('');
    expect(describeOversized([bundleOf('api')], bytes - 1)).not.toBe('');
  });

  test('are the same bytes each time, so that only what changed is deployed', async () => {
    await bundleAll(folder);

    expect(await hashFiles()).toEqual(hashes);
  });

  test.each(functionNames)(
    '%s is one module and its source map, and holds what its size says',
    async (name) => {
      const bundle = bundleOf(name);

      expect((await readdir(bundle.folder)).sort()).toEqual(['index.mjs', 'index.mjs.map']);
      expect((await readFile(join(bundle.folder, 'index.mjs'))).byteLength).toBe(bundle.bytes);
      expect(describeBundle(bundle, 100)).toMatch(/ KB {2}broadsheet$/m);
    },
  );

  test.each(functionNames)(
    '%s starts by itself, and what it then misses is told with its source',
    async (name) => {
      const failure = await start(join(bundleOf(name).folder, 'index.mjs'));

      expect(failure).toMatch(/EnvironmentError\W+the environment is not complete: MONITORING is missing; /);
      expect(failure).toMatch(/ at .*shared\/environment\.ts:\d+:\d+/);
      expect(failure).toMatch(new RegExp(`functions/${name}/index\\.ts:\\d+:\\d+`));
    },
  );

  test('a module that does not load is told from one that misses its environment', async () => {
    expect(await start(join(folder, 'nowhere.mjs'))).toMatch('ERR_MODULE_NOT_FOUND');
  });
});
