import { rm } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build, type Metafile } from 'esbuild';
import type { FunctionName } from '../../shared/function-names.ts';
import { leaveOutMimeTypes } from './leave-out-mime-types.ts';

/** A function as it is deployed. */
export interface FunctionBundle {
  readonly name: FunctionName;
  /** Holds `index.mjs` and its source map. */
  readonly folder: string;
  /** The size of `index.mjs`. */
  readonly bytes: number;
  /** What it is made of: bytes by package, the project's own under `broadsheet`, the largest first. */
  readonly parts: ReadonlyMap<string, number>;
}

const PROJECT_ROOT = fileURLToPath(new URL('../..', import.meta.url));

/**
 * Where the SDK would look for credentials on other machines. On Lambda they stand in the environment, which is looked at
 * first, so none of these is ever imported.
 */
const CREDENTIALS_ELSEWHERE = [
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
 * Bundles a function into one ES module with everything it imports, the SDK among it: what was tested is what runs, and it
 * starts in half the time. The same sources make the same bytes.
 *
 * @param outputFolder gets a folder of the function's name, in place of an earlier one
 * @throws the bundler's error, which names file and line
 */
export async function bundleFunction(name: FunctionName, outputFolder: string): Promise<FunctionBundle> {
  const folder = resolve(PROJECT_ROOT, outputFolder, name);
  await rm(folder, { recursive: true, force: true });
  const { metafile } = await build({
    absWorkingDir: PROJECT_ROOT,
    entryPoints: [`functions/${name}/index.ts`],
    outfile: join(folder, 'index.mjs'),
    bundle: true,
    minify: true,
    platform: 'node',
    format: 'esm',
    // The runtime of the functions.
    target: 'node24',
    mainFields: ['module', 'main'],
    external: CREDENTIALS_ELSEWHERE,
    plugins: [leaveOutMimeTypes],
    sourcemap: true,
    sourcesContent: false,
    metafile: true,
    logLevel: 'warning',
  });
  return { name, folder, ...measure(metafile) };
}

function measure({ outputs }: Metafile): Pick<FunctionBundle, 'bytes' | 'parts'> {
  const module = Object.entries(outputs).find(([path]) => path.endsWith('.mjs'))?.[1];
  if (!module) throw new Error('the bundler wrote no module');
  const parts = new Map<string, number>();
  for (const [path, { bytesInOutput }] of Object.entries(module.inputs)) {
    const name = packageOf(path);
    parts.set(name, (parts.get(name) ?? 0) + bytesInOutput);
  }
  return { bytes: module.bytes, parts: new Map([...parts].sort(([, a], [, b]) => b - a)) };
}

/** The package that a file belongs to, the innermost where they are nested: `@aws-sdk/client-ses`. */
function packageOf(path: string): string {
  return /.*node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(path)?.[1] ?? 'broadsheet';
}
