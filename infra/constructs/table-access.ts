import type { TableV2 } from 'aws-cdk-lib/aws-dynamodb';
import { type IGrantable, PolicyStatement } from 'aws-cdk-lib/aws-iam';

/** What can be done with an item or a partition of a table; nothing scans one. */
type TableAction = 'GetItem' | 'BatchGetItem' | 'Query' | 'PutItem' | 'UpdateItem' | 'DeleteItem';

/** Lets somebody do these things with a table, its indexes left out. */
export function grantTable(table: TableV2, grantee: IGrantable, ...actions: readonly TableAction[]): void {
  grant(grantee, actions, [table.tableArn]);
}

/** Lets somebody read these indexes of a table. */
export function grantIndexes(table: TableV2, grantee: IGrantable, indexNames: readonly string[]): void {
  grant(
    grantee,
    ['Query'],
    indexNames.map((name) => `${table.tableArn}/index/${name}`),
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
