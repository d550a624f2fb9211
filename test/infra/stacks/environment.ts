import { describe, expect, test } from '@jest/globals';
import { Duration, type Stack } from 'aws-cdk-lib';
import { Code } from 'aws-cdk-lib/aws-lambda';
import { RetentionDays } from 'aws-cdk-lib/aws-logs';
import { apiEnvSchema } from '../../../functions/api/env.ts';
import { drawCardsEnvSchema } from '../../../functions/draw-cards/env.ts';
import { fanOutDigestsEnvSchema } from '../../../functions/fan-out-digests/env.ts';
import { handleFeedbackEnvSchema } from '../../../functions/handle-feedback/env.ts';
import { handleRequestsEnvSchema } from '../../../functions/handle-requests/env.ts';
import { ingestPapersEnvSchema } from '../../../functions/ingest-papers/env.ts';
import { planDigestsEnvSchema } from '../../../functions/plan-digests/env.ts';
import { sendDigestsEnvSchema } from '../../../functions/send-digests/env.ts';
import { NodeFunction } from '../../../infra/constructs/node-function.ts';
import { processVariables } from '../../../infra/memory.ts';
import { settingsExamples } from '../../../infra/settings/examples.ts';
import { parseSettings } from '../../../infra/settings/parse-settings.ts';
import { type SettingsInput, settingsSchema } from '../../../infra/settings/schema.ts';
import { arxivCategoryIds } from '../../../shared/domain/lists/arxiv-categories.ts';
import * as z from '../../../shared/domain/zod.ts';
import type { FunctionName } from '../../../shared/observability.ts';
import { type Deployment, functionIdOf, settingsWith, synthesise } from '../deployment.ts';
import { allOf, textOf } from '../template.ts';

const schemas = {
  'ingest-papers': ingestPapersEnvSchema,
  'plan-digests': planDigestsEnvSchema,
  'fan-out-digests': fanOutDigestsEnvSchema,
  'send-digests': sendDigestsEnvSchema,
  'handle-feedback': handleFeedbackEnvSchema,
  'handle-requests': handleRequestsEnvSchema,
  api: apiEnvSchema,
  'draw-cards': drawCardsEnvSchema,
} as const satisfies Record<FunctionName, z.ZodMiniObject>;
const names = Object.keys(schemas) as readonly FunctionName[];
const urls = { 'hf-daily': 'https://papers.example.org/hf-daily', arxiv: 'https://papers.example.org/arxiv' };
const feeds = { Distill: 'https://distill.pub/rss.xml' };

const withDefaults = () => synthesise();
const lists = {
  'hf-daily': { url: urls['hf-daily'] },
  arxiv: { url: urls.arxiv, categories: ['cs.*', 'stat.ML'] },
  feed: { feeds },
};
const openSearch = {
  endpoint: 'https://search-papers-abc.us-east-1.es.amazonaws.com',
  arn: 'arn:aws:es:us-east-1:111122223333:domain/papers',
};
const deployment = () => synthesise({ lists, monitoring: 'full', search: { openSearch } });

/** The variables that a function may lack. */
const OPTIONAL: readonly string[] = ['SOURCE_URLS', 'FEEDS', 'OPEN_SEARCH'];

/**
 * Returns the environment of a function. Values that CloudFormation resolves become URLs,
 * `https://stand-in.example/<Papers>`. The API becomes an origin.
 */
function variablesOf(name: FunctionName, from = deployment()): Record<string, string> {
  const { Variables } = from.resources[functionIdOf(from, name)]?.Properties.Environment ?? {};
  return Object.fromEntries(
    Object.entries<string>(Variables).map(([variable, value]) => [
      variable,
      textOf(value)
        .replace(/<(\w+)\.ApiEndpoint>/g, (_, id: string) => `https://${id.toLowerCase()}.stand-in.example`)
        .replace(/<([\w.:]+)>/g, 'https://stand-in.example/$1'),
    ]),
  );
}

/** The variables that limit the memory of a function's process. Its code does not read them. */
function limitsOf(name: FunctionName): Readonly<Record<string, string>> {
  const limits: Readonly<Partial<Record<FunctionName, Readonly<Record<string, string>>>>> = processVariables;
  return limits[name] ?? {};
}

