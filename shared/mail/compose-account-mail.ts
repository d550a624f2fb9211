import type { Mail } from '../ports/mail.ts';
import type { SubscriberLinks } from '../ports/subscribers.ts';
import { toPalettes } from '../presentation/palette.ts';
import type { Publication } from '../presentation/publication.ts';
import type { AccountMail } from './account/account-content.ts';
import { toAccountContent } from './account/account-content.ts';
import { renderAccountHtml, renderAccountText } from './account/render-account.tsx';
import { buildMessage } from './build-message.ts';
import type { MailHeader } from './mail-headers.ts';
import { toAccountTags } from './mail-tags.ts';
import { toPiece } from './piece.ts';

/**
 * Headers that prevent automatic answers. Exchange reads the second one. List headers would be wrong, because the mail goes to one
 * person and has nothing to unsubscribe from.
 *
 * @see https://www.rfc-editor.org/rfc/rfc3834#section-5
 * @see https://learn.microsoft.com/en-us/openspecs/exchange_server_protocols/ms-oxcmail/
 */
const HEADERS: readonly MailHeader[] = [
  { name: 'Auto-Submitted', value: 'auto-generated' },
  { name: 'X-Auto-Response-Suppress', value: 'All' },
];

/**
 * Composes a mail about a subscription: a few sentences and one link. It has an HTML and a text part, or
 * only text if the subscriber chose that. The same input gives the same bytes.
 *
 * @throws InvalidInputError if the subscriber has no sign-up to confirm, or did not move. Also if SES cannot take the address or the id.
 */
export async function composeAccountMail(
  mail: AccountMail,
  publication: Publication,
  links: SubscriberLinks,
): Promise<Mail> {
  const { kind, subscriber, composedAt } = mail;
  const tags = toAccountTags(subscriber.id);
  const content = toAccountContent(mail, publication, links);
  const message = buildMessage(
    {
      subscriber,
      identity: `${kind}.${composedAt.replace(/\D/g, '')}.${tags.subscriber}`,
      composedAt,
      subject: content.subject,
      headers: HEADERS,
      text: toPiece(renderAccountText(content)),
      html: toPiece(renderAccountHtml(content, toPalettes(publication))),
    },
    publication,
  );
  return { ...message, tags };
}
