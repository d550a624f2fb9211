import { TEXT_WIDTH, wrapText } from '../text/wrap-text.ts';
import type { AccountContent } from './account-content.ts';

const DOUBLE_RULE = '='.repeat(TEXT_WIDTH);

/** An account mail as plain text, set in 72 columns: the same words as the HTML, and the link on a line of its own. */
export function renderAccountText(content: AccountContent): string {
  const { name, day, heading, sentences, request, link, note, postalAddress } = content;
  const lines = [
    ...wrapText(name.toUpperCase()),
    day,
    DOUBLE_RULE,
    '',
    ...wrapText(heading),
    '',
    ...sentences.flatMap((sentence) => [...wrapText(sentence), '']),
    ...request.flatMap((line) => wrapText(line, { first: '- ', rest: '  ' })),
    ...(request.length > 0 ? [''] : []),
    `${link.label}:`,
    link.url,
    '',
    DOUBLE_RULE,
    ...wrapText(note),
    ...(postalAddress ? ['', ...wrapText(`${name}, ${postalAddress}`)] : []),
  ];
  return `${lines.join('\n')}\n`;
}
