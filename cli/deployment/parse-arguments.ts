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
    throw new InvalidInputError(error instanceof Error ? error.message : String(error), { cause: error });
  }
}
