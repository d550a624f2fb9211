import { isDeepStrictEqual } from 'node:util';
import { createAuditedLedger } from '../../../cli/audit/adapters.ts';
import { audit } from '../../../cli/audit/audit.ts';
import { isSound, toText } from '../../../cli/audit/report.ts';
import { localTables } from '../../../local/repositories.ts';
import { type Delivery, deliveryKeySchema } from '../../../shared/domain/digests/delivery.ts';
import { type Day, daysFrom, daysOfMonth } from '../../../shared/domain/time/time.ts';
import { findIntactSegments, matchesTable } from '../../../shared/pipeline/archive/compare-month.ts';
import { createListDayCache } from '../../../shared/pipeline/snapshots/list-day-cache.ts';
import { loadPapersOfDay } from '../../../shared/pipeline/snapshots/load-papers-of-day.ts';
import { findBreaches, findExcessLookUps } from '../../arxiv-terms.ts';
import { withoutDetails } from '../../factories/papers.ts';
import { createFakeTelemetry } from '../../fakes/outside.ts';
import type { Batches } from '../services/batches.ts';
import type { ChaosSystem } from '../system/system.ts';
import { findWrongLists } from './arxiv-lists.ts';
import {
  type ClaimedMail,
  type Expectation,
  type Findings,
  type History,
  judge,
  nameOf,
  subscriberOf,
} from './history.ts';

/** The findings of a run, and whether the ledger and an operator's audit agree with them. */
export interface Verdict extends Findings {
  /** The number of digests that were due. */
  readonly digests: number;
  /** The number that were due to subscribers who left, moved or bounced meanwhile. These may be missing. */
  readonly freed: number;
  readonly mails: number;
  /** Digests with an unknown send status that the ledger does not show as uncertain. */
  readonly hidden: readonly string[];
  /** Mailed digests that the ledger does not show as sent, after all events about them. */
  readonly unrecorded: readonly string[];
  /** Editions in which an audit does not find the outcome of every planned digest. */
  readonly unsound: readonly string[];
  /** Snapshots of list-days that differ from the papers in the table, after a run of ingest without faults. */
  readonly wrongSnapshots: readonly string[];
  /** Months of the archive that differ from the papers in the table, or that are only half written. */
  readonly wrongMonths: readonly string[];
  /** What is wrong with the lists of arXiv, after a run of ingest without faults. */
  readonly wrongLists: readonly string[];
  /** Requests to arXiv that broke its terms of use, or that were too many. */
  readonly breaches: readonly string[];
}

export async function reachVerdict(
  system: ChaosSystem,
  history: History,
  expectation: Expectation,
  [first, last]: readonly [first: Day, last: Day],
  batches: Batches,
): Promise<Verdict> {
  const { mails, changed } = history;
  const { due } = expectation;
  const findings = judge(history, expectation);
  const inDoubt = await Promise.all(findings.inDoubt.map((name) => loadOutcome(system, name)));
  const mailed = [...new Set(mails.map(nameOf))];
  const recorded = await Promise.all(mailed.map((name) => loadOutcome(system, name)));
  return {
    ...findings,
    digests: due.length,
    freed: due.filter((name) => changed.has(subscriberOf(name))).length,
    mails: mails.length,
    hidden: findings.inDoubt.filter((_, n) => inDoubt[n]?.state !== 'uncertain'),
    unrecorded: mailed.filter((name, n) => !isRecorded(mails, name, recorded[n])),
    unsound: await findUnsound(system, first, last),
    wrongSnapshots: await findWrongSnapshots(system, first, last),
    wrongMonths: await findWrongMonths(system),
    wrongLists: await findWrongLists(system, batches),
    breaches: [
      ...findBreaches(system.arxiv.requests),
      ...findExcessLookUps(system.arxiv.requests, system.arxivRuns),
    ],
  };
}

/** Returns the faults of a run, in words. */
export function faultsIn(verdict: Verdict): readonly string[] {
  const each = (what: string, names: readonly string[]) => names.map((name) => `${what}: ${name}`);
  return [
    ...each('mailed twice', verdict.duplicates),
    ...each('lost', verdict.losses),
    ...each('mailed after the confirmation that no more mail follows', verdict.unwanted),
    ...each('mailed without being due', verdict.uninvited),
    ...each('mailed to another address', verdict.misaddressed),
    ...each('paper mailed again', verdict.repeatedPapers),
    ...each('unknown send status, not shown as uncertain', verdict.hidden),
    ...each('mailed, not recorded as sent', verdict.unrecorded),
    ...each('unexplained in the audit', verdict.unsound),
    ...each('snapshot that differs from the table', verdict.wrongSnapshots),
    ...each('archived month that differs from the table', verdict.wrongMonths),
    ...each('wrong list of arXiv', verdict.wrongLists),
    ...each('too many requests to arXiv', verdict.breaches),
  ];
}

async function loadOutcome({ repositories }: ChaosSystem, name: string) {
  const [subscriberId, cadence, period] = name.split(' ');
  const key = deliveryKeySchema.parse({ subscriberId, cadence, period });
  return (await repositories.deliveries.load(key))?.outcome;
}

function isRecorded(
  mails: readonly ClaimedMail[],
  name: string,
  outcome: Delivery['outcome'] | undefined,
): boolean {
  return mails.some(
    (mail) => nameOf(mail) === name && outcome?.state === 'sent' && outcome.messageId === mail.messageId,
  );
}

/** Returns the lines of `npx broadsheet audit` for editions in which a planned digest has no outcome. */
async function findUnsound(
  { documents, now }: ChaosSystem,
  first: Day,
  last: Day,
): Promise<readonly string[]> {
  const ledger = createAuditedLedger({ documents, name: localTables.deliveries });
  const accounts = await audit(ledger, first, last, now());
  if (accounts.length === 0) return ['nothing was planned'];
  return accounts.filter((account) => !isSound([account])).map((account) => toText([account]));
}

/** Compares what a new container reads with the table. */
async function findWrongSnapshots(
  { repositories, followed, now }: ChaosSystem,
  first: Day,
  last: Day,
): Promise<readonly string[]> {
  const telemetry = createFakeTelemetry();
  const listDays = createListDayCache({ ...repositories, clock: { now }, telemetry });
  const wrong: string[] = [];
  for (const { id: list } of followed) {
    const loaded = await listDays.load(list, first, last);
    for (const day of daysFrom(first, last)) {
      const { papers } = await loadPapersOfDay(repositories, { list, day });
      const read = loaded.find((snapshot) => snapshot.day === day)?.papers ?? [];
      if (!isDeepStrictEqual(read, papers.map(withoutDetails))) wrong.push(`${list} ${day}`);
    }
  }
  return [...wrong, ...telemetry.sentences];
}

/** Compares the archive with the table, up to the last day of each month that was compared. */
async function findWrongMonths({ repositories, followed }: ChaosSystem): Promise<readonly string[]> {
  const wrong: string[] = [];
  const listIds = followed.map(({ id }) => id);
  for (const known of await repositories.archive.loadMonths()) {
    const { month } = known;
    if (known.kind !== 'month' || !known.segments) {
      wrong.push(month);
      continue;
    }
    const { segments, checkedUntil = '' } = known;
    const intact = await findIntactSegments(repositories.archive, month, segments);
    const days = daysOfMonth(month).filter((day) => day <= checkedUntil);
    const isRight =
      intact.length === segments.length && (await matchesTable(repositories, listIds, days, intact));
    if (!isRight) wrong.push(month);
  }
  return wrong;
}
