import * as z from 'zod';
import { endings, isEnding, lastChangeOf, type Subscriber, statusChangeSchema } from './subscriber.ts';
import type { Instant } from './time.ts';

/**
 * What is kept of somebody who left after their profile is erased. It has no address: it stands under the subscriber's id, a keyed
 * hash of the address. An import that names the address again finds it, and mails nobody.
 */
export const suppressionSchema = z.object({
  status: statusChangeSchema.shape.status.extract(endings),
  /** When they left. */
  at: statusChangeSchema.shape.at,
  /** What ended their digests; missing where the profile of an earlier version did not say. */
  by: statusChangeSchema.shape.by.optional(),
});

export type Suppression = z.infer<typeof suppressionSchema>;

/**
 * Returns what to keep of a subscriber who left; undefined for any other. The profile of an earlier version may not say when they
 * left. Then what was kept of that ending before stays, so that a repeat does not move the time.
 *
 * @param leaver without a consent where the profile cannot be read
 * @param earlier what is kept until now
 * @param now stands for the moment that they left where nothing tells it
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
  // Whoever agreed since had come back, and left a second time.
  const isOfThisEnding = earlier?.status === status && (!consent || earlier.at >= consent.at);
  return isOfThisEnding ? earlier : { status, at: now };
}
