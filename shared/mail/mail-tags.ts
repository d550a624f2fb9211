import { type DeliveryKey, deliveryKeySchema } from '../domain/digests/delivery.ts';
import { InvalidInputError } from '../domain/errors.ts';
import { cadences } from '../domain/subscribers/cadence.ts';
import type { Subscriber } from '../domain/subscribers/subscriber.ts';
import * as z from '../domain/zod.ts';

/** A tag value that SES accepts. */
const TAG = /^[A-Za-z0-9_-]{1,256}$/;
const tagSchema = z.string().check(z.regex(TAG));

const deliveryTagsSchema = z.object({ cadence: z.enum(cadences), period: tagSchema, subscriber: tagSchema });

/** The tags of a digest mail. SES repeats them in its events, so an event names its delivery. */
export type DeliveryTags = z.infer<typeof deliveryTagsSchema>;

/**
 * Returns the SES tags of a delivery: `{ cadence: 'instant', period: '2026-01-05T08_15Z', subscriber: 'x7…' }`. A colon
 * becomes `_`, which no period contains, so {@link parseDeliveryTags} returns the same key.
 *
 * @throws InvalidInputError for a key that a tag cannot hold. Generated ids and periods always fit
 * @see https://docs.aws.amazon.com/ses/latest/APIReference/API_MessageTag.html
 */
export function toDeliveryTags({ cadence, period, subscriberId }: DeliveryKey): DeliveryTags {
  const tags = { cadence, period: period.replaceAll(':', '_'), subscriber: subscriberId };
  if (!TAG.test(tags.period) || !TAG.test(tags.subscriber) || period.includes('_')) {
    throw new InvalidInputError(
      `no SES tags for the period "${period}" of subscriber "${subscriberId}"; expected letters, digits, "-" and "_"`,
    );
  }
  return tags;
}

/** Returns the key that {@link toDeliveryTags} put into the tags. Undefined for the tags of any other mail. */
export function parseDeliveryTags(tags: unknown): DeliveryKey | undefined {
  const parsed = deliveryTagsSchema.safeParse(tags);
  if (!parsed.success) return undefined;
  const { cadence, period, subscriber } = parsed.data;
  return deliveryKeySchema.parse({ cadence, period: period.replaceAll('_', ':'), subscriberId: subscriber });
}

const accountTagsSchema = z.object({ mail: z.literal('account'), subscriber: tagSchema });

/** The tags of an account mail. They name the subscriber but no digest. */
export type AccountTags = z.infer<typeof accountTagsSchema>;

/**
 * Returns the SES tags of an account mail: `{ mail: 'account', subscriber: 'x7…' }`.
 *
 * @throws InvalidInputError for an id that a tag cannot hold. Generated ids always fit
 */
export function toAccountTags(subscriberId: Subscriber['id']): AccountTags {
  const tags = accountTagsSchema.safeParse({ mail: 'account', subscriber: subscriberId });
  if (!tags.success) {
    throw new InvalidInputError(
      `no SES tags for subscriber "${subscriberId}"; expected letters, digits, "-" and "_"`,
    );
  }
  return tags.data;
}

/** Returns the subscriber's id that {@link toAccountTags} put into the tags. Undefined for the tags of any other mail. */
export function parseAccountTags(tags: unknown): Subscriber['id'] | undefined {
  return accountTagsSchema.safeParse(tags).data?.subscriber;
}
