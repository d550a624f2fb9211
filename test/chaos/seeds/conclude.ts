import { createAuditedLedger } from '../../../cli/audit/adapters/ledger.ts';
import { audit } from '../../../cli/audit/audit.ts';
import { isSound, toText } from '../../../cli/audit/report.ts';
import { localTables } from '../../../local/emulators/dynamodb.ts';
import { deliveryKeySchema, type Outcome } from '../../../shared/domain/delivery.ts';
import { addDays } from '../../../shared/domain/time.ts';
import type { ChaosSystem } from '../system/system.ts';
import { type ClaimedMail, type History, judge, nameOf } from './history.ts';
import { DAYS, START } from './world.ts';

/** What was found, and whether the ledger and an operator's audit tell the same. */
export async function conclude(system: ChaosSystem, history: History, due: readonly string[]) {
  const findings = judge(history, due);
  const missing = await Promise.all(findings.missing.map((digest) => loadOutcome(system, digest)));
  const mailed = await Promise.all(history.mails.map((mail) => loadOutcome(system, nameOf(mail))));
  return {
    ...findings,
    digests: due.length,
    mails: history.mails.length,
    hidden: findings.missing.filter((_, n) => missing[n]?.state !== 'uncertain'),
    unrecorded: history.mails.filter((mail, n) => !isRecorded(mail, mailed[n])).map(nameOf),
    unsound: await findUnsound(system),
  };
}

async function loadOutcome({ repositories }: ChaosSystem, digest: string) {
  const [subscriberId, cadence, period] = digest.split(' ');
  const key = deliveryKeySchema.parse({ subscriberId, cadence, period });
  return (await repositories.deliveries.load(key))?.outcome;
}

function isRecorded(
  { messageId }: ClaimedMail,
  outcome: Outcome | { state: 'claimed' } | undefined,
): boolean {
  return outcome !== undefined && 'messageId' in outcome && outcome.messageId === messageId;
}

/** The lines of `npm run audit` for the editions in which not every planned digest came to an end. */
async function findUnsound({ documents, now }: ChaosSystem): Promise<readonly string[]> {
  const ledger = createAuditedLedger({ documents, name: localTables.deliveries });
  const first = START.slice(0, 10);
  const accounts = await audit(ledger, first, addDays(first, DAYS - 1), now());
  if (accounts.length === 0) return ['nothing was planned'];
  return accounts.filter((one) => !isSound([one])).map((one) => toText([one]));
}
