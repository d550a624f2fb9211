import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { build, type Plugin } from 'esbuild';
import { standIns } from '../../../infra/bundles/bundle-all.ts';
import { leaveOut } from '../../../infra/bundles/left-out.ts';
import { packageStandIns } from '../../../infra/bundles/package-stand-ins.ts';
import { clientStandIns } from '../../../infra/bundles/sdk-clients.ts';
import { shortenSchemas } from '../../../infra/bundles/sdk-schemas.ts';
import { replaceFiles, type StandIn } from '../../../infra/bundles/stand-in.ts';
import { listCodes } from './error-codes.ts';

const HERE = fileURLToPath(new URL('.', import.meta.url));

const run = promisify(execFile);

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'broadsheet-stand-ins-'));
});
afterAll(() => rm(folder, { recursive: true }));

/** Bundles a module, and returns the path of the bundle. */
async function bundle(name: string, contents: string, plugins: readonly Plugin[]): Promise<string> {
  const outfile = join(folder, name);
  await build({
    stdin: { contents, resolveDir: HERE, loader: 'ts' },
    outfile,
    plugins: [...plugins],
    bundle: true,
    platform: 'node',
    format: 'esm',
    logLevel: 'silent',
    mainFields: ['module', 'main'],
    banner: {
      js: `import { createRequire } from 'node:module'; const require = createRequire(${JSON.stringify(HERE)});`,
    },
  });
  return outfile;
}

const importing = (file: string) => `import * as all from ${JSON.stringify(file)}; console.log({ ...all });`;

const bundleWith = (standIn: StandIn, contents: string) =>
  bundle('one.mjs', contents, [replaceFiles([standIn], new Set())]);

describe('a stand-in', () => {
  const files = ['p-map/index.js'];

  test('replaces its file', async () => {
    const replaced = new Set<string>();
    const standIn = { files, replace: () => 'export const greeting = "hello";' };
    const outfile = await bundle('p-map.mjs', importing('p-map'), [replaceFiles([standIn], replaced)]);
    const { stdout } = await run(process.execPath, [outfile]);

    expect(stdout).toContain("greeting: 'hello'");
    expect([...replaced]).toEqual(files);
  });

  test('changes what an earlier one made of its file', async () => {
    const standIn = (replace: StandIn['replace']) => ({ files, replace });
    const outfile = await bundle('twice.mjs', importing('p-map'), [
      replaceFiles(
        [
          standIn(() => 'export const greeting = "hello";'),
          standIn((code) => code.replace('hello', 'good day')),
        ],
        new Set(),
      ),
    ]);
    const { stdout } = await run(process.execPath, [outfile]);

    expect(stdout).toContain("greeting: 'good day'");
  });

  test('fails the build if its package no longer has the file', async () => {
    const standIn = { files: ['p-map/elsewhere.js'], replace: () => '' };

    await expect(bundleWith(standIn, importing('p-map'))).rejects.toThrow(
      'p-map/elsewhere.js does not exist, so nothing can replace it',
    );
  });

  test('fails the build if it lacks a name that is imported', async () => {
    const standIn = { files, replace: () => 'export const greeting = "hello";' };

    await expect(bundleWith(standIn, `import pMap from 'p-map'; console.log(pMap);`)).rejects.toThrow(
      'No matching export',
    );
  });

  test('fails the build if the file has changed too much', async () => {
    const [errors] = clientStandIns.filter(({ files }) => files.some((file) => file.endsWith('/errors.js')));
    const replace = () => errors?.replace('export class Other extends Error {}') ?? '';

    await expect(bundleWith({ files, replace }, importing('p-map'))).rejects.toThrow(
      'the error classes of a client have another form than expected',
    );
  });
});

