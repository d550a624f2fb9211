import type { Context } from 'hono';
import type { Subscriber } from '../domain/subscribers/subscriber.ts';
import { toEpochMs } from '../domain/time/time.ts';
import { signingKeyOf } from '../subscribers/keys.ts';
import { showErased, showInvalidLink } from './parts/notices.tsx';
import type { WebAppPorts } from './ports.ts';
import { type OpenToken, openToken, signToken, type TokenPurpose } from './tokens.ts';

type LinkPorts = Pick<WebAppPorts, 'keyring' | 'clock' | 'subscribers'>;

/** A link that is valid for its purpose. */
export interface OpenLink {
  readonly token: OpenToken;
  /** Undefined after an erasure. */
  readonly subscriber: Subscriber | undefined;
}

/** Purposes for which the profile is read: the owner can make old links invalid, or the page shows it. */
export type OwnedPurpose = Exclude<TokenPurpose, 'unsubscribe'>;

/** Opens a link, and loads its subscriber. Undefined if the token is not valid for the purpose, or its owner has made it invalid. */
export async function openLink(
  ports: LinkPorts,
  purpose: OwnedPurpose,
  text: string,
): Promise<OpenLink | undefined> {
  const token = await open(ports, purpose, text);
  if (!token) return undefined;
  const subscriber = await ports.subscribers.load(token.subscriberId);
  // A data link ends by itself within minutes.
  return purpose !== 'data' && isRevoked(token, subscriber) ? undefined : { token, subscriber };
}

/** Returns the subscriber of a link, or the page that says why there is none. */
export async function loadOwner(
  c: Context,
  ports: LinkPorts & Pick<WebAppPorts, 'publication'>,
  purpose: OwnedPurpose,
): Promise<Subscriber | Response> {
  const link = await openLink(ports, purpose, tokenOf(c));
  if (!link) return showInvalidLink(c, ports);
  return link.subscriber ?? showErased(c, ports);
}

/**
 * Returns the subscriber of a link to unsubscribe. Undefined if it is not valid. One click has to work in every mail, and can only stop
 * mails. So the link works until its key is too old, even if the profile cannot be read.
 */
export async function findLeaver(c: Context, ports: LinkPorts): Promise<Subscriber['id'] | undefined> {
  return (await open(ports, 'unsubscribe', tokenOf(c)))?.subscriberId;
}

/** Returns a new token for the page of a subscriber. Only an answer to the proven owner of the address may have one. */
export async function signManageToken(
  { keyring, clock }: Pick<LinkPorts, 'keyring' | 'clock'>,
  id: Subscriber['id'],
): Promise<string> {
  const { linkKeys } = await keyring.load();
  const now = clock.now();
  return signToken('manage', id, signingKeyOf(linkKeys, now), now);
}

/** The token in the path of a link. */
export function tokenOf(c: Context): string {
  return c.req.param('token') ?? '';
}

async function open(
  { keyring, clock }: LinkPorts,
  purpose: TokenPurpose,
  text: string,
): Promise<OpenToken | undefined> {
  const { linkKeys } = await keyring.load();
  return openToken(purpose, text, linkKeys, clock.now());
}

function isRevoked({ signedAt }: OpenToken, { linksSince }: Partial<Subscriber> = {}): boolean {
  if (linksSince === undefined) return false;
  return signedAt === undefined || secondOf(signedAt) < secondOf(linksSince);
}

/** Tokens hold their time in whole seconds. */
function secondOf(at: string): number {
  return Math.floor(toEpochMs(at) / 1000);
}
