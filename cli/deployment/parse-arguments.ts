import { type ParseArgsConfig, parseArgs } from 'node:util';
import { InvalidInputError } from '../../shared/domain/errors.ts';

/**
 * Reads the arguments of a command.
 *
 * @throws InvalidInputError for an argument that is not known or lacks its value
 */
export function parseArguments<Config extends ParseArgsConfig>(config: Config) {
  try {
    return parseArgs(config);
  } catch (error) {
    throw new InvalidInputError(`${whatIsWrong(error)}; --help tells what there is`, { cause: error });
  }
}

/** What Node says of an argument, without its advice on dashes, which rarely fits. */
function whatIsWrong(error: unknown): string {
  const said = error instanceof Error ? error.message : String(error);
  return said.replace(/\.\s+(To specify|Did you forget).*$/s, '');
}
