import {
  ACCENTS,
  BLACKBOARD_BOLD,
  FONT_MACROS,
  FUNCTION_NAMES,
  IGNORED_MACROS,
  REFERENCES,
  SUBSCRIPTS,
  SUPERSCRIPTS,
  SYMBOLS,
} from './tex-symbols.ts';

/** The longest formula, in UTF-16 units. Two dollar signs that are further apart do not enclose a formula. */
const MAX_FORMULA_CHARS = 300;

/**
 * Returns a one-line text with its TeX as Unicode, or as words if Unicode lacks the signs. A text without TeX stays as it is.
 *
 * - Formulas between dollar signs: `UI2Code$^\text{N}$` becomes `UI2Codeᴺ`, `$x_{i,j} \leq 10^{-3}$` becomes `xᵢ,ⱼ ≤ 10⁻³`.
 * - Scripts that Unicode lacks stay on the line: `$r_\text{crit}$` becomes `r_crit`, `$\mathbb{R}^{d \times k}$` becomes `ℝ^(d × k)`.
 * - Formulas that lost their dollar signs: `M^3` becomes `M³`, `N_0` becomes `N₀`. Names such as `snake_case` stay.
 * - Macros: `\textbf{bold}` becomes `bold`, and `\cite{foo}` is removed. An unknown one stays, but loses its backslash in a formula.
 * - TeX quotes and dashes: ``…'' becomes “…”, `--` becomes `–`, `---` becomes `—`. Options such as `--verbose` stay.
 * - Money stays: `$5`, `from $5 to $10`; `\$` is a dollar sign.
 */
