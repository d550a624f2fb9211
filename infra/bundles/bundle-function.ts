import { rm } from 'node:fs/promises';
import { resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build, type Metafile } from 'esbuild';
import type { FunctionName } from '../../shared/observability.ts';
import { leaveOutMimeTypes } from './leave-out-mime-types.ts';

/** A function as it is deployed. */
export interface FunctionBundle {
  readonly name: FunctionName;
  /** Holds `index.mjs`, the modules that it imports, and their source maps. */
  readonly folder: string;
  /** The size of what a start loads: `index.mjs` and all that static imports lead to from it. */
  readonly bytes: number;
  /** What a start loads: bytes by package, the project's own under `broadsheet`, the largest first. */
  readonly parts: ReadonlyMap<string, number>;
  /** The size of the other modules. Only a dynamic `import()` loads them. */
  readonly bytesOnDemand: number;
}

type Module = Metafile['outputs'][string];

const PROJECT_ROOT = fileURLToPath(new URL('../..', import.meta.url));

/**
 * Where the SDK would look for credentials on other machines. On Lambda they stand in the environment, which is looked at
 * first, so none of these is ever imported.
 */
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

/**
 * Bundles a function into ES modules with everything it imports, the SDK among it: what was tested is what runs, and it
 * starts in half the time. What is imported dynamically gets modules of its own, so a start does not load it. The same
 * sources make the same bytes.
 *
 * @param outputFolder gets a folder of the function's name, in place of an earlier one
 * @throws the bundler's error, which names file and line
 */
export async function bundleFunction(name: FunctionName, outputFolder: string): Promise<FunctionBundle> {
  const folder = resolve(PROJECT_ROOT, outputFolder, name);
  await rm(folder, { recursive: true, force: true });
  const entryPoint = `functions/${name}/index.ts`;
  const { metafile } = await build({
    absWorkingDir: PROJECT_ROOT,
    entryPoints: [entryPoint],
    outdir: folder,
    entryNames: 'index',
    outExtension: { '.js': '.mjs' },
    splitting: true,
    chunkNames: '[name]-[hash]',
    bundle: true,
    minify: true,
    platform: 'node',
    format: 'esm',
    // The runtime of the functions.
    target: 'node24',
    mainFields: ['module', 'main'],
    external: UNUSED_CREDENTIAL_PROVIDERS,
    plugins: [leaveOutMimeTypes],
    sourcemap: true,
    sourcesContent: false,
    metafile: true,
    logLevel: 'warning',
  });
  return { name, folder, ...measure(metafile, entryPoint) };
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

/** The module of the entry point, and all that static imports lead to from it. */
function findStartModules(modules: ReadonlyMap<string, Module>, entryPoint: string): readonly Module[] {
  const entry = [...modules.values()].find((module) => module.entryPoint === entryPoint);
  if (!entry) throw new Error(`the bundler wrote no module of ${entryPoint}`);
  const found = new Set([entry]);
  // The loop also visits what is added on the way.
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

/** The package that a file belongs to, the innermost where they are nested: `@aws-sdk/client-ses`. */
function packageOf(path: string): string {
  return /.*node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(path)?.[1] ?? 'broadsheet';
}
