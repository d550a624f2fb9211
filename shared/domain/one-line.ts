/**
 * Anything but what shows nothing by itself: white space, controls, format marks, fillers, accents without a letter, the blank
 * of Braille, annotation marks.
 */
const VISIBLE = /[^\p{White_Space}\p{Cc}\p{Default_Ignorable_Code_Point}\p{M}\u2800\ufff9-\ufffc]/u;

/** Marks that join or part what stands beside them, or choose a form of it: they belong to words and emoji. */
const JOINERS = /(?<=[\p{L}\p{M}\p{S}\p{Emoji}]|\ufe0f)(?:\u200c|\u200d)(?=[\p{L}\p{M}\p{S}\p{Emoji}])/u;
const SELECTORS = /(?<=[^\p{White_Space}\p{Cc}\p{Default_Ignorable_Code_Point}])\p{Variation_Selector}/u;

/** The flag of a region such as Scotland: a black flag, its name in tag characters, and an end tag. */
const FLAG_TAGS = /(?<=\u{1f3f4})[\u{e0030}-\u{e007a}]{1,8}\u{e007f}/u;

const KEPT_OR_IGNORABLE = new RegExp(
  `(${FLAG_TAGS.source}|${JOINERS.source}|${SELECTORS.source})|\\p{Default_Ignorable_Code_Point}`,
  'gu',
);

/** No script puts more marks on a letter; what has more of them runs over the lines above and below. */
const MAX_MARKS = 8;
const TOO_MANY_MARKS = new RegExp(`(\\p{M}{${MAX_MARKS}})\\p{M}+`, 'gu');

/** Whether a reader sees nothing of a text, however many characters it has: `''`, `' '`, `'\u200b'`, `'\u3164'`. */
export function isBlank(text: string): boolean {
  return !VISIBLE.test(text);
}

/**
 * A text from outside as one line: white space and control characters are collapsed into single spaces, half characters become
 * U+FFFD, and a letter keeps at most eight accents. Empty if a reader would see nothing of it.
 *
 * Invisible marks are taken out without leaving a space, such as soft hyphens, zero-width spaces, byte order marks and those
 * that turn the direction of what follows. Those that words and emoji are made of stay: joiners between letters or emoji,
 * variation selectors, the tags of a flag.
 */
export function toOneLine(text: string): string {
  if (isBlank(text)) return '';
  return text
    .replace(/\p{Surrogate}/gu, '\ufffd')
    .replace(KEPT_OR_IGNORABLE, '$1')
    .replace(TOO_MANY_MARKS, '$1')
    .replace(/[\p{Cc}\p{White_Space}]+/gu, ' ')
    .trim();
}
