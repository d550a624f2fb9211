import { createHash } from 'node:crypto';
import MailComposer from 'nodemailer/lib/mail-composer';
import { addressSchema } from '../domain/address.ts';
import type { Digest } from '../domain/digest.ts';
import { InvalidInputError } from '../domain/errors.ts';
import type { DigestMail, SubscriberLinks } from '../ports.ts';
import { toDeliveryTags } from './delivery-tags.ts';
import { foldHeader } from './fold-header.ts';
import { toHeaderText } from './header-text.ts';
import type { Publication } from './publication.ts';
import { toReaderText } from './reader-text.ts';
import { renderDigest } from './render-digest.ts';

/**
 * Makes the mail of a digest: HTML with a plain text alternative, or plain text alone for a subscriber who wants that. The
 * body is quoted-printable with lines of at most 76 characters; a header's line has at most 78, but for one that holds a
 * URL, which is never broken. The same digest gives the same bytes; SES puts its own `Message-ID` and `Date` in place of ours.
 *
 * @throws InvalidInputError when the delivery cannot be named in SES tags or the subscriber's address cannot be mailed
 */
export async function composeDigestMail(
  digest: Digest,
  publication: Publication,
  links: SubscriberLinks,
): Promise<DigestMail> {
  const { subscriber, cadence, period, composedAt } = digest;
  if (!addressSchema.safeParse(subscriber.address).success) {
    throw new InvalidInputError(`the address of subscriber "${subscriber.id}" is not one that SES can mail`);
  }
  const tags = toDeliveryTags({ subscriberId: subscriber.id, cadence, period });
  const { subject, html, text, headers, paperIds } = renderDigest(digest, publication, links);
  const name = toReaderText(publication.name, 60);
  const identity = `${tags.cadence}.${tags.period}.${tags.subscriber}`;

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
  return {
    from: publication.fromAddress,
    to: subscriber.address,
    raw: await composer.compile().build(),
    tags,
    paperIds,
  };
}

/** A boundary that no part holds: nobody can write a text that names the hash of the mail it stands in. */
function toBoundary(...parts: readonly string[]): string {
  return createHash('sha256').update(parts.join('\n')).digest('hex').slice(0, 32);
}
