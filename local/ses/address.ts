import { addressParser } from 'postal-mime';
import { domainOf } from '../../shared/domain/address.ts';

/**
 * The bare address of one recipient or sender: `Ada <ada@example.org>` gives `ada@example.org`. Text without angle
 * brackets is taken as an address whole, so that its faults show.
 */
export function toBareAddress(text: string): string {
  return (/<([^<>]*)>\s*$/.exec(text)?.[1] ?? text).trim();
}

/** The addresses in the value of a `From`, `To`, `Cc` or `Bcc` field, members of groups among them, in their order. */
export function toAddressList(headerValue: string): readonly string[] {
  return addressParser(headerValue, { flatten: true }).flatMap(({ address, name }) => {
    const text = address || name;
    return text ? [text] : [];
  });
}

/**
 * What SES has against a bare address, in its own words; undefined where it takes it. Local part and domain have to be
 * ASCII. Quoted local parts, which SES takes, are refused here.
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
 * The verified identity that covers a bare address: the address itself, else its domain, else the nearest domain above
 * it; undefined where none is verified. Small and capital letters are the same.
 *
 * @param identities addresses and domains: `['ops@example.net', 'example.org']`
 * @see https://docs.aws.amazon.com/ses/latest/dg/verify-addresses-and-domains.html
 */
export function findIdentity(address: string, identities: readonly string[]): string | undefined {
  const labels = domainOf(address).split('.');
  const covering = [address.toLowerCase(), ...labels.map((_, index) => labels.slice(index).join('.'))];
  return covering.find((candidate) => identities.some((identity) => identity.toLowerCase() === candidate));
}

/** Whether a bare address belongs to the mailbox simulator. */
export function isSimulator(address: string): boolean {
  return domainOf(address) === 'simulator.amazonses.com';
}
