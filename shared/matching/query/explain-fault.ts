import type { ListId } from '../../domain/lists/lists.ts';
import { findNearestOf } from '../../domain/text/nearest-name.ts';
import {
  fieldExamples,
  findFlag,
  findNearestField,
  IN_QUOTES,
  isDateField,
  NO_DATES,
  toCategoryHint,
  toComparisonHint,
  toFieldHint,
  toListHint,
  toValuesHint,
} from './guess-meaning.ts';
import { MAX_CONDITIONS, MAX_DEPTH, MAX_QUERY_LENGTH } from './parse-query.ts';
import { type FaultKind, numberFields, type QueryError, type Sign } from './query.ts';
import { flags, MIN_PREFIX_LENGTH, type QueryField } from './query-fields.ts';

/** The explanation of a fault. Each part except the message is a phrase without a full stop. */
export interface QueryFault {
  /** 0-based UTF-16 offset into the text. */
  readonly position: number;
  /** `"autor:" is not a field` */
  readonly problem: string;
  /** What is expected there: `the name of a field before the colon` */
  readonly expected: string;
  /** What to do next: `Write author:` */
  readonly hint: string;
  /** All of it: `at character 1: …` */
  readonly message: string;
}

/**
 * Returns what is wrong with a query, what was expected, and what to do.
 *
 * @param lists the lists that the deployment reads, so that a hint names no others
 */
export function explainFault(
  { kind, position, details, sign }: QueryError,
  lists?: readonly ListId[],
): QueryFault {
  const [problem, expected, how] = explanations[kind](...details);
  const hint = typeof how === 'string' ? how : how(sign, lists);
  const message = `at character ${position + 1}: ${problem}. Expected ${expected}. ${hint}`;
  return { position, problem, expected, hint, message };
}

type Explanation = readonly [
  problem: string,
  expected: string,
  hint: string | ((sign: Sign, lists: readonly ListId[] | undefined) => string),
];

/** What is expected where a condition begins. */
const CONDITION = 'a word, a "phrase" or a field';
const VALUE = 'a value directly after the colon';
const SPACE_IS_ENOUGH = 'A space between two words is enough';

