import type { ChangeCause, Subscriber } from '../../../shared/domain/subscriber.ts';
import type { Instant } from '../../../shared/domain/time.ts';
import type { CsvFile } from '../csv/csv-file.ts';
import { readRecords } from '../csv/read-records.ts';
import { toRow } from './columns.ts';
import { type RowContext, readRow } from './rows.ts';
import type { Survey } from './survey.ts';

/** What to do with a row, before it is known who is a subscriber already. */
export type Plan = { readonly line: number } & (
  | { readonly kind: 'refused'; readonly reason: string }
  /** Another row of the file stands for them. */
  | { readonly kind: 'repeated'; readonly reason: string }
  | {
      readonly kind: 'save' | 'ask';
      readonly subscriber: Subscriber;
      /** What changes the status of a known subscriber, if the row says that they left. */
      readonly cause: ChangeCause;
      /** When they left, if the row says when. */
      readonly leftAt?: Instant | undefined;
      readonly note?: string | undefined;
    }
);

/**
 * Says what to do with each row of a file, in order. The first row of an address counts; if any row says that they left, that one
 * counts. Memory holds the id and line of each row, some 140 bytes.
 *
 * @param fromLine rows of earlier lines are read, because later ones may repeat them, and nothing else is done with them
 */
export async function* planRows(
  file: CsvFile,
  { columns, endings }: Survey,
  context: RowContext,
  fromLine = 0,
): AsyncGenerator<Plan> {
  const lines = new Map<Subscriber['id'], number>();
  let isHeader = true;
  for await (const record of readRecords(file.read())) {
    if (isHeader) {
      isHeader = false;
      continue;
    }
    const { line } = record;
    const reading = readRow(columns, toRow(columns, record), context);
    const plan: Plan =
      reading.fault === undefined
        ? planReading(line, reading, lines, endings)
        : { line, kind: 'refused', reason: reading.fault };
    if (line >= fromLine) yield plan;
  }
}

function planReading(
  line: number,
  { subscriber, isAsked, ...known }: Extract<ReturnType<typeof readRow>, { readonly isAsked: boolean }>,
  lines: Map<Subscriber['id'], number>,
  endings: Survey['endings'],
): Plan {
  const { id, address, status } = subscriber;
  const ending = endings.get(id);
  const first = lines.get(id);
  if (first !== undefined)
    return { line, kind: 'repeated', reason: `${address} is in line ${first} already` };
  if (ending !== undefined && ending !== status)
    return { line, kind: 'repeated', reason: `${address} is ${ending} by another line, which counts` };
  lines.set(id, line);
  return { line, kind: isAsked ? 'ask' : 'save', subscriber, ...known };
}
