import { SettingsError } from '../../infra/settings/parse-settings.ts';
import { UnreadableItemError } from '../../shared/adapters/dynamodb/stored-item.ts';
import { InvalidInputError } from '../../shared/domain/errors.ts';
import { KeysError } from '../../shared/keys.ts';
import { CommandError } from './command-error.ts';
import { explainAwsError } from './explain-aws-error.ts';

/** Where a command speaks, and how it is told to stop. */
export interface CommandContext {
  /** Takes a line, or several, of the result. */
  readonly print: (text: string) => void;
  /** Fires when whoever waits for it has had enough. */
  readonly signal: AbortSignal;
}

/** What a command could not do, and says so, rather than what went wrong in it. */
const EXIT_NOT_POSSIBLE = 2;

/**
 * Runs a command and returns its exit code: the command's own, or 2 where its arguments are wrong, nobody is signed in or
 * nothing is deployed, which `printError` is then told of.
 *
 * @throws whatever nobody foresaw
 */
export async function runCommand(
  command: () => Promise<number>,
  printError: (text: string) => void,
): Promise<number> {
  try {
    return await command();
  } catch (error) {
    const message = messageOf(error);
    if (message === undefined) throw error;
    printError(message);
    return EXIT_NOT_POSSIBLE;
  }
}

function messageOf(error: unknown): string | undefined {
  const isExpected = [CommandError, SettingsError, InvalidInputError, KeysError, UnreadableItemError].some(
    (kind) => error instanceof kind,
  );
  return error instanceof Error && isExpected ? error.message : explainAwsError(error);
}
