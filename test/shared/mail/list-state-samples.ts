import type { ListCondition } from '../../../shared/domain/lists/list-state.ts';
import type { Digest } from '../../../shared/matching/digest.ts';

const CONDITIONS: readonly ListCondition[] = [
  { state: 'fresh' },
  {
    state: 'quiet',
    today: '2026-01-07',
    because: 'holiday',
    holiday: 'US holiday (Martin Luther King Jr. Day)',
  },
  { state: 'partial' },
  { state: 'stale', today: '2026-01-07', overdueDay: '2026-01-07' },
  { state: 'broken' },
];

/** Returns lists with long names, spread evenly over the states. */
export function listConditions(count: number): Digest['listConditions'] {
  return new Map(
    Array.from({ length: count }, (_, index) => [
      `arxiv/cs.${'L'.repeat(80)}${'M'.repeat(index)}`,
      CONDITIONS[index % CONDITIONS.length] ?? { state: 'fresh' },
    ]),
  );
}
