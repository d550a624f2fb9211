import type { ListId } from '../../domain/lists/lists.ts';
import { findGrowth } from '../../domain/papers/growth.ts';
import type { Day } from '../../domain/time/time.ts';
import { hasKnownVotes } from '../../matching/trending.ts';
import type { Match } from '../../matching/window.ts';
import { type CardContent, findConditions, toCard } from '../../presentation/card-content.ts';
import { toAbstractText } from '../../presentation/paper-text.ts';
import { toPaperPath } from '../../presentation/paper-url.ts';
import { shorten } from '../../presentation/reader-text.ts';
import { type TextPart, toTextParts } from '../../presentation/text-parts.ts';

/** The card of a paper on a page: that of the mail, and the abstract, which opens on request. */
export interface PageCard extends CardContent {
  /** The paper's own page. */
  readonly path: string;
  /** False for a paper whose votes no source counts. */
  readonly hasKnownVotes: boolean;
  /** How the votes grew: `+18 today`, `+18 in 3 days`. */
  readonly growth: string | undefined;
  /** The abstract to fold out. Empty if the excerpt shows all of it. */
  readonly abstractParts: readonly TextPart[];
  /** Whether the abstract was cut to keep the page small. The paper's own page has all of it. */
  readonly isAbstractCut: boolean;
}

interface PageCardOptions {
  /** The lists that the papers were chosen from. */
  readonly lists: readonly ListId[];
  /** The day of the page. The dates of other years are shown with their year. */
  readonly day: Day;
  /** Today, in UTC, for the growth of votes. */
  readonly today: Day;
  /** About how many bytes the cards may take together. */
  readonly maxBytes?: number;
}

/** How many papers a page shows. */
export const CARDS_PER_PAGE = 20;

/** The most bytes that the cards of a page take together. With style, navigation and banner the page stays under 50 KB. */
const MAX_BYTES = 35_000;

/** The size of a card's markup without its texts. */
const CARD_MARKUP_BYTES = 700;

/** Returns the cards of a page. If they are too large together, the longest abstracts are cut. */
export function toPageCards(
  matches: readonly Match[],
  { lists, day, today, maxBytes = MAX_BYTES }: PageCardOptions,
): readonly PageCard[] {
  const cards = matches.map((match) => toCard(match, lists, day));
  const abstracts = matches.map(({ paper }) => toAbstractText(paper));
  const room = maxBytes - cards.reduce((sum, card) => sum + bytesOfCard(card), 0);
  const shares = shareOut(abstracts.map(bytesOf), Math.max(0, room));
  return cards.map((card, position) => {
    const { paper, reasons } = matches[position] ?? {};
    const abstract = abstracts[position] ?? '';
    const shown = cutTo(abstract, shares[position] ?? 0);
    const growth = paper && findGrowth(paper, today, 'UTC');
    return {
      ...card,
      path: toPaperPath(card.paperId),
      hasKnownVotes: paper !== undefined && hasKnownVotes(paper),
      growth: growth && `+${growth.votes} ${growth.days === 1 ? 'today' : `in ${growth.days} days`}`,
      // A cut abstract is not worth opening if it is no longer than the excerpt.
      abstractParts:
        shown.length > (card.isAiSummary ? 0 : card.excerpt.length)
          ? toTextParts(shown, findConditions(reasons ?? [], ['abstract']))
          : [],
      isAbstractCut: shown !== abstract,
    };
  });
}

function bytesOfCard({ title, excerpt, reason = '', meta }: CardContent): number {
  const facts = meta.flatMap(({ text, url = '', organisation = '' }) => [text, url, encodeURI(organisation)]);
  return [title, excerpt, reason, ...facts].reduce((sum, text) => sum + bytesOf(text), CARD_MARKUP_BYTES);
}

/** Returns the description of a page in search engines: `lead`, and the titles of the first papers, at most 200 characters. */
export function toDescription(cards: readonly Pick<CardContent, 'title'>[], lead = ''): string {
  if (cards.length === 0) return lead || 'No papers.';
  const titles = cards.slice(0, 4).map(({ title }) => title);
  return shorten((lead && `${lead}: `) + titles.join(' · '), 200);
}

/** Returns how much of `room` each part gets. Small parts get all that they need, and large ones share the rest equally. */
function shareOut(wanted: readonly number[], room: number): readonly number[] {
  const ascending = [...wanted].sort((a, b) => a - b);
  let left = room;
  for (const [position, size] of ascending.entries()) {
    const share = Math.floor(left / (ascending.length - position));
    if (size > share) return wanted.map((bytes) => Math.min(bytes, share));
    left -= size;
  }
  return wanted;
}

/** Counts the bytes of a text on a page, where some characters are escaped. */
function bytesOf(text: string): number {
  return Buffer.byteLength(text) + 4 * (text.match(/[&<>"']/g)?.length ?? 0);
}

/** A shorter part of an abstract is not worth showing. */
const MIN_CUT_BYTES = 200;

/** Returns the beginning of a text, at most `maxBytes` long, or nothing if `maxBytes` is too small. */
function cutTo(text: string, maxBytes: number): string {
  const bytes = bytesOf(text);
  if (bytes <= maxBytes) return text;
  if (maxBytes < MIN_CUT_BYTES) return '';
  // In proportion, because a text has the same characters throughout.
  return shorten(text, Math.floor((text.length * maxBytes) / bytes));
}
