import type { ListId } from '../domain/lists/lists.ts';
import type { Cadence } from '../domain/subscribers/cadence.ts';
import { addDays, type Day, isoWeekdayOf, localDayOf } from '../domain/time/time.ts';
import type { Digest, DigestSection } from '../matching/digest.ts';
import type { Match } from '../matching/window.ts';
import type { SubscriberLinks } from '../ports/subscribers.ts';
import { type CardContent, findReaderGrowth, toCard } from '../presentation/card-content.ts';
import { SORTING_PATH } from '../presentation/papers-path.ts';
import type { Publication } from '../presentation/publication.ts';
import { toReaderText } from '../presentation/reader-text.ts';
import { toListNames, toQueryText } from '../presentation/subscription-wording.ts';
import { toLongDay, toShortDay, toWeekdayName } from '../presentation/wording.ts';
import { type FooterContent, toFooter } from './footer-content.ts';
import { type MoreContent, toBrowseUrl, toMore } from './more-link.ts';
import { type NewsContent, toNewsContent } from './news-content.ts';

/** The texts of one subscription's section. */
export interface SectionContent {
  /** The followed lists: `Hugging Face Daily Papers and arXiv cs.CL`. */
  readonly heading: string;
  /** The query as the subscriber wrote it. Undefined for an empty query. */
  readonly query?: string | undefined;
  /** Best first. Empty only if not even the best paper fits into the mail. */
  readonly cards: readonly CardContent[];
  /** Undefined if every paper is in the mail. */
  readonly more?: MoreContent | undefined;
  /** Returns the section with only its first cards. */
  readonly keepFirst: (count: number) => SectionContent;
}

/**
 * The texts of a digest, which the HTML and the text part share. Every text is one line of bounded length without control
 * characters. Markup is not escaped yet.
 */
export interface DigestContent {
  readonly name: string;
  readonly cadence: Cadence;
  /** `Wednesday 7 January 2026`. */
  readonly day: string;
  readonly sections: readonly SectionContent[];
  readonly news: readonly NewsContent[];
  readonly footer: FooterContent;
  readonly links: {
    readonly manage: string;
    readonly mute: string;
    readonly unsubscribe: string;
    readonly papers: string;
    readonly sorting: string;
  };
}

/** Returns the texts of a digest with all its papers, before the size limit. */
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
    news: digest.news.map((news) => toNewsContent(news, publication)),
    footer: toFooter(digest, publication),
    links: {
      manage: links.manage(digest.subscriber.id),
      mute: links.mute(digest.subscriber.id, digest),
      unsubscribe: links.unsubscribe(digest.subscriber.id),
      papers: toBrowseUrl(digest, digestListsOf(digest), publication),
      sorting: publication.publicUrl + SORTING_PATH,
    },
  };
}

/** Returns the reader's local day. A daily digest shows its period's day, even if it is sent after midnight. */
function deliveryDayOf({ cadence, period, composedAt, subscriber }: Digest): Day {
  return cadence === 'daily' ? period : localDayOf(composedAt, subscriber.timeZone);
}

/** Returns the lists of a digest's subscriptions, each once. */
export function digestListsOf({ sections }: Pick<Digest, 'sections'>): readonly ListId[] {
  return [...new Set(sections.flatMap(({ subscription }) => subscription.lists))];
}

function toSection(
  section: DigestSection,
  digest: Digest,
  today: Day,
  publication: Publication,
): SectionContent {
  const { subscription, matches } = section;
  const heading = toListNames(subscription.lists);
  const query = toQueryText(subscription.query);
  const cards = recallCards(matches, subscription.lists, today, digest, publication);
  const keepFirst = (count: number): SectionContent => ({
    heading,
    query,
    cards: count < cards.length ? cards.slice(0, count) : cards,
    keepFirst,
    more: toMore(section, count, digest, publication),
  });
  return keepFirst(cards.length);
}

