import { type Ending, endings, type Subscriber } from '../../../shared/domain/subscriber.ts';
import { CommandError } from '../../deployment/errors.ts';
import { type CsvFile, type CsvRecord, quote, REPLACEMENT, readRecords } from '../csv.ts';
import {
  type ColumnChoice,
  type Columns,
  findColumns,
  isFromListmonk,
  leavingColumns,
  timeCells,
  toRow,
  unreadColumns,
} from './columns.ts';
import { findEnding, type RowContext } from './rows.ts';
import { strongest } from './status.ts';
import { type DateOrder, dateOrderOf } from './times.ts';
import { readEnding, toPlain } from './words.ts';

/** What a file holds, known before anything is done with it. */
export interface Survey {
  readonly columns: Columns;
  /** How many rows it has, besides the one that names the columns. */
  readonly rows: number;
  /** On which line its last row begins; 0 if it has none. */
  readonly lastLine: number;
  /** Everybody whom any row calls somebody who left: no other row of theirs brings them back. */
  readonly endings: ReadonlyMap<Subscriber['id'], Ending>;
  /** The order of day and month that its dates show; undefined if none shows it, or they contradict each other. */
  readonly dateOrder: DateOrder | undefined;
  /** The first cell of each unread column that holds a word for leaving. */
  readonly leavingCells: readonly { readonly name: string; readonly line: number; readonly cell: string }[];
  /** How many lines have bytes that are not UTF-8, and the first of them. */
  readonly wrongBytes: { readonly count: number; readonly firstLines: readonly number[] };
}

const LINES_NAMED = 5;

/**
 * Reads a file from end to end. It keeps who left and what the operator should know before anything is done.
 *
 * @throws CommandError if the file is empty or has no column of addresses, or when it is interrupted
 */
export async function surveyFile(
  file: CsvFile,
  choice: ColumnChoice,
  context: Pick<RowContext, 'as' | 'idKey'>,
  interruption: AbortSignal,
): Promise<Survey> {
  const left = new Map<Subscriber['id'], Ending>();
  const orders = new Set<DateOrder>();
  const leavingCells = new Map<number, { name: string; line: number; cell: string }>();
  const firstLines: number[] = [];
  let columns: Columns | undefined;
  let unread: ReturnType<typeof unreadColumns> = [];
  let rows = 0;
  let lastLine = 0;
  let wrongLines = 0;

  for await (const record of readRecords(file.read())) {
    if (!columns) {
      columns = findColumns(headerOf(record, file.name), file.name, choice);
      unread = unreadColumns(columns);
      continue;
    }
    if (interruption.aborted)
      throw new CommandError(`${file.name} was being read, and nothing was imported yet: import it again`);
    rows += 1;
    lastLine = record.line;
    const ended = findEnding(columns, toRow(columns, record), context);
    if (ended) left.set(ended.id, strongest(ended.ending, left.get(ended.id) ?? ended.ending));
    if (record.fault !== undefined) continue;
    const { line, cells } = record;
    if (cells.some((cell) => cell.includes(REPLACEMENT))) {
      wrongLines += 1;
      if (firstLines.length < LINES_NAMED) firstLines.push(line);
    }
    for (const text of timeCells(columns, cells)) {
      const order = dateOrderOf(text);
      if (order) orders.add(order);
    }
    for (const { name, at } of unread) {
      const cell = cells[at] ?? '';
      if (cell !== '' && !leavingCells.has(at) && readEnding(cell))
        leavingCells.set(at, { name, line, cell });
    }
  }
  if (!columns) throw new CommandError(`${file.name} is empty: expected a first line that names the columns`);
  return {
    columns,
    rows,
    lastLine,
    endings: left,
    dateOrder: orders.size === 1 ? [...orders][0] : undefined,
    leavingCells: [...leavingCells.values()],
    wrongBytes: { count: wrongLines, firstLines },
  };
}

