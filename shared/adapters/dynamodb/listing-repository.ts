import type { ListId } from '../../domain/list.ts';
import { listingSchema } from '../../domain/listing.ts';
import type { Day } from '../../domain/time.ts';
import type { ListingRepository } from '../../ports.ts';
import { IS_NEW, putIf } from './conditional-write.ts';
import { parseItem, queryAll, type Table } from './table.ts';

/** Listings in the `Papers` table: `LIST#<list>#<day>` / `<paper id>`. */
export function createListingRepository(table: Table): ListingRepository {
  return {
    async save(listing) {
      const key = { pk: partitionOf(listing.list, listing.day), sk: listing.paperId };
      await putIf(table, IS_NEW, { ...key, ...listing });
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
