import { createInterface } from 'node:readline/promises';
import type { CommandContext } from './command.ts';
import { CommandError, InterruptedError } from './deployment/errors.ts';
import type { Target } from './deployment/find-deployment.ts';

/** Prints where a command is about to change something. Every command that changes something calls it first. */
export function announceTarget(
  { printError }: Pick<CommandContext, 'printError'>,
  { stage, account, region }: Target,
): void {
  printError(`Stage ${stage}, account ${account}, region ${region}`);
}

type Asking = Pick<CommandContext, 'input' | 'terminal' | 'printError'>;

/**
 * Checks that a question can be asked. A command that works long before it asks calls this first.
 *
 * @throws CommandError without a terminal and without `--yes`
 */
export function checkQuestion(
  question: string,
  isYes: boolean,
  { input, terminal }: Pick<Asking, 'input' | 'terminal'>,
): void {
  if (isYes || (input.isTTY && terminal.isTTY)) return;
  throw new CommandError(
    `Nothing was changed, because there is no terminal to ask on: "${question}" Add --yes to go on without the question.`,
  );
}

/**
 * Asks once whether to go on, and returns the answer. Anything but "y" and "yes" is a no.
 *
 * @param question a sentence like "Deploy this to stage prod?"
 * @param isYes whether `--yes` was given, which answers the question
 * @throws CommandError without a terminal and without `--yes`; InterruptedError for Ctrl-C and Ctrl-D
 */
export async function confirm(question: string, isYes: boolean, asking: Asking): Promise<boolean> {
  checkQuestion(question, isYes, asking);
  if (isYes) return true;
  const lines = createInterface({ input: asking.input, output: asking.terminal });
  try {
    const answer = await new Promise<string | undefined>((resolve, reject) => {
      // Ctrl-D closes the input, and the question would stay open for ever. An answer just before the end still counts.
      lines.once('close', () => setImmediate(resolve, undefined));
      lines
        .question(`${question} (y/N) `)
        .then(resolve, (error: Error) => (error.name === 'AbortError' ? resolve(undefined) : reject(error)));
    });
    if (answer === undefined) {
      // The cursor is still on the line of the question.
      asking.terminal.write('\n');
      throw new InterruptedError('Nothing was changed.');
    }
    const isConfirmed = /^y(es)?$/i.test(answer.trim());
    if (!isConfirmed) asking.printError('Nothing was changed.');
    return isConfirmed;
  } finally {
    lines.close();
  }
}
