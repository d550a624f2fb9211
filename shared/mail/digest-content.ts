import type { Cadence } from '../domain/cadence.ts';
import type { Digest, DigestSection } from '../domain/digest.ts';
import { localDayOf } from '../domain/local-day.ts';
import type { Day } from '../domain/time.ts';
import type { SubscriberLinks } from '../ports.ts';
import { type CardContent, toCard } from './card-content.ts';
import { type FooterContent, toFooter } from './footer-content.ts';
import type { Publication } from './publication.ts';
import { toReaderText } from './reader-text.ts';
import { toListNames, toQueryText } from './subscription-wording.ts';
import { toLongDay } from './wording.ts';

/** One subscription's part of the mail, ready to be set. */
export interface SectionContent {
  /** The followed lists: `Hugging Face Daily Papers and arXiv cs.CL`. */
  readonly heading: string;
  /** The query as it was written; none where the subscription takes everything. */
  readonly query?: string | undefined;
  /** Best first; empty only where not even the best one fits into the mail. */
  readonly cards: readonly CardContent[];
  /** Papers that matched and are not among the cards. */
  readonly moreCount: number;
}

/**
 * All that a digest says, in the reader's words: what HTML and plain text are both set from. Every text is one line
 * without control characters and of bounded length; markup in it is not escaped yet.
 */
export interface DigestContent {
  readonly name: string;
  readonly cadence: Cadence;
  /** `Wednesday 7 January 2026`. */
  readonly day: string;
  readonly sections: readonly SectionContent[];
  readonly footer: FooterContent;
  readonly links: { readonly manage: string; readonly unsubscribe: string; readonly web: string };
}

/** Puts a digest into words. Nothing is left out yet for want of room. */
export function toDigestContent(
  digest: Digest,
  publication: Publication,
  links: SubscriberLinks,
): DigestContent {
  const today = deliveryDayOf(digest);
  return {
    name: toReaderText(publication.name, 60),
    cadence: digest.cadence,
    day: toLongDay(today),
    sections: digest.sections.map((section) => toSection(section, today)),
    footer: toFooter(digest, publication),
    links: {
      manage: links.manage(digest.subscriber.id).href,
      unsubscribe: links.unsubscribe(digest.subscriber.id).href,
      web: new URL(publication.publicUrl).href,
    },
  };
}

/** The reader's own day. A daily digest belongs to its period even when it is sent after midnight. */
function deliveryDayOf({ cadence, period, composedAt, subscriber }: Digest): Day {
  return cadence === 'daily' ? period : localDayOf(composedAt, subscriber.timeZone);
}

function toSection({ subscription, matches, moreCount }: DigestSection, today: Day): SectionContent {
  return {
    heading: toListNames(subscription.lists),
    query: toQueryText(subscription.query),
    cards: matches.map((match) => toCard(match, subscription.lists, today)),
    moreCount,
  };
}
