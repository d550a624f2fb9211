import { ConflictError } from '../../shared/domain/errors.ts';
import { findList, type ListId } from '../../shared/domain/lists.ts';
import { type Day, daysFrom } from '../../shared/domain/time.ts';
import {
  loadKnown,
  type SaveSnapshotPorts,
  saveSnapshot,
} from '../../shared/pipeline/snapshots/save-snapshot.ts';
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

export interface RebuildOptions {
  readonly lists: readonly ListId[];
  readonly first: Day;
  readonly last: Day;
  /** Whether `--yes` was given. */
  readonly isYes: boolean;
  /** Whether the result is one JSON object. */
  readonly isJson: boolean;
}

/** More days are a typing error. */
const MAX_DAYS = 2_000;

/**
 * Writes the snapshot of each list-day again from its papers in the table, whether or not there is one. Asks first. Returns the exit code.
 *
 * @throws CommandError for an unknown list or days in the wrong order; without a terminal and `--yes`
 */
export async function rebuildSnapshots(
  ports: SaveSnapshotPorts,
  { lists, first, last, isYes, isJson }: RebuildOptions,
  context: Pick<CommandContext, 'print' | 'printError' | 'terminal' | 'input' | 'onInterrupt'>,
): Promise<number> {
  const { print, printError, terminal } = context;
  const unknown = lists.find((list) => !findList(list));
  if (unknown !== undefined) throw new CommandError(`"${unknown}" is not a list. Write it like "hf-daily".`);
  if (first > last)
    throw new CommandError(`--from ${first} is after --to ${last}. Name the earlier day first.`);
  const days = daysFrom(first, last);
  if (days.length > MAX_DAYS)
    throw new CommandError(`${first} to ${last} are ${days.length} days. Name ${MAX_DAYS} days at most.`);

  const listDays = lists.flatMap((list) => days.map((day) => ({ list, day })));
  printError(`Found ${toText(listDays.length)}: ${lists.join(', ')} from ${first} to ${last}.`);
  if (!(await confirm('Write these snapshots again?', isYes, context))) return EXIT_NOT_DONE;

  const interruption = context.onInterrupt();
  const progress = createProgress(terminal, { verb: 'Wrote', unit: 'snapshots', total: listDays.length });
  const failed: string[] = [];
  let written = 0;
  try {
    await whileChanging(async () => {
      for (const listDay of listDays) {
        if (interruption.aborted) break;
        const [known] = await loadKnown(ports.snapshots, listDay.list, listDay.day, listDay.day);
        try {
          await saveSnapshot(ports, listDay, known, true);
          written += 1;
        } catch (error) {
          if (!(error instanceof ConflictError)) throw error;
          failed.push(`${listDay.list} ${listDay.day}`);
          progress.clear();
          printError(`left out: ${error.message}`);
        }
        progress.advance();
      }
    });
  } finally {
    progress.stop();
  }
  if (isJson)
    print(JSON.stringify({ lists, first, last, written, failed, isInterrupted: interruption.aborted }));
  else if (!interruption.aborted) print(`Wrote ${toText(written)}.`);
  if (interruption.aborted) {
    printError(`Stopped after ${toText(written)}. Run the command again for the rest.`);
    return EXIT_INTERRUPTED;
  }
  return failed.length > 0 ? EXIT_TROUBLE : EXIT_OK;
}

function toText(count: number): string {
  return `${count.toLocaleString('en')} ${count === 1 ? 'snapshot' : 'snapshots'}`;
}
