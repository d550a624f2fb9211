import { onFirstUse } from '../domain/once.ts';
import { toOneLine } from '../domain/text/one-line.ts';
import { toReadableTex } from '../domain/text/readable-tex.ts';

const graphemes = onFirstUse(() => new Intl.Segmenter('en', { granularity: 'grapheme' }));

/**
 * Returns an outside text as one safe line (see {@link toOneLine}) of at most `maxChars` UTF-16 units. A cut ends in `…`.
 * Markup stays, because the renderer escapes it.
 */
export function toReaderText(text: string, maxChars: number): string {
  return shorten(toOneLine(bound(text, maxChars)), maxChars);
}

/** Returns a title, summary or abstract as {@link toReaderText} does, with readable TeX. */
export function toPaperText(text: string, maxChars: number): string {
  return shorten(toOneLine(toReadableTex(toOneLine(bound(text, maxChars)))), maxChars);
}

/** Cuts a huge text before the expensive steps. */
function bound(text: string, maxChars: number): string {
  return text.slice(0, maxChars * 4 + 64);
}

/**
 * Returns the beginning of a text, at most `maxChars` UTF-16 units including the `…`. It cuts between two words if a space is
 * among the last 20 units. It cuts inside a grapheme only if that grapheme is longer than the limit.
 *
 * @param maxChars at least 1
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
 * Returns the last grapheme boundary at or before `limit`. If the first grapheme is longer, returns an index inside it, but
 * never between two surrogates.
 */
function lastBoundary(text: string, limit: number): number {
  // A fast path: there is a boundary between any two printable ASCII characters. The segmenter is a hundred times slower.
  if (/^[ -~]{2}$/.test(text.slice(limit - 1, limit + 1))) return limit;
  let end = 0;
  for (const { segment, index } of graphemes().segment(text)) {
    if (index + segment.length > limit) break;
    end = index + segment.length;
  }
  return end || text.slice(0, limit).replace(/\p{Surrogate}$/u, '').length;
}
