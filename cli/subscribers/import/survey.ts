import type { Subscriber } from '../../../shared/domain/subscriber.ts';
import { CommandError } from '../../deployment/command-error.ts';
import type { CsvFile } from '../csv/csv-file.ts';
import { readRecords } from '../csv/records.ts';
import { type Columns, findColumns, toRow } from './columns.ts';
import { findEnding } from './read-row.ts';
import { type Ending, mostTelling } from './status.ts';

/** What a file holds, known before anything is done with it. */
export interface Survey {
  readonly columns: Columns;
  /** How many rows it has, besides the one that names the columns. */
  readonly rows: number;
  /** Who left, by any of their rows: no other row of theirs brings them back. */
  readonly endings: ReadonlyMap<Subscriber['id'], Ending>;
}

/**
 * Reads a file from end to end, and keeps no more of it than who left.
 *
 * @throws CommandError where it is empty, or has no column of addresses, or when it is interrupted
 */
export async function surveyFile(file: CsvFile, idKey: string, interruption: AbortSignal): Promise<Survey> {
  const endings = new Map<Subscriber['id'], Ending>();
  let columns: Columns | undefined;
  let rows = 0;
  for await (const record of readRecords(file.read())) {
    if (!columns) {
      if (record.fault !== undefined)
        throw new CommandError(`${file.name}, line ${record.line}: ${record.fault}`);
      columns = findColumns(record.cells, file.name);
      continue;
    }
    rows += 1;
    if (interruption.aborted)
      throw new CommandError(`${file.name} was being read, and nothing was imported yet: import it again`);
    const ended = findEnding(columns, toRow(columns, record), idKey);
    if (ended) endings.set(ended.id, mostTelling(ended.ending, endings.get(ended.id) ?? ended.ending));
  }
  if (!columns) throw new CommandError(`${file.name} is empty: expected a first line that names the columns`);
  return { columns, rows, endings };
}
