import { type CardContent, findSummaryNote } from '../../presentation/card-content.ts';
import { toCountText } from '../../presentation/wording.ts';
import type { DigestContent, SectionContent } from '../digest-content.ts';
import type { NewsContent } from '../news-content.ts';
import { join, NOTHING, type Piece } from '../piece.ts';
import { toPreheader } from '../subject.ts';
import type { DigestTemplates } from './digest-templates.ts';
import { renderCard } from './render-card.ts';
import { recallHtmlPiece, toHtmlPiece } from './template.ts';

/** Renders a digest as an HTML document for mail programs. All texts are escaped. */
export function renderHtml(content: DigestContent, templates: DigestTemplates): Piece {
  const { name, day, sections, links } = content;
  const unsubscribe = toHtmlPiece(links.unsubscribe);
  return templates.document.fill({
    title: recallHtmlPiece(`${name}, ${day}`),
    preheader: recallHtmlPiece(toPreheader(content)),
    name: recallHtmlPiece(name),
    day: recallHtmlPiece(day),
    unsubscribe,
    sections: join(sections.map((section) => renderSection(section, templates))),
    news: renderNews(content.news, templates),
    footer: renderFooter(content, templates, unsubscribe),
  });
}

function renderSection({ heading, query, cards, more }: SectionContent, templates: DigestTemplates): Piece {
  return templates.section.fill({
    heading: recallHtmlPiece(heading),
    query: query ? templates.query.fill({ query: recallHtmlPiece(query) }) : NOTHING,
    cards: renderRows(cards, templates),
    more: more
      ? templates.more.fill({
          count: recallHtmlPiece(toCountText(more.count, cards.length > 0 ? 'more paper' : 'paper')),
          url: toHtmlPiece(more.url),
          text: recallHtmlPiece(more.text),
        })
      : NOTHING,
  });
}

function renderRows(cards: readonly CardContent[], templates: DigestTemplates): Piece {
  const hasVotes = cards.some(({ votes }) => votes > 0);
  return join(cards.map((card) => renderCard(card, hasVotes, templates)));
}

function renderNews(news: readonly NewsContent[], templates: DigestTemplates): Piece {
  if (news.length === 0) return NOTHING;
  const items = news.map(({ title, url, text }) =>
    templates.newsItem.fill({
      url: recallHtmlPiece(url),
      title: recallHtmlPiece(title),
      text: recallHtmlPiece(text),
    }),
  );
  return templates.news.fill({ items: join(items) });
}

function renderFooter(
  { name, sections, footer, links }: DigestContent,
  templates: DigestTemplates,
  unsubscribe: Piece,
): Piece {
  const { why, subscriptions, personal, lists, postalAddress } = footer;
  const summaryNote = findSummaryNote(sections.flatMap(({ cards }) => cards));
  const toLine = (text: string) => templates.line.fill({ text: recallHtmlPiece(text) });
  return templates.footer.fill({
    why: recallHtmlPiece(why),
    subscriptions:
      subscriptions.length > 0
        ? templates.subscriptions.fill({
            items: join(
              subscriptions.map((text) => templates.subscription.fill({ text: recallHtmlPiece(text) })),
            ),
          })
        : NOTHING,
    manage: toHtmlPiece(links.manage),
    mute: toHtmlPiece(links.mute),
    unsubscribe,
    papers: recallHtmlPiece(links.papers),
    sorting: recallHtmlPiece(links.sorting),
    personal: recallHtmlPiece(personal),
    lines: join([
      ...lists.map(({ text, isAlarming }) =>
        isAlarming ? templates.alarm.fill({ text: recallHtmlPiece(text) }) : toLine(text),
      ),
      ...(summaryNote ? [toLine(summaryNote)] : []),
      ...(postalAddress ? [toLine(`${name}, ${postalAddress}`)] : []),
    ]),
  });
}
