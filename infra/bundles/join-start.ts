import { rm, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { build } from 'esbuild';

/** A module of a bundle that a start loads. */
export interface StartModule {
  /** `index.mjs`, or a name with a hash. */
  readonly file: string;
  /** The names that it exports. */
  readonly exports: readonly string[];
}

/**
 * Joins the modules of a start into `index.mjs`. The bundler splits code by which parts of a function share it. So a start of the API would
 * read forty files, and each costs a quarter of a millisecond.
 *
 * Modules on demand import the joined ones by their old names. Those files stay, and pass on what `index.mjs` exports.
 *
 * @returns the bytes of `index.mjs`, and of the files that stay
 */
export async function joinStartModules(
  folder: string,
  modules: readonly StartModule[],
): Promise<{ readonly startBytes: number; readonly passingBytes: number }> {
  const files = new Set(modules.map(({ file }) => file));
  const { outputFiles } = await build({
    stdin: {
      contents: modules.map(toExportOfIndex).join(''),
      resolveDir: folder,
    },
    outfile: join(folder, 'index.mjs'),
    write: false,
    bundle: true,
    minify: true,
    platform: 'node',
    format: 'esm',
    target: 'node24',
    sourcemap: true,
    sourcesContent: false,
    logLevel: 'warning',
    plugins: [
      {
        name: 'modules-on-demand',
        setup({ onResolve }) {
          onResolve({ filter: /^\.\/.*\.mjs$/ }, ({ path }) =>
            files.has(basename(path)) ? undefined : { path, external: true },
          );
        },
      },
    ],
  });
  await Promise.all(modules.flatMap(({ file }) => [rm(join(folder, file)), rm(join(folder, `${file}.map`))]));
  const passing = modules.map(toPassingFile).filter(({ file }) => file !== 'index.mjs');
  await Promise.all([
    ...outputFiles.map(({ path, contents }) => writeFile(path, contents)),
    ...passing.map(({ file, text }) => writeFile(join(folder, file), text)),
  ]);
  const index = outputFiles.find(({ path }) => path.endsWith('.mjs'));
  if (!index) throw new Error(`esbuild wrote no module into ${folder}`);
  return {
    startBytes: index.contents.byteLength,
    passingBytes: passing.reduce((sum, { text }) => sum + Buffer.byteLength(text), 0),
  };
}

/** Exports what a module does, under names that no other module uses. */
function toExportOfIndex({ file, exports }: StartModule, position: number): string {
  const names = exports.map((name) => `${name} as ${nameInIndex(file, name, position)}`);
  return `export { ${names.join(', ')} } from './${file}';`;
}

/** Returns a file that exports what a module did. */
function toPassingFile({ file, exports }: StartModule, position: number) {
  const names = exports.map((name) => `${nameInIndex(file, name, position)} as ${name}`);
  return { file, text: `export{${names.join(',')}}from"./index.mjs";` };
}

function nameInIndex(file: string, name: string, position: number): string {
  return file === 'index.mjs' ? name : `m${position}_${name}`;
}
