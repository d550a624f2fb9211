import { arxivArchiveIds } from '../../domain/lists/arxiv-categories.ts';
import { listIdSchema } from '../../domain/lists/lists.ts';
import { paperIdSchema } from '../../domain/papers/paper.ts';
import { analysePhrase, type Phrase } from '../text/analyser.ts';
import {
  type Condition,
  type NumberField,
  numberFields,
  QueryError,
  type SourceRange,
  textFields,
} from './query.ts';

/** The fields of the language, as they are written. */
export const fieldNames = [...textFields, 'author', 'cat', 'list', 'id', 'has', ...numberFields] as const;

export type QueryField = (typeof fieldNames)[number];

const knownNames: ReadonlySet<string> = new Set(fieldNames);

/** Returns whether a name, in small letters, is a field. */
export function isField(name: string): name is QueryField {
  return knownNames.has(name);
}

/** The minimum length of a prefix, in letters. A shorter one would match too many words. */
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
  field: QueryField | undefined,
  value: string,
  range: SourceRange,
  position: number,
): Condition {
  switch (field) {
    case undefined:
    case 'title':
    case 'abstract':
    case 'keyword':
    case 'org':
      return { kind: 'text', field, ...readText(value, position), range };
    case 'author':
      return { kind: 'author', text: readName(value, position), range };
    case 'cat':
      return { kind: 'category', value: readCategory(value.trim(), position), range };
    case 'list':
      return { kind: 'list', value: readList(value.trim(), position), range };
    case 'id':
      return { kind: 'id', value: readId(value.trim(), position), range };
    case 'has':
      return { kind: 'has', what: readFlag(value.trim(), position), range };
    case 'upvotes':
    case 'comments':
    case 'stars':
    case 'authors':
      return { kind: 'number', field, ...readComparison(field, value.trim(), position), range };
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
  if (last === undefined) throw new QueryError('no-letter-or-digit', position, whole);
  checkSigns(text, phrase.words, position);
  // A character that is a word has no prefix. The text may continue after it anyway.
  const shown = withoutPunctuation(text);
  if (!hasStar || WORD_CHARACTER.test(last)) return { text: shown, ...phrase, isPrefix: false };
  if ([...last].length < MIN_PREFIX_LENGTH) throw new QueryError('short-prefix', position, last);
  return { text: shown, ...phrase };
}

/** Returns a text without the punctuation of a sentence around it: `video,` gives `video`. The point of `.NET` stays, and so does TeX: `\!`. */
function withoutPunctuation(text: string): string {
  return text.replace(/^(?:(?!\.net(?![\p{L}\p{N}]))[.,;:?!])+|(?<![\\.,;:?!])[.,;:?!]+$/giu, '');
}

function toOneLine(text: string): string {
  return text.trim().replace(/\s+/g, ' ');
}

/** Refuses signs that matching would ignore: a `*` within a word, and a sign after a single letter. */
function checkSigns(text: string, words: readonly string[], position: number): void {
  if (countStars(text) > countStars(words.join(''))) throw new QueryError('star-inside-word', position, text);
  const [word = '', ...others] = words;
  const isOneLetter = others.length === 0 && [...word].length === 1 && !WORD_CHARACTER.test(word);
  if (isOneLetter && /[^\p{L}\p{M}\p{N}\s]/u.test(text.replace(/[,;.]+$/, '')))
    throw new QueryError('single-letter-with-sign', position, text, word);
}

function countStars(text: string): number {
  return text.split('*').length - 1;
}

function readName(value: string, position: number): string {
  const name = toOneLine(value);
  if (!/\p{L}/u.test(name)) throw new QueryError('invalid-name', position, name);
  if (name.includes('*')) throw new QueryError('star-in-name', position);
  return name;
}

/** The archives whose subjects are written in small letters: `physics.optics`. */
const SMALL: ReadonlySet<string> = new Set(['cond-mat', 'physics']);

/**
 * Returns a category as arXiv writes it: `CS.lg` gives `cs.LG`. An archive stands for all its categories: `cs` and `cs.*` give `cs`.
 *
 * @throws QueryError if there is no such archive, or the subject cannot be one
 */
function readCategory(text: string, position: number): string {
  const [name = '', subject, ...rest] = text.toLowerCase().split('.');
  const archive = arxivArchiveIds.find((id) => id === name);
  if (!archive || rest.length > 0) throw new QueryError('unknown-category', position, text);
  if (subject === undefined || subject === '*') return archive;
  if (SMALL.has(archive) ? /^[a-z]{2,9}(?:-[a-z]+)*$/.test(subject) : /^[a-z]{2}$/.test(subject))
    return `${archive}.${SMALL.has(archive) ? subject : subject.toUpperCase()}`;
  throw new QueryError('unknown-category', position, text);
}

function readList(value: string, position: number): string {
  if (listIdSchema.safeParse(value).success) return value;
  throw new QueryError('invalid-list', position, value);
}

/** Returns the id of a paper, without its version if it is one of arXiv. */
function readId(value: string, position: number): string {
  const id = value.replace(/^arxiv:/i, '').replace(/v\d+$/, '');
  if (paperIdSchema.safeParse(id).success) return id;
  throw new QueryError('invalid-id', position, value);
}

/** What a query can ask a paper to have. */
export const flags = ['code', 'project'] as const;

function readFlag(value: string, position: number): (typeof flags)[number] {
  const flag = flags.find((name) => name === value.toLowerCase());
  if (flag) return flag;
  throw new QueryError('unknown-flag', position, value);
}

const operators = { '>': '>', '>=': '>=', '<': '<', '<=': '<=', '=': '=', '≥': '>=', '≤': '<=' } as const;

const COMPARISON = /^(>=|<=|[><=≥≤])(\d{1,9})$/;

function readComparison(field: NumberField, typed: string, position: number) {
  const [, sign = '', digits = ''] = COMPARISON.exec(typed) ?? [];
  const operator = operators[sign as keyof typeof operators];
  if (operator) return { operator, value: Number(digits) };
  throw new QueryError('invalid-comparison', position, field, typed);
}
