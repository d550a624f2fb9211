import { builtinModules, createRequire } from 'node:module';
import type { Plugin } from 'esbuild';

const require = createRequire(import.meta.url);

/**
 * Takes the modules of Node.js by a call instead of an import. An import reads all exports of a module, and some of them load further
 * modules: that of `node:fs` loads its streams. The call reads only the exports that the bundle uses.
 */
export const takeBuiltinModules: Plugin = {
  name: 'take-builtin-modules',
  setup(build) {
    const filter = new RegExp(`^(node:)?(${builtinModules.join('|')})$`);
    build.onResolve({ filter }, ({ path, kind }) =>
      kind === 'import-statement' || kind === 'require-call'
        ? { path: path.replace(/^(node:)?/, 'node:'), namespace: 'builtin', sideEffects: false }
        : undefined,
    );
    build.onLoad({ filter: /.*/, namespace: 'builtin' }, ({ path }) => ({ contents: toModule(path) }));
  },
};

/** Returns a module with the exports of a module of Node.js. The bundler leaves out those that are not used. */
function toModule(path: string): string {
  const names = Object.keys(require(path)).filter((name) => /^[a-z_]\w*$/i.test(name) && name !== 'default');
  return `
const builtin = /* @__PURE__ */ process.getBuiltinModule('${path}');
const take = (name) => builtin[name];
${names.map((name) => `const own_${name} = /* @__PURE__ */ take('${name}');`).join('\n')}
export { ${names.map((name) => `own_${name} as ${name}`).join(', ')} };
export default builtin;
`;
}
