import * as z from 'zod';
import { cadences } from '../domain/cadence.ts';
import { type DeliveryKey, deliveryKeySchema } from '../domain/delivery.ts';
import { InvalidInputError } from '../domain/errors.ts';
import type { Subscriber } from '../domain/subscriber.ts';

/** The value of a tag, as SES takes it. */
const tagSchema = z.string().regex(/^[A-Za-z0-9_-]{1,256}$/);

const deliveryTagsSchema = z.object({ cadence: z.enum(cadences), period: tagSchema, subscriber: tagSchema });

/** The tags of a delivery's mail, by which the events about it name it. */
export type DeliveryTags = z.infer<typeof deliveryTagsSchema>;

/**
 * A delivery as SES tags: `{ cadence: 'instant', period: '2026-01-05T08_15Z', subscriber: 'x7…' }`. A period's colon becomes
 * `_`, which no period holds, so {@link parseDeliveryTags} gives the same key back. A subscriber's id needs no change.
 *
 * @throws InvalidInputError for a key that a tag cannot hold; ids and periods made here all can
 * @see https://docs.aws.amazon.com/ses/latest/APIReference/API_MessageTag.html
 */
export function toDeliveryTags({ cadence, period, subscriberId }: DeliveryKey): DeliveryTags {
  const tags = deliveryTagsSchema.safeParse({
    cadence,
    period: period.replaceAll(':', '_'),
    subscriber: subscriberId,
  });
  if (!tags.success || period.includes('_')) {
    throw new InvalidInputError(
      `no SES tags for the period "${period}" of subscriber "${subscriberId}"; expected letters, digits, "-" and "_"`,
    );
  }
  return tags.data;
}

/** The key of the delivery that tags from {@link toDeliveryTags} name; none for the tags of any other mail. */
export function parseDeliveryTags(tags: unknown): DeliveryKey | undefined {
  const parsed = deliveryTagsSchema.safeParse(tags);
  if (!parsed.success) return undefined;
  const { cadence, period, subscriber } = parsed.data;
  return deliveryKeySchema.parse({ cadence, period: period.replaceAll('_', ':'), subscriberId: subscriber });
}

const accountTagsSchema = z.object({ mail: z.literal('account'), subscriber: tagSchema });

/** The tags of a mail that was asked for on the web: they name its subscriber, and no digest. */
export type AccountTags = z.infer<typeof accountTagsSchema>;

/**
 * The tags by which events about an account mail name its subscriber: `{ mail: 'account', subscriber: 'x7…' }`.
 *
 * @throws InvalidInputError for an id that a tag cannot hold; ids made here all can
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

/** The id of the subscriber that tags from {@link toAccountTags} name; none for the tags of any other mail. */
export function parseAccountTags(tags: unknown): Subscriber['id'] | undefined {
  return accountTagsSchema.safeParse(tags).data?.subscriber;
}
