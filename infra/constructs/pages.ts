import { Duration, Stack } from 'aws-cdk-lib';
import type { TableV2 } from 'aws-cdk-lib/aws-dynamodb';
import type { Secret } from 'aws-cdk-lib/aws-secretsmanager';
import { Construct } from 'constructs';
import type * as z from 'zod';
import type { apiEnvSchema } from '../../functions/api/env.ts';
import type { drawCardsEnvSchema } from '../../functions/draw-cards/env.ts';
import type { TableName } from '../../shared/adapters/dynamodb/table-schema.ts';
import type { Publication } from '../../shared/presentation/publication.ts';
import { defaultListsOf } from '../settings/derived.ts';
import { toListsText } from '../settings/lists-schema.ts';
import type { Settings } from '../settings/schema.ts';
import type { ApiGateway } from './api-gateway.ts';
import { grantKeys, grantOpenSearch, grantTable } from './grants.ts';
import { type FunctionDefaults, NodeFunction } from './node-function.ts';
import type { QueueWithDlq } from './queue-with-dlq.ts';

export interface PagesProps {
  readonly defaults: FunctionDefaults;
  readonly gateway: ApiGateway;
  readonly tables: Readonly<Record<TableName, TableV2>>;
  /** Receives requests that are answered by mail. The pages themselves cannot send mail. */
  readonly requestsQueue: QueueWithDlq;
  readonly publication: Publication;
  /** How many mails may be requested in an hour. */
  readonly hourlyLimits: Settings['hourlyLimits'];
  /** The proxies whose `X-Forwarded-For` header is trusted. */
  readonly trustedProxies: Settings['trustedProxies'];
  /** The secret with the keys that sign links. */
  readonly keys: Secret;
}

/** The function that serves every page and the HTTP API, and the one that draws the images of shared links. */
export class Pages extends Construct {
  readonly api: NodeFunction;
  readonly drawCards: NodeFunction;

  constructor(scope: Construct, id: string, props: PagesProps) {
    super(scope, id);
    const { defaults, gateway, tables, requestsQueue, publication, keys } = props;
    const publicationJson = Stack.of(this).toJsonString(publication);
    const listsText = toListsText(defaults.settings.lists);
    const edgeJson = Stack.of(this).toJsonString(gateway.edge);
    this.api = new NodeFunction<z.input<typeof apiEnvSchema>>(this, 'Api', {
      defaults,
      folder: 'api',
      description: 'Serves the pages and the HTTP API',
      environment: {
        PAPERS_TABLE: tables.papers.tableName,
        LISTS: listsText,
        SUBSCRIBERS_TABLE: tables.subscribers.tableName,
        LEFT_RETENTION_DAYS: String(defaults.settings.leftRetentionDays),
        DELIVERIES_TABLE: tables.deliveries.tableName,
        REQUESTS_QUEUE_URL: requestsQueue.queueUrl,
        PUBLICATION: publicationJson,
        DEFAULT_CADENCE: defaults.settings.defaults.cadence,
        DEFAULT_HOUR: String(defaults.settings.defaults.hour),
        DEFAULT_LISTS: defaultListsOf(defaults.settings).join(','),
        HOURLY_LIMITS: JSON.stringify(props.hourlyLimits),
        TRUSTED_PROXIES: JSON.stringify(props.trustedProxies),
        EDGE: edgeJson,
        KEYS_SECRET: keys.secretArn,
      },
      // API Gateway times out after 30 seconds. Readers give up much earlier.
      timeout: Duration.seconds(15),
    });
    grantTable(tables.papers, this.api, 'GetItem', 'BatchGetItem', 'Query');
    // A subscriber who asks for erasure is deleted.
    grantTable(tables.subscribers, this.api, 'GetItem', 'PutItem', 'UpdateItem', 'DeleteItem');
    // The records of a subscriber who moves to another address are copied.
    grantTable(tables.deliveries, this.api, 'GetItem', 'PutItem', 'Query', 'UpdateItem', 'DeleteItem');
    grantKeys(keys, this.api);
    grantOpenSearch(defaults.settings, this.api, 'search');
    requestsQueue.grantSend(this.api);

    this.drawCards = new NodeFunction<z.input<typeof drawCardsEnvSchema>>(this, 'DrawCards', {
      defaults,
      folder: 'draw-cards',
      description: 'Draws the images of shared links',
      environment: {
        PAPERS_TABLE: tables.papers.tableName,
        LISTS: listsText,
        PUBLICATION: publicationJson,
        EDGE: edgeJson,
      },
      timeout: Duration.seconds(15),
    });
    grantTable(tables.papers, this.drawCards, 'BatchGetItem', 'Query');
    gateway.serve(this.api, this.drawCards);
  }
}
