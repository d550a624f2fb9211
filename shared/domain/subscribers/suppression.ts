import type { Instant } from '../time/time.ts';
import * as z from '../zod.ts';
import { endings, isEnding, lastChangeOf, type Subscriber, statusChangeSchema } from './subscriber.ts';

/**
 * The record of a subscriber who left, kept after the profile is erased. It has no address, only the subscriber's id, a keyed hash
 * of the address. An import that has the address again finds it, and sends no mail.
 */
export const suppressionSchema = z.object({
  status: z.enum(endings),
  /** When they left. */
  at: statusChangeSchema.shape.at,
  /** What ended the digests. Missing if the profile of an earlier version did not say. */
  by: z.optional(statusChangeSchema.shape.by),
});

export type Suppression = z.infer<typeof suppressionSchema>;

/**
 * Returns the suppression of a subscriber who left. Undefined for any other. The profile of an earlier version may not say when the
 * subscriber left. Then an earlier suppression of the same kind stays, so that a repeat does not move the time.
 *
 * @param leaver has no consent if the profile cannot be read
 * @param earlier the stored suppression
 * @param now the time of leaving if nothing else says it
 */
export function suppressionOf(
  leaver: Pick<Subscriber, 'status' | 'statusChanges'> & Partial<Pick<Subscriber, 'consent'>>,
  earlier: Suppression | undefined,
  now: Instant,
): Suppression | undefined {
  const { status, consent } = leaver;
  if (!isEnding(status)) return undefined;
  const last = lastChangeOf(leaver);
  if (last) return { status, at: last.at, by: last.by };
  // A consent after the earlier suppression means that the subscriber came back and left a second time.
  const isOfThisEnding = earlier?.status === status && (!consent || earlier.at >= consent.at);
  return isOfThisEnding ? earlier : { status, at: now };
}
