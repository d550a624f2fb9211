import { tableOf } from '../../infra/markdown-table.ts';
import { createRandom } from '../../test/simulation/seeded-random.ts';
import { bootstrapInterval, type Interval, meanOf, ndcg } from './measure.ts';
import { GROWTH_VARIANTS, ORDERS, type Order, RAW_VOTES, SIZE_VARIANTS, VARIANTS } from './orders.ts';
import type { Candidate, RecordedDay, Recordings } from './recorded-days.ts';

const SEED = 1;

/** A day with fewer papers says little: five of them are shown in any order. */
const MIN_PAPERS = 6;

type Gain = (one: Candidate) => number;
const finalVotes: Gain = (one) => one.finalVotes;
const growth: Gain = (one) => Math.max(0, one.finalVotes - one.paper.upvotes);

/** Papers that are ranked together, such as those of one day. */
type Group = readonly Candidate[];

/** How well an order ranks some groups, beside raw votes. */
export interface Figure {
  readonly mean: number;
  readonly interval: Interval;
  /** The mean difference to raw votes on the same groups. */
  readonly gained: number;
  readonly gainedInterval: Interval;
  /** How many groups there are. */
  readonly groups: number;
}

/** Measures an order. Groups in which nothing can be gained do not count. */
export function measure({ scoreOf }: Pick<Order, 'scoreOf'>, groups: readonly Group[], gainOf: Gain): Figure {
  const pairs = groups.flatMap((group) => {
    const value = ndcg(group, scoreOf, gainOf);
    const control = ndcg(group, RAW_VOTES.scoreOf, gainOf);
    return value === undefined || control === undefined ? [] : { value, gained: value - control };
  });
  const values = pairs.map(({ value }) => value);
  const gains = pairs.map(({ gained }) => gained);
  return {
    mean: meanOf(values),
    interval: bootstrapInterval(values, createRandom(SEED)),
    gained: meanOf(gains),
    gainedInterval: bootstrapInterval(gains, createRandom(SEED)),
    groups: pairs.length,
  };
}

/** Splits days by month: the first half of the months to tune on, and the others held out. `heldOutFrom` is a month: `2025-09`. */
export function splitByMonth<Dated extends { readonly day: string }>(
  days: readonly Dated[],
  heldOutFrom?: string,
) {
  const months = [...new Set(days.map(monthOf))].sort();
  const first = heldOutFrom ?? months[Math.ceil(months.length / 2)] ?? '';
  return {
    tuning: days.filter((one) => monthOf(one) < first),
    heldOut: days.filter((one) => monthOf(one) >= first),
  };
}

function monthOf({ day }: { readonly day: string }): string {
  return day.slice(0, 7);
}

