/** A line as an editor counts it. */
export interface Line {
  /** From 1. */
  readonly number: number;
  /** With the break that ends it; of a line that is too long, the beginning alone. */
  readonly text: string;
  readonly isTooLong: boolean;
}

/** A profile with all that it may hold has a quarter of this; what is longer is no row. */
export const MAX_ROW_CHARS = 256 * 1024;

const BREAK = /\r\n|\n|\r/g;

/** Splits a text that comes in pieces into its lines, and holds little more of it than one line. */
export async function* readLines(pieces: AsyncIterable<string>): AsyncGenerator<Line> {
  let number = 0;
  let rest = '';
  let isCut = false;
  const toLine = (text: string): Line => {
    const isTooLong = isCut || text.length > MAX_ROW_CHARS;
    isCut = false;
    number += 1;
    return { number, text: isTooLong ? text.slice(0, MAX_ROW_CHARS) : text, isTooLong };
  };

  for await (const piece of pieces) {
    const known = rest.length;
    rest += piece;
    let start = 0;
    // What is known has no break, but for a carriage return at its end: that may be half of one.
    for (const end of breaksIn(rest, Math.max(0, known - 1))) {
      yield toLine(rest.slice(start, end));
      start = end;
    }
    rest = rest.slice(start);
    if (rest.length > 2 * MAX_ROW_CHARS) {
      isCut = true;
      rest = rest.slice(0, MAX_ROW_CHARS) + rest.slice(-1);
    }
  }
  if (rest !== '') yield toLine(rest);
}

/** Where each line ends, behind its break, that is there whole. */
function* breaksIn(text: string, from: number): Generator<number> {
  const breaks = new RegExp(BREAK);
  breaks.lastIndex = from;
  for (let found = breaks.exec(text); found; found = breaks.exec(text)) {
    const end = found.index + found[0].length;
    if (found[0] === '\r' && end === text.length) return;
    yield end;
  }
}
