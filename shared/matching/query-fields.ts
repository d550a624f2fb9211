import { listIdSchema } from '../domain/lists.ts';
import { paperIdSchema } from '../domain/paper.ts';
import { analysePhrase, type Phrase } from './analyser.ts';
import { readCategory } from './categories.ts';
import type { Condition, NumberField, Place } from './query.ts';
import { CONDITION, type FieldName, fail, fieldExamples, findNearestOf } from './query-hints.ts';

/** How many letters a prefix has at least. A shorter one would match too many words. */
export const MIN_PREFIX_LENGTH = 3;

/** Scripts in which one character can be a word. */
const WORD_CHARACTER = /^[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}]$/u;

/**
 * Returns the condition that a value has in a field, or without one. The value has no quotes. It has the `*` of a prefix.
 *
 * @param position where the value begins
 * @throws QueryError if the field cannot have the value
 */
export function toCondition(
  field: FieldName | undefined,
  value: string,
  place: Place,
  position: number,
): Condition {
  switch (field) {
    case undefined:
    case 'title':
    case 'abstract':
    case 'keyword':
    case 'org':
      return { kind: 'text', field, ...readText(value, position), place };
    case 'author':
      return { kind: 'author', text: readName(value, position), place };
    case 'cat':
      return { kind: 'category', value: readCategory(value.trim(), position), place };
    case 'list':
      return { kind: 'list', value: readList(value.trim(), position), place };
    case 'id':
      return { kind: 'id', value: readId(value.trim(), position), place };
    case 'has':
      return { kind: 'has', what: readFlag(value.trim(), position), place };
    case 'upvotes':
    case 'comments':
    case 'stars':
    case 'authors':
      return { kind: 'number', field, ...readComparison(field, value.trim(), position), place };
    default:
      return field satisfies never;
  }
}

/** A word or words of letters and digits. Nothing in them needs a closer look. */
const PLAIN = /^[a-z\d]+(?:[ -][a-z\d]+)*$/i;

function readText(value: string, position: number): Phrase & { readonly text: string } {
  if (PLAIN.test(value)) return { text: value, ...analysePhrase(value) };
  const whole = toOneLine(value);
  // A letter and a star can be a word: the algorithm A*.
  const hasStar = whole.endsWith('*') && !analysePhrase(whole).words.at(-1)?.endsWith('*');
  const text = hasStar ? whole.replace(/[\s*]+$/, '') : whole;
  const phrase = analysePhrase(text, hasStar);
  const last = phrase.words.at(-1);
  if (last === undefined) return failEmpty(whole, position);
  checkSigns(text, phrase.words, position);
  // Characters that are words have no beginnings. The text may go on after them anyway.
  if (!hasStar || WORD_CHARACTER.test(last)) return { text, ...phrase, isPrefix: false };
  if ([...last].length < MIN_PREFIX_LENGTH) {
    const expected = `at least ${MIN_PREFIX_LENGTH} letters or digits before the *`;
    fail(position, `"${last}*" is too short`, expected, 'Write more of the word, or leave out the *');
  }
  return { text, ...phrase };
}

function toOneLine(text: string): string {
  return text.trim().replace(/\s+/g, ' ');
}

function failEmpty(text: string, position: number): never {
  const hint = /^[,;.]+$/.test(text)
    ? `Leave out the "${text}". A space between two words is enough`
    : 'Leave it out, or add a word';
  return fail(position, `"${text}" has no letter or digit`, CONDITION, hint);
}

/** Refuses what the words of a text do not say: a `*` within a word, and a sign after a letter. */
function checkSigns(text: string, words: readonly string[], position: number): void {
  if (countStars(text) > countStars(words.join('')))
    fail(
      position,
      `"${text}" has a * inside`,
      'a * only at the end',
      'Write * only at the end of a word or phrase, as in diffus*',
    );

  const [word = '', ...others] = words;
  const isOneLetter = others.length === 0 && [...word].length === 1 && !WORD_CHARACTER.test(word);
  if (isOneLetter && /[^\p{L}\p{M}\p{N}\s]/u.test(text.replace(/[,;.]+$/, '')))
    fail(
      position,
      `only "${word}" of "${text}" can be searched for`,
      'a longer word',
      'Leave out the sign, or use a "phrase" of several words',
    );
}

