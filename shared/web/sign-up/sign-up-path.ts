import type { ListId } from '../../domain/lists/lists.ts';
import { MAX_LISTS } from '../../domain/subscribers/subscriber.ts';
import { withParams } from '../../domain/text/with-params.ts';
import type { Publication } from '../../presentation/publication.ts';
import { SIGN_UP_PATH } from '../public-routes.ts';

/** Returns the path of the full form: `/sign-up?q=agents&lists=hf-daily`. */
export function toSignUpPath({
  query = '',
  lists = [],
}: {
  readonly query?: string;
  readonly lists?: readonly ListId[];
} = {}): string {
  return withParams(SIGN_UP_PATH, { q: query, lists: lists.join(',') }, ',/');
}

/**
 * Returns the lists to subscribe to from a page with the papers of the lists `shown`, or of every list if `shown` is empty. Empty if that
 * is more than a subscriber can follow. The form then has the default lists.
 */
export function toFollowedLists(shown: readonly ListId[], readHere: readonly ListId[]): readonly ListId[] {
  if (shown.length > 0) return shown;
  return readHere.length <= MAX_LISTS ? readHere : [];
}

/** Returns the text that a reader agrees to when signing up. It is stored with the time and the IP address. */
export function toConsentText({ name }: Pick<Publication, 'name'>): string {
  return `Send me digests of ${name} at this address until I unsubscribe.`;
}
