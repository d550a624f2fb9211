import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { cp, mkdtemp, readdir, readFile, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join, relative } from 'node:path';
import { pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import * as z from 'zod';
import { bundleAll, type FunctionBundle, standIns } from '../../../infra/bundles/bundle-all.ts';
import {
  type BundleSize,
  describeBundle,
  describeOversized,
  maxStartBytes,
} from '../../../infra/bundles/bundle-size.ts';
import { listenOnLoopback } from '../../../local/emulators/loopback.ts';
import { type FunctionName, functionNames } from '../../../shared/observability.ts';
import { environment } from '../../factories/environment.ts';

const run = promisify(execFile);

let folder: string;
let bundles: readonly FunctionBundle[];
let hashes: readonly string[];
const bundleOf = (name: FunctionName) => {
  const bundle = bundles.find((candidate) => candidate.name === name);
  if (!bundle) throw new Error(`no bundle of ${name}`);
  return bundle;
};

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'broadsheet-bundles-'));
  bundles = await bundleAll(folder);
  hashes = await hashFiles();
});

afterAll(() => rm(folder, { recursive: true }));

/** Returns the files of a bundle, also those in its folders: `index.mjs`, `assets/@resvg/resvg-wasm/index_bg.wasm`. */
async function filesIn(name: FunctionName): Promise<string[]> {
  const entries = await readdir(join(folder, name), { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile())
    .map(({ parentPath, name: file }) => relative(join(folder, name), join(parentPath, file)));
}

/** Returns a line for each file of each bundle: `send-digests/index.mjs <hash>`. */
async function hashFiles(): Promise<readonly string[]> {
  const files = await Promise.all(
    functionNames.map(async (name) => (await filesIn(name)).map((file) => `${name}/${file}`)),
  );
  return Promise.all(
    files
      .flat()
      .sort()
      .map(async (file) => {
        const bytes = await readFile(join(folder, file));
        return `${file} ${createHash('sha256').update(bytes).digest('hex')}`;
      }),
  );
}

/** Returns the total size of the matching modules of a bundle, in bytes. */
async function sizeOf(name: FunctionName, modules: readonly string[]): Promise<number> {
  const sizes = await Promise.all(
    modules.map(async (file) => (await stat(join(bundleOf(name).folder, file))).size),
  );
  return sizes.reduce((sum, size) => sum + size, 0);
}

/** Runs code as Lambda does, in a separate process with only this environment, and returns what it prints. */
async function runAlone(code: string, env: Readonly<Record<string, string>> = {}): Promise<string> {
  const { stdout } = await run(process.execPath, ['--eval', code], { env });
  return stdout;
}

/** Starts a module without any environment, and returns the stack of its error. */
function start(module: string): Promise<string> {
  return runAlone(
    `import(${JSON.stringify(module)}).then(() => 'it started', ({ stack }) => stack).then(console.log)`,
  );
}

const answersSchema = z.array(z.object({ status: z.int(), type: z.string(), body: z.string() }));

/** Starts the bundle of the API, requests these paths, and returns the answers and the modules that were loaded. */
async function askApi(paths: readonly string[]) {
  const coverage = await mkdtemp(join(folder, 'coverage-'));
  const toEvent = (path: string) => ({
    version: '2.0',
    rawPath: path,
    rawQueryString: '',
    headers: {},
    isBase64Encoded: false,
    requestContext: {
      domainName: 'daily.example.org',
      http: { method: 'GET', path, sourceIp: '192.0.2.1' },
    },
  });
  const code = `
    import(${JSON.stringify(join(bundleOf('api').folder, 'index.mjs'))}).then(async ({ handler }) => {
      const answers = [];
      for (const event of ${JSON.stringify(paths.map(toEvent))}) {
        const { statusCode: status, headers, body } = await handler(event, {});
        answers.push({ status, type: headers['content-type'], body });
      }
      console.log(JSON.stringify(answers));
    });`;
  const stdout = await runAlone(code, {
    ...environment,
    AWS_REGION: 'us-east-1',
    NODE_V8_COVERAGE: coverage,
  });
  return { answers: answersSchema.parse(JSON.parse(stdout)), loaded: await readLoadedModules(coverage) };
}

/** Returns the files of a bundle that Node.js ran, from the reports of `NODE_V8_COVERAGE`. */
async function readLoadedModules(coverage: string): Promise<readonly string[]> {
  const schema = z.object({ result: z.array(z.object({ url: z.string() })) });
  const reports = await Promise.all(
    (await readdir(coverage)).map(async (file) =>
      schema.parse(JSON.parse(await readFile(join(coverage, file), 'utf8'))),
    ),
  );
  return reports.flatMap(({ result }) =>
    result.filter(({ url }) => url.endsWith('.mjs')).map(({ url }) => basename(url)),
  );
}

describe('bundles', () => {
  test('are small enough to start fast, or the report names their largest parts', () => {
    expect(describeOversized(bundles)).toBe('');
  });

  test('have limits that are less than a tenth above their sizes', () => {
    const loose = bundles.filter(({ name, bytes }) => maxStartBytes[name] > 1.1 * bytes);

    expect(loose.map(({ name }) => name)).toEqual([]);
  });

  test('are described by their largest parts and the rest, without what has no bytes', () => {
    const parts = new Map([
      ['broadsheet', 3072],
      ['zod', 1024],
      ['hono', 512],
    ]);
    const bundle: BundleSize = { name: 'api', bytes: 4608, parts, bytesOnDemand: 0 };

    expect(describeBundle(bundle, 1).split('\n')).toEqual([
      '    4.5 KB  api',
      '    3.0 KB  broadsheet',
      '    1.5 KB  the rest',
    ]);
    expect(describeBundle(bundle, 3)).not.toContain('the rest');
  });

  test('over the limit are reported with their five largest parts, largest first', () => {
    const lines = describeOversized([bundleOf('api')], { ...maxStartBytes, api: 1000 }).split('\n');
    const [heading, ...parts] = lines.slice(0, -4);
    const sizes = parts.map((line) => Number.parseFloat(line));

    expect(heading).toMatch(/^ +\d+\.\d KB {2}api$/);
    expect(lines.at(-4)).toMatch(/^ +\d+\.\d KB {2}the rest$/);
    expect(lines.at(-3)).toMatch(/^ +\d+\.\d KB {2}api, on demand$/);
    expect(lines.at(-2)).toBe('    1.0 KB  at most at a start');
    expect(lines.at(-1)).toMatch(
      /^Load what a start does not need .* raise the limit in infra\/bundles\/bundle-size\.ts\.$/,
    );
    expect(parts).toHaveLength(5);
    expect(parts.every((line) => /^ +\d+\.\d KB {2}(@[\w-]+\/)?[\w-]+$/.test(line))).toBe(true);
    expect(sizes).toEqual(sizes.toSorted((a, b) => b - a));
  });

  test('within the limit are not reported', () => {
    const { bytes } = bundleOf('api');

    expect(describeOversized([bundleOf('api')], { ...maxStartBytes, api: bytes })).toBe('');
    expect(describeOversized([bundleOf('api')], { ...maxStartBytes, api: bytes - 1 })).not.toBe('');
  });

  test('have a use for each stand-in', () => {
    const replaced = new Set(bundles.flatMap((bundle) => [...bundle.replaced]));

    expect(replaced).toEqual(new Set(standIns.flatMap(({ files }) => files)));
  });

  test('have the HTML of digests, and nothing that renders it', async () => {
    const text = await readFile(join(folder, 'send-digests', 'index.mjs'), 'utf8');

    expect(text).toContain('<title>{{title}}</title>');
    expect([...bundleOf('send-digests').parts.keys()]).not.toContain('hono');
  });

  test('have what sets the memory of a worker in send-digests, which has it only because it calls it', async () => {
    const text = await readFile(join(folder, 'send-digests', 'index.mjs'), 'utf8');

    expect(text).toContain('--no-incremental-marking');
  });

  test('have the same bytes each time, so only changes are deployed', async () => {
    await bundleAll(folder);

    expect(await hashFiles()).toEqual(hashes);
  });

  test.each(functionNames)('%s has modules with source maps, of the reported size', async (name) => {
    const { bytes, bytesOnDemand } = bundleOf(name);
    const files = (await filesIn(name)).filter((file) => !file.startsWith('assets/'));
    const modules = files.filter((file) => file.endsWith('.mjs'));

    const texts = await Promise.all(
      modules.map(async (file) => [file, await readFile(join(folder, name, file), 'utf8')] as const),
    );
    const withCode = texts.filter(([, text]) => !/^export ?\{[^;]*from"\.\/index\.mjs";$/.test(text));

    expect(withCode.map(([file]) => file)).toContain('index.mjs');
    expect(files.filter((file) => file.endsWith('.map')).sort()).toEqual(
      withCode.map(([file]) => `${file}.map`).sort(),
    );
    expect(await sizeOf(name, modules)).toBe(bytes + bytesOnDemand);
    expect(describeBundle(bundleOf(name), 100)).toMatch(/ KB {2}broadsheet$/m);
  });

  test.each(functionNames)(
    '%s starts by itself, and its error about the environment names the source',
    async (name) => {
      const failure = await start(join(bundleOf(name).folder, 'index.mjs'));

      expect(failure).toMatch(
        /EnvironmentError\W+the environment is not complete: STAGE is missing; MONITORING is missing; /,
      );
      expect(failure).toMatch(/ at parseEnvironment \(.*shared\/environment\.ts:\d+:\d+\)/);
      expect(failure).toMatch(new RegExp(`functions/${name}/index\\.ts:\\d+:\\d+`));
    },
  );

  test.each(functionNames)('%s has modules on demand that find what they import', async (name) => {
    const modules = (await filesIn(name)).filter((file) => file.endsWith('.mjs'));
    const urls = modules.map((file) => pathToFileURL(join(folder, name, file)).href);
    const code = `Promise.all(${JSON.stringify(urls)}.map((url) => import(url))).then(({ length }) => console.log(length))`;

    expect(await runAlone(code, { ...environment, AWS_REGION: 'us-east-1' })).toBe(`${modules.length}\n`);
  });

  test('the queue of send-digests works although a start does not load it', async () => {
    const [queue] = (await filesIn('send-digests')).filter((file) => /^metered-queue-\w+\.mjs$/.test(file));
    const targets: unknown[] = [];
    const server = await listenOnLoopback((request, response) => {
      targets.push(request.headers['x-amz-target']);
      response.end('{}');
    });
    const code = `
      import(${JSON.stringify(join(bundleOf('send-digests').folder, `${queue}`))})
        .then(({ createMeteredQueue }) => createMeteredQueue('${server.url}/0/digests').enqueue(['one']))
        .then((refused) => console.log(refused.length));`;
    const keys = { AWS_ACCESS_KEY_ID: 'AKIDEXAMPLE', AWS_SECRET_ACCESS_KEY: 'secret' };
    const env = { ...environment, ...keys, AWS_REGION: 'us-east-1', AWS_ENDPOINT_URL: server.url };

    expect(await runAlone(code, env)).toBe('0\n');
    expect(targets).toEqual(['AmazonSQS.SendMessageBatch']);
    await server.close();
  });

  test('import no module of Node.js, which would read all its exports', async () => {
    for (const name of functionNames) {
      const text = await readFile(join(folder, name, 'index.mjs'), 'utf8');

      expect(text.match(/(?:from|import) ?"(?:node:)?[\w/]+"/g) ?? []).toEqual([]);
    }
  });

  /** Returns whether some code loads the HTTP client of `fetch` and `Headers`, which takes 10 ms of CPU. */
  async function loadsFetch(code: string): Promise<boolean> {
    const report = `console.log(process.moduleLoadList.some((name) => name.endsWith('/undici')))`;
    const env = { ...environment, AWS_REGION: 'us-east-1' };
    return JSON.parse(await runAlone(`(async () => { ${code}; ${report} })()`, env));
  }

  test.each(functionNames)('%s starts without the HTTP client of fetch', async (name) => {
    const index = join(bundleOf(name).folder, 'index.mjs');

    expect(await loadsFetch(`await import(${JSON.stringify(index)})`)).toBe(false);
  });

  test('would be seen to load the HTTP client of fetch', async () => {
    expect(await loadsFetch('new Headers()')).toBe(true);
  });

  test('have stacks with their own positions if a source map is missing', async () => {
    const copy = join(folder, 'without-maps');
    await cp(bundleOf('plan-digests').folder, copy, {
      recursive: true,
      filter: (file) => !file.endsWith('.map'),
    });

    expect(await start(join(copy, 'index.mjs'))).toMatch(
      /EnvironmentError: the environment is not complete: .*\n +at .*without-maps\/index\.mjs:\d+:\d+/,
    );
  });

  test('a module that does not load fails in another way than one without environment', async () => {
    expect(await start(join(folder, 'nowhere.mjs'))).toMatch('ERR_MODULE_NOT_FOUND');
  });

  // No table answers here, so the API gets a request that it refuses.
  test.each([
    ['/manage-link', 200],
    ['/v1/papers/none', 404],
    ['/v1/none', 404],
    ['/privacy', 200],
    ['/about/trending', 200],
  ])('stay within the limit with what the first request to %s loads', async (path, status) => {
    const { answers, loaded } = await askApi([path]);

    expect(answers).toMatchObject([{ status }]);
    expect(await sizeOf('api', loaded)).toBeLessThanOrEqual(520 * 1024);
  });

  test('load at a start what their size says, and load the API reference with its first request', async () => {
    const plain = await askApi(['/robots.txt']);
    const reference = await askApi(['/docs', '/v1/openapi.json']);

    expect(plain.answers).toMatchObject([{ status: 200 }]);
    expect(plain.loaded).toEqual(['index.mjs']);
    expect(await sizeOf('api', plain.loaded)).toBe(bundleOf('api').bytes);
    expect(reference.answers).toMatchObject([
      { status: 200, type: expect.stringContaining('text/html'), body: expect.stringContaining('HTTP API') },
      { status: 200, type: 'application/json', body: expect.stringContaining('"openapi"') },
    ]);
    expect(reference.loaded).toEqual(expect.arrayContaining([...plain.loaded]));
    expect(reference.loaded.length).toBeGreaterThan(plain.loaded.length);
  });
});