describe.each(names)('%s', (name) => {
  const schema = schemas[name];
  const accepts = (environment: object) => z.strictObject(schema.shape).safeParse(environment).success;

  test('has exactly the variables of its schema', () => {
    const variables = Object.fromEntries(
      Object.entries(variablesOf(name)).filter(([variable]) => !(variable in limitsOf(name))),
    );

    expect(Object.keys(variables).sort()).toEqual(Object.keys(schema.shape).sort());
    expect(accepts(variables)).toBe(true);
    expect(accepts({ ...variables, SPARE: 'x' })).toBe(false);
    for (const variable of Object.keys(variables)) {
      const { [variable]: __, ...others } = variables;
      expect([variable, accepts(others)]).toEqual([variable, OPTIONAL.includes(variable)]);
    }
  });

  test('has the limits of its memory, and no function has others', () => {
    const { NODE_OPTIONS, MALLOC_ARENA_MAX, MALLOC_TRIM_THRESHOLD_ } = variablesOf(name, withDefaults());

    expect({ NODE_OPTIONS, MALLOC_ARENA_MAX, MALLOC_TRIM_THRESHOLD_ }).toEqual(limitsOf(name));
  });

  test('has the stage and the level of monitoring', () => {
    const told = [withDefaults(), deployment()].map((from) => variablesOf(name, from));

    expect(told).toMatchObject([
      { STAGE: 'prod', MONITORING: 'basic' },
      { STAGE: 'prod', MONITORING: 'full' },
    ]);
  });
});

describe('the functions', () => {
  test('read a source at another URL only if the settings name one', () => {
    const oneMoved = synthesise({ lists: { 'hf-daily': lists['hf-daily'] } });
    const urlsOf = (from: Deployment) => JSON.parse(variablesOf('ingest-papers', from).SOURCE_URLS ?? '{}');

    expect(urlsOf(deployment())).toEqual(urls);
    expect(urlsOf(oneMoved)).toEqual({ 'hf-daily': urls['hf-daily'] });
    expect(variablesOf('ingest-papers', withDefaults())).not.toHaveProperty('SOURCE_URLS');
  });

  test('know the lists of the settings, and those that readers follow by default', () => {
    for (const name of ['ingest-papers', 'plan-digests', 'send-digests', 'api', 'draw-cards'] as const) {
      expect(variablesOf(name).LISTS).toBe('hf-daily,arxiv/cs.*,arxiv/stat.ML,feed/Distill');
      expect(variablesOf(name, withDefaults()).LISTS).toBe('hf-daily');
    }
    expect(JSON.parse(variablesOf('ingest-papers').FEEDS ?? '{}')).toEqual(feeds);
    expect(variablesOf('ingest-papers', withDefaults())).not.toHaveProperty('FEEDS');
  });

  test('know OpenSearch only if the settings name it', () => {
    for (const name of ['ingest-papers', 'api'] as const) {
      expect(JSON.parse(variablesOf(name).OPEN_SEARCH ?? '{}')).toMatchObject({
        endpoint: openSearch.endpoint,
      });
      expect(variablesOf(name, withDefaults())).not.toHaveProperty('OPEN_SEARCH');
    }
  });

  test('that send mail and that serve pages have the same publication, with the URL of the API', () => {
    const { PUBLICATION } = sendDigestsEnvSchema.parse(variablesOf('send-digests'));

    expect(apiEnvSchema.parse(variablesOf('api')).PUBLICATION).toEqual(PUBLICATION);
    expect(handleRequestsEnvSchema.parse(variablesOf('handle-requests')).PUBLICATION).toEqual(PUBLICATION);
    expect(PUBLICATION.publicUrl).toMatch(/^https:\/\/apigatewayhttpapi\w+\.stand-in\.example$/);
    expect(variablesOf('ingest-papers').PUBLIC_URL).toBe(PUBLICATION.publicUrl);
  });

  test('that serve pages have the default preferences', () => {
    const chosen = synthesise({
      lists,
      defaults: { cadence: 'weekly', hour: 0, lists: ['arxiv/stat.ML', 'hf-daily'] },
    });
    const defaultsOf = (from: Deployment) => apiEnvSchema.parse(variablesOf('api', from));

    expect(defaultsOf(withDefaults())).toMatchObject({
      DEFAULT_CADENCE: 'daily',
      DEFAULT_HOUR: 8,
      DEFAULT_LISTS: [{ id: 'hf-daily' }],
    });
    expect(defaultsOf(chosen)).toMatchObject({
      DEFAULT_CADENCE: 'weekly',
      DEFAULT_HOUR: 0,
      DEFAULT_LISTS: [{ id: 'arxiv/stat.ML' }, { id: 'hf-daily' }],
    });
  });

  test('that save profiles have the retention of profiles that left', () => {
    const longer = synthesise({ leftRetentionDays: 730 });

    for (const name of ['api', 'handle-requests', 'handle-feedback'] as const)
      expect([variablesOf(name, withDefaults()), variablesOf(name, longer)]).toMatchObject([
        { LEFT_RETENTION_DAYS: '365' },
        { LEFT_RETENTION_DAYS: '730' },
      ]);
  });

  test('that serve pages have the URL of the requests queue', () => {
    const url = variablesOf('api').REQUESTS_QUEUE_URL;

    expect(url).toMatch(/^https:\/\/stand-in\.example\/RequestsRequestsQueue\w{8}$/);
  });

  test('have the ARN of the secret, never its content', () => {
    expect(variablesOf('send-digests').KEYS_SECRET).toMatch(/^https:\/\/stand-in\.example\/Keys\w{8}$/);
  });
});

