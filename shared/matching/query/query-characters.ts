/** The sign at the end of a prefix. */
export const STAR = 0x2a;

const SPACE = 1;
const QUOTE = 2;
const DASH = 3;
const OPENING = 4;
const CLOSING = 5;
const COLON = 6;

/** What separates the parts of a query. Phones, word processors and other languages have signs of their own. */
const SIGNS: readonly (readonly [kind: number, characters: string])[] = [
  [SPACE, '\t\n\v\f\r \u00a0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a'],
  [SPACE, '\u2028\u2029\u202f\u205f\u3000\ufeff'],
  [QUOTE, '"\u201c\u201d\u201e\u201f\u00ab\u00bb\u301d\u301e\u301f\uff02'],
  [DASH, '-\u2010\u2011\u2012\u2013\u2014\u2015\u2212'],
  [OPENING, '(\uff08'],
  [CLOSING, ')\uff09'],
  [COLON, ':\uff1a'],
];

/** The kind of each UTF-16 unit, or 0. A regular expression for each character would be slow. */
const kinds = new Uint8Array(0x10000);
for (const [kind, characters] of SIGNS) {
  for (const character of characters) kinds[character.charCodeAt(0)] = kind;
}

// Each takes a UTF-16 unit. At the end of a text it is NaN, which is none of these.

export function isSpace(code: number): boolean {
  return kinds[code] === SPACE;
}

export function isQuote(code: number): boolean {
  return kinds[code] === QUOTE;
}

export function isDash(code: number): boolean {
  return kinds[code] === DASH;
}

export function isOpening(code: number): boolean {
  return kinds[code] === OPENING;
}

export function isClosing(code: number): boolean {
  return kinds[code] === CLOSING;
}

export function isColon(code: number): boolean {
  return kinds[code] === COLON;
}

/** Returns whether a word ends before a unit: at a space, a quotation mark, a parenthesis, or the end of the text. */
export function endsWord(code: number): boolean {
  const kind = kinds[code];
  return kind === undefined || kind === SPACE || kind === QUOTE || kind === OPENING || kind === CLOSING;
}
