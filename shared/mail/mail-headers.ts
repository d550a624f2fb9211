import type { Digest } from '../domain/digest.ts';
import type { SubscriberLinks } from '../ports/subscribers.ts';
import { toPhrase } from './header-text.ts';
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
