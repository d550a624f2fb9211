import { nameOfList } from '../domain/lists/lists.ts';
import type { Growth } from '../domain/papers/growth.ts';
import type { Paper } from '../domain/papers/paper.ts';
import type { MatchReason } from '../matching/index/explain.ts';
import type { Condition, NumberCondition, TextField } from '../matching/query/query.ts';
import { matchesName, parseName } from '../matching/text/names.ts';
import { toReaderText } from './reader-text.ts';
import { capitalise, toCountText, toListing } from './wording.ts';

const FIELD_TEXTS: Readonly<Record<TextField, string>> = {
  title: 'in the title',
  abstract: 'in the abstract',
  keyword: 'in the keywords',
  org: 'in the organisation',
};

const MAX_TERM_CHARS = 60;
const MAX_TERMS = 4;

/**
 * Says why a paper is in a digest. It names at most four terms of each field and four other facts, and counts the rest. Undefined if there
 * is nothing to say.
 *
 * @example 'Matches “residual stream” in the title, by Kaiming He, with code; 42 votes, +18 since yesterday.'
 */
export function toReasonText(
  paper: Paper,
  reasons: readonly MatchReason[],
  growth?: Growth | undefined,
): string | undefined {
  const found = toFoundTexts(reasons);
  const facts = [...new Set(reasons.flatMap(({ condition }) => toFact(paper, condition) ?? []))];
  const hidden = facts.length - MAX_TERMS;
  const parts = [
    ...found.map((text, index) => (index === 0 ? `matches ${text}` : text)),
    ...facts.slice(0, MAX_TERMS),
    ...(hidden > 0 ? [`and ${hidden} more`] : []),
  ];
  const clauses = [parts.join(', '), growth ? toGrowthText(paper, growth) : ''].filter(
    (clause) => clause !== '',
  );
  return clauses.length > 0 ? `${capitalise(clauses.join('; '))}.` : undefined;
}

/** `42 votes, +18 since yesterday` */
function toGrowthText({ upvotes }: Paper, { votes, days }: Growth): string {
  const since = days === 1 ? 'since yesterday' : `in ${days} days`;
  return `${toCountText(upvotes, 'vote')}, +${votes} ${since}`;
}

/** Returns the terms found in each field, in the order of the query: `“mlp” and “routing” in the title`. */
function toFoundTexts(reasons: readonly MatchReason[]): readonly string[] {
  const termsByField = new Map<TextField, Set<string>>();
  for (const { condition, field } of reasons) {
    if (condition.kind !== 'text' || !field) continue;
    const text = `${condition.text}${condition.isPrefix ? '*' : ''}`;
    const terms = termsByField.get(field) ?? new Set();
    termsByField.set(field, terms.add(`“${toReaderText(text, MAX_TERM_CHARS)}”`));
  }
  return [...termsByField].map(
    ([field, terms]) => `${toListing([...terms], MAX_TERMS)} ${FIELD_TEXTS[field]}`,
  );
}

/** Returns the fact by which a paper meets a condition. Undefined for words, which {@link toFoundTexts} names. */
function toFact(paper: Paper, condition: Condition): string | undefined {
  switch (condition.kind) {
    case 'text':
      return undefined;
    case 'author': {
      const name = parseName(condition.text);
      const author =
        paper.authors.find((candidate) => matchesName(name, parseName(candidate))) ?? condition.text;
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

/** Returns the paper's category that is `value`, or belongs to the archive `value`. */
function findCategory({ categories }: Paper, value: string): string {
  return categories.find((category) => category === value || category.startsWith(`${value}.`)) ?? value;
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
