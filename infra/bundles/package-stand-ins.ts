import { cutOut, type StandIn } from './stand-in.ts';

/** The formats of texts in our schemas. */
const FORMATS = ['regex', 'url', 'datetime', 'date'];

/** What the bundles have in place of parts of other packages. */
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
    // A module that names its file keeps only the functions that are used: 4 KB.
    files: ['zod/v4/mini/schemas.js'],
    replace: (original) => {
      if (!original.includes('core.util.')) throw new Error('zod has no core.util. to replace');
      return original.replaceAll('core.util.', 'util.');
    },
  },
  {
    // The names of formats that no schema of ours has.
    files: ['zod/v4/locales/en.js'],
    replace: (original) =>
      cutOut(original, /(?<=FormatDictionary = \{\n)(?: {8}\w+: "[^"]*",\n)+/, (formats) =>
        formats.replaceAll(/^ {8}(\w+): .*\n/gm, (line, name: string) =>
          FORMATS.includes(name) ? line : '',
        ),
      ),
  },
  {
    // Elements such as `title` find their place in the head from anywhere. Ours are written there.
    files: ['hono/dist/jsx/intrinsic-element/components.js'],
    replace: () => 'export const components_exports = { __proto__: null };',
  },
  {
    // Values that components share, also across promises. Only the names of attributes in `svg` depend on one, and ours are written out.
    files: ['hono/dist/jsx/context.js'],
    replace: () => `
export const globalContexts = [];
export const createContext = () => ({ children }) => [children];
export const useContext = () => undefined;
export const runWithRenderContext = (render) => render();
export const captureRenderContext = () => runWithRenderContext;
`,
  },
];
