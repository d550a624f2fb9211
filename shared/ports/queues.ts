import * as z from 'zod';
import { addressSchema } from '../domain/address.ts';
import { cadences } from '../domain/cadence.ts';
import { sourceNames } from '../domain/lists.ts';
import { signUpSchema } from '../domain/subscriber.ts';

/** A queue's sending end. */
export interface Queue<Message> {
  /**
   * Sends messages and returns those that were not accepted, which the caller has to send again.
   * @param delaySec how long nobody is handed them, 0 to 900. @default 0
   */
  enqueue(messages: readonly Message[], delaySec?: number): Promise<readonly Message[]>;
}

/** What the scheduler sends to `ingest-papers`, once per source. */
export const ingestRequestSchema = z.object({ source: z.enum(sourceNames) });

const editionSchema = z.object({
  cadence: z.enum(cadences),
  period: z.string().min(1),
  cohort: z.string().min(1),
});

/** On the cohorts queue: this edition is due, or goes on. */
export const cohortMessageSchema = z.object({
  edition: editionSchema,
  /** How often in a row its fan-out paused because a service failed. @default 0 */
  pauses: z.int().nonnegative().optional(),
});

export type CohortMessage = z.infer<typeof cohortMessageSchema>;

/** How many subscribers one message on the digests queue names. */
export const BATCH_SIZE = 50;

/** How long a worker sends the digests of one message; its function has some more time, for the answers still to come. */
export const SENDING_TIME_MS = 4 * 60_000;

/** On the digests queue: make and send the digests of these subscribers, who are one batch of the edition. */
export const digestsMessageSchema = z.object({
  edition: editionSchema,
  /** Position of the batch in its edition, from 0. */
  batch: z.int().nonnegative(),
  subscriberIds: z.array(z.string().min(1)).min(1).max(BATCH_SIZE),
  /** When it was first queued: a message that is put off keeps its place. */
  queuedAt: z.iso.datetime({ precision: 3 }),
});

export type DigestsMessage = z.infer<typeof digestsMessageSchema>;

/** The message group of what an import asks for on the requests queue. It gives way to what people ask for on the web. */
export const IMPORT_GROUP = 'import';

/** On the requests queue: somebody asked on the web for something that is answered by mail. Whoever asks learns nothing. */
export const webRequestSchema = z.discriminatedUnion('kind', [
  z.object({
    kind: z.literal('sign-up'),
    /** Unique: the same message, come again, is answered once. */
    id: z.string().min(1),
    address: addressSchema,
    signUp: signUpSchema,
    /** Whether an operator's import asks: such mails count against no budget. */
    isImported: z.literal(true).optional(),
    /** Whether somebody asks with a link that was mailed to the address. */
    isByLink: z.literal(true).optional(),
  }),
  /** A link to manage one's subscriptions. */
  z.object({
    kind: z.literal('manage-link'),
    id: z.string().min(1),
    address: addressSchema,
    /** Whether the operator asks: such a mail goes out whatever the mailbox got today. */
    isByOperator: z.literal(true).optional(),
  }),
  /** A fresh link to export and erase, asked for with a link to manage. */
  z.object({ kind: z.literal('data-link'), id: z.string().min(1), address: addressSchema }),
]);

export type WebRequest = z.infer<typeof webRequestSchema>;
