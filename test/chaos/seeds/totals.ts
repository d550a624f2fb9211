import type { SeedFailure, SeedResult } from './seed-result.ts';

/** What became of many seeds. */
export interface Totals {
  readonly seeds: number;
  readonly digests: number;
  readonly mails: number;
  readonly duplicates: number;
  readonly losses: number;
  readonly unwanted: number;
  readonly missing: number;
  readonly hidden: number;
  readonly unrecorded: number;
  readonly unsound: number;
  readonly beyondQuota: number;
  readonly struck: Readonly<Record<string, number>>;
}

export const NOTHING: Totals = {
  seeds: 0,
  digests: 0,
  mails: 0,
  duplicates: 0,
  losses: 0,
  unwanted: 0,
  missing: 0,
  hidden: 0,
  unrecorded: 0,
  unsound: 0,
  beyondQuota: 0,
  struck: {},
};

export function addResult(totals: Totals, result: SeedResult | SeedFailure): Totals {
  const seeds = totals.seeds + 1;
  if ('error' in result) return { ...totals, seeds };
  return {
    seeds,
    digests: totals.digests + result.digests,
    mails: totals.mails + result.mails,
    duplicates: totals.duplicates + result.duplicates.length,
    losses: totals.losses + result.losses.length,
    unwanted: totals.unwanted + result.unwanted.length,
    missing: totals.missing + result.missing.length,
    hidden: totals.hidden + result.hidden.length,
    unrecorded: totals.unrecorded + result.unrecorded.length,
    unsound: totals.unsound + result.unsound.length,
    beyondQuota: totals.beyondQuota + result.beyondQuota,
    struck: addCounts(totals.struck, result.struck),
  };
}

/** What is wrong with the result of a seed, in words; nothing where all is well. */
export function faultsIn(result: SeedResult | SeedFailure): readonly string[] {
  if ('error' in result) return [result.error];
  const { duplicates, losses, unwanted, hidden, unrecorded, unsound, beyondQuota } = result;
  const each = (what: string, digests: readonly string[]) => digests.map((digest) => `${what}: ${digest}`);
  return [
    ...each('mailed twice', duplicates),
    ...each('lost', losses),
    ...each('mailed after an acknowledged unsubscribe', unwanted),
    ...each('not mailed, and not shown as uncertain', hidden),
    ...each('mailed, and not recorded as sent', unrecorded),
    ...each('the audit does not add up', unsound),
    ...(beyondQuota > 0 ? [`${beyondQuota} mails beyond the quota`] : []),
  ];
}

export function describeTotals(totals: Totals, seconds: number): readonly string[] {
  const struck = Object.entries(totals.struck).map(([fault, times]) => `${fault} ${times}`);
  return [
    `seeds                 ${totals.seeds}`,
    `digests due           ${totals.digests}`,
    `mails                 ${totals.mails}`,
    `mailed twice          ${totals.duplicates}`,
    `lost                  ${totals.losses}`,
    `mailed after leaving  ${totals.unwanted}`,
    `in doubt, not mailed  ${totals.missing}, of which not shown as uncertain: ${totals.hidden}`,
    `not recorded as sent  ${totals.unrecorded}`,
    `unsound in the audit  ${totals.unsound}`,
    `beyond the quota      ${totals.beyondQuota}`,
    `faults                ${struck.join(', ')}`,
    `time                  ${seconds.toFixed(0)} s`,
  ];
}

function addCounts(a: Readonly<Record<string, number>>, b: Readonly<Record<string, number>>) {
  const names = [...new Set([...Object.keys(a), ...Object.keys(b)])];
  return Object.fromEntries(names.map((name) => [name, (a[name] ?? 0) + (b[name] ?? 0)]));
}
