import type { OutcomeCounts } from '../../shared/domain/digests/delivery.ts';
import { addDays, type Day } from '../../shared/domain/time/time.ts';
import type { NamedItem } from '../../shared/pipeline/ingest.ts';

/** The result of one cycle. */
export interface DemoSummary {
  readonly itemsRead: number;
  readonly itemsRejected: number;
  /** The first 100 rejected items. */
  readonly rejections: readonly NamedItem[];
  /** Recordings that were left out, or of which only a part was read. */
  readonly recordingsBroken: number;
  /** Distinct papers. */
  readonly papersIngested: number;
  /** Digests that were due. */
  readonly due: number;
  readonly sent: number;
  readonly skipped: Readonly<Record<string, number>>;
  readonly failed: number;
  /** Digests with an unknown send status: SES's answer was lost, or the worker died after it claimed the digest. */
  readonly uncertain: number;
  readonly outbox: string;
  /** What could not be read, of recordings or of a source. */
  readonly problems: readonly string[];
}

type DemoTotals = Pick<DemoSummary, 'sent' | 'skipped' | 'failed' | 'uncertain'>;

/** Counts digests by outcome, and skipped ones by reason: `{ sent: 2, skipped: { 'nothing-new': 1 }, … }`. */
export function toTotals(counts: OutcomeCounts): DemoTotals {
  const skipped = Object.entries(counts).filter(([name]) => name.startsWith('skipped:'));
  return {
    sent: counts.sent ?? 0,
    skipped: Object.fromEntries(skipped.map(([name, count = 0]) => [name.slice('skipped:'.length), count])),
    failed: counts.failed ?? 0,
    uncertain: (counts.uncertain ?? 0) + (counts.claimed ?? 0),
  };
}

/** Counts the due digests without an outcome. */
function countUnaccounted({ due, sent, skipped, failed, uncertain }: DemoSummary): number {
  const skippedCount = Object.values(skipped).reduce((sum, count) => sum + count, 0);
  return Math.max(0, due - sent - skippedCount - failed - uncertain);
}

/** Returns the faults of a cycle, one line each. Empty if everything was read and every due digest was sent or skipped. */
export function findFaults(summary: DemoSummary): readonly string[] {
  const toFault = (name: string, count: number, what: string) =>
    count > 0 ? [`${name}: ${count} of ${summary.due} digests due${what}`] : [];
  return [
    ...summary.problems.map((problem) => `Problem: ${problem}`),
    ...toFault('Failed', summary.failed, ''),
    ...toFault('Uncertain', summary.uncertain, ' may have been sent'),
    ...toFault('Unaccounted', countUnaccounted(summary), ' have no known outcome'),
  ];
}

function toRejectionLines({ itemsRejected, rejections }: DemoSummary): readonly string[] {
  const unnamed = itemsRejected - rejections.length;
  return [
    ...rejections.map(({ asked, item, reason }) => `Rejected: ${asked}: ${item}: ${reason}`),
    ...(unnamed > 0 ? [`Rejected: ${unnamed} more`] : []),
  ];
}

/** Returns a summary for the terminal. `isVerbose` adds a line for each rejected item. */
export function toTable(date: Day, summary: DemoSummary, isVerbose = false): string {
  const skipped = Object.entries(summary.skipped).map(
    ([reason, count]) => [`skipped: ${reason}`, count] as const,
  );
  const rows: readonly (readonly [string, number])[] = [
    ['items read', summary.itemsRead],
    ['items rejected', summary.itemsRejected],
    ...(summary.recordingsBroken > 0 ? [['recordings broken', summary.recordingsBroken] as const] : []),
    ['papers ingested', summary.papersIngested],
    ['digests due', summary.due],
    ['sent', summary.sent],
    ...(skipped.length > 0 ? skipped : [['skipped', 0] as const]),
    ['failed', summary.failed],
    ['uncertain', summary.uncertain],
  ];
  const width = Math.max(...rows.map(([name]) => name.length));
  return [
    `Lists up to ${date}, digests at ${addDays(date, 1)} 05:00 UTC`,
    '',
    ...rows.map(([name, count]) => `  ${name.padEnd(width)}  ${String(count).padStart(4)}`),
    '',
    ...(isVerbose ? toRejectionLines(summary) : []),
    ...findFaults(summary),
    summary.sent + summary.uncertain > 0 ? `Mails written to ${summary.outbox}` : 'No mail was written',
  ].join('\n');
}
