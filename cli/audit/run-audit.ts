import { loadSettings } from '../../infra/settings/load-settings.ts';
import { createPlannerRepository } from '../../shared/adapters/dynamodb/planner-repository.ts';
import type { UnreadableItemError } from '../../shared/adapters/dynamodb/stored-item.ts';
import { createDocumentClient, type Table } from '../../shared/adapters/dynamodb/table.ts';
import { systemClock } from '../../shared/adapters/system-clock.ts';
import { InvalidInputError } from '../../shared/domain/errors.ts';
import type { Day, Instant } from '../../shared/domain/time/time.ts';
import { isUnreadable } from '../../shared/ports/planning.ts';
import { type CommandContext, EXIT_OK, EXIT_TROUBLE } from '../command.ts';
import { parseLedgerDay } from '../days.ts';
import { withPermissions } from '../deployment/aws-call.ts';
import { openData } from '../deployment/find-deployment.ts';
import { meterReads, type ReadCost, toCostText } from '../deployment/table-reads.ts';
import { createProgress, type Progress } from '../progress.ts';
import { createAuditedCohorts, createAuditedLedger, firstIndexedDayOf } from './adapters.ts';
import { audit } from './audit.ts';
import { survey } from './gaps.ts';
import { isSound, toJson, toText } from './report.ts';
import { loadTableSize, type TableSize, toSizeText } from './table-size.ts';

/** Audits a deployment, prints the audits and what it cost to read them, and returns the exit code. */
export async function runAudit(
  options: { readonly days: readonly string[]; readonly settings: string; readonly json?: true },
  context: Pick<CommandContext, 'print' | 'printError' | 'terminal'>,
): Promise<number> {
  const now = systemClock.now();
  const [first, last] = parseDays(options.days, now);
  const { DeliveriesTable, SubscribersTable } = (await openData(loadSettings(options.settings))).outputs;
  const documents = createDocumentClient();
  const tables = {
    documents,
    deliveries: DeliveriesTable,
    subscribers: SubscribersTable,
    costOf: meterReads(documents),
    loadSize: loadTableSize,
  };
  return auditTables(tables, { first, last, now, isJson: options.json ?? false }, context);
}

export interface AuditedTables extends Pick<Table, 'documents'> {
  /** The names of the tables. */
  readonly deliveries: string;
  readonly subscribers: string;
  /** What was read so far. */
  readonly costOf: () => ReadCost;
  readonly loadSize: (table: string) => Promise<TableSize>;
}

/** Audits the chosen days of the tables, prints the audits and the cost, and returns the exit code. */
export async function auditTables(
  tables: AuditedTables,
  { first, last, now, isJson }: { first: Day; last: Day; now: Instant; isJson: boolean },
  { print, printError, terminal }: Pick<CommandContext, 'print' | 'printError' | 'terminal'>,
): Promise<number> {
  const { documents } = tables;
  const unreadable = new Set<string>();
  const onUnreadable = ({ message }: UnreadableItemError) => {
    unreadable.add(message);
  };
  const subscribers = { documents, name: tables.subscribers, onUnreadable };
  const firstIndexedDay = await loadFirstIndexedDay(subscribers);

  let progress: Progress | undefined;
  const show = (verb: string, unit: string, total: number) => {
    progress?.stop();
    progress = createProgress(terminal, { verb, unit, total });
  };
  if (first < firstIndexedDay) {
    const size = await tables.loadSize(tables.deliveries);
    printError(
      `An earlier version of Broadsheet may have planned ${first}, so the whole table is scanned. ${toSizeText(tables.deliveries, size)}`,
    );
    show('Scanned', 'records', size.records);
  }
  const ledger = createAuditedLedger(
    { documents, name: tables.deliveries, onUnreadable },
    {
      firstIndexedDay,
      onScanned: (records) => progress?.advance(records),
      onRead: (digests) => progress?.advance(digests),
    },
  );
  try {
    const audits = await audit(ledger, first, last, now, (digests) => show('Looked at', 'digests', digests));
    const cohorts = createAuditedCohorts(subscribers);
    const surveyed = await survey({ cohorts, ledger }, audits, first, last, now);
    progress?.stop();
    const faults = [...unreadable];
    const cost = tables.costOf();
    print(isJson ? toJson(audits, surveyed, faults, cost) : toText(audits, surveyed, faults));
    if (!isJson) printError(toCostText(cost));
    return isSound(audits, surveyed, faults) ? EXIT_OK : EXIT_TROUBLE;
  } finally {
    progress?.stop();
  }
}

/** Earlier than any day. */
const ALWAYS: Day = '0000-01-01';
/** Later than any day. */
const NEVER: Day = '9999-12-31';

/**
 * The first day of which the index has every edition. Before the first run of the planner there is nothing else to find. An
 * earlier version does not say since when it fills the index.
 */
async function loadFirstIndexedDay(subscribers: Table): Promise<Day> {
  const planner = withPermissions(createPlannerRepository(subscribers), { load: 'dynamodb:GetItem' });
  const state = await planner.load();
  if (!state) return ALWAYS;
  if (isUnreadable(state) || state.editionsIndexedSince === undefined) return NEVER;
  return firstIndexedDayOf(state.editionsIndexedSince);
}

/** @throws InvalidInputError unless these are one or two days in order that the ledger keeps */
export function parseDays(given: readonly string[], now: Instant): readonly [first: Day, last: Day] {
  const [first, last = first, ...more] = given.map((text) => parseLedgerDay(text, now));
  if (first === undefined || last === undefined || more.length > 0)
    throw new InvalidInputError(`Enter one day, or the first and the last, instead of ${given.length} days.`);
  if (last < first)
    throw new InvalidInputError(
      `The last day, ${last}, is before the first, ${first}. Enter the earlier day first.`,
    );
  return [first, last];
}
