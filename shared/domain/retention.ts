/** How long the ledger keeps the record of a digest, with the papers in it. */
export const DELIVERY_RETENTION_DAYS = 100;

/** How long an unconfirmed profile is kept. */
export const UNCONFIRMED_RETENTION_DAYS = 30;

/** How long a profile is kept after its subscriber left, unless the settings say otherwise. */
export const DEFAULT_LEFT_RETENTION_DAYS = 365;
