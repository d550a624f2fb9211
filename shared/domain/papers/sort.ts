/**
 * How the papers of a subscription are sorted. `trending` and `new` ignore the query. `match` ranks by how well a paper matches it.
 */
export const sorts = ['trending', 'new', 'match'] as const;

export type Sort = (typeof sorts)[number];

/** The order if the reader does not choose one. */
export const DEFAULT_SORT: Sort = 'trending';
