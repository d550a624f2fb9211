import { isSubscribed, type Subscriber } from '../../domain/subscribers/subscriber.ts';
import type { Clock } from '../../domain/time/time.ts';
import type { Publication } from '../../presentation/publication.ts';
import { type Keyring, signingKeyOf } from '../../subscribers/keys.ts';
import { SUBSCRIBER_PATHS } from '../links.ts';
import { signToken } from '../tokens.ts';

/** The URLs of a subscriber's feed. */
export interface PrivateFeedUrls {
  readonly atom: string;
  readonly json: string;
}

interface Ports {
  readonly keyring: Keyring;
  readonly clock: Clock;
  readonly publication: Pick<Publication, 'publicUrl'>;
}

/**
 * Returns the URLs of a subscriber's feed. Undefined if there is none. A pause stops mails but not the feed, because some people read
 * only the feed. The URLs stay the same until the subscriber makes old links invalid, or until the keys are replaced.
 */
export async function findFeedUrls(
  { keyring, clock, publication }: Ports,
  subscriber: Subscriber,
): Promise<PrivateFeedUrls | undefined> {
  if (!isSubscribed(subscriber)) return undefined;
  const { id, linksSince, consent } = subscriber;
  const { linkKeys } = await keyring.load();
  const token = signToken('feed', id, signingKeyOf(linkKeys, clock.now()), linksSince ?? consent.at);
  const toUrl = (format: string) =>
    new URL(`${SUBSCRIBER_PATHS.feed}/${token}.${format}`, publication.publicUrl).href;
  return { atom: toUrl('atom'), json: toUrl('json') };
}
