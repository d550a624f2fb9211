import { paperIdSchema } from '../papers/paper.ts';
import type { Day } from '../time/time.ts';
import { daySchema, instantSchema } from '../time/time-schemas.ts';
import * as z from '../zod.ts';
import { listIdSchema } from './lists.ts';

/** One paper on one list on one day. */
export const listingSchema = z.object({
  list: listIdSchema,
  /** The day of the list. The paper may be older. */
  day: daySchema,
  paperId: paperIdSchema,
  firstSeenAt: instantSchema,
  /** The name of the person who put it on the list. Missing if the source does not say. */
  listedBy: z.optional(z.string()),
});

export type Listing = z.infer<typeof listingSchema>;

/** The day arXiv opened. No list is older. */
export const EARLIEST_DAY: Day = '1991-08-14';

/** Answers for a day before {@link EARLIEST_DAY}. */
export const NO_OLDER_PAPERS = 'No papers are this old. arXiv opened on 14 August 1991.';
