import { nameOfList } from '../domain/lists/lists.ts';
import type { Growth } from '../domain/papers/growth.ts';
import type { Paper } from '../domain/papers/paper.ts';
import type { MatchReason } from '../matching/index/explain.ts';
import type { Condition, NumberCondition, TextField } from '../matching/query/query.ts';
import { matchesName, parseName } from '../matching/text/names.ts';
import { toReaderText } from './reader-text.ts';
import { toCountText, toListing } from './wording.ts';

const PLACES: Readonly<Record<TextField, string>> = {
  title: 'in the title',
  abstract: 'in the abstract',
  keyword: 'in the keywords',
  org: 'in the organisation',
};

const MAX_TERM_CHARS = 60;
const MAX_TERMS = 4;

/**
 * Says why a paper is in a digest. It names four terms of a place and four other facts, and counts the rest. Undefined if there is nothing
 * to say.
 *
 * @example 'Matches “residual stream” in the title, by Kaiming He, with code; 42 votes, +18 since yesterday.'
 */
export function toReasonText(
  paper: Paper,
  reasons: readonly MatchReason[],
  growth?: Growth | undefined,
): string | undefined {
  const places = toPlaces(reasons);
  const facts = [...new Set(reasons.flatMap(({ condition }) => toFact(paper, condition) ?? []))];
  const hidden = facts.length - MAX_TERMS;
  const parts = [
    ...places.map((place, index) => (index === 0 ? `matches ${place}` : place)),
    ...facts.slice(0, MAX_TERMS),
    ...(hidden > 0 ? [`and ${hidden} more`] : []),
  ];
  const clauses = [parts.join(', '), growth ? toGrowthText(paper, growth) : ''].filter((one) => one !== '');
  if (clauses.length === 0) return undefined;
  const text = clauses.join('; ');
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}.`;
}

/** `42 votes, +18 since yesterday` */
function toGrowthText({ upvotes }: Paper, { votes, days }: Growth): string {
  const since = days === 1 ? 'since yesterday' : `in ${days} days`;
  return `${toCountText(upvotes, 'vote')}, +${votes} ${since}`;
}

/** Returns the terms in each field, in the order of the query: `“mlp” and “routing” in the title`. */
function toPlaces(reasons: readonly MatchReason[]): readonly string[] {
  const termsByPlace = new Map<string, Set<string>>();
  for (const { condition, field } of reasons) {
    if (condition.kind !== 'text' || !field) continue;
    const text = `${condition.text}${condition.isPrefix ? '*' : ''}`;
    const terms = termsByPlace.get(PLACES[field]) ?? new Set();
    termsByPlace.set(PLACES[field], terms.add(`“${toReaderText(text, MAX_TERM_CHARS)}”`));
  }
  return [...termsByPlace].map(([place, terms]) => `${toListing([...terms], MAX_TERMS)} ${place}`);
}

/** Returns what a paper has that meets a condition. Undefined for words, which {@link toPlaces} names. */
function toFact(paper: Paper, condition: Condition): string | undefined {
  switch (condition.kind) {
    case 'text':
      return undefined;
    case 'author': {
      const name = parseName(condition.text);
      const author = paper.authors.find((one) => matchesName(name, parseName(one))) ?? condition.text;
      return `by ${toReaderText(author, MAX_TERM_CHARS)}`;
    }
    case 'category':
      return `in ${findCategory(paper, condition.value)}`;
    case 'list':
      return `on ${toReaderText(nameOfList(condition.value), MAX_TERM_CHARS)}`;
    case 'id':
      return `with the id ${condition.value}`;
    case 'has':
      return condition.what === 'code' ? 'with code' : 'with a project page';
    case 'number':
      return `with ${BOUNDS[condition.operator]} ${toNumberText(condition)}`;
    default:
      return condition satisfies never;
  }
}

/** Returns the paper's category that is this one, or belongs to this archive. */
function findCategory({ categories }: Paper, value: string): string {
  return categories.find((one) => one === value || one.startsWith(`${value}.`)) ?? value;
}

const BOUNDS: Readonly<Record<NumberCondition['operator'], string>> = {
  '>': 'more than',
  '>=': 'at least',
  '<': 'fewer than',
  '<=': 'at most',
  '=': 'exactly',
};

/** `10 votes` */
function toNumberText({ field, value }: NumberCondition): string {
  return toCountText(value, field === 'upvotes' ? 'vote' : field.slice(0, -1));
}
