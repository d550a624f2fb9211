import { domainOf } from '../../shared/domain/address.ts';

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
