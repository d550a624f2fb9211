import { Duration, Stack } from 'aws-cdk-lib';
import type { TableV2 } from 'aws-cdk-lib/aws-dynamodb';
import type { Secret } from 'aws-cdk-lib/aws-secretsmanager';
import { Construct } from 'constructs';
import type * as z from 'zod';
import type { apiEnvSchema } from '../../functions/api/env.ts';
import type { Publication } from '../../shared/mail/publication.ts';
import type { ApiGateway } from './api-gateway.ts';
import { type FunctionDefaults, NodeFunction } from './node-function.ts';
import { grantKeys } from './signing-keys.ts';
import { grantTable } from './table-access.ts';

export interface PagesProps {
  readonly defaults: FunctionDefaults;
  readonly gateway: ApiGateway;
  readonly subscribers: TableV2;
  readonly publication: Publication;
  /** Holds the keys that signed the links. */
  readonly keys: Secret;
}

/** What answers requests: one function for every page. */
export class Pages extends Construct {
  readonly api: NodeFunction;

  constructor(
    scope: Construct,
    id: string,
    { defaults, gateway, subscribers, publication, keys }: PagesProps,
  ) {
    super(scope, id);
    this.api = new NodeFunction<z.input<typeof apiEnvSchema>>(this, 'Api', {
      defaults,
      folder: 'api',
      description: 'Serves the pages',
      environment: {
        SUBSCRIBERS_TABLE: subscribers.tableName,
        PUBLICATION: Stack.of(this).toJsonString(publication),
        KEYS_SECRET: keys.secretArn,
      },
      // Somebody waits for it: a start at half the memory takes twice as long.
      memorySizeMb: 1024,
      // API Gateway itself gives up after 30 seconds; a reader does long before.
      timeout: Duration.seconds(15),
    });
    grantTable(subscribers, this.api, 'GetItem', 'PutItem');
    grantKeys(keys, this.api);
    gateway.serve(this.api);
  }
}
