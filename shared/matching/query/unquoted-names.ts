import { PARTICLES } from '../text/names.ts';
import { signOf } from './parse-query.ts';
import type { Condition } from './query.ts';

/** Advice about a query, as a sentence or two. */
export interface Advice {
  readonly sentence: string;
  /** The part of the sentence that says what to write, and the whole query with it. Undefined if there are several ways. */
  readonly better?: { readonly written: string; readonly query: string };
}

/** Returns advice about names without quotes, and about initials after a family name. */
export function adviseOnNames(text: string, conditions: readonly Condition[]): readonly Advice[] {
  return [...adviseOnWholeNames(text, conditions), ...adviseOnInitials(text, conditions)];
}

/** A field with the first word of a name. */
const FIRST_OF_NAME = /^(author|org):(\p{L}[^\s"()（）]*)/iu;

/** `author:Kaiming He` is a name of one word, and a word. So is `org:Google DeepMind`. */
function adviseOnWholeNames(text: string, conditions: readonly Condition[]): readonly Advice[] {
  return conditions.flatMap(({ range }) => {
    const [typed = '', field = '', first = ''] = FIRST_OF_NAME.exec(text.slice(range.start, range.end)) ?? [];
    const isOrg = /^org$/i.test(field);
    // After a comma comes another organisation, or the given names of an author.
    if (!typed || (isOrg && /[,;]/.test(first))) return [];
    const after = range.start + typed.length;
    const words = readNameWords(text, after, isOrg);
    const end = isOrg ? findEndOfOrganisation(words) : findEndOfAuthor(words);
    const name = [first, ...words.slice(0, end)].join(' ');
    if (end === 0 || (!isOrg && SURNAME_FIRST.test(name))) return [];
    const condition = `${field.toLowerCase()}:"${name}"`;
    const written = `${signOf(text, range)}${condition}`;
    const longer = end < words.length ? ' If the name is longer, put all of it in quotes.' : '';
    const [rest = ''] = new RegExp(`^(?:\\s+[^\\s()（）]+){${end}}`).exec(text.slice(after)) ?? [];
    const query = `${text.slice(0, range.start)}${condition}${text.slice(after + rest.length)}`;
    return [{ sentence: `For the whole name, write ${written}.${longer}`, better: { written, query } }];
  });
}

/** A plain word after a space. A quotation mark, a parenthesis or a colon makes it something else. */
const NEXT_WORD = /\s+([^\s"“”„«»()（）:：*]+)(?=[\s)）]|$)/uy;

/** Small words inside the name of an organisation. */
const SMALL_WORDS: ReadonlySet<string> = new Set(['of', 'for', 'the']);

const CAPITAL = /^\p{Lu}/u;

/** Returns the words that may continue a name: those with a capital, and the small words between them. */
function readNameWords(text: string, start: number, isOrg: boolean): readonly string[] {
  const words: string[] = [];
  let count = 0;
  NEXT_WORD.lastIndex = start;
  for (;;) {
    const word = NEXT_WORD.exec(text)?.[1];
    if (word === undefined) break;
    const isAnd = isOrg && word === 'and';
    if (/^(?:and|or|not)$/i.test(word) && !isAnd) break;
    const isSmall = isAnd || PARTICLES.has(word) || (isOrg && SMALL_WORDS.has(word));
    if (!isSmall && !CAPITAL.test(word)) break;
    words.push(word.replace(/[,;]$/, ''));
    if (CAPITAL.test(word)) count = words.length;
    if (/[,;]$/.test(word)) break;
  }
  return words.slice(0, count);
}

const INITIALS = /^\p{Lu}(?:\.(?:-?\p{Lu}\.)*)?$/u;

/** Returns how many words belong to an author. A topic may follow the family name: `author:Kaiming He ResNet`. */
function findEndOfAuthor(words: readonly string[]): number {
  const family = words.findIndex(
    (word) => CAPITAL.test(word) && !INITIALS.test(word) && !PARTICLES.has(word.toLowerCase()),
  );
  return family === -1 ? words.length : family + 1;
}

/** Words at the end of an organisation's name. They show how long it is. */
const LAST_WORDS: ReadonlySet<string> = new Set(
  (
    'Academy Center Centre College Co Corp Corporation Engineering Foundation Group Inc Institute Intelligence Lab Laboratories Laboratory Labs LLC Ltd ' +
    'Research School Science Sciences Technologies Technology University'
  ).split(' '),
);

/**
 * Returns how many words belong to an organisation. The first one does. Small words or a usual last word show that more do. A topic may
 * follow: `org:Google DeepMind Gemini`.
 */
function findEndOfOrganisation(words: readonly string[]): number {
  let end = 0;
  for (const [n, word] of words.entries()) {
    if (!CAPITAL.test(word)) continue;
    const between = words.slice(end, n);
    const isJoined =
      (end === 0 || n > end) && between.every((small) => small !== 'and' && !CAPITAL.test(small));
    // `Institute of Science and Technology`, but not `University of Cambridge and Microsoft`.
    const isOneName =
      !between.includes('and') || (between.length === 1 && words.slice(0, end).includes('of'));
    if (isJoined || (isOneName && LAST_WORDS.has(word.replace(/\.$/, '')))) end = n + 1;
  }
  return end;
}

/** A family name and initials: `Zhang A`, `He K.` A name with an initial at its end is rare otherwise. */
const SURNAME_FIRST = /^(\p{Lu}\p{Ll}[\p{L}'’-]*) ((?:\p{Lu}\.[ -]?){0,2}\p{Lu}\.?)$/u;

/** In `author:"Zhang A"`, the last word is the family name, because there is no comma. */
function adviseOnInitials(text: string, conditions: readonly Condition[]): readonly Advice[] {
  return conditions.flatMap((condition, n) => {
    if (condition.kind !== 'author') return [];
    const next = conditions[n + 1];
    const isApart =
      next?.kind === 'text' &&
      !next.field &&
      /^author:\S+\s+\S+$/i.test(text.slice(condition.range.start, next.range.end));
    const name = isApart
      ? `${condition.text} ${text.slice(next.range.start, next.range.end)}`
      : condition.text;
    const [, family, initials = ''] = SURNAME_FIRST.exec(name) ?? [];
    if (!family) return [];
    const written = `${signOf(text, condition.range)}author:"${family}, ${initials.replace(/(?<!\.)$/, '.')}"`;
    return [{ sentence: `If the family name is ${family}, write ${written}.` }];
  });
}
