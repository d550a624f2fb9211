import { describe, expect, test } from '@jest/globals';
import { apiEnvSchema } from '../../functions/api/env.ts';
import { drawCardsEnvSchema } from '../../functions/draw-cards/env.ts';
import { fanOutDigestsEnvSchema } from '../../functions/fan-out-digests/env.ts';
import { handleFeedbackEnvSchema } from '../../functions/handle-feedback/env.ts';
import { handleRequestsEnvSchema } from '../../functions/handle-requests/env.ts';
import { ingestPapersEnvSchema } from '../../functions/ingest-papers/env.ts';
import { planDigestsEnvSchema } from '../../functions/plan-digests/env.ts';
import { sendDigestsEnvSchema } from '../../functions/send-digests/env.ts';
import { sourceNames } from '../../shared/domain/lists/lists.ts';
import type * as z from '../../shared/domain/zod.ts';
import { parseEnvironment } from '../../shared/environment.ts';
import { environment, publication } from '../factories/environment.ts';

/** The variables that every function has for its logs and metrics. */
const EVERYWHERE = ['STAGE', 'MONITORING', 'VERSION', 'COMMIT'];

const schemas: readonly [string, z.ZodMiniObject, readonly string[]][] = [
  ['ingest-papers', ingestPapersEnvSchema, [...EVERYWHERE, 'PAPERS_TABLE', 'LISTS', 'PUBLIC_URL']],
  [
    'plan-digests',
    planDigestsEnvSchema,
    [...EVERYWHERE, 'PAPERS_TABLE', 'LISTS', 'SUBSCRIBERS_TABLE', 'COHORTS_QUEUE_URL'],
  ],
  [
    'fan-out-digests',
    fanOutDigestsEnvSchema,
    [
      ...[...EVERYWHERE, 'SUBSCRIBERS_TABLE', 'DELIVERIES_TABLE', 'DIGESTS_QUEUE_URL', 'COHORTS_QUEUE_URL'],
      'MEMORY_MB',
    ],
  ],
  [
    'send-digests',
    sendDigestsEnvSchema,
    [
      ...[...EVERYWHERE, 'PAPERS_TABLE', 'LISTS', 'SUBSCRIBERS_TABLE', 'DELIVERIES_TABLE'],
      ...['DIGESTS_QUEUE_URL', 'MAX_WORKERS', 'MEMORY_MB', 'WHEN_UNCERTAIN'],
      ...['CONFIGURATION_SET', 'PUBLICATION', 'KEYS_SECRET'],
    ],
  ],
  [
    'handle-feedback',
    handleFeedbackEnvSchema,
    [...EVERYWHERE, 'SUBSCRIBERS_TABLE', 'DELIVERIES_TABLE', 'LEFT_RETENTION_DAYS'],
  ],
  [
    'handle-requests',
    handleRequestsEnvSchema,
    [
      ...EVERYWHERE,
      'LEFT_RETENTION_DAYS',
      'SUBSCRIBERS_TABLE',
      'CONFIGURATION_SET',
      'PUBLICATION',
      'HOURLY_LIMITS',
      'KEYS_SECRET',
    ],
  ],
  ['draw-cards', drawCardsEnvSchema, [...EVERYWHERE, 'PAPERS_TABLE', 'LISTS', 'PUBLICATION', 'EDGE']],
  [
    'api',
    apiEnvSchema,
    [
      ...EVERYWHERE,
      'LEFT_RETENTION_DAYS',
      'PAPERS_TABLE',
      'LISTS',
      'SUBSCRIBERS_TABLE',
      'DELIVERIES_TABLE',
      'REQUESTS_QUEUE_URL',
      ...[
        'PUBLICATION',
        'DEFAULT_CADENCE',
        'DEFAULT_LISTS',
        'DEFAULT_HOUR',
        'HOURLY_LIMITS',
        'TRUSTED_PROXIES',
        'EDGE',
        'KEYS_SECRET',
      ],
    ],
  ],
];
const cases = schemas.flatMap(([name, schema, required]) =>
  required.map((variable) => ({ name, schema, variable })),
);

