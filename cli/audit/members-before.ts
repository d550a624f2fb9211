import type { Edition } from '../../shared/domain/cohort.ts';
import type { AuditedLedger } from './ports.ts';

/**
 * Which of these editions come after one of the same cohort that had members: the last one before each tells. A cohort that
 * was empty by then, or has nothing in the ledger, may have been joined later. Without editions the ledger is not read.
 */
export async function findWithMembersBefore(
  ledger: Pick<AuditedLedger, 'loadEditions'>,
  editions: readonly Edition[],
): Promise<ReadonlySet<Edition>> {
  if (editions.length === 0) return new Set();
  const cohorts = new Set(editions.map(({ cohort }) => cohort));
  const hadMembers = new Map<Edition['cohort'], Map<Edition['period'], boolean>>();
  for (const kept of await ledger.loadEditions(({ cohort }) => cohorts.has(cohort))) {
    const { cohort, period } = kept.edition;
    hadMembers.set(cohort, (hadMembers.get(cohort) ?? new Map()).set(period, kept.hasMembers));
  }
  return new Set(
    editions.filter(({ cohort, period }) => {
      const periods = hadMembers.get(cohort) ?? new Map<Edition['period'], boolean>();
      // All are of one cadence, so that their text is in the order of time.
      const latest = [...periods.keys()]
        .filter((one) => one < period)
        .sort()
        .at(-1);
      return latest !== undefined && periods.get(latest);
    }),
  );
}
