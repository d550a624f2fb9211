import type { Subscriber } from '../domain/subscribers/subscriber.ts';
import { addMs, type Instant, MS_PER_DAY, utcDayOf } from '../domain/time/time.ts';
import * as z from '../domain/zod.ts';
import type { WebRequest } from '../ports/queues.ts';
import type { Budget } from '../ports/subscribers.ts';
import { findIpBytes } from './ip-address.ts';
import { toNetworkId } from './subscriber-id.ts';

/**
 * The hourly limits of requests on the web. Each kind has its own: sign-ups, manage links, data links, and mails about a change of address.
 *
 * `handle-requests` sends about two mails a second, which is 7,000 an hour. So a higher limit of mails would have no effect. Each request
 * adds its id to an item of the table and rewrites that item. A larger item would slow down requests during a flood. At 400 KB, DynamoDB
 * would refuse all of them.
 */
export const hourlyLimitsSchema = z.strictObject({
  requestsPerClient: z
    ._default(z.int().check(z.minimum(1), z.maximum(10_000)), 30)
    .check(
      z.describe(
        'Requests from one client: an IPv4 address or a /64 of IPv6. 30 are enough for a classroom that shares one address, and stop a script early.',
      ),
    ),
  requests: z
    ._default(z.int().check(z.minimum(0), z.maximum(5_000)), 100)
    .check(
      z.describe(
        'Requests of all clients together. After that many in an hour, `requestsPerNetworkInFlood` limits each network.',
      ),
    ),
  requestsPerNetworkInFlood: z
    ._default(z.int().check(z.minimum(1), z.maximum(10_000)), 3)
    .check(
      z.describe(
        'How many requests each network may still send in an hour, once `requests` are used up. A network is a /24 of IPv4 or a /48 of IPv6. So a flood uses up only the requests of its own networks.',
      ),
    ),
  mails: z
    ._default(z.int().check(z.minimum(1), z.maximum(5_000)), 1_000)
    .check(
      z.describe(
        'Mails that answer requests or report a change of address. Further requests wait for the budget of the next hour. If that is used up too, a request becomes a dead letter about an hour after it came. Imports do not count.',
      ),
    ),
});

export type HourlyLimits = z.infer<typeof hourlyLimitsSchema>;

/** How many data links one subscriber gets in a day, and how many mails about a move. Anyone with a forwarded digest can cause them. */
const MAX_A_DAY = 5;

/** The number of leading bits of an address that identify a client or a network. A home or a server has a /64 of IPv6. */
const PREFIXES = {
  ipv4: { client: 32, network: 24 },
  ipv6: { client: 64, network: 48 },
} as const;

/** The kinds of requests on the web. Each has its own budgets, so a flood of one kind does not stop the others. */
type RequestKind = WebRequest['kind'];

/** Returns the budgets that limit a request, whatever its email address is. Their ids do not reveal the client. */
export function requestBudgetsOf(
  limits: HourlyLimits,
  kind: RequestKind,
  clientAddress: string | undefined,
  idKey: string,
  now: Instant,
): Readonly<Record<'client' | 'network' | 'total', Budget>> {
  const idOf = (part: 'client' | 'network') => toNetworkId(toPrefix(clientAddress, part), idKey);
  return {
    client: {
      ...hourOf(now),
      what: `requests#${kind}#client#${idOf('client')}`,
      max: limits.requestsPerClient,
    },
    network: {
      ...hourOf(now),
      what: `requests#${kind}#network#${idOf('network')}`,
      max: limits.requestsPerNetworkInFlood,
    },
    total: { ...hourOf(now), what: `requests#${kind}#calm`, max: limits.requests },
  };
}

/** Returns the budget of the mails that answer requests of one kind. */
export function mailBudgetOf({ mails }: HourlyLimits, kind: RequestKind, now: Instant): Budget {
  return { ...hourOf(now), what: `mails#${kind}`, max: mails };
}

/** Returns the budget of data links of one subscriber on a day of UTC. It expires a day after the last link. */
export function dataLinkBudgetOf(id: Subscriber['id'], now: Instant): Budget {
  return { what: `data-links#${id}`, ...dayOf(now) };
}

/** Returns the budget of mails that tell one subscriber of a move, on a day of UTC. It expires a day after the last mail. */
export function movedBudgetOf(id: Subscriber['id'], now: Instant): Budget {
  return { what: `moved#${id}`, ...dayOf(now) };
}

function dayOf(now: Instant): Omit<Budget, 'what'> {
  return { window: utcDayOf(now), max: MAX_A_DAY, expiresAt: addMs(now, MS_PER_DAY) };
}

/** Returns the window of an hour. Its count expires after a day. */
function hourOf(now: Instant): Pick<Budget, 'window' | 'expiresAt'> {
  return { window: now.slice(0, 13), expiresAt: addMs(now, MS_PER_DAY) };
}

/** Returns the leading bits of an address as text: `ipv4 client c0000201`. All clients without an address count as one. */
function toPrefix(clientAddress: string | undefined, part: 'client' | 'network'): string {
  const bytes = findIpBytes(clientAddress ?? '');
  if (!bytes) return `unknown ${part}`;
  const kind = bytes.length === 4 ? 'ipv4' : 'ipv6';
  return `${kind} ${part} ${Buffer.from(bytes.slice(0, PREFIXES[kind][part] / 8)).toString('hex')}`;
}