describe('the schemas of a client', () => {
  const errors = new Set<string>();

  test('refuse an operation that is not among the called ones', () => {
    const schemas = 'export var Scan$ = [9, n0, _S,\n    0, () => ScanInput$, () => ScanOutput$\n];';
    const shortened = shortenSchemas(schemas, { operations: [], errors }).replaceAll('export ', '');

    expect(() => new Function(`${shortened}`)()).toThrow(
      'Scan is not among the operations in infra/bundles/sdk-clients.ts',
    );
  });

  test('fail the build if they lack an operation', () => {
    expect(() => shortenSchemas('const n0 = 1;', { operations: ['Scan'], errors })).toThrow(
      'the schemas of a client lack Scan',
    );
  });

  test('fail the build if an error has a trait that its row would lack', () => {
    const schemas = `export var Gone$ = [-3, n0, _G,
    { error: _c, retryable: 1 },
    [_m],
    [0]
];
n0_registry.registerError(Gone$, Gone);`;

    expect(() => shortenSchemas(schemas, { operations: [], errors: new Set(['Gone']) })).toThrow(
      'Gone has other traits than expected',
    );
  });
});

test('the stand-in of zod fails the build if zod has changed', () => {
  const [schemas] = packageStandIns.filter(({ files }) => files.includes('zod/v4/mini/schemas.js'));

  expect(() => schemas?.replace('export const ZodText = 1;')).toThrow('zod has no core.util. to replace');
});

test('pages and mails of a bundle are those of the unchanged hono', async () => {
  const contents = `
    import { probePages } from './probe-pages.tsx';
    console.log(JSON.stringify(probePages()));
  `;
  const files = [
    await bundle('pages.mjs', contents, [replaceFiles(standIns, new Set())]),
    await bundle('original-pages.mjs', contents, []),
  ];
  const [changed, unchanged] = await Promise.all(files.map((file) => run(process.execPath, [file])));

  expect(changed?.stdout).toBe(unchanged?.stdout);
  expect(unchanged?.stdout).toContain(
    '<title>A &quot;quoted&quot; name &amp; &lt;more&gt; of it&#39;s</title>',
  );
});

describe('what is left out', () => {
  const code = `class Reader extends Base {
    name = 'reader';
    async read(text) {
        if (text) {
            return text;
        }
    }
    skip() {
        return this.read();
    }
}
export function open(text) {
    return text;
}
const close = (reader) => {
    reader.read();
};
export const short = (text) => text;
`;

  test.each([
    ['read', "class Reader extends Base {\n    name = 'reader';\n    skip() {"],
    ['skip', '}\n    }\n}\nexport function open'],
    ['open', "export function open() { throw new Error('open is left out'); }\nconst close"],
    ['close', "function close() { throw new Error('close is left out'); }\nexport const short"],
    ['short', "};\nexport function short() { throw new Error('short is left out'); }\n"],
    ['Reader', "function Reader() { throw new Error('Reader is left out'); }\nexport function open"],
  ])('is %s alone', (name, expected) => {
    expect(leaveOut(code, name)).toContain(expected);
  });

  test('fails the build if it is not there', () => {
    expect(() => leaveOut(code, 'write')).toThrow('there is no write to leave out');
  });
});

