import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

/** Bundles a module as functions are, because a loader of TypeScript takes time and memory of its own. Returns the path. */
export async function bundleWorker(module: URL, folder: string): Promise<string> {
  const entry = fileURLToPath(module);
  await build({
    entryPoints: [entry],
    outdir: folder,
    outExtension: { '.js': '.mjs' },
    bundle: true,
    splitting: true,
    minify: true,
    platform: 'node',
    format: 'esm',
    target: 'node20',
    mainFields: ['module', 'main'],
    banner: {
      js: "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);",
    },
  });
  return join(folder, basename(entry).replace(/\.ts$/, '.mjs'));
}
