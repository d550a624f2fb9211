import * as z from 'zod';
import { lastChangeOf, type Subscriber, statusChangeSchema } from './subscriber.ts';
import type { Instant } from './time.ts';

/**
 * What is kept of somebody who left after their profile is erased. It has no address: it stands under the subscriber's id, a keyed
 * hash of the address. An import that names the address again finds it, and mails nobody.
 */
export const suppressionSchema = z.object({
  status: statusChangeSchema.shape.status.extract(['unsubscribed', 'bounced', 'complained']),
  /** When they left. */
  at: statusChangeSchema.shape.at,
  /** What ended their digests; missing where the profile of an earlier version did not say. */
  by: statusChangeSchema.shape.by.optional(),
});

export type Suppression = z.infer<typeof suppressionSchema>;

/**
 * Returns what to keep of a subscriber who left; undefined for any other.
 *
 * @param now stands for the moment that they left where the profile of an earlier version does not say
 */
export function suppressionOf(subscriber: Subscriber, now: Instant): Suppression | undefined {
  const status = suppressionSchema.shape.status.safeParse(subscriber.status).data;
  if (!status) return undefined;
  const { at = now, by } = lastChangeOf(subscriber) ?? {};
  return { status, at, ...(by !== undefined && { by }) };
}
