import { type Command, Option } from '@commander-js/extra-typings';
import {
  addDeploymentCommand,
  EXIT_INTERRUPTED,
  exitCodes,
  jsonOption,
  type Registration,
  yesOption,
} from '../command.ts';

const EXIT_CODES = exitCodes({
  1: 'ingest was writing some of them at the same time, or an error stopped it: run it again',
  [EXIT_INTERRUPTED]: 'stopped by Ctrl-C: run it again for the rest',
});

/** Declares the commands that write copies of papers again: the snapshots of lists, and the archive of months. */
export function registerRebuilds(program: Command, registration: Registration): void {
  registerSnapshots(program, registration);
  registerArchive(program, registration);
}

function registerSnapshots(program: Command, registration: Registration): void {
  const snapshots = program
    .command('snapshots')
    .summary('write the snapshots of lists again')
    .description('Works with the snapshots of lists, which digests and pages read in place of single papers.')
    .usage('<command> [options]');
  addDeploymentCommand(snapshots, 'rebuild')
    .summary('write the snapshots of some days again from the papers')
    .description(
      `Writes the snapshot of each list and day again, from the papers in the table. Ingest does so by itself for the last 35 days, some at each
run. You can stop it and run it again.`,
    )
    .addOption(
      new Option('--list <list>', 'a list, such as hf-daily; repeat it for several (default: all)').argParser(
        (list: string, lists: readonly string[] | undefined) => [...(lists ?? []), list],
      ),
    )
    .option('--from <day>', 'the first day, such as 2026-01-05 (default: 35 days before the last)')
    .option('--to <day>', 'the last day (default: today)')
    .addOption(yesOption())
    .addOption(jsonOption())
    .addHelpText('after', EXIT_CODES)
    .action(
      registration.run(async (options) =>
        (await import('./snapshots.ts')).runRebuildSnapshots(options, registration),
      ),
    );
}

function registerArchive(program: Command, registration: Registration): void {
  const archive = program
    .command('archive')
    .summary('write the archive of months again')
    .description('Works with the archive of past months, which searches read.')
    .usage('<command> [options]');
  addDeploymentCommand(archive, 'rebuild')
    .summary('write some months again from the papers')
    .description(
      `Writes the archive of each month again, from the papers in the table. Ingest does so by itself, back to the first month without papers.
You can stop it and run it again.`,
    )
    .requiredOption('--from <month>', 'the first month, such as 2026-01 (required)')
    .option('--to <month>', 'the last month (default: the newest that has ended)')
    .addOption(yesOption())
    .addOption(jsonOption())
    .addHelpText('after', EXIT_CODES)
    .action(
      registration.run(async (options) =>
        (await import('./archive.ts')).runRebuildArchive(options, registration),
      ),
    );
}
