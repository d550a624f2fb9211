import type { MailHeader } from './mail-headers.ts';

/** The length that a line should keep to; one word may be longer, since a fold inside it would change it. */
const LINE_CHARS = 78;

/**
 * The value of a header, with line breaks at spaces wherever a line would be longer than 78 characters. The first word stays
 * on the line of the name, because some programs take a first line without a value for an empty header; and a URL is
 * never broken.
 *
 * @see https://www.rfc-editor.org/rfc/rfc5322#section-2.2.3
 */
export function foldHeader({ name, value }: MailHeader): string {
  const [first = '', ...words] = value.split(' ');
  let folded = first;
  let length = name.length + 2 + first.length;
  for (const word of words) {
    const fits = length + 1 + word.length <= LINE_CHARS;
    folded += fits ? ` ${word}` : `\r\n ${word}`;
    length = fits ? length + 1 + word.length : 1 + word.length;
  }
  return folded;
}
