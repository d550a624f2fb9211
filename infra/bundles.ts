import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type BuildOptions, build, type Metafile, type Plugin } from 'esbuild';
import { type FunctionName, functionNames } from '../shared/observability.ts';
import { listCardAssets, readInstalledAsset } from '../shared/web/cards/card-assets.ts';

/** A function, bundled for deployment. */
export interface FunctionBundle {
  readonly name: FunctionName;
  /** Holds `index.mjs`, the modules that it imports, and their source maps. */
  readonly folder: string;
  /** Bytes that a start loads: `index.mjs` and its static imports, direct or not. */
  readonly bytes: number;
  /** Bytes that a start loads by package, largest first. The project's own code is `broadsheet`. */
  readonly parts: ReadonlyMap<string, number>;
  /** Bytes of the modules that only a dynamic `import()` loads. */
  readonly bytesOnDemand: number;
}

type Module = Metafile['outputs'][string];

const PROJECT_ROOT = fileURLToPath(new URL('..', import.meta.url));

/** Credential providers that Lambda never loads, because it has the credentials in its environment. */
const UNUSED_CREDENTIAL_PROVIDERS = [
  '@aws-sdk/credential-provider-ini',
  '@aws-sdk/credential-provider-login',
  '@aws-sdk/credential-provider-process',
  '@aws-sdk/credential-provider-sso',
  '@aws-sdk/credential-provider-web-identity',
  '@aws-sdk/nested-clients/*',
  '@aws-sdk/token-providers',
  '@smithy/credential-provider-imds',
];

/** What replaces files of nodemailer that only attachments and remote contents need. Our mails have neither. */
const NODEMAILER_STAND_INS: readonly { readonly file: RegExp; readonly contents: string }[] = [
  {
    // A table of file types: 74 KB.
    file: /[\\/]nodemailer[\\/]dist[\\/]esm[\\/]mime-funcs[\\/]mime-types\.js$/,
    contents: `
export const detectMimeType = () => 'application/octet-stream';
export const detectExtension = () => 'bin';
`,
  },
  {
    // An HTTP client: 7 KB, and its import of node:http costs a start of Node 24 about 60 ms of CPU.
    file: /[\\/]nodemailer[\\/]dist[\\/]esm[\\/]fetch[\\/]index\.js$/,
    contents: `
export default () => {
  throw new Error('a mail has no remote contents');
};
`,
  },
];

const leaveOutPartsOfNodemailer: Plugin = {
  name: 'leave-out-parts-of-nodemailer',
  setup(build) {
    for (const { file, contents } of NODEMAILER_STAND_INS) {
      build.onLoad({ filter: file }, () => ({ contents, loader: 'js' }));
    }
  },
};

/** Replaces the 2 KB `package.json` that each SDK client imports. The client reads only its version. */
const leaveOutPackageDetails: Plugin = {
  name: 'leave-out-package-details',
  setup(build) {
    build.onLoad({ filter: /[\\/]@aws-sdk[\\/]client-[\w-]+[\\/]package\.json$/ }, async ({ path }) => {
      const { name, version } = JSON.parse(await readFile(path, 'utf8'));
      return { contents: JSON.stringify({ name, version }), loader: 'json' };
    });
  },
};

/**
 * Replaces the cache of discovered endpoints, 5 KB with its library, by one that keeps nothing. The functions call DynamoDB at the address
 * of its region.
 */
const leaveOutEndpointCache: Plugin = {
  name: 'leave-out-endpoint-cache',
  setup(build) {
    const contents = `
export class EndpointCache {
  get() {}
  getEndpoint() {}
  has() { return false; }
  set() {}
  delete() {}
  clear() {}
}
`;
    build.onLoad({ filter: /[\\/]@aws-sdk[\\/]endpoint-cache[\\/]dist-es[\\/]EndpointCache\.js$/ }, () => ({
      contents,
      loader: 'js',
    }));
  },
};

/**
 * Leaves out the 18 KB with which zod writes JSON Schema. Every schema imports them. Only the generators of the documentation call
 * them, and those are not bundled.
 */
const leaveOutJsonSchema: Plugin = {
  name: 'leave-out-json-schema',
  setup(build) {
    const filter = /[\\/]zod[\\/]v4[\\/]core[\\/](json-schema-processors|to-json-schema)\.js$/;
    build.onLoad({ filter }, async ({ path }) => {
      const names = [...(await readFile(path, 'utf8')).matchAll(/^export (?:const|function) (\w+)/gm)];
      const standIns = names.map(([, name = '']) =>
        // A schema calls these when it is made, and keeps the function that they return.
        name.startsWith('create') ? `export const ${name} = () => fail;` : `export const ${name} = fail;`,
      );
      const fail = `const fail = () => { throw new Error('JSON Schema is left out of the bundles'); };`;
      return { contents: [fail, ...standIns, 'export { fail as process };'].join('\n'), loader: 'js' };
    });
  },
};

/** Bundles every function into a folder, relative to the project's root. */
export async function bundleAll(outputFolder: string): Promise<readonly FunctionBundle[]> {
  return Promise.all(functionNames.map((name) => bundleFunction(name, outputFolder)));
}

