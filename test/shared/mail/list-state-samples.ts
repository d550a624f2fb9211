import type { Digest } from '../../../shared/matching/digest.ts';

const STATES = ['fresh', 'quiet', 'partial', 'stale', 'broken'] as const;

/** Returns lists with long names, spread evenly over the states. */
export function listStates(count: number): Digest['listStates'] {
  return new Map(
    Array.from({ length: count }, (_, index) => [
      `arxiv/cs.${'L'.repeat(80)}${'M'.repeat(index)}`,
      STATES[index % STATES.length] ?? 'fresh',
    ]),
  );
}
