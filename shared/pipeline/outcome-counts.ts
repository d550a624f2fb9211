import type { Delivery } from '../domain/delivery.ts';
import type { MetricName } from '../observability.ts';
import type { OutcomeCounts, Telemetry } from '../ports.ts';

const METRICS: Readonly<Record<string, MetricName>> = {
  sent: 'DigestsSent',
  skipped: 'DigestsSkipped',
  failed: 'DigestsFailed',
  uncertain: 'DigestsUncertain',
};

/** How many digests ended how; skipped ones by reason: `{ sent: 48, 'skipped:nothing-new': 2 }`. */
export function countOutcomes(outcomes: readonly Delivery['outcome'][]): OutcomeCounts {
  const counts: Record<string, number> = {};
  for (const outcome of outcomes) {
    const name = outcome.state === 'skipped' ? `skipped:${outcome.reason}` : outcome.state;
    counts[name] = (counts[name] ?? 0) + 1;
  }
  return counts;
}

/** Sums counts of several batches. */
export function addCounts(all: readonly OutcomeCounts[]): OutcomeCounts {
  const sum: Record<string, number> = {};
  for (const [name, value = 0] of all.flatMap((counts) => Object.entries(counts))) {
    sum[name] = (sum[name] ?? 0) + value;
  }
  return sum;
}

/** Tells the metrics how the digests of a batch ended. */
export function reportOutcomes(telemetry: Telemetry, counts: OutcomeCounts): void {
  for (const [name, value = 0] of Object.entries(counts)) {
    const metric = METRICS[name.split(':')[0] ?? ''];
    if (metric) telemetry.count(metric, value);
  }
}
