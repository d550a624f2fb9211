import { basename } from 'node:path';
import type { Metafile } from 'esbuild';
import type { FunctionName } from '../../shared/observability.ts';

/** How much code of a function is loaded, and when. */
export interface BundleSize {
  readonly name: FunctionName;
  /** Bytes that a start loads: `index.mjs` and its static imports, direct or not. */
  readonly bytes: number;
  /** Bytes that a start loads by package, largest first. The project's own code is `broadsheet`. */
  readonly parts: ReadonlyMap<string, number>;
  /** Bytes of the modules that only a dynamic `import()` loads. */
  readonly bytesOnDemand: number;
}

type Module = Metafile['outputs'][string];

const BYTES_PER_KB = 1024;

type Limits = Readonly<Record<FunctionName, number>>;

/**
 * The most bytes that a start of each function may load. Lambda loads them all before the first line runs, and 100 KB take about 4 ms of
 * CPU. They leave a few KB for new code. For more, look first for what the function does not need.
 */
export const maxStartBytes: Limits = {
  'ingest-papers': 262 * BYTES_PER_KB,
  'plan-digests': 165 * BYTES_PER_KB,
  'fan-out-digests': 166 * BYTES_PER_KB,
  'send-digests': 300 * BYTES_PER_KB,
  'handle-feedback': 165 * BYTES_PER_KB,
  'handle-requests': 233 * BYTES_PER_KB,
  api: 249 * BYTES_PER_KB,
  'draw-cards': 233 * BYTES_PER_KB,
};

/** Returns the sizes of the parts of a bundle, from the report of esbuild. */
export function measureBundle(name: FunctionName, metafile: Metafile): BundleSize {
  const modules = modulesOf(metafile);
  const atStart = findStartModules(metafile).map(([, module]) => module);
  const bytes = sumOf(atStart.map((module) => module.bytes));
  const parts = new Map<string, number>();
  for (const [path, { bytesInOutput }] of atStart.flatMap(({ inputs }) => Object.entries(inputs))) {
    const part = packageOf(path);
    parts.set(part, (parts.get(part) ?? 0) + bytesInOutput);
  }
  return {
    name,
    bytes,
    parts: new Map([...parts].sort(([, a], [, b]) => b - a)),
    bytesOnDemand: sumOf([...modules.values()].map((module) => module.bytes)) - bytes,
  };
}

function modulesOf({ outputs }: Metafile): ReadonlyMap<string, Module> {
  return new Map(Object.entries(outputs).filter(([path]) => path.endsWith('.mjs')));
}

/** Returns `index.mjs` and its static imports, direct or not, by path. */
export function findStartModules(metafile: Metafile): readonly (readonly [path: string, module: Module])[] {
  const modules = modulesOf(metafile);
  const entry = [...modules].find(([path]) => basename(path) === 'index.mjs');
  if (!entry) throw new Error('esbuild wrote no index.mjs');
  const found = new Map([entry]);
  // The loop also visits the modules that it adds.
  for (const [, { imports }] of found) {
    for (const { path, kind } of imports) {
      const imported = modules.get(path);
      if (imported && kind === 'import-statement') found.set(path, imported);
    }
  }
  return [...found];
}

function sumOf(numbers: readonly number[]): number {
  return numbers.reduce((sum, number) => sum + number, 0);
}

/** Returns the package of a file: `@aws-sdk/client-ses`. If packages are nested, returns the innermost. */
function packageOf(path: string): string {
  return /.*node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(path)?.[1] ?? 'broadsheet';
}

/** Lists what a start loads, its largest parts, and what is loaded on demand. A KB has 1,024 bytes. Lines of 0.0 KB are left out. */
export function describeBundle(
  { name, bytes, parts, bytesOnDemand }: BundleSize,
  partsShown: number,
): string {
  const shown = [...parts].slice(0, partsShown);
  const rest = [...parts].slice(partsShown).map(([, size]) => size);
  const toLine = (size: number, what: string) =>
    toKb(size) === toKb(0) ? [] : [`${toKb(size).padStart(10)}  ${what}`];
  return [
    `${toKb(bytes).padStart(10)}  ${name}`,
    ...shown.flatMap(([part, size]) => toLine(size, part)),
    ...toLine(sumOf(rest), 'the rest'),
    ...toLine(bytesOnDemand, `${name}, on demand`),
  ].join('\n');
}

/** Lists the bundles over their limits with their five largest parts, and what to do. Returns an empty text if all are within them. */
export function describeOversized(bundles: readonly BundleSize[], limits: Limits = maxStartBytes): string {
  const oversized = bundles
    .filter(({ name, bytes }) => bytes > limits[name])
    .map(
      (bundle) =>
        `${describeBundle(bundle, 5)}\n${toKb(limits[bundle.name]).padStart(10)}  at most at a start`,
    );
  return oversized.length === 0 ? '' : [...oversized, ADVICE].join('\n');
}

const ADVICE =
  'Load what a start does not need with `await import()`, as shared/sources/feed/feed.ts does. If it needs everything, raise the limit in infra/bundles/bundle-size.ts.';

function toKb(bytes: number): string {
  return `${(bytes / BYTES_PER_KB).toFixed(1)} KB`;
}
