import { listingSchema } from '../../domain/listing.ts';
import type { ListId } from '../../domain/lists.ts';
import type { Day } from '../../domain/time.ts';
import type { ListingRepository } from '../../ports/papers.ts';
import { IS_NEW, putIf } from './conditional-write.ts';
import { findItems } from './stored-item.ts';
import { queryAll, type Table } from './table.ts';

/**
 * The key of a listing is its list, day and paper. If the other fields cannot be read, it counts as first seen at the start of its
 * day. So it is not new, and is not written again.
 */
const storedListingSchema = listingSchema
  .extend({
    firstSeenAt: listingSchema.shape.firstSeenAt.optional().catch(undefined),
    listedBy: listingSchema.shape.listedBy.catch(undefined),
  })
  .transform(({ firstSeenAt, ...listing }) => ({
    ...listing,
    firstSeenAt: firstSeenAt ?? `${listing.day}T00:00:00.000Z`,
  }));

/** Listings in the `Papers` table: `LIST#<list>#<day>` / `<paper id>`. */
export function createListingRepository(table: Table): ListingRepository {
  return {
    async save(listing) {
      const key = { pk: partitionOf(listing.list, listing.day), sk: listing.paperId };
      await putIf(table, IS_NEW, { ...key, ...listing });
    },

    async load(list, day) {
      // The papers of one list on one day: hundreds at most.
      const items = await queryAll(table, {
        KeyConditionExpression: 'pk = :pk',
        ExpressionAttributeValues: { ':pk': partitionOf(list, day) },
        ConsistentRead: true,
      });
      const named = items.map(({ sk, ...item }) => ({ ...item, list, day, sk, paperId: sk }));
      return findItems(table, storedListingSchema, named);
    },
  };
}

function partitionOf(list: ListId, day: Day): string {
  return `LIST#${list}#${day}`;
}
