import type { Digest } from '../domain/digest.ts';
import type { DigestMail } from '../ports/mail.ts';
import type { SubscriberLinks } from '../ports/subscribers.ts';
import { buildMessage } from './build-message.ts';
import { toDeliveryTags } from './delivery-tags.ts';
import type { Publication } from './publication.ts';
import { renderDigest } from './render-digest.ts';

/**
 * Makes the mail of a digest. The same digest gives the same bytes.
 *
 * @throws InvalidInputError when the delivery cannot be named in SES tags or the subscriber's address cannot be mailed
 */
export async function composeDigestMail(
  digest: Digest,
  publication: Publication,
  links: SubscriberLinks,
): Promise<DigestMail> {
  const { subscriber, cadence, period, composedAt } = digest;
  const tags = toDeliveryTags({ subscriberId: subscriber.id, cadence, period });
  const { paperIds, ...rendered } = renderDigest(digest, publication, links);
  const identity = `${tags.cadence}.${tags.period}.${tags.subscriber}`;
  const message = await buildMessage({ subscriber, identity, composedAt, ...rendered }, publication);
  return { ...message, tags, paperIds };
}
