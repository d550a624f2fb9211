import { type Outcome, outcomes, type RowResult } from './import-subscribers.ts';

/** How many rows ended how. */
export type Counts = Readonly<Record<Outcome, number>>;

const MEANINGS: Readonly<Record<Outcome, string>> = {
  added: 'their consent is in the file: they get digests',
  asked: 'a mail asks them to confirm',
  kept: 'left, or never confirmed: they get nothing',
  known: 'left as they are, whatever the file says',
  waiting: 'to be asked by another run (--ask-at-most)',
  repeated: 'in another line of the file',
  refused: 'not understood, see above',
};

/** No row yet. */
export const noRows = Object.fromEntries(outcomes.map((outcome) => [outcome, 0])) as Counts;

/** One row more. */
export function countRow(counts: Counts, { outcome }: RowResult): Counts {
  return { ...counts, [outcome]: counts[outcome] + 1 };
}

/** What should be known of one row; undefined where it went well. */
export function toLine({ line, outcome, reason }: RowResult): string | undefined {
  return reason === undefined ? undefined : `line ${line}, ${outcome}: ${reason}`;
}

/** How many rows ended how, and what that means. */
export function toSummary(title: string, counts: Counts): string {
  const rows = outcomes.reduce((sum, outcome) => sum + counts[outcome], 0);
  const width = Math.max(...outcomes.map((outcome) => String(counts[outcome]).length));
  const lines = outcomes.map((outcome) => {
    const count = String(counts[outcome]).padStart(width);
    return `  ${outcome.padEnd(8)}  ${count}${counts[outcome] > 0 ? `  ${MEANINGS[outcome]}` : ''}`;
  });
  return [`${title}: ${rows} ${rows === 1 ? 'row' : 'rows'}`, ...lines].join('\n');
}
