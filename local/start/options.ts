import { parseArgs } from 'node:util';
import { InvalidInputError } from '../../shared/domain/errors.ts';
import { toListing } from '../../shared/presentation/wording.ts';

/** The options of `npm start`. */
export interface StartOptions {
  /** The port of the pages. 0 takes any free port. */
  readonly port: number;
  /** The folder for all data. */
  readonly folder: string;
  /** Whether to delete all data first. */
  readonly isFresh: boolean;
  /** Whether to use the bundled sample without probing the real lists. */
  readonly isSample: boolean;
  /** Whether to put the dead letters of the last run back on their queues. */
  readonly isRedriving: boolean;
  readonly isHelp: boolean;
}

export const START_USAGE = `npm start -- [--port <port>] [--fresh] [--sample] [--redrive] [--folder <folder>]

Runs all of Broadsheet on this machine, with its pages in a browser. No mail leaves the machine.

  --port <port>      serve the pages on this port (default 4310; 0 takes any free port)
  --fresh            delete all papers, subscribers and mails first
  --sample           use the bundled samples instead of the real lists
  --redrive          try dead letters again: messages of the last run that failed five times
  --folder <folder>  store all data in this folder, new or empty at the first start (default .broadsheet/state)

Reads Hugging Face Daily Papers, and cs.CL, cs.LG and cs.CV of arXiv. Uses the bundled sample of each that cannot be reached.

Set BROADSHEET_HF_URL to read another address than https://huggingface.co/api/daily_papers, and BROADSHEET_ARXIV_URL to read another
address than the hosts of arXiv.`;

/**
 * Reads the arguments of `npm start`.
 *
 * @param env the environment. In it, npm names the options that it took for its own.
 * @throws InvalidInputError for an unknown argument or a wrong value, or if npm took an option
 */
export function parseStartOptions(
  args: readonly string[],
  env: Readonly<Record<string, string | undefined>> = {},
): StartOptions {
  refuseTakenOptions('npm start', OPTIONS, args, env);
  const values = parse(args);
  const port = Number(values.port);
  if (!Number.isInteger(port) || port < 0 || port > 65_535 || values.port.trim() === '') {
    throw toOptionError(`--port is "${values.port}"; expected a number from 0 to 65535`);
  }
  return {
    port,
    folder: values.folder,
    isFresh: values.fresh,
    isSample: values.sample,
    isRedriving: values.redrive,
    isHelp: values.help,
  };
}

/**
 * Refuses options of a command, such as `npm start`, that npm took for its own. One that the command got as well comes from `.npmrc`.
 *
 * @throws InvalidInputError with the whole command to type instead
 */
export function refuseTakenOptions(
  command: string,
  options: Readonly<Record<string, { readonly type: 'string' | 'boolean' }>>,
  args: readonly string[],
  env: Readonly<Record<string, string | undefined>>,
): void {
  const taken = Object.entries(options).flatMap(([name, { type }]) => {
    const value = env[`npm_config_${name}`];
    const isGiven = args.some((arg) => arg === `--${name}` || arg.startsWith(`--${name}=`));
    if (value === undefined || isGiven) return [];
    if (type === 'boolean') return { option: `--${name}`, isWhole: true };
    // Of `--port=4400` npm takes the value too. That of `--port 4400` is the next argument.
    return value === 'true'
      ? { option: `--${name}`, isWhole: false }
      : { option: `--${name} ${value}`, isWhole: true };
  });
  if (taken.length === 0) return;
  const whole = taken.filter(({ isWhole }) => isWhole).map(({ option }) => option);
  const open = taken.filter(({ isWhole }) => !isWhole).map(({ option }) => option);
  // With two values, it is unclear which option has which.
  const rest = open.length > 1 ? open.map((option) => `${option} <${option.slice(2)}>`) : [...open, ...args];
  throw new InvalidInputError(
    `npm took ${toListing(taken.map(({ option }) => option.split(' ')[0] ?? ''))} for ${taken.length > 1 ? 'options' : 'an option'} of its own. Write "--" before the options: ${[`${command} --`, ...whole, ...rest].join(' ')}`,
  );
}

const OPTIONS = {
  port: { type: 'string', default: '4310' },
  folder: { type: 'string', default: '.broadsheet/state' },
  fresh: { type: 'boolean', default: false },
  sample: { type: 'boolean', default: false },
  redrive: { type: 'boolean', default: false },
  help: { type: 'boolean', short: 'h', default: false },
} as const;

function parse(args: readonly string[]) {
  try {
    return parseArgs({ args: [...args], options: OPTIONS }).values;
  } catch (error) {
    throw toOptionError(error instanceof Error ? error.message : String(error), error);
  }
}

function toOptionError(said: string, cause?: unknown): InvalidInputError {
  return new InvalidInputError(`${said}\n\n"npm start -- --help" shows the options.`, { cause });
}
