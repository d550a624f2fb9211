import type { Cadence } from '../../domain/cadence.ts';

/** The keys of all three tables. */
export const TABLE_KEY = { partition: 'pk', sort: 'sk' } as const;

/** The attribute with the time to live of an item, in seconds since 1970. `Subscribers` and `Deliveries` use it. */
export const TTL_ATTRIBUTE = 'expiresAt';

/** The three tables, apart because they differ in who may read them. */
export const tableNames = ['papers', 'subscribers', 'deliveries'] as const;

export type TableName = (typeof tableNames)[number];

/**
 * The sparse, keys-only indexes of `Subscribers`, one for each cadence. They hold confirmed subscribers. The partition key is the
 * profile's cohort attribute. The sort key is the table's partition key, so the pages of a cohort are in the order of ids.
 */
export const cohortIndexes: Readonly<Record<Cadence, { readonly name: string; readonly attribute: string }>> =
  {
    instant: { name: 'byInstantCohort', attribute: 'instantCohort' },
    daily: { name: 'byDailyCohort', attribute: 'dailyCohort' },
    weekly: { name: 'byWeeklyCohort', attribute: 'weeklyCohort' },
    monthly: { name: 'byMonthlyCohort', attribute: 'monthlyCohort' },
  };
