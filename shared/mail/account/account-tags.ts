import * as z from 'zod';
import { InvalidInputError } from '../../domain/errors.ts';
import type { Subscriber } from '../../domain/subscriber.ts';
import { tagSchema } from '../delivery-tags.ts';

const tagsSchema = z.object({ mail: z.literal('account'), subscriber: tagSchema });

/** The tags of a mail that was asked for on the web: they name its subscriber, and no digest. */
export type AccountTags = z.infer<typeof tagsSchema>;

/**
 * The tags by which events about an account mail name its subscriber: `{ mail: 'account', subscriber: 'x7…' }`.
 *
 * @throws InvalidInputError for an id that a tag cannot hold; ids made here all can
 */
export function toAccountTags(subscriberId: Subscriber['id']): AccountTags {
  const tags = tagsSchema.safeParse({ mail: 'account', subscriber: subscriberId });
  if (!tags.success) {
    throw new InvalidInputError(
      `no SES tags for subscriber "${subscriberId}"; expected letters, digits, "-" and "_"`,
    );
  }
  return tags.data;
}

/** The id of the subscriber that tags from {@link toAccountTags} name; none for the tags of any other mail. */
export function parseAccountTags(tags: unknown): Subscriber['id'] | undefined {
  return tagsSchema.safeParse(tags).data?.subscriber;
}
