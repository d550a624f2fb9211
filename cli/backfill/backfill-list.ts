import { nameOfList } from '../../shared/domain/lists/lists.ts';
import { type BackFill, type BackFillPorts, backFill } from '../../shared/pipeline/back-fill.ts';
import { toCountText } from '../../shared/presentation/wording.ts';
import type { Source } from '../../shared/sources/source.ts';
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

export interface BackfillOptions extends BackFill {
  /** Whether `--yes` was given. */
  readonly isYes: boolean;
  /** Whether the result is one JSON object. */
  readonly isJson: boolean;
}

/**
 * Reads a list again from a day on, and saves what is new. Asks first. Returns the exit code.
 *
 * @throws CommandError for a list without past days; without a terminal and `--yes`
 */
export async function backFillList(
  ports: BackFillPorts,
  { backFill: fetchAgain, ...source }: Source,
  { list, from, isYes, isJson }: BackfillOptions,
  context: Pick<CommandContext, 'print' | 'printError' | 'terminal' | 'input' | 'onInterrupt'>,
): Promise<number> {
  const { print, printError, terminal } = context;
  if (!fetchAgain)
    throw new CommandError(`${nameOfList(list)} has only its newest papers. There is nothing to read again.`);
  if (!(await confirm(`Read ${nameOfList(list)} again since ${from}?`, isYes, context))) return EXIT_NOT_DONE;

  const interruption = context.onInterrupt();
  const progress = createProgress(terminal, { verb: 'Read', unit: 'records' });
  try {
    const summary = await whileChanging(() =>
      backFill(
        ports,
        { ...source, backFill: fetchAgain },
        { list, from },
        ({ itemsRead }) => progress.advance(itemsRead),
        interruption,
      ),
    );
    progress.stop();
    const { itemsRead, itemsRejected, created, updated, problems, failedDays, areOthersRead, isDone } =
      summary;
    if (isJson) {
      print(JSON.stringify({ list, from, ...summary, isInterrupted: interruption.aborted }));
    } else {
      const rejected = itemsRejected > 0 ? ` ${toCountText(itemsRejected, 'record')} could not be read.` : '';
      print(
        `Read ${toCountText(itemsRead, 'record')}: ${toCountText(created, 'new paper')}, ${updated.toLocaleString('en')} changed.${rejected}`,
      );
    }
    if (isDone) return EXIT_OK;
    if (interruption.aborted) {
      printError('Stopped. Run the same command again for the rest.');
      return EXIT_INTERRUPTED;
    }
    for (const problem of problems) printError(problem);
    if (failedDays.length > 0)
      printError(`${toCountText(failedDays.length, 'day')} could not be read: ${failedDays.join(', ')}.`);
    printError(
      areOthersRead
        ? 'All other days were read. Run the same command again to try the failed ones again.'
        : 'Not finished. Run the same command again for the rest.',
    );
    return EXIT_TROUBLE;
  } finally {
    progress.stop();
  }
}
