import { addressParser } from 'postal-mime';
import { domainOf } from '../../shared/domain/subscribers/address.ts';

/**
 * Returns the bare address of a recipient or sender: `ada@example.org` for `Ada <ada@example.org>`. Text without angle brackets
 * is the address, so that {@link findAddressFault} sees its faults.
 */
export function toBareAddress(text: string): string {
  return (/<([^<>]*)>\s*$/.exec(text)?.[1] ?? text).trim();
}

/** Returns the addresses in a `From`, `To`, `Cc` or `Bcc` field in order, including the members of groups. */
export function toAddressList(headerValue: string): readonly string[] {
  return addressParser(headerValue, { flatten: true }).flatMap(({ address, name }) => {
    const text = address || name;
    return text ? [text] : [];
  });
}

/**
 * Returns why SES refuses a bare address, in SES's words. Undefined if SES accepts it. Local part and domain must be ASCII.
 * Unlike SES, this refuses quoted local parts.
 *
 * @see https://docs.aws.amazon.com/ses/latest/APIReference/API_Destination.html
 */
export function findAddressFault(address: string): string | undefined {
  const at = address.lastIndexOf('@');
  if (at < 0) return "Missing final '@domain'";
  const local = address.slice(0, at);
  if (local === '') return 'Missing local name';
  if (/[^\x21-\x7e]/.test(local)) return 'Local address contains control or whitespace';
  if (/[()<>,;:\\"[\]@]/.test(local)) return 'Local address contains illegal character';
  if (/^\.|\.\.|\.$/.test(local)) return 'Local address contains dot-dot';
  return /^[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)*$/.test(address.slice(at + 1))
    ? undefined
    : 'Domain contains illegal character';
}

/**
 * Returns the verified identity that covers a bare address: the address, its domain, or the nearest parent domain. Undefined if
 * none is verified. Case does not matter.
 *
 * @param identities addresses and domains: `['ops@example.net', 'example.org']`
 * @see https://docs.aws.amazon.com/ses/latest/dg/verify-addresses-and-domains.html
 */
export function findIdentity(address: string, identities: readonly string[]): string | undefined {
  const labels = domainOf(address).split('.');
  const covering = [address.toLowerCase(), ...labels.map((_, index) => labels.slice(index).join('.'))];
  return covering.find((candidate) => identities.some((identity) => identity.toLowerCase() === candidate));
}

/** Returns whether a bare address belongs to the mailbox simulator. */
export function isSimulator(address: string): boolean {
  return domainOf(address) === 'simulator.amazonses.com';
}
