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

/** What a mail says, and to whom. */
export interface MessageParts {
  readonly subscriber: Pick<Subscriber, 'id' | 'address' | 'format'>;
  /** What comes before the `@` in its `Message-ID`: `daily.2026-01-07.x7…`. */
  readonly identity: string;
  readonly composedAt: Instant;
  /** One line. */
  readonly subject: string;
  /** Those beside sender, recipient, subject and time, in their order. */
  readonly headers: readonly MailHeader[];
  readonly text: string;
  readonly html: string;
}

/**
 * Makes the message: HTML with a plain text alternative, or plain text alone for a subscriber who wants that. The body is
 * quoted-printable with lines of at most 76 characters; a header's line has at most 78, but for one that holds a URL, which is
 * never broken. The same letter gives the same bytes; SES puts its own `Message-ID` and `Date` in place of ours.
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

/** A boundary that no part holds: nobody can write a text that names the hash of the mail it stands in. */
function toBoundary(...parts: readonly string[]): string {
  return createHash('sha256').update(parts.join('\n')).digest('hex').slice(0, 32);
}
