import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { environment } from '../factories/environment.ts';

const VARIABLES = {
  ...environment,
  AWS_REGION: 'us-east-1',
  AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: 'true',
};
const before = { ...process.env };
let serial = 0;

beforeAll(() => {
  Object.assign(process.env, VARIABLES);
});

afterAll(() => {
  process.env = before;
});

/** Composes a function again. The query makes it a new module, and its imports stay the same. */
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
  ['handle-feedback', ['STAGE', 'MONITORING', 'COMMIT', 'SUBSCRIBERS_TABLE', 'DELIVERIES_TABLE']],
  ['handle-requests', ['SUBSCRIBERS_TABLE', 'CONFIGURATION_SET', 'PUBLICATION', 'KEYS_SECRET']],
  ['api', ['PAPERS_TABLE', 'REQUESTS_QUEUE_URL', 'DEFAULT_CADENCE', 'DEFAULT_HOUR', 'KEYS_SECRET']],
])('%s', (name, needed) => {
  test('exports only the handler', async () => {
    expect(await compose(name)).toEqual({ handler: expect.any(Function) });
  });

  test('does not start without its environment variables, and names all missing ones', async () => {
    for (const variable of needed) delete process.env[variable];

    const failure = await compose(name).catch((error: unknown) => String(error));
    Object.assign(process.env, VARIABLES);

    const faults = needed.map((variable) => `${variable} is missing`);
    expect(failure).toBe(`EnvironmentError: the environment is not complete: ${faults.join('; ')}`);
  });
});
