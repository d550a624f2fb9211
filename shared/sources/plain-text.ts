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
 * A text from outside as one line of plain text, at most `maxChars` characters long, with `…` where it was cut.
 *
 * Line breaks, control characters and runs of spaces become one space; letters are composed (NFC). The stray TeX that
 * the field's titles and names carry becomes what was meant: `\&` an ampersand, `Nguy\~ên` Nguyễn, `St\ütz` Stütz,
 * `Juan~Ruiz` Juan Ruiz, `\textit{word}` word. Dollar signs stay: in titles they are money. Tags such as `<think>` are
 * text and stay, too.
 */
export function toPlainText(text: string, maxChars = Number.POSITIVE_INFINITY): string {
  const plain = withoutTex(text.normalize('NFC'))
    .replace(/\p{Surrogate}/gu, '\ufffd')
    .replace(/[\p{Cc}\s]+/gu, ' ')
    .trim();
  return clip(plain, maxChars);
}

function withoutTex(text: string): string {
  if (!/[\\~]/.test(text)) return text;
  return text
    .replace(/\\([`'^~=".])(?:\{\\?(\p{L})\}|\\?(\p{L}))/gu, toLetter)
    .replace(/\\([uvHrdckb])\{\\?(\p{L})\}/gu, toLetter)
    .replace(/\{([^\p{ASCII}])\}/gu, '$1')
    .replace(/\\(?=[^\p{ASCII}])/gu, '')
    .replace(/\$\\(?:text[a-z]*|emph)\{([^{}$]*)\}\$|\\(?:text[a-z]*|emph)\{([^{}]*)\}/g, '$1$2')
    .replace(/\\([&%$#_ ])/g, '$1')
    .replace(/(?<=[\p{L}.])~(?=\p{L})/gu, ' ');
}

/** The accented letter, where there is one: `\"a` is ä, but `\"n` opens a quotation. */
function toLetter(macro: string, accent: string, braced: string, bare = ''): string {
  const letter = `${braced ?? bare}${ACCENTS[accent]}`.normalize('NFC');
  return [...letter].length === 1 ? letter : macro;
}

function clip(text: string, maxChars: number): string {
  if (text.length <= maxChars) return text;
  return `${[...text.slice(0, maxChars)].slice(0, -1).join('').trimEnd()}…`;
}
