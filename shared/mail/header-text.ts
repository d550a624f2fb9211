import { encodeWord } from 'nodemailer/lib/mime-funcs';

/** Encoded words of at most so many characters leave room for the name of a header on their line. */
const ENCODED_WORD_CHARS = 60;

/**
 * A one-line text as the value of a header such as `Subject`: as it is where it is plain ASCII, else encoded. A text that
 * looks encoded itself is encoded as well, so that a reader sees what it says and not what it would decode to.
 *
 * @see https://www.rfc-editor.org/rfc/rfc2047
 */
export function toHeaderText(text: string): string {
  return isPlain(text) ? text : encodeWord(text, 'Q', ENCODED_WORD_CHARS);
}

/** A one-line name in front of something in angle brackets: quoted, or encoded where ASCII cannot say it. */
export function toPhrase(name: string): string {
  return isPlain(name) ? `"${name.replace(/["\\]/g, '\\$&')}"` : encodeWord(name, 'Q', ENCODED_WORD_CHARS);
}

function isPlain(text: string): boolean {
  return /^[ -~]*$/.test(text) && !text.includes('=?');
}
