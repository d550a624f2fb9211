import { describe, expect, test } from '@jest/globals';
import {
  findAbstractUrl,
  findPdfUrl,
  paperIdSchema,
  paperSchema,
} from '../../../../shared/domain/papers/paper.ts';
import { createPaper } from '../../../factories/papers.ts';

describe('a paper id', () => {
  test.each(['2501.12345', '0704.0001', 'hep-ex/0307015', 'math.GT/0309136'])('%s is an arXiv id', (id) => {
    expect(paperIdSchema.safeParse(id).success).toBe(true);
    expect(findAbstractUrl(id)).toBe(`https://arxiv.org/abs/${id}`);
  });

  test('of a feed is not an arXiv id', () => {
    expect(paperIdSchema.safeParse('feed-0123456789abcdef').success).toBe(true);
    expect(findAbstractUrl('feed-0123456789abcdef')).toBeUndefined();
    expect(findPdfUrl('feed-0123456789abcdef')).toBeUndefined();
  });

  test.each([
    ...['2501.12345v2', '2501.123', 'https://arxiv.org/abs/2501.12345', '', '2501.123456'],
    ...['feed-0123456789abcde', 'feed-0123456789ABCDEF', 'feed-0123456789abcdef0', 'feed-2501.12345'],
  ])('is not "%s"', (id) => {
    expect(paperIdSchema.safeParse(id).success).toBe(false);
  });
});

test('a paper stored by an earlier version is readable', () => {
  const stored = {
    pk: 'PAPER#2601.00001',
    sk: 'PAPER',
    contentHash: 'x',
    ...createPaper({ abstract: '', authors: [], authorCount: 0, aiKeywords: [], aiSummary: '', upvotes: 0 }),
  };
  expect(paperSchema.parse(stored)).toMatchObject({ abstract: '', voteCounts: [{ upvotes: 0 }] });
});

test('a stored paper is checked when it is read', () => {
  expect(paperSchema.safeParse(createPaper()).success).toBe(true);
  expect(paperSchema.safeParse({ ...createPaper(), upvotes: -1 }).success).toBe(false);
  expect(paperSchema.safeParse({ ...createPaper(), repositoryUrl: 'javascript:alert(1)' }).success).toBe(
    false,
  );
});
