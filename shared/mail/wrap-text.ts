/** The width of a plain text mail in characters. */
export const TEXT_WIDTH = 72;

/**
 * Wraps a one-line text to lines of at most `width` characters. `first` and `rest` indent the first line and the others. A word
 * that is longer than a line is broken, so do not pass URLs.
 *
 * @example wrapText('one two three', { first: '1. ', rest: '   ' }, 11) // ['1. one two', '   three']
 */
export function wrapText(
  text: string,
  { first = '', rest = first }: { readonly first?: string; readonly rest?: string } = {},
  width: number = TEXT_WIDTH,
): readonly string[] {
  const lines: string[] = [];
  let line = first;
  let isEmpty = true;
  const max = width - rest.length;
  const words = text.split(' ');
  const hasLong = words.some(({ length }) => length > max);
  for (const word of hasLong ? words.flatMap((long) => breakWord(long, max)) : words) {
    const longer = isEmpty ? `${line}${word}` : `${line} ${word}`;
    if (isEmpty || longer.length <= width) line = longer;
    else {
      lines.push(line);
      line = `${rest}${word}`;
    }
    isEmpty = false;
  }
  lines.push(line);
  return lines;
}

/** Breaks a word into pieces of at most `max` UTF-16 units. Surrogate pairs stay whole. */
function breakWord(word: string, max: number): readonly string[] {
  if (word.length <= max) return [word];
  const pieces: string[] = [];
  let piece = '';
  for (const character of word) {
    if (piece.length + character.length > max) {
      pieces.push(piece);
      piece = '';
    }
    piece += character;
  }
  return [...pieces, piece];
}
