import type { Context } from 'hono';
import type { Subscriber } from '../domain/subscriber.ts';
import { toEpochMs } from '../domain/time.ts';
import type { WebAppPorts } from './ports.ts';
import { signedAtOf, type TokenPurpose, verifyToken } from './tokens.ts';

type LinkPorts = Pick<WebAppPorts, 'keyring' | 'clock' | 'subscribers'>;

/**
 * The purposes that end when the owner makes old links invalid. A link to unsubscribe works until its key is too old, because one
 * click has to work in every mail. It can only stop mails. A data link ends by itself within minutes.
 */
const REVOCABLE: readonly TokenPurpose[] = ['manage', 'confirm', 'mute', 'feed'];

/** Returns the subscriber of a link, or undefined if the link is not valid for the purpose. */
export function verifyLink(
  ports: LinkPorts,
  c: Context,
  purpose: TokenPurpose,
): Promise<Subscriber['id'] | undefined> {
  return findTokenOwner(ports, purpose, tokenOf(c));
}

/** Returns the subscriber of a token, or undefined if it is not valid for the purpose or its owner has revoked it. */
export async function findTokenOwner(
  { keyring, clock, subscribers }: LinkPorts,
  purpose: TokenPurpose,
  token: string,
): Promise<Subscriber['id'] | undefined> {
  const { linkKeys } = await keyring.load();
  const id = verifyToken(purpose, token, linkKeys, clock.now());
  if (id === undefined || !REVOCABLE.includes(purpose)) return id;
  const { linksSince } = (await subscribers.load(id)) ?? {};
  if (linksSince === undefined) return id;
  const signedAt = signedAtOf(purpose, token);
  return signedAt !== undefined && secondOf(signedAt) >= secondOf(linksSince) ? id : undefined;
}

/** Tokens hold their time in whole seconds. */
function secondOf(at: string): number {
  return Math.floor(toEpochMs(at) / 1000);
}

/** The token in the path of a link. */
export function tokenOf(c: Context): string {
  return c.req.param('token') ?? '';
}
