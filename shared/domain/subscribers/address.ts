import * as z from '../zod.ts';

/** The longest address that mail servers accept. */
export const MAX_ADDRESS_CHARS = 254;

/** The shortest address: `a@b.io`. */
export const MIN_ADDRESS_CHARS = 6;

export const MAX_LOCAL_CHARS = 64;
const MAX_DOMAIN_CHARS = 253;

/** Atoms of RFC 5322, joined by single dots: no quotes, no comments, and only ASCII, because SES requires it. */
const LOCAL_PART = /^[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+(?:\.[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*$/;

/** Two labels or more of letters, digits and inner hyphens. The last one is not a number, so an IP address does not match. */
const HOST_NAME =
  /^(?:[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?\.)+(?!\d+$)[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])$/;

export const EXPECTED_ADDRESS = 'expected an email address like "ada@example.org"';

/**
 * An address that SES can mail: a plain ASCII local part, and a domain in DNS form. It is stricter than RFC 5322, and refuses quotes,
 * comments and IP addresses, which are not used in practice.
 *
 * @see https://docs.aws.amazon.com/ses/latest/APIReference/API_SendRawEmail.html (the local part is ASCII, the domain Punycode)
 */
export const addressSchema = z.string().check(z.refine(isAddress, EXPECTED_ADDRESS));

/** Returns the address trimmed and in lower case. Two addresses with the same normalised form are one subscriber. */
export function normaliseAddress(address: string): string {
  return address.trim().toLowerCase();
}

/** Returns the normalised address without a name before it: `ada@example.org` for `Ada <Ada@Example.org>`. */
export function toBareAddress(text: string): string {
  return normaliseAddress(/<([^<>]*)>\s*$/.exec(text)?.[1] ?? text);
}

/** Returns the domain of an address in lower case: `example.org`. A text without `@` is taken for a domain. */
export function domainOf(address: string): string {
  return address.slice(address.lastIndexOf('@') + 1).toLowerCase();
}

/**
 * Providers that ignore dots in the local part.
 *
 * @see https://support.google.com/mail/answer/7436150 (Gmail)
 * @see https://github.com/ProtonMail/WebClients (Proton: `removeEmailAlias` drops the tag and the dots)
 */
const IGNORE_DOTS: ReadonlySet<string> = new Set(['gmail.com', 'proton.me', 'protonmail.com', 'pm.me']);

/**
 * Returns the mailbox of an address: in lower case, without a tag, and without dots that its provider ignores. Mails are counted by it.
 * It does not identify a subscriber.
 *
 * At most providers `ada+papers@` is the mailbox of `ada@`, even at a private domain, though few document it. So a tag never counts.
 * Otherwise a stranger could send mails to one mailbox under a thousand tags. If the two are different people, they share one count.
 *
 * @example toMailbox('A.da+papers@GoogleMail.com') // 'ada@gmail.com'
 * @example toMailbox('J.Doe+x@corp.example') // 'j.doe@corp.example'
 * @see https://www.rfc-editor.org/rfc/rfc5233
 */
export function toMailbox(address: string): string {
  const [local, typedDomain] = splitAddress(normaliseAddress(address));
  const domain = typedDomain === 'googlemail.com' ? 'gmail.com' : typedDomain;
  const [name = ''] = local.split('+');
  const plain = IGNORE_DOTS.has(domain) ? name.replaceAll('.', '') : name;
  return `${plain || local}@${domain}`;
}

/**
 * Returns the address in a form that only its owner recognises.
 *
 * @example maskAddress('demo@readers.example') // 'd…o@readers.example'
 */
export function maskAddress(address: string): string {
  const [local, domain] = splitAddress(address);
  const last = local.length > 2 ? local.slice(-1) : '';
  return `${local.slice(0, 1)}…${last}@${domain}`;
}

/** Returns whether a text is an address that SES can mail: see {@link addressSchema}. */
export function isAddress(text: string): boolean {
  const [local, domain] = splitAddress(text);
  return (
    text.length <= MAX_ADDRESS_CHARS &&
    local.length <= MAX_LOCAL_CHARS &&
    domain.length <= MAX_DOMAIN_CHARS &&
    LOCAL_PART.test(local) &&
    HOST_NAME.test(domain)
  );
}

/** Returns the parts before and after the last `@`. Both are empty without one. */
export function splitAddress(address: string): readonly [local: string, domain: string] {
  const at = address.lastIndexOf('@');
  return at === -1 ? ['', ''] : [address.slice(0, at), address.slice(at + 1)];
}
