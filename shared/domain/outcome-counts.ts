import type { Delivery, DeliveryState } from './delivery.ts';

/** How many digests ended in each way, skipped ones by reason: `{ sent: 48, 'skipped:nothing-new': 2 }`. */
export type OutcomeCounts = Readonly<Partial<Record<DeliveryState | `skipped:${string}`, number>>>;

/** Counts outcomes by state, skipped ones by reason. */
export function countOutcomes(outcomes: readonly Delivery['outcome'][]): OutcomeCounts {
  const counts: Record<string, number> = {};
  for (const outcome of outcomes) {
    const name = outcome.state === 'skipped' ? `skipped:${outcome.reason}` : outcome.state;
    counts[name] = (counts[name] ?? 0) + 1;
  }
  return counts;
}

/** Sums counts name by name. */
export function addCounts(
  all: readonly Readonly<Partial<Record<string, number>>>[],
): Readonly<Record<string, number>> {
  const sum: Record<string, number> = {};
  for (const [name, value = 0] of all.flatMap((counts) => Object.entries(counts))) {
    sum[name] = (sum[name] ?? 0) + value;
  }
  return sum;
}