const messageOf = (read: () => unknown): string => {
  try {
    read();
  } catch (error) {
    return String(error);
  }
  return 'no error';
};

describe('the environment of a function', () => {
  test.each(schemas)('%s needs only its own variables', (_, schema, required) => {
    const own = Object.fromEntries(required.map((name) => [name, environment[name]]));

    expect(Object.keys(parseEnvironment(schema, own)).sort()).toEqual([...required].sort());
  });

  test.each(schemas)('%s names each of them that is missing', (_, schema, required) => {
    const message = messageOf(() => parseEnvironment(schema, {}));

    const [, faults = ''] = /^EnvironmentError: the environment is not complete: (.*)$/.exec(message) ?? [];
    expect(faults.split('; ').sort()).toEqual(required.map((variable) => `${variable} is missing`).sort());
  });

  test.each(cases)('$name refuses an empty $variable', ({ schema, variable }) => {
    expect(messageOf(() => parseEnvironment(schema, { ...environment, [variable]: '' }))).toContain(
      `${variable} is wrong: `,
    );
  });

  test.each(sourceNames)('ingest-papers can read %s from another host, only by HTTP', (source) => {
    const read = (url: string) =>
      parseEnvironment(ingestPapersEnvSchema, {
        ...environment,
        SOURCE_URLS: JSON.stringify({ [source]: url }),
      });
    const url = 'http://127.0.0.1:8080/api';

    expect(read(url).SOURCE_URLS).toEqual({ [source]: url });
    expect(messageOf(() => read('file:///etc/passwd'))).toContain(`SOURCE_URLS.${source} is wrong: `);
  });

  test('ingest-papers refuses the address of an unknown source', () => {
    const SOURCE_URLS = '{"gone":"https://papers.example.org"}';

    expect(
      messageOf(() => parseEnvironment(ingestPapersEnvSchema, { ...environment, SOURCE_URLS })),
    ).toContain('SOURCE_URLS');
  });
});

describe('the defaults of api for a sign-up', () => {
  const read = (variables: object) => parseEnvironment(apiEnvSchema, { ...environment, ...variables });

  test('have the hour as a number', () => {
    expect(['0', '8', '23'].map((DEFAULT_HOUR) => read({ DEFAULT_HOUR }).DEFAULT_HOUR)).toEqual([0, 8, 23]);
  });

  test.each(['24', '-1', '8.5', 'eight', '0x8', ' '])('do not allow the hour %j', (DEFAULT_HOUR) => {
    expect(messageOf(() => read({ DEFAULT_HOUR }))).toContain('DEFAULT_HOUR is wrong: ');
  });

  test('do not allow an unknown cadence', () => {
    expect(messageOf(() => read({ DEFAULT_CADENCE: 'hourly' }))).toContain('DEFAULT_CADENCE is wrong: ');
  });
});

describe('the publication of send-digests', () => {
  const read = (text: string) =>
    parseEnvironment(sendDigestsEnvSchema, { ...environment, PUBLICATION: text }).PUBLICATION;

  test('is JSON, and gets defaults for missing parts', () => {
    expect(read(JSON.stringify(publication))).toEqual({
      ...publication,
      name: 'Broadsheet',
      accentColour: '#9e1b1b',
    });
  });

  test.each(['Broadsheet', '{"name":', "{'name': 'Broadsheet'}"])(
    'is refused when it is not JSON: %s',
    (text) => {
      const message = messageOf(() => read(text));

      expect(message).toContain('PUBLICATION is wrong: expected JSON');
      expect(message).not.toContain(text);
    },
  );

  test('names each wrong part, but not its value', () => {
    const message = messageOf(() =>
      read(JSON.stringify({ ...publication, fromAddress: 'ada at example.org', publicUrl: undefined })),
    );

    expect(message).toContain('PUBLICATION.fromAddress is wrong: expected an email address');
    expect(message).toContain('PUBLICATION.publicUrl is wrong: ');
    expect(message).not.toContain('ada at example.org');
  });
});
