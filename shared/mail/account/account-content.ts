import { localDayOf } from '../../domain/local-day.ts';
import type { SubscriberLinks } from '../../ports/subscribers.ts';
import type { Publication } from '../publication.ts';
import { toReaderText } from '../reader-text.ts';
import { toLongDay } from '../wording.ts';
import { type AccountMail, type AccountWords, toAccountWords } from './account-words.ts';

/** All that an account mail says: what HTML and plain text are both set from. */
export interface AccountContent extends AccountWords {
  /** What the publication is called. */
  readonly name: string;
  /** `Wednesday 7 January 2026`, where the reader lives. */
  readonly day: string;
  readonly postalAddress?: string | undefined;
}

/**
 * The words of an account mail, and what stands around them.
 *
 * @throws InvalidInputError for a mail that asks to confirm where no sign-up waits for it
 */
export function toAccountContent(
  mail: AccountMail,
  publication: Publication,
  links: SubscriberLinks,
): AccountContent {
  const { kind, subscriber, composedAt } = mail;
  const { timeZone } = (kind === 'confirm' && subscriber.signUp) || subscriber;
  const name = toReaderText(publication.name, 60);
  return {
    ...toAccountWords(mail, name, links),
    name,
    day: toLongDay(localDayOf(composedAt, timeZone)),
    postalAddress: publication.postalAddress && toReaderText(publication.postalAddress, 200),
  };
}
