/** The publication in {@link environment}. Its variable has it as JSON. */
export const publication = {
  fromAddress: 'papers@example.org',
  publicUrl: 'https://daily.example.org',
  listId: 'daily.example.org',
} as const;

/** A value for every environment variable of every function. */
export const environment: Readonly<Record<string, string>> = {
  PAPERS_TABLE: 'papers',
  LISTS: 'hf-daily,arxiv/cs.*',
  DEFAULT_LISTS: 'hf-daily',
  SUBSCRIBERS_TABLE: 'subscribers',
  DELIVERIES_TABLE: 'deliveries',
  COHORTS_QUEUE_URL: 'https://sqs.us-east-1.amazonaws.com/000000000000/cohorts',
  DIGESTS_QUEUE_URL: 'https://sqs.us-east-1.amazonaws.com/000000000000/digests',
  REQUESTS_QUEUE_URL: 'https://sqs.us-east-1.amazonaws.com/000000000000/requests',
  PUBLIC_URL: 'https://daily.example.org',
  CONFIGURATION_SET: 'digests',
  PUBLICATION: JSON.stringify(publication),
  KEYS_SECRET: 'arn:aws:secretsmanager:us-east-1:000000000000:secret:keys',
  DEFAULT_CADENCE: 'daily',
  DEFAULT_HOUR: '8',
  HOURLY_LIMITS: '{"mails":20}',
  TRUSTED_PROXIES: '["203.0.113.0/24"]',
  EDGE: '{"secret":"0123456789abcdef"}',
  MAX_WORKERS: '2',
  MEMORY_MB: '512',
  WHEN_UNCERTAIN: 'at-most-once',
  STAGE: 'prod',
  LEFT_RETENTION_DAYS: '365',
  MONITORING: 'basic',
  VERSION: '1.2.3',
  COMMIT: '0123456789ab',
};
