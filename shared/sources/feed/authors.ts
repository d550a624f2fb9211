import { readAuthorNames, SUFFIX } from '../author-names.ts';
import { toTextOfHtml } from '../html-text.ts';
import { toPlainName } from '../plain-text.ts';
import { MAX_NAME_CHARS } from '../read-facts.ts';

/** Far above the longest known list of authors in one text. */
const MAX_LIST_CHARS = 100_000;

/** `J.`, `J. K.`, `JK`, `J.-P.` */
const INITIALS = /^\p{Lu}\.?(?:[ -]?\p{Lu}\.?){0,3}$/u;

/**
 * Returns the names of authors as feeds write them, each `Given Family`. A text may hold one name or several: `Ada Example and Ben Sample`,
 * `Example, A.; Sample, B.`, `Example, A., Sample, B.`. Addresses of mail are left out.
 */
export function readAuthors(texts: readonly string[]): readonly string[] {
  const lines = texts.map((text) => withoutAddress(toTextOfHtml(text, MAX_LIST_CHARS)));
  return lines
    .flatMap((line) => (lines.length > 1 && isFamilyFirst(line) ? turnName(line) : splitNames(line)))
    .map((name) => toPlainName(name, MAX_NAME_CHARS))
    .filter((name) => /\p{L}/u.test(name));
}

/** Returns whether a line may be one name with the family name before a comma. */
function isFamilyFirst(line: string): boolean {
  const [, given = '', ...others] = line.split(',');
  return given.trim() !== '' && others.length === 0 && !SUFFIX.test(given.trim()) && !/ and |&/.test(line);
}

/** `ada@example.org (Ada Example)` and `Ada Example <ada@example.org>` become `Ada Example`. */
function withoutAddress(text: string): string {
  if (!text.includes('@')) return text;
  return text.replace(/(?<!\S)\S+@\S+/g, '').replace(/^\s*\((.*)\)\s*$/, '$1');
}

function splitNames(text: string): readonly string[] {
  if (text.includes(';')) return text.split(';').map(turnName);
  const parts = text.split(',').map((part) => part.trim());
  if (isFamilyFirst(text) && parts.some((part) => !part.includes(' '))) return [turnName(text)];
  const arePairs = parts.length > 2 && parts.length % 2 === 0;
  if (arePairs && parts.every((part, position) => position % 2 === 0 || INITIALS.test(part)))
    return parts.flatMap((given, position) => (position % 2 === 1 ? `${given} ${parts[position - 1]}` : []));
  return readAuthorNames(text);
}

/** `Example, Ada` becomes `Ada Example`. A name with more commas, such as a suffix, stays as it is. */
function turnName(name: string): string {
  const [family, given, ...others] = name.split(',').map((part) => part.trim());
  return given === undefined || given === '' || others.length > 0 ? name : `${given} ${family}`;
}
