import * as z from 'zod';
import type { UnreadableItemError } from '../../shared/adapters/dynamodb/stored-item.ts';
import { createDocumentClient } from '../../shared/adapters/dynamodb/table.ts';
import { systemClock } from '../../shared/adapters/system-clock.ts';
import { InvalidInputError } from '../../shared/domain/errors.ts';
import type { Day } from '../../shared/domain/time.ts';
import { createStacks, createStacksClient } from '../deployment/adapters/cloudformation.ts';
import { createCountReport } from '../deployment/count-report.ts';
import { findData } from '../deployment/find-deployment.ts';
import { checkDays } from '../deployment/kept-days.ts';
import { parseArguments } from '../deployment/parse-arguments.ts';
import { readSettings } from '../deployment/read-settings.ts';
import type { CommandContext } from '../deployment/run-command.ts';
import { createAuditedCohorts } from './adapters/cohorts.ts';
import { createAuditedLedger } from './adapters/ledger.ts';
import { audit } from './audit.ts';
import { survey } from './gaps.ts';
import { isSound, toJson, toText } from './report.ts';

const USAGE = `npm run audit -- <day> [<last day>] [--json] [--settings <file>]

Adds up what became of every digest of the editions of a day, like 2026-01-06, or of several, and shows it by cohort: planned
is what was sent, failed, skipped (by reason), is uncertain, in a worker's hands (claimed) or still waiting, on the queue or among the
dead letters. An edition is open while some of it is claimed or waiting, and incomplete while its cohort is being enumerated. One
that was due, of a cohort with subscribers, and is not there is shown as not planned, or as "not planned, or joined since" where
nothing tells whether anybody was in the cohort by then, which is no fault by itself. Instant editions are due when there is
something new, and nobody knows later whether there was: one that was not planned is not seen. The ledger keeps 100 days.

  --json             as one JSON object
  --settings <file>  the settings it was deployed with, like prod.json (default: those in cdk.json)

Ends with 1 if an edition is open, incomplete, not planned or does not add up, or if there is none and one could have been
due, or if a record cannot be read or a cohort cannot be planned; with 2 if it could not be looked at, or the ledger cannot have that day; otherwise with 0.`;

/** Audits a deployment, prints the accounts, and returns the exit code. */
export async function runAudit(
  args: readonly string[],
  { print, printError }: Pick<CommandContext, 'print'> & { readonly printError: (text: string) => void },
): Promise<number> {
  const { values, positionals } = parseArguments({
    args: [...args],
    allowPositionals: true,
    options: {
      json: { type: 'boolean', default: false },
      settings: { type: 'string' },
      help: { type: 'boolean', short: 'h', default: false },
    },
  });
  if (values.help) {
    print(USAGE);
    return 0;
  }
  const [first, last] = parseDays(positionals);
  const now = systemClock.now();
  checkDays(first, now);
  const { DeliveriesTable, SubscribersTable } = await findData(
    createStacks(createStacksClient()),
    readSettings(values.settings),
  );
  const documents = createDocumentClient();
  const unreadable = new Set<string>();
  const onUnreadable = ({ message }: UnreadableItemError) => {
    unreadable.add(message);
  };
  const ledger = createAuditedLedger(
    { documents, name: DeliveriesTable, onUnreadable },
    createCountReport(printError, (records) => `${records} records read so far`),
  );
  const cohorts = createAuditedCohorts({ documents, name: SubscribersTable, onUnreadable });
  const accounts = await audit(ledger, first, last, now);
  const surveyed = await survey({ cohorts, ledger }, accounts, first, last, now);
  const faults = [...unreadable];
  print(values.json ? toJson(accounts, surveyed, faults) : toText(accounts, surveyed, faults));
  return isSound(accounts, surveyed, faults) ? 0 : 1;
}

/** @throws InvalidInputError that says what is expected */
export function parseDays(given: readonly string[]): readonly [first: Day, last: Day] {
  const [first, last = first, ...more] = given.map((text) => {
    const day = z.iso.date().safeParse(text);
    if (!day.success) throw new InvalidInputError(`"${text}" is no day: expected one like 2026-01-06`);
    return day.data;
  });
  if (first === undefined || last === undefined || more.length > 0)
    throw new InvalidInputError(
      `${given.length} days were given: expected one, or the first and the last\n\n${USAGE}`,
    );
  if (last < first)
    throw new InvalidInputError(
      `the last day, ${last}, is before the first, ${first}: expected them in order`,
    );
  return [first, last];
}
