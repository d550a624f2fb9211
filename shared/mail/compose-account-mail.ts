import type { Mail } from '../ports/mail.ts';
import type { SubscriberLinks } from '../ports/subscribers.ts';
import type { AccountMail } from './account/account-content.ts';
import { toAccountContent } from './account/account-content.ts';
import { renderAccountHtml, renderAccountText } from './account/render-account.tsx';
import { buildMessage } from './build-message.ts';
import type { MailHeader } from './mail-headers.ts';
import { toAccountTags } from './mail-tags.ts';
import { toPalettes } from './palette.ts';
import type { Publication } from './publication.ts';

/**
 * No person wrote it, and no machine should answer it; Exchange knows the second. It belongs to no list and comes to nobody
 * else, so no header of a list is here: there is nothing to unsubscribe from, and nothing in bulk.
 *
 * @see https://www.rfc-editor.org/rfc/rfc3834#section-5
 * @see https://learn.microsoft.com/en-us/openspecs/exchange_server_protocols/ms-oxcmail/
 */
const HEADERS: readonly MailHeader[] = [
  { name: 'Auto-Submitted', value: 'auto-generated' },
  { name: 'X-Auto-Response-Suppress', value: 'All' },
];

/**
 * Makes a mail that was asked for on the web: a few sentences and one link, as HTML and text, or as text alone for a
 * subscriber who wants that. The same mail gives the same bytes.
 *
 * @throws InvalidInputError when no sign-up waits to be confirmed, or the subscriber cannot be mailed or named in SES tags
 */
export async function composeAccountMail(
  mail: AccountMail,
  publication: Publication,
  links: SubscriberLinks,
): Promise<Mail> {
  const { kind, subscriber, composedAt } = mail;
  const tags = toAccountTags(subscriber.id);
  const content = toAccountContent(mail, publication, links);
  const message = await buildMessage(
    {
      subscriber,
      identity: `${kind}.${composedAt.replace(/\D/g, '')}.${tags.subscriber}`,
      composedAt,
      subject: content.subject,
      headers: HEADERS,
      text: renderAccountText(content),
      html: renderAccountHtml(content, toPalettes(publication)),
    },
    publication,
  );
  return { ...message, tags };
}
