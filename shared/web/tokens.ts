import { createHmac, timingSafeEqual } from 'node:crypto';
import type { LinkKey } from '../keys.ts';

/** What a link may do. A token for one purpose is refused for any other. */
const tokenPurposes = ['manage', 'unsubscribe'] as const;

export type TokenPurpose = (typeof tokenPurposes)[number];

const SIGNATURE_BYTES = 24;

/**
 * A token that lets whoever holds it do one thing for one subscriber: `<key id>.<subscriber id>.<signature>`, safe in a URL.
 */
export function signToken(purpose: TokenPurpose, subscriberId: string, linkKey: LinkKey): string {
  return `${linkKey.id}.${subscriberId}.${sign(purpose, subscriberId, linkKey).toString('base64url')}`;
}

/** The subscriber that a token was signed for; undefined when none of these keys signed it for this purpose. */
export function verifyToken(
  purpose: TokenPurpose,
  token: string,
  linkKeys: readonly LinkKey[],
): string | undefined {
  const [keyId = '', subscriberId = '', signature = '', ...rest] = token.split('.');
  const linkKey = linkKeys.find(({ id }) => id === keyId);
  if (!linkKey || rest.length > 0) return undefined;
  const given = Buffer.from(signature, 'base64url');
  const expected = sign(purpose, subscriberId, linkKey);
  // Node's decoder passes over characters that are not base64url, so the text is compared as well.
  const isGenuine =
    given.length === expected.length &&
    timingSafeEqual(given, expected) &&
    given.toString('base64url') === signature;
  return isGenuine ? subscriberId : undefined;
}

function sign(purpose: TokenPurpose, subscriberId: string, { id, key }: LinkKey): Buffer {
  return createHmac('sha256', key)
    .update(`${purpose}\n${id}\n${subscriberId}`)
    .digest()
    .subarray(0, SIGNATURE_BYTES);
}
