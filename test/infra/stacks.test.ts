import { readFile } from 'node:fs/promises';
import { beforeAll, describe, expect, test } from '@jest/globals';
import { App, Duration, type Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { RetentionDays } from 'aws-cdk-lib/aws-logs';
import * as z from 'zod';
import { fanOutDigestsEnvSchema } from '../../functions/fan-out-digests/env.ts';
import { ingestPapersEnvSchema } from '../../functions/ingest-papers/env.ts';
import { planDigestsEnvSchema } from '../../functions/plan-digests/env.ts';
import { sendDigestsEnvSchema } from '../../functions/send-digests/env.ts';
import { NodeFunction } from '../../infra/constructs/node-function.ts';
import { parseSettings, SettingsError } from '../../infra/settings.ts';
import { createStacks } from '../../infra/stacks.ts';
import { ingestRequestSchema } from '../../shared/messages.ts';
import { sourceNames } from '../../shared/sources/source-names.ts';
import { cohortIndexes, TABLE_KEY, TTL_ATTRIBUTE } from '../../shared/table-schema.ts';

/** A resource as the template writes it. */
type Resource = ReturnType<Template['findResources']>[string];
type Resources = Readonly<Record<string, Resource>>;

interface Deployment {
  readonly resources: Resources;
  readonly isDataProtected: boolean;
}

const DAY_SEC = 86_400;
const cdkJsonSchema = z.object({
  context: z.looseObject({
    broadsheet: z.looseObject({ publication: z.looseObject({ fromAddress: z.string() }) }),
  }),
});
const { context } = cdkJsonSchema.parse(JSON.parse(await readFile('cdk.json', 'utf8')));
const settings = { ...context.broadsheet, logRetentionDays: 14 };

let deployments: Readonly<Record<'dev' | 'prod', Deployment>>;
const dev = () => deployments.dev.resources;
const prod = () => deployments.prod.resources;

beforeAll(() => {
  deployments = { dev: synthesise('dev'), prod: synthesise('prod') };
});

/** The resources of both stacks by logical id, without bundles. A finding of the rules that come with CDK ends it. */
function synthesise(stage: keyof typeof deployments): Deployment {
  const app = new App({ context: { ...context, 'aws:cdk:bundling-stacks': [] } });
  const { data, pipeline } = createStacks(app, parseSettings({ ...settings, stage }));
  const resources = [data, pipeline].map((stack): Resources => Template.fromStack(stack).toJSON().Resources);
  return { resources: Object.assign({}, ...resources), isDataProtected: data.terminationProtection === true };
}

function allOf(resources: Resources, type: string): readonly [id: string, resource: Resource][] {
  return Object.entries(resources).filter(([, resource]) => resource.Type === type);
}

/** The only resource of a type whose id begins so. */
function theOne(resources: Resources, type: string, idPrefix: string): Resource {
  const found = allOf(resources, type).filter(([id]) => id.startsWith(idPrefix));
  expect(found.map(([id]) => id)).toHaveLength(1);
  return found[0]?.[1] ?? {};
}

/** The logical id that a `Ref` or `Fn::GetAtt` names. */
function idIn(reference: Resource): string {
  return reference.Ref ?? reference['Fn::GetAtt']?.[0];
}

const tablesOf = (resources: Resources) => allOf(resources, 'AWS::DynamoDB::GlobalTable');
const queuesOf = (resources: Resources) => allOf(resources, 'AWS::SQS::Queue');
const functionsOf = (resources: Resources) => allOf(resources, 'AWS::Lambda::Function');

/** What a deployment keeps to, whatever is added to it: each finds the ids of those that do not. */
const invariants: readonly {
  readonly rule: string;
  readonly faultsIn: (resources: Resources) => readonly string[];
  /** Breaks the rule once. */
  readonly breach: (resources: Resources) => void;
}[] = [
  {
    rule: 'every queue has a dead-letter queue or is one',
    faultsIn: (resources) => {
      const deadLetterQueueOf = ({ Properties: { RedrivePolicy: policy } }: Resource) =>
        policy && idIn(policy.deadLetterTargetArn);
      const deadLetterQueues = queuesOf(resources).map(([, queue]) => deadLetterQueueOf(queue));
      return queuesOf(resources)
        .filter(([id, queue]) => !resources[deadLetterQueueOf(queue)] && !deadLetterQueues.includes(id))
        .map(([id]) => id);
    },
    breach: (resources) => {
      delete theOne(resources, 'AWS::SQS::Queue', 'DigestsCohortsQueue4').Properties.RedrivePolicy;
    },
  },
  {
    rule: 'a queue keeps messages for 4 days and receives at least 5 times, a dead-letter queue keeps them for 14',
    faultsIn: (resources) =>
      queuesOf(resources)
        .filter(([, { Properties: queue }]) =>
          queue.RedrivePolicy
            ? queue.MessageRetentionPeriod !== 4 * DAY_SEC || queue.RedrivePolicy.maxReceiveCount < 5
            : queue.MessageRetentionPeriod !== 14 * DAY_SEC,
        )
        .map(([id]) => id),
    breach: (resources) => {
      theOne(resources, 'AWS::SQS::Queue', 'DigestsCohortsQueue4').Properties.MessageRetentionPeriod += 1;
    },
  },
  {
    rule: 'every queue is encrypted at rest and refuses plain connections',
    faultsIn: (resources) => {
      const refusing = allOf(resources, 'AWS::SQS::QueuePolicy')
        .filter(([, { Properties }]) => JSON.stringify(Properties).includes('"aws:SecureTransport":"false"'))
        .flatMap(([, { Properties }]) => Properties.Queues.map(idIn));
      return queuesOf(resources)
        .filter(([id, queue]) => !queue.Properties.SqsManagedSseEnabled || !refusing.includes(id))
        .map(([id]) => id);
    },
    breach: (resources) => {
      delete theOne(resources, 'AWS::SQS::Queue', 'DigestsCohortsQueue4').Properties.SqsManagedSseEnabled;
    },
  },
  {
    rule: 'a message stays hidden for six times as long as its function may take, and failures are reported one by one',
    faultsIn: (resources) =>
      allOf(resources, 'AWS::Lambda::EventSourceMapping')
        .filter(([, { Properties: mapping }]) => {
          const visibilitySec = resources[idIn(mapping.EventSourceArn)]?.Properties.VisibilityTimeout ?? 0;
          const timeoutSec = resources[idIn(mapping.FunctionName)]?.Properties.Timeout;
          return (
            !(visibilitySec >= 6 * timeoutSec) ||
            !mapping.FunctionResponseTypes?.includes('ReportBatchItemFailures')
          );
        })
        .map(([id]) => id),
    breach: (resources) => {
      theOne(resources, 'AWS::Lambda::Function', 'DigestsSendDigests').Properties.Timeout += 1;
    },
  },
  {
    rule: 'what holds state outlives its stack',
    faultsIn: (resources) =>
      [...tablesOf(resources), ...allOf(resources, 'AWS::SecretsManager::Secret')]
        .filter(([, one]) => one.DeletionPolicy !== 'Retain' || one.UpdateReplacePolicy !== 'Retain')
        .map(([id]) => id),
    breach: (resources) => {
      theOne(resources, 'AWS::SecretsManager::Secret', 'LinkKey').DeletionPolicy = 'Delete';
    },
  },
  {
    rule: 'every table is on demand, backed up and protected from deletion',
    faultsIn: (resources) =>
      tablesOf(resources)
        .filter(([, { Properties: table }]) => {
          const [replica] = table.Replicas;
          const isBackedUp = replica.PointInTimeRecoverySpecification.PointInTimeRecoveryEnabled;
          return table.BillingMode !== 'PAY_PER_REQUEST' || !isBackedUp || !replica.DeletionProtectionEnabled;
        })
        .map(([id]) => id),
    breach: (resources) => {
      theOne(
        resources,
        'AWS::DynamoDB::GlobalTable',
        'Papers',
      ).Properties.Replicas[0].DeletionProtectionEnabled = false;
    },
  },
  {
    rule: 'every function runs on arm64, and its logs are kept for as long as the operator says',
    faultsIn: (resources) =>
      functionsOf(resources)
        .filter(([, { Properties: fn }]) => {
          const logs = resources[idIn(fn.LoggingConfig?.LogGroup ?? {})];
          const isKept = logs?.Properties.RetentionInDays === settings.logRetentionDays;
          return fn.Architectures?.join() !== 'arm64' || fn.Runtime !== 'nodejs22.x' || !isKept;
        })
        .map(([id]) => id),
    breach: (resources) => {
      delete theOne(resources, 'AWS::Logs::LogGroup', 'DigestsSendDigests').Properties.RetentionInDays;
    },
  },
  {
    rule: 'nobody is allowed every action, nor any action on everything',
    faultsIn: (resources) =>
      allOf(resources, 'AWS::IAM::Policy')
        .filter(([, { Properties }]) =>
          Properties.PolicyDocument.Statement.some(
            ({ Effect, Action, Resource }: Resource) =>
              Effect === 'Allow' &&
              ([Action].flat().some((action) => action.includes('*')) || [Resource].flat().includes('*')),
          ),
        )
        .map(([id]) => id),
    breach: (resources) => {
      const policy = theOne(resources, 'AWS::IAM::Policy', 'DigestsPlanDigests');
      policy.Properties.PolicyDocument.Statement[0].Action = 'dynamodb:*';
    },
  },
  {
    rule: 'nothing has a name of its own, so that it can be replaced, and a second deployment stand beside it',
    faultsIn: (resources) =>
      Object.entries(resources)
        .filter(
          ([, { Type, Properties }]) =>
            nameProperties[Type]?.some((name) => name in (Properties ?? {})) ?? true,
        )
        .map(([id]) => id),
    breach: (resources) => {
      theOne(resources, 'AWS::SQS::Queue', 'DigestsCohortsQueue4').Properties.QueueName = 'cohorts';
    },
  },
];

/** Under which property each type of resource would be named; a type that is not here counts as named. */
const nameProperties: Readonly<Record<string, readonly string[]>> = {
  'AWS::DynamoDB::GlobalTable': ['TableName'],
  'AWS::IAM::Policy': [],
  'AWS::IAM::Role': ['RoleName'],
  'AWS::Lambda::EventInvokeConfig': [],
  'AWS::Lambda::EventSourceMapping': [],
  'AWS::Lambda::Function': ['FunctionName'],
  'AWS::Logs::LogGroup': ['LogGroupName'],
  'AWS::Scheduler::Schedule': ['Name'],
  'AWS::SecretsManager::Secret': ['Name'],
  'AWS::SES::ConfigurationSet': ['Name'],
  'AWS::SQS::Queue': ['QueueName'],
  'AWS::SQS::QueuePolicy': [],
};

describe('a deployment', () => {
  test.each(invariants)('$rule', ({ faultsIn, breach }) => {
    const broken = structuredClone(prod());
    breach(broken);

    expect(faultsIn(broken)).not.toEqual([]);
    expect(faultsIn(prod())).toEqual([]);
  });

  test('has the three tables, two queues with their dead-letter queues, and four functions', () => {
    expect([tablesOf, queuesOf, functionsOf].map((find) => find(prod()).length)).toEqual([3, 4, 4]);
  });

  test('can be thrown away in dev: nothing is protected, and nothing stays behind', () => {
    expect(JSON.stringify(dev())).not.toMatch(/"Retain/);
    expect(tablesOf(dev()).flatMap(([, { Properties }]) => Properties.Replicas)).toEqual(
      Array(3).fill(
        expect.objectContaining({
          DeletionProtectionEnabled: false,
          PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: false },
        }),
      ),
    );
  });

  test('cannot lose its data stack by mistake, unless it is dev', () => {
    expect([deployments.dev.isDataProtected, deployments.prod.isDataProtected]).toEqual([false, true]);
  });
});

describe('the tables', () => {
  const keySchema = (partition: string, sort: string) => [
    { AttributeName: partition, KeyType: 'HASH' },
    { AttributeName: sort, KeyType: 'RANGE' },
  ];
  const tableOf = (id: string) => theOne(prod(), 'AWS::DynamoDB::GlobalTable', id).Properties;

  test.each(['Papers', 'Subscribers', 'Deliveries'])('%s has the keys of the schema', (id) => {
    expect(tableOf(id).KeySchema).toEqual(keySchema(TABLE_KEY.partition, TABLE_KEY.sort));
  });

  test('Subscribers alone has indexes: one for each cadence, of keys only', () => {
    expect(tableOf('Subscribers').GlobalSecondaryIndexes).toEqual(
      Object.values(cohortIndexes).map(({ name, attribute }) => ({
        IndexName: name,
        KeySchema: keySchema(attribute, TABLE_KEY.partition),
        Projection: { ProjectionType: 'KEYS_ONLY' },
      })),
    );
    expect([tableOf('Papers'), tableOf('Deliveries')].map((table) => table.GlobalSecondaryIndexes)).toEqual([
      undefined,
      undefined,
    ]);
  });

  test('Subscribers and Deliveries forget what has expired, Papers keeps all', () => {
    const forgetting = { AttributeName: TTL_ATTRIBUTE, Enabled: true };

    expect(['Papers', 'Subscribers', 'Deliveries'].map((id) => tableOf(id).TimeToLiveSpecification)).toEqual([
      undefined,
      forgetting,
      forgetting,
    ]);
  });
});

describe('the functions', () => {
  const functions = [
    ['IngestionIngestPapers', ingestPapersEnvSchema],
    ['DigestsPlanDigests', planDigestsEnvSchema],
    ['DigestsFanOutDigests', fanOutDigestsEnvSchema],
    ['DigestsSendDigests', sendDigestsEnvSchema],
  ] as const;
  const variablesOf = (id: string) =>
    theOne(prod(), 'AWS::Lambda::Function', id).Properties.Environment.Variables;

  test.each(functions)('%s is told all that its schema asks for and nothing else', (id, schema) => {
    const { NODE_OPTIONS: nodeOptions, ...variables } = variablesOf(id);
    const accepts = (environment: object) => z.strictObject(schema.shape).safeParse(environment).success;
    const resolved = Object.fromEntries(
      Object.entries(variables).map(([name, value]) => [name, resolve(value)]),
    );

    expect(nodeOptions).toBe('--enable-source-maps');
    expect(accepts({ ...resolved, SPARE: 'x' })).toBe(false);
    expect(accepts(Object.fromEntries(Object.entries(resolved).slice(1)))).toBe(false);
    expect(accepts(resolved)).toBe(true);
  });

  /** A value that stands for what CloudFormation puts in: long enough for a key, and a URL. */
  const resolve = (value: unknown) =>
    typeof value === 'string' ? value : `https://example.org/${'x'.repeat(32)}`;

  test('a variable that is forgotten, misspelt or untyped does not compile', () => {
    const props = {
      folder: 'plan-digests',
      description: '',
      memorySizeMb: 128,
      timeout: Duration.seconds(1),
      logRetention: RetentionDays.ONE_DAY,
    };
    type Env = z.input<typeof planDigestsEnvSchema>;
    const all: Env = { PAPERS_TABLE: '', SUBSCRIBERS_TABLE: '', COHORTS_QUEUE_URL: '' };
    const { COHORTS_QUEUE_URL: _, ...some } = all;
    const uncompiled = (scope: Stack) => [
      new NodeFunction<Env>(scope, 'A', { ...props, environment: all }),
      // @ts-expect-error a variable is forgotten
      new NodeFunction<Env>(scope, 'B', { ...props, environment: some }),
      // @ts-expect-error a variable is misspelt
      new NodeFunction<Env>(scope, 'C', { ...props, environment: { ...all, COHORT_QUEUE_URL: '' } }),
      // @ts-expect-error the type of the environment is forgotten
      new NodeFunction(scope, 'D', { ...props, environment: all }),
    ];

    expect(uncompiled).toBeDefined();
  });

  test('the link key is generated, and no template holds it', () => {
    const { GenerateSecretString: made, SecretString: written } = theOne(
      prod(),
      'AWS::SecretsManager::Secret',
      'LinkKey',
    ).Properties;

    expect([made.PasswordLength, written]).toEqual([64, undefined]);
    expect(JSON.stringify(variablesOf('DigestsSendDigests').LINK_KEY)).toMatch(
      /^\{"Fn::Join":\["",\["\{\{resolve:secretsmanager:",\{[^{}]*LinkKey[^{}]*\},":SecretString:::\}\}"\]\]\}$/,
    );
  });

  test('batches of digests come one by one, to two workers at once, and outlast a used-up day', () => {
    const mapping = theOne(prod(), 'AWS::Lambda::EventSourceMapping', 'DigestsSendDigests').Properties;
    const queue = prod()[idIn(mapping.EventSourceArn)]?.Properties;

    expect([mapping.BatchSize, mapping.ScalingConfig]).toEqual([1, { MaximumConcurrency: 2 }]);
    expect(queue.VisibilityTimeout * queue.RedrivePolicy.maxReceiveCount).toBeGreaterThan(DAY_SEC);
    expect(queue.VisibilityTimeout * queue.RedrivePolicy.maxReceiveCount).toBeLessThan(
      queue.MessageRetentionPeriod,
    );
  });
});

describe('permissions', () => {
  const statementsOf = (id: string): readonly Resource[] =>
    theOne(prod(), 'AWS::IAM::Policy', id).Properties.PolicyDocument.Statement;

  /** What a function may do with a table: `GetItem PutItem`. */
  const actionsOn = (table: string, id: string) =>
    statementsOf(id)
      .filter(({ Resource }) => JSON.stringify(Resource).includes(`ExportsOutputFnGetAtt${table}`))
      .flatMap(({ Action }) => Action)
      .map((action: string) => action.replace('dynamodb:', ''))
      .join(' ');

  test.each([
    ['IngestionIngestPapers', 'GetItem PutItem Query', '', ''],
    ['DigestsPlanDigests', 'GetItem', 'GetItem PutItem Query', ''],
    ['DigestsFanOutDigests', '', 'DeleteItem Query', 'GetItem PutItem'],
    [
      'DigestsSendDigests',
      'BatchGetItem GetItem Query',
      'GetItem',
      'DeleteItem GetItem PutItem Query UpdateItem',
    ],
  ])('%s does with papers, subscribers and deliveries what it calls, no more', (id, ...expected) => {
    expect(['Papers', 'Subscribers', 'Deliveries'].map((table) => actionsOn(table, id))).toEqual(expected);
  });

  test('one function sends mail, from one address', () => {
    const sending = allOf(prod(), 'AWS::IAM::Policy').flatMap(([id, { Properties }]) =>
      Properties.PolicyDocument.Statement.filter(({ Action }: Resource) =>
        [Action].flat().some((action) => action.startsWith('ses:')),
      ).map(({ Action, Condition }: Resource) => ({ id, Action, Condition })),
    );

    expect(sending).toEqual([
      {
        id: expect.stringMatching(/^DigestsSendDigests/),
        Action: 'ses:SendRawEmail',
        Condition: { StringEquals: { 'ses:FromAddress': settings.publication.fromAddress } },
      },
    ]);
  });

  test('addresses that bounced or complained are not mailed again', () => {
    const { SuppressionOptions } = theOne(prod(), 'AWS::SES::ConfigurationSet', 'MailSender').Properties;

    expect(SuppressionOptions).toEqual({ SuppressedReasons: ['BOUNCE', 'COMPLAINT'] });
  });
});

describe('the schedules', () => {
  const schedules = () =>
    allOf(prod(), 'AWS::Scheduler::Schedule').map(([, { Properties }]) => ({
      at: `${Properties.ScheduleExpression} ${Properties.ScheduleExpressionTimezone}`,
      target: idIn(Properties.Target.Arn).replace(/[0-9A-F]{8}$/, ''),
      input: Properties.Target.Input,
    }));

  test('read each source five minutes before a tick, and plan at each tick', () => {
    expect(schedules()).toEqual([
      ...sourceNames.map((source) => ({
        at: 'cron(10,25,40,55 * * * ? *) Etc/UTC',
        target: 'IngestionIngestPapers',
        input: JSON.stringify({ source }),
      })),
      { at: 'cron(0/15 * * * ? *) Etc/UTC', target: 'DigestsPlanDigests', input: undefined },
    ]);
  });

  test('hand over requests that ingest-papers understands', () => {
    const inputs = schedules().flatMap(({ input }) => (input === undefined ? [] : [JSON.parse(input)]));

    expect(inputs.map((input) => ingestRequestSchema.parse(input).source)).toEqual(sourceNames);
  });
});

describe('the settings', () => {
  test('of cdk.json are an example that works, for dev', () => {
    expect(parseSettings(context.broadsheet)).toMatchObject({ stage: 'dev', logRetentionDays: 30 });
  });

  test('have a default for how long logs are kept', () => {
    const { logRetentionDays: _, ...others } = context.broadsheet;

    expect(parseSettings(others).logRetentionDays).toBe(30);
  });

  test('are refused with every fault at once: its name, its value and what is expected', () => {
    const { listId: _, ...publication } = settings.publication;
    const wrong = {
      stage: 'production',
      publication: { ...publication, fromAddress: 'papers', publicURL: 'https://daily.example.org' },
      logRetentionDays: 31,
      region: 'eu-west-1',
    };

    expect(faultsOf(wrong)).toEqual([
      'broadsheet.stage is "production": Invalid option: expected one of "dev"|"prod"',
      'broadsheet.publication.fromAddress is "papers": expected an e-mail address like "ada@example.org"',
      'broadsheet.publication.listId is missing: Invalid input: expected string, received undefined',
      'broadsheet.publication.publicURL is no setting: expected a name without a typing error',
      expect.stringMatching(/^broadsheet\.logRetentionDays is 31: expected one of 1, 3, 5, 7, 14, 30, 60, /),
      'broadsheet.region is no setting: expected a name without a typing error',
    ]);
  });

  test('are missed where there are none', () => {
    expect(faultsOf(undefined)).toEqual([
      'broadsheet is missing: Invalid input: expected object, received undefined',
    ]);
  });

  function faultsOf(context: unknown): readonly string[] {
    try {
      parseSettings(context);
    } catch (error) {
      if (!(error instanceof SettingsError)) throw error;
      const [heading, ...faults] = error.message.split('\n- ');
      expect(heading).toBe('the settings in cdk.json cannot be used:');
      return faults;
    }
    throw new Error('the settings were accepted');
  }
});