describe('the longest settings that are accepted', () => {
  /** Lambda refuses more than this for all variables together, as JSON. */
  const MAX_BYTES = 4096;
  /** The names of the tables, the URLs of the queues and the ARN of the secret are shorter on average. */
  const RESOLVED = 'x'.repeat(110);
  const categories = [...arxivCategoryIds];
  const growing: readonly (readonly [
    name: string,
    most: number,
    (count: number) => Partial<SettingsInput>,
  ])[] = [
    [
      'URL',
      4096,
      (count) => ({ lists: { 'hf-daily': { url: `https://example.org/${'x'.repeat(count)}` } } }),
    ],
    [
      'defaults and proxies',
      100,
      (count) => ({
        lists: { arxiv: { categories } },
        defaults: { lists: categories.slice(0, count).map((category) => `arxiv/${category}`) },
        trustedProxies: Array.from({ length: Math.ceil(count / 2) }, (_, n) => `203.0.${n}.0/24`),
      }),
    ],
    [
      'feeds and texts',
      30,
      (count) => ({
        publication: {
          fromAddress: `${'f'.repeat(60)}@example.org`,
          name: '“”'.repeat(30),
          postalAddress: '"'.repeat(200),
          unsubscribeMailto: `${'u'.repeat(60)}@example.org`,
        },
        lists: {
          feed: {
            feeds: Object.fromEntries(
              Array.from({ length: count }, (_, n) => [`Feed-${n}`, 'https://example.org/rss']),
            ),
          },
        },
        search: { openSearch },
        monitoring: 'full',
      }),
    ],
  ];

  test.each(growing)('fit into the environment of each function: %s', (_, most, settingsOf) => {
    const isAccepted = (count: number) => {
      try {
        return parseSettings(settingsWith(settingsOf(count))) !== undefined;
      } catch {
        return false;
      }
    };
    const longest = Array.from({ length: most }, (__, n) => most - n).find(isAccepted) ?? 0;
    const { resources } = synthesise(settingsOf(longest));

    expect(longest).toBeGreaterThan(5);
    for (const [id, { Properties }] of allOf(resources, 'AWS::Lambda::Function')) {
      const entries = Object.entries<string>(Properties.Environment.Variables);
      const variables = entries.map(([name, value]) => [name, textOf(value).replace(/<[\w.:]+>/g, RESOLVED)]);
      const bytes = Buffer.byteLength(JSON.stringify(Object.fromEntries(variables)));
      expect([id, bytes <= MAX_BYTES ? MAX_BYTES : bytes]).toEqual([id, MAX_BYTES]);
    }
  });
});

test('a missing, misspelt or untyped environment variable does not compile', () => {
  const props = {
    defaults: {
      logRetention: RetentionDays.ONE_DAY,
      settings: settingsSchema.parse(settingsExamples.dev),
      release: { version: '1.2.3', commit: 'unknown' },
      codeOf: () => Code.fromInline('// bundle'),
    },
    folder: 'plan-digests',
    description: '',
    timeout: Duration.seconds(1),
  } as const;
  type Env = z.input<typeof planDigestsEnvSchema>;
  const all = { PAPERS_TABLE: '', LISTS: '', SUBSCRIBERS_TABLE: '', COHORTS_QUEUE_URL: '' };
  const { COHORTS_QUEUE_URL: _, ...some } = all;
  const uncompiled = (scope: Stack) => [
    new NodeFunction<Env>(scope, 'A', { ...props, environment: all }),
    // @ts-expect-error a variable is missing
    new NodeFunction<Env>(scope, 'B', { ...props, environment: some }),
    // @ts-expect-error a variable is misspelt
    new NodeFunction<Env>(scope, 'C', { ...props, environment: { ...some, COHORT_QUEUE_URL: '' } }),
    // @ts-expect-error the type of the environment is missing
    new NodeFunction(scope, 'D', { ...props, environment: all }),
  ];

  expect(uncompiled).toBeDefined();
});
