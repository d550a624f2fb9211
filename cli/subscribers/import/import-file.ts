import type { CommandContext } from '../../command.ts';
import { createProgress } from '../../progress.ts';
import type { CsvFile } from '../csv/csv-file.ts';
import { type ImportLimits, type ImportPorts, importSubscribers } from './import-subscribers.ts';
import { planRows } from './plan-rows.ts';
import type { ImportContext } from './reading.ts';
import { countRow, noRows, toLine, toSummary } from './report.ts';
import { surveyFile } from './survey.ts';

/** As a shell reports a process that Ctrl-C ended. */
const EXIT_INTERRUPTED = 130;

/**
 * Imports a file, tells of every row that did not go well as it comes and of how many ended how, and returns the exit code: 1
 * where rows were refused, 130 where it was interrupted. What stops it is thrown on, once it was told how far it came.
 */
export async function importFile(
  ports: ImportPorts,
  file: CsvFile,
  { limits, ...known }: Omit<ImportContext, 'fileName'> & { readonly limits: ImportLimits },
  { print, terminal, onInterrupt }: Pick<CommandContext, 'print' | 'terminal' | 'onInterrupt'>,
): Promise<number> {
  const context = { ...known, fileName: file.name };
  const interruption = onInterrupt();
  const survey = await surveyFile(file, context.idKey, interruption);
  const bar = createProgress(terminal, { verb: 'Imported', unit: 'rows', total: survey.rows });
  let counts = noRows;
  let isDone = false;
  try {
    for await (const result of importSubscribers(ports, planRows(file, survey, context), limits)) {
      counts = countRow(counts, result);
      const line = toLine(result);
      if (line !== undefined) {
        bar.clear();
        print(line);
      }
      bar.advance();
      if (interruption.aborted) break;
    }
    isDone = !interruption.aborted;
  } finally {
    bar.stop();
    const how = limits.isDryRun ? ', a dry run that changed nothing' : '';
    const end = isDone ? '' : `, stopped before all ${survey.rows}: import it again, and it goes on`;
    print(toSummary(`${file.name}${how}${end}`, counts));
  }
  if (!isDone) return EXIT_INTERRUPTED;
  return counts.refused > 0 ? 1 : 0;
}
