import * as z from 'zod';
import { type Cadence, cadences } from './cadence.ts';
import { paperIdSchema } from './paper.ts';
import { type Subscriber, subscriberStatuses } from './subscriber.ts';

/** What makes a digest unique: nobody gets two digests with the same key. */
export const deliveryKeySchema = z.object({
  subscriberId: z.string().min(1),
  cadence: z.enum(cadences),
  period: z.string().min(1),
});

export type DeliveryKey = z.infer<typeof deliveryKeySchema>;

/** Why no digest was made: the subscriber's status, a profile that is gone, or nothing to say. */
const skipReasons = [
  ...subscriberStatuses.filter((status) => status !== 'confirmed'),
  'erased',
  'no-subscription',
  'nothing-new',
] as const;

export type SkipReason = (typeof skipReasons)[number];

/** How a digest ended. */
const outcomeSchema = z.discriminatedUnion('state', [
  z.object({ state: z.literal('sent'), messageId: z.string() }),
  z.object({ state: z.literal('skipped'), reason: z.enum(skipReasons) }),
  /** SES refused it for good, for this recipient or this content alone. */
  z.object({ state: z.literal('failed'), reason: z.string() }),
  /** The answer of SES was lost, so it may have been sent or not. It is never sent again blindly. */
  z.object({ state: z.literal('uncertain'), reason: z.string() }),
]);

export type Outcome = z.infer<typeof outcomeSchema>;

/** The ledger's record of one digest: claimed before it is sent, settled with its outcome after. */
export const deliverySchema = z.object({
  ...deliveryKeySchema.shape,
  outcome: z.union([outcomeSchema, z.object({ state: z.literal('claimed') })]),
  /** The papers in it, so that no later digest repeats them; empty when nothing was made. */
  paperIds: z.array(paperIdSchema),
  claimedAt: z.iso.datetime({ precision: 3 }),
});

export type Delivery = z.infer<typeof deliverySchema>;
export type DeliveryState = Delivery['outcome']['state'];

/** Why a subscriber gets no digest of a cadence, whatever the papers; undefined for one who does. */
export function findSkipReason(
  subscriber: Pick<Subscriber, 'status' | 'subscriptions'> | undefined,
  cadence: Cadence,
): SkipReason | undefined {
  if (!subscriber) return 'erased';
  if (subscriber.status !== 'confirmed') return subscriber.status;
  return subscriber.subscriptions.some((one) => one.cadence === cadence) ? undefined : 'no-subscription';
}
