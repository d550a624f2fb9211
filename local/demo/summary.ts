import type { OutcomeCounts } from '../../shared/domain/delivery.ts';
import { addDays, type Day } from '../../shared/domain/time.ts';
import type { NamedItem } from '../../shared/pipeline/ingest.ts';

/** What a cycle did. */
export interface DemoSummary {
  readonly itemsRead: number;
  readonly itemsRejected: number;
  /** The rejected items by name, at most 100 of them. */
  readonly rejections: readonly NamedItem[];
  /** Distinct papers. */
  readonly papersIngested: number;
  /** Digests that came due. */
  readonly due: number;
  readonly sent: number;
  readonly skipped: Readonly<Record<string, number>>;
  readonly failed: number;
  /** Digests of which nobody knows whether they were sent: SES's answer was lost, or a claim was never settled. */
  readonly uncertain: number;
  readonly outbox: string;
  /** What could not be read from the source, in words. */
  readonly problems: readonly string[];
}

type DemoTotals = Pick<DemoSummary, 'sent' | 'skipped' | 'failed' | 'uncertain'>;

/** How many digests ended how; skipped ones by reason: `{ sent: 2, skipped: { 'nothing-new': 1 }, … }`. */
export function toTotals(counts: OutcomeCounts): DemoTotals {
  const skipped = Object.entries(counts).filter(([name]) => name.startsWith('skipped:'));
  return {
    sent: counts.sent ?? 0,
    skipped: Object.fromEntries(skipped.map(([name, count = 0]) => [name.slice('skipped:'.length), count])),
    failed: counts.failed ?? 0,
    uncertain: (counts.uncertain ?? 0) + (counts.claimed ?? 0),
  };
}

/** Digests that came due and ended in none of the four ways. */
function countUnaccounted({ due, sent, skipped, failed, uncertain }: DemoSummary): number {
  const skippedCount = Object.values(skipped).reduce((sum, count) => sum + count, 0);
  return Math.max(0, due - sent - skippedCount - failed - uncertain);
}

/** What keeps a cycle from being a success, a sentence each; none for one that read everything and ended every digest. */
export function findFaults(summary: DemoSummary): readonly string[] {
  const unaccounted = countUnaccounted(summary);
  return [
    ...summary.problems.map((problem) => `Problem: ${problem}`),
    ...(unaccounted > 0
      ? [`Unaccounted: ${unaccounted} of ${summary.due} digests due ended in no known way`]
      : []),
  ];
}

function toRejectionLines({ itemsRejected, rejections }: DemoSummary): readonly string[] {
  const unnamed = itemsRejected - rejections.length;
  return [
    ...rejections.map(({ asked, item, reason }) => `Rejected: ${asked}: ${item}: ${reason}`),
    ...(unnamed > 0 ? [`Rejected: ${unnamed} more`] : []),
  ];
}

/** A summary as lines for the terminal; `isVerbose` adds a line for each rejected item. */
export function toTable(date: Day, summary: DemoSummary, isVerbose = false): string {
  const skipped = Object.entries(summary.skipped).map(
    ([reason, count]) => [`skipped: ${reason}`, count] as const,
  );
  const rows: readonly (readonly [string, number])[] = [
    ['items read', summary.itemsRead],
    ['items rejected', summary.itemsRejected],
    ['papers ingested', summary.papersIngested],
    ['digests due', summary.due],
    ['sent', summary.sent],
    ...(skipped.length > 0 ? skipped : [['skipped', 0] as const]),
    ['failed', summary.failed],
    ['uncertain', summary.uncertain],
  ];
  const width = Math.max(...rows.map(([name]) => name.length));
  return [
    `Lists up to ${date}, digests at ${addDays(date, 1)} 08:00 UTC`,
    '',
    ...rows.map(([name, count]) => `  ${name.padEnd(width)}  ${String(count).padStart(4)}`),
    '',
    ...(isVerbose ? toRejectionLines(summary) : []),
    ...findFaults(summary),
    `Mails written to ${summary.outbox}`,
  ].join('\n');
}
