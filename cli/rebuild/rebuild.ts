import { toCountText } from '../../shared/presentation/wording.ts';
import {
  type CommandContext,
  EXIT_INTERRUPTED,
  EXIT_NOT_DONE,
  EXIT_OK,
  EXIT_TROUBLE,
  whileChanging,
} from '../command.ts';
import { confirm } from '../confirm.ts';
import { createProgress } from '../progress.ts';

/** Copies of papers that are written again from the papers in the table. */
export interface Copies<Copy> {
  /** `snapshot` */
  readonly noun: string;
  /** In the order in which they are written. */
  readonly all: readonly Copy[];
  readonly nameOf: (copy: Copy) => string;
  /** Names all of them: `hf-daily from 2026-01-04 to 2026-01-05`. */
  readonly title: string;
  readonly question: string;
  /** Writes one again. It is `overtaken` if ingest writes it at the same time. */
  readonly write: (copy: Copy, interruption: AbortSignal) => Promise<'written' | 'overtaken' | 'interrupted'>;
  /** What was asked for, as the JSON result repeats it. */
  readonly asked: object;
}

export interface RebuildOptions {
  /** Whether `--yes` was given. */
  readonly isYes: boolean;
  /** Whether the result is one JSON object. */
  readonly isJson: boolean;
}

export type RebuildContext = Pick<
  CommandContext,
  'print' | 'printError' | 'terminal' | 'input' | 'onInterrupt'
>;

/**
 * Asks, writes each copy again, whether or not there is one, and returns the exit code.
 *
 * @throws CommandError without a terminal and `--yes`
 */
export async function rebuildAll<Copy>(
  { noun, all, nameOf, title, question, write, asked }: Copies<Copy>,
  { isYes, isJson }: RebuildOptions,
  context: RebuildContext,
): Promise<number> {
  const { print, printError, terminal } = context;
  printError(`Found ${toCountText(all.length, noun)}: ${title}.`);
  if (!(await confirm(question, isYes, context))) return EXIT_NOT_DONE;

  const interruption = context.onInterrupt();
  const progress = createProgress(terminal, { verb: 'Wrote', unit: `${noun}s`, total: all.length });
  const failed: string[] = [];
  let written = 0;
  try {
    await whileChanging(async () => {
      for (const copy of all) {
        if (interruption.aborted) break;
        const result = await write(copy, interruption);
        if (result === 'interrupted') break;
        if (result === 'written') written += 1;
        else {
          failed.push(nameOf(copy));
          progress.clear();
          printError(`left out: ingest was writing ${nameOf(copy)} at the same time`);
        }
        progress.advance();
      }
    });
  } finally {
    progress.stop();
  }
  const isInterrupted = interruption.aborted;
  if (isJson) print(JSON.stringify({ ...asked, written, failed, isInterrupted }));
  else if (!isInterrupted) print(`Wrote ${toCountText(written, noun)}.`);
  if (isInterrupted) {
    printError(`Stopped after ${toCountText(written, noun)}. Run the command again for the rest.`);
    return EXIT_INTERRUPTED;
  }
  return failed.length > 0 ? EXIT_TROUBLE : EXIT_OK;
}
