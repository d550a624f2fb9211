import {
  type CommandContext,
  EXIT_INTERRUPTED,
  EXIT_OK,
  EXIT_TROUBLE,
  whileChanging,
} from '../../command.ts';
import { CommandError } from '../../deployment/errors.ts';
import { createProgress } from '../../progress.ts';
import type { CsvFile } from '../csv/csv-file.ts';
import type { ColumnChoice } from './columns.ts';
import {
  type ImportLimits,
  type ImportPorts,
  importSubscribers,
  type Outcome,
  outcomes,
} from './import-subscribers.ts';
import { planRows } from './plan-rows.ts';
import type { RowContext } from './rows.ts';
import { describeFile, refuseUnreadLeavers, surveyFile } from './survey.ts';

/** How a file is imported. */
export interface ImportOptions extends Omit<RowContext, 'fileName'>, ColumnChoice {
  readonly limits: ImportLimits;
  /** The first line whose row is imported: an earlier run did the others. @default - all rows */
  readonly fromLine?: number | undefined;
  /** The command that goes on from a line, and asks so many people at most. */
  readonly toResumeCommand: (fromLine: number, maxAsked: number) => string;
}

const MEANINGS: Readonly<Record<Outcome, string>> = {
  added: 'the file has their consent: they get digests',
  asked: 'a mail asks them to confirm',
  ended: 'were subscribers here and left elsewhere: they get nothing more',
  kept: 'left, or never confirmed: they get nothing',
  known: 'are subscribers already, or have left here: they stay as they are',
  waiting: 'another run may ask them (--ask-at-most)',
  repeated: 'another line of the file counts for them',
  refused: 'not understood, see above',
};

/**
 * Imports a file and returns the exit code: 1 if rows were refused, 130 if it was interrupted. It says what it reads of the file
 * before it does anything, then each row that did not go well, and how many ended how.
 *
 * @throws CommandError if the file cannot be imported as it is; whatever stops the import, after the summary
 */
export async function importFile(
  ports: ImportPorts,
  file: CsvFile,
  { limits, fromLine, toResumeCommand, ...options }: ImportOptions,
  { print, terminal, onInterrupt }: Pick<CommandContext, 'print' | 'terminal' | 'onInterrupt'>,
): Promise<number> {
  const interruption = onInterrupt();
  const survey = await surveyFile(file, options, options, interruption);
  print(describeFile(file.name, survey).join('\n'));
  refuseUnreadLeavers(file.name, survey, options);
  if (fromLine !== undefined && fromLine > survey.lastLine)
    throw new CommandError(
      `--from-line is ${fromLine}, and the last row of ${file.name} is in line ${survey.lastLine}: nothing is left to import`,
    );

  const context: RowContext = {
    ...options,
    fileName: file.name,
    dateOrder: options.dateOrder ?? survey.dateOrder,
  };
  const plans = planRows(file, survey, context, fromLine);
  const bar = createProgress(terminal, { verb: 'Imported', unit: 'rows', total: survey.rows });
  const counts = Object.fromEntries(outcomes.map((outcome) => [outcome, 0])) as Record<Outcome, number>;
  let doneTo = (fromLine ?? 1) - 1;
  const importAll = async () => {
    for await (const { line, outcome, reason } of importSubscribers(ports, plans, limits, interruption)) {
      counts[outcome] += 1;
      doneTo = line;
      if (reason !== undefined) {
        bar.clear();
        print(`line ${line}, ${outcome}: ${reason}`);
      }
      bar.advance();
    }
  };
  try {
    await (limits.isDryRun ? importAll() : whileChanging(importAll));
  } finally {
    bar.stop();
    const isDone = doneTo >= survey.lastLine;
    const resume = isDone ? '' : toResumeCommand(Math.max(doneTo + 1, 2), limits.maxAsked - counts.asked);
    print(toSummary(file.name, limits, counts, resume));
  }
  if (doneTo < survey.lastLine) return EXIT_INTERRUPTED;
  return counts.refused > 0 ? EXIT_TROUBLE : EXIT_OK;
}

/** How many rows ended how, what that means, and how to go on. */
function toSummary(
  fileName: string,
  { isDryRun }: ImportLimits,
  counts: Readonly<Record<Outcome, number>>,
  resume: string,
): string {
  const rows = outcomes.reduce((sum, outcome) => sum + counts[outcome], 0);
  const width = Math.max(...outcomes.map((outcome) => String(counts[outcome]).length));
  const title = [
    fileName,
    ...(isDryRun ? ['a dry run that changed nothing'] : []),
    ...(resume === '' ? [] : ['stopped before its end']),
  ].join(', ');
  return [
    `${title}: ${rows} ${rows === 1 ? 'row' : 'rows'}`,
    ...outcomes.map((outcome) => {
      const meaning = counts[outcome] > 0 ? `  ${MEANINGS[outcome]}` : '';
      return `  ${outcome.padEnd(8)}  ${String(counts[outcome]).padStart(width)}${meaning}`;
    }),
    ...(resume === '' ? [] : ['To go on with the unchanged file:', `  ${resume}`]),
  ].join('\n');
}
