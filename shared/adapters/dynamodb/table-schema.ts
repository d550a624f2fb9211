import type { Cadence } from '../../domain/subscribers/cadence.ts';

/** The keys of all three tables. */
export const TABLE_KEY = { partition: 'pk', sort: 'sk' } as const;

/** The attribute with the time to live of an item, in seconds since 1970. `Subscribers` and `Deliveries` use it. */
export const TTL_ATTRIBUTE = 'expiresAt';

/** The three tables, apart because they differ in who may read them. */
export const tableNames = ['papers', 'subscribers', 'deliveries'] as const;

export type TableName = (typeof tableNames)[number];

/** An index of `Subscribers` by cohort. */
export interface CohortIndex {
  readonly name: string;
  /** The attribute of the profile that holds the key of its cohort. */
  readonly attribute: string;
  /** What the index holds of a profile besides keys. @default nothing */
  readonly projects?: string;
}

/** The attribute of a profile that holds the lists of its instant subscriptions. */
export const INSTANT_LISTS_ATTRIBUTE = 'instantLists';

/**
 * The sparse index of each cadence. It holds confirmed subscribers. The partition key is the profile's cohort attribute. The sort
 * key is the table's partition key, so the pages of a cohort are in the order of ids.
 */
export const cohortIndexes: Readonly<Record<Cadence, CohortIndex>> = {
  instant: { name: 'byInstantLists', attribute: 'instantCohort', projects: INSTANT_LISTS_ATTRIBUTE },
  daily: { name: 'byDailyCohort', attribute: 'dailyCohort' },
  weekly: { name: 'byWeeklyCohort', attribute: 'weeklyCohort' },
  monthly: { name: 'byMonthlyCohort', attribute: 'monthlyCohort' },
};

/**
 * Indexes that only the previous release reads. They stay for one release, so that a rollback finds them. DynamoDB creates or
 * deletes one index per update of a table.
 */
export const retiredIndexes: readonly CohortIndex[] = [
  { name: 'byInstantCohort', attribute: 'instantCohort' },
];
