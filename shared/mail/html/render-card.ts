import type { CardContent, MetaItem } from '../card-content.ts';
import { flatten, join, NOTHING, type Piece } from '../piece.ts';
import type { TextPart } from '../text-parts.ts';
import { bindWords, toCompactNumber, toCountText } from '../wording.ts';
import type { DigestTemplates } from './digest-templates.ts';
import { toHtmlPiece } from './template.ts';

/** The pieces of a paper's card that do not depend on the reader. */
interface CommonPieces {
  readonly templates: DigestTemplates;
  readonly votes: Piece;
  readonly meta: Piece;
  /** Without marks. */
  readonly title: Piece;
  readonly excerpt: Piece;
}

/** What was rendered of each paper, as long as the paper is in memory. The meta line of a paper is the same object in all cards. */
const rendered = new WeakMap<CardContent['meta'], CommonPieces>();

/** The rendered card, as long as its content is in memory. */
const cards = new WeakMap<
  CardContent,
  { readonly templates: DigestTemplates; readonly hasVotes: boolean; readonly row: Piece }
>();

/** Renders one paper as a table row. */
export function renderCard(card: CardContent, hasVotes: boolean, templates: DigestTemplates): Piece {
  const known = cards.get(card);
  if (known?.templates === templates && known.hasVotes === hasVotes) return known.row;
  const row = flatten(renderRow(card, hasVotes, templates));
  cards.set(card, { templates, hasVotes, row });
  return row;
}

function renderRow(card: CardContent, hasVotes: boolean, templates: DigestTemplates): Piece {
  const { votes, meta, title, excerpt } = commonPiecesOf(card, templates);
  const template = hasVotes ? templates.cardWithVotes : templates.card;
  return template.fill({
    votes,
    url: toHtmlPiece(card.url),
    title: hasMarks(card.titleParts) ? renderParts(card.titleParts, templates) : title,
    meta,
    excerpt:
      card.excerptParts.length > 0
        ? templates.excerpt.fill({
            text: hasMarks(card.excerptParts) ? renderParts(card.excerptParts, templates) : excerpt,
          })
        : NOTHING,
    reason: card.reason ? templates.reason.fill({ text: toHtmlPiece(card.reason) }) : NOTHING,
  });
}

function commonPiecesOf(card: CardContent, templates: DigestTemplates): CommonPieces {
  const known = rendered.get(card.meta);
  if (known?.templates === templates) return known;
  const pieces = {
    templates,
    votes: flatten(renderVotes(card.votes, templates)),
    meta: flatten(renderMeta(card.meta, templates)),
    title: flatten(toHtmlPiece(card.title)),
    excerpt: flatten(toHtmlPiece(card.excerpt)),
  };
  rendered.set(card.meta, pieces);
  return pieces;
}

function hasMarks(parts: readonly TextPart[]): boolean {
  return parts.some(({ isFound }) => isFound);
}

function renderVotes(votes: number, templates: DigestTemplates): Piece {
  if (votes === 0) return NOTHING;
  const [, noun = ''] = toCountText(votes, 'vote').split(' ');
  return templates.votes.fill({ count: toHtmlPiece(toCompactNumber(votes)), noun: toHtmlPiece(noun) });
}

function renderMeta(meta: readonly MetaItem[], templates: DigestTemplates): Piece {
  return join(
    meta.flatMap((item, index) => [
      ...(index > 0 ? [templates.separator.fill({})] : []),
      renderItem(item, templates),
    ]),
  );
}

function renderItem({ text, url }: MetaItem, templates: DigestTemplates): Piece {
  const bound = toHtmlPiece(bindWords(text));
  return url ? templates.metaLink.fill({ url: toHtmlPiece(url), text: bound }) : bound;
}

/** A text with the words that the query found on another ground. */
function renderParts(parts: readonly TextPart[], templates: DigestTemplates): Piece {
  return join(
    parts.map(({ text, isFound }) =>
      isFound ? templates.mark.fill({ text: toHtmlPiece(text) }) : toHtmlPiece(text),
    ),
  );
}