/**
 * Bundles a function with everything it imports, including the SDK. So the tested code is what runs, and a start takes
 * half the time. Dynamic imports become separate modules, which a start does not load. Equal sources produce equal
 * bytes.
 *
 * @param outputFolder receives a folder named after the function, and loses an earlier one
 * @throws the bundler's error, which names file and line
 */
async function bundleFunction(name: FunctionName, outputFolder: string): Promise<FunctionBundle> {
  const folder = resolve(PROJECT_ROOT, outputFolder, name);
  await rm(folder, { recursive: true, force: true });
  const entryPoint = `functions/${name}/index.ts`;
  const { metafile } = await build(bundleOptions(name, folder));
  if (name === 'draw-cards') await copyCardAssets(join(folder, 'assets'));
  return { name, folder, ...measure(metafile, entryPoint) };
}

/** What esbuild is asked for. */
function bundleOptions(name: FunctionName, folder: string) {
  return {
    absWorkingDir: PROJECT_ROOT,
    entryPoints: [`functions/${name}/index.ts`],
    outdir: folder,
    entryNames: 'index',
    outExtension: { '.js': '.mjs' },
    splitting: true,
    chunkNames: '[name]-[hash]',
    bundle: true,
    minify: true,
    platform: 'node',
    format: 'esm',
    // The Lambda runtime of the functions.
    target: 'node24',
    mainFields: ['module', 'main'],
    external: UNUSED_CREDENTIAL_PROVIDERS,
    plugins: [leaveOutPartsOfNodemailer, leaveOutPackageDetails, leaveOutEndpointCache, leaveOutJsonSchema],
    sourcemap: true,
    sourcesContent: false,
    metafile: true,
    logLevel: 'warning',
  } satisfies BuildOptions & { metafile: true };
}

/** Copies the fonts and the WebAssembly of the images. */
async function copyCardAssets(folder: string): Promise<void> {
  for (const path of await listCardAssets(readInstalledAsset)) {
    const file = join(folder, path);
    await mkdir(dirname(file), { recursive: true });
    await writeFile(file, await readInstalledAsset(path));
  }
}

function measure(
  { outputs }: Metafile,
  entryPoint: string,
): Pick<FunctionBundle, 'bytes' | 'parts' | 'bytesOnDemand'> {
  const modules = new Map(Object.entries(outputs).filter(([path]) => path.endsWith('.mjs')));
  const atStart = findStartModules(modules, entryPoint);
  const bytes = sumOf(atStart.map((module) => module.bytes));
  const parts = new Map<string, number>();
  for (const [path, { bytesInOutput }] of atStart.flatMap(({ inputs }) => Object.entries(inputs))) {
    const name = packageOf(path);
    parts.set(name, (parts.get(name) ?? 0) + bytesInOutput);
  }
  return {
    bytes,
    parts: new Map([...parts].sort(([, a], [, b]) => b - a)),
    bytesOnDemand: sumOf([...modules.values()].map((module) => module.bytes)) - bytes,
  };
}

/** The entry point's module and its static imports, direct or not. */
function findStartModules(modules: ReadonlyMap<string, Module>, entryPoint: string): readonly Module[] {
  const entry = [...modules.values()].find((module) => module.entryPoint === entryPoint);
  if (!entry) throw new Error(`esbuild wrote no module for ${entryPoint}`);
  const found = new Set([entry]);
  // The loop also visits the modules that it adds.
  for (const { imports } of found) {
    for (const { path, kind } of imports) {
      const imported = modules.get(path);
      if (imported && kind === 'import-statement') found.add(imported);
    }
  }
  return [...found];
}

function sumOf(numbers: readonly number[]): number {
  return numbers.reduce((sum, one) => sum + one, 0);
}

/** Returns the package of a file: `@aws-sdk/client-ses`. If packages are nested, returns the innermost. */
function packageOf(path: string): string {
  return /.*node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(path)?.[1] ?? 'broadsheet';
}

/** The most bytes that a start may load. Lambda loads them all before the first line runs. */
export const MAX_BUNDLE_BYTES = 600 * 1024;

const BYTES_PER_KB = 1024;

/** Lists what a start loads, its largest parts, and what is loaded on demand. A KB has 1,024 bytes. */
export function describeBundle(
  { name, bytes, parts, bytesOnDemand }: FunctionBundle,
  partsShown: number,
): string {
  const lines = [...parts].slice(0, partsShown).map(([part, size]) => `  ${toKb(size).padStart(8)}  ${part}`);
  return [
    `${toKb(bytes).padStart(10)}  ${name}`,
    ...lines,
    `${toKb(bytesOnDemand).padStart(10)}  ${name}, on demand`,
  ].join('\n');
}

/** Lists the bundles over the limit with their five largest parts. Returns an empty text if all are within it. */
export function describeOversized(bundles: readonly FunctionBundle[], maxBytes = MAX_BUNDLE_BYTES): string {
  return bundles
    .filter(({ bytes }) => bytes > maxBytes)
    .map((bundle) => describeBundle(bundle, 5))
    .join('\n');
}

function toKb(bytes: number): string {
  return `${(bytes / BYTES_PER_KB).toFixed(1)} KB`;
}
