import { ScanCommand, type ScanCommandOutput } from '@aws-sdk/lib-dynamodb';
import { readItem, UnreadableItemError } from '../../../shared/adapters/dynamodb/stored-item.ts';
import type { Table } from '../../../shared/adapters/dynamodb/table.ts';
import { storedSubscriberSchema } from '../../../shared/domain/subscriber.ts';
import { permitted } from '../../deployment/adapters/permitted.ts';
import type { StoredProfile, StoredProfiles } from './stored-profiles.ts';

/** The profiles of the `Subscribers` table, page by page, among all that it holds besides. */
export function createStoredProfiles(table: Table): StoredProfiles {
  return {
    async *loadAll() {
      let from: ScanCommandOutput['LastEvaluatedKey'];
      do {
        const command = new ScanCommand({
          TableName: table.name,
          FilterExpression: 'sk = :profile',
          ExpressionAttributeValues: { ':profile': 'PROFILE' },
          ConsistentRead: true,
          ExclusiveStartKey: from,
        });
        const page = await permitted('dynamodb:Scan', () => table.documents.send(command));
        yield* (page.Items ?? []).map((item) => toStoredProfile(table, item));
        from = page.LastEvaluatedKey;
      } while (from);
    },
  };
}

function toStoredProfile(table: Table, item: Record<string, unknown>): StoredProfile {
  try {
    return { subscriber: readItem(table, storedSubscriberSchema, item) };
  } catch (error) {
    if (!(error instanceof UnreadableItemError)) throw error;
    return { fault: error.message };
  }
}
