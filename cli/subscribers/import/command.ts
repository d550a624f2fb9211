import { type Command, Option } from '@commander-js/extra-typings';
import type { Ending } from '../../../shared/domain/subscribers/subscriber.ts';
import { addDeploymentCommand, EXIT_INTERRUPTED, exitCodes, type Registration } from '../../command.ts';

/** A type, because the list of the domain would load its schemas for the help. */
const ENDINGS: Readonly<Record<Ending, true>> = { unsubscribed: true, bounced: true, complained: true };

/** Declares `broadsheet subscribers import`. */
export function registerImport(subscribers: Command, registration: Registration): void {
  addDeploymentCommand(subscribers, 'import')
    .summary('import the people of a CSV file')
    .description(
      `Imports the people of a CSV file: one of "export", listmonk, Mailchimp, Keila or Ghost. The first line
names the columns. Only the column of addresses must be there. Each row has one outcome:

  added     the row proves their consent, so they get digests
  asked     the row has no proof, so one mail asks them to confirm
  ended     a subscriber who left the other tool gets nothing more
  inactive  unknown here, and left or never confirmed: they get nothing
  known     already signed up here, or left: they stay as they are
  waiting   another run asks them: more people than --ask-at-most, or
            another row has the same mailbox, such as ada+papers@…
  repeated  another row has the same address, and is used instead
  refused   not understood: the report has the line and the reason

A row proves a consent if it says when and from where it was given, as the rows of "export" do. Such a row also confirms a sign-up
that waits to be confirmed. No row makes a person who left a subscriber again.

First the command lists the columns that it reads, and those that it does not. It imports nobody if the title of an
unknown column suggests that it says who left. You can import the same file again: no row takes effect twice. If the file has no
lists, cadence or hour, people get those of "defaults" in the settings. Without a time zone they get UTC.`,
    )
    .argument('<file.csv>', 'the file, in UTF-8 or UTF-16')
    .addOption(
      new Option('--as <status>', 'the status of everybody in the file, who all left').choices(
        Object.keys(ENDINGS) as readonly Ending[],
      ),
    )
    .option('--address-column <name>', 'the column of addresses, if the command does not know its name')
    .addOption(
      new Option(
        '--ignore-column <name>',
        'a column with a name about leaving that does not say who left; repeat it for several',
      ).argParser((name: string, names: readonly string[] | undefined) => [...(names ?? []), name]),
    )
    .addOption(
      new Option(
        '--dates <order>',
        'which number comes first in dates such as 03/04/2018 (default: what the file shows)',
      ).choices(['day-first', 'month-first'] as const),
    )
    .option(
      '--consent <text>',
      'the text that these people agreed to, if the file has none; it is stored with their consent',
    )
    .option('--ask-at-most <number>', 'the most people to ask; run the command again for the others')
    .option('--from-line <number>', 'continue at this line, after a run that stopped')
    .option('--dry-run', 'change nothing, and print the same report')
    .addHelpText(
      'after',
      exitCodes({
        0: 'every row was imported',
        1: 'rows were refused, or the import failed; then it prints the command that continues',
        [EXIT_INTERRUPTED]:
          'stopped by Ctrl-C or SIGTERM after the rows in flight; it prints the command that continues',
      }),
    )
    .action(
      registration.run(async (path, options) => {
        const { runImport } = await import('./run-import.ts');
        return runImport({ path, ...options }, registration);
      }),
    );
}
