import { domainToUnicode } from 'node:url';
import type { FC } from 'hono/jsx';
import { domainOf } from '../../domain/subscribers/address.ts';

/** Returns an address as its owner writes it: `ada@exämple.org` for `ada@xn--exmple-cua.org`. */
export function toAddressText(address: string): string {
  const domain = domainOf(address);
  if (!domain.includes('xn--')) return address;
  return `${address.slice(0, -domain.length)}${domainToUnicode(domain) || domain}`;
}

/** An address that the text speaks of. */
export const Address: FC<{ address: string }> = ({ address }) => (
  <strong class="address">{toAddressText(address)}</strong>
);
