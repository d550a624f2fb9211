import { type AddHelpTextContext, type Command, Option } from '@commander-js/extra-typings';

/** What a command is given besides its arguments: where it speaks, asks and is interrupted. */
export interface CommandContext {
  /** Prints a line, or several, of the result. */
  readonly print: (text: string) => void;
  /** Prints a line beside the result, which stays free for a pipe. */
  readonly printError: (text: string) => void;
  /** Takes a result that is a file. */
  readonly output: Terminal;
  /** Where questions are asked and progress is shown. */
  readonly terminal: Terminal;
  /** Where answers come from. */
  readonly input: NodeJS.ReadableStream & { readonly isTTY?: boolean };
  /** Returns a signal that Ctrl-C fires, so that the command can end by itself. Until it is called, Ctrl-C ends the process. */
  readonly onInterrupt: () => AbortSignal;
}

/** A terminal, or the file or pipe in place of one. */
export type Terminal = NodeJS.WritableStream & { readonly isTTY?: boolean; readonly columns?: number };

/** What a registration is given: the context, and the way to hand back the exit code of an action. */
export interface Registration extends CommandContext {
  /** Makes an action of work that returns an exit code. */
  readonly run: <Input extends readonly unknown[]>(
    work: (...input: Input) => Promise<number>,
  ) => (...input: Input) => Promise<void>;
}

export const EXIT_OK = 0;
/** Something is wrong with what was looked at, or the work failed after it had begun. */
export const EXIT_TROUBLE = 1;
/** Nothing was done: the usage, the settings, the credentials or the deployment does not fit, or the answer to a question was no. */
export const EXIT_NOT_DONE = 2;
/** Ctrl-C, as a shell reports it. */
export const EXIT_INTERRUPTED = 130;

const unfinished = new WeakSet<object>();

/** Does work that changes things. If it fails, some of it may be done, and the command ends with 1. */
export async function whileChanging<Result>(work: () => Promise<Result>): Promise<Result> {
  return work().catch((error: unknown) => {
    if (typeof error === 'object' && error !== null) unfinished.add(error);
    throw error;
  });
}

/** Whether an error came while things were changed. */
export function isUnfinished(error: unknown): boolean {
  return typeof error === 'object' && error !== null && unfinished.has(error);
}

/** Adds a command that works on a deployment, with the options that all of them share. */
export function addDeploymentCommand(
  parent: Command,
  name: string,
  verbose = 'show the technical details of an error',
) {
  const settings = new Option(
    '--settings <file>',
    'settings of the deployment, such as prod.json (required)',
  ).makeOptionMandatory();
  // Mandatory only for the type. Commander would report a misspelt option as missing, so `requireSettings` checks it last.
  settings.mandatory = false;
  return parent
    .command(name)
    .addOption(settings)
    .option('--verbose', verbose)
    .hook('preAction', requireSettings);
}

/** Checks the settings before the command loads its SDKs, which takes seconds on a slow machine. */
async function requireSettings(
  _: unknown,
  command: { opts(): object; error(message: string): never },
): Promise<void> {
  const options = command.opts();
  if ('settings' in options) {
    const { loadSettings } = await import('../infra/settings/load-settings.ts');
    loadSettings(options.settings);
    return;
  }
  command.error(
    'error: there are no settings. Name the file of the deployment: --settings prod.json. If there is none yet, "npx broadsheet init" writes it.',
  );
}

/** `--json`, for a command with a result that programs read. */
export function jsonOption() {
  return new Option('--json', 'print the result as one JSON object');
}

/** `--yes`, for a command that changes something. */
export function yesOption() {
  return new Option('--yes', 'do not ask first; needed without a terminal');
}

/** Lists the exit codes of a command below its help, as wide as its options. Every command ends with 0, 1 or 2 besides its own. */
export function exitCodes(
  own: Readonly<Record<number, string>> = {},
): (context: AddHelpTextContext) => string {
  const all: Readonly<Record<number, string>> = {
    [EXIT_OK]: 'done',
    [EXIT_TROUBLE]: 'an error stopped it on the way',
    [EXIT_NOT_DONE]:
      'nothing was done: wrong usage or settings, no credentials, no deployment, or the answer was no',
    ...own,
  };
  return ({ command }) => {
    const help = command.createHelp();
    help.prepareContext({ helpWidth: command.configureOutput().getOutHelpWidth?.() ?? 80 });
    const lines = Object.entries(all).map(([code, meaning]) =>
      help.formatItem(code.padStart(3), 3, meaning, help),
    );
    return ['', 'Exit codes:', ...lines].join('\n');
  };
}
