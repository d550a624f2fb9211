import * as z from 'zod';
import { loadSettings } from '../../infra/settings/load-settings.ts';
import type { UnreadableItemError } from '../../shared/adapters/dynamodb/stored-item.ts';
import { createDocumentClient } from '../../shared/adapters/dynamodb/table.ts';
import { systemClock } from '../../shared/adapters/system-clock.ts';
import { InvalidInputError } from '../../shared/domain/errors.ts';
import type { Day } from '../../shared/domain/time.ts';
import type { CommandContext } from '../command.ts';
import { checkDays } from '../deployment/kept-days.ts';
import { openData } from '../deployment/open-deployment.ts';
import { createProgress } from '../progress.ts';
import { createAuditedCohorts } from './adapters/cohorts.ts';
import { createAuditedLedger } from './adapters/ledger.ts';
import { audit } from './audit.ts';
import { survey } from './gaps.ts';
import { isSound, toJson, toText } from './report.ts';

/** Audits a deployment, prints the accounts, and returns the exit code. */
export async function runAudit(
  options: { readonly days: readonly string[]; readonly settings: string; readonly json?: true },
  { print, terminal }: Pick<CommandContext, 'print' | 'terminal'>,
): Promise<number> {
  const [first, last] = parseDays(options.days);
  const now = systemClock.now();
  checkDays(first, now);
  const { DeliveriesTable, SubscribersTable } = (await openData(loadSettings(options.settings))).outputs;
  const documents = createDocumentClient();
  const unreadable = new Set<string>();
  const onUnreadable = ({ message }: UnreadableItemError) => {
    unreadable.add(message);
  };
  const progress = createProgress(terminal, { verb: 'Read', unit: 'records' });
  const ledger = createAuditedLedger({ documents, name: DeliveriesTable, onUnreadable }, progress.advance);
  const cohorts = createAuditedCohorts({ documents, name: SubscribersTable, onUnreadable });
  try {
    const accounts = await audit(ledger, first, last, now);
    const surveyed = await survey({ cohorts, ledger }, accounts, first, last, now);
    progress.stop();
    const faults = [...unreadable];
    print(options.json ? toJson(accounts, surveyed, faults) : toText(accounts, surveyed, faults));
    return isSound(accounts, surveyed, faults) ? 0 : 1;
  } finally {
    progress.stop();
  }
}

/** @throws InvalidInputError that says what is expected */
export function parseDays(given: readonly string[]): readonly [first: Day, last: Day] {
  const [first, last = first, ...more] = given.map((text) => {
    const day = z.iso.date().safeParse(text);
    if (!day.success) throw new InvalidInputError(`"${text}" is no day: expected one like 2026-01-06`);
    return day.data;
  });
  if (first === undefined || last === undefined || more.length > 0)
    throw new InvalidInputError(`${given.length} days were given: expected one, or the first and the last`);
  if (last < first)
    throw new InvalidInputError(
      `the last day, ${last}, is before the first, ${first}: expected them in order`,
    );
  return [first, last];
}
