import type { CardContent, MetaItem } from '../../presentation/card-content.ts';
import type { TextPart } from '../../presentation/text-parts.ts';
import { bindWords, toCompactNumber, toCountText } from '../../presentation/wording.ts';
import { flatten, join, NOTHING, type Piece } from '../piece.ts';
import type { DigestTemplates } from './digest-templates.ts';
import { type Template, toHtmlPiece } from './template.ts';

/** The pieces that all cards of a paper share. */
interface CommonPieces {
  readonly templates: DigestTemplates;
  /** The row with its votes, URL and meta line, by the URL and by whether the section has a column for votes. */
  readonly rows: Map<string, Template<'title' | 'excerpt' | 'reason'>>;
  /** Without marks. */
  readonly title: Piece;
  readonly excerpt: Piece;
}

/** The rendered pieces of each paper, as long as it is in memory. The meta line of a paper is the same object in all cards. */
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
  const common = commonPiecesOf(card, templates);
  const { titleParts, excerptParts, reason } = card;
  return rowOf(common, card, hasVotes).fill({
    title: hasMarks(titleParts) ? renderParts(titleParts, templates) : common.title,
    excerpt: hasMarks(excerptParts)
      ? templates.excerpt.fill({ text: renderParts(excerptParts, templates) })
      : common.excerpt,
    reason: reason ? templates.reason.fill({ text: toHtmlPiece(reason) }) : NOTHING,
  });
}

function commonPiecesOf({ meta, title, excerpt }: CardContent, templates: DigestTemplates): CommonPieces {
  const known = rendered.get(meta);
  if (known?.templates === templates) return known;
  const pieces = {
    templates,
    rows: new Map(),
    title: toHtmlPiece(title),
    excerpt: excerpt ? flatten(templates.excerpt.fill({ text: toHtmlPiece(excerpt) })) : NOTHING,
  };
  rendered.set(meta, pieces);
  return pieces;
}

function rowOf({ templates, rows }: CommonPieces, { votes, url, meta }: CardContent, hasVotes: boolean) {
  const key = `${hasVotes} ${url}`;
  const row =
    rows.get(key) ??
    (hasVotes ? templates.cardWithVotes : templates.card).bind({
      votes: renderVotes(votes, templates),
      url: toHtmlPiece(url),
      meta: renderMeta(meta, templates),
    });
  rows.set(key, row);
  return row;
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
