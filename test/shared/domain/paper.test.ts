import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import {
  findAbstractUrl,
  findPdfUrl,
  MAX_SNAPSHOTS,
  mergePaper,
  type Paper,
  type PaperFacts,
  paperFactsSchema,
  paperIdSchema,
  paperSchema,
} from '../../../shared/domain/paper.ts';
import { addMs, MS_PER_HOUR, toInstant } from '../../../shared/domain/time.ts';
import { createFacts, createPaper } from '../../factories/papers.ts';

const T0 = '2026-01-05T08:00:00.000Z';
const T1 = '2026-01-05T09:00:00.000Z';
const T2 = '2026-01-05T10:00:00.000Z';

describe('a paper id', () => {
  test.each(['2501.12345', '0704.0001', 'hep-ex/0307015', 'math.GT/0309136'])('%s is one of arXiv', (id) => {
    expect(paperIdSchema.safeParse(id).success).toBe(true);
    expect(findAbstractUrl(id)).toBe(`https://arxiv.org/abs/${id}`);
  });

  test('of a feed is not one of arXiv', () => {
    expect(paperIdSchema.safeParse('feed-0123456789abcdef').success).toBe(true);
    expect(findAbstractUrl('feed-0123456789abcdef')).toBeUndefined();
    expect(findPdfUrl('feed-0123456789abcdef')).toBeUndefined();
  });

  test.each([
    ...['2501.12345v2', '2501.123', 'https://arxiv.org/abs/2501.12345', '', '2501.123456'],
    ...['feed-0123456789abcde', 'feed-0123456789ABCDEF', 'feed-0123456789abcdef0', 'feed-2501.12345'],
  ])('"%s" is none', (id) => {
    expect(paperIdSchema.safeParse(id).success).toBe(false);
  });
});

