import { access, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Loader, Plugin } from 'esbuild';

export const PACKAGES = fileURLToPath(new URL('../../node_modules', import.meta.url));

/** What a bundle has in place of certain files of its packages, because a function has no use for the rest of them. */
export interface StandIn {
  /** The files as paths below `node_modules`: `p-map/index.js`. Copies in nested packages are replaced too. */
  readonly files: readonly string[];
  /** Returns the new contents, from those of the package. It throws if the package has changed too much. */
  readonly replace: (original: string) => string;
}

/**
 * Returns a plugin that replaces files in a bundle. If two stand-ins have a file, the second one changes what the first one returns. The build fails if a package no longer has one of the files, or if the package
 * imports a name that its replacement lacks.
 *
 * @param replaced receives the path of each file that was replaced
 */
export function replaceFiles(standIns: readonly StandIn[], replaced: Set<string>): Plugin {
  const replacements = new Map<string, StandIn['replace']>();
  for (const { files, replace } of standIns) {
    for (const file of files) {
      const earlier = replacements.get(file) ?? ((original) => original);
      replacements.set(file, (original) => replace(earlier(original)));
    }
  }
  return {
    name: 'stand-ins',
    setup(build) {
      build.onStart(async () => {
        const missing = await Promise.all([...replacements.keys()].map(findMissing));
        return {
          errors: missing
            .flat()
            .map((file) => ({ text: `${file} does not exist, so nothing can replace it` })),
        };
      });
      build.onLoad({ filter: filterOf([...replacements.keys()]) }, async ({ path }) => {
        const file = pathInPackages(path);
        const replace = replacements.get(file);
        if (!replace) return undefined;
        replaced.add(file);
        return { contents: replace(await readFile(path, 'utf8')), loader: loaderOf(file) };
      });
    },
  };
}

async function findMissing(file: string): Promise<readonly string[]> {
  return access(join(PACKAGES, file)).then(
    () => [],
    () => [file],
  );
}

function filterOf(files: readonly string[]): RegExp {
  const patterns = files.map((file) => file.replaceAll(/[.+]/g, '\\$&').replaceAll('/', '[\\\\/]'));
  return new RegExp(`[\\\\/]node_modules[\\\\/](${patterns.join('|')})$`);
}

/** Returns the path below the innermost `node_modules`, with slashes. */
function pathInPackages(path: string): string {
  return path.replace(/^.*[\\/]node_modules[\\/]/, '').replaceAll('\\', '/');
}

function loaderOf(file: string): Loader {
  return file.endsWith('.json') ? 'json' : 'js';
}

/** Returns a text with another one in place of its part. */
export function cutOut(
  text: string,
  part: RegExp,
  replacement: string | ((found: string) => string),
): string {
  if (!part.test(text)) throw new Error(`a file of a package has no ${part}`);
  return text.replace(part, (found) => (typeof replacement === 'string' ? replacement : replacement(found)));
}
