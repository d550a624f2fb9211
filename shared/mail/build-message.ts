import { createHash } from 'node:crypto';
import MailComposer from 'nodemailer/lib/mail-composer';
import { addressSchema } from '../domain/address.ts';
import { InvalidInputError } from '../domain/errors.ts';
import type { Subscriber } from '../domain/subscriber.ts';
import type { Instant } from '../domain/time.ts';
import type { Mail } from '../ports/mail.ts';
import type { MailHeader } from './mail-headers.ts';
import { foldHeader, toHeaderText } from './mail-headers.ts';
import type { Publication } from './publication.ts';
import { toReaderText } from './reader-text.ts';

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
  readonly text: string;
  readonly html: string;
}

/**
 * Builds the MIME message: HTML with a plain text alternative, or only plain text if the subscriber chose that.
 * The body is quoted-printable with lines of at most 76 characters. Header lines have at most 78, except for long URLs,
 * which are never broken. The same parts give the same bytes. SES replaces our `Message-ID` and `Date`.
 *
 * @throws InvalidInputError when the subscriber's address cannot be mailed
 */
export async function buildMessage(
  { subscriber, identity, composedAt, subject, headers, text, html }: MessageParts,
  publication: Publication,
): Promise<Pick<Mail, 'from' | 'to' | 'raw'>> {
  if (!addressSchema.safeParse(subscriber.address).success) {
    throw new InvalidInputError(`the address of subscriber "${subscriber.id}" is not one that SES can mail`);
  }
  const name = toReaderText(publication.name, 60);
  const composer = new MailComposer({
    from: { name, address: publication.fromAddress },
    to: { name: '', address: subscriber.address },
    replyTo: { name, address: publication.replyTo ?? publication.fromAddress },
    date: new Date(composedAt),
    messageId: `<${identity}@${publication.listId}>`,
    headers: [...headers, { name: 'Subject', value: toHeaderText(subject) }].map((header) => ({
      key: header.name,
      value: { prepared: true, foldLines: false, value: foldHeader(header) },
    })),
    text,
    ...(subscriber.format === 'html' ? { html } : {}),
    encoding: 'quoted-printable',
    baseBoundary: toBoundary(html, text),
    newline: 'win',
  });
  return { from: publication.fromAddress, to: subscriber.address, raw: await composer.compile().build() };
}

/** Returns a boundary that cannot occur in the parts, because no text can contain its own hash. */
function toBoundary(...parts: readonly string[]): string {
  return createHash('sha256').update(parts.join('\n')).digest('hex').slice(0, 32);
}
