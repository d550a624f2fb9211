import { InvalidInputError } from '../../shared/domain/errors.ts';
import { add } from './add-command.ts';
import type { SubscribersContext } from './context.ts';
import { exportCommand } from './export/export-command.ts';
import { importCommand } from './import/import-command.ts';

type Subcommand = (args: readonly string[], context: SubscribersContext) => Promise<number>;

/** What can be done with subscribers. */
const subcommands: ReadonlyMap<string, Subcommand> = new Map([
  ['add', add],
  ['import', importCommand],
  ['export', exportCommand],
]);

const USAGE = `npm run subscribers -- <command> …

  add     adds a confirmed subscriber to a deployment
  import  takes in the people of a CSV file, of this or another tool
  export  writes all subscribers as CSV

npm run subscribers -- <command> --help tells the rest.`;

/**
 * Runs the subcommand that the first argument names, and returns its exit code.
 *
 * @throws InvalidInputError where there is none of this name
 */
export async function subscribers(
  [name, ...args]: readonly string[],
  context: SubscribersContext,
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
