import { ListTablesCommand } from '@aws-sdk/client-dynamodb';
import { ListSecretsCommand } from '@aws-sdk/client-secrets-manager';
import { ListConfigurationSetsCommand, ListEmailIdentitiesCommand } from '@aws-sdk/client-sesv2';
import { ListTopicsCommand } from '@aws-sdk/client-sns';
import { ListQueuesCommand } from '@aws-sdk/client-sqs';
import * as z from 'zod';
import { callLogs, callService } from './call-service.ts';
import type { Cloud } from './cloud.ts';

/** The names of the existing resources, by kind and sorted. Kinds without a resource are left out. */
export type Inventory = Readonly<Record<string, readonly string[]>>;

const schemas = {
  functions: z.object({ Functions: z.array(z.object({ FunctionArn: z.string() })) }),
  eventSources: z.object({ EventSourceMappings: z.array(z.object({ FunctionArn: z.string() })) }),
  schedules: z.object({ Schedules: z.array(z.object({ Name: z.string() })) }),
  logGroups: z.object({ logGroups: z.array(z.object({ logGroupName: z.string() })) }),
  apis: z.object({ items: z.array(z.object({ name: z.string() })) }),
};

/**
 * Returns the resources of a stage, as the services report them and not CloudFormation. SES resources have no stage in
 * their names, so it returns all.
 */
export async function takeInventory(cloud: Cloud, stage: string): Promise<Inventory> {
  const prefix = `broadsheet-${stage}-`;
  const ofStage = Object.entries(await listNamed(cloud)).map(([kind, names]) => {
    return [kind, names.filter((name) => name?.includes(prefix))] as const;
  });
  return Object.fromEntries(
    [...ofStage, ...Object.entries(await listSenders(cloud))]
      .map(([kind, names]) => [kind, names.map(String).sort()] as const)
      .filter(([, names]) => names.length > 0),
  );
}

/** Returns an inventory as one line: `3 tables, 6 queues`. */
export function toLine(inventory: Inventory): string {
  return Object.entries(inventory)
    .map(([kind, { length }]) => `${length} ${length === 1 ? kind.replace(/s$/, '') : kind}`)
    .join(', ');
}

async function listNamed(cloud: Cloud) {
  const { documents, sqs, secrets, sns } = cloud;
  const { TableNames = [] } = await documents.send(new ListTablesCommand({}));
  const { QueueUrls = [] } = await sqs.send(new ListQueuesCommand({}));
  const { SecretList = [] } = await secrets.send(new ListSecretsCommand({}));
  const { Topics = [] } = await sns.send(new ListTopicsCommand({}));
  const get = (service: string, path: string) => callService(cloud, service, { path });
  const lambda = '/2015-03-31';
  const { Functions } = schemas.functions.parse(await get('lambda', `${lambda}/functions/`));
  const { EventSourceMappings } = schemas.eventSources.parse(
    await get('lambda', `${lambda}/event-source-mappings/`),
  );
  const { Schedules } = schemas.schedules.parse(await get('scheduler', '/schedules'));
  const { items } = schemas.apis.parse(await get('apigateway', '/v2/apis'));
  const { logGroups } = schemas.logGroups.parse(await callLogs(cloud, 'DescribeLogGroups', {}));
  return {
    tables: TableNames,
    secrets: SecretList.map(({ Name }) => Name),
    queues: QueueUrls,
    topics: Topics.map(({ TopicArn }) => TopicArn),
    functions: Functions.map(({ FunctionArn }) => FunctionArn),
    'event sources': EventSourceMappings.map(({ FunctionArn }) => FunctionArn),
    schedules: Schedules.map(({ Name }) => Name),
    APIs: items.map(({ name }) => name),
    'log groups': logGroups.map(({ logGroupName }) => logGroupName),
  };
}

async function listSenders({ ses }: Cloud) {
  const { ConfigurationSets = [] } = await ses.send(new ListConfigurationSetsCommand({}));
  const { EmailIdentities = [] } = await ses.send(new ListEmailIdentitiesCommand({}));
  return {
    'configuration sets': ConfigurationSets,
    senders: EmailIdentities.map(({ IdentityName }) => IdentityName),
  };
}
