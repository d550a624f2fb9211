import { countDays, type Day, localDayOf } from '../time/time.ts';
import type { Paper } from './paper.ts';

/** How many votes a paper gained since its vote count of an earlier day. */
export interface Growth {
  /** 1 or more. */
  readonly votes: number;
  /** How many days before today the earlier vote count is from: 1 is yesterday. */
  readonly days: number;
}

/**
 * Returns the rise from the newest vote count of an earlier day to the newest one. Undefined if there is no earlier day, or no rise.
 *
 * @param today the reader's local day
 */
export function findGrowth(
  { voteCounts }: Pick<Paper, 'voteCounts'>,
  today: Day,
  timeZone: string,
): Growth | undefined {
  const newest = voteCounts.at(-1);
  if (!newest || voteCounts.length === 1) return undefined;
  const earlier = voteCounts.findLast(({ at }) => localDayOf(at, timeZone) < today);
  if (!earlier || earlier.upvotes >= newest.upvotes) return undefined;
  return {
    votes: newest.upvotes - earlier.upvotes,
    days: countDays(localDayOf(earlier.at, timeZone), today) - 1,
  };
}
