import { type PaperId, paperIdSchema } from '../papers/paper.ts';
import { type Cadence, cadences } from '../subscribers/cadence.ts';
import { statusAt } from '../subscribers/pause.ts';
import { type Subscriber, subscriberStatuses } from '../subscribers/subscriber.ts';
import { addMs, CLOCK_SKEW_MS, type Instant } from '../time/time.ts';
import { instantSchema } from '../time/time-schemas.ts';
import * as z from '../zod.ts';

/** The key of a digest. The ledger has one record for each key. */
export const deliveryKeySchema = z.object({
  subscriberId: z.string().check(z.minLength(1)),
  cadence: z.enum(cadences),
  period: z.string().check(z.minLength(1)),
});

export type DeliveryKey = z.infer<typeof deliveryKeySchema>;

/** Why no digest was made. Any status but `confirmed` is a reason. `too-late` means that the message came days late: see `isTooLate`. */
const skipReasons = [
  ...subscriberStatuses.filter((status) => status !== 'confirmed'),
  'erased',
  'no-subscription',
  'nothing-new',
  'too-late',
] as const;

export type SkipReason = (typeof skipReasons)[number];

/** How a digest ended. */
const outcomeSchema = z.discriminatedUnion('state', [
  z.object({ state: z.literal('sent'), messageId: z.string() }),
  z.object({ state: z.literal('skipped'), reason: z.enum(skipReasons) }),
  /** SES refused its recipient or content, at the call or after it had accepted the message. */
  z.object({ state: z.literal('failed'), reason: z.string(), messageId: z.optional(z.string()) }),
  /** SES gave no clear answer, so it may have been sent. */
  z.object({ state: z.literal('uncertain'), reason: z.string() }),
]);

export type Outcome = z.infer<typeof outcomeSchema>;

/** How a digest that was claimed ended. */
export type ClaimOutcome = Exclude<Outcome, { state: 'skipped' }>;

/** The ledger's record of one digest. The state is `claimed` until the outcome of the mail is known. */
export const deliverySchema = z.object({
  ...deliveryKeySchema.shape,
  outcome: z.union([outcomeSchema, z.object({ state: z.literal('claimed') })]),
  /** The papers in it, so that no later digest repeats them. Empty if no digest was made. */
  paperIds: z.array(paperIdSchema),
  claimedAt: instantSchema,
  /** How often it was claimed. @default 1 */
  tries: z.optional(z.int().check(z.positive())),
});

export type Delivery = z.infer<typeof deliverySchema>;
export type DeliveryState = Delivery['outcome']['state'];

/** A paper in a digest. */
export interface DigestPaper {
  readonly paperId: PaperId;
  /** When the news of a repeated paper became known. Undefined for a paper that is new to its reader. */
  readonly newsAt?: Instant | undefined;
}

/**
 * Returns whether a digest already has a paper. A digest that was claimed before the news of a paper became known does not
 * include them, so the paper may come once more. This rule decides both what is selected and which of two digests goes first.
 */
export function hasPaper(
  { paperIds, claimedAt }: Pick<Delivery, 'paperIds' | 'claimedAt'>,
  { paperId, newsAt }: DigestPaper,
): boolean {
  if (!paperIds.includes(paperId)) return false;
  return newsAt === undefined || claimedAt >= addMs(newsAt, -CLOCK_SKEW_MS);
}

/** Returns whether a digest was sent, or may have been. One in flight counts only when it ends. */
export function mayHaveArrived({ outcome: { state } }: Pick<Delivery, 'outcome'>): boolean {
  return state === 'sent' || state === 'uncertain';
}

/**
 * Returns the record of a digest with what the earlier address of its subscriber got of the same period. Undefined if that changes nothing,
 * or the digest is in flight.
 */
export function withSent(own: Delivery, { outcome, paperIds, claimedAt }: Delivery): Delivery | undefined {
  if (own.outcome.state === 'claimed') return undefined;
  if (!mayHaveArrived(own)) return { ...own, outcome, paperIds, claimedAt };
  const all = [...new Set([...own.paperIds, ...paperIds])];
  return all.length > own.paperIds.length ? { ...own, paperIds: all } : undefined;
}

/** Returns why a subscriber must not get a digest of a cadence now. Undefined if one is due. It ignores papers. */
export function findSkipReason(
  subscriber: Pick<Subscriber, 'status' | 'pausedUntil' | 'timeZone' | 'subscriptions'> | undefined,
  cadence: Cadence,
  now: Instant,
): SkipReason | undefined {
  if (!subscriber) return 'erased';
  const status = statusAt(subscriber, now);
  if (status !== 'confirmed') return status;
  return subscriber.subscriptions.some((subscription) => subscription.cadence === cadence)
    ? undefined
    : 'no-subscription';
}

/** The number of digests in each state, skipped ones by reason: `{ sent: 48, 'skipped:nothing-new': 2 }`. */
export type OutcomeCounts = Readonly<Partial<Record<DeliveryState | `skipped:${string}`, number>>>;

/** Counts outcomes by state, skipped ones by reason. */
export function countOutcomes(outcomes: readonly Delivery['outcome'][]): OutcomeCounts {
  const counts: Record<string, number> = {};
  for (const outcome of outcomes) {
    const name = outcome.state === 'skipped' ? `skipped:${outcome.reason}` : outcome.state;
    counts[name] = (counts[name] ?? 0) + 1;
  }
  return counts;
}

/** Adds up the counts of each name. */
export function addCounts(
  all: readonly Readonly<Partial<Record<string, number>>>[],
): Readonly<Record<string, number>> {
  const sum: Record<string, number> = {};
  for (const [name, value = 0] of all.flatMap((counts) => Object.entries(counts))) {
    sum[name] = (sum[name] ?? 0) + value;
  }
  return sum;
}
