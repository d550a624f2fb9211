import { parseArgs } from 'node:util';
import { InvalidInputError } from '../../shared/domain/errors.ts';

/** What `npm start` was told. */
export interface StartOptions {
  /** The port of the pages; 0 takes any free one. */
  readonly port: number;
  /** Where everything is kept. */
  readonly folder: string;
  /** Whether what was kept is thrown away first. */
  readonly isFresh: boolean;
  /** Whether the bundled sample is taken without asking whether the real lists can be reached. */
  readonly isSample: boolean;
  readonly isHelp: boolean;
}

export const START_USAGE = `npm start -- [--port <port>] [--fresh] [--sample] [--folder <folder>]

Runs the whole of Broadsheet on this machine and shows it in the browser. No mail leaves the machine.

  --port <port>      where the pages are served (default 4310; 0 takes any free port)
  --fresh            forgets all papers, subscribers and mails first
  --sample           takes the bundled sample instead of the real lists
  --folder <folder>  where everything is kept (default .broadsheet/state)

BROADSHEET_HF_URL reads the lists from another place than https://huggingface.co/api/daily_papers.`;

/**
 * Reads the arguments of `npm start`.
 *
 * @throws InvalidInputError for an argument that is not known or has a wrong value
 */
export function parseStartOptions(args: readonly string[]): StartOptions {
  const values = parse(args);
  const port = Number(values.port);
  if (!Number.isInteger(port) || port < 0 || port > 65_535 || values.port.trim() === '') {
    throw new InvalidInputError(`--port is "${values.port}"; expected a number from 0 to 65535`);
  }
  return {
    port,
    folder: values.folder,
    isFresh: values.fresh,
    isSample: values.sample,
    isHelp: values.help,
  };
}

function parse(args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      options: {
        port: { type: 'string', default: '4310' },
        folder: { type: 'string', default: '.broadsheet/state' },
        fresh: { type: 'boolean', default: false },
        sample: { type: 'boolean', default: false },
        help: { type: 'boolean', short: 'h', default: false },
      },
    }).values;
  } catch (error) {
    const said = error instanceof Error ? error.message : String(error);
    throw new InvalidInputError(`${said}\n\n${START_USAGE}`, { cause: error });
  }
}
