import * as z from 'zod';
import { createDocumentClient } from '../../shared/adapters/dynamodb/table.ts';
import { InvalidInputError } from '../../shared/domain/errors.ts';
import type { Day } from '../../shared/domain/time.ts';
import { createStacks, createStacksClient } from '../deployment/adapters/cloudformation.ts';
import { findData } from '../deployment/find-deployment.ts';
import { parseArguments } from '../deployment/parse-arguments.ts';
import { readSettings } from '../deployment/read-settings.ts';
import type { CommandContext } from '../deployment/run-command.ts';
import { createAuditedLedger } from './adapters/ledger.ts';
import { audit } from './audit.ts';
import { isSound, toJson, toText } from './report.ts';

const USAGE = `npm run audit -- <day> [<last day>] [--json] [--settings <file>]

Adds up what became of every digest of the editions of a day, like 2026-01-06, or of several, and shows it by cohort: planned
is what was sent, failed, skipped (by reason), is uncertain, in a worker's hands (claimed) or still on the queue (waiting). An
edition is incomplete while its cohort is being enumerated. The ledger keeps 100 days.

  --json             as one JSON object
  --settings <file>  the settings it was deployed with, like prod.json (default: those in cdk.json)

Ends with 1 if an edition is incomplete or does not add up, with 2 if it could not be looked at, otherwise with 0.`;

/** Audits a deployment, prints the accounts, and returns the exit code. */
export async function runAudit(
  args: readonly string[],
  { print }: Pick<CommandContext, 'print'>,
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
  const { DeliveriesTable } = await findData(
    createStacks(createStacksClient()),
    readSettings(values.settings),
  );
  const ledger = createAuditedLedger({ documents: createDocumentClient(), name: DeliveriesTable });
  const accounts = await audit(ledger, first, last);
  print(values.json ? toJson(accounts) : toText(accounts));
  return isSound(accounts) ? 0 : 1;
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
