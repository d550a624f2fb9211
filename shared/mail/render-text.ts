import { createMemo } from '../matching/memo.ts';
import type { CardContent } from '../presentation/card-content.ts';
import { findSummaryNote } from '../presentation/card-content.ts';
import { toCountText } from '../presentation/wording.ts';
import type { DigestContent, SectionContent } from './digest-content.ts';
import type { MoreContent } from './more-link.ts';
import { NEWS_HEADING, type NewsContent } from './news-content.ts';
import { join, NOTHING, type Piece, toPiece } from './piece.ts';
import { TEXT_WIDTH, wrapText } from './wrap-text.ts';

const DOUBLE_RULE = '='.repeat(TEXT_WIDTH);
const RULE = '-'.repeat(TEXT_WIDTH);
const INDENT = '    ';

/**
 * Renders a digest as plain text in 72 columns. Papers and words are those of the HTML. The papers are numbered across
 * sections. A URL has its own line and is never broken.
 */
export function renderText(content: DigestContent): Piece {
  const { name, day, sections, news } = content;
  let number = 0;
  const numbered = sections.map((section) => {
    const first = number + 1;
    number += section.cards.length;
    return renderSection(section, first);
  });
  return join([
    recallLines([name.toUpperCase(), day, DOUBLE_RULE]),
    ...numbered,
    news.length > 0 ? toLines(renderNews(news)) : NOTHING,
    renderFooter(content),
  ]);
}

/** The lines of texts that many mails share, such as headings and the sentences of the footer. */
const sharedLines = createMemo<string, Piece>(
  1_000_000,
  ({ encoded }, key) => encoded.length + 2 * key.length,
);

/**
 * Returns each text as lines of its own, and an empty text as a blank line. `first` and `rest` indent its first line and the others. It
 * caches the last ones.
 */
function recallLines(texts: readonly string[], first = '', rest = ''): Piece {
  return sharedLines.recall([first, ...texts].join('\n'), () =>
    toLines(texts.flatMap((text) => (text === '' ? '' : wrapText(text, { first, rest })))),
  );
}

function toLines(lines: readonly string[]): Piece {
  return toPiece(`${lines.join('\n')}\n`);
}

function renderSection(section: SectionContent, firstNumber: number): Piece {
  const { heading, query, cards, more } = section;
  return join([
    recallLines(['', heading, ...(query ? [`matching ${query}`] : []), RULE]),
    recallCards(cards, firstNumber),
    more ? renderMore(more, cards.length) : NOTHING,
  ]);
}

function renderNews(news: readonly NewsContent[]): readonly string[] {
  const lines = news.flatMap(({ title, url, text }) => [
    '',
    ...wrapText(title, { first: INDENT }),
    ...wrapText(text, { first: INDENT }),
    `${INDENT}${url}`,
  ]);
  return ['', ...wrapText(NEWS_HEADING), RULE, ...lines];
}

function renderMore({ count, text, url }: MoreContent, shownCount: number): Piece {
  const line = `${toCountText(count, shownCount > 0 ? 'more paper' : 'paper')} matched. ${text}:`;
  return join([recallLines(['', line], INDENT, INDENT), toLines([`${INDENT}${url}`])]);
}

/** The texts of cards by the number of the first one, as long as the list of the cards is in memory. */
const textsOfCards = new WeakMap<readonly CardContent[], Map<number, Piece>>();

function recallCards(cards: readonly CardContent[], firstNumber: number): Piece {
  const byNumber = textsOfCards.get(cards) ?? new Map<number, Piece>();
  const known = byNumber.get(firstNumber);
  if (known) return known;
  const texts = join(cards.map((card, index) => renderCard(card, firstNumber + index)));
  textsOfCards.set(cards, byNumber.set(firstNumber, texts));
  return texts;
}

/** The number has a piece of its own, so the rest of a card is the same in all mails, except for the reason. */
function renderCard(card: CardContent, number: number): Piece {
  const { url, meta, reason } = card;
  const byUrl = rendered.get(meta) ?? new Map<string, Piece>();
  const common = byUrl.get(url) ?? renderCommon(card);
  rendered.set(meta, byUrl.set(url, common));
  const why = reason ? toLines(['', ...wrapText(reason, { first: INDENT })]) : NOTHING;
  return join([recallNumber(number), common, why]);
}

/** The numbers in front of titles, from 1 on. */
const numbers: Piece[] = [];

function recallNumber(number: number): Piece {
  const piece = numbers[number] ?? toPiece(`\n${`${number}. `.padStart(INDENT.length)}`);
  numbers[number] = piece;
  return piece;
}

/** The rendered texts of each paper, by the URL of its title. The meta line of a paper is the same object in all cards. */
const rendered = new WeakMap<CardContent['meta'], Map<string, Piece>>();

/** Renders a card without its number and reason. */
function renderCommon({ title, url, votes, meta, excerpt }: CardContent): Piece {
  const facts = [...(votes > 0 ? [toCountText(votes, 'vote')] : []), ...meta.map(({ text }) => text)];
  const urls = [url, ...meta.flatMap((item) => item.url ?? [])];
  const [first = '', ...rest] = wrapText(title, { first: INDENT });
  return toLines([
    first.slice(INDENT.length),
    ...rest,
    ...wrapFacts(facts),
    ...urls.map((line) => `${INDENT}${line}`),
    ...(excerpt ? ['', ...wrapText(excerpt, { first: INDENT })] : []),
  ]);
}

/** Joins facts with dots. The dot ends a full line. Only a fact that is longer than a line is broken. */
function wrapFacts(facts: readonly string[]): readonly string[] {
  const dot = ' ·';
  const width = TEXT_WIDTH - dot.length;
  const lines: string[] = [];
  for (const fact of facts) {
    const last = lines.at(-1);
    const longer = `${last}${dot} ${fact}`;
    if (last !== undefined && INDENT.length + longer.length <= width) lines.splice(-1, 1, longer);
    else lines.push(fact);
  }
  return lines.flatMap((line, index) => {
    const wrapped = wrapText(line, { first: INDENT }, width);
    return index === lines.length - 1 ? wrapped : [...wrapped.slice(0, -1), `${wrapped.at(-1)}${dot}`];
  });
}

/** Returns the links that many mails share. */
function recallUrls({ papers, sorting }: DigestContent['links']): Piece {
  return sharedLines.recall(`${papers}\n${sorting}`, () =>
    toLines(['All papers from these days:', papers, 'How papers are sorted:', sorting]),
  );
}

function renderFooter({ name, sections, footer, links }: DigestContent): Piece {
  const { why, subscriptions, personal, lists, postalAddress } = footer;
  const summaryNote = findSummaryNote(sections.flatMap(({ cards }) => cards));
  return join([
    recallLines(['', DOUBLE_RULE, why]),
    subscriptions.length > 0 ? recallLines(subscriptions, '- ', '  ') : NOTHING,
    toLines([
      '',
      'Your subscriptions:',
      links.manage,
      'Mute a paper or an author:',
      links.mute,
      'Unsubscribe:',
      links.unsubscribe,
    ]),
    recallUrls(links),
    recallLines([
      '',
      personal,
      ...lists.map(({ text }) => text),
      ...(summaryNote ? [summaryNote] : []),
      ...(postalAddress ? ['', `${name}, ${postalAddress}`] : []),
    ]),
  ]);
}
