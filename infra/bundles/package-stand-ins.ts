import type { StandIn } from './stand-in.ts';

/** What is cut from the schemas of zod, and what takes its place. */
const ZOD_CUTS: readonly (readonly [found: string | RegExp, replacement: string])[] = [
  [/(?<=\nexport const ZodString = [^\n]+\n(?: [^\n]+\n)+\}), \{\n {4}email\([\s\S]+?\n\}(?=\);\n)/, ''],
  ['import { util } from "../core/index.js";', 'import * as util from "../core/util.js";'],
  ['core.util.', 'util.'],
];

/** What the bundles have in the place of parts of other packages. */
export const packageStandIns: readonly StandIn[] = [
  {
    // A table of file types for attachments: 74 KB. Our mails have none.
    files: ['nodemailer/dist/esm/mime-funcs/mime-types.js'],
    replace: () => `
export const detectMimeType = () => 'application/octet-stream';
export const detectExtension = () => 'bin';
`,
  },
  {
    // Patterns of attacks, which the parser of XML seeks in entities that a document defines: 17 KB. Ours reads no such entity.
    files: ['is-unsafe/src/index.js'],
    replace: () => `
export const HTML = [];
export const XML = [];
export const isUnsafe = () => true;
`,
  },
  {
    // The old names of formats, as in `z.string().email()`, keep 25 formats in each bundle. We write `z.email()`. And an import that names
    // its file keeps only the helpers that are used. Together 15 KB.
    files: ['zod/v4/classic/schemas.js'],
    replace: (original) =>
      ZOD_CUTS.reduce((text, [found, replacement]) => {
        const cut = text.replace(found, replacement);
        if (cut === text) throw new Error(`zod has no ${found} to replace`);
        return cut;
      }, original),
  },
  {
    // The 18 KB with which zod writes JSON Schema. Only the generators of the documentation call them, and those are not bundled.
    files: ['zod/v4/core/json-schema-processors.js', 'zod/v4/core/to-json-schema.js'],
    replace: (original) => {
      const names = [...original.matchAll(/^export (?:const|function) (\w+)/gm)];
      const standIns = names.map(([, name = '']) =>
        // A schema calls these when it is made, and keeps the function that they return.
        name.startsWith('create') ? `export const ${name} = () => fail;` : `export const ${name} = fail;`,
      );
      const fail = `const fail = () => { throw new Error('JSON Schema is left out of the bundles'); };`;
      return [fail, ...standIns, 'export { fail as process };'].join('\n');
    },
  },
];
