import type { FunctionBundle } from './bundle-function.ts';

/** What a start may load. Lambda loads it before the first line runs, so its size is the length of a start. */
export const MAX_BUNDLE_BYTES = 600 * 1024;

const BYTES_PER_KB = 1024;

/**
 * What a start of a function loads, the largest parts of that, and what is loaded on demand. The sizes are in KB of 1,024
 * bytes, a line each.
 */
export function describeBundle(
  { name, bytes, parts, bytesOnDemand }: FunctionBundle,
  partsShown: number,
): string {
  const lines = [...parts].slice(0, partsShown).map(([part, size]) => `  ${toKb(size).padStart(8)}  ${part}`);
  return [
    `${toKb(bytes).padStart(10)}  ${name}`,
    ...lines,
    `${toKb(bytesOnDemand).padStart(10)}  ${name}, on demand`,
  ].join('\n');
}

/** The bundles of which a start loads too much, each with its five largest parts; empty where there are none. */
export function describeOversized(bundles: readonly FunctionBundle[], maxBytes = MAX_BUNDLE_BYTES): string {
  return bundles
    .filter(({ bytes }) => bytes > maxBytes)
    .map((bundle) => describeBundle(bundle, 5))
    .join('\n');
}

function toKb(bytes: number): string {
  return `${(bytes / BYTES_PER_KB).toFixed(1)} KB`;
}
