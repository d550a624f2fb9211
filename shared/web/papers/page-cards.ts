import { findGrowth } from '../../domain/growth.ts';
import type { ListId } from '../../domain/lists.ts';
import type { Day } from '../../domain/time.ts';
import { type CardContent, findConditions, toAbstractText, toCard } from '../../mail/card-content.ts';
import { shorten } from '../../mail/reader-text.ts';
import { type TextPart, toTextParts } from '../../mail/text-parts.ts';
import type { Match } from '../../matching/window.ts';
import { toPaperPath } from './paths.ts';

/** The card of a paper on a page: that of the mail, with the abstract to fold out. */
export interface PageCard extends CardContent {
  /** The paper's own page. */
  readonly path: string;
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
  /** The UTC day of now, for the growth of votes. */
  readonly today: Day;
  /** How many bytes the abstracts of all cards may take together. */
  readonly maxAbstractBytes?: number;
}

/** How many papers a page shows. */
export const CARDS_PER_PAGE = 20;

/** Twenty cards without abstracts take up to 30 KB, and a page less than 50 KB. */
const MAX_ABSTRACT_BYTES = 14_000;

/** Returns the cards of a page. If the abstracts are too long in all, the longest ones are cut. */
export function toPageCards(
  matches: readonly Match[],
  { lists, day, today, maxAbstractBytes = MAX_ABSTRACT_BYTES }: PageCardOptions,
): readonly PageCard[] {
  const abstracts = matches.map(({ paper }) => toAbstractText(paper));
  const shares = shareOut(abstracts.map(bytesOf), maxAbstractBytes);
  return matches.map((match, position) => {
    const { paper, reasons } = match;
    const card = toCard(match, lists, day);
    const abstract = abstracts[position] ?? '';
    const shown = cutTo(abstract, shares[position] ?? 0);
    const growth = findGrowth(paper, today, 'UTC');
    return {
      ...card,
      path: toPaperPath(paper.id),
      growth: growth && `+${growth.votes} ${growth.days === 1 ? 'today' : `in ${growth.days} days`}`,
      abstractParts:
        shown.length > card.excerpt.length || card.isAiSummary
          ? toTextParts(shown, findConditions(reasons, ['abstract']))
          : [],
      isAbstractCut: shown !== abstract,
    };
  });
}

/** Returns how much of the room each part gets. Small parts get all they want, and large ones share the rest equally. */
function shareOut(wanted: readonly number[], room: number): readonly number[] {
  const ascending = [...wanted].sort((a, b) => a - b);
  let left = room;
  for (const [position, size] of ascending.entries()) {
    const share = Math.floor(left / (ascending.length - position));
    if (size > share) return wanted.map((one) => Math.min(one, share));
    left -= size;
  }
  return wanted;
}

/** Counts the bytes of a text on a page, where some characters are escaped. */
function bytesOf(text: string): number {
  return Buffer.byteLength(text) + 4 * (text.match(/[&<>"']/g)?.length ?? 0);
}

/** Returns the beginning of a text with at most so many bytes. */
function cutTo(text: string, maxBytes: number): string {
  const bytes = bytesOf(text);
  if (bytes <= maxBytes) return text;
  // In proportion, because a text has the same characters throughout.
  return shorten(text, Math.max(1, Math.floor((text.length * maxBytes) / bytes)));
}
