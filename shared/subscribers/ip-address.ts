import { isIP, isIPv4 } from 'node:net';

// Written by hand, because ipaddr.js adds 12 KB to three functions. It judges this code in a test (ADR 29).

/** An IPv4-mapped IPv6 address: `::ffff:c000:201` is `192.0.2.1`. */
const MAPPED = /^::ffff:([\da-f]+):([\da-f]+)$/;

/**
 * Returns an address in its canonical form: `2001:DB8:0::7` is `2001:db8::7`. An IPv4-mapped IPv6 address becomes IPv4. Undefined if the
 * text is not an address.
 */
export function toIpAddress(text: string): string | undefined {
  if (isIP(text) === 0) return undefined;
  if (isIPv4(text)) return text;
  const address = toCanonicalIpv6(text);
  const mapped = MAPPED.exec(address)?.slice(1);
  return mapped ? bytesOfGroups(mapped).join('.') : address;
}

/** Returns the bytes of an address: 4 of IPv4, 16 of IPv6. Undefined if the text is not an address. */
export function findIpBytes(text: string): readonly number[] | undefined {
  const address = toIpAddress(text);
  return address === undefined ? undefined : bytesOf(address);
}

/** Returns a function that says whether an address is in a range, such as `203.0.113.0/24` or `2001:db8::/32`. */
export function createIpRange(range: string): (address: string) => boolean {
  const [network = '', bits] = range.split('/');
  const start = bytesOf(isIPv4(network) ? network : toCanonicalIpv6(network));
  return (address) => {
    const bytes = findIpBytes(address);
    return bytes?.length === start.length && haveSamePrefix(bytes, start, Number(bits));
  };
}

function haveSamePrefix(a: readonly number[], b: readonly number[], bits: number): boolean {
  return a.every((byte, n) => {
    const bitsAfter = 8 - Math.min(Math.max(bits - 8 * n, 0), 8);
    return byte >> bitsAfter === (b[n] ?? 0) >> bitsAfter;
  });
}

/** Returns an IPv6 address as a URL has it, without the zone of `fe80::1%eth0`, which only its own machine knows. */
function toCanonicalIpv6(address: string): string {
  return new URL(`http://[${address.replace(/%.*/s, '')}]`).hostname.slice(1, -1);
}

function bytesOf(address: string): readonly number[] {
  if (isIPv4(address)) return address.split('.').map(Number);
  const [left = [], right = []] = address.split('::').map((part) => part.split(':').filter(Boolean));
  const zeros = Array.from({ length: 8 - left.length - right.length }, () => '0');
  return bytesOfGroups([...left, ...zeros, ...right]);
}

function bytesOfGroups(groups: readonly string[]): readonly number[] {
  return groups.flatMap((group) => {
    const value = Number.parseInt(group, 16);
    return [value >> 8, value & 0xff];
  });
}
