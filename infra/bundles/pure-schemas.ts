import { readFile } from 'node:fs/promises';
import type { Loader, Plugin } from 'esbuild';

/**
 * Says that making a schema has no effect, so the bundler leaves out those that a function does not use. A file has all schemas of its
 * idea, and each costs a start time.
 */
export const leaveOutUnusedSchemas: Plugin = {
  name: 'leave-out-unused-schemas',
  setup(build) {
    build.onLoad({ filter: /[\\/](shared|functions)[\\/].*\.tsx?$/ }, async ({ path }) => {
      const source = await readFile(path, 'utf8');
      if (!/import \* as z from '.*\/zod\.ts'/.test(source)) return undefined;
      const contents = source.replaceAll(/(?<![\w.$])z\.(?=[\w.]+\()/g, '/* @__PURE__ */ z.');
      return { contents, loader: path.endsWith('x') ? ('tsx' satisfies Loader) : 'ts' };
    });
  },
};
