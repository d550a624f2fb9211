import * as z from 'zod';
import { defaultListsOf, listsOf } from '../../../infra/settings/derived.ts';
import { loadSettings } from '../../../infra/settings/load-settings.ts';
import { systemClock } from '../../../shared/adapters/system-clock.ts';
import { InvalidInputError } from '../../../shared/domain/errors.ts';
import type { Ending } from '../../../shared/domain/subscribers/subscriber.ts';
import { IMPORT_GROUP } from '../../../shared/ports/queues.ts';
import { toCountText } from '../../../shared/presentation/wording.ts';
import {
  type CommandContext,
  EXIT_INTERRUPTED,
  EXIT_OK,
  EXIT_TROUBLE,
  whileChanging,
} from '../../command.ts';
import { CommandError } from '../../deployment/errors.ts';
import { createProgress } from '../../progress.ts';
import { type CsvFile, openCsvFile } from '../csv.ts';
import { openSubscribersAndQueue } from '../open-subscribers.ts';
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
import type { DateOrder } from './times.ts';

/** The arguments of `subscribers import`, as typed. */
export interface ImportArguments {
  readonly path: string;
  readonly settings: string;
  readonly as?: Ending;
  readonly addressColumn?: string;
  readonly ignoreColumn?: readonly string[];
  readonly dates?: DateOrder;
  readonly consent?: string;
  readonly askAtMost?: string;
  readonly fromLine?: string;
  readonly dryRun?: true;
  readonly verbose?: true;
}

/** Imports a CSV file into a deployment, prints the outcome of its rows, and returns the exit code. */
export async function runImport(given: ImportArguments, context: CommandContext): Promise<number> {
  const options = parseImportOptions(given);
  const settings = loadSettings(given.settings);
  const file = await openCsvFile(given.path);
  const announceOn = options.limits.isDryRun ? undefined : context;
  const ports = await openSubscribersAndQueue(settings, announceOn, IMPORT_GROUP);
  return importFile(
    ports,
    file,
    {
      ...options,
      defaults: settings.defaults,
      lists: listsOf(settings).map(({ id }) => id),
      defaultLists: defaultListsOf(settings),
      idKey: (await ports.keyring.load()).idKey,
      now: systemClock.now(),
      toResumeCommand: (fromLine, maxAsked) => toResumeCommand(given, fromLine, maxAsked),
    },
    context,
  );
}

const MAX_CONSENT_CHARS = 1_000;

const typedSchema = z.object({
  consent: z.string().trim().min(1, 'expected a text').max(MAX_CONSENT_CHARS).optional(),
  'ask-at-most': z
    .string()
    .regex(/^\d{1,9}$/, 'expected a number like 500')
    .transform(Number)
    .default(Number.POSITIVE_INFINITY),
  'from-line': z
    .string()
    .regex(/^[1-9]\d{0,8}$/, 'expected the number of a line, like 2101')
    .transform(Number)
    .optional(),
});

/**
 * Reads the options of `subscribers import`.
 *
 * @throws InvalidInputError for an invalid option, or for two that contradict each other
 */
export function parseImportOptions(given: Omit<ImportArguments, 'path' | 'settings'>) {
  const { as, addressColumn, ignoreColumn = [], dates, consent, askAtMost, fromLine } = given;
  const typed = { consent, 'ask-at-most': askAtMost, 'from-line': fromLine };
  const parsed = typedSchema.safeParse(typed);
  if (!parsed.success) {
    const faults = parsed.error.issues.map(({ path: [name], message }) => {
      const value = typed[name as keyof typeof typed];
      return `--${String(name)} is ${JSON.stringify(value)}: ${message}`;
    });
    throw new InvalidInputError(faults.join('\n'));
  }
  const useless = (['consent', 'ask-at-most'] as const).find((name) => typed[name] !== undefined);
  if (as !== undefined && useless !== undefined)
    throw new InvalidInputError(
      `--${useless} has no effect with --as ${as}, which adds and asks nobody. Remove one of the two.`,
    );
  return {
    as,
    addressColumn,
    ignoredColumns: ignoreColumn,
    dateOrder: dates,
    consentText: parsed.data.consent,
    fromLine: parsed.data['from-line'],
    limits: { isDryRun: given.dryRun ?? false, maxAsked: parsed.data['ask-at-most'] },
  };
}

/** Returns the given command, changed to continue at a line and to ask `maxAsked` people at most. */
export function toResumeCommand(given: ImportArguments, fromLine: number, maxAsked: number): string {
  const optional = (name: string, value: string | undefined) => (value === undefined ? [] : [name, value]);
  const args = [
    ...[given.path, '--settings', given.settings],
    ...optional('--as', given.as),
    ...optional('--address-column', given.addressColumn),
    ...(given.ignoreColumn ?? []).flatMap((name) => ['--ignore-column', name]),
    ...optional('--dates', given.dates),
    ...optional('--consent', given.consent),
    ...optional('--ask-at-most', Number.isFinite(maxAsked) ? String(maxAsked) : undefined),
    ...(given.dryRun ? ['--dry-run'] : []),
    ...(given.verbose ? ['--verbose'] : []),
    ...['--from-line', String(fromLine)],
  ];
  return ['npx broadsheet subscribers import', ...args.map(quoteForShell)].join(' ');
}

function quoteForShell(arg: string): string {
  return /^[\w./:=@%+-]+$/.test(arg) ? arg : `'${arg.replaceAll("'", String.raw`'\''`)}'`;
}

/** How a file is imported. */
export interface ImportOptions extends Omit<RowContext, 'fileName'>, ColumnChoice {
  readonly limits: ImportLimits;
  /** The first line to import. An earlier run imported the lines before it. @default - all rows */
  readonly fromLine?: number | undefined;
  /** Returns the command that continues at a line, and asks `maxAsked` people at most. */
  readonly toResumeCommand: (fromLine: number, maxAsked: number) => string;
}

const MEANINGS: Readonly<Record<Outcome, string>> = {
  added: 'the file has their consent, so they get digests',
  asked: 'a mail asks them to confirm',
  ended: 'subscribers who left the other tool: they get nothing more',
  inactive: 'left, or never confirmed: they get nothing',
  known: 'already signed up here, or left before: they stay as they are',
  waiting: 'another run asks them: --ask-at-most, or the mailbox gets no mail now',
  repeated: 'another line of the file has the same address, and counts',
  refused: 'not understood: see the reasons above',
};

/**
 * Imports a file and returns the exit code: 1 if rows were refused, 130 after an interruption. It first prints which columns it
 * reads. Then it prints each row with a problem or a note, and the number of rows for each outcome.
 *
 * @throws CommandError if the file cannot be imported as it is; any error that stops the import, after the summary
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
      `--from-line is ${fromLine}, but the last row of ${file.name} is in line ${survey.lastLine}. Nothing is left to import.`,
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

/** Returns the number of rows for each outcome, what each means, and how to continue. */
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
    `${title}: ${toCountText(rows, 'row')}`,
    ...outcomes.map((outcome) => {
      const meaning = counts[outcome] > 0 ? `  ${MEANINGS[outcome]}` : '';
      return `  ${outcome.padEnd(8)}  ${String(counts[outcome]).padStart(width)}${meaning}`;
    }),
    ...(resume === '' ? [] : ['To continue, leave the file unchanged and run:', `  ${resume}`]),
  ].join('\n');
}
