import { CONFIRM_WITHIN_MS, DATA_LINK_MINUTES, type MailedSignUp } from '../domain/subscribers/sign-up.ts';
import { addMs, type Instant, MS_PER_MINUTE, toEpochMs, toInstant } from '../domain/time/time.ts';
import { createHmacSigner, timingSafeEqualText } from '../hmac.ts';
import { findValidKeys, type LinkKey } from '../subscribers/keys.ts';

/**
 * The purposes of links, with their lifetimes. A token for one purpose is refused for any other. Tokens without a lifetime work
 * while their key is kept: until 90 days after its replacement.
 */
const LIFE_MS = {
  manage: undefined,
  unsubscribe: undefined,
  mute: undefined,
  feed: undefined,
  confirm: CONFIRM_WITHIN_MS,
  data: DATA_LINK_MINUTES * MS_PER_MINUTE,
} as const;

export type TokenPurpose = keyof typeof LIFE_MS;

const SIGNATURE_BYTES = 24;

/**
 * Returns a token for one purpose and one subscriber. It is safe in a URL. There are three forms:
 *
 * - to unsubscribe: `<key id>.<subscriber id>.<signature>`
 * - to confirm: `<key id>.<subscriber id>.<time>.<sign-up>.<signature>`
 * - for all else: `<key id>.<subscriber id>.<time>.<signature>`
 *
 * The time is in seconds. It is when the token expires, or for `manage`, `mute` and `feed` when it was signed. A `manage` token of earlier
 * versions has no time.
 *
 * @param signUpAt for `confirm`: when the sign-up was made that the mail shows. Tokens of earlier versions do not name it.
 */
export function signToken(
  purpose: TokenPurpose,
  subscriberId: string,
  linkKey: LinkKey,
  now: Instant,
  signUpAt?: Instant,
): string {
  const life = LIFE_MS[purpose];
  const time = toSeconds(life === undefined ? now : addMs(now, life));
  const claims = purpose === 'unsubscribe' ? [subscriberId] : [subscriberId, time];
  if (purpose === 'confirm' && signUpAt !== undefined) claims.push(String(toEpochMs(signUpAt)));
  return `${linkKey.id}.${claims.join('.')}.${sign(purpose, claims, linkKey)}`;
}

/** The claims of a valid token. */
export interface OpenToken {
  readonly subscriberId: string;
  /** To the second. Undefined for a token without a time. */
  readonly signedAt: Instant | undefined;
  /** When the sign-up was made that the mail of a `confirm` token shows. Undefined if the token does not name it. */
  readonly signUpAt: Instant | undefined;
}

/** Returns the claims of a token. Undefined if it expired, or no valid key signed it for this purpose. */
export function openToken(
  purpose: TokenPurpose,
  token: string,
  linkKeys: readonly LinkKey[],
  now: Instant,
): OpenToken | undefined {
  const [keyId, ...claims] = token.split('.');
  const signature = claims.pop() ?? '';
  const linkKey = findValidKeys(linkKeys, now).find(({ id }) => id === keyId);
  const [subscriberId, seconds, signUpMs] = claims;
  if (!linkKey || !subscriberId || !hasClaimsFor(purpose, claims)) return undefined;
  // The signature is over the claims on lines, so a line break would move a claim into its neighbour.
  if (claims.some((claim) => claim.includes('\n'))) return undefined;
  // As text, because Node's decoder skips characters that are not base64url.
  if (!timingSafeEqualText(sign(purpose, claims, linkKey), signature)) return undefined;
  const life = LIFE_MS[purpose];
  if (life !== undefined && seconds !== undefined && seconds <= toSeconds(now)) return undefined;
  return {
    subscriberId,
    signedAt: seconds === undefined ? undefined : toInstant(Number(seconds) * 1000 - (life ?? 0)),
    signUpAt: signUpMs === undefined ? undefined : toInstant(Number(signUpMs)),
  };
}

function hasClaimsFor(purpose: TokenPurpose, { length }: readonly string[]): boolean {
  if (purpose === 'unsubscribe') return length === 1;
  return length === 2 || (purpose === 'manage' && length === 1) || (purpose === 'confirm' && length === 3);
}

/** Returns the sign-up that the mail of a `confirm` token showed. */
export function mailedSignUpOf({ signedAt, signUpAt }: OpenToken): MailedSignUp {
  return signUpAt === undefined ? { mailedAt: signedAt } : { signUpAt };
}

/** Seconds since 1970. They have the same number of digits until the year 2286, so they compare as text. */
function toSeconds(at: Instant): string {
  if (at !== lastSeconds.at) lastSeconds = { at, text: String(Math.floor(toEpochMs(at) / 1000)) };
  return lastSeconds.text;
}

/** The links of a batch are signed at the same time. */
let lastSeconds = { at: '', text: '' };

/** The signers of the keys. */
const signers = new WeakMap<LinkKey, (text: string) => Buffer>();

function signerOf(linkKey: LinkKey): (text: string) => Buffer {
  const known = signers.get(linkKey) ?? createHmacSigner(Buffer.from(linkKey.key));
  signers.set(linkKey, known);
  return known;
}

function sign(purpose: TokenPurpose, claims: readonly string[], linkKey: LinkKey): string {
  const signature = signerOf(linkKey)(`${purpose}\n${linkKey.id}\n${claims.join('\n')}`);
  return signature.subarray(0, SIGNATURE_BYTES).toString('base64url');
}
