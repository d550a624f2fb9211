import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { brotliCompress, brotliDecompress, constants } from 'node:zlib';
import * as z from 'zod';
import { type Release, releaseSchema } from '../../infra/release.ts';

/** A stored version: its release, and the files of its cloud assembly by path. */
const keptVersionSchema = z.object({
  release: releaseSchema,
  files: z.record(z.string(), z.string()),
});

type KeptVersion = z.infer<typeof keptVersionSchema>;

const KEPT_FILE = fileURLToPath(new URL('previous-version.json.br', import.meta.url));

/** Replaces the URL of the papers in stored templates, because it differs in each run. */
export const KEPT_PAPERS_URL = 'https://papers.invalid/api/daily_papers';

/** Files that no deployment reads: source maps, the construct tree, the synthesis reports. */
const NOT_DEPLOYED = /\.map$|(^|\/)(tree|validation-report|performance-counters)\.json$/;

/**
 * The compression window as a power of two: 16 MB. The bundles share most of their code, so a window over all of them
 * makes the file a third as large.
 */
const WINDOW_BITS = 24;

/** Loads the version that was released last. */
export async function loadPreviousVersion(): Promise<KeptVersion> {
  const text = await promisify(brotliDecompress)(await readFile(KEPT_FILE));
  return keptVersionSchema.parse(JSON.parse(text.toString()));
}

/** Stores the cloud assembly of a version, replaces the previous one, and returns the file size in bytes. */
export async function keepVersion(release: Release, assembly: string): Promise<number> {
  const entries = await readdir(assembly, { recursive: true, withFileTypes: true });
  const paths = entries
    .filter((entry) => entry.isFile())
    .map(({ parentPath, name }) => join(parentPath, name).slice(assembly.length + 1))
    .filter((path) => !NOT_DEPLOYED.test(path))
    .sort();
  const files = await Promise.all(
    paths.map(async (path) => [path, await readFile(join(assembly, path), 'utf8')] as const),
  );
  const kept: KeptVersion = { release, files: Object.fromEntries(files) };
  const text = JSON.stringify(kept);
  const compressed = await promisify(brotliCompress)(text, {
    params: {
      [constants.BROTLI_PARAM_LGWIN]: WINDOW_BITS,
      [constants.BROTLI_PARAM_SIZE_HINT]: text.length,
    },
  });
  await writeFile(KEPT_FILE, compressed);
  return compressed.length;
}

/** Writes the assembly of the previous version to a folder, with this URL for papers. */
export async function unpackPreviousVersion(folder: string, papersUrl: string): Promise<Release> {
  const { release, files } = await loadPreviousVersion();
  for (const [path, text] of Object.entries(files)) {
    const file = join(folder, path);
    await mkdir(dirname(file), { recursive: true });
    await writeFile(file, text.replaceAll(KEPT_PAPERS_URL, papersUrl));
  }
  return release;
}
