import * as z from 'zod';
import { listIdSchema } from './lists.ts';
import { paperIdSchema } from './paper.ts';

/** One paper on one list on one day. */
export const listingSchema = z.object({
  list: listIdSchema,
  /** The day of the list, not the day the paper was published. */
  day: z.iso.date(),
  paperId: paperIdSchema,
  firstSeenAt: z.iso.datetime({ precision: 3 }),
  /** The name of the person who put it on the list, where the source tells. */
  listedBy: z.string().optional(),
});

export type Listing = z.infer<typeof listingSchema>;
