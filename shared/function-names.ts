/** The functions, each a folder of `functions/`; the name that its logs and metrics carry. */
export const functionNames = [
  'ingest-papers',
  'plan-digests',
  'fan-out-digests',
  'send-digests',
  'handle-feedback',
  'handle-requests',
  'api',
] as const;

export type FunctionName = (typeof functionNames)[number];