/** Prints every table. Returns whether there was a day to measure. */
export function printEvaluation(
  { days: all, problems }: Recordings,
  heldOutFrom: string | undefined,
  print: (line: string) => void,
): boolean {
  for (const problem of problems) print(`Left out: ${problem}`);
  const days = all.filter(({ atFirstSight }) => atFirstSight.length >= MIN_PAPERS);
  const { tuning, heldOut } = splitByMonth(days, heldOutFrom);
  if (tuning.length === 0 || heldOut.length === 0) {
    print('Expected days of two months with two snapshots or more, and six papers or more.');
    return false;
  }
  const papers = days.reduce((sum, { atFirstSight }) => sum + atFirstSight.length, 0);
  const lost = days.reduce((sum, one) => sum + one.lost, 0);
  print(
    `${days.length} days with ${papers} papers at first sight. ${all.length - days.length} days with two snapshots have fewer than ${MIN_PAPERS} papers and are left out.`,
  );
  print(`${lost} papers are left out, because the last snapshot of their day does not have them.`);
  print(
    'The figures are nDCG@5, the mean of the days, with 95 % intervals from a seeded bootstrap over the days.',
  );

  const first = (some: readonly RecordedDay[]) => some.map(({ atFirstSight }) => atFirstSight);
  for (const [name, some] of [
    ['Tuning months', tuning],
    ['Held-out months', heldOut],
    ['All months', days],
  ] as const) {
    print(`\n${name} (${spanOf(some)}), at first sight: ${some.length} days\n`);
    print(toTable([...ORDERS, ...(name === 'All months' ? [] : VARIANTS)], first(some)));
  }
  print('\nBy month, at first sight: raw votes, and the trending score\n');
  print(toMonthTable(days));

  print(`\nAt first sight, with a drawn history: ${days.length} days\n`);
  print(
    toTable(
      [...ORDERS, ...GROWTH_VARIANTS],
      days.map((one) => one.atFirstSightDrawn),
    ),
  );
  for (const [name, groups] of [
    ['with a drawn history', days.map(({ atSecondSightDrawn }) => atSecondSightDrawn)],
    ['as after an outage between the two snapshots', days.map(({ atSecondSight }) => atSecondSight)],
  ] as const) {
    const second = groups.filter((group) => group.length >= MIN_PAPERS);
    print(`\nAt second sight, ${name}: ${second.length} days\n`);
    print(
      second.length > 0 ? toTable([...ORDERS, ...GROWTH_VARIANTS], second) : 'No day has three snapshots.',
    );
  }

  const weeks = toWeeks(days);
  print(`\nThe days of a week ranked together, at first sight: ${weeks.length} weeks\n`);
  print(weeks.length > 0 ? toTable([RAW_VOTES, ...SIZE_VARIANTS], weeks) : 'No week has two days.');
  return true;
}

function spanOf(days: readonly RecordedDay[]): string {
  const months = [...new Set(days.map(monthOf))];
  return months.length > 1 ? `${months[0]} to ${months.at(-1)}` : `${months[0]}`;
}

function toTable(orders: readonly Order[], groups: readonly Group[]): string {
  return tableOf(
    ['', 'final votes:', 'minus raw votes:', 'growth:', 'minus raw votes:'],
    orders.map((order) => [
      order.name,
      ...[finalVotes, growth].flatMap((gainOf) => {
        const { mean, interval, gained, gainedInterval } = measure(order, groups, gainOf);
        const difference = `${toSigned(gained)} (${toSigned(gainedInterval.low)} to ${toSigned(gainedInterval.high)})`;
        return [
          `${mean.toFixed(3)} (${interval.low.toFixed(3)} to ${interval.high.toFixed(3)})`,
          order === RAW_VOTES ? '' : difference,
        ];
      }),
    ]),
  );
}

function toMonthTable(days: readonly RecordedDay[]): string {
  const [votes, score] = ORDERS.slice(0, 2) as [Order, Order];
  return tableOf(
    ['month', 'days:', 'final votes:', 'score:', 'growth:', 'score:'],
    [...new Set(days.map(monthOf))].map((month) => {
      const groups = days.filter((one) => monthOf(one) === month).map(({ atFirstSight }) => atFirstSight);
      const cells = [finalVotes, growth].flatMap((gainOf) =>
        [votes, score].map((order) => measure(order, groups, gainOf).mean.toFixed(3)),
      );
      return [month, `${groups.length}`, ...cells];
    }),
  );
}

function toSigned(value: number): string {
  return `${value < 0 ? '-' : '+'}${Math.abs(value).toFixed(3)}`;
}

const MS_PER_WEEK = 7 * 86_400_000;
/** A Monday. */
const FIRST_MONDAY = Date.UTC(1970, 0, 5);

/** The papers of the weeks that have two days or more. */
function toWeeks(days: readonly RecordedDay[]): readonly Group[] {
  const weeks = new Map<number, RecordedDay[]>();
  for (const one of days) {
    const week = Math.floor((Date.parse(one.day) - FIRST_MONDAY) / MS_PER_WEEK);
    weeks.set(week, [...(weeks.get(week) ?? []), one]);
  }
  return [...weeks.values()]
    .filter((ofWeek) => ofWeek.length > 1)
    .map((ofWeek) => ofWeek.flatMap(({ atFirstSight }) => atFirstSight));
}
