import type { Day } from '../../shared/domain/time.ts';

/** One item of a list as JSON text, `{"paper":{"id":"2601.00001",…},…}`: passed on as it is, never read. */
export type ItemText = string;

/**
 * What a loopback server of the daily-papers API answers with: the items of one day's list in their order; undefined
 * for a day without a list. A rejection becomes the server's 500.
 */
export type DailyPapersAnswer = (day: Day) => Promise<readonly ItemText[] | undefined>;
