import type { CardContent } from './card-content.ts';
import { findSummaryNote } from './card-content.ts';
import type { DigestContent, SectionContent } from './digest-content.ts';
import type { MoreContent } from './more-link.ts';
import { NEWS_HEADING, type NewsContent } from './news-content.ts';
import { toCountText } from './wording.ts';
import { TEXT_WIDTH, wrapText } from './wrap-text.ts';

const DOUBLE_RULE = '='.repeat(TEXT_WIDTH);
const RULE = '-'.repeat(TEXT_WIDTH);
const INDENT = '    ';

/**
 * Renders a digest as plain text in 72 columns. Papers and words are those of the HTML. The papers are numbered across
 * sections. A URL has its own line and is never broken.
 */
export function renderText(content: DigestContent): string {
  const { name, day, sections } = content;
  let number = 0;
  const numbered = sections.map((section) => {
    const first = number + 1;
    number += section.cards.length;
    return renderSection(section, first);
  });
  const lines = [
    ...wrapText(name.toUpperCase()),
    day,
    DOUBLE_RULE,
    ...numbered.flat(),
    ...renderNews(content.news),
    '',
    ...renderFooter(content),
  ];
  return `${lines.join('\n')}\n`;
}

function renderSection(section: SectionContent, firstNumber: number): readonly string[] {
  const { heading, query, cards, more } = section;
  return [
    '',
    ...wrapText(heading),
    ...(query ? wrapText(`matching ${query}`) : []),
    RULE,
    ...cards.flatMap((card, index) => renderCard(card, firstNumber + index)),
    ...(more ? renderMore(more, cards.length) : []),
  ];
}

function renderNews(news: readonly NewsContent[]): readonly string[] {
  if (news.length === 0) return [];
  const lines = news.flatMap(({ title, url, text }) => [
    '',
    ...wrapText(title, { first: INDENT }),
    ...wrapText(text, { first: INDENT }),
    `${INDENT}${url}`,
  ]);
  return ['', ...wrapText(NEWS_HEADING), RULE, ...lines];
}

function renderMore({ count, text, url }: MoreContent, shownCount: number): readonly string[] {
  const line = `${toCountText(count, shownCount > 0 ? 'more paper' : 'paper')} matched. ${text}:`;
  return ['', ...wrapText(line, { first: INDENT }), `${INDENT}${url}`];
}

function renderCard(card: CardContent, number: number): readonly string[] {
  const { title, url, votes, meta, excerpt, reason } = card;
  const facts = [...(votes > 0 ? [toCountText(votes, 'vote')] : []), ...meta.map(({ text }) => text)];
  const urls = [url, ...meta.flatMap((item) => item.url ?? [])];
  return [
    '',
    ...wrapText(title, { first: `${number}. `.padStart(INDENT.length), rest: INDENT }),
    ...wrapFacts(facts),
    ...urls.map((one) => `${INDENT}${one}`),
    ...(excerpt ? ['', ...wrapText(excerpt, { first: INDENT })] : []),
    ...(reason ? ['', ...wrapText(reason, { first: INDENT })] : []),
  ];
}

/** Joins facts with dots. Where a line is full, the dot ends it. Only a fact that is longer than a line is broken. */
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

function renderFooter(content: DigestContent): readonly string[] {
  const { name, footer, links } = content;
  const summaryNote = findSummaryNote(content.sections.flatMap(({ cards }) => cards));
  return [
    DOUBLE_RULE,
    ...wrapText(footer.why),
    ...footer.subscriptions.flatMap((one) => wrapText(one, { first: '- ', rest: '  ' })),
    '',
    'Your subscriptions:',
    links.manage,
    'Mute a paper or an author:',
    links.mute,
    'Unsubscribe:',
    links.unsubscribe,
    'Browse all papers:',
    links.papers,
    'How papers are sorted:',
    links.sorting,
    '',
    ...wrapText(footer.personal),
    ...footer.lists.flatMap(({ text }) => wrapText(text)),
    ...(summaryNote ? wrapText(summaryNote) : []),
    ...(footer.postalAddress ? ['', ...wrapText(`${name}, ${footer.postalAddress}`)] : []),
  ];
}
