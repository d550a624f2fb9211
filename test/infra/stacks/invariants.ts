import { beforeAll, describe, expect, test } from '@jest/globals';
import { Stack, TagManager } from 'aws-cdk-lib';
import { stackNamesOf } from '../../../infra/stack-names.ts';
import {
  cohortIndexes,
  retiredIndexes,
  TABLE_KEY,
  TTL_ATTRIBUTE,
  tableNames,
} from '../../../shared/adapters/dynamodb/table-schema.ts';
import { functionNames } from '../../../shared/observability.ts';
import { loadPreviousVersion } from '../../deploy/previous-version.ts';
import { createApp, synthesise } from '../deployment.ts';
import { accessRules } from '../rules/access.ts';
import { alarmRules } from '../rules/alarms.ts';
import { functionRules } from '../rules/functions.ts';
import { nameRules } from '../rules/names.ts';
import { queueRules } from '../rules/queues.ts';
import type { Rule } from '../rules/rule.ts';
import { stateRules } from '../rules/state.ts';
import { allOf, type Resources, theOne } from '../template.ts';

const LOG_RETENTION_DAYS = 14;
const site = {
  domainName: 'daily.example.org',
  certificateArn: 'arn:aws:acm:eu-west-1:111122223333:certificate/1',
  hostedZone: { id: 'Z0123456789ABC', name: 'example.org' },
};
const sender = { identity: 'example.org', hostedZone: site.hostedZone };

/** The smallest deployment and the largest. */
const others = { logRetentionDays: LOG_RETENTION_DAYS } as const;
const deployments = {
  dev: () => synthesise({ ...others, stage: 'dev' }),
  prod: () => synthesise(others),
  full: () =>
    synthesise({
      ...others,
      site,
      sender,
      monitoring: 'full',
      alarmAddress: 'ada@example.org',
      encryptTopics: true,
    }),
};
const prod = () => deployments.prod().resources;

const rules: readonly Rule[] = [
  ...queueRules,
  ...stateRules,
  ...functionRules(LOG_RETENTION_DAYS),
  ...accessRules,
  ...alarmRules,
  ...nameRules,
];

describe.each(rules)('$rule', ({ faultsIn, breaches }) => {
  test('in the smallest prod deployment and in the largest', () => {
    expect([faultsIn(prod()), faultsIn(deployments.full().resources)]).toEqual([[], []]);
  });

  test.each(breaches.map((breach, index) => ({ breach, number: index + 1 })))(
    'or the breach is found (no. $number)',
    ({ breach }) => {
      const broken: Resources = structuredClone(prod());
      breach(broken);

      expect(faultsIn(broken)).not.toEqual([]);
    },
  );
});

