import * as z from 'zod';
import { cadences } from './domain/cadence.ts';
import { sourceNames } from './sources/source-names.ts';

/** What the scheduler sends to `ingest-papers`, once per source. */
export const ingestRequestSchema = z.object({ source: z.enum(sourceNames) });

const editionSchema = z.object({
  cadence: z.enum(cadences),
  period: z.string().min(1),
  cohort: z.string().min(1),
});

/** On the cohorts queue: this edition is due. */
export const cohortMessageSchema = z.object({ edition: editionSchema });

export type CohortMessage = z.infer<typeof cohortMessageSchema>;

/** How many subscribers one message on the digests queue names. */
export const BATCH_SIZE = 50;

/** On the digests queue: make and send the digests of these subscribers, who are one batch of the edition. */
export const digestsMessageSchema = z.object({
  edition: editionSchema,
  /** Position of the batch in its edition, from 0. */
  batch: z.int().nonnegative(),
  subscriberIds: z.array(z.string().min(1)).min(1).max(BATCH_SIZE),
});

export type DigestsMessage = z.infer<typeof digestsMessageSchema>;