const explanations: Readonly<Record<FaultKind, (...details: string[]) => Explanation>> = {
  'unclosed-quote': () => [
    'this quotation mark is never closed',
    'a second quotation mark',
    'Add a quotation mark at the end of the phrase',
  ],
  'unclosed-parenthesis': () => ['this parenthesis is never closed', 'a ")" after it', 'Add a ")"'],
  'unopened-parenthesis': () => [
    'this parenthesis was never opened',
    'a "(" before it',
    'Remove the ")", or add a "("',
  ],
  'too-many-parentheses': () => [
    `more than ${MAX_DEPTH} parentheses are inside each other`,
    `at most ${MAX_DEPTH} inside each other`,
    'Remove some of them',
  ],
  'too-many-conditions': () => [
    `the query has more than ${MAX_CONDITIONS} words, "phrases" and fields`,
    `at most ${MAX_CONDITIONS} words, "phrases" and fields`,
    'Remove some of them, or split the query in two',
  ],
  'too-long': () => [
    `the query has more than ${MAX_QUERY_LENGTH} characters`,
    `at most ${MAX_QUERY_LENGTH} characters`,
    'Shorten it, or split it in two',
  ],
  'missing-condition': (before = '') => [
    `nothing follows ${before}`,
    CONDITION,
    'Add a condition after it, or remove it',
  ],
  'misplaced-operator': (word = '', before = '') => [
    before === '' ? `"${word}" has no condition before it` : `"${word}" stands directly after ${before}`,
    CONDITION,
    `Add a condition before it, or remove it. To search for the word itself, write "${word}" in quotes`,
  ],
  'lower-case-operator': (word = '') => [
    `"${word}" is not in capitals`,
    `${word.toUpperCase()} as an operator`,
    // A title has `Not` and `Or`. For it, the operator would hide the paper.
    /^\p{Lu}/u.test(word)
      ? `To search for the word itself, put it in quotes. As an operator, write ${word.toUpperCase()} in capitals`
      : `Write ${word.toUpperCase()} in capitals. To search for the word itself, put it in quotes`,
  ],
  'lone-dash': () => [
    'a "-" stands alone',
    CONDITION,
    'Write - directly before a word to leave it out, as in -vision. Otherwise remove it',
  ],
  'missing-space': (after = '', next = '') =>
    /^[,;.]$/.test(next)
      ? [`"${next}" has no meaning here`, 'a space', `Leave out the "${next}". ${SPACE_IS_ENOUGH}`]
      : [
          `a space is missing after ${after}`,
          'a space',
          'Add a space, or put everything in one pair of quotes',
        ],
  'unsupported-sign': (sign = '', word = '') => [
    `"${sign}" has no meaning here`,
    CONDITION,
    SIGN_HINTS[word === '*' ? word : sign] ?? 'For a phrase write double quotes, as in "residual stream"',
  ],
  'unknown-field': (name = '', value = '') => [
    `"${name}:" is not a field`,
    'the name of a field before the colon',
    (sign, lists) => toFieldHint(name, value, sign, lists),
  ],
  'nested-field': (typed = '', outer = '') => [
    `"${typed}:" is inside the parentheses of "${outer}:"`,
    `only values of ${outer}:`,
    `Write ${outer}: before each value, or close the parenthesis first`,
  ],
  'missing-value': (name = '', next = '') => [
    `"${name}:" has no value`,
    VALUE,
    `${next === '' ? 'Write a value after the colon' : 'Remove the space after the colon'}, as in ${fieldExamples[name as QueryField]}`,
  ],
  'space-before-colon': (name = '', value = '') => [
    `a space stands between "${name}" and its colon`,
    'a colon directly after the field',
    (sign) =>
      `Remove the space before the colon${value === '' ? `, as in ${fieldExamples[name as QueryField]}` : `: ${sign}${name}:${value}`}`,
  ],
  'dash-before-value': (name = '', value = '') => [
    `a "-" stands after "${name}:"`,
    VALUE,
    `To leave these papers out, write -${name}:${value}`,
  ],
  'missing-colon': (name = '', comparison = '') => [
    `a colon is missing after "${name}"`,
    'a field, a colon and a number',
    (sign) => {
      if (isDateField(name)) return NO_DATES;
      const field = findNearestField(name);
      const number = numberFields.find((one) => one === field);
      const typed = comparison.replace('≥', '>=').replace('≤', '<=');
      if (number) return toComparisonHint(number, typed, sign);
      return field ? `Write ${fieldExamples[field]}` : IN_QUOTES;
    },
  ],
  'missing-field': (sign = '') => [
    `"${sign}" does not follow a field`,
    CONDITION,
    'Write the field, a colon and the number without spaces, as in upvotes:>=10',
  ],
  'no-letter-or-digit': (text = '') => [
    `"${text}" has no letter or digit`,
    CONDITION,
    /^[,;.]+$/.test(text) ? `Leave out the "${text}". ${SPACE_IS_ENOUGH}` : 'Leave it out, or add a word',
  ],
  'star-inside-word': (text = '') => [
    `"${text}" has a * inside`,
    'a * only at the end',
    'Write * only at the end of a word or phrase, as in diffus*',
  ],
  'single-letter-with-sign': (text = '', word = '') => [
    `only "${word}" of "${text}" can be searched for`,
    'a longer word',
    'Leave out the sign, or use a "phrase" of several words',
  ],
  'short-prefix': (word = '') => [
    `"${word}*" is too short`,
    `at least ${MIN_PREFIX_LENGTH} letters or digits before the *`,
    `Write at least ${MIN_PREFIX_LENGTH} letters or digits before the *, or leave it out`,
  ],
  'invalid-name': (text = '') => [
    `"${text}" is not a name`,
    'a name',
    `Write a name, as in ${fieldExamples.author}`,
  ],
  'star-in-name': () => [
    'a name has no *',
    'a whole name',
    'Leave out the *. One part of the name is enough, as in author:He',
  ],
  'unknown-category': (text = '') => [
    `"${text}" is not a category of arXiv`,
    'a category such as cs.LG, or an archive such as cs',
    (sign) => toValuesHint('cat', text, sign) ?? toCategoryHint(text, sign),
  ],
  'invalid-list': (text = '') => [
    `"${text}" is not a list`,
    'the id of a list',
    (sign, lists) => toValuesHint('list', text, sign) ?? toListHint(text, sign, lists),
  ],
  'unknown-list': (text = '') => [
    `there is no list "${text}"`,
    'the id of a list',
    (sign, lists) => toListHint(text, sign, lists),
  ],
  'invalid-id': (text = '') => {
    const found = /\d{4}\.\d{4,5}/.exec(text)?.[0];
    return [
      `"${text}" is not the id of a paper`,
      'the id of a paper, such as an arXiv id',
      (sign) => toValuesHint('id', text, sign) ?? `Write ${sign}${found ? `id:${found}` : fieldExamples.id}`,
    ];
  },
  'unknown-flag': (text = '') => {
    const meant = findFlag(text) ?? findNearestOf(text.toLowerCase(), flags);
    return [
      `"${text}" is nothing that a paper can have`,
      'code or project',
      (sign) =>
        toValuesHint('has', text, sign) ??
        (meant
          ? `Write ${sign}has:${meant}`
          : `Write ${sign}has:code for a repository, or ${sign}has:project for a page`),
    ];
  },
  'invalid-comparison': (field = '', typed = '') => [
    `"${typed}" is not a comparison`,
    'one of > >= < <= =, and a whole number',
    (sign) => toComparisonHint(field, typed, sign),
  ],
};

const SIGN_HINTS: Readonly<Record<string, string>> = {
  '|': 'Write OR between two words, as in audio OR vision',
  '&': 'Write AND, or a space, between two words',
  '!': 'To leave papers out, write - before a word, as in -vision',
  '*': 'Write * only at the end of a word, as in diffus*. An empty query brings every paper',
};
