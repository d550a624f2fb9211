import { type Command, Option } from '@commander-js/extra-typings';
import {
  addDeploymentCommand,
  EXIT_INTERRUPTED,
  exitCodes,
  type Registration,
  yesOption,
} from '../command.ts';
import { registerByHand } from './by-hand/command.ts';
import { registerExport } from './export/command.ts';
import { registerImport } from './import/command.ts';

/** Declares `broadsheet subscribers` and all that it can do. */
export function registerSubscribers(program: Command, registration: Registration): void {
  const subscribers: Command = program
    .command('subscribers')
    .summary('find, add, change, import and export subscribers')
    .description('Works with the subscribers of a deployment.')
    .usage('<command> [options]');
  registerAdd(subscribers, registration);
  registerByHand(subscribers, registration);
  registerImport(subscribers, registration);
  registerExport(subscribers, registration);
  registerApplyRetention(subscribers, registration);
}

function registerAdd(subscribers: Command, registration: Registration): void {
  addDeploymentCommand(subscribers, 'add')
    .summary('add a confirmed subscriber')
    .description(
      `Adds a confirmed subscriber. Only for somebody who asked you for it: the record of the consent says that you vouch for it. No
mail asks them to confirm.`,
    )
    .argument('<address>', 'the address of the subscriber')
    .option('--time-zone <zone>', 'time zone of their hour, such as Europe/Berlin (default: UTC)')
    .option('--hour <hour>', 'hour of delivery, 0 to 23 (default: defaults.hour of the settings)')
    .option(
      '--cadence <cadence>',
      'instant, daily, weekly or monthly (default: defaults.cadence of the settings)',
    )
    .addOption(
      new Option('--list <list>', 'a list to follow; repeat it for several (default: all)').argParser(
        (list: string, lists: readonly string[] | undefined) => [...(lists ?? []), list],
      ),
    )
    .option('--query <query>', 'words and "phrases" that papers must have (default: every paper)')
    .option('--despite-leaving', 'add somebody who left and whose profile is erased, too')
    .option('--dry-run', 'check everything, and add nobody')
    .addHelpText('after', exitCodes())
    .action(
      registration.run(async (address, options) => {
        const { runAdd } = await import('./add.ts');
        return runAdd({ address, ...options }, registration);
      }),
    );
}

function registerApplyRetention(subscribers: Command, registration: Registration): void {
  addDeploymentCommand(subscribers, 'apply-retention')
    .summary('set when the profiles of people who left are erased')
    .description(
      `Sets for everybody who has left when their profile is erased: leftRetentionDays of the settings after they left. The functions
do the same for whoever leaves from now on. Run it once after an upgrade from a version without this setting, and whenever the
setting changes. It reads the whole table, says how many left, asks once, and writes the profile of each.`,
    )
    .option('--dry-run', 'count them, and change nothing')
    .addOption(yesOption())
    .addHelpText(
      'after',
      exitCodes({
        1: 'a profile was left out: it could not be read, or others kept saving it',
        [EXIT_INTERRUPTED]: 'stopped by Ctrl-C',
      }),
    )
    .action(
      registration.run(async (options) => {
        const { runApplyRetention } = await import('./apply-retention.ts');
        return runApplyRetention(options, registration);
      }),
    );
}
