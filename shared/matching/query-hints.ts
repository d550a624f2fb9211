import { QueryError } from './query.ts';

/** The fields of the language, as they are written. */
export const fieldNames = [
  ...(['title', 'abstract', 'keyword', 'org', 'author', 'cat', 'list', 'id', 'has'] as const),
  ...(['upvotes', 'comments', 'stars', 'authors'] as const),
] as const;

export type FieldName = (typeof fieldNames)[number];

const knownNames: ReadonlySet<string> = new Set(fieldNames);

/** Returns whether a name, in small letters, is a field. */
export function isField(name: string): name is FieldName {
  return knownNames.has(name);
}

/** Names that other search engines use, and the field that does the same here. */
const OTHER_NAMES: Readonly<Record<string, FieldName>> = {
  ...{ abs: 'abstract', summary: 'abstract', ti: 'title', intitle: 'title', headline: 'title' },
  ...{ au: 'author', by: 'author', name: 'author', from: 'author', arxiv: 'id', paper: 'id', doi: 'id' },
  ...{ category: 'cat', subject: 'cat', primary: 'cat', source: 'list', feed: 'list', in: 'list', is: 'has' },
  ...{ affiliation: 'org', institution: 'org', lab: 'org', company: 'org', university: 'org' },
  ...{
    tag: 'keyword',
    kw: 'keyword',
    topic: 'keyword',
    votes: 'upvotes',
    likes: 'upvotes',
    points: 'upvotes',
  },
};

/** An example of each field. */
export const fieldExamples: Readonly<Record<FieldName, string>> = {
  title: 'title:diffusion',
  abstract: 'abstract:"residual stream"',
  keyword: 'keyword:robotics',
  org: 'org:google',
  author: 'author:"Kaiming He"',
  cat: 'cat:cs.LG',
  list: 'list:hf-daily',
  id: 'id:2501.12345',
  has: 'has:code',
  upvotes: 'upvotes:>=10',
  comments: 'comments:>2',
  stars: 'stars:>100',
  authors: 'authors:<5',
};

/** Throws what is wrong with a query at a place. */
export function fail(position: number, problem: string, expected: string, hint: string): never {
  throw new QueryError({ position, problem, expected, hint });
}

/** What can stand where a condition begins. */
export const CONDITION = 'a word, a "phrase" or a field';

/** Refuses an operator where a condition begins. `before` is what stands before it, empty at the start. */
export function failOperator(position: number, word: string, before: string): never {
  const problem =
    before === '' ? `"${word}" has no condition before it` : `"${word}" stands directly after ${before}`;
  const hint = `Add a condition before it, or remove it. To search for the word itself, write "${word}" in quotes`;
  return fail(position, problem, CONDITION, hint);
}

/** Refuses the end of a query or a group where a condition begins. `before` is what stands before it, empty at the start. */
export function failNothing(position: number, before: string): never {
  if (before !== '')
    return fail(position, `nothing follows ${before}`, CONDITION, 'Add a condition after it, or remove it');
  return failUnopened(position);
}

/** Refuses a closing parenthesis without an opening one. */
export function failUnopened(position: number): never {
  return fail(
    position,
    'this parenthesis was never opened',
    'a "(" before it',
    'Remove the ")", or add a "("',
  );
}

/** Refuses a field inside the parentheses of another one. */
export function failNested(position: number, typed: string, outer: FieldName): never {
  const problem = `"${typed}:" is inside the parentheses of "${outer}:"`;
  const hint = `Write ${outer}: before each value, or close the parenthesis first`;
  return fail(position, problem, `only values of ${outer}:`, hint);
}

/** Refuses a field without a value. */
export function failNoValue(position: number, name: FieldName, isBeforeSpace: boolean): never {
  const hint = isBeforeSpace ? 'Remove the space after the colon' : 'Write a value after the colon';
  const expected = 'a value directly after the colon';
  return fail(position, `"${name}:" has no value`, expected, `${hint}, as in ${fieldExamples[name]}`);
}

/** Refuses a dash between a field and its value. */
export function failDash(position: number, name: FieldName, value: string): never {
  const hint = `To leave these papers out, write -${name}:${value}`;
  return fail(position, `a "-" stands after "${name}:"`, 'a value directly after the colon', hint);
}

/** Refuses what follows directly after something that a space must follow. `next` is two characters of it, or one at the end. */
export function failGap(position: number, after: string, next = ''): never {
  const sign = /^[,;.](?=[\s)]|$)/.exec(next)?.[0];
  if (sign)
    return fail(
      position,
      `"${sign}" has no meaning here`,
      'a space',
      `Leave out the "${sign}". A space is enough`,
    );
  const hint = 'Add a space, or put everything in one pair of quotes';
  return fail(position, `a space is missing after ${after}`, 'a space', hint);
}

/** Matches a URL of a paper, and gives its id. */
const PAPER_URL = /(?:arxiv\.org\/\w+|huggingface\.co\/papers)\/([\w.-]+\/\d{7}|\d{4}\.\d{4,5})/i;

