import type { Instant } from '../domain/time/time.ts';
import type { SubscriberLinks } from '../ports/subscribers.ts';
import { type LinkKey, signingKeyOf } from '../subscribers/keys.ts';
import { signToken, type TokenPurpose } from './tokens.ts';

/** The paths of the pages of one subscriber. */
export const SUBSCRIBER_PATHS = {
  manage: '/manage',
  unsubscribe: '/unsubscribe',
  mute: '/mute',
  feed: '/feeds/private',
  confirm: '/confirm',
  data: '/your-data',
} as const satisfies Record<TokenPurpose, string>;

/** Links below a public URL, with tokens signed by the key that is valid at `now`: `https://daily.example.org/unsubscribe/<token>`. */
export function createSubscriberLinks(
  publicUrl: string,
  linkKeys: readonly LinkKey[],
  now: Instant,
): SubscriberLinks {
  const base = new URL(publicUrl).href.replace(/\/+$/, '');
  const linkKey = signingKeyOf(linkKeys, now);
  const toUrl = (purpose: TokenPurpose, id: string, signUpAt?: Instant, below = '') =>
    `${base}${SUBSCRIBER_PATHS[purpose]}/${signToken(purpose, id, linkKey, now, signUpAt)}${below}`;
  const linkTo = (purpose: TokenPurpose) => (id: string, signUpAt?: Instant) => toUrl(purpose, id, signUpAt);
  return {
    manage: linkTo('manage'),
    unsubscribe: linkTo('unsubscribe'),
    confirm: linkTo('confirm'),
    data: linkTo('data'),
    mute: (id, { cadence, period }) =>
      toUrl('mute', id, undefined, `/${cadence}/${encodeURIComponent(period)}`),
  };
}
