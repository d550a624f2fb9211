/** The region that the test deploys to. */
export const REGION = 'us-east-1';

/** The account that ministack uses for callers without one. */
export const ACCOUNT = '000000000000';
