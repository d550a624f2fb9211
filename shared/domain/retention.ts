/** How long the ledger remembers a digest, and with it which papers a subscriber was sent. */
export const DELIVERY_RETENTION_DAYS = 100;

/** How long a profile is kept that nobody confirmed. */
export const UNCONFIRMED_RETENTION_DAYS = 30;

/** How long a profile is kept after its subscriber left, unless the settings say otherwise. */
export const DEFAULT_LEFT_RETENTION_DAYS = 365;
