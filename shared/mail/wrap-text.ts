/** The measure of a plain text mail, in characters. */
export const TEXT_WIDTH = 72;

/**
 * A one-line text as lines of at most `width` characters, the first behind `first`, the others behind `rest`. A word that is
 * longer than a line is broken. Addresses are not for this: whoever prints one gives it a line of its own.
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
  for (const word of text.split(' ').flatMap((one) => breakWord(one, width - rest.length))) {
    const longer = isEmpty ? `${line}${word}` : `${line} ${word}`;
    if (isEmpty || longer.length <= width) line = longer;
    else {
      lines.push(line);
      line = `${rest}${word}`;
    }
    isEmpty = false;
  }
  return [...lines, line];
}

/** Pieces of at most `max` UTF-16 units, none of which ends within a pair of them. */
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
