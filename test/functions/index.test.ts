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

/** Each function, and a variable that it needs. `env.test.ts` has all of them. */
const functions = [
  ['ingest-papers', 'PUBLIC_URL'],
  ['plan-digests', 'COHORTS_QUEUE_URL'],
  ['fan-out-digests', 'DELIVERIES_TABLE'],
  ['send-digests', 'MAX_WORKERS'],
  ['handle-feedback', 'LEFT_RETENTION_DAYS'],
  ['handle-requests', 'HOURLY_LIMITS'],
  ['api', 'DEFAULT_HOUR'],
  ['draw-cards', 'EDGE'],
] as const;

describe.each(functions)('%s', (name, needed) => {
  test('exports only the handler', async () => {
    expect(await compose(name)).toEqual({ handler: expect.any(Function) });
  });

  test('does not start without an environment variable that it needs', async () => {
    delete process.env[needed];

    const failure = await compose(name).catch((error: unknown) => String(error));
    Object.assign(process.env, VARIABLES);

    expect(failure).toBe(`EnvironmentError: the environment is not complete: ${needed} is missing`);
  });
});