describe('clients of the SDK in a bundle', () => {
  const regions = [
    ...[undefined, 'us-east-1', 'eu-central-2', 'ap-southeast-7', 'cn-north-1', 'us-gov-west-1'],
    ...[
      'us-iso-east-1',
      'us-isob-east-1',
      'eu-isoe-west-1',
      'us-isof-south-1',
      'eusc-de-east-1',
      'xx-none-1',
    ],
  ];
  const lambda = {
    AWS_REGION: 'eu-north-1',
    AWS_EXECUTION_ENV: 'AWS_Lambda_nodejs24.x',
    AWS_ACCESS_KEY_ID: 'AKIDEXAMPLE',
    AWS_SECRET_ACCESS_KEY: 'secret',
    AWS_SESSION_TOKEN: 'token',
    AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: 'true',
    _X_AMZN_TRACE_ID: 'Root=1-5759e988-bd862e3fe1be46a994272793',
    AWS_LAMBDA_FUNCTION_NAME: 'send-digests',
  };
  const endpoints = {
    AWS_ENDPOINT_URL: 'http://127.0.0.1:4566',
    AWS_ENDPOINT_URL_SECRETS_MANAGER: 'http://127.0.0.1:4567/secrets',
  };

  let bundled: string;
  let original: string;
  beforeAll(async () => {
    const contents = `
      import { probeClients } from './probe-clients.ts';
      // Retries wait for a random part of a delay.
      Math.random = () => 0;
      const [regions, codes, trace] = JSON.parse(process.argv[2]);
      if (trace) globalThis.awslambda = { InvokeStore: { getXRayTraceId: () => trace } };
      console.log(JSON.stringify(await probeClients(regions.map((region) => region ?? undefined), codes)));
    `;
    bundled = await bundle('bundled.mjs', contents, [replaceFiles(standIns, new Set())]);
    original = await bundle('original.mjs', contents, []);
  });

  async function probe(file: string, env: Readonly<Record<string, string>>, codes = {}, trace = '') {
    const code = `process.argv.splice(1, 0, 'probe'); await import(${JSON.stringify(pathToFileURL(file).href)})`;
    const args = ['--input-type=module', '--eval', code, JSON.stringify([regions, codes, trace])];
    const { stdout } = await run(process.execPath, args, { env, maxBuffer: 2 ** 26 });
    return JSON.parse(stdout);
  }

  test('send the requests, retry, read the answers and throw the errors of the unchanged SDK', async () => {
    const [changed, unchanged] = await Promise.all(
      [bundled, original].map((file) => probe(file, lambda, listCodes())),
    );

    expect(changed).toEqual(unchanged);
    expect(unchanged).toHaveLength(7);
    expect(JSON.stringify(unchanged)).toContain('DynamoDB_20120810.Query');
    const codes = listCodes();
    for (const { name, requests, errors } of unchanged) {
      expect(requests[0]).toMatchObject([{ scope: expect.stringContaining('AKIDEXAMPLE//eu-north-1/') }]);
      expect(codes[name]?.length).toBeGreaterThan(8);
      expect(errors).toHaveLength(2 * (codes[name]?.length ?? 0));
      expect(errors.filter(({ attempts }: { attempts: number }) => attempts > 0)).toHaveLength(errors.length);
    }
  });

  test('name the trace that Lambda keeps for a request, before that of the environment', async () => {
    const trace = 'Root=1-695b0a80-aaaaaaaaaaaaaaaaaaaaaaaa';
    const [changed, unchanged] = await Promise.all(
      [bundled, original].map((file) => probe(file, lambda, {}, trace)),
    );

    expect(changed).toEqual(unchanged);
    expect(JSON.stringify(unchanged)).toContain(trace);
    expect(JSON.stringify(unchanged)).not.toContain(lambda._X_AMZN_TRACE_ID);
  });

  test('read the dates of Retry-After like the unchanged SDK', async () => {
    const contents = `
      import { getRetryAfterHint } from '@smithy/core/retry';
      import { HttpResponse } from '@smithy/core/protocols';
      Date.now = () => Date.UTC(2026, 0, 5);
      for (const text of ['Mon, 05 Jan 2026 08:00:01 GMT', 'Monday, 05-Jan-26 08:00:01 GMT', '1.5', 'later', 'x GMT', 'x GMT, 3'])
        console.log(getRetryAfterHint(new HttpResponse({ statusCode: 503, headers: { 'retry-after': text } }))?.toISOString());
    `;
    const files = [
      await bundle('dates.mjs', contents, [replaceFiles(standIns, new Set())]),
      await bundle('original-dates.mjs', contents, []),
    ];
    const [changed, unchanged] = await Promise.all(files.map((file) => run(process.execPath, [file])));

    expect(changed?.stdout).toBe(unchanged?.stdout);
    expect(unchanged?.stdout).toContain('2026-01-05T08:00:01.000Z');
  });

  test('follow the endpoints of the environment', async () => {
    const env = { ...lambda, ...endpoints };
    const [changed, unchanged] = await Promise.all([bundled, original].map((file) => probe(file, env)));

    expect(changed).toEqual(unchanged);
    expect(JSON.stringify(unchanged)).toContain('http://127.0.0.1:4567/secrets');
  });
});
