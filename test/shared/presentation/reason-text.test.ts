import { describe, expect, test } from '@jest/globals';
import type { MatchReason } from '../../../shared/matching/index/explain.ts';
import { parseQuery } from '../../../shared/matching/query/parse-query.ts';
import type { TextField } from '../../../shared/matching/query/query.ts';
import { toReasonText } from '../../../shared/presentation/reason-text.ts';
import { createPaper } from '../../factories/papers.ts';

const paper = createPaper({
  authors: ['Ada Example', 'Kaiming He'],
  categories: ['cs.CV', 'cs.LG'],
  upvotes: 42,
});

/** The reason of one condition, as a query holds it. */
function reason(text: string, field?: TextField): MatchReason {
  const condition = parseQuery(text);
  if (condition.kind === 'all' || 'part' in condition || 'parts' in condition)
    throw new Error(`${text} is not one condition`);
  return { condition, ...(field && { field }) };
}

describe('the reason of a paper', () => {
  test.each([
    [[reason('"residual stream"', 'title')], 'Matches “residual stream” in the title.'],
    [[reason('diffus*', 'keyword')], 'Matches “diffus*” in the keywords.'],
    [[reason('org:google', 'org')], 'Matches “google” in the organisation.'],
    [
      [reason('mlp', 'title'), reason('vision', 'abstract'), reason('routing', 'title')],
      'Matches “mlp” and “routing” in the title, “vision” in the abstract.',
    ],
    [[reason('author:"K. He"')], 'By Kaiming He.'],
    [[reason('cat:cs.LG')], 'In cs.LG.'],
    [[reason('cat:cs')], 'In cs.CV.'],
    [[reason('list:hf-daily')], 'On Hugging Face Daily Papers.'],
    [[reason('id:2601.00001')], 'With the id 2601.00001.'],
    [[reason('has:code'), reason('has:project')], 'With code, with a project page.'],
    [[reason('upvotes:>=10')], 'With at least 10 votes.'],
    [[reason('comments:<1')], 'With fewer than 1 comment.'],
    [[reason('stars:>1000')], 'With more than 1,000 stars.'],
    [[reason('authors:=2')], 'With exactly 2 authors.'],
    [[reason('agents', 'title'), reason('has:code')], 'Matches “agents” in the title, with code.'],
    [[], undefined],
  ])('%#: is said in words', (reasons, expected) => {
    expect(toReasonText(paper, reasons)).toBe(expected);
  });

  test('ends with the growth of the votes', () => {
    const reasons = [reason('agents', 'title')];

    expect(toReasonText(paper, reasons, { votes: 18, days: 1 })).toBe(
      'Matches “agents” in the title; 42 votes, +18 since yesterday.',
    );
    expect(toReasonText(paper, [], { votes: 18, days: 3 })).toBe('42 votes, +18 in 3 days.');
  });

  test('names a term once, and counts the rest of many', () => {
    expect(toReasonText(paper, [reason('mlp', 'title'), reason('mlp', 'title')])).toBe(
      'Matches “mlp” in the title.',
    );
    const many = ['a', 'b', 'c', 'd', 'e', 'f'].map((term) => reason(term, 'title'));
    expect(toReasonText(paper, many)).toBe('Matches “a”, “b”, “c”, “d” and 2 more in the title.');
    const facts = ['has:code', 'has:project', 'cat:cs.LG', 'author:He', 'upvotes:>1', 'comments:>1'];
    expect(
      toReasonText(
        paper,
        facts.map((fact) => reason(fact)),
      ),
    ).toBe('With code, with a project page, in cs.LG, by Kaiming He, and 2 more.');
  });
});
