import type { Command } from '@commander-js/extra-typings';
import { addDeploymentCommand, EXIT_INTERRUPTED, exitCodes, type Registration } from '../../command.ts';

/** Declares `broadsheet subscribers import`. */
export function registerImport(subscribers: Command, registration: Registration): void {
  addDeploymentCommand(subscribers, 'import')
    .summary('import the people of a CSV file')
    .description(
      `Imports the people of a CSV file: one of "export", listmonk, Mailchimp, Keila or Ghost. The first line names the columns. One
of addresses is enough. Each person is

  added   if the row says when and from where they confirmed, as the rows of "export" do
  asked   if it does not: one mail asks them to confirm, and until they do they get nothing else
  kept    as somebody who left, if it says unsubscribed, bounced, blocklisted and the like: they get nothing
  known   if they are a subscriber already: they are left as they are

A row that is not understood is printed with its line, and costs nobody else anything. You can import the same file again: it
goes on where it was stopped. What the file does not say comes from defaults in the settings, all lists, and UTC.`,
    )
    .argument('<file.csv>', 'the file')
    .option(
      '--consent <text>',
      'what these people agreed to elsewhere, if the file has no text of its own: it is kept with their consent',
    )
    .option('--ask-at-most <number>', 'ask no more than so many: run it again for the others')
    .option('--dry-run', 'change nothing, and print the same report')
    .addHelpText(
      'after',
      exitCodes({
        0: 'every row was imported',
        1: 'rows were refused',
        [EXIT_INTERRUPTED]: 'stopped by Ctrl-C',
      }),
    )
    .action(
      registration.run(async (path, options) => {
        const { runImport } = await import('./run-import.ts');
        return runImport({ path, ...options }, registration);
      }),
    );
}
