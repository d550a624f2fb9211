import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Loader, Plugin } from 'esbuild';
import { PACKAGES } from './stand-in.ts';

/** It stands on the first line of a file, so positions in stacks stay. */
const ISO = `import * as iso from ${JSON.stringify(join(PACKAGES, 'zod/v4/mini/iso.js'))}; `;

/**
 * Says that making a schema has no effect, so the bundler leaves out those that a function does not use. A file has all schemas of its
 * idea, and each costs a start time. It also takes days and instants from their own module: the object `z.iso` has durations too.
 */
export const leaveOutUnusedSchemas: Plugin = {
  name: 'leave-out-unused-schemas',
  setup(build) {
    build.onLoad({ filter: /[\\/](shared|functions)[\\/].*\.tsx?$/ }, async ({ path }) => {
      const source = await readFile(path, 'utf8');
      if (!/import \* as z from '.*\/zod\.ts'/.test(source)) return undefined;
      const schemas = source.replaceAll(/(?<![\w.$])z\.(?=[\w.]+\()/g, '/* @__PURE__ */ z.');
      const contents = schemas.includes('z.iso.') ? `${ISO}${schemas.replaceAll('z.iso.', 'iso.')}` : schemas;
      return { contents, loader: path.endsWith('x') ? ('tsx' satisfies Loader) : 'ts' };
    });
  },
};