export function toReadableTex(text: string): string {
  if (!/[\\$^_`]|''|--|\{[,=+]\}/.test(text)) return text;
  const formulas: string[] = [];
  const words = text.replace(FORMULA, (found: string, ...rest: readonly unknown[]) => {
    const { single, double, round, square } = rest.at(-1) as FormulaGroups;
    const at = Number(rest.at(-3));
    if (single !== undefined && isNoFormula(single, text[at - 1] ?? '', text[at + found.length] ?? ''))
      return found;
    formulas.push(new TexReader(single ?? double ?? round ?? square ?? '', true).read());
    return toStandIn(formulas.length - 1);
  });
  const hasGaps = formulas.length > 0 || /\\[a-zA-Z]/.test(text);
  const read = readWords(words).replace(STAND_IN, (sign) => formulas[fromStandIn(sign)] ?? sign);
  return hasGaps ? read.replace(/ {2,}/g, ' ').trim() : read;
}

type FormulaGroups = Readonly<Partial<Record<'single' | 'double' | 'round' | 'square', string>>>;

/** A private-use character that replaces a formula while the words around it are read. */
const STAND_IN = /[\u{f0000}-\u{ffffd}]/gu;
const toStandIn = (index: number) => String.fromCodePoint(0xf0000 + index);
const fromStandIn = (sign: string) => (sign.codePointAt(0) ?? 0) - 0xf0000;

/**
 * A candidate for a formula. By Pandoc's rule, no space follows an opening dollar sign, and none precedes a closing one. So
 * `from $5 to $10` has no formula.
 *
 * @see https://pandoc.org/MANUAL.html#math
 */
const FORMULA = new RegExp(
  [
    String.raw`(?<![\\$])\$\$(?<double>[^$]{1,${MAX_FORMULA_CHARS}})\$\$`,
    String.raw`(?<![\\$])\$(?!\s)(?<single>(?:\\.|[^$\\]){1,${MAX_FORMULA_CHARS}})(?<!\s)\$(?!\$)`,
    String.raw`\\\((?<round>.{1,${MAX_FORMULA_CHARS}}?)\\\)`,
    String.raw`\\\[(?<square>.{1,${MAX_FORMULA_CHARS}}?)\\\]`,
  ].join('|'),
  'gu',
);

/** Returns whether two dollar signs are money, with an amount or words between them: `$5-$10`, `10$-20$`, `$5M or 4M in US$`. */
function isNoFormula(content: string, before: string, after: string): boolean {
  const isPlain = !/[\\^_]/.test(content) && /[\p{L}\p{N}]/u.test(content);
  if (isPlain && (/\d/.test(before) || /\d/.test(after))) return true;
  const bare = content.replace(/\\[a-zA-Z]+ ?\{[^{}]*\}|\\[a-zA-Z]+/g, '');
  return /\s/.test(bare) && /(?<!\S)(?:\p{Ll}{2,}|[\p{L}'’-]{3,})(?![^\s,.;:])/u.test(bare);
}

/** Reads the text around formulas: its macros, quotes and dashes, and formulas that lost their dollar signs. */
function readWords(text: string): string {
  const plain = text.includes('\\') ? new TexReader(text, false).read() : text;
  return plain
    .split(/(https?:\/\/\S+)/)
    .map((part, n) => (n % 2 === 1 ? part : readDashes(readQuotes(readBareScripts(part)))))
    .join('')
    .replace(GROUP_BEFORE_FORMULA, '$1')
    .replace(GROUP_IN_NUMBER, '$1');
}

/** A sign in braces within a number or an equation that lost its dollar signs: `82{,}126`, `B{=}32`. */
const GROUP_IN_NUMBER = /(?<=[\p{L}\p{N}])\{([,=+])\}(?=\p{N})/gu;

/** A group in braces before a formula that begins with an exponent: `Allo{SR}$^2$`. */
const GROUP_BEFORE_FORMULA = /\{(\w{1,20})\}(?=[\u{f0000}-\u{ffffd}])/gu;

/** An exponent or index in words, after a character that may have one. */
const BARE_SUPERSCRIPT =
  /(?<=[\p{L}\p{N})\]}]|(?<![^\s(“"'])(?=\^\p{Lu}\p{Lu}))\^(?:\{([^{}^_]{1,20})\}|([+-]?\d+|\*|†|\p{Lu}(?!\p{Ll})|\p{L}(?!\p{L})))/gu;
const BARE_SUBSCRIPT =
  /(?<![\p{L}\p{N}_])(\p{L})_(?:\{([^{}^_]{1,20})\}|(\d+(?:\.\d+)?|\p{Ll})(?![\p{L}\p{N}_]))/gu;

function readBareScripts(text: string): string {
  if (!/[\^_]/.test(text)) return text;
  return text
    .replace(
      BARE_SUPERSCRIPT,
      (found, braced: string | undefined, bare = '') => raise(braced ?? bare) ?? found,
    )
    .replace(BARE_SUBSCRIPT, (found, base: string, braced: string | undefined, bare = '') => {
      const index = lower(braced ?? bare);
      return index === undefined ? found : `${base}${index}`;
    });
}

function readQuotes(text: string): string {
  if (!/`|''/.test(text)) return text;
  return text
    .replace(/(?:``|(?<![\p{L}\p{N}])")([^`"]{1,200}?)''/gu, '“$1”')
    .replace(/``([^`"]{1,200}?)"/g, '“$1”')
    .replace(/(?<![\p{L}\p{N}`])`([^`']{1,100})'(?![\p{L}\p{N}'])/gu, '‘$1’');
}

/** Replaces dashes between words, within a sentence, or between numbers. Those of an option, a rule or a comment stay. */
function readDashes(text: string): string {
  if (!text.includes('--')) return text;
  return text
    .replace(
      /(?<=[\p{L}\p{N}\p{Co}\p{Pe}\p{Pf}.,;:?!"'”’%])---(?=[\p{L}\p{N}\p{Co}\p{Ps}\p{Pi}"'“‘$])|(?<= )---(?= )/gu,
      '—',
    )
    .replace(
      /(?<=[\p{L}\p{N}\p{Co}\p{Pe}\p{Pf}.,"'”’%])--(?=[\p{L}\p{N}\p{Co}\p{Ps}\p{Pi}"'“‘$])|(?<= )--(?= )/gu,
      '–',
    );
}

/** Returns the text in superscript characters. Undefined if Unicode lacks one of them. */
function raise(text: string): string | undefined {
  return toScript(text, SUPERSCRIPTS);
}

/** Returns the text in subscript characters. Undefined if Unicode lacks one of them. */
function lower(text: string): string | undefined {
  return toScript(text, SUBSCRIPTS);
}

function toScript(text: string, script: ReadonlyMap<string, string>): string | undefined {
  const signs = [...text.replaceAll(' ', '')].map((sign) => script.get(sign));
  return signs.every((sign) => sign !== undefined) ? signs.join('') : undefined;
}

/** The deepest nesting of braces that is read. Real TeX has less. */
const MAX_DEPTH = 12;

/** The results of macros without letters: spaces of several widths, and escaped signs. */
const ESCAPES = new Map([
  ...[',', ';', ':', '\\', ' '].map((sign) => [sign, ' '] as const),
  ...['!', '/', '-'].map((sign) => [sign, ''] as const),
  ...['%', '&', '#', '_', '$', '{', '}'].map((sign) => [sign, sign] as const),
  ['|', '‖'],
]);

/** Macros with a style or link as their first argument. Only the second argument is shown. */
const HIDE_FIRST: ReadonlySet<string> = new Set(['href', 'textcolor', 'colorbox']);
const HIDE_ONLY: ReadonlySet<string> = new Set(['color', 'begin', 'end', 'vspace', 'hspace']);
const FRACTIONS: ReadonlySet<string> = new Set(['frac', 'dfrac', 'tfrac', 'sfrac', 'nicefrac']);

/** Reads TeX from left to right. Outside formulas, braces, scripts and unknown macros stay as they are. */
class TexReader {
  private readonly text: string;
  private readonly isFormula: boolean;
  private at = 0;

  constructor(text: string, isFormula: boolean) {
    this.text = text;
    this.isFormula = isFormula;
  }

  /** Reads to the end, or to the brace that ends the group at this depth. */
  read(depth = 0): string {
    let read = '';
    while (this.at < this.text.length && !(depth > 0 && this.text[this.at] === '}')) {
      const piece = this.readPiece(depth);
      // A reference is removed, together with the space before it.
      read = piece === undefined ? read.trimEnd() : read + piece;
    }
    return read;
  }

  private readPiece(depth: number): string | undefined {
    const sign = this.take(/./suy);
    const isGrouping = this.isFormula || depth > 0 || (sign === '{' && /^\\[a-z]{2,3} /.test(this.ahead(5)));
    if (sign === '\\') return this.readMacro(depth);
    if (sign === '{' && isGrouping) return this.readGroup(depth);
    if (sign === '}' && isGrouping) return '';
    if (sign === '~' && (this.isFormula || this.ahead(1) === '\\')) return ' ';
    if (!this.isFormula) return sign;
    if (sign === '^') return this.readScript(depth, raise, '^');
    if (sign === '_') return this.readScript(depth, lower, '_');
    return sign;
  }

  private readMacro(depth: number): string | undefined {
    const name = this.take(/[a-zA-Z]+/y);
    if (name === '') return this.readEscape();
    const symbol = SYMBOLS.get(name) ?? (FUNCTION_NAMES.has(name) ? name : undefined);
    if (symbol !== undefined) {
      const isWord = name.startsWith('text') || (!this.isFormula && /\p{Script=Latin}/u.test(symbol));
      this.take(isWord ? /\{\}| /y : /\{\}/y);
      return symbol;
    }
    if (IGNORED_MACROS.has(name)) {
      this.take(/\{\}| +/y);
      return '';
    }
    if (name === 'quad' || name === 'qquad') return ' ';
    if (!this.isFormula && !/^\s*[{[]/.test(this.ahead(8))) return `\\${name}`;
    return this.readMacroWithArguments(name, depth);
  }

  private readMacroWithArguments(name: string, depth: number): string | undefined {
    const argument = () => this.readArgument(depth);
    if (FONT_MACROS.has(name)) return argument();
    if (name === 'mathbb') return [...argument()].map((sign) => BLACKBOARD_BOLD.get(sign) ?? sign).join('');
    const accent = ACCENTS.get(name);
    if (accent !== undefined) return putAccent(argument(), accent);
    if (FRACTIONS.has(name)) return `${inParentheses(argument())}/${inParentheses(argument())}`;
    if (name === 'sqrt') {
      const degree = this.take(/\[[^\]]{0,10}\]/y).slice(1, -1);
      return `${raise(degree) ?? degree}√${inParentheses(argument())}`;
    }
    if (name === 'textsuperscript') return this.readScript(depth, raise, '^');
    if (name === 'textsubscript') return this.readScript(depth, lower, '_');
    if (HIDE_FIRST.has(name)) {
      argument();
      return argument();
    }
    if (HIDE_ONLY.has(name)) {
      argument();
      return '';
    }
    if (REFERENCES.has(name)) {
      this.take(/(?:\[[^\]]{0,80}\]){1,2}/y);
      argument();
      return undefined;
    }
    return this.isFormula ? name : `\\${name}`;
  }

  private readEscape(): string {
    const sign = this.take(/./suy);
    const escaped = ESCAPES.get(sign);
    if (escaped !== undefined) return escaped;
    return this.isFormula ? sign : `\\${sign}`;
  }

  private readScript(depth: number, toScript: (text: string) => string | undefined, mark: string): string {
    const text = this.readArgument(depth).trim();
    if (text === '') return '';
    return toScript(text) ?? `${mark}${/^[\p{L}\p{N}]+$|^.$/u.test(text) ? text : `(${text})`}`;
  }

  /** Reads a group, a macro or one sign. */
  private readArgument(depth: number): string {
    this.take(/ +/y);
    if (this.take(/\{/y)) return this.readGroup(depth);
    if (this.ahead(1) === '}') return '';
    return this.readPiece(depth) ?? '';
  }

  /** Reads to the brace that closes the group, and past it. Skips only the opening brace of a group that is too deep. */
  private readGroup(depth: number): string {
    if (depth >= MAX_DEPTH) return '';
    const content = this.read(depth + 1);
    this.take(/\}/y);
    return content;
  }

  private ahead(chars: number): string {
    return this.text.slice(this.at, this.at + chars);
  }

  /** Moves past the match of a sticky pattern and returns it. Empty if nothing matches. */
  private take(pattern: RegExp): string {
    pattern.lastIndex = this.at;
    const [found = ''] = pattern.exec(this.text) ?? [];
    this.at += found.length;
    return found;
  }
}

function putAccent(text: string, accent: string): string {
  return [...text].length === 1 ? `${text}${accent}`.normalize('NFC') : text;
}

/** Returns the text in parentheses, if it has more than one word. For fractions and roots. */
function inParentheses(text: string): string {
  return /^[\p{L}\p{N}\p{M}.]*$/u.test(text) || /^\([^()]*\)$/.test(text) ? text : `(${text})`;
}
