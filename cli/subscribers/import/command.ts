import { type Command, Option } from '@commander-js/extra-typings';
import { endings } from '../../../shared/domain/subscriber.ts';
import { addDeploymentCommand, EXIT_INTERRUPTED, exitCodes, type Registration } from '../../command.ts';

/** Declares `broadsheet subscribers import`. */
export function registerImport(subscribers: Command, registration: Registration): void {
  addDeploymentCommand(subscribers, 'import')
    .summary('import the people of a CSV file')
    .description(
      `Imports the people of a CSV file: one of "export", listmonk, Mailchimp, Keila or Ghost. The first line names the columns. One
of addresses is enough. Each row has one outcome:

  added     the row proves their consent: they get digests
  asked     the row does not: one mail asks them to confirm
  ended     a subscriber who left elsewhere: they get nothing more
  kept      unknown here, and left elsewhere: they get nothing
  known     a subscriber already: they stay as they are
  waiting   beyond --ask-at-most: another run may ask them
  repeated  another row of the same address counts
  refused   not understood: the report has the line and the reason

A row proves a consent if it says when and from where it was given, as the rows of "export" do. No row brings back somebody who
left.

First the command lists the columns that it reads, and those that it does not. It imports nobody if a column that it does not
read seems to say who left. You can import the same file again, and no row is done twice. What the file does not say comes from
defaults in the settings, all lists, and UTC.`,
    )
    .argument('<file.csv>', 'the file, in UTF-8 or UTF-16')
    .addOption(new Option('--as <status>', 'everybody in the file left, in this way').choices(endings))
    .option('--address-column <name>', 'the column of addresses, if its name is not known')
    .addOption(
      new Option(
        '--ignore-column <name>',
        'a column that speaks of leaving, and does not say who left; repeat it for several',
      ).argParser((name: string, names: readonly string[] | undefined) => [...(names ?? []), name]),
    )
    .addOption(
      new Option(
        '--dates <order>',
        'what comes first in dates such as 03/04/2018 (default: what the file shows)',
      ).choices(['day-first', 'month-first'] as const),
    )
    .option(
      '--consent <text>',
      'what these people agreed to elsewhere, if the file has no text of its own: it is kept with their consent',
    )
    .option('--ask-at-most <number>', 'ask no more than so many: run it again for the others')
    .option('--from-line <number>', 'go on at this line, after a run that was stopped')
    .option('--dry-run', 'change nothing, and print the same report')
    .addHelpText(
      'after',
      exitCodes({
        0: 'every row was imported',
        1: 'rows were refused, or the import failed on the way: it prints the command that goes on',
        [EXIT_INTERRUPTED]:
          'stopped by Ctrl-C or SIGTERM, after the rows in hand: it prints the command that goes on',
      }),
    )
    .action(
      registration.run(async (path, options) => {
        const { runImport } = await import('./run-import.ts');
        return runImport({ path, ...options }, registration);
      }),
    );
}
