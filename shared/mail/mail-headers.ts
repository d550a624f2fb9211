import { encodeWord } from 'nodemailer/lib/mime-funcs';
import type { Digest } from '../domain/digest.ts';
import type { SubscriberLinks } from '../ports/subscribers.ts';
import type { Publication } from './publication.ts';
import { toReaderText } from './reader-text.ts';

/** A header field: printable ASCII on one line, folded only when the message is put together. */
export interface MailHeader {
  readonly name: string;
  readonly value: string;
}

/**
 * The headers of a digest besides those that every mail has, in their order: how to stop it in one click (RFC 8058), the list
 * it belongs to (RFC 2919, RFC 2369), that no person wrote it and none should be answered automatically (RFC 3834), and
 * which delivery it is, without naming anybody.
 */
export function toMailHeaders(
  { subscriber, cadence, period }: Digest,
  publication: Publication,
  links: SubscriberLinks,
): readonly MailHeader[] {
  const { name, listId, unsubscribeMailto, publicUrl } = publication;
  const unsubscribe = [`<${links.unsubscribe(subscriber.id).href}>`];
  if (unsubscribeMailto) unsubscribe.push(`<${toMailtoUrl(unsubscribeMailto, subscriber.id)}>`);
  return [
    { name: 'List-Id', value: `${toPhrase(toReaderText(name, 60))} <${listId}>` },
    { name: 'List-Unsubscribe', value: unsubscribe.join(', ') },
    { name: 'List-Unsubscribe-Post', value: 'List-Unsubscribe=One-Click' },
    { name: 'List-Help', value: `<${new URL('/privacy', publicUrl).href}>` },
    { name: 'List-Archive', value: `<${new URL('/papers', publicUrl).href}>` },
    { name: 'Precedence', value: 'bulk' },
    { name: 'Auto-Submitted', value: 'auto-generated' },
    { name: 'X-Broadsheet-Delivery', value: toPrintable(`${cadence} ${period}`) },
  ];
}

/** A mail that asks to stop, in words that a person or a program can act on without knowing the address it came to. */
function toMailtoUrl(address: string, subscriberId: string): string {
  const subject = encodeURIComponent(`unsubscribe ${toReaderText(subscriberId, 128)}`);
  return `mailto:${encodeURI(toPrintable(address))}?subject=${subject}`;
}

/** The text without anything that could end a header or that a header cannot hold. */
function toPrintable(text: string): string {
  return text.replace(/[^\x20-\x7e]/g, '');
}

/** Encoded words of at most so many characters leave room for the name of a header on their line. */
const ENCODED_WORD_CHARS = 60;

/**
 * A one-line text as the value of a header such as `Subject`: as it is where it is plain ASCII, else encoded. A text that
 * looks encoded itself is encoded as well, so that a reader sees what it says and not what it would decode to.
 *
 * @see https://www.rfc-editor.org/rfc/rfc2047
 */
export function toHeaderText(text: string): string {
  return isPlain(text) ? text : encodeWord(text, 'Q', ENCODED_WORD_CHARS);
}

/** A one-line name in front of something in angle brackets: quoted, or encoded where ASCII cannot say it. */
function toPhrase(name: string): string {
  return isPlain(name) ? `"${name.replace(/["\\]/g, '\\$&')}"` : encodeWord(name, 'Q', ENCODED_WORD_CHARS);
}

function isPlain(text: string): boolean {
  return /^[ -~]*$/.test(text) && !text.includes('=?');
}

/** The length that a line should keep to; one word may be longer, since a fold inside it would change it. */
const LINE_CHARS = 78;

/**
 * The value of a header, with line breaks at spaces wherever a line would be longer than 78 characters. The first word stays
 * on the line of the name, because some programs take a first line without a value for an empty header; and a URL is
 * never broken.
 *
 * @see https://www.rfc-editor.org/rfc/rfc5322#section-2.2.3
 */
export function foldHeader({ name, value }: MailHeader): string {
  const [first = '', ...words] = value.split(' ');
  let folded = first;
  let length = name.length + 2 + first.length;
  for (const word of words) {
    const fits = length + 1 + word.length <= LINE_CHARS;
    folded += fits ? ` ${word}` : `\r\n ${word}`;
    length = fits ? length + 1 + word.length : 1 + word.length;
  }
  return folded;
}
