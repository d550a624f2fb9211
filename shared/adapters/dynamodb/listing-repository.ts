import { listingSchema } from '../../domain/lists/listing.ts';
import type { ListId } from '../../domain/lists/lists.ts';
import { type Day, startOfDay } from '../../domain/time/time.ts';
import * as z from '../../domain/zod.ts';
import type { ListingRepository } from '../../ports/papers.ts';
import { IS_NEW, putIf } from './conditional-write.ts';
import { paperPartitionOf } from './keys.ts';
import { findItems } from './stored-item.ts';
import { queryAll, queryPartition, type Table } from './table.ts';

/**
 * The key of a listing is its list, day and paper. If the other fields cannot be read, it counts as first seen at the start of its
 * day. So it is not new, and is not written again.
 */
const storedListingSchema = z.pipe(
  z.object({
    ...listingSchema.shape,
    firstSeenAt: z.catch(z.optional(listingSchema.shape.firstSeenAt), undefined),
    listedBy: z.catch(listingSchema.shape.listedBy, undefined),
  }),
  z.transform(({ firstSeenAt, ...listing }) => ({
    ...listing,
    firstSeenAt: firstSeenAt ?? startOfDay(listing.day),
  })),
);

/**
 * Listings in the `Papers` table, each in two items: `LIST#<list>#<day>` / `<paper id>`, and `PAPER#<paper id>` / `LIST#<list>#<day>`
 * beside its paper.
 */
export function createListingRepository(table: Table): ListingRepository {
  return {
    async save(listing) {
      const day = partitionOf(listing.list, listing.day);
      // Ingest saves a listing until it finds it under its day. So that item comes last.
      await putIf(table, IS_NEW, { pk: paperPartitionOf(listing.paperId), sk: day, ...listing });
      await putIf(table, IS_NEW, { pk: day, sk: listing.paperId, ...listing });
    },

    async load(list, day) {
      // The papers of one list on one day: hundreds at most.
      const items = await queryPartition(table, partitionOf(list, day));
      const named = items.map(({ sk, ...item }) => ({ ...item, list, day, sk, paperId: sk }));
      return findItems(table, storedListingSchema, named);
    },

    async loadOfPaper(id) {
      // One for each list and day of the paper: a few, dozens at most.
      const items = await queryAll(table, {
        KeyConditionExpression: 'pk = :pk AND begins_with(sk, :prefix)',
        ExpressionAttributeValues: { ':pk': paperPartitionOf(id), ':prefix': PREFIX },
        ConsistentRead: true,
      });
      const named = items.map((item) => {
        const [, list, day] = String(item.sk).split('#');
        return { ...item, list, day, paperId: id };
      });
      return findItems(table, storedListingSchema, named);
    },
  };
}

const PREFIX = 'LIST#';

function partitionOf(list: ListId, day: Day): string {
  return `${PREFIX}${list}#${day}`;
}
