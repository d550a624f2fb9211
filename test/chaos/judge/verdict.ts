import { createAuditedLedger } from '../../../cli/audit/adapters.ts';
import { audit } from '../../../cli/audit/audit.ts';
import { isSound, toText } from '../../../cli/audit/report.ts';
import { localTables } from '../../../local/repositories.ts';
import { type Delivery, deliveryKeySchema } from '../../../shared/domain/delivery.ts';
import type { Day } from '../../../shared/domain/time.ts';
import type { ChaosSystem } from '../system/system.ts';
import {
  type ClaimedMail,
  type Expectation,
  type Findings,
  type History,
  judge,
  nameOf,
  subscriberOf,
} from './history.ts';

/** What was found, and whether the ledger and an operator's audit tell the same. */
export interface Verdict extends Findings {
  /** Digests that were due. */
  readonly digests: number;
  /** Those that were due to people who left, moved or bounced meanwhile, and may want them no more. */
  readonly freed: number;
  readonly mails: number;
  /** Digests in doubt that the ledger does not show as uncertain. */
  readonly hidden: readonly string[];
  /** Digests that were mailed and of which the ledger does not know, after all events about them. */
  readonly unrecorded: readonly string[];
  /** Editions in which an audit does not find an end of every planned digest. */
  readonly unsound: readonly string[];
}

export async function reachVerdict(
  system: ChaosSystem,
  history: History,
  expectation: Expectation,
  [first, last]: readonly [first: Day, last: Day],
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
  };
}

/** What is wrong, in words; nothing where all is well. */
export function faultsIn(verdict: Verdict): readonly string[] {
  const each = (what: string, names: readonly string[]) => names.map((name) => `${what}: ${name}`);
  return [
    ...each('mailed twice', verdict.duplicates),
    ...each('lost', verdict.losses),
    ...each('mailed after it was acknowledged that no more mail comes', verdict.unwanted),
    ...each('mailed, and owed to nobody', verdict.uninvited),
    ...each('mailed to somebody else', verdict.misaddressed),
    ...each('the same paper again', verdict.repeatedPapers),
    ...each('in doubt, and not shown as uncertain', verdict.hidden),
    ...each('mailed, and not recorded as sent', verdict.unrecorded),
    ...each('the audit does not add up', verdict.unsound),
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

/** The lines of `npx broadsheet audit` for the editions in which not every planned digest came to an end. */
async function findUnsound(
  { documents, now }: ChaosSystem,
  first: Day,
  last: Day,
): Promise<readonly string[]> {
  const ledger = createAuditedLedger({ documents, name: localTables.deliveries });
  const accounts = await audit(ledger, first, last, now());
  if (accounts.length === 0) return ['nothing was planned'];
  return accounts.filter((one) => !isSound([one])).map((one) => toText([one]));
}
