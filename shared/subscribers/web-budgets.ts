import ipaddr from 'ipaddr.js';
import type { Subscriber } from '../domain/subscriber.ts';
import { addMs, type Instant, MS_PER_DAY } from '../domain/time.ts';
import type { WebRequest } from '../messages.ts';
import type { Budget } from '../ports.ts';
import { toNetworkId } from './subscriber-id.ts';

/** Requests an hour of one kind from one client. Enough for a classroom behind one address; a script is stopped early. */
const MAX_PER_CLIENT = 30;

/** Requests an hour of one kind from everywhere, before the network of a client matters. */
const MAX_CALM = 100;

/** Requests an hour of one kind from each network beyond that. A flood uses up its own networks; everybody else comes through. */
const MAX_PER_NETWORK = 3;

/** Mails of one kind that go out in an hour, because SES's quota is for digests. A request that needs no mail does not count. */
const MAX_MAILS = 1_000;

/** Links to export and erase that one subscriber gets in a day: whoever holds a forwarded digest can ask for them, too. */
const MAX_DATA_LINKS = 5;

/** The leading bits that one client has to itself, and those that one network has. A home or a server has a /64 of IPv6. */
const PREFIXES = {
  ipv4: { client: 32, network: 24 },
  ipv6: { client: 64, network: 48 },
} as const;

/** What is asked for on the web; each kind has budgets of its own, so a flood of one leaves the other. */
type RequestKind = WebRequest['kind'];

/** The budgets that a request is counted against before anybody looks at its address; their ids say nothing of the client. */
export function requestBudgetsOf(
  kind: RequestKind,
  clientAddress: string | undefined,
  idKey: string,
  now: Instant,
): Readonly<Record<'client' | 'network' | 'calm', Budget>> {
  const idOf = (part: 'client' | 'network') => toNetworkId(toPrefix(clientAddress, part), idKey);
  return {
    client: { ...hourOf(now), what: `requests#${kind}#client#${idOf('client')}`, max: MAX_PER_CLIENT },
    network: { ...hourOf(now), what: `requests#${kind}#network#${idOf('network')}`, max: MAX_PER_NETWORK },
    calm: { ...hourOf(now), what: `requests#${kind}#calm`, max: MAX_CALM },
  };
}

/** The budget of the mails that answer requests of one kind. */
export function mailBudgetOf(kind: RequestKind, now: Instant): Budget {
  return { ...hourOf(now), what: `mails#${kind}`, max: MAX_MAILS };
}

/** The budget of links to export and erase that one subscriber gets in a day (UTC), forgotten a day after the last one. */
export function dataLinkBudgetOf(id: Subscriber['id'], now: Instant): Budget {
  return {
    ...{ what: `data-links#${id}`, window: now.slice(0, 'yyyy-mm-dd'.length) },
    ...{ max: MAX_DATA_LINKS, expiresAt: addMs(now, MS_PER_DAY) },
  };
}

/** The hour of a moment as a window, forgotten after a day. */
function hourOf(now: Instant): Pick<Budget, 'window' | 'expiresAt'> {
  return { window: now.slice(0, 13), expiresAt: addMs(now, MS_PER_DAY) };
}

/** The leading bits of an address as text: `ipv4 client c0000201`; all clients without an address are one. */
function toPrefix(clientAddress: string | undefined, part: 'client' | 'network'): string {
  if (clientAddress === undefined || !ipaddr.isValid(clientAddress)) return `unknown ${part}`;
  const address = ipaddr.process(clientAddress);
  const kind = address.kind();
  const bytes = address.toByteArray().slice(0, PREFIXES[kind][part] / 8);
  return `${kind} ${part} ${Buffer.from(bytes).toString('hex')}`;
}
