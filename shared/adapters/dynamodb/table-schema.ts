import type { Cadence } from '../../domain/cadence.ts';

/** The keys of all three tables. */
export const TABLE_KEY = { partition: 'pk', sort: 'sk' } as const;

/** The attribute by which `Subscribers` (counters against flooding, profiles that nobody confirmed) and `Deliveries` forget old items: seconds since 1970. */
export const TTL_ATTRIBUTE = 'expiresAt';

/** The three tables, apart because they differ in who may read them. */
export const tableNames = ['papers', 'subscribers', 'deliveries'] as const;

export type TableName = (typeof tableNames)[number];

/**
 * The sparse, keys-only index of `Subscribers` in which a confirmed subscriber stands for each cadence in use. Its
 * partition key is the profile's cohort attribute, its sort key the table's partition key, so a cohort pages in the order of ids.
 */
export const cohortIndexes: Readonly<Record<Cadence, { readonly name: string; readonly attribute: string }>> =
  {
    instant: { name: 'byInstantCohort', attribute: 'instantCohort' },
    daily: { name: 'byDailyCohort', attribute: 'dailyCohort' },
    weekly: { name: 'byWeeklyCohort', attribute: 'weeklyCohort' },
    monthly: { name: 'byMonthlyCohort', attribute: 'monthlyCohort' },
  };
