import type { TableV2 } from 'aws-cdk-lib/aws-dynamodb';
import { type IGrantable, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { Secret } from 'aws-cdk-lib/aws-secretsmanager';

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

function grant(grantee: IGrantable, actions: readonly TableAction[], resources: readonly string[]): void {
  grantee.grantPrincipal.addToPrincipalPolicy(
    new PolicyStatement({
      actions: actions.map((action) => `dynamodb:${action}`),
      resources: [...resources],
    }),
  );
}