function countStars(text: string): number {
  return text.split('*').length - 1;
}

function readName(value: string, position: number): string {
  const name = toOneLine(value);
  if (!/\p{L}/u.test(name))
    fail(position, `"${name}" is not a name`, 'a name', `Write a name, as in ${fieldExamples.author}`);
  if (name.includes('*'))
    fail(
      position,
      'a name has no *',
      'a whole name',
      'Leave out the *. One part of the name is enough, as in author:He',
    );
  return name;
}

function readList(value: string, position: number): string {
  if (listIdSchema.safeParse(value).success) return value;
  return fail(
    position,
    `"${value}" is not a list`,
    'the id of a list',
    `Write the id of a list, as in ${fieldExamples.list}`,
  );
}

/** Returns the id of a paper without its version. */
function readId(value: string, position: number): string {
  const id = value.replace(/^arxiv:/i, '').replace(/v\d+$/, '');
  if (paperIdSchema.safeParse(id).success) return id;
  const found = /\d{4}\.\d{4,5}/.exec(value)?.[0];
  return fail(
    position,
    `"${value}" is not the id of a paper`,
    'an arXiv id',
    `Write ${found ? `id:${found}` : fieldExamples.id}`,
  );
}

const flags = ['code', 'project'] as const;

const OTHER_FLAGS: Readonly<Record<string, (typeof flags)[number]>> = {
  ...{
    github: 'code',
    git: 'code',
    repo: 'code',
    repository: 'code',
    implementation: 'code',
    source: 'code',
  },
  ...{ page: 'project', website: 'project', site: 'project', demo: 'project', url: 'project' },
};

function readFlag(value: string, position: number): (typeof flags)[number] {
  const typed = value.toLowerCase();
  const flag = flags.find((one) => one === typed);
  if (flag) return flag;
  const meant = (Object.hasOwn(OTHER_FLAGS, typed) && OTHER_FLAGS[typed]) || findNearestOf(typed, flags);
  const hint = meant
    ? `Write has:${meant}`
    : 'Write has:code for a repository, or has:project for a project page';
  return fail(position, `"${value}" is nothing that a paper can have`, 'code or project', hint);
}

const operators = { '>': '>', '>=': '>=', '<': '<', '<=': '<=', '=': '=', '≥': '>=', '≤': '<=' } as const;

const COMPARISON = /^(>=|<=|[><=≥≤])(\d{1,9})$/;

function readComparison(field: NumberField, typed: string, position: number) {
  const [, sign = '', digits = ''] = COMPARISON.exec(typed) ?? [];
  const operator = operators[sign as keyof typeof operators];
  if (operator) return { operator, value: Number(digits) };
  return failComparison(field, typed, position);
}

function failComparison(field: NumberField, typed: string, position: number): never {
  const problem = `"${typed}" is not a comparison`;
  const expected = 'one of > >= < <= =, and a whole number';
  const say = (hint: string) => fail(position, problem, expected, hint);
  const swapped = /^=([<>])(\d{1,9})$/.exec(typed);
  if (swapped) return say(`Write ${field}:${swapped[1]}=${swapped[2]}`);
  const [, sign = '>=', number] = /^([<>]=?|=)?\s*([\d,._ ']+\s*k?\+?)$/i.exec(typed) ?? [];
  if (number) {
    const isThousands = /k\+?$/i.test(number);
    const value = isThousands
      ? Number.parseFloat(number.replace(',', '.')) * 1000
      : Number(number.replace(/[^\d]/g, ''));
    if (value < 1e9 && /^\d+\+?$|k\+?$|^\d{1,3}([,._ ']\d{3})+\+?$/i.test(number.trim())) {
      const exact =
        /^\d+$/.test(number) && !/^[<>=]/.test(typed) ? ` for at least ${value}, or ${field}:=${value}` : '';
      return say(`Write ${field}:${sign}${Math.round(value)}${exact}`);
    }
  }
  const [, from, to] = /^\[?(\d{1,9})(?:\.\.+|-|–)(\d{1,9})\]?$/.exec(typed) ?? [];
  if (from && to) return say(`Write ${field}:>=${from} ${field}:<=${to}`);
  if (field === 'authors' && /^\p{L}/u.test(typed)) return say(`To search for a name, write author:${typed}`);
  return say(`Write it without spaces, as in ${fieldExamples[field]}`);
}