describe('a deployment', () => {
  const count = (type: string) => allOf(prod(), type).length;

  test('has a table for each audience, a function for each folder, and four queues with dead-letter queues', () => {
    expect(count('AWS::DynamoDB::GlobalTable')).toBe(tableNames.length);
    expect(count('AWS::Lambda::Function')).toBe(functionNames.length);
    expect(count('AWS::Lambda::EventSourceMapping')).toBe(4);
    expect(count('AWS::SQS::Queue')).toBe(8);
    expect(count('AWS::Scheduler::Schedule')).toBe(2);
  });

  test('leaves two of a new account’s ten concurrent functions for pages and schedules', () => {
    const limits = allOf(prod(), 'AWS::Lambda::EventSourceMapping').map(
      ([, { Properties }]) => Properties.ScalingConfig.MaximumConcurrency,
    );

    expect(limits.reduce((sum, limit) => sum + limit, 0)).toBeLessThanOrEqual(8);
  });

  test('has the stage and the tags of its settings on every taggable resource', () => {
    const { app, data, pipeline } = createApp({ tags: { owner: 'library' } });
    app.synth();
    const found = [data, pipeline].flatMap((stack) =>
      stack.node.findAll().flatMap((construct) => {
        if (
          Stack.isStack(construct) ||
          (!TagManager.isTaggable(construct) && !TagManager.isTaggableV2(construct))
        )
          return [];
        const { tags } = TagManager.isTaggableV2(construct) ? { tags: construct.cdkTagManager } : construct;
        return [[construct.node.path, tags.tagValues()]];
      }),
    );

    const tagged = { 'broadsheet:stage': 'prod', owner: 'library' };
    expect(found.length).toBeGreaterThan(30);
    expect(found).toEqual(found.map(([path]) => [path, tagged]));
  });

  test('of dev can be deleted completely, without any protection', () => {
    const { resources } = deployments.dev();

    expect(JSON.stringify(resources)).not.toMatch(/"Retain/);
    expect(
      allOf(resources, 'AWS::DynamoDB::GlobalTable').flatMap(([, { Properties }]) => Properties.Replicas),
    ).toEqual(
      Array(3).fill(
        expect.objectContaining({
          DeletionProtectionEnabled: false,
          PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: false },
        }),
      ),
    );
  });

  test('has stacks with termination protection, except dev', () => {
    const { dev, prod } = deployments;

    expect(dev().isProtected).toEqual({ data: false, pipeline: false });
    expect(prod().isProtected).toEqual({ data: true, pipeline: true });
  });

  test('generates its keys, and no template contains them', () => {
    const { Properties } = theOne(prod(), 'AWS::SecretsManager::Secret', 'Keys');

    expect(Properties.GenerateSecretString).toMatchObject({ GenerateStringKey: 'idKey', PasswordLength: 64 });
    expect(Properties.SecretString).toBeUndefined();
    expect(JSON.stringify(prod())).not.toContain('{{resolve:secretsmanager');
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

  test('only Subscribers has indexes: one for each cadence, and those that the previous release reads', () => {
    expect(tableOf('Subscribers').GlobalSecondaryIndexes).toEqual(
      [...Object.values(cohortIndexes), ...retiredIndexes].map(({ name, attribute, projects }) => ({
        IndexName: name,
        KeySchema: keySchema(attribute, TABLE_KEY.partition),
        Projection: projects
          ? { ProjectionType: 'INCLUDE', NonKeyAttributes: [projects] }
          : { ProjectionType: 'KEYS_ONLY' },
      })),
    );
    expect([tableOf('Papers'), tableOf('Deliveries')].map((table) => table.GlobalSecondaryIndexes)).toEqual([
      undefined,
      undefined,
    ]);
  });

  test('Subscribers and Deliveries expire items, and Papers keeps all', () => {
    const forgetting = { AttributeName: TTL_ATTRIBUTE, Enabled: true };

    expect(['Papers', 'Subscribers', 'Deliveries'].map((id) => tableOf(id).TimeToLiveSpecification)).toEqual([
      undefined,
      forgetting,
      forgetting,
    ]);
  });
});

describe('an upgrade from the previous version', () => {
  /**
   * Types with state, or with a name that mails, operators or SES use. Each has the properties whose change replaces
   * it.
   */
  const lasting: Readonly<Record<string, readonly string[]>> = {
    'AWS::DynamoDB::GlobalTable': ['TableName', 'KeySchema', 'LocalSecondaryIndexes'],
    'AWS::SecretsManager::Secret': ['Name'],
    'AWS::SQS::Queue': ['QueueName', 'FifoQueue'],
    'AWS::SNS::Topic': ['TopicName', 'FifoTopic'],
    'AWS::ApiGatewayV2::Api': ['ProtocolType'],
    'AWS::SES::EmailIdentity': ['EmailIdentity'],
    'AWS::SES::ConfigurationSet': ['Name'],
    'AWS::Logs::LogGroup': ['LogGroupName'],
  };
  const propertiesOf = (resource: Resources[string] | undefined, type: string) =>
    lasting[type]?.map((name) => [name, resource?.Properties?.[name]]);

  /** Returns the logical ids of resources that an upgrade would replace or delete. */
  const replacedBy = (previous: Resources, next: Resources) =>
    Object.entries(previous)
      .filter(([, { Type }]) => lasting[Type])
      .filter(([id, resource]) => {
        const isSame = JSON.stringify(propertiesOf(next[id], resource.Type));
        return (
          next[id]?.Type !== resource.Type || isSame !== JSON.stringify(propertiesOf(resource, resource.Type))
        );
      })
      .map(([id]) => id);

  let previous: Resources;
  beforeAll(async () => {
    const { files } = await loadPreviousVersion();
    previous = Object.assign(
      {},
      ...Object.values(stackNamesOf('prod')).map(
        (stack) => JSON.parse(files[`${stack}.template.json`] ?? '{}').Resources,
      ),
    );
  });

  test('replaces no resource with state or a known name', () => {
    expect(replacedBy(previous, prod())).toEqual([]);
  });

  test('fails this check if it did', () => {
    const [tableId = ''] = allOf(previous, 'AWS::DynamoDB::GlobalTable')[0] ?? [];
    const [queueId = ''] = allOf(previous, 'AWS::SQS::Queue')[0] ?? [];
    const { [tableId]: table, ...changed } = structuredClone(prod());
    if (changed[queueId]) changed[queueId].Properties.QueueName = 'another';

    expect(replacedBy(previous, { ...changed, [`${tableId}2`]: table }).sort()).toEqual(
      [tableId, queueId].sort(),
    );
  });
});
