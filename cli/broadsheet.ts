import { Command, CommanderError, Help } from '@commander-js/extra-typings';
import packageJson from '../package.json' with { type: 'json' };
import {
  type CommandContext,
  EXIT_INTERRUPTED,
  EXIT_NOT_DONE,
  EXIT_OK,
  EXIT_TROUBLE,
  isUnfinished,
  type Registration,
} from './command.ts';
import { registerCommands } from './commands.ts';
import { InterruptedError } from './deployment/errors.ts';

/**
 * Runs `broadsheet` and returns its exit code. An error becomes a sentence on the error output.
 *
 * @param args what follows `broadsheet` on the command line
 */
export async function runBroadsheet(args: readonly string[], given: CommandContext): Promise<number> {
  const context: CommandContext = {
    ...given,
    print: (text) => given.print(toPrintable(text)),
    printError: (text) => given.printError(toPrintable(text)),
  };
  let exitCode: number = EXIT_OK;
  const program = createProgram(
    {
      ...context,
      run:
        (work) =>
        async (...input) => {
          exitCode = await work(...input);
        },
    },
    args,
  );
  try {
    await program.parseAsync(withoutHelpOfUnknown(program, args), { from: 'user' });
    return exitCode;
  } catch (error) {
    // Commander has printed what was wrong with the usage by now. It calls help an error too, one of code 0.
    if (error instanceof CommanderError) return error.exitCode === EXIT_OK ? EXIT_OK : EXIT_NOT_DONE;
    if (error instanceof InterruptedError) {
      context.printError(error.message);
      return EXIT_INTERRUPTED;
    }
    const { explainError } = await import('./deployment/explain-error.ts');
    const expected = explainError(error);
    const isVerbose = args.includes('--verbose');
    if (isVerbose) context.printError(error instanceof Error ? String(error.stack) : String(error));
    if (expected !== undefined) {
      context.printError(nameSettings(expected, args));
      return isUnfinished(error) ? EXIT_TROUBLE : EXIT_NOT_DONE;
    }
    context.printError(
      `Unexpected error: ${String(error)}${isVerbose ? '' : '. Add --verbose for the details.'}`,
    );
    return EXIT_TROUBLE;
  }
}

/** Characters that command a terminal, or turn the direction of a line. Line breaks and tabs are none of them. */
const COMMANDS_OF_TERMINALS = /(?![\n\t])[\p{Cc}\u202a-\u202e\u2066-\u2069]/gu;

