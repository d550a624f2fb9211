import { InvalidInputError } from '../domain/errors.ts';
import { oncePerObject } from '../domain/once.ts';
import { isAddress } from '../domain/subscribers/address.ts';
import type { Subscriber } from '../domain/subscribers/subscriber.ts';
import type { Instant } from '../domain/time/time.ts';
import type { Mail } from '../ports/mail.ts';
import type { Publication } from '../presentation/publication.ts';
import { toReaderText } from '../presentation/reader-text.ts';
import { foldHeader, formatMailbox, type MailHeader, toHeaderText } from './mail-headers.ts';
import { type Piece, toFormBase64 } from './piece.ts';

/** A mail before it becomes a MIME message. */
export interface MessageParts {
  readonly subscriber: Pick<Subscriber, 'id' | 'address' | 'format'>;
  /** The part of the `Message-ID` before the `@`: `daily.2026-01-07.x7…`. */
  readonly identity: string;
  readonly composedAt: Instant;
  /** One line. */
  readonly subject: string;
  /** Further headers, in order. Sender, recipient, subject and time are not among them. */
  readonly headers: readonly MailHeader[];
  readonly text: Piece;
  readonly html: Piece;
}

/** Quoted-printable never contains `=_`, so no text can contain it. See RFC 2045, section 6.7. */
const BOUNDARY = '=_part';

/**
 * Builds the MIME message: HTML with a plain text alternative, or only plain text if the subscriber chose that.
 * The body is quoted-printable with lines of at most 76 characters. Header lines have at most 78, except for long URLs,
 * which are never broken. The result is in base64, as the value of a form. The same parts give the same bytes.
 * SES replaces our `Message-ID` and `Date`.
 *
 * @throws InvalidInputError when the subscriber's address cannot be mailed
 */
export function buildMessage(
  { subscriber, identity, composedAt, subject, headers, text, html }: MessageParts,
  publication: Publication,
): Pick<Mail, 'from' | 'to' | 'raw'> {
  if (!isAddress(subscriber.address)) {
    throw new InvalidInputError(`the address of subscriber "${subscriber.id}" is not one that SES can mail`);
  }
  const { fromAddress } = publication;
  const mailboxes = mailboxesOf(publication);
  const head = [
    ...headers,
    { name: 'Subject', value: toHeaderText(subject) },
    { name: 'From', value: mailboxes.from },
    { name: 'To', value: subscriber.address },
    { name: 'Reply-To', value: mailboxes.replyTo },
    { name: 'Message-ID', value: `<${identity}@${publication.listId}>` },
    { name: 'Date', value: new Date(composedAt).toUTCString().replace('GMT', '+0000') },
    { name: 'MIME-Version', value: '1.0' },
  ];
  let lines = '';
  for (const header of head) lines += `${header.name}: ${foldHeader(header)}\r\n`;
  // Joined by `+`, so that the long texts are copied only once, when the message is sent.
  const raw =
    subscriber.format === 'html'
      ? toHead(lines + ALTERNATIVES, 'plain') + text.encoded + HTML_HEAD + html.encoded + END
      : toHead(lines, 'plain') + text.encoded;
  return { from: fromAddress, to: subscriber.address, raw };
}

/** Returns the mailboxes in the headers `From` and `Reply-To`. A function has one publication. */
const mailboxesOf = oncePerObject((publication: Publication) => {
  const { fromAddress, replyTo = fromAddress } = publication;
  const name = toReaderText(publication.name, 60);
  return { from: formatMailbox(name, fromAddress), replyTo: formatMailbox(name, replyTo) };
});

const DELIMITER = `\r\n--${BOUNDARY}`;
const ALTERNATIVES = `Content-Type: multipart/alternative; boundary="${BOUNDARY}"\r\n${DELIMITER}\r\n`;
const HTML_HEAD = toHead(`${DELIMITER}\r\n`, 'html');
const END = toFormBase64(`${DELIMITER}--\r\n`);

/**
 * Returns header lines and those of a text, encoded. Up to two more spaces in front of the last value make the length divisible by three, so a
 * piece can follow.
 */
function toHead(lines: string, subtype: 'plain' | 'html'): string {
  const start = `${lines}Content-Type: text/${subtype}; charset=utf-8\r\nContent-Transfer-Encoding: `;
  const end = 'quoted-printable\r\n\r\n';
  return toFormBase64(start.padEnd(start.length + ((2 * (start.length + end.length)) % 3)) + end);
}
