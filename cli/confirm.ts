import { createInterface } from 'node:readline/promises';
import type { CommandContext } from './command.ts';
import { CommandError } from './deployment/command-error.ts';
import type { Target } from './deployment/open-deployment.ts';

/** Says where a command is about to change something. Every command that changes something calls it first. */
export function announceTarget(
  { printError }: Pick<CommandContext, 'printError'>,
  { stage, account, region }: Target,
): void {
  printError(`Stage ${stage}, account ${account}, region ${region}`);
}

/**
 * Asks once whether to go on, and returns the answer. Anything but "y" and "yes" is a no.
 *
 * @param question a sentence like "Deploy these changes to prod?"
 * @param isYes whether `--yes` was given, which answers the question
 * @throws CommandError without a terminal and without `--yes`
 */
export async function confirm(
  question: string,
  isYes: boolean,
  { input, terminal, printError }: Pick<CommandContext, 'input' | 'terminal' | 'printError'>,
): Promise<boolean> {
  if (isYes) return true;
  if (!input.isTTY || !terminal.isTTY)
    throw new CommandError(
      `Nothing was changed, because there is no terminal to ask on: "${question}" Add --yes to go on without the question.`,
    );
  const lines = createInterface({ input, output: terminal });
  try {
    const answer = await lines.question(`${question} (y/N) `);
    const isConfirmed = /^y(es)?$/i.test(answer.trim());
    if (!isConfirmed) printError('Nothing was changed.');
    return isConfirmed;
  } finally {
    lines.close();
  }
}
