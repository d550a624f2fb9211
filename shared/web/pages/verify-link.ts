import type { Context } from 'hono';
import type { Subscriber } from '../../domain/subscriber.ts';
import type { WebAppPorts } from '../ports.ts';
import { type TokenPurpose, verifyToken } from '../tokens.ts';

/** Whose link was followed; undefined for one that is not valid for the purpose. */
export async function verifyLink(
  { keyring, clock }: Pick<WebAppPorts, 'keyring' | 'clock'>,
  c: Context,
  purpose: TokenPurpose,
): Promise<Subscriber['id'] | undefined> {
  const { linkKeys } = await keyring.load();
  return verifyToken(purpose, tokenOf(c), linkKeys, clock.now());
}

/** The token in the path of a link. */
export function tokenOf(c: Context): string {
  return c.req.param('token') ?? '';
}
