/** Characters that must never reach a reader: controls, and the marks that turn the direction of what follows. */
const HARMFUL = /[\p{Cc}\u2028\u2029\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff]+/gu;

const graphemes = new Intl.Segmenter('en', { granularity: 'grapheme' });

/**
 * A text from outside as one line that is safe to set anywhere: no line break, no control character, no change of
 * direction, no half of a character, spaces collapsed; at most `maxChars` UTF-16 units, with `…` where it was cut.
 * Markup is left as it stands: escaping it is the renderer's part.
 */
export function toReaderText(text: string, maxChars: number): string {
  // What is thrown away is bounded first, so that a text of megabytes costs no more than a long one.
  const bounded = text.slice(0, maxChars * 4 + 64);
  const clean = bounded
    .replace(/\p{Surrogate}/gu, '\ufffd')
    .replace(HARMFUL, ' ')
    .replace(/\s+/g, ' ')
    .trim();
  return shorten(clean, maxChars);
}

/**
 * The beginning of a text, at most `maxChars` UTF-16 units with the `…` that marks the cut: between two words where one of
 * the last 20 units allows it, and never inside a character that a reader sees as one. `maxChars` is at least 1.
 */
export function shorten(text: string, maxChars: number): string {
  if (text.length <= maxChars) return text;
  let end = 0;
  for (const { segment, index } of graphemes.segment(text)) {
    if (index + segment.length > maxChars - 1) break;
    end = index + segment.length;
  }
  const cut = text.slice(0, end);
  const lastSpace = text[end] === ' ' ? end : cut.lastIndexOf(' ');
  const whole = lastSpace > 0 && end - lastSpace <= 20 ? cut.slice(0, lastSpace) : cut;
  return `${whole.replace(/[\s,;:.–—-]+$/u, '')}…`;
}
