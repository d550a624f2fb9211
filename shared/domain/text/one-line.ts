/**
 * A visible character. White space, controls, format marks and fillers do not match. Nor do accents without a letter, the blank of
 * Braille and annotation marks.
 */
const VISIBLE = /[^\p{White_Space}\p{Cc}\p{Default_Ignorable_Code_Point}\p{M}\u2800\ufff9-\ufffc]/u;

/** Marks that join or separate the characters beside them, or choose a form of them. Words and emoji need them. */
const JOINERS = /(?<=[\p{L}\p{M}\p{S}\p{Emoji}]|\ufe0f)(?:\u200c|\u200d)(?=[\p{L}\p{M}\p{S}\p{Emoji}])/u;
const SELECTORS = /(?<=[^\p{White_Space}\p{Cc}\p{Default_Ignorable_Code_Point}])\p{Variation_Selector}/u;

/** The tags in the flag of a region such as Scotland: its name in tag characters, and an end tag. A black flag is before them. */
const FLAG_TAGS = /(?<=\u{1f3f4})[\u{e0030}-\u{e007a}]{1,8}\u{e007f}/u;

const KEPT_OR_IGNORABLE = new RegExp(
  `(${FLAG_TAGS.source}|${JOINERS.source}|${SELECTORS.source})|\\p{Default_Ignorable_Code_Point}`,
  'gu',
);

/** No script puts more marks on a letter. More marks would cover the lines above and below. */
const MAX_MARKS = 8;

const TOO_MANY_MARKS = new RegExp(`\\p{M}{${MAX_MARKS + 1}}`, 'u');

/** One mark at a time, because a run of millions does not fit on the stack. */
const MARK_TOO_MANY = new RegExp(`(?<=\\p{M}{${MAX_MARKS}})\\p{M}`, 'gu');

/** Most texts. Only their white space may have to change. */
const PRINTABLE_ASCII = /^[\t\n\r -~]*$/;

/** Returns whether a text has no visible character: `''`, `' '`, `'\u200b'`, `'\u3164'`. */
export function isBlank(text: string): boolean {
  return !VISIBLE.test(text);
}

/** Returns a text in composed form (NFC). A letter keeps at most eight accents, because composing a run of a million takes minutes. */
export function toComposed(text: string): string {
  return PRINTABLE_ASCII.test(text) ? text : withFewMarks(text).normalize('NFC');
}

function withFewMarks(text: string): string {
  return TOO_MANY_MARKS.test(text) ? text.replace(MARK_TOO_MANY, '') : text;
}

/**
 * Returns a text from outside as one line. It is empty if no character is visible.
 *
 * - A run of white space and control characters becomes one space.
 * - A lone surrogate becomes U+FFFD.
 * - A letter keeps at most eight accents.
 * - Invisible marks are removed: soft hyphens, zero-width spaces, byte order marks, marks of direction.
 * - Parts of words and emoji stay: joiners between letters or emoji, variation selectors, the tags of a flag.
 */
export function toOneLine(text: string): string {
  // A fast path, because a page has a hundred texts. Classes of Unicode take ten times as long.
  if (PRINTABLE_ASCII.test(text)) return text.replace(/\s+/g, ' ').trim();
  if (isBlank(text)) return '';
  const visible = text.replace(/\p{Surrogate}/gu, '\ufffd').replace(KEPT_OR_IGNORABLE, '$1');
  return withFewMarks(visible)
    .replace(/[\p{Cc}\p{White_Space}]+/gu, ' ')
    .trim();
}
