import { createHmac, timingSafeEqual } from 'node:crypto';
import { CONFIRM_WITHIN_MS } from '../domain/sign-up.ts';
import { addMs, type Instant, toEpochMs, toInstant } from '../domain/time.ts';
import type { LinkKey } from '../keys.ts';

/**
 * What a link may do, and for how long. A token for one purpose is refused for any other. Those without a time work as long
 * as the key is kept that signed them: 90 days beyond its replacement.
 */
const LIFE_MS = { manage: undefined, unsubscribe: undefined, confirm: CONFIRM_WITHIN_MS } as const;

export type TokenPurpose = keyof typeof LIFE_MS;

const SIGNATURE_BYTES = 24;

/**
 * A token that lets whoever holds it do one thing for one subscriber, safe in a URL:
 * `<key id>.<subscriber id>.<signature>`, or `<key id>.<subscriber id>.<expiry>.<signature>` where it expires.
 */
export function signToken(
  purpose: TokenPurpose,
  subscriberId: string,
  linkKey: LinkKey,
  now: Instant,
): string {
  const lifeMs = LIFE_MS[purpose];
  const claims = lifeMs === undefined ? [subscriberId] : [subscriberId, toExpiry(addMs(now, lifeMs))];
  return [linkKey.id, ...claims, sign(purpose, claims, linkKey).toString('base64url')].join('.');
}

/** The subscriber that a token was signed for; undefined when none of these keys signed it for this purpose, or it expired. */
export function verifyToken(
  purpose: TokenPurpose,
  token: string,
  linkKeys: readonly LinkKey[],
  now: Instant,
): string | undefined {
  const [keyId, ...claims] = token.split('.');
  const signature = claims.pop() ?? '';
  const linkKey = linkKeys.find(({ id }) => id === keyId);
  const [subscriberId, expiry] = claims;
  const expires = LIFE_MS[purpose] !== undefined;
  if (!linkKey || !subscriberId || claims.length !== (expires ? 2 : 1)) return undefined;
  if (!isSame(sign(purpose, claims, linkKey), signature)) return undefined;
  return expiry !== undefined && expiry <= toExpiry(now) ? undefined : subscriberId;
}

/** When the mail was made whose link holds this token to confirm, which {@link verifyToken} has found genuine. */
export function mailedAtOf(token: string): Instant {
  const [, , expirySec] = token.split('.');
  return toInstant(Number(expirySec) * 1000 - LIFE_MS.confirm);
}

/** Seconds since 1970 in as many digits until the year 2286, so that they compare as text. */
function toExpiry(at: Instant): string {
  return String(Math.floor(toEpochMs(at) / 1000));
}

/** Node's decoder passes over characters that are not base64url, so the text is compared as well. */
function isSame(expected: Buffer, text: string): boolean {
  const given = Buffer.from(text, 'base64url');
  return (
    given.length === expected.length &&
    timingSafeEqual(given, expected) &&
    given.toString('base64url') === text
  );
}

function sign(purpose: TokenPurpose, claims: readonly string[], { id, key }: LinkKey): Buffer {
  return createHmac('sha256', key)
    .update([purpose, id, ...claims].join('\n'))
    .digest()
    .subarray(0, SIGNATURE_BYTES);
}
