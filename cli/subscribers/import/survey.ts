import { type Ending, endings, type Subscriber } from '../../../shared/domain/subscribers/subscriber.ts';
import { toCountText } from '../../../shared/presentation/wording.ts';
import { CommandError, InterruptedError } from '../../deployment/errors.ts';
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
import { isAboutJoining, readEnding, readYesOrNo, toPlain } from './words.ts';

/** The content of a file, known before anything changes. */
export interface Survey {
  readonly columns: Columns;
  /** The number of rows, without the one that names the columns. */
  readonly rows: number;
  /** The line on which the last row begins. 0 if there is none. */
  readonly lastLine: number;
  /** The people who left according to any row. Other rows of theirs do not count. */
  readonly endings: ReadonlyMap<Subscriber['id'], Ending>;
  /** The order of day and month that its dates show. Undefined if none shows it, or they contradict each other. */
  readonly dateOrder: DateOrder | undefined;
  /** The first cell of each unread column that may say that a person left. */
  readonly leavingCells: readonly { readonly name: string; readonly line: number; readonly cell: string }[];
  /** The number of lines with bytes that are not UTF-8, and the first few of them. */
  readonly wrongBytes: { readonly count: number; readonly firstLines: readonly number[] };
}

const LINES_NAMED = 5;

/**
 * Reads a file from end to end, and returns who left and what the operator should know before anything changes.
 *
 * @throws CommandError if the file is empty or has no column of addresses; InterruptedError after Ctrl-C
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
      throw new InterruptedError(
        `Stopped while reading ${file.name}. Nothing was imported: import it again.`,
      );
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
      if (cell !== '' && !leavingCells.has(at) && saysLeft(name, cell))
        leavingCells.set(at, { name, line, cell });
    }
  }
  if (!columns)
    throw new CommandError(`${file.name} is empty. Give a file with a first line that names the columns.`);
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

/** Whether a cell of an unread column may say that a person left: a word for leaving, or a "no" below `is_subscribed`. */
function saysLeft(name: string, cell: string): boolean {
  return readEnding(cell) !== undefined || (isAboutJoining(name) && readYesOrNo(cell) === false);
}

function headerOf(record: CsvRecord, fileName: string): readonly string[] {
  if (record.fault !== undefined) throw new CommandError(`${fileName}, line ${record.line}: ${record.fault}`);
  return record.cells;
}

/** Describes a file to the operator before anything changes. */
export function describeFile(
  fileName: string,
  { columns, rows, endings: left, wrongBytes }: Survey,
): readonly string[] {
  const listed = (names: readonly string[]) => (names.length === 0 ? 'none' : names.map(quote).join(', '));
  const unread = unreadColumns(columns).map(({ name }) => name);
  const read = columns.header.filter((_, at) => columns.names[at] !== undefined);
  const { count, firstLines } = wrongBytes;
  return [
    `${fileName} has ${toCountText(rows, 'row')}.`,
    `Columns that are read: ${listed(read)}`,
    `Columns that are not read: ${listed(unread)}`,
    ...describeLeavers([...left.values()]),
    ...(count === 0
      ? []
      : [
          `Not UTF-8: ${toCountText(count, 'row')} (line ${firstLines.join(', ')}${count > firstLines.length ? ', …' : ''}). The import refuses a row if it reads one of these cells. In Excel, save the file as "CSV UTF-8".`,
        ]),
    ...(isFromListmonk(columns)
      ? [
          'This looks like an export of listmonk. Its "status" belongs to the account: a person who left one list is still "enabled". First import the people who unsubscribed, with --as unsubscribed. See docs/readers.md, "People who left the other tool".',
        ]
      : []),
  ];
}

/** Says how many people left according to a file. Returns no sentence if there are none. */
function describeLeavers(left: readonly Ending[]): readonly string[] {
  if (left.length === 0) return [];
  const counts = endings
    .map((ending) => ({ ending, count: left.filter((reason) => reason === ending).length }))
    .flatMap(({ ending, count }) => (count === 0 ? [] : `${count.toLocaleString('en')} ${ending}`));
  return [
    `People who left, according to the file: ${left.length.toLocaleString('en')} (${counts.join(', ')}). Subscribers among them get nothing more.`,
  ];
}

const MOVE_ROWS = [
  'If such a column says who left, move their rows to a file of their own.',
  'Then import it with --as unsubscribed, bounced or complained.',
];

const RENAME_COLUMN = [
  'If such a column says who left, rename it in the file:',
  '  "Status" for words like "unsubscribed"',
  '  "Unsubscribed at", "Bounced at" or "Complained at" for times, yes or no',
  '  "Subscribed" if "no" means that a person left',
];

/**
 * Refuses a file that may say who left in a column that is not read.
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
    ...named.map((name) => `${quote(name)} is not read, but its name is about leaving`),
    ...filled.map(
      ({ name, line, cell }) => `${quote(name)} is not read, but line ${line} has ${quote(cell)} there`,
    ),
  ];
  const options = [...named, ...filled.map(({ name }) => name)].map(
    (name) => `--ignore-column ${quote(name)}`,
  );
  throw new CommandError(
    [
      `${fileName} may say who left in a column that is not read. Nothing was imported.`,
      ...reasons.map((reason) => `  ${reason}`),
      ...(columns.isOwnExport ? MOVE_ROWS : RENAME_COLUMN),
      `If it does not, add ${options.join(' ')}`,
    ].join('\n'),
  );
}