function headerOf(record: CsvRecord, fileName: string): readonly string[] {
  if (record.fault !== undefined) throw new CommandError(`${fileName}, line ${record.line}: ${record.fault}`);
  return record.cells;
}

/** What the operator should know of a file before anything is done with it, in sentences. */
export function describeFile(
  fileName: string,
  { columns, rows, endings: left, wrongBytes }: Survey,
): readonly string[] {
  const listed = (names: readonly string[]) => (names.length === 0 ? 'none' : names.map(quote).join(', '));
  const unread = unreadColumns(columns).map(({ name }) => name);
  const read = columns.header.filter((_, at) => columns.names[at] !== undefined);
  const { count, firstLines } = wrongBytes;
  return [
    `${fileName} has ${counted(rows, 'row')}.`,
    `Columns that are read: ${listed(read)}`,
    `Columns that are not read: ${listed(unread)}`,
    ...describeLeavers([...left.values()]),
    ...(count === 0
      ? []
      : [
          `Not UTF-8: ${counted(count, 'row')} (line ${firstLines.join(', ')}${count > firstLines.length ? ', …' : ''}). A row is refused if a cell that is read is wrong. In Excel, save the file as "CSV UTF-8".`,
        ]),
    ...(isFromListmonk(columns)
      ? [
          'This looks like an export of listmonk. Its "status" is that of the account: whoever left one list is still "enabled". Import the list\'s unsubscribed people first, with --as unsubscribed (see the runbook).',
        ]
      : []),
  ];
}

/** How many people left according to a file, in a sentence; no sentence if nobody did. */
function describeLeavers(left: readonly Ending[]): readonly string[] {
  if (left.length === 0) return [];
  const counts = endings
    .map((ending) => ({ ending, count: left.filter((one) => one === ending).length }))
    .flatMap(({ ending, count }) => (count === 0 ? [] : `${count.toLocaleString('en')} ${ending}`));
  const people = `${left.length.toLocaleString('en')} ${left.length === 1 ? 'person' : 'people'}`;
  return [
    `Say that they left: ${people} (${counts.join(', ')}). Those who are subscribers here get nothing more.`,
  ];
}

/**
 * Refuses a file that seems to say who left in a column that is not read.
 *
 * @throws CommandError that names each such column and what to do
 */
export function refuseUnreadLeavers(
  fileName: string,
  { columns, leavingCells }: Survey,
  choice: ColumnChoice,
): void {
  // Everybody in a file of leavers left.
  if (choice.as !== undefined) return;
  const ignored = new Set((choice.ignoredColumns ?? []).map(toPlain));
  const named = leavingColumns(columns, choice);
  const filled = leavingCells.filter(({ name }) => !ignored.has(toPlain(name)) && !named.includes(name));
  if (named.length === 0 && filled.length === 0) return;
  const reasons = [
    ...named.map((name) => `${quote(name)} is not read, and its name speaks of people who left`),
    ...filled.map(
      ({ name, line, cell }) => `${quote(name)} is not read, and line ${line} has ${quote(cell)} there`,
    ),
  ];
  const options = [...named, ...filled.map(({ name }) => name)].map(
    (name) => `--ignore-column ${quote(name)}`,
  );
  throw new CommandError(
    [
      `${fileName} may say who left in a column that is not read. Nothing was imported.`,
      ...reasons.map((reason) => `  ${reason}`),
      columns.isOwnExport
        ? 'If such a column says who left, move their rows to a file of their own, and import it with --as unsubscribed, bounced or complained.'
        : 'If such a column says who left, rename it in the file: to "Status" if it holds words like "unsubscribed", or to "Unsubscribed at", "Bounced at" or "Complained at" if it holds times, yes or no.',
      `If it does not, add ${options.join(' ')}`,
    ].join('\n'),
  );
}

function counted(count: number, noun: string): string {
  return `${count.toLocaleString('en')} ${noun}${count === 1 ? '' : 's'}`;
}
