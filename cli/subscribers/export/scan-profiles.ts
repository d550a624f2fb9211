import { ScanCommand, type ScanCommandOutput } from '@aws-sdk/lib-dynamodb';
import { parseItem, type Table } from '../../../shared/adapters/dynamodb/table.ts';
import { subscriberSchema } from '../../../shared/domain/subscriber.ts';
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
        yield* (page.Items ?? []).map(toStoredProfile);
        from = page.LastEvaluatedKey;
      } while (from);
    },
  };
}

function toStoredProfile(item: Record<string, unknown>): StoredProfile {
  try {
    return { subscriber: parseItem(subscriberSchema, item) };
  } catch (error) {
    return { fault: error instanceof Error ? error.message : String(error) };
  }
}
