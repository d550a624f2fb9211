import { parseUrl } from '../text/parse-url.ts';
import * as z from '../zod.ts';
import { EXPECTED_ADDRESS, isAddress, MAX_ADDRESS_CHARS, MAX_LOCAL_CHARS, splitAddress } from './address.ts';

/** Why a text is not an address. `before` and `after` are the parts before and after its `@`. */
export type AddressFault =
  /** The first invalid character, in words. */
  | { readonly kind: 'strange'; readonly strange: string }
  | {
      readonly kind: 'long';
      readonly part: 'before' | 'whole';
      readonly chars: number;
      readonly max: number;
    }
  /** A dot is first, last or next to another. */
  | { readonly kind: 'stray-dot'; readonly part: 'before' | 'after' }
  /** The domain has no dot. */
  | { readonly kind: 'no-dot' };

/**
 * `addressSchema` for entered text. The error names the first invalid character, a stray dot or an excess of length,
 * and has the {@link AddressFault} as its parameter `fault`. A function that takes addresses only from us does not load the words for them.
 */
export const explainedAddressSchema = z.string().check(
  z.superRefine((text, context) => {
    if (!isAddress(text))
      context.addIssue({
        code: 'custom',
        message: explainAddress(text),
        params: { fault: findFault(text) },
      });
  }),
);

/** The maximum length of the text in a field for an address: the address, and a name before it. */
export const MAX_ENTERED_CHARS = 500;

/**
 * An address as it is typed or pasted. The schema removes invisible characters, `mailto:`, and a name (`Ada <ada@example.org>`). It also
 * removes spaces around the address and its `@`, and a dot, comma or semicolon at the end. A domain in another script becomes Punycode:
 * `ada@bücher.example` is `ada@xn--bcher-kva.example`. Nothing else changes.
 */
export const typedAddressSchema = z.pipe(
  z.pipe(
    z.string().check(z.maxLength(MAX_ENTERED_CHARS, EXPECTED_ADDRESS)),
    z.transform((text) => toPunycodeDomain(cleanAddress(text))),
  ),
  explainedAddressSchema,
);

/** Returns what is wrong, if one fault can be named, and what is expected. */
function explainAddress(text: string): string {
  const fault = findFault(text);
  return fault === undefined ? EXPECTED_ADDRESS : `${describeFault(fault)}; ${EXPECTED_ADDRESS}`;
}

function describeFault(fault: AddressFault): string {
  switch (fault.kind) {
    case 'strange':
      return `it has ${fault.strange} in it`;
    case 'long':
      return `it has ${fault.chars} characters${fault.part === 'before' ? ' before the "@"' : ''}, and ${fault.max} are allowed`;
    case 'stray-dot':
      return `${fault.part} the "@", a dot is first, last or next to another`;
    case 'no-dot':
      return 'its domain has no dot';
    default:
      return fault satisfies never;
  }
}

function findFault(text: string): AddressFault | undefined {
  const strange = findStrange(text);
  if (strange !== undefined) return { kind: 'strange', strange };
  const [local, domain] = splitAddress(text);
  if (local.length > MAX_LOCAL_CHARS)
    return { kind: 'long', part: 'before', chars: local.length, max: MAX_LOCAL_CHARS };
  if (text.length > MAX_ADDRESS_CHARS)
    return { kind: 'long', part: 'whole', chars: text.length, max: MAX_ADDRESS_CHARS };
  if (STRAY_DOT.test(local)) return { kind: 'stray-dot', part: 'before' };
  if (STRAY_DOT.test(domain)) return { kind: 'stray-dot', part: 'after' };
  return domain === '' || domain.includes('.') ? undefined : { kind: 'no-dot' };
}

const STRAY_DOT = /^\.|\.\.|\.$/;

/** Returns the first invalid character, in words: `a space`, `"<"`. */
function findStrange(text: string): string | undefined {
  const at = text.lastIndexOf('@');
  if (at === -1) return undefined;
  const [strange] = /[^A-Za-z0-9!#$%&'*+/=?^_`{|}~.-]/u.exec(text.slice(0, at)) ??
    /[^A-Za-z0-9.-]/u.exec(text.slice(at + 1)) ?? [undefined];
  return strange === undefined ? undefined : describeCharacter(strange);
}

function describeCharacter(character: string): string {
  const code = `U+${character.codePointAt(0)?.toString(16).toUpperCase().padStart(4, '0')}`;
  if (character === ' ') return 'a space';
  if (/\p{Zs}/u.test(character)) return `a space (${code})`;
  if (/[\p{C}\p{Z}\p{Default_Ignorable_Code_Point}]/u.test(character))
    return `an invisible character (${code})`;
  if (character === '"') return 'a quotation mark';
  return character <= '~' ? `"${character}"` : `"${character}" (${code})`;
}

/** Invisible characters: zero-width spaces, marks of direction, soft hyphens, byte order marks, fillers. */
const INVISIBLE = /(?![\u200c\u200d])[\p{Cf}\p{Default_Ignorable_Code_Point}]/gu;
/** The two joiners, unless they are between two letters that are not ASCII. There they are part of a domain name. */
const STRAY_JOINER = /(?<![^ -~])[\u200c\u200d]|[\u200c\u200d](?![^ -~\u200c\u200d])/g;

/** Returns the address in a pasted text. Trims any other text. */
function cleanAddress(text: string): string {
  const visible = text.replace(INVISIBLE, '').replace(STRAY_JOINER, '');
  const [, name = '', bracketed] = /^([^<>]*)<([^<>]*)>[\s.,;]*$/.exec(visible) ?? [];
  // With two different addresses it is not clear which one is meant.
  const isOne = !name.includes('@') || name.replaceAll(/["']/g, '').trim() === bracketed?.trim();
  const bare = ((isOne && bracketed) || visible).trim().replace(/\s*[.,;]$/, '');
  return (toAddressOfLink(bare) ?? bare).replace(/\s*@\s*/, '@');
}

/** Returns the address of a `mailto:` link, without its query. Undefined for any other text. */
function toAddressOfLink(text: string): string | undefined {
  const [, address] = /^mailto:([^?]*)/i.exec(text) ?? [];
  if (address === undefined) return undefined;
  try {
    return decodeURIComponent(address).trim();
  } catch (error) {
    if (!(error instanceof URIError)) throw error;
    return address.trim();
  }
}

/**
 * Returns the address with its domain in Punycode by UTS #46, the rules by which browsers read host names. An ASCII domain stays, and
 * so does one with a character that has a meaning in a URL.
 *
 * @see https://www.unicode.org/reports/tr46/
 */
function toPunycodeDomain(text: string): string {
  const [local, domain] = splitAddress(text);
  if (/^[\x20-\x7e]*$/.test(domain) || !/^[A-Za-z0-9.\-\u0080-\u{10ffff}]+$/u.test(domain)) return text;
  const url = parseUrl(`https://${domain}/`);
  return url ? `${local}@${url.hostname}` : text;
}
