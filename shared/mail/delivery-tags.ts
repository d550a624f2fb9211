import * as z from 'zod';
import { cadences } from '../domain/cadence.ts';
import { type DeliveryKey, deliveryKeySchema } from '../domain/delivery.ts';
import { InvalidInputError } from '../domain/errors.ts';

/** The value of a tag, as SES takes it. */
export const tagSchema = z.string().regex(/^[A-Za-z0-9_-]{1,256}$/);

const tagsSchema = z.object({ cadence: z.enum(cadences), period: tagSchema, subscriber: tagSchema });

/** The tags of a delivery's mail, by which the events about it name it. */
export type DeliveryTags = z.infer<typeof tagsSchema>;

/**
 * A delivery as SES tags: `{ cadence: 'instant', period: '2026-01-05T08_15Z', subscriber: 'x7…' }`. A period's colon becomes
 * `_`, which no period holds, so {@link parseDeliveryTags} gives the same key back. A subscriber's id needs no change.
 *
 * @throws InvalidInputError for a key that a tag cannot hold; ids and periods made here all can
 * @see https://docs.aws.amazon.com/ses/latest/APIReference/API_MessageTag.html
 */
export function toDeliveryTags({ cadence, period, subscriberId }: DeliveryKey): DeliveryTags {
  const tags = tagsSchema.safeParse({
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
  const parsed = tagsSchema.safeParse(tags);
  if (!parsed.success) return undefined;
  const { cadence, period, subscriber } = parsed.data;
  return deliveryKeySchema.parse({ cadence, period: period.replaceAll('_', ':'), subscriberId: subscriber });
}
