import { InvalidInputError } from '../../shared/domain/errors.ts';
import type { CommandContext } from '../deployment/run-command.ts';
import { add } from './add-command.ts';

type Subcommand = (args: readonly string[], context: Pick<CommandContext, 'print'>) => Promise<number>;

/** What can be done with subscribers. */
const subcommands: ReadonlyMap<string, Subcommand> = new Map([['add', add]]);

const USAGE = `npm run subscribers -- <command> …

  add  adds a confirmed subscriber to a deployment

npm run subscribers -- <command> --help tells the rest.`;

/**
 * Runs the subcommand that the first argument names, and returns its exit code.
 *
 * @throws InvalidInputError where there is none of this name
 */
export async function subscribers(
  [name, ...args]: readonly string[],
  context: Pick<CommandContext, 'print'>,
): Promise<number> {
  if (name === '--help' || name === '-h') {
    context.print(USAGE);
    return 0;
  }
  const subcommand = name === undefined ? undefined : subcommands.get(name);
  if (!subcommand)
    throw new InvalidInputError(
      `${name === undefined ? 'no command was given' : `there is no command "${name}"`}: expected ${[...subcommands.keys()].join(', ')}\n\n${USAGE}`,
    );
  return subcommand(args, context);
}
