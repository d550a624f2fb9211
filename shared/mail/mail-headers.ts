import { encodeWord } from 'nodemailer/lib/mime-funcs';
import type { Digest } from '../matching/digest.ts';
import { createMemo } from '../matching/memo.ts';
import type { Publication } from '../presentation/publication.ts';
import { toReaderText } from '../presentation/reader-text.ts';
import { digestListsOf } from './digest-content.ts';
import { toArchiveUrl } from './more-link.ts';

/** A header field: printable ASCII on one line. `buildMessage` folds it. */
export interface MailHeader {
  readonly name: string;
  readonly value: string;
}

/**
 * Returns the headers that only a digest has, in order. They name its mailing list (RFC 2919, RFC 2369), allow one-click
 * unsubscribe (RFC 8058), and prevent automatic answers (RFC 3834). The last header names the delivery but not the subscriber.
 */
export function toMailHeaders(
  digest: Digest,
  publication: Publication,
  unsubscribeUrl: string,
): readonly MailHeader[] {
  const { subscriber, cadence, period } = digest;
  const { name, listId, unsubscribeMailto, publicUrl } = publication;
  const unsubscribe = [`<${unsubscribeUrl}>`];
  if (unsubscribeMailto) unsubscribe.push(`<${toMailtoUrl(unsubscribeMailto, subscriber.id)}>`);
  return [
    { name: 'List-Id', value: `${toPhrase(toReaderText(name, 60))} <${listId}>` },
    { name: 'List-Unsubscribe', value: unsubscribe.join(', ') },
    { name: 'List-Unsubscribe-Post', value: 'List-Unsubscribe=One-Click' },
    { name: 'List-Help', value: `<${publicUrl}/privacy>` },
    { name: 'List-Archive', value: `<${toArchiveUrl(digestListsOf(digest), publication)}>` },
    { name: 'Precedence', value: 'bulk' },
    { name: 'Auto-Submitted', value: 'auto-generated' },
    { name: 'X-Broadsheet-Delivery', value: toPrintable(`${cadence} ${period}`) },
  ];
}

/** Returns the URL of a mail that asks to unsubscribe. Its subject names the subscriber's id, so the address is not needed. */
function toMailtoUrl(address: string, subscriberId: string): string {
  const subject = encodeURIComponent(`unsubscribe ${toReaderText(subscriberId, 128)}`);
  return `mailto:${encodeURI(toPrintable(address))}?subject=${subject}`;
}

/** Removes line breaks and everything else that a header cannot hold. */
function toPrintable(text: string): string {
  return text.replace(/[^\x20-\x7e]/g, '');
}

/** Encoded words of this length leave room for the header's name on the same line. */
const ENCODED_WORD_CHARS = 60;

/**
 * Returns a one-line text as the value of a header such as `Subject`. Plain ASCII stays as it is. Everything else is encoded,
 * and so is text that looks like an encoded word, because mail programs would decode it.
 *
 * @see https://www.rfc-editor.org/rfc/rfc2047
 */
export function toHeaderText(text: string): string {
  return isPlain(text) ? text : encodedTexts.recall(text, () => toEncodedWord(text));
}

/** The last encoded texts. Many readers get a mail with the same subject. */
const encodedTexts = createMemo<string, string>(
  200_000,
  (encoded, text) => 2 * (encoded.length + text.length),
);

function toEncodedWord(text: string): string {
  return encodeWord(text, 'Q', ENCODED_WORD_CHARS);
}

/** Returns a one-line name as a phrase before angle brackets: quoted if it is ASCII, otherwise encoded. */
function toPhrase(name: string): string {
  return isPlain(name) ? `"${name.replace(/["\\]/g, '\\$&')}"` : toEncodedWord(name);
}

/** Returns a name and an address as one mailbox. A name of plain words needs no quotes. */
export function formatMailbox(name: string, address: string): string {
  return `${/^[A-Za-z0-9 ]+$/.test(name) ? name : toPhrase(name)} <${address}>`;
}

function isPlain(text: string): boolean {
  return /^[ -~]*$/.test(text) && !text.includes('=?');
}

/** The recommended line length. A longer word stays whole, because a fold inside would change it. */
const LINE_CHARS = 78;

/**
 * Returns the value of a header with line breaks at spaces, so that lines have at most 78 characters. The first word stays
 * on the line of the name, because some mail programs read a first line without a value as an empty header. For a long URL,
 * nodemailer's `foldLines` would leave that line empty.
 *
 * @see https://www.rfc-editor.org/rfc/rfc5322#section-2.2.3
 */
export function foldHeader({ name, value }: MailHeader): string {
  if (name.length + 2 + value.length <= LINE_CHARS) return value;
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
