import type { TableV2 } from 'aws-cdk-lib/aws-dynamodb';
import { type IGrantable, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { Secret } from 'aws-cdk-lib/aws-secretsmanager';
import { toOpenSearchTarget } from '../settings/open-search.ts';
import type { Settings } from '../settings/schema.ts';
import type { NodeFunction } from './node-function.ts';

/** Actions on an item or a partition. No function scans a table. */
type TableAction = 'GetItem' | 'BatchGetItem' | 'Query' | 'PutItem' | 'UpdateItem' | 'DeleteItem';

/** Grants actions on a table, without its indexes. */
export function grantTable(table: TableV2, grantee: IGrantable, ...actions: readonly TableAction[]): void {
  grant(grantee, actions, [table.tableArn]);
}

/** Grants queries of the named indexes of a table. */
export function grantIndexes(table: TableV2, grantee: IGrantable, indexNames: readonly string[]): void {
  grant(
    grantee,
    ['Query'],
    indexNames.map((name) => `${table.tableArn}/index/${name}`),
  );
}

/** Grants reading the secret with the signing keys. */
export function grantKeys(keys: Secret, grantee: IGrantable): void {
  grantee.grantPrincipal.addToPrincipalPolicy(
    new PolicyStatement({ actions: ['secretsmanager:GetSecretValue'], resources: [keys.secretArn] }),
  );
}

/** What a function does with OpenSearch, as the requests of `shared/adapters/opensearch/`. */
const OPEN_SEARCH_REQUESTS = {
  search: [{ action: 'es:ESHttpPost', paths: (index: string) => [`${index}/_search`] }],
  index: [
    { action: 'es:ESHttpPut', paths: (index: string) => [index] },
    { action: 'es:ESHttpPost', paths: (index: string) => [`${index}/_mget`, `${index}/_bulk`] },
  ],
} as const;

/** Grants searching or indexing in the OpenSearch of the settings, and names it in the environment. Does nothing without one. */
export function grantOpenSearch(
  settings: Pick<Settings, 'stage' | 'search'>,
  fn: NodeFunction,
  purpose: keyof typeof OPEN_SEARCH_REQUESTS,
): void {
  const target = toOpenSearchTarget(settings);
  const { arn } = settings.search.openSearch ?? {};
  if (!target || arn === undefined) return;
  fn.addEnvironment('OPEN_SEARCH', JSON.stringify(target));
  const statements =
    target.service === 'aoss'
      ? [{ actions: ['aoss:APIAccessAll'], resources: [arn] }]
      : OPEN_SEARCH_REQUESTS[purpose].map(({ action, paths }) => ({
          actions: [action],
          resources: paths(target.index).map((path) => `${arn}/${path}`),
        }));
  for (const statement of statements) fn.grantPrincipal.addToPrincipalPolicy(new PolicyStatement(statement));
}

function grant(grantee: IGrantable, actions: readonly TableAction[], resources: readonly string[]): void {
  grantee.grantPrincipal.addToPrincipalPolicy(
    new PolicyStatement({
      actions: actions.map((action) => `dynamodb:${action}`),
      resources: [...resources],
    }),
  );
}
