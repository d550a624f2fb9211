import * as z from 'zod';
import { loadSettings } from '../../infra/settings/load-settings.ts';
import { createPlannerRepository } from '../../shared/adapters/dynamodb/planner-repository.ts';
import type { UnreadableItemError } from '../../shared/adapters/dynamodb/stored-item.ts';
import { createDocumentClient, type Table } from '../../shared/adapters/dynamodb/table.ts';
import { systemClock } from '../../shared/adapters/system-clock.ts';
import { InvalidInputError } from '../../shared/domain/errors.ts';
import type { Day } from '../../shared/domain/time.ts';
import { isUnreadable } from '../../shared/ports.ts';
import type { CommandContext } from '../command.ts';
import { permitted } from '../deployment/adapters/permitted.ts';
import { loadTableSize, meterReads, toCostText, toSizeText } from '../deployment/adapters/table-reads.ts';
import { checkDays } from '../deployment/kept-days.ts';
import { openData } from '../deployment/open-deployment.ts';
import { createProgress, type Progress } from '../progress.ts';
import { createAuditedCohorts, createAuditedLedger, firstIndexedDayOf } from './adapters.ts';
import { audit } from './audit.ts';
import { survey } from './gaps.ts';
import { isSound, toJson, toText } from './report.ts';

/** Audits a deployment, prints the accounts and what it cost to read them, and returns the exit code. */
export async function runAudit(
  options: { readonly days: readonly string[]; readonly settings: string; readonly json?: true },
  { print, printError, terminal }: Pick<CommandContext, 'print' | 'printError' | 'terminal'>,
): Promise<number> {
  const [first, last] = parseDays(options.days);
  const now = systemClock.now();
  checkDays(first, now);
  checkDays(last, now);
  const { DeliveriesTable, SubscribersTable } = (await openData(loadSettings(options.settings))).outputs;
  const documents = createDocumentClient();
  const costOf = meterReads(documents);
  const unreadable = new Set<string>();
  const onUnreadable = ({ message }: UnreadableItemError) => {
    unreadable.add(message);
  };
  const subscribers = { documents, name: SubscribersTable, onUnreadable };
  const firstIndexedDay = await loadFirstIndexedDay(subscribers);

  let progress: Progress | undefined;
  const show = (verb: string, unit: string, total: number) => {
    progress?.stop();
    progress = createProgress(terminal, { verb, unit, total });
  };
  if (firstIndexedDay === undefined || first < firstIndexedDay) {
    const size = await loadTableSize(DeliveriesTable);
    printError(
      `The index of editions may lack some of ${first}, so the whole table is read. ${toSizeText(DeliveriesTable, size)}`,
    );
    show('Scanned', 'records', size.records);
  }
  const ledger = createAuditedLedger(
    { documents, name: DeliveriesTable, onUnreadable },
    {
      firstIndexedDay: firstIndexedDay ?? NEVER,
      onScanned: (records) => progress?.advance(records),
      onRead: (digests) => progress?.advance(digests),
    },
  );
  try {
    const accounts = await audit(ledger, first, last, now, (digests) =>
      show('Looked at', 'digests', digests),
    );
    const cohorts = createAuditedCohorts(subscribers);
    const surveyed = await survey({ cohorts, ledger }, accounts, first, last, now);
    progress?.stop();
    const faults = [...unreadable];
    const cost = costOf();
    print(options.json ? toJson(accounts, surveyed, faults, cost) : toText(accounts, surveyed, faults));
    if (!options.json) printError(toCostText(cost));
    return isSound(accounts, surveyed, faults) ? 0 : 1;
  } finally {
    progress?.stop();
  }
}

/** Later than any day. */
const NEVER: Day = '9999-12-31';

/** From which day on all editions are in the index. Undefined before a planner has run that says so. */
async function loadFirstIndexedDay(subscribers: Table): Promise<Day | undefined> {
  const state = await permitted('dynamodb:GetItem', () => createPlannerRepository(subscribers).load());
  if (!state || isUnreadable(state) || state.editionsIndexedSince === undefined) return undefined;
  return firstIndexedDayOf(state.editionsIndexedSince);
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
