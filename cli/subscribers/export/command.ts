import type { Command } from '@commander-js/extra-typings';
import { addDeploymentCommand, exitCodes, type Registration } from '../../command.ts';

/** Declares `broadsheet subscribers export`. */
export function registerExport(subscribers: Command, registration: Registration): void {
  addDeploymentCommand(subscribers, 'export')
    .summary('write all subscribers as CSV')
    .description(
      `Writes all subscribers as CSV, whatever their status, with their consent. The file can be read by you alone. Without a file it
writes to the standard output. "import" takes the result in again.`,
    )
    .argument('[file.csv]', 'the file to write')
    .option('--force', 'write over a file that exists')
    .addHelpText('after', exitCodes({ 1: 'a profile could not be read and was left out' }))
    .action(
      registration.run(async (path, options) => {
        const { runExport } = await import('./run-export.ts');
        return runExport({ path, ...options }, registration);
      }),
    );
}
