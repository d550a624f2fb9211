import type { ChangeCause, Subscriber } from '../../../shared/domain/subscribers/subscriber.ts';
import type { Instant } from '../../../shared/domain/time/time.ts';
import { toMailboxId } from '../../../shared/subscribers/subscriber-id.ts';
import { type CsvFile, readRecords } from '../csv.ts';
import { toRow } from './columns.ts';
import { type RowContext, readRow } from './rows.ts';
import type { Survey } from './survey.ts';

/** What to do with a row, before the table is asked who is already a subscriber. */
export type Plan = { readonly line: number } & (
  | { readonly kind: 'refused'; readonly reason: string }
  /** Another row of the file has the same address and counts. */
  | { readonly kind: 'repeated'; readonly reason: string }
  | {
      readonly kind: 'save' | 'ask';
      readonly subscriber: Subscriber;
      /** What changes the status of a known subscriber, if the row says that they left. */
      readonly cause: ChangeCause;
      /** When they left, if the row says when. */
      readonly leftAt?: Instant | undefined;
      readonly note?: string | undefined;
      /** The mailbox of a row that asks. */
      readonly mailbox?: string;
      /** The last {@link MAX_EARLIER} rows before it with the same mailbox that ask to confirm. A mailbox gets one such mail a day. */
      readonly sameMailbox?: readonly EarlierRow[];
    }
);

/** A row before another one, and the person in it. */
export interface EarlierRow {
  readonly line: number;
  readonly id: Subscriber['id'];
}

/** How many earlier rows of a mailbox are looked at. With more, a mailbox of many tags would take a read for each pair of them. */
const MAX_EARLIER = 3;

/** What planning remembers of the rows before. */
interface Memory {
  readonly lines: Map<Subscriber['id'], number>;
  /** The last {@link MAX_EARLIER} people that rows ask to confirm, by mailbox. */
  readonly askedIn: Map<string, readonly Subscriber['id'][]>;
}

/**
 * Yields what to do with each row of a file, in order. The first row of an address counts. If any row says that they left, that
 * row counts instead. Memory holds the id and line of each row, and the mailbox of each person to ask, about 210 bytes.
 *
 * @param fromLine the first line to plan. Earlier rows are only read, because later ones may repeat them
 */
export async function* planRows(
  file: CsvFile,
  survey: Survey,
  context: RowContext,
  fromLine = 0,
): AsyncGenerator<Plan> {
  const memory: Memory = { lines: new Map(), askedIn: new Map() };
  let isHeader = true;
  for await (const record of readRecords(file.read())) {
    if (isHeader) {
      isHeader = false;
      continue;
    }
    const { line } = record;
    const reading = readRow(survey.columns, toRow(survey.columns, record), context);
    const plan: Plan =
      reading.fault === undefined
        ? planReading(line, reading, memory, survey, context)
        : { line, kind: 'refused', reason: reading.fault };
    if (line >= fromLine) yield plan;
  }
}

function planReading(
  line: number,
  { subscriber, isAsked, ...known }: Extract<ReturnType<typeof readRow>, { readonly isAsked: boolean }>,
  { lines, askedIn }: Memory,
  { endings }: Pick<Survey, 'endings'>,
  { idKey }: Pick<RowContext, 'idKey'>,
): Plan {
  const { id, address, status } = subscriber;
  const ending = endings.get(id);
  const first = lines.get(id);
  if (first !== undefined) return { line, kind: 'repeated', reason: `line ${first} already has ${address}` };
  if (ending !== undefined && ending !== status)
    return {
      line,
      kind: 'repeated',
      reason: `another line says that ${address} is ${ending}, and that line counts`,
    };
  lines.set(id, line);
  if (!isAsked) return { line, kind: 'save', subscriber, ...known };
  const mailbox = toMailboxId(address, idKey);
  const earlier = askedIn.get(mailbox) ?? [];
  askedIn.set(mailbox, [...earlier, id].slice(-MAX_EARLIER));
  const sameMailbox = earlier.map((earlierId) => ({ line: lines.get(earlierId) ?? line, id: earlierId }));
  return { line, kind: 'ask', subscriber, ...known, mailbox, sameMailbox };
}
