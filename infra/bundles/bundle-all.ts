import { mkdir, rm, writeFile } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type BuildOptions, build } from 'esbuild';
import { type FunctionName, functionNames } from '../../shared/observability.ts';
import { listCardAssets, readInstalledAsset } from '../../shared/web/cards/card-assets.ts';
import { takeBuiltinModules } from './builtin-modules.ts';
import { type BundleSize, findStartModules, measureBundle } from './bundle-size.ts';
import { joinStartModules } from './join-start.ts';
import { leftOut } from './left-out.ts';
import { packageStandIns } from './package-stand-ins.ts';
import { leaveOutUnusedSchemas } from './pure-schemas.ts';
import { renderMarkup } from './render-markup.ts';
import { clientStandIns } from './sdk-clients.ts';
import { sdkStandIns } from './sdk-stand-ins.ts';
import { replaceFiles, type StandIn } from './stand-in.ts';

/** A function, bundled for deployment. */
export interface FunctionBundle extends BundleSize {
  /** Holds `index.mjs`, the modules that it imports, and their source maps. */
  readonly folder: string;
  /** Files of packages that were replaced by stand-ins: `p-map/index.js`. */
  readonly replaced: ReadonlySet<string>;
}

const PROJECT_ROOT = fileURLToPath(new URL('../..', import.meta.url));

/** What replaces files of packages in the bundles. */
export const standIns: readonly StandIn[] = [
  ...clientStandIns,
  ...sdkStandIns,
  ...packageStandIns,
  ...leftOut,
];

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
  const replaced = new Set<string>();
  const { metafile } = await build(bundleOptions(name, folder, replaced));
  if (name === 'draw-cards') await copyCardAssets(join(folder, 'assets'));
  const size = measureBundle(name, metafile);
  const { startBytes, passingBytes } = await joinStartModules(
    folder,
    findStartModules(metafile).map(([path, module]) => ({ file: basename(path), exports: module.exports })),
  );
  const bytesOnDemand = size.bytesOnDemand + passingBytes;
  return { ...size, bytes: startBytes, bytesOnDemand, folder, replaced };
}

/** What esbuild is asked for. */
function bundleOptions(name: FunctionName, folder: string, replaced: Set<string>) {
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
    inject: ['infra/bundles/original-positions.ts'],
    plugins: [replaceFiles(standIns, replaced), takeBuiltinModules, leaveOutUnusedSchemas, renderMarkup],
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
