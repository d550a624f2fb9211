import { toComposed, toOneLine } from '../domain/text/one-line.ts';

/** Combining marks by the TeX macro that puts them on a letter. */
const ACCENTS: Readonly<Record<string, string>> = {
  '`': '\u0300',
  "'": '\u0301',
  '^': '\u0302',
  '~': '\u0303',
  '=': '\u0304',
  u: '\u0306',
  '.': '\u0307',
  '"': '\u0308',
  r: '\u030a',
  H: '\u030b',
  v: '\u030c',
  d: '\u0323',
  c: '\u0327',
  k: '\u0328',
  b: '\u0331',
};

/**
 * Returns a text from outside as one line of plain text (see {@link toOneLine}). It has at most `maxChars` characters, and ends with `…` if
 * it was cut.
 *
 * Letters are composed (NFC). The stray TeX of names and words becomes what was meant: `\&` an ampersand, `Nguy\~ên` Nguyễn,
 * `St\ütz` Stütz, `Juan~Ruiz` Juan Ruiz. Other TeX, `\$` among it, stays as it is: `toReadableTex` reads it when the text is
 * shown. Tags such as `<think>` are text and stay, too.
 */
export function toPlainText(text: string, maxChars = Number.POSITIVE_INFINITY): string {
  return clip(toOneLine(withoutTexAccents(toComposed(text))), maxChars);
}

/** Letters by their TeX macro. Names have them: `{\L}ukasz`, `Gro{\ss}`, `\O rsted`. */
const LETTERS: Readonly<Record<string, string>> = {
  ss: 'ß',
  ae: 'æ',
  AE: 'Æ',
  oe: 'œ',
  OE: 'Œ',
  aa: 'å',
  AA: 'Å',
  l: 'ł',
  L: 'Ł',
  o: 'ø',
  O: 'Ø',
  i: 'ı',
  dj: 'đ',
  DJ: 'Đ',
  dh: 'ð',
  DH: 'Ð',
  th: 'þ',
  TH: 'Þ',
};

/** A name from outside as one line of plain text (see {@link toPlainText}). Its letters are those that TeX would show. */
export function toPlainName(text: string, maxChars = Number.POSITIVE_INFINITY): string {
  if (!/[\\{]/.test(text)) return toPlainText(text, maxChars);
  // A macro takes the spaces after it.
  const withLetters = text.replace(
    /\\([A-Za-z]{1,2})(?:\{\}|\s+|(?![A-Za-z]))/g,
    (macro, name) => LETTERS[name] ?? macro,
  );
  return clip(toPlainText(withLetters).replace(/[{}]/g, ''), maxChars);
}

function withoutTexAccents(text: string): string {
  if (!/[\\~]/.test(text)) return text;
  return text
    .replace(/\\([`'^~=".])(?:\{\\?(\p{L})\}|\\?(\p{L}))/gu, toLetter)
    .replace(/\\([uvHrdckb])\{\\?(\p{L})\}/gu, toLetter)
    .replace(/\{([^\p{ASCII}])\}/gu, '$1')
    .replace(/\\(?=[^\p{ASCII}])/gu, '')
    .replace(/\\([&%#_ ])/g, '$1')
    .replace(/(?<=[\p{L}.])~(?=\p{L})/gu, ' ');
}

/** The accented letter, where there is one: `\"a` is ä, but `\"n` opens a quotation. */
function toLetter(macro: string, accent: string, braced: string, bare = ''): string {
  // An i without a dot, which TeX needs below an accent.
  const base = (braced ?? bare).replace('ı', 'i');
  const letter = `${base}${ACCENTS[accent]}`.normalize('NFC');
  return [...letter].length === 1 ? letter : macro;
}

function clip(text: string, maxChars: number): string {
  if (text.length <= maxChars) return text;
  return `${[...text.slice(0, maxChars)].slice(0, -1).join('').trimEnd()}…`;
}
