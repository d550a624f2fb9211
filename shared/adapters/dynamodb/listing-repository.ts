import { PutCommand } from '@aws-sdk/lib-dynamodb';
import type { ListId } from '../../domain/list.ts';
import { listingSchema } from '../../domain/listing.ts';
import type { Day } from '../../domain/time.ts';
import type { ListingRepository } from '../../ports.ts';
import { isConditionFailed, parseItem, queryAll, type Table } from './table.ts';

/** Listings in the `Papers` table: `LIST#<list>#<day>` / `<paper id>`. */
export function createListingRepository(table: Table): ListingRepository {
  return {
    async save(listing) {
      try {
        await table.documents.send(
          new PutCommand({
            TableName: table.name,
            Item: { pk: partitionOf(listing.list, listing.day), sk: listing.paperId, ...listing },
            ConditionExpression: 'attribute_not_exists(pk)',
          }),
        );
      } catch (error) {
        if (!isConditionFailed(error)) throw error;
      }
    },

    async load(list, day) {
      const items = await queryAll(table, {
        KeyConditionExpression: 'pk = :pk',
        ExpressionAttributeValues: { ':pk': partitionOf(list, day) },
      });
      return items.map((item) => parseItem(listingSchema, item));
    },
  };
}

function partitionOf(list: ListId, day: Day): string {
  return `LIST#${list}#${day}`;
}