/** Refuses a field that does not exist, and names the nearest one. */
export function failField(position: number, name: string, value: string): never {
  const problem = `"${name}:" is not a field`;
  const expected = 'the name of a field before the colon';
  const id = PAPER_URL.exec(value)?.[1];
  if (id) return fail(position, problem, expected, `To search for a paper, write id:${id}`);
  if (/^(?:https?|ftp)$/i.test(name) && value.startsWith('//'))
    return fail(position, problem, expected, 'A query cannot search for links. Remove the link');
  const nearest = findNearest(name.toLowerCase());
  const inQuotes = 'To search for the text itself, put it in quotes';
  const hint = nearest
    ? `Write ${nearest}:, as in ${fieldExamples[nearest]}. ${inQuotes}`
    : `The fields are ${fieldNames.map((one) => `${one}:`).join(' ')}. ${inQuotes}`;
  return fail(position, problem, expected, hint);
}

/** Returns the field that somebody most likely means. Undefined if none is near. */
function findNearest(name: string): FieldName | undefined {
  if (Object.hasOwn(OTHER_NAMES, name)) return OTHER_NAMES[name];
  return findNearestOf(name, fieldNames);
}

/** Returns the candidate with the fewest mistyped letters: one in a short name, two in a longer one. */
export function findNearestOf<Name extends string>(
  typed: string,
  candidates: readonly Name[],
): Name | undefined {
  const most = typed.length < 5 ? 1 : 2;
  const distances = candidates.map((name) => [distanceOf(typed, name.toLowerCase()), name] as const);
  const [distance, nearest] = distances.sort(([a], [b]) => a - b)[0] ?? [most + 1];
  // A longer form of a name means the name: `organisation`, `abstracts`, `codes`.
  const longer = candidates.find((name) => name.length > 2 && typed.startsWith(name.toLowerCase()));
  return distance <= most ? nearest : longer;
}

/** Returns how many letters to add, remove, replace or swap with a neighbour to turn one word into another. */
function distanceOf(from: string, to: string): number {
  let beforeLast: number[] = [];
  let last = Array.from({ length: to.length + 1 }, (_, n) => n);
  for (let i = 1; i <= from.length; i += 1) {
    const row = [i];
    for (let j = 1; j <= to.length; j += 1) {
      const isSame = from[i - 1] === to[j - 1];
      const isSwapped = from[i - 1] === to[j - 2] && from[i - 2] === to[j - 1];
      const options = [(last[j] ?? 0) + 1, (row[j - 1] ?? 0) + 1, (last[j - 1] ?? 0) + (isSame ? 0 : 1)];
      if (isSwapped) options.push((beforeLast[j - 2] ?? 0) + 1);
      row.push(Math.min(...options));
    }
    beforeLast = last;
    last = row;
  }
  return last[to.length] ?? 0;
}

/**
 * Refuses a word outside quotes that would be misread: an operator in lower case, or a sign of another language.
 *
 * @param field the field in whose parentheses it stands
 * @param after the text after the word
 */
export function checkWord(word: string, position: number, field: FieldName | undefined, after: string): void {
  if (HARMLESS.test(word)) return;
  if (/^(?:or|not)$/i.test(word)) {
    const operator = word.toUpperCase();
    const hint = `Write ${operator} in capitals. To search for the word itself, put it in quotes`;
    fail(position, `"${word}" is not in capitals`, `${operator} as an operator`, hint);
  }
  const refuse = (sign: string, hint: string) =>
    fail(position + word.indexOf(sign), `"${sign}" has no meaning here`, CONDITION, hint);
  if (word.includes('|')) refuse('|', 'Write OR between two words, as in audio OR vision');
  if (/^&+$|&&/.test(word)) refuse('&', 'Write AND, or a space, between two words');
  if (word.startsWith('!')) refuse('!', 'To leave papers out, write - before a word, as in -vision');
  if (/^\*+$/.test(word)) refuse('*', 'Leave it out. An empty query brings every paper');
  if (word.startsWith('*')) refuse('*', 'Write * only at the end of a word, as in diffus*');
  if (SINGLE_QUOTE.test(word) && /[\p{L}\p{N}.,*]['’‘`´](?:[\s,)]|$)/u.test(word + after))
    refuse(word.charAt(0), 'For a phrase write double quotes, as in "residual stream"');
  if (field === undefined) checkComparison(word, position);
}

/** Most words: letters and digits, with hyphens or full stops inside, but not `or` and `not`. */
const HARMLESS = /^(?!(?:or|not)$)[a-z\d](?:[a-z\d.,;-]*[a-z\d])?$/i;

const SINGLE_QUOTE = /^['‘‚`´]/;

/** Refuses a comparison without a colon. */
function checkComparison(word: string, position: number): void {
  const [, compared, sign] = /^([a-z]*)([<>=≤≥])/i.exec(word) ?? [];
  if (compared === undefined || sign === undefined) return;
  const at = position + compared.length;
  if (compared === '') {
    const hint = 'Write the field, a colon and the number without spaces, as in upvotes:>=10';
    fail(at, `"${sign}" does not follow a field`, CONDITION, hint);
  }
  const field = findNearest(compared.toLowerCase());
  if (field) fail(at, `a colon is missing after "${compared}"`, `${field}:`, `Write ${fieldExamples[field]}`);
}
