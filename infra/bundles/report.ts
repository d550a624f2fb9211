import type { FunctionBundle } from './bundle-function.ts';

/** What a bundle may weigh. Lambda loads it before the first line runs, so its size is the length of a start. */
export const MAX_BUNDLE_BYTES = 640 * 1024;

const BYTES_PER_KB = 1024;

/** A bundle's size and its largest parts, in KB of 1,024 bytes, a line each. */
export function describeBundle({ name, bytes, parts }: FunctionBundle, partsShown: number): string {
  const lines = [...parts].slice(0, partsShown).map(([part, size]) => `  ${toKb(size).padStart(8)}  ${part}`);
  return [`${toKb(bytes).padStart(10)}  ${name}`, ...lines].join('\n');
}

/** The bundles that are too large, each with its five largest parts; empty where there are none. */
export function describeOversized(bundles: readonly FunctionBundle[], maxBytes = MAX_BUNDLE_BYTES): string {
  return bundles
    .filter(({ bytes }) => bytes > maxBytes)
    .map((bundle) => describeBundle(bundle, 5))
    .join('\n');
}

function toKb(bytes: number): string {
  return `${(bytes / BYTES_PER_KB).toFixed(1)} KB`;
}
