import * as z from '../../domain/zod.ts';
import type { MatchReason } from '../../matching/index/explain.ts';
import { printQuery } from '../../matching/query/print-query.ts';
import type { TextField } from '../../matching/query/query.ts';

/** Why a paper matches a query. */
export const reasonSchema = z.object({
  term: z.string().check(z.describe('The words, or another condition in its normal form.')),
  field: z
    .string()
    .check(
      z.describe(
        '`title`, `abstract`, `keywords` or `organisation` for words. Otherwise what the condition is about, such as `author` or `upvotes`.',
      ),
    ),
});

/** The names of the searched texts in answers. */
const TEXT_NAMES: Readonly<Record<TextField, string>> = {
  title: 'title',
  abstract: 'abstract',
  keyword: 'keywords',
  org: 'organisation',
};

/** Returns a reason as the API names it: `{ term: 'agents', field: 'title' }`, `{ term: 'upvotes:>=10', field: 'upvotes' }`. */
export function toReasonView({ condition, field }: MatchReason) {
  if (condition.kind === 'text' && field)
    return { term: `${condition.text}${condition.isPrefix ? '*' : ''}`, field: TEXT_NAMES[field] };
  const name = condition.kind === 'number' ? condition.field : condition.kind;
  return { term: printQuery(condition), field: name };
}