describe('merging the facts of a source', () => {
  test('starts a paper with its first snapshot', () => {
    const paper = mergePaper(undefined, createFacts({ upvotes: 4, comments: 1 }), T0);

    expect(paper).toMatchObject({ firstSeenAt: T0, snapshots: [{ at: T0, upvotes: 4, comments: 1 }] });
  });

  test('returns the same object if nothing changed', () => {
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

  test('records when the text changed, and not when the votes did', () => {
    const first = mergePaper(undefined, createFacts({ upvotes: 4 }), T0);
    const voted = mergePaper(first, createFacts({ upvotes: 5, comments: 9, stars: 3 }), T1);
    const told = mergePaper(voted, createFacts({ upvotes: 5, comments: 9, aiSummary: 'One line.' }), T2);
    const late = mergePaper(told, createFacts({ organisation: 'Example Lab' }), T1);

    expect([first, voted, told, late].map(({ textChangedAt }) => textChangedAt)).toEqual([
      ...[undefined, undefined],
      ...[T2, T2],
    ]);
    expect(late.organisation).toBe('Example Lab');
  });

  test('keeps a fact that the source leaves out this time', () => {
    const stored = mergePaper(undefined, createFacts({ aiSummary: 'One line.', categories: ['cs.LG'] }), T0);

    expect(mergePaper(stored, { source: 'hf-daily', id: stored.id, title: stored.title }, T1)).toBe(stored);
  });

  test('counts zero votes as known', () => {
    const stored = mergePaper(undefined, createFacts({ upvotes: 9, comments: 2 }), T0);

    const merged = mergePaper(stored, createFacts({ upvotes: 0, comments: 0 }), T1);

    expect(merged).toMatchObject({ upvotes: 0, comments: 0 });
  });

  test('starts a paper with few facts, and counts its first votes as no growth', () => {
    const title = 'Little Known';
    const first = mergePaper(
      undefined,
      { source: 'hf-daily', id: '2601.00001', title, listedOn: '2026-01-04' },
      T0,
    );
    expect(first).toEqual({
      id: '2601.00001',
      title,
      abstract: '',
      authors: [],
      authorCount: 0,
      categories: [],
      publishedAt: '2026-01-04T00:00:00.000Z',
      upvotes: 0,
      comments: 0,
      aiKeywords: [],
      firstSeenAt: T0,
      snapshots: [],
    });
    expect(paperSchema.parse(first)).toEqual(first);

    const second = mergePaper(
      first,
      { source: 'hf-daily', id: first.id, title, upvotes: 500, listedOn: '2026-01-05' },
      T1,
    );
    expect(second).toMatchObject({
      publishedAt: '2026-01-04T00:00:00.000Z',
      snapshots: [{ at: T1, upvotes: 500, comments: 0 }],
    });

    const publishedAt = '2025-12-30T00:00:00.000Z';
    expect(mergePaper(second, { source: 'hf-daily', id: first.id, title, publishedAt }, T1)).toMatchObject({
      publishedAt,
    });
  });

  test('ignores an older answer that comes late', () => {
    const stored = mergePaper(undefined, createFacts({ upvotes: 9 }), T1);

    expect(mergePaper(stored, createFacts({ upvotes: 2 }), T0)).toBe(stored);
  });

  test('keeps the newest snapshots in order, and always a valid paper', () => {
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

describe('merging answers that leave facts out', () => {
  const name = fc.string({ minLength: 1, maxLength: 8 });
  const instant = fc.integer({ min: 0, max: Date.parse(T0) }).map((ms) => toInstant(ms));
  const count = fc.oneof(fc.constant(0), fc.nat(500));
  /** Every fact that a source may leave out. */
  const optional = {
    abstract: name,
    authors: fc.array(name, { maxLength: 3 }),
    authorCount: count,
    organisation: name,
    categories: fc.array(name, { minLength: 1, maxLength: 3 }),
    publishedAt: instant,
    upvotes: count,
    comments: count,
    repositoryUrl: fc.webUrl(),
    stars: count,
    projectUrl: fc.webUrl(),
    aiSummary: name,
    aiKeywords: fc.array(name, { minLength: 1, maxLength: 3 }),
    version: fc.integer({ min: 1, max: 4 }),
    versionAt: instant,
    licenceUrl: fc.webUrl(),
    note: name,
    journalReference: name,
    doi: name,
    pageUrl: fc.webUrl(),
  } satisfies Record<
    Exclude<keyof PaperFacts, 'source' | 'id' | 'title' | 'listedOn'>,
    fc.Arbitrary<unknown>
  >;
  const anyFacts = fc.record(
    {
      source: fc.constant('hf-daily'),
      id: fc.constant('2601.00001'),
      title: name,
      listedOn: fc.constant('2026-01-05'),
      ...optional,
    },
    { requiredKeys: ['source', 'id', 'title', 'listedOn'] },
  );
  const factsOf = ({ firstSeenAt, textChangedAt, snapshots, ...facts }: Paper) => facts;
  const mergeAll = (answers: readonly PaperFacts[]) =>
    answers.reduce<Paper | undefined>(
      (paper, facts, hour) => mergePaper(paper, facts, addMs(T0, hour * MS_PER_HOUR)),
      undefined,
    );

  test('keeps each fact until a later answer has a real one', () => {
    fc.assert(
      fc.property(fc.array(anyFacts, { minLength: 1, maxLength: 6 }), (answers) => {
        const merged: Partial<Paper> = mergeAll(answers) ?? {};

        for (const key of Object.keys(optional) as (keyof typeof optional)[]) {
          const newest = answers.findLast((facts) => facts[key] !== undefined)?.[key];
          if (newest !== undefined) expect([key, merged[key]]).toEqual([key, newest]);
        }
        expect(paperFactsSchema.safeParse(answers[0]).success).toBe(true);
        expect(paperSchema.safeParse(merged).success).toBe(true);
      }),
    );
  });

  test('changes nothing when the same answer comes again', () => {
    fc.assert(
      fc.property(fc.array(anyFacts, { minLength: 1, maxLength: 4 }), (answers) => {
        const merged = mergeAll(answers);
        const last = answers.at(-1);
        if (!merged || !last) throw new Error('there is an answer');

        expect(mergePaper(merged, last, addMs(T0, 9 * MS_PER_HOUR))).toBe(merged);
        expect(
          mergePaper(
            merged,
            { source: 'hf-daily', id: last.id, title: last.title },
            addMs(T0, 9 * MS_PER_HOUR),
          ),
        ).toBe(merged);
      }),
    );
  });

  test('gives the same facts in any order of two partial answers', () => {
    fc.assert(
      fc.property(anyFacts, fc.subarray(Object.keys(optional)), (facts, inFirst) => {
        const keep = (isKept: (key: string) => boolean) =>
          Object.fromEntries(
            Object.entries(facts).filter(([key]) => !(key in optional) || isKept(key)),
          ) as PaperFacts;
        const older = keep((key) => inFirst.includes(key));
        const newer = keep((key) => !inFirst.includes(key));

        const inOrder = mergePaper(mergePaper(undefined, older, T0), newer, T1);
        const late = mergePaper(mergePaper(undefined, newer, T1), older, T0);

        expect(factsOf(late)).toEqual(factsOf(inOrder));
      }),
    );
  });
});

test('a paper stored by an earlier version is readable', () => {
  const stored = {
    pk: 'PAPER#2601.00001',
    sk: 'PAPER',
    contentHash: 'x',
    ...createPaper({ abstract: '', authors: [], authorCount: 0, aiKeywords: [], aiSummary: '', upvotes: 0 }),
  };
  expect(paperSchema.parse(stored)).toMatchObject({ abstract: '', snapshots: [{ upvotes: 0 }] });
});

test('a stored paper is checked when it is read', () => {
  expect(paperSchema.safeParse(createPaper()).success).toBe(true);
  expect(paperSchema.safeParse({ ...createPaper(), upvotes: -1 }).success).toBe(false);
  expect(paperSchema.safeParse({ ...createPaper(), repositoryUrl: 'javascript:alert(1)' }).success).toBe(
    false,
  );
});