/** The last cards of each list of matches. Subscribers with equal queries who got the same papers before have the same list. */
const cardsOfLists = new WeakMap<readonly Match[], Map<string, readonly CardContent[]>>();

/** A list of matches keeps cards for at most this many kinds of readers, such as those of different time zones. */
const MAX_CARD_LISTS = 20;

/** Returns the cards of matches. Equal cards are the same array, so a renderer can cache its output by it. */
function recallCards(
  matches: readonly Match[],
  lists: readonly ListId[],
  today: Day,
  digest: Pick<Digest, 'subscriber' | 'late'>,
  publication: Publication,
): readonly CardContent[] {
  const byReader = cardsOfLists.get(matches) ?? new Map<string, readonly CardContent[]>();
  const lateTexts =
    digest.late.size === 0 ? [] : matches.map(({ paper }) => toLateText(digest.late.get(paper.id), today));
  const reader = [publication.publicUrl, today, digest.subscriber.timeZone, lists, lateTexts].join(' ');
  const known = byReader.get(reader);
  if (known) return known;
  const made = matches.map((match) => recallCard(match, lists, today, digest, publication));
  const isMade = (cards: readonly CardContent[]) => cards.every((card, index) => card === made[index]);
  const cards = [...byReader.values()].find(isMade) ?? made;
  if (byReader.size === MAX_CARD_LISTS) byReader.clear();
  cardsOfLists.set(matches, byReader.set(reader, cards));
  return cards;
}

/** The facts on which the card of a match depends. */
interface CardFacts {
  readonly lists: readonly ListId[];
  readonly today: Day;
  readonly votes: number | undefined;
  readonly days: number | undefined;
  readonly lateText: string | undefined;
  readonly publicUrl: string;
}

/** The last card of each match. Subscribers with equal queries get the same matches. */
const cardsOfMatches = new WeakMap<Match, { readonly facts: CardFacts; readonly card: CardContent }>();

function recallCard(
  match: Match,
  lists: readonly ListId[],
  today: Day,
  { subscriber: { timeZone }, late }: Pick<Digest, 'subscriber' | 'late'>,
  { publicUrl }: Publication,
): CardContent {
  const { votes, days } = findReaderGrowth(match.paper, today, timeZone) ?? {};
  const lateText = toLateText(late.get(match.paper.id), today);
  const facts = { lists, today, votes, days, lateText, publicUrl };
  const known = cardsOfMatches.get(match);
  if (known && areSameFacts(known.facts, facts)) return known.card;
  const card = toCard(match, lists, today, timeZone);
  const meta = lateText === undefined ? card.meta : [{ text: lateText }, ...card.meta];
  const url = card.url.startsWith('/') ? publicUrl + card.url : card.url;
  const absolute = { ...card, meta, url };
  cardsOfMatches.set(match, { facts, card: absolute });
  return absolute;
}

function areSameFacts(a: CardFacts, b: CardFacts): boolean {
  return (
    a.today === b.today &&
    a.votes === b.votes &&
    a.days === b.days &&
    a.lateText === b.lateText &&
    a.publicUrl === b.publicUrl &&
    a.lists.length === b.lists.length &&
    a.lists.every((list, index) => list === b.lists[index])
  );
}

const DAYS_BY_NAME = 6;

/** Says when a late paper was announced, seen from the day of the digest: `announced yesterday`, `announced on Thursday`. */
export function toLateText(
  late: { readonly list: ListId; readonly day: Day } | undefined,
  today: Day,
): string | undefined {
  if (!late || late.day >= today) return undefined;
  const verb = late.list.startsWith('arxiv/') ? 'announced' : 'listed';
  if (late.day === addDays(today, -1)) return `${verb} yesterday`;
  const isNear = late.day >= addDays(today, -DAYS_BY_NAME);
  return `${verb} on ${isNear ? toWeekdayName(isoWeekdayOf(late.day)) : toShortDay(late.day, today)}`;
}
