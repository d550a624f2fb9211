import type { Cadence } from '../domain/cadence.ts';
import type { Digest, DigestSection } from '../domain/digest.ts';
import type { ListId } from '../domain/lists.ts';
import { type Day, daysFrom, localDayOf } from '../domain/time.ts';
import type { SubscriberLinks } from '../ports/subscribers.ts';
import { type PaperSelection, toPapersPath } from '../web/papers/paper-selection.ts';
import { type CardContent, toCard } from './card-content.ts';
import { type FooterContent, toFooter } from './footer-content.ts';
import type { Publication } from './publication.ts';
import { shorten, toReaderText } from './reader-text.ts';
import { toListNames, toQueryText } from './subscription-wording.ts';
import { toCountText, toLongDay } from './wording.ts';

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
  /** Where they are read, and what its words promise. */
  readonly moreLink: { readonly text: string; readonly url: string };
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
  readonly links: { readonly manage: string; readonly unsubscribe: string; readonly papers: string };
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
    sections: digest.sections.map((section) => toSection(section, digest, today, publication)),
    footer: toFooter(digest, publication),
    links: {
      manage: links.manage(digest.subscriber.id).href,
      unsubscribe: links.unsubscribe(digest.subscriber.id).href,
      papers: toBrowseUrl(publication, toDays(digest), [
        ...new Set(digest.sections.flatMap(({ subscription }) => subscription.lists)),
      ]),
    },
  };
}

/** The reader's own day. A daily digest belongs to its period even when it is sent after midnight. */
function deliveryDayOf({ cadence, period, composedAt, subscriber }: Digest): Day {
  return cadence === 'daily' ? period : localDayOf(composedAt, subscriber.timeZone);
}

function toSection(
  { subscription, matches, moreCount }: DigestSection,
  digest: Digest,
  today: Day,
  publication: Publication,
): SectionContent {
  return {
    heading: toListNames(subscription.lists),
    query: toQueryText(subscription.query),
    cards: matches.map((match) => toCard(match, subscription.lists, today)),
    moreCount,
    moreLink: toMoreLink(subscription, digest, publication),
  };
}

/** Outlook cuts an address off at 2,083 characters, and twenty of this length leave room for the papers. */
const MAX_LINK_CHARS = 700;

/** The page with every match of a section; where its address is too long, the page with every paper of the same days. */
function toMoreLink(
  { lists, query }: DigestSection['subscription'],
  digest: Digest,
  publication: Publication,
): SectionContent['moreLink'] {
  const days = toDays(digest);
  const url = toPapersUrl(publication, { ...days, lists, query });
  return url.length <= MAX_LINK_CHARS
    ? { text: 'See all matches on the web', url }
    : { text: 'See every paper of these days', url: toBrowseUrl(publication, days, lists) };
}

/** The page with every paper of these lists; of all lists where their names would make the address too long. */
function toBrowseUrl(
  publication: Publication,
  days: Pick<PaperSelection, 'day' | 'days'>,
  lists: readonly ListId[],
): string {
  const url = toPapersUrl(publication, { ...days, lists });
  return url.length <= MAX_LINK_CHARS ? url : toPapersUrl(publication, days);
}

/** The days of a digest as a page of papers names them. */
function toDays({ days: { first, last } }: Digest): Pick<PaperSelection, 'day' | 'days'> {
  return { day: last, days: daysFrom(first, last).length };
}

function toPapersUrl({ publicUrl }: Publication, selection: Parameters<typeof toPapersPath>[0]): string {
  return new URL(toPapersPath(selection), publicUrl).href;
}

/** About what a mail program shows of a subject on a desk; a phone shows the first 40, where the title stands. */
const MAX_SUBJECT_CHARS = 70;

/** A digest comes daily unless its subject says otherwise; the sender's name says the rest. */
const PREFIXES: Readonly<Record<DigestContent['cadence'], string>> = {
  instant: '',
  daily: '',
  weekly: 'Weekly: ',
  monthly: 'Monthly: ',
};

/**
 * The subject: the first paper's title and how many more the mail holds, at most 70 characters, never empty:
 * `K-EXAONE Technical Report and 11 more`, `Weekly: NextFlow: Unified Sequential Modeling… and 1 more`.
 */
export function toSubject({ cadence, sections }: Pick<DigestContent, 'cadence' | 'sections'>): string {
  const titles = sections.flatMap(({ cards }) => cards.map(({ title }) => title));
  const [first] = titles;
  const matched = titles.length + sections.reduce((sum, { moreCount }) => sum + moreCount, 0);
  if (first === undefined) return `${PREFIXES[cadence]}${toCountText(matched, 'paper')}`;

  const suffix = titles.length > 1 ? ` and ${titles.length - 1} more` : '';
  const room = MAX_SUBJECT_CHARS - PREFIXES[cadence].length - suffix.length;
  return `${PREFIXES[cadence]}${shorten(first, room)}${suffix}`;
}

/**
 * What a mail program shows behind the subject: the next papers, or where there is one only, what it says. At most 140
 * characters.
 */
export function toPreheader({ day, sections }: Pick<DigestContent, 'day' | 'sections'>): string {
  const [first, ...others] = sections.flatMap(({ cards }) => cards);
  if (others.length > 0) return shorten(`Also: ${others.map(({ title }) => title).join(' · ')}`, 140);
  return shorten(first?.excerpt || day, 140);
}
