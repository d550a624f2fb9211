import type { LinkKey } from '../keys.ts';
import type { SubscriberLinks } from '../ports.ts';
import { signToken } from './tokens.ts';

/** Where the pages of one subscriber are found below the public URL. */
export const SUBSCRIBER_PATHS = { manage: '/manage', unsubscribe: '/unsubscribe' } as const;

/** Links with signed tokens below a public URL: `https://daily.example.org/unsubscribe/<token>`. */
export function createSubscriberLinks(publicUrl: string, linkKey: LinkKey): SubscriberLinks {
  const base = publicUrl.replace(/\/+$/, '');
  return {
    manage: (id) => new URL(`${base}${SUBSCRIBER_PATHS.manage}/${signToken('manage', id, linkKey)}`),
    unsubscribe: (id) =>
      new URL(`${base}${SUBSCRIBER_PATHS.unsubscribe}/${signToken('unsubscribe', id, linkKey)}`),
  };
}
