import { Duration, Stack } from 'aws-cdk-lib';
import type { TableV2 } from 'aws-cdk-lib/aws-dynamodb';
import type { Secret } from 'aws-cdk-lib/aws-secretsmanager';
import { Construct } from 'constructs';
import type * as z from 'zod';
import type { apiEnvSchema } from '../../functions/api/env.ts';
import type { TableName } from '../../shared/adapters/dynamodb/table-schema.ts';
import type { Publication } from '../../shared/mail/publication.ts';
import type { Settings } from '../settings/schema.ts';
import type { ApiGateway } from './api-gateway.ts';
import { grantKeys, grantTable } from './grants.ts';
import { type FunctionDefaults, NodeFunction } from './node-function.ts';
import type { QueueWithDlq } from './queue-with-dlq.ts';

export interface PagesProps {
  readonly defaults: FunctionDefaults;
  readonly gateway: ApiGateway;
  readonly tables: Readonly<Record<TableName, TableV2>>;
  /** Takes what is answered by mail: the pages themselves cannot mail. */
  readonly requestsQueue: QueueWithDlq;
  readonly publication: Publication;
  /** What a subscriber gets who does not choose. */
  readonly subscriberDefaults: Settings['defaults'];
  /** How many mails may be asked for in an hour. */
  readonly hourlyLimits: Settings['hourlyLimits'];
  /** The proxies whose `X-Forwarded-For` is believed. */
  readonly trustedProxies: Settings['trustedProxies'];
  /** Holds the keys that signed the links. */
  readonly keys: Secret;
}

/** What answers requests: one function for every page and for the HTTP API. */
export class Pages extends Construct {
  readonly api: NodeFunction;

  constructor(scope: Construct, id: string, props: PagesProps) {
    super(scope, id);
    const { defaults, gateway, tables, requestsQueue, publication, subscriberDefaults, keys } = props;
    this.api = new NodeFunction<z.input<typeof apiEnvSchema>>(this, 'Api', {
      defaults,
      folder: 'api',
      description: 'Serves the pages and the HTTP API',
      environment: {
        PAPERS_TABLE: tables.papers.tableName,
        SUBSCRIBERS_TABLE: tables.subscribers.tableName,
        LEFT_RETENTION_DAYS: String(defaults.settings.leftRetentionDays),
        DELIVERIES_TABLE: tables.deliveries.tableName,
        REQUESTS_QUEUE_URL: requestsQueue.queueUrl,
        PUBLICATION: Stack.of(this).toJsonString(publication),
        DEFAULT_CADENCE: subscriberDefaults.cadence,
        DEFAULT_HOUR: String(subscriberDefaults.hour),
        HOURLY_LIMITS: JSON.stringify(props.hourlyLimits),
        TRUSTED_PROXIES: JSON.stringify(props.trustedProxies),
        KEYS_SECRET: keys.secretArn,
      },
      // Somebody waits for it: a start at half the memory takes twice as long.
      memorySizeMb: 1024,
      // API Gateway itself gives up after 30 seconds; a reader does long before.
      timeout: Duration.seconds(15),
    });
    grantTable(tables.papers, this.api, 'GetItem', 'BatchGetItem', 'Query');
    // To delete is to erase somebody who asks for it.
    grantTable(tables.subscribers, this.api, 'GetItem', 'PutItem', 'UpdateItem', 'DeleteItem');
    grantTable(tables.deliveries, this.api, 'GetItem', 'Query', 'UpdateItem', 'DeleteItem');
    grantKeys(keys, this.api);
    requestsQueue.grantSend(this.api);
    gateway.serve(this.api);
  }
}
