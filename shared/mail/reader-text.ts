import { toOneLine } from '../domain/one-line.ts';
import { toReadableTex } from '../domain/readable-tex.ts';

const graphemes = new Intl.Segmenter('en', { granularity: 'grapheme' });

/**
 * A text from outside as one line that is safe to set anywhere (see {@link toOneLine}), at most `maxChars` UTF-16 units, with `…`
 * where it was cut. Markup is left as it stands: escaping it is the renderer's part.
 */
export function toReaderText(text: string, maxChars: number): string {
  return shorten(toOneLine(bound(text, maxChars)), maxChars);
}

/** A text about a paper as {@link toReaderText} gives it, with its TeX made readable: title, summary or abstract. */
export function toPaperText(text: string, maxChars: number): string {
  return shorten(toOneLine(toReadableTex(toOneLine(bound(text, maxChars)))), maxChars);
}

/** What is thrown away is bounded first, so that a text of megabytes costs no more than a long one. */
function bound(text: string, maxChars: number): string {
  return text.slice(0, maxChars * 4 + 64);
}

/**
 * The beginning of a text, at most `maxChars` UTF-16 units with the `…` that marks the cut: between two words where one of
 * the last 20 units allows it, and inside a character that a reader sees as one only if that is longer than all the room.
 * `maxChars` is at least 1.
 */
export function shorten(text: string, maxChars: number): string {
  if (text.length <= maxChars) return text;
  const end = lastBoundary(text, maxChars - 1);
  const cut = text.slice(0, end);
  const lastSpace = text[end] === ' ' ? end : cut.lastIndexOf(' ');
  const whole = lastSpace > 0 && end - lastSpace <= 20 ? cut.slice(0, lastSpace) : cut;
  return `${whole.replace(/[\s,;:.–—-]+$/u, '')}…`;
}

/**
 * The last place in a longer text, at most `limit` units from its start, that is inside no character that a reader sees as one;
 * inside the first where that is longer, and never inside a pair of surrogates.
 */
function lastBoundary(text: string, limit: number): number {
  // Every place between two ASCII characters is one. The segmenter takes a hundred times as long to say so.
  if (/^[ -~]*$/.test(text.slice(0, limit + 1))) return limit;
  let end = 0;
  for (const { segment, index } of graphemes.segment(text)) {
    if (index + segment.length > limit) break;
    end = index + segment.length;
  }
  return end || text.slice(0, limit).replace(/\p{Surrogate}$/u, '').length;
}
