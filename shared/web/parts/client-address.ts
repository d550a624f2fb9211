import { isIP } from 'node:net';
import type { Context } from 'hono';
import * as z from '../../domain/zod.ts';
import { timingSafeEqualText } from '../../hmac.ts';
import { createIpRange, toIpAddress } from '../../subscribers/ip-address.ts';

/** The environment of a function has at most 4 KB. */
const MAX_RANGES = 60;

/** The shortest and the longest prefix of a range, by the version of its address. */
const PREFIX_BITS: Readonly<Record<number, readonly [min: number, max: number]>> = {
  4: [8, 32],
  6: [16, 128],
};

/** A range of IP addresses, `203.0.113.0/24` or `2001:db8::/32`. Two or three wide ranges would
 * trust everyone, so a prefix has a minimum length. */
const rangeSchema = z.string().check(
  z.refine(isRange, {
    error:
      'expected a range of IP addresses like "203.0.113.0/24" or "2001:db8::/32", with a prefix of 8 bits or more for IPv4 and 16 or more for IPv6',
  }),
  z.meta({ format: 'ip-range' }),
);

/** The addresses of trusted proxies, at most 60 ranges. Only their `X-Forwarded-For` counts. */
export const trustedProxiesSchema = z.readonly(z.array(rangeSchema).check(z.maxLength(MAX_RANGES)));

/** The header that CloudFront adds to each request with a secret. A reader cannot set it, because CloudFront replaces it. */
export const EDGE_HEADER = 'x-broadsheet-edge';

/** The deployment's own CloudFront distribution. */
export const edgeSchema = z.object({
  /** The value of {@link EDGE_HEADER}. Without it there is no distribution, and the header proves nothing. */
  secret: z.optional(z.string().check(z.minLength(16))),
  /** Whether requests that did not come through the distribution are refused. */
  isOnlyWay: z._default(z.boolean(), false),
});

export type Edge = z.infer<typeof edgeSchema>;

/** The pages without CloudFront. */
export const NO_EDGE: Edge = { isOnlyWay: false };

/** Returns whether a request came through our own distribution. @param value its {@link EDGE_HEADER} */
export function isFromEdge({ secret }: Edge, value: string | undefined): boolean {
  return secret !== undefined && value !== undefined && timingSafeEqualText(secret, value);
}

/**
 * Returns a function that finds the IP address of a request's client: the address at the other end of the connection. If that is
 * a trusted proxy, it is the last address in `X-Forwarded-For` that is not a trusted proxy. Each proxy appends the address that
 * it saw. So the addresses further left may be forged. Our own distribution is a trusted proxy, whatever its address.
 *
 * @param peerAddressOf the address at the other end of the connection, undefined when there is none
 * @param trustedProxies ranges as {@link trustedProxiesSchema} takes them
 */
export function createClientAddress(
  peerAddressOf: (context: Context) => string | undefined,
  trustedProxies: readonly string[],
  edge: Edge = NO_EDGE,
): (context: Context) => string | undefined {
  const ranges = trustedProxies.map(createIpRange);
  const isTrusted = (address: string) => ranges.some((hasAddress) => hasAddress(address));
  return (context) => {
    let nearest = peerAddressOf(context);
    const forwarded = context.req.header('x-forwarded-for')?.split(',') ?? [];
    if (isFromEdge(edge, context.req.header(EDGE_HEADER))) {
      // API Gateway appends the address of CloudFront, which it saw, to the header of CloudFront.
      if (toAddress(forwarded.at(-1)) === nearest) forwarded.pop();
      nearest = toAddress(forwarded.pop()) ?? nearest;
    }
    while (nearest !== undefined && isTrusted(nearest)) {
      const next = toAddress(forwarded.pop());
      // If a trusted proxy names no address, it counts as the client.
      if (next === undefined) break;
      nearest = next;
    }
    return nearest;
  };
}

function isRange(text: string): boolean {
  const [, address = '', bits] = /^([^/%]+)\/([1-9]\d{0,2})$/.exec(text) ?? [];
  const [min, max] = PREFIX_BITS[isIP(address)] ?? [];
  return min !== undefined && max !== undefined && Number(bits) >= min && Number(bits) <= max;
}

/** An address as proxies write it: `203.0.113.7`, `203.0.113.7:4711`, `2001:db8::7`, `[2001:db8::7]:4711`. */
function toAddress(text = ''): string | undefined {
  const [, bracketed, v4] = /^\s*(?:\[([^\]]*)\](?::\d+)?|([\d.]+):\d+)\s*$/.exec(text) ?? [];
  return toIpAddress(bracketed ?? v4 ?? text.trim());
}
