import assert from 'node:assert/strict';
import {
  CreateBackupCommand,
  DeleteTableCommand,
  DescribeTableCommand,
  RestoreTableFromBackupCommand,
  RestoreTableToPointInTimeCommand,
  UpdateContinuousBackupsCommand,
  UpdateTableCommand,
  UpdateTimeToLiveCommand,
} from '@aws-sdk/client-dynamodb';
import {
  DeleteSecretCommand,
  GetSecretValueCommand,
  ListSecretVersionIdsCommand,
  PutSecretValueCommand,
  RestoreSecretCommand,
  UpdateSecretVersionStageCommand,
} from '@aws-sdk/client-secrets-manager';
import { ScanCommand } from '@aws-sdk/lib-dynamodb';
import { cohortIndexes, TTL_ATTRIBUTE } from '../../shared/adapters/dynamodb/table-schema.ts';
import type { Cloud } from './cloud.ts';
import { waitUntil } from './wait-until.ts';

/** The emulator restores immediately. AWS takes at least ten minutes. */
const RESTORE_TIMEOUT_MS = 60_000;

/**
 * Follows the runbook's restore of a table: restores a copy, then replaces the table with it under the old name. Checks that every
 * item is back. It does not check the steps for subscribers who left after the restored moment. ministack always restores the newest
 * state. It does not protect a global table from deletion either. So these two are not checked.
 */
export async function restoreTable({ documents }: Cloud, TableName: string): Promise<void> {
  const before = await loadAll({ documents }, TableName);
  assert.ok(before.length > 0, 'the table has items');
  const loadIndexNames = async () => {
    const { Table } = await documents.send(new DescribeTableCommand({ TableName }));
    return Table?.GlobalSecondaryIndexes?.map(({ IndexName }) => IndexName).sort();
  };
  const indexNames = await loadIndexNames();
  const restored = `${TableName}-restored`;
  const isActive = (name: string) =>
    waitUntil(`the table ${name}`, RESTORE_TIMEOUT_MS, async () => {
      const { Table } = await documents.send(new DescribeTableCommand({ TableName: name }));
      return Table?.TableStatus === 'ACTIVE' ? Table : undefined;
    });

  await documents.send(
    new RestoreTableToPointInTimeCommand({
      SourceTableName: TableName,
      TargetTableName: restored,
      UseLatestRestorableTime: true,
    }),
  );
  await isActive(restored);
  const { BackupDetails } = await documents.send(
    new CreateBackupCommand({ TableName: restored, BackupName: 'restored' }),
  );

  await documents.send(new UpdateTableCommand({ TableName, DeletionProtectionEnabled: false }));
  await documents.send(new DeleteTableCommand({ TableName }));
  await documents.send(
    new RestoreTableFromBackupCommand({ TargetTableName: TableName, BackupArn: BackupDetails?.BackupArn }),
  );
  await isActive(TableName);
  await documents.send(
    new UpdateTimeToLiveCommand({
      TableName,
      TimeToLiveSpecification: { Enabled: true, AttributeName: TTL_ATTRIBUTE },
    }),
  );
  await documents.send(
    new UpdateContinuousBackupsCommand({
      TableName,
      PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: true },
    }),
  );
  await documents.send(new UpdateTableCommand({ TableName, DeletionProtectionEnabled: true }));
  await documents.send(new DeleteTableCommand({ TableName: restored }));

  assert.deepEqual(await loadIndexNames(), indexNames);
  for (const { name } of Object.values(cohortIndexes)) assert.ok(indexNames?.includes(name), name);
  assert.deepEqual(await loadAll({ documents }, TableName), before);
}

/** Follows the runbook's drills for the secret. An overwritten secret and a deleted one are restored. */
export async function restoreSecret({ secrets }: Cloud, SecretId: string): Promise<void> {
  const load = async () => (await secrets.send(new GetSecretValueCommand({ SecretId }))).SecretString;
  const before = await load();

  await secrets.send(new PutSecretValueCommand({ SecretId, SecretString: '{"idKey":"written over"}' }));
  const { Versions = [] } = await secrets.send(new ListSecretVersionIdsCommand({ SecretId }));
  const idOf = (stage: string) =>
    Versions.find(({ VersionStages = [] }) => VersionStages.includes(stage))?.VersionId;
  await secrets.send(
    new UpdateSecretVersionStageCommand({
      SecretId,
      VersionStage: 'AWSCURRENT',
      MoveToVersionId: idOf('AWSPREVIOUS'),
      RemoveFromVersionId: idOf('AWSCURRENT'),
    }),
  );
  assert.equal(await load(), before);

  await secrets.send(new DeleteSecretCommand({ SecretId, RecoveryWindowInDays: 30 }));
  await assert.rejects(load());
  await secrets.send(new RestoreSecretCommand({ SecretId }));
  assert.equal(await load(), before);
}

async function loadAll({ documents }: Pick<Cloud, 'documents'>, TableName: string) {
  const { Items = [] } = await documents.send(new ScanCommand({ TableName, ConsistentRead: true }));
  return Items.toSorted((one, other) => (`${one.pk} ${one.sk}` < `${other.pk} ${other.sk}` ? -1 : 1));
}
