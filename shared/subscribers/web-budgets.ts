import ipaddr from 'ipaddr.js';
import { addMs, type Instant, MS_PER_DAY } from '../domain/time.ts';
import type { Budget } from '../ports.ts';
import { toNetworkId } from './subscriber-id.ts';

/** From one client in an hour: a classroom behind one address signs up, a script soon has enough. */
const MAX_PER_CLIENT = 30;

/** In an hour from everywhere, before anybody is looked at. */
const MAX_CALM = 100;

/** Beyond that, from each network: whoever floods has used up theirs, and everybody else still comes through. */
const MAX_PER_NETWORK = 3;

/** In an hour in all, whatever happens: SES's quota is for digests. */
const MAX_IN_ALL = 1_000;

/** The leading bits that one client has to itself, and those that one network has. A home or a server has a /64 of IPv6. */
const PREFIXES = {
  ipv4: { client: 32, network: 24 },
  ipv6: { client: 64, network: 48 },
} as const;

/** What requests from one client for mails are counted against, by the hour of a moment; ids say nothing of the address. */
export function budgetsOf(
  clientAddress: string | undefined,
  idKey: string,
  now: Instant,
): Readonly<Record<'client' | 'network' | 'calm' | 'all', Budget>> {
  const hour = { window: now.slice(0, 13), expiresAt: addMs(now, MS_PER_DAY) };
  const idOf = (part: 'client' | 'network') => toNetworkId(toPrefix(clientAddress, part), idKey);
  return {
    client: { ...hour, what: `requests#client#${idOf('client')}`, max: MAX_PER_CLIENT },
    network: { ...hour, what: `requests#network#${idOf('network')}`, max: MAX_PER_NETWORK },
    calm: { ...hour, what: 'requests#calm', max: MAX_CALM },
    all: { ...hour, what: 'requests#all', max: MAX_IN_ALL },
  };
}

/** The leading bits of an address as text: `ipv4 client c0000201`; all clients without an address are one. */
function toPrefix(clientAddress: string | undefined, part: 'client' | 'network'): string {
  if (clientAddress === undefined || !ipaddr.isValid(clientAddress)) return `unknown ${part}`;
  const address = ipaddr.process(clientAddress);
  const kind = address.kind();
  const bytes = address.toByteArray().slice(0, PREFIXES[kind][part] / 8);
  return `${kind} ${part} ${Buffer.from(bytes).toString('hex')}`;
}
