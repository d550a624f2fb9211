import type { ListId } from '../../shared/domain/lists.ts';
import { type Month, previousMonth } from '../../shared/domain/time.ts';
import { type WriteSegmentPorts, writeSegment } from '../../shared/pipeline/archive/write-segment.ts';
import {
  type CommandContext,
  EXIT_INTERRUPTED,
  EXIT_NOT_DONE,
  EXIT_OK,
  EXIT_TROUBLE,
  whileChanging,
} from '../command.ts';
import { confirm } from '../confirm.ts';
import { CommandError } from '../deployment/errors.ts';
import { createProgress } from '../progress.ts';

export interface RebuildMonthsOptions {
  readonly lists: readonly ListId[];
  readonly first: Month;
  readonly last: Month;
  /** The newest month that can be archived. */
  readonly closed: Month;
  /** Whether `--yes` was given. */
  readonly isYes: boolean;
  /** Whether the result is one JSON object. */
  readonly isJson: boolean;
}

/** More months are a typing error. */
const MAX_MONTHS = 500;

/**
 * Writes each month of the archive again from its papers in the table, the newest first, whether or not there is one. Asks first. Returns
 * the exit code.
 *
 * @throws CommandError for months in the wrong order, or that have not ended; without a terminal and `--yes`
 */
export async function rebuildMonths(
  ports: WriteSegmentPorts,
  { lists, first, last, closed, isYes, isJson }: RebuildMonthsOptions,
  context: Pick<CommandContext, 'print' | 'printError' | 'terminal' | 'input' | 'onInterrupt'>,
): Promise<number> {
  const { print, printError, terminal } = context;
  if (first > last)
    throw new CommandError(`--from ${first} is after --to ${last}. Name the earlier month first.`);
  if (last > closed)
    throw new CommandError(`${last} cannot be archived yet. The newest month that can be is ${closed}.`);
  const months: Month[] = [];
  for (let month = last; month >= first && months.length <= MAX_MONTHS; month = previousMonth(month))
    months.push(month);
  if (months.length > MAX_MONTHS)
    throw new CommandError(`${first} to ${last} are more than ${MAX_MONTHS} months. Name fewer.`);

  printError(`Found ${toText(months.length)}: ${first} to ${last}.`);
  if (!(await confirm('Write the archive of these months again?', isYes, context))) return EXIT_NOT_DONE;

  const interruption = context.onInterrupt();
  const progress = createProgress(terminal, { verb: 'Wrote', unit: 'months', total: months.length });
  const failed: Month[] = [];
  let written = 0;
  let papers = 0;
  try {
    await whileChanging(async () => {
      for (const month of months) {
        if (interruption.aborted) break;
        const count = await rebuildMonth(ports, lists, month, interruption);
        if (count === 'overtaken') failed.push(month);
        if (count === 'interrupted') break;
        progress.advance();
        if (typeof count !== 'number') continue;
        written += 1;
        papers += count;
      }
    });
  } finally {
    progress.stop();
  }
  for (const month of failed) printError(`left out: ingest was writing ${month} at the same time`);
  const isInterrupted = interruption.aborted;
  if (isJson) print(JSON.stringify({ first, last, written, papers, failed, isInterrupted }));
  else if (!isInterrupted) print(`Wrote ${toText(written)} with ${papers.toLocaleString('en')} papers.`);
  if (isInterrupted) {
    printError(`Stopped after ${toText(written)}. Run the command again for the rest.`);
    return EXIT_INTERRUPTED;
  }
  return failed.length > 0 ? EXIT_TROUBLE : EXIT_OK;
}

/** Writes the segments of a month from the first one on. Returns how many papers they have. */
async function rebuildMonth(
  ports: WriteSegmentPorts,
  lists: readonly ListId[],
  month: Month,
  interruption: AbortSignal,
): Promise<number | 'overtaken' | 'interrupted'> {
  const found = (await ports.archive.loadMonths()).find((one) => one.month === month);
  let known: Parameters<typeof writeSegment>[3] =
    found?.kind === 'month' ? { ...found, inWriting: undefined } : found;
  let papers = 0;
  for (;;) {
    if (interruption.aborted) return 'interrupted';
    const done = await writeSegment(ports, lists, month, known);
    if (!done) return 'overtaken';
    papers += done.papers;
    known = done.saved;
    if (!done.saved.inWriting) return papers;
  }
}

function toText(count: number): string {
  return `${count.toLocaleString('en')} ${count === 1 ? 'month' : 'months'}`;
}
