import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import {
  MAX_SNAPSHOTS,
  mergePaper,
  type Paper,
  paperIdSchema,
  paperSchema,
} from '../../../shared/domain/paper.ts';
import { addMs } from '../../../shared/domain/time.ts';
import { createFacts, createPaper } from '../../factories/papers.ts';

const T0 = '2026-01-05T08:00:00.000Z';
const T1 = '2026-01-05T09:00:00.000Z';

describe('a paper id', () => {
  test.each(['2501.12345', '0704.0001', 'hep-ex/0307015', 'math.GT/0309136'])('%s is one', (id) => {
    expect(paperIdSchema.safeParse(id).success).toBe(true);
  });

  test.each(['2501.12345v2', '2501.123', 'https://arxiv.org/abs/2501.12345', '', '2501.123456'])(
    '"%s" is none',
    (id) => {
      expect(paperIdSchema.safeParse(id).success).toBe(false);
    },
  );
});

describe('merging what a source says', () => {
  test('starts a paper with its first snapshot', () => {
    const paper = mergePaper(undefined, createFacts({ upvotes: 4, comments: 1 }), T0);

    expect(paper).toMatchObject({ firstSeenAt: T0, snapshots: [{ at: T0, upvotes: 4, comments: 1 }] });
  });

  test('returns the very same paper when nothing changed', () => {
    const stored = mergePaper(undefined, createFacts(), T0);

    expect(mergePaper(stored, createFacts(), T1)).toBe(stored);
  });

  test('adds a snapshot when votes fall, too', () => {
    const stored = mergePaper(undefined, createFacts({ upvotes: 9 }), T0);

    const merged = mergePaper(stored, createFacts({ upvotes: 8 }), T1);

    expect(merged.upvotes).toBe(8);
    expect(merged.snapshots.map(({ upvotes }) => upvotes)).toEqual([9, 8]);
  });

  test('adds no snapshot when only other facts changed', () => {
    const stored = mergePaper(undefined, createFacts(), T0);

    const merged = mergePaper(stored, createFacts({ repositoryUrl: 'https://github.com/a/b', stars: 3 }), T1);

    expect(merged).toMatchObject({ repositoryUrl: 'https://github.com/a/b', stars: 3 });
    expect(merged.snapshots).toEqual(stored.snapshots);
  });

  test('keeps a fact that the source leaves out this time', () => {
    const stored = mergePaper(undefined, createFacts({ aiSummary: 'One line.', categories: ['cs.LG'] }), T0);

    expect(mergePaper(stored, createFacts({ aiKeywords: [] }), T1)).toBe(stored);
  });

  test('is not undone by an older answer that comes late', () => {
    const stored = mergePaper(undefined, createFacts({ upvotes: 9 }), T1);

    expect(mergePaper(stored, createFacts({ upvotes: 2 }), T0)).toBe(stored);
  });

  test('keeps the newest snapshots, in order, and always a valid paper', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(500), { minLength: 1, maxLength: 30 }), (votes) => {
        const merge = (paper: Paper | undefined, upvotes: number, hour: number) =>
          mergePaper(paper, createFacts({ upvotes }), addMs(T0, hour * 3_600_000));
        const paper = votes.reduce<Paper | undefined>(merge, undefined);

        const changes = votes.filter((vote, position) => position === 0 || vote !== votes[position - 1]);
        expect(paper?.snapshots.map(({ upvotes }) => upvotes)).toEqual(changes.slice(-MAX_SNAPSHOTS));
        expect(paperSchema.safeParse(paper).success).toBe(true);
      }),
    );
  });
});

test('a stored paper is checked when it is read', () => {
  expect(paperSchema.safeParse(createPaper()).success).toBe(true);
  expect(paperSchema.safeParse({ ...createPaper(), upvotes: -1 }).success).toBe(false);
  expect(paperSchema.safeParse({ ...createPaper(), repositoryUrl: 'javascript:alert(1)' }).success).toBe(
    false,
  );
});
