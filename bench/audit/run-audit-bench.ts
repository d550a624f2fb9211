import { createAuditedLedger } from '../../cli/audit/adapters.ts';
import { audit, type EditionAudit, sumCounts } from '../../cli/audit/audit.ts';
import { prices } from '../../infra/cost/prices.ts';
import { tableOf } from '../../infra/markdown-table.ts';
import { addDays, type Day, msBetween } from '../../shared/domain/time/time.ts';
import { createVirtualTime } from '../../test/simulation/virtual-time.ts';
import { type LedgerReads, openSimulatedLedger } from './simulated-ledger.ts';

const DAYS = 365;
const DIGESTS = 1_000_000;
const COHORTS = 20;
const FIRST_DAY: Day = '2026-01-01';
const DAY: Day = '2026-07-01';
const NOW = '2026-12-31T12:00:00.000Z';

interface Result {
  readonly accounts: readonly EditionAudit[];
  readonly reads: LedgerReads;
  readonly seconds: number;
  readonly processorSeconds: number;
}

/** Audits a day with a million digests in a table of a year, by the index and by a scan. Returns whether both find the same. */
export async function runAuditBench(print: (line: string) => void): Promise<boolean> {
  const control = await run(addDays(DAY, 1));
  const indexed = await run(undefined);

  const rows = [control, indexed].map(toCells);
  print(
    tableOf(
      ['', 'by a scan:', 'by the index:'],
      Object.keys(rows[0] ?? {}).map((name) => [name, ...rows.map((row) => row[name] ?? '')]),
    ),
  );
  print(
    `One of ${DAYS} days with ${DIGESTS.toLocaleString('en')} digests each, in ${COHORTS} cohorts. The table is simulated.`,
  );
  print(`${(process.resourceUsage().maxRSS / 1024).toFixed(0)} MB of memory at most`);
  const isSame = JSON.stringify(control.accounts) === JSON.stringify(indexed.accounts);
  return isSame && sumCounts(indexed.accounts).sent === DIGESTS;
}

/** @param firstIndexedDay the first day with editions in the index. Undefined if all are */
async function run(firstIndexedDay: Day | undefined): Promise<Result> {
  const time = createVirtualTime(NOW);
  const table = { days: DAYS, firstDay: FIRST_DAY, digestsPerDay: DIGESTS, cohorts: COHORTS };
  const { documents, reads } = openSimulatedLedger({ ...table, time });
  const ledger = createAuditedLedger({ documents, name: 'deliveries' }, { firstIndexedDay });
  const before = process.cpuUsage();
  const accounts = await time.run(audit(ledger, DAY, DAY, NOW));
  const { user, system } = process.cpuUsage(before);
  documents.destroy();
  return {
    accounts,
    reads,
    seconds: msBetween(NOW, time.now()) / 1000,
    processorSeconds: (user + system) / 1e6,
  };
}

function toCells({ accounts, reads, seconds, processorSeconds }: Result): Readonly<Record<string, string>> {
  const count = (value: number) => Math.round(value).toLocaleString('en');
  return {
    editions: count(accounts.length),
    'digests accounted for': count(sumCounts(accounts).sent ?? 0),
    'pages read': count(reads.pages),
    'read units': count(reads.units),
    'read, GB': (reads.bytes / 1e9).toFixed(1),
    'cost at list price': `$${((reads.units / prices.tableReads.per) * prices.tableReads.usd).toFixed(2)}`,
    'seconds of waiting for the table': count(seconds),
    'seconds of processor time, with the simulation': count(processorSeconds),
  };
}