/** Returns a text whose control characters are escaped as in JSON. A stranger may have typed it, such as the query of a sign-up. */
export function toPrintable(text: string): string {
  return text.replace(
    COMMANDS_OF_TERMINALS,
    (sign) => `\\u${sign.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}

/** Puts the settings file of this run into advice such as "npx broadsheet deploy --settings <file>". */
function nameSettings(advice: string, args: readonly string[]): string {
  const file = args.find((arg, index) => args[index - 1] === '--settings' || arg.startsWith('--settings='));
  return file === undefined
    ? advice
    : advice.replaceAll('--settings <file>', `--settings ${file.replace(/^--settings=/, '')}`);
}

function createProgram(registration: Registration, args: readonly string[]): Command {
  const program: Command = new Command('broadsheet')
    .description('Deploys and runs Broadsheet.')
    .usage('<command> [options]')
    .version(packageJson.version, '--version', 'print the version')
    .helpOption('-h, --help', 'show help')
    .helpCommand('help [command]', 'show help for a command')
    .exitOverride()
    .showHelpAfterError('Add --help to see what is expected.')
    .configureHelp({
      // The list of "subscribers" has narrow summaries.
      minWidthToWrap: 20,
      commandDescription: (command) => joinLines(command.description()),
      subcommandTerm: (command) =>
        command.commands.length > 0 ? `${command.name()} <command>` : new Help().subcommandTerm(command),
    })
    .configureOutput({
      getOutHelpWidth: () => registration.output.columns ?? 80,
      writeOut: (text) => registration.print(text.trimEnd()),
      writeErr: (text) => registration.printError(text.trimEnd()),
      outputError: (text, write) => write(toUsageError(text, program, args)),
    });
  registerCommands(program, registration);
  return program;
}

const HELP = ['help', '--help', '-h'];

/**
 * Returns what was typed. If it names a command that does not exist, leaves out the words for help. Otherwise Commander shows the help of
 * the group, and does not say that there is no such command.
 */
function withoutHelpOfUnknown(
  program: Pick<Command, 'commands'>,
  args: readonly string[],
): readonly string[] {
  const words = args.filter((arg) => !HELP.includes(arg));
  let { commands } = program;
  for (const word of words) {
    // The rest are options, or the arguments of a command.
    if (word.startsWith('-') || commands.length === 0) break;
    const found = commands.find((command) => command.name() === word);
    if (!found) return words;
    commands = found.commands;
  }
  return args;
}

/** `error: unknown option '-_7Qf3mZkPl0aTb2mD9rTcw'` */
const UNKNOWN_ID = /^error: unknown option '(?<id>-[\w-]{21})'/;

/** `error: too many arguments for 'status'. Expected 0 arguments but got 1.` */
const TOO_MANY_ARGUMENTS = /^error: too many arguments for '(?<command>[^']*)'\. Expected (?<most>\d+) /;

const UNKNOWN_COMMAND = /^error: unknown command '(?<name>[^']*)'$/m;

/**
 * Returns the words for wrong usage. Three slips that Commander does not know get a hint: `show` without `subscribers`, an id that
 * begins with `-`, and an option after `--`.
 *
 * @param args what was typed
 */
function toUsageError(text: string, program: Pick<Command, 'commands'>, args: readonly string[]): string {
  const id = UNKNOWN_ID.exec(text)?.groups?.id;
  if (id !== undefined)
    return `'${id}' looks like an option. If it is an id, put -- before it, after all options: -- ${id}\n`;
  const isOptionLate = args.includes('--') && args.slice(args.indexOf('--')).includes('--settings');
  const surplus = TOO_MANY_ARGUMENTS.exec(text)?.groups;
  if (surplus && isOptionLate) {
    return 'Everything after -- is read as an argument. Put --settings and other options before it.\n';
  }
  if (surplus) {
    const most = surplus.most === '0' ? 'none' : `at most ${surplus.most}`;
    return `Too many arguments: '${surplus.command}' takes ${most}.\n`;
  }
  const name = UNKNOWN_COMMAND.exec(text)?.groups?.name;
  const parent = program.commands.find(({ commands }) => commands.some((command) => command.name() === name));
  if (parent) return `Unknown command '${name}'\n(Did you mean ${parent.name()} ${name}?)\n`;
  return text.replace(/^error: (.)/, (_, first) => first.toUpperCase());
}

/** Joins the lines of each paragraph, so that help wraps them to the terminal. Blank and indented lines stay. */
function joinLines(text: string): string {
  return text.replace(/(?<=\S)\n(?=\S)/g, ' ');
}

/** Runs `broadsheet` in this process, and ends it with the exit code. */
export async function main(): Promise<void> {
  // Until 2027 the SDK warns on every start with Node 20; the locked one runs on it.
  process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED = 'true';
  // A reader of the output, such as head, may close it early.
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code === 'EPIPE') process.exit();
    throw error;
  });
  process.exitCode = await runBroadsheet(process.argv.slice(2), {
    print: console.log,
    printError: console.error,
    output: process.stdout,
    terminal: process.stderr,
    input: process.stdin,
    onInterrupt,
  });
}

/** The first Ctrl-C fires the signal, and a second one ends the process. */
function onInterrupt(): AbortSignal {
  const interruption = new AbortController();
  for (const name of ['SIGINT', 'SIGTERM'] as const) process.once(name, () => interruption.abort());
  return interruption.signal;
}
