import { addCounts } from '../../../shared/domain/digests/delivery.ts';
import { faultsIn } from '../judge/verdict.ts';
import type { SeedFailure, SeedResult } from './seed-result.ts';

/** The figures that are summed over seeds, with their labels. */
const COUNTED = {
  digests: 'digests due',
  freed: '  of people who left, moved or bounced',
  mails: 'mails',
  duplicates: 'mailed twice',
  losses: 'lost',
  unwanted: 'mailed after leaving',
  uninvited: 'mailed, not due',
  misaddressed: 'mailed to another address',
  repeatedPapers: 'papers mailed again',
  inDoubt: 'unknown, not mailed',
  hidden: '  not shown as uncertain',
  unrecorded: 'not recorded as sent',
  unsound: 'unexplained in the audit',
  wrongSnapshots: 'wrong snapshots',
  wrongMonths: 'wrong months of the archive',
  wrongLists: 'wrong lists of arXiv',
  breaches: 'too many requests to arXiv',
  givenUp: 'dead-lettered',
} as const satisfies Partial<Record<keyof SeedResult, string>>;

type Counted = keyof typeof COUNTED;

/** The totals of many seeds. */
export interface Totals {
  readonly seeds: number;
  readonly counts: Readonly<Record<string, number>>;
  readonly struck: Readonly<Record<string, number>>;
}

export const NOTHING: Totals = { seeds: 0, counts: {}, struck: {} };

export function addResult(totals: Totals, result: SeedResult | SeedFailure): Totals {
  const seeds = totals.seeds + 1;
  if ('error' in result) return { ...totals, seeds };
  const counts = Object.keys(COUNTED).map((name) => [name, countOf(result[name as Counted])] as const);
  return {
    seeds,
    counts: addCounts([totals.counts, Object.fromEntries(counts)]),
    struck: addCounts([totals.struck, result.struck]),
  };
}

/** Returns the faults of a seed, in words. */
export function faultsInSeed(result: SeedResult | SeedFailure): readonly string[] {
  if ('error' in result) return [result.error];
  return [...faultsIn(result), ...result.givenUp.map((body) => `dead-lettered: ${body}`)];
}

/** Returns a line for each figure. */
export function describeTotals({ seeds, counts, struck }: Totals, seconds: number): readonly string[] {
  const toLine = (what: string, figure: number | string) => `${what.padEnd(LABEL_WIDTH)}${figure}`;
  return [
    toLine('seeds', seeds),
    ...Object.entries(COUNTED).map(([name, label]) => toLine(label, counts[name] ?? 0)),
    toLine(
      'disruptions',
      Object.entries(struck)
        .map(([trouble, times]) => `${trouble} ${times}`)
        .join(', '),
    ),
    toLine('time', `${seconds.toFixed(0)} s`),
  ];
}

const LABEL_WIDTH = 2 + Math.max(...Object.values(COUNTED).map((label) => label.length));

function countOf(value: number | readonly string[]): number {
  return typeof value === 'number' ? value : value.length;
}
