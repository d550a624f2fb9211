import { pipeline } from 'node:stream/promises';
import { createDocumentClient } from '../../../shared/adapters/dynamodb/table.ts';
import { InvalidInputError } from '../../../shared/domain/errors.ts';
import { createStacks, createStacksClient } from '../../deployment/adapters/cloudformation.ts';
import { CommandError } from '../../deployment/command-error.ts';
import { createCountReport } from '../../deployment/count-report.ts';
import { findData } from '../../deployment/find-deployment.ts';
import { parseArguments } from '../../deployment/parse-arguments.ts';
import { readSettings } from '../../deployment/read-settings.ts';
import type { SubscribersContext } from '../context.ts';
import { writePrivateFile } from './private-file.ts';
import { toProfilesCsv } from './profiles-csv.ts';
import { createStoredProfiles } from './scan-profiles.ts';
import type { StoredProfiles } from './stored-profiles.ts';

const USAGE = `npm run subscribers -- export [<file.csv>] [--force] [--settings <file>]

Writes all subscribers of a deployment as CSV, whatever their status, with their consent, into a file that you alone may read, or
without one to the standard output (then with npm run --silent, which prints nothing else). "import" takes it in again.

  --force            writes over a file that is there already
  --settings <file>  the settings it was deployed with, like prod.json (default: those in cdk.json)

Ends with 1 if a profile could not be read and was left out, with 2 if nothing could be exported, otherwise with 0.`;

/** Exports the subscribers of a deployment, and returns the exit code. */
export async function exportCommand(args: readonly string[], context: SubscribersContext): Promise<number> {
  const { values, positionals } = parseArguments({
    args: [...args],
    allowPositionals: true,
    options: {
      force: { type: 'boolean', default: false },
      settings: { type: 'string' },
      help: { type: 'boolean', short: 'h', default: false },
    },
  });
  if (values.help) {
    context.print(USAGE);
    return 0;
  }
  if (positionals.length > 1)
    throw new InvalidInputError(
      `${positionals.length} files were given: expected one, or none for the standard output\n\n${USAGE}`,
    );
  const settings = readSettings(values.settings);
  const { SubscribersTable } = await findData(createStacks(createStacksClient()), settings);
  const profiles = createStoredProfiles({ documents: createDocumentClient(), name: SubscribersTable });
  return exportTo(positionals[0], values.force, profiles, context);
}

/** Writes the profiles into a file, or without one to the output, tells how many, and returns the exit code. */
export async function exportTo(
  path: string | undefined,
  isForced: boolean,
  profiles: StoredProfiles,
  { output, printError, onInterrupt }: Pick<SubscribersContext, 'output' | 'printError' | 'onInterrupt'>,
): Promise<number> {
  const interruption = onInterrupt();
  const report = createCountReport(printError, (count) => `${count} subscribers written so far`);
  let written = 0;
  let leftOut = 0;
  const csv = toProfilesCsv(profiles, {
    written: () => {
      written += 1;
      report(1);
      if (interruption.aborted)
        throw new CommandError(
          `stopped after ${written} subscribers: the export is not complete, run it again`,
        );
    },
    leftOut: (fault) => {
      leftOut += 1;
      printError(`left out: ${fault}`);
    },
  });
  if (path === undefined) await pipeline(csv, output, { end: false });
  else await writePrivateFile(path, isForced, csv);
  const where = path === undefined ? '' : ` to ${path}`;
  printError(
    `${written} ${written === 1 ? 'subscriber' : 'subscribers'} written${where}${leftOut > 0 ? `, ${leftOut} left out` : ''}`,
  );
  return leftOut > 0 ? 1 : 0;
}
