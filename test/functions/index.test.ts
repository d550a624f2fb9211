import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';

const VARIABLES: Readonly<Record<string, string>> = {
  AWS_REGION: 'us-east-1',
  AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: 'true',
  PAPERS_TABLE: 'papers',
  SUBSCRIBERS_TABLE: 'subscribers',
  DELIVERIES_TABLE: 'deliveries',
  COHORTS_QUEUE_URL: 'https://sqs.us-east-1.amazonaws.com/000000000000/cohorts',
  DIGESTS_QUEUE_URL: 'https://sqs.us-east-1.amazonaws.com/000000000000/digests',
  REQUESTS_QUEUE_URL: 'https://sqs.us-east-1.amazonaws.com/000000000000/requests',
  PUBLIC_URL: 'https://daily.example.org',
  CONFIGURATION_SET: 'digests',
  PUBLICATION: JSON.stringify({
    fromAddress: 'papers@example.org',
    publicUrl: 'https://daily.example.org',
    listId: 'daily.example.org',
  }),
  KEYS_SECRET: 'arn:aws:secretsmanager:us-east-1:000000000000:secret:keys',
  DEFAULT_CADENCE: 'daily',
  DEFAULT_HOUR: '8',
  TRUSTED_PROXIES: '[]',
  MAX_WORKERS: '2',
  WHEN_UNCERTAIN: 'at-most-once',
  MONITORING: 'basic',
};
const before = { ...process.env };
let serial = 0;

beforeAll(() => {
  Object.assign(process.env, VARIABLES);
});

afterAll(() => {
  process.env = before;
});

/** Composes a function anew: the query makes the module another one, while all that it imports stays. */
const compose = async (name: string): Promise<object> => {
  serial += 1;
  const specifier = `../../functions/${name}/index.ts?${serial}`;
  const exported: object = await import(specifier);
  return { ...exported };
};

describe.each([
  ['ingest-papers', ['PAPERS_TABLE', 'PUBLIC_URL']],
  ['plan-digests', ['PAPERS_TABLE', 'COHORTS_QUEUE_URL']],
  ['fan-out-digests', ['DELIVERIES_TABLE', 'DIGESTS_QUEUE_URL', 'COHORTS_QUEUE_URL']],
  ['send-digests', ['DIGESTS_QUEUE_URL', 'MAX_WORKERS', 'CONFIGURATION_SET', 'PUBLICATION', 'KEYS_SECRET']],
  ['handle-feedback', ['MONITORING', 'SUBSCRIBERS_TABLE', 'DELIVERIES_TABLE']],
  ['handle-requests', ['SUBSCRIBERS_TABLE', 'CONFIGURATION_SET', 'PUBLICATION', 'KEYS_SECRET']],
  ['api', ['PAPERS_TABLE', 'REQUESTS_QUEUE_URL', 'DEFAULT_CADENCE', 'DEFAULT_HOUR', 'KEYS_SECRET']],
])('%s', (name, needed) => {
  test('exports one thing, the handler', async () => {
    expect(await compose(name)).toEqual({ handler: expect.any(Function) });
  });

  test('does not start without what it needs, and names all of it', async () => {
    for (const variable of needed) delete process.env[variable];

    const failure = await compose(name).catch((error: unknown) => String(error));
    Object.assign(process.env, VARIABLES);

    const faults = needed.map((variable) => `${variable} is missing`);
    expect(failure).toBe(`EnvironmentError: the environment is not complete: ${faults.join('; ')}`);
  });
});
