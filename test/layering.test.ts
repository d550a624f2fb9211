import { readFileSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path/posix';
import { beforeAll, describe, expect, test } from '@jest/globals';
import { build, transform } from 'esbuild';

/** One file names another, or a package. */
interface Import {
  readonly from: string;
  readonly to: string;
}

interface Rule {
  readonly rule: string;
  /** `written`: every import in the sources, those of types too. `bundled`: what is left when the types are gone. */
  readonly graph: 'written' | 'bundled';
  readonly forbids: (one: Import) => boolean;
  readonly breach: Import;
  readonly allowed: Import;
}

const SDK = /^(@aws-sdk|@smithy)\//;
const MAX_LINES = 300;

const DOMAIN_FOLDERS = ['time', 'text', 'papers', 'lists', 'subscribers', 'digests'];

/** The folders of shared/web, and its own files, which are below or above them. */
const WEB_FOLDERS_AND_FILES = [
  ...['ports.ts', 'public-routes.ts', 'tokens.ts', 'links.ts'],
  ...['paths', 'parts', 'verify-link.ts', 'status', 'papers', 'search', 'feeds'],
  ...['about', 'cards', 'manage', 'mute', 'sign-up', 'sitemaps', 'v1'],
  ...['route-groups.ts', 'app.tsx'],
];

const rules: readonly Rule[] = [
  {
    rule: 'shared/domain imports nothing but itself, zod and a Temporal implementation',
    graph: 'written',
    forbids: ({ from, to }) =>
      from.startsWith('shared/domain/') &&
      !/^(shared\/domain\/.*|zod\/.*|temporal-polyfill(\/.*)?)$/.test(to),
    breach: { from: 'shared/domain/papers/paper.ts', to: 'node:crypto' },
    allowed: { from: 'shared/domain/papers/paper.ts', to: 'shared/domain/time/time.ts' },
  },
  {
    rule: 'a folder of shared/domain imports only itself and the folders before it',
    graph: 'written',
    forbids: isToLater('shared/domain', DOMAIN_FOLDERS),
    breach: { from: 'shared/domain/subscribers/subscriber.ts', to: 'shared/domain/digests/delivery.ts' },
    allowed: { from: 'shared/domain/digests/delivery.ts', to: 'shared/domain/subscribers/subscriber.ts' },
  },
  {
    rule: 'a folder of shared/web imports only itself and the folders before it',
    graph: 'written',
    forbids: isToLater('shared/web', WEB_FOLDERS_AND_FILES),
    breach: { from: 'shared/web/parts/nothing-here.tsx', to: 'shared/web/sign-up/confirm.tsx' },
    allowed: { from: 'shared/web/sign-up/confirm.tsx', to: 'shared/web/parts/notices.tsx' },
  },
  {
    rule: 'shared/matching imports nothing but itself and shared/domain',
    graph: 'written',
    forbids: ({ from, to }) =>
      from.startsWith('shared/matching/') && !/^shared\/(matching|domain)\//.test(to),
    breach: { from: 'shared/matching/query/query.ts', to: 'shared/ports/papers.ts' },
    allowed: { from: 'shared/matching/query/query.ts', to: 'shared/domain/errors.ts' },
  },
  {
    rule: 'what runs on AWS takes schemas from shared/domain/zod.ts, the small variant of zod',
    graph: 'written',
    forbids: ({ from, to }) =>
      /^(shared|functions)\//.test(from) && from !== 'shared/domain/zod.ts' && /^zod\b/.test(to),
    breach: { from: 'shared/domain/papers/paper.ts', to: 'zod' },
    allowed: { from: 'shared/domain/zod.ts', to: 'zod/mini' },
  },
  {
    rule: 'within shared, only the adapters name an SDK, be it for a type',
    graph: 'written',
    forbids: ({ from, to }) => /^shared\/(?!adapters\/)/.test(from) && SDK.test(to),
    breach: { from: 'shared/pipeline/sending/send-batch.ts', to: '@aws-sdk/client-ses' },
    allowed: { from: 'shared/adapters/ses/mailer.ts', to: '@aws-sdk/client-ses' },
  },
  {
    rule: 'within functions, only a composition names an SDK',
    graph: 'written',
    forbids: ({ from, to }) => /^functions\/(?![^/]+\/(index|ports)\.ts$)/.test(from) && SDK.test(to),
    breach: { from: 'functions/send-digests/handler.ts', to: '@aws-sdk/client-ses' },
    allowed: { from: 'functions/send-digests/ports.ts', to: '@aws-sdk/client-ses' },
  },
  {
    rule: 'what runs on AWS reaches an SDK through the adapters alone',
    graph: 'bundled',
    forbids: ({ from, to }) => /^(shared\/(?!adapters\/)|functions\/)/.test(from) && SDK.test(to),
    breach: { from: 'functions/send-digests/index.ts', to: '@aws-sdk/client-ses' },
    allowed: { from: 'shared/adapters/sqs/queue.ts', to: '@aws-sdk/client-sqs' },
  },
  {
    rule: 'shared knows nothing of what is built from it',
    graph: 'written',
    forbids: ({ from, to }) => from.startsWith('shared/') && /^(functions|local|cli|infra)\//.test(to),
    breach: { from: 'shared/ports/papers.ts', to: 'local/repositories.ts' },
    allowed: { from: 'shared/ports/papers.ts', to: 'shared/ports/queues.ts' },
  },
  {
    rule: 'neither shared nor functions import the process, whose environment is read elsewhere',
    graph: 'written',
    forbids: ({ from, to }) => /^(shared|functions)\//.test(from) && /^(node:)?process$/.test(to),
    breach: { from: 'functions/api/handler.ts', to: 'node:process' },
    allowed: { from: 'local/start.ts', to: 'node:process' },
  },
  {
    rule: 'functions know nothing of one machine, its commands or its stacks',
    graph: 'written',
    forbids: ({ from, to }) => from.startsWith('functions/') && /^(local|cli|infra)\//.test(to),
    breach: { from: 'functions/api/index.ts', to: 'local/keys.ts' },
    allowed: { from: 'functions/api/index.ts', to: 'shared/environment.ts' },
  },
];

let sources: ReadonlyMap<string, string>;
let graphs: Readonly<Record<Rule['graph'], readonly Import[]>>;

beforeAll(async () => {
  sources = await readSources(['shared', 'functions', 'local', 'cli', 'infra']);
  const written = [...sources].flatMap(([from, text]) => importsOf(from, text));
  graphs = { written, bundled: await bundleImports([...sources.keys()]) };
});

describe('imports', () => {
  test.each(rules)('$rule', ({ graph, forbids, breach, allowed }) => {
    expect([breach, allowed].filter(forbids)).toEqual([breach]);
    expect(graphs[graph].filter(forbids)).toEqual([]);
  });

  test('those read from the sources are those that the bundler finds, and those of types', () => {
    const written = new Set(graphs.written.map(({ from, to }) => `${from} > ${to}`));
    const bundled = graphs.bundled.filter(({ to }) => !to.endsWith('/jsx-runtime'));

    expect(bundled.length).toBeGreaterThan(100);
    expect(bundled.map(({ from, to }) => `${from} > ${to}`).filter((one) => !written.has(one))).toEqual([]);
    expect(graphs.written).toContainEqual({
      from: 'shared/sources/source.ts',
      to: 'shared/domain/papers/paper.ts',
    });
  });

  test('never go round in a circle, not even for types', () => {
    const circle = [
      { from: 'a.ts', to: 'b.ts' },
      { from: 'b.ts', to: 'c.ts' },
      { from: 'c.ts', to: 'b.ts' },
    ];

    expect(findCircle(circle)).toBe('b.ts > c.ts > b.ts');
    expect(findCircle(circle.slice(0, 2))).toBeUndefined();
    expect(findCircle(graphs.written)).toBeUndefined();
  });

  test('lead from a folder only to folders below it in the table of the architecture', () => {
    const [, section = ''] = readFileSync('docs/architecture.md', 'utf8').split('## The layers');
    const [table = ''] = section.split('\n## ');
    const order = [...table.matchAll(/^\| `([^`]+\/)` \|/gm)].map(([, folder = '']) => folder);
    const levelOf = (path: string) => order.findIndex((folder) => path.startsWith(folder));
    const isUpwards = ({ from, to }: Import) => levelOf(to) !== -1 && levelOf(to) < levelOf(from);
    const isOutside = (path: string) => levelOf(path) === -1 && !/^shared\/[^/]+$/.test(path);

    expect(isUpwards({ from: 'shared/mail/piece.ts', to: 'shared/web/app.tsx' })).toBe(true);
    expect(isUpwards({ from: 'shared/web/app.tsx', to: 'shared/mail/piece.ts' })).toBe(false);
    expect([...sources.keys()].filter(isOutside)).toEqual([]);
    expect(graphs.written.filter(isUpwards)).toEqual([]);
  });
});

describe('what the sources may ask of the runtime', () => {
  test('a global counts where code names it, not where a comment or a text does', async () => {
    const impure = `
      import { Temporal } from 'temporal-polyfill';
      export const a = [Date.now(), new Date(), Date(), Math.random(), performance.now(), Temporal.Now.instant()];
      export const b = () => [crypto.randomUUID(), process.argv, process.env.A, fetch('x'), setTimeout(() => {}), globalThis];`;
    const pure = `
      // Date.now(), new Date(), process.env and Temporal.Now stay outside.
      export const a = ['Math.random()', \`fetch\`, new Date(0), Date.parse('2026-01-05'), Date.UTC(2026)];
      export const b = (fetch: () => void) => fetch();`;

    expect(await impuritiesOf(impure)).toEqual(
      expect.arrayContaining([
        ...['Date.now', 'Date', 'Math.random', 'performance', 'Temporal.Now'],
        ...['crypto', 'process', 'fetch', 'setTimeout', 'globalThis'],
      ]),
    );
    expect(await impuritiesOf(pure)).toEqual([]);
  });

  test('shared/domain and shared/matching ask for neither clock nor chance nor anything outside', async () => {
    expect(await namesByFile(/^shared\/(domain|matching)\//, impuritiesOf)).toEqual([]);
  });

  test('the environment is read where a function is composed, on one machine and by commands only', async () => {
    const readsEnvironment = async (text: string, path = '') =>
      (await globalsOf(text, path)).filter((name) => name === 'process.env');

    expect(await readsEnvironment('export const a = process.env.A')).toEqual(['process.env']);
    expect(await readsEnvironment('// process.env\nexport const a = process.argv')).toEqual([]);
    expect(await namesByFile(/^(shared|infra|functions\/[^/]+\/(?!index\.ts$))/, readsEnvironment)).toEqual(
      [],
    );
  });
});

test(`no source file is longer than ${MAX_LINES} lines`, () => {
  const isLong = (text: string) => text.trimEnd().split('\n').length > MAX_LINES;

  expect(isLong('line\n'.repeat(MAX_LINES + 1))).toBe(true);
  expect(isLong('line\n'.repeat(MAX_LINES))).toBe(false);
  expect([...sources].filter(([, text]) => isLong(text)).map(([path]) => path)).toEqual([]);
});

test('no name is exported by two files of shared', () => {
  const findRepeated = (texts: readonly (readonly [path: string, text: string])[]) => {
    const files = new Map<string, string[]>();
    for (const [path, text] of texts)
      for (const name of exportedNamesOf(text)) files.set(name, [...(files.get(name) ?? []), path]);
    return [...files].filter(([, paths]) => paths.length > 1);
  };
  const repeated = [
    ['a.ts', 'export type A = 1;\nexport async function b() {}'],
    ['b.ts', "export { b } from './a.ts';\nexport interface A {}"],
  ] as const;

  expect(findRepeated(repeated)).toEqual([['A', ['a.ts', 'b.ts']]]);
  expect(findRepeated([...sources].filter(([path]) => path.startsWith('shared/')))).toEqual([]);
});

test('no source asks URL.canParse, which Node 20 answers wrongly after some thousand calls', () => {
  const asks = (text: string) => text.replaceAll(/\/\*\*.*?\*\//gs, '').includes('canParse');

  expect(asks('if (URL.canParse(text))')).toBe(true);
  expect([...sources].filter(([, text]) => asks(text)).map(([path]) => path)).toEqual([]);
});

/** The sources below these folders, of which some may not exist, by path. */
async function readSources(folders: readonly string[]): Promise<ReadonlyMap<string, string>> {
  const found = await Promise.all(
    folders.map((folder) => readdir(folder, { recursive: true }).catch(() => [])),
  );
  const paths = found.flatMap((names, index) => names.map((name) => `${folders[index]}/${name}`));
  const code = paths.filter((path) => /(?<!\.d)\.tsx?$/.test(path)).sort();
  return new Map(await Promise.all(code.map(async (path) => [path, await readFile(path, 'utf8')] as const)));
}

/** What a source imports and exports from, with types; a relative path is made one from the root. */
function importsOf(from: string, text: string): readonly Import[] {
  const found = text.matchAll(
    /^(?:import|export)\b(?:[^'";]*?\bfrom)?\s*'([^']+)'|\bimport\('([^']+)'[,)]/gm,
  );
  return [...found].map(([, fixed = '', dynamic = fixed]) => ({
    from,
    to: dynamic.startsWith('.') ? join(dirname(from), dynamic) : dynamic,
  }));
}

/** What a source declares and exports, with types. What it only exports again is left out. */
function exportedNamesOf(text: string): readonly string[] {
  const found = text.matchAll(
    /^export (?:abstract |async )*(?:class|const|enum|function\*?|interface|let|type) (\w+)/gm,
  );
  return [...new Set([...found].map(([, name = '']) => name))];
}

/** What the bundler finds in all sources. They are one bundle, because one for each would hold most sources many times. */
async function bundleImports(paths: readonly string[]): Promise<readonly Import[]> {
  const { metafile } = await build({
    stdin: { contents: paths.map((path) => `import './${path}';`).join('\n'), resolveDir: '.' },
    bundle: true,
    packages: 'external',
    metafile: true,
    write: false,
    outdir: 'dist',
    platform: 'node',
    format: 'esm',
  });
  const { '<stdin>': _, ...inputs } = metafile.inputs;
  return Object.entries(inputs).flatMap(([from, { imports }]) =>
    imports.map(({ path }) => ({ from, to: path })),
  );
}

/** The first circle, as the path that leads round it. */
function findCircle(graph: readonly Import[]): string | undefined {
  const targets = new Map<string, string[]>();
  for (const { from, to } of graph) targets.set(from, [...(targets.get(from) ?? []), to]);
  const finished = new Set<string>();
  const visit = (file: string, path: readonly string[]): string | undefined => {
    if (path.includes(file)) return [...path.slice(path.indexOf(file)), file].join(' > ');
    if (finished.has(file)) return undefined;
    for (const to of targets.get(file) ?? []) {
      const circle = visit(to, [...path, file]);
      if (circle) return circle;
    }
    finished.add(file);
    return undefined;
  };
  for (const file of targets.keys()) {
    const circle = visit(file, []);
    if (circle) return circle;
  }
  return undefined;
}

const MARK = 'GLOBAL_';
const GLOBALS = [
  'Date',
  'Date.now',
  'Math.random',
  'performance',
  'crypto',
  'process',
  'process.env',
  'fetch',
];
const TIMERS = ['setTimeout', 'setInterval', 'setImmediate', 'queueMicrotask'];
const NAMES = [...GLOBALS, ...TIMERS, 'globalThis', 'global'];

/** The code with every use of a global marked. The bundler knows a global from a local name, a text or a comment. */
async function markGlobals(text: string, path: string): Promise<string> {
  const define = Object.fromEntries(NAMES.map((name) => [name, `${MARK}${name.replace('.', '__')}`]));
  const { code } = await transform(text, {
    loader: path.endsWith('x') ? 'tsx' : 'ts',
    define,
    legalComments: 'none',
  });
  return code;
}

async function globalsOf(text: string, path = ''): Promise<readonly string[]> {
  const found = (await markGlobals(text, path)).matchAll(/GLOBAL_(\w+)/g);
  return [...new Set([...found].map(([, name = '']) => name.replace('__', '.')))];
}

/** Every global that a pure module must not use. A date made of a given time is pure, and so is reading one. */
async function impuritiesOf(text: string, path = ''): Promise<readonly string[]> {
  const code = await markGlobals(text, path);
  const readsClock = /(?<!new )GLOBAL_Date\b(?!\.(parse|UTC)\()|new GLOBAL_Date\b(?!\((?!\)))/.test(code);
  const named = (await globalsOf(text, path)).filter((name) => name !== 'Date');
  return [...named, ...(readsClock ? ['Date'] : []), ...(/\bNow\b/.test(code) ? ['Temporal.Now'] : [])];
}

/** Returns whether an import from what is in a folder leads to what comes later there. What the order does not name comes first. */
function isToLater(folder: string, order: readonly string[]): (one: Import) => boolean {
  const positionOf = (path: string) =>
    path.startsWith(`${folder}/`) ? order.indexOf(path.split('/')[2] ?? '') : -1;
  return ({ from, to }) => from.startsWith(`${folder}/`) && positionOf(to) > positionOf(from);
}

/** `shared/domain/papers/paper.ts: Date.now` for every name that is found in a file of this kind. */
async function namesByFile(files: RegExp, find: (text: string, path: string) => Promise<readonly string[]>) {
  const chosen = [...sources].filter(([path]) => files.test(path));
  expect(chosen.length).toBeGreaterThan(10);
  const found = await Promise.all(
    chosen.map(async ([path, text]) => (await find(text, path)).map((name) => `${path}: ${name}`)),
  );
  return found.flat();
}
