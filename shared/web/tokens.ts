import { createHmac, timingSafeEqual } from 'node:crypto';

/** What a link may do. A token for one purpose is refused for any other. */
const tokenPurposes = ['manage', 'unsubscribe'] as const;

export type TokenPurpose = (typeof tokenPurposes)[number];

const SIGNATURE_BYTES = 24;

/** A token that lets whoever holds it do one thing for one subscriber: `<subscriber id>.<signature>`, safe in a URL. */
export function signToken(purpose: TokenPurpose, subscriberId: string, key: string): string {
  return `${subscriberId}.${sign(purpose, subscriberId, key).toString('base64url')}`;
}

/** The subscriber that a token was signed for; undefined when it was not signed for this purpose with this key. */
export function verifyToken(purpose: TokenPurpose, token: string, key: string): string | undefined {
  const [subscriberId = '', signature = '', ...rest] = token.split('.');
  if (rest.length > 0) return undefined;
  const given = Buffer.from(signature, 'base64url');
  const expected = sign(purpose, subscriberId, key);
  // Node's decoder passes over characters that are not base64url, so the text is compared as well.
  const isGenuine =
    given.length === expected.length &&
    timingSafeEqual(given, expected) &&
    given.toString('base64url') === signature;
  return isGenuine ? subscriberId : undefined;
}

function sign(purpose: TokenPurpose, subscriberId: string, key: string): Buffer {
  return createHmac('sha256', key)
    .update(`${purpose}\n${subscriberId}`)
    .digest()
    .subarray(0, SIGNATURE_BYTES);
}
