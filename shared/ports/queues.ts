import { sourceNames } from '../domain/lists/lists.ts';
import { addressSchema } from '../domain/subscribers/address.ts';
import { cadences } from '../domain/subscribers/cadence.ts';
import {
  type StoredSignUp,
  storedSignUpSchema,
  toStoredSignUp,
} from '../domain/subscribers/stored-subscriber.ts';
import { instantSchema } from '../domain/time/time-schemas.ts';
import * as z from '../domain/zod.ts';

/** The queues, by the names that operators give them. */
export const queueNames = ['cohorts', 'digests', 'feedback', 'requests'] as const;

export type QueueName = (typeof queueNames)[number];

/** A queue to send messages to. */
export interface Queue<Message> {
  /**
   * Sends messages. Returns those that were not accepted, so that the caller can retry them.
   * @param delaySec how long the queue hides the messages, 0 to 900. @default 0
   */
  enqueue(messages: readonly Message[], delaySec?: number): Promise<readonly Message[]>;
}

/** What the scheduler sends to `ingest-papers`, once per source. */
export const ingestRequestSchema = z.object({ source: z.enum(sourceNames) });

const editionSchema = z.object({
  cadence: z.enum(cadences),
  period: z.string().check(z.minLength(1)),
  cohort: z.string().check(z.minLength(1)),
});

/** A message on the cohorts queue. An edition is due, or its fan-out continues. */
export const cohortMessageSchema = z.object({
  edition: editionSchema,
  /** For an edition of the instant cohort: the lists with new papers. Only followers of one of them get a digest. */
  lists: z.optional(z.readonly(z.array(z.string().check(z.minLength(1))).check(z.minLength(1)))),
  /** How often in a row the fan-out paused because a service failed. @default 0 */
  pauses: z.optional(z.int().check(z.nonnegative())),
});

export type CohortMessage = z.infer<typeof cohortMessageSchema>;

/**
 * How many subscribers one message on the digests queue names. One read loads as many profiles. A worker that sends a
 * mail in two seconds finishes them within its four minutes.
 */
export const BATCH_SIZE = 100;

/** How many subscribers a message may name, so that another release can choose another size. */
const MAX_BATCH_SIZE = 1000;

/** How long a worker sends the digests of one message. Its function may run longer, to wait for answers of SES. */
export const SENDING_TIME_MS = 4 * 60_000;

/** A message on the digests queue. It asks for the digests of one batch of an edition. */
export const digestsMessageSchema = z.object({
  edition: editionSchema,
  /** Position of the batch in its edition, from 0. */
  batch: z.int().check(z.nonnegative()),
  subscriberIds: z.array(z.string().check(z.minLength(1))).check(z.minLength(1), z.maxLength(MAX_BATCH_SIZE)),
  /** When the message was first queued. A put-off batch keeps this time. */
  queuedAt: instantSchema,
});

export type DigestsMessage = z.infer<typeof digestsMessageSchema>;

/** The message group of requests from an import. SQS serves requests from the web first. */
export const IMPORT_GROUP = 'import';

/** A message on the requests queue. It asks for a mail. The web answer is the same for every address. */
export const webRequestSchema = z.discriminatedUnion('kind', [
  z.object({
    kind: z.literal('sign-up'),
    /** Unique. A message that is delivered twice is answered once. */
    id: z.string().check(z.minLength(1)),
    address: addressSchema,
    signUp: storedSignUpSchema,
    /** Whether the request comes from an import. Such mails count against no budget. */
    isImported: z.optional(z.literal(true)),
    /** Whether the request comes from a link that was mailed to the address. */
    isByLink: z.optional(z.literal(true)),
  }),
  /** A link to manage the subscriptions. */
  z.object({
    kind: z.literal('manage-link'),
    id: z.string().check(z.minLength(1)),
    address: addressSchema,
    /** Whether the operator asks. Such a mail goes out even if the mailbox got a mail today. */
    isByOperator: z.optional(z.literal(true)),
  }),
  /** A data link, asked for with a link to manage. */
  z.object({ kind: z.literal('data-link'), id: z.string().check(z.minLength(1)), address: addressSchema }),
  /** Tells an earlier address that its subscription moved to another one. Queued before the move ends its digests. */
  z.object({ kind: z.literal('moved'), id: z.string().check(z.minLength(1)), address: addressSchema }),
]);

export type WebRequest = z.infer<typeof webRequestSchema>;

type SignUpRequest = Extract<WebRequest, { kind: 'sign-up' }>;

/** A request as it is queued. */
export type QueuedWebRequest =
  | Exclude<WebRequest, SignUpRequest>
  | (Omit<SignUpRequest, 'signUp'> & { readonly signUp: StoredSignUp });

/** Returns a request as it is queued. */
export function toQueuedRequest(request: WebRequest): QueuedWebRequest {
  return request.kind === 'sign-up' ? { ...request, signUp: toStoredSignUp(request.signUp) } : request;
}
