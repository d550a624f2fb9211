import { readFileSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import { FACT_SOURCES, OTHER_FEED } from '../../../../shared/domain/papers/fact-sources.ts';
import { isWorthSaving, mergePaper } from '../../../../shared/domain/papers/merge-paper.ts';
import {
  MAX_VOTE_COUNTS,
  type Paper,
  type PaperFacts,
  paperFactsSchema,
  paperSchema,
} from '../../../../shared/domain/papers/paper.ts';
import { addMs, MS_PER_HOUR, toInstant } from '../../../../shared/domain/time/time.ts';
import { createFacts, createPaper } from '../../../factories/papers.ts';
import { fc } from '../../../fast-check.ts';

const T0 = '2026-01-05T08:00:00.000Z';
const T1 = '2026-01-05T09:00:00.000Z';
const T2 = '2026-01-05T10:00:00.000Z';
const T3 = '2026-01-05T11:00:00.000Z';
const NAMED = { source: 'hf-daily', id: '2601.00001', title: 'Small Models That Ask for Help' } as const;

/** An answer, and when it came. */
interface Answer {
  readonly facts: PaperFacts;
  readonly at: string;
}

function mergeAll(answers: readonly Answer[]): Paper {
  const merged = answers.reduce<Paper | undefined>(
    (paper, { facts, at }) => mergePaper(paper, facts, at),
    undefined,
  );
  if (!merged) throw new Error('there is an answer');
  return merged;
}

describe('merging the facts of one source', () => {
  test('starts a paper with its first vote count', () => {
    const paper = mergePaper(undefined, createFacts({ upvotes: 4, comments: 1 }), T0);

    expect(paper).toMatchObject({ firstSeenAt: T0, voteCounts: [{ at: T0, upvotes: 4, comments: 1 }] });
  });

  test('is not worth a write if the answer only confirms what is known', () => {
    const stored = mergePaper(undefined, createFacts(), T0);

    expect(isWorthSaving(stored, mergePaper(stored, createFacts(), T1))).toBe(false);
    expect(isWorthSaving(stored, mergePaper(stored, NAMED, T1))).toBe(false);
    expect(isWorthSaving(stored, mergePaper(stored, createFacts({ upvotes: 0 }), T1))).toBe(true);
    expect(isWorthSaving(stored, mergePaper(stored, createFacts({ source: 'arxiv' }), T1))).toBe(true);
  });

  test('does not depend on the order of stored fields', () => {
    const first = mergeAll([
      { facts: createFacts(), at: T0 },
      { facts: createFacts({ source: 'arxiv' }), at: T0 },
    ]);
    const reversed = <Stored extends object>(stored: Stored) =>
      Object.fromEntries(Object.entries(stored).toReversed()) as Stored;
    const stored = { ...reversed(first), ...(first.seen && { seen: reversed(first.seen) }) };

    const merged = mergePaper(stored, createFacts(), T1);

    expect([isWorthSaving(stored, merged), merged.textChangedAt]).toEqual([false, undefined]);
    expect(isWorthSaving(first, merged)).toBe(false);
  });

  test('is worth a write if another source confirms it, or is now the source of a fact', () => {
    const listed = mergePaper(undefined, createFacts(), T0);
    const named = mergePaper(listed, createFacts({ source: 'feed' }), T1);
    expect(isWorthSaving(listed, named)).toBe(true);

    const { title, abstract } = createFacts();
    const announced = mergePaper(listed, { ...NAMED, source: 'arxiv', title }, T1);
    const described = mergePaper(announced, { ...NAMED, source: 'arxiv', title, abstract }, T2);
    expect(described.abstract).toBe(listed.abstract);
    expect(isWorthSaving(announced, described)).toBe(true);
  });

  test('is worth a write if a source named the paper earlier than known', () => {
    const stored = mergeAll([
      { facts: createFacts(), at: T0 },
      { facts: createFacts({ source: 'feed' }), at: T2 },
    ]);

    expect(isWorthSaving(stored, mergePaper(stored, createFacts({ source: 'feed' }), T1))).toBe(true);
  });

  test('keeps when a source first and last named the paper, in any order', () => {
    const paper = mergeAll([T1, T3, T0, T2].map((at) => ({ facts: createFacts(), at })));

    expect(paper.seen).toEqual({ 'hf-daily': { firstAt: T0, lastAt: T3 } });
    expect([paper.origins, paper.firstSeenAt]).toEqual([undefined, T0]);
  });

  test('takes the later of two answers of the same time', () => {
    const paper = mergeAll(['First', 'Second'].map((title) => ({ facts: createFacts({ title }), at: T0 })));

    expect(paper.title).toBe('Second');
  });

  test('takes the earliest day of a list as the date of a paper without one, in any order', () => {
    const days = ['2026-01-05', '2026-01-04', '2026-01-06'];

    const paper = mergeAll(days.map((listedOn) => ({ facts: { ...NAMED, listedOn }, at: T0 })));

    expect(paper.publishedAt).toBe('2026-01-04T00:00:00.000Z');
  });

  test.each([
    ['votes', { voteCounts: [{ at: T2, upvotes: 4, comments: 0 }] }],
    ['text', { textChangedAt: T2 }],
    ['text after its votes', { textChangedAt: T2, voteCounts: [{ at: T0, upvotes: 4, comments: 0 }] }],
    ['votes after its text', { textChangedAt: T0, voteCounts: [{ at: T2, upvotes: 4, comments: 0 }] }],
  ])('knows a paper of an earlier release since the last change of its %s', (_, changed) => {
    const stored = createPaper({ firstSeenAt: T0, voteCounts: [], ...changed });
    const renamed = createFacts({ title: 'Another Title' });

    expect(mergePaper(stored, renamed, T1).title).toBe(stored.title);
    expect(mergePaper(stored, renamed, T3).title).toBe('Another Title');
  });

  test('replaces a fact of a source that is no longer allowed, even by an older answer', () => {
    const stored = createPaper({
      upvotes: 99,
      firstSeenAt: T0,
      seen: { feed: { firstAt: T0, lastAt: T2 } },
      origins: { upvotes: { source: 'feed', at: T2 } },
    });

    expect(mergePaper(stored, createFacts({ upvotes: 4 }), T1).upvotes).toBe(4);
  });

  test('is not worth a write for a paper of an earlier release either', () => {
    const stored = createPaper();

    expect(isWorthSaving(stored, mergePaper(stored, createFacts(), T1))).toBe(false);
  });

  test('adds a vote count when votes fall, too', () => {
    const stored = mergePaper(undefined, createFacts({ upvotes: 9 }), T0);

    const merged = mergePaper(stored, createFacts({ upvotes: 8 }), T1);

    expect(merged.upvotes).toBe(8);
    expect(merged.voteCounts.map(({ upvotes }) => upvotes)).toEqual([9, 8]);
  });

  test('adds no vote count when only other facts changed', () => {
    const stored = mergePaper(undefined, createFacts(), T0);

    const merged = mergePaper(stored, createFacts({ repositoryUrl: 'https://github.com/a/b', stars: 3 }), T1);

    expect(merged).toMatchObject({ repositoryUrl: 'https://github.com/a/b', stars: 3 });
    expect(merged.voteCounts).toEqual(stored.voteCounts);
  });

  test('records when the text changed, and not when the votes did', () => {
    const first = mergePaper(undefined, createFacts({ upvotes: 4 }), T0);
    const voted = mergePaper(first, createFacts({ upvotes: 5, comments: 9, stars: 3 }), T1);
    const summarised = mergePaper(
      voted,
      createFacts({ upvotes: 5, comments: 9, aiSummary: 'One line.' }),
      T2,
    );
    const late = mergePaper(summarised, createFacts({ organisation: 'Example Lab' }), T1);

    expect([first, voted, summarised, late].map(({ textChangedAt }) => textChangedAt)).toEqual([
      ...[undefined, undefined],
      ...[T2, T2],
    ]);
    expect(late.organisation).toBe('Example Lab');
  });

  test('counts zero votes as known', () => {
    const stored = mergePaper(undefined, createFacts({ upvotes: 9, comments: 2 }), T0);

    const merged = mergePaper(stored, createFacts({ upvotes: 0, comments: 0 }), T1);

    expect(merged).toMatchObject({ upvotes: 0, comments: 0 });
    expect(mergePaper(merged, createFacts({ upvotes: 3, comments: 1 }), T0)).toMatchObject({
      upvotes: 0,
      comments: 0,
    });
  });

  test('starts a paper with few facts, and counts its first votes as no growth', () => {
    const first = mergePaper(undefined, { ...NAMED, listedOn: '2026-01-04' }, T0);
    expect(first).toMatchObject({
      id: NAMED.id,
      title: NAMED.title,
      abstract: '',
      authors: [],
      authorCount: 0,
      categories: [],
      publishedAt: '2026-01-04T00:00:00.000Z',
      upvotes: 0,
      comments: 0,
      aiKeywords: [],
      firstSeenAt: T0,
      voteCounts: [],
    });
    expect(paperSchema.parse(first)).toEqual(first);

    const second = mergePaper(first, { ...NAMED, upvotes: 500, listedOn: '2026-01-05' }, T1);
    expect(second).toMatchObject({
      publishedAt: '2026-01-04T00:00:00.000Z',
      voteCounts: [{ at: T1, upvotes: 500, comments: 0 }],
    });

    const publishedAt = '2025-12-30T00:00:00.000Z';
    expect(mergePaper(second, { ...NAMED, publishedAt }, T1)).toMatchObject({ publishedAt });
  });

  test('puts the votes of an answer that comes late into the past', () => {
    const stored = mergePaper(undefined, createFacts({ upvotes: 9 }), T1);

    const late = mergePaper(stored, createFacts({ upvotes: 2, title: 'An Old Title' }), T0);

    expect(late).toMatchObject({ upvotes: 9, title: stored.title, firstSeenAt: T0 });
    expect(late.voteCounts.map(({ at, upvotes }) => [at, upvotes])).toEqual([[T0, 2], [T1, 9]]); // biome-ignore format: pairs
  });

  const voteCountsOf = (answers: readonly Answer[]) =>
    mergeAll(answers).voteCounts.map(({ at, upvotes, comments }) => [at, upvotes, comments]);

  test('adds a vote count when only the comments changed', () => {
    const answers = [
      { facts: createFacts({ upvotes: 4, comments: 1 }), at: T0 },
      { facts: { ...NAMED, comments: 5 }, at: T1 },
    ];

    expect(voteCountsOf(answers)).toEqual([
      [T0, 4, 1],
      [T1, 4, 5],
    ]);
  });

  test.each([
    [undefined, 2],
    [3, 3],
  ])('gives a late answer with %s comments the comments of its time', (said, comments) => {
    const late = { ...NAMED, upvotes: 6, ...(said !== undefined && { comments: said }) };
    const answers = [
      { facts: createFacts({ upvotes: 4, comments: 1 }), at: T0 },
      { facts: createFacts({ upvotes: 5, comments: 2 }), at: T1 },
      { facts: createFacts({ upvotes: 9, comments: 5 }), at: T3 },
      { facts: late, at: T2 },
    ];

    expect(voteCountsOf(answers)).toEqual([
      [T0, 4, 1],
      [T1, 5, 2],
      [T2, 6, comments],
      [T3, 9, 5],
    ]);
  });

  test('puts late votes before comments that came later', () => {
    const answers = [
      { facts: { ...NAMED, upvotes: 4 }, at: T0 },
      { facts: { ...NAMED, comments: 5 }, at: T2 },
      { facts: { ...NAMED, upvotes: 9 }, at: T1 },
    ];

    expect(voteCountsOf(answers)).toEqual([
      [T0, 4, 0],
      [T1, 9, 0],
      [T2, 9, 5],
    ]);
  });

  test('keeps the votes of a paper of an earlier release without vote counts', () => {
    const stored = createPaper({
      upvotes: 4,
      comments: 0,
      voteCounts: [],
      firstSeenAt: T0,
      textChangedAt: T2,
    });

    const { voteCounts } = mergePaper(stored, { ...NAMED, upvotes: 2 }, T1);

    expect(voteCounts.map(({ at, upvotes }) => [at, upvotes])).toEqual([
      [T1, 2],
      [T2, 4],
    ]);
  });

  test('keeps the newest vote counts in order, and always a valid paper', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(500), { minLength: 1, maxLength: 30 }), (votes) => {
        const paper = mergeAll(
          votes.map((upvotes, hour) => ({
            facts: createFacts({ upvotes }),
            at: addMs(T0, hour * MS_PER_HOUR),
          })),
        );

        const changes = votes.filter((vote, position) => position === 0 || vote !== votes[position - 1]);
        expect(paper.voteCounts.map(({ upvotes }) => upvotes)).toEqual(changes.slice(-MAX_VOTE_COUNTS));
        expect(paperSchema.safeParse(paper).success).toBe(true);
      }),
    );
  });
});

describe('merging the facts of several sources', () => {
  test('takes titles from arXiv, votes from Hugging Face, and from a feed what no other source knows', () => {
    const listed = createFacts({ title: 'Title on Hugging Face', organisation: 'Example Lab', upvotes: 4 });
    const announced = createFacts({
      source: 'arxiv',
      title: 'Title on arXiv',
      categories: ['cs.CL'],
      upvotes: 99,
    });
    const syndicated = createFacts({
      source: 'feed',
      title: 'Title in a Feed',
      doi: '10.1000/1',
      comments: 99,
    });

    const paper = mergeAll([
      ...[
        { facts: announced, at: T0 },
        { facts: listed, at: T1 },
        { facts: syndicated, at: T2 },
      ],
    ]);

    expect(paper).toMatchObject({
      title: 'Title on arXiv',
      categories: ['cs.CL'],
      organisation: 'Example Lab',
      doi: '10.1000/1',
      upvotes: 4,
      comments: 2,
      firstSeenAt: T0,
      pickedAt: T1,
    });
    expect(paper.voteCounts).toEqual([{ at: T1, upvotes: 4, comments: 2 }]);
  });

  test('has unknown votes as long as no source with votes names the paper', () => {
    const paper = mergePaper(undefined, createFacts({ source: 'arxiv', upvotes: 7 }), T0);

    expect(paper).toMatchObject({ upvotes: 0, voteCounts: [] });
    expect(paper.pickedAt).toBeUndefined();
  });

  test('keeps the highest version, when it was first seen, and the dates of all', () => {
    const versions = [
      { version: 1, versionAt: '2026-01-02T00:00:00.000Z', at: T0 },
      { version: 3, versionAt: '2026-01-05T00:00:00.000Z', at: T1 },
      { version: 3, at: T2 },
      { version: 2, versionAt: '2026-01-04T00:00:00.000Z', at: T3 },
    ];

    const paper = mergeAll(
      versions.map(({ at, ...said }) => ({ facts: { ...NAMED, source: 'arxiv', ...said }, at })),
    );

    expect(paper).toMatchObject({ version: 3, versionAt: '2026-01-05T00:00:00.000Z', versionSeenAt: T1 });
    expect(paper.earlierVersions).toEqual([
      { version: 1, at: '2026-01-02T00:00:00.000Z' },
      { version: 2, at: '2026-01-04T00:00:00.000Z' },
    ]);
  });

  test('keeps the dates of the last twenty earlier versions', () => {
    const answers = Array.from({ length: 25 }, (_, n) => {
      const versionAt = `2026-01-${String(n + 1).padStart(2, '0')}T00:00:00.000Z`;
      return { facts: { ...NAMED, source: 'arxiv' as const, version: n + 1, versionAt }, at: T0 };
    });

    const { version, earlierVersions = [] } = mergeAll(answers);

    expect([version, earlierVersions.length]).toEqual([25, 20]);
    expect([earlierVersions[0], earlierVersions.at(-1)]).toEqual([
      { version: 5, at: '2026-01-05T00:00:00.000Z' },
      { version: 24, at: '2026-01-24T00:00:00.000Z' },
    ]);
  });

  test.each([
    ['before arXiv', T0, T1, undefined],
    ['at the same moment as arXiv', T0, T0, undefined],
    ['after arXiv', T1, T0, T1],
  ])('says when a paper was picked that Hugging Face named %s', (_, listedAt, announcedAt, pickedAt) => {
    const paper = mergeAll([
      { facts: createFacts(), at: listedAt },
      { facts: createFacts({ source: 'arxiv' }), at: announcedAt },
    ]);

    expect(paper.pickedAt).toBe(pickedAt);
  });

  test('keeps the text of the highest version when an answer about a lower one comes later', () => {
    const text = (version: number) => ({
      ...NAMED,
      source: 'arxiv' as const,
      version,
      title: `Version ${version}`,
    });

    const paper = mergeAll([
      { facts: text(2), at: T0 },
      { facts: { ...text(1), doi: '10.1000/1' }, at: T1 },
    ]);

    expect(paper).toMatchObject({ version: 2, title: 'Version 2', doi: '10.1000/1' });
    expect(mergePaper(paper, text(2), T2)).toMatchObject({ title: 'Version 2' });
    expect(mergePaper(paper, text(3), T2)).toMatchObject({ title: 'Version 3' });
  });

  test.each([
    [T0, T1],
    [T1, T0],
  ])(
    'stores no origin if each fact has the usual one (arXiv at %s, Hugging Face at %s)',
    (arxivAt, listedAt) => {
      const paper = mergeAll([
        { facts: createFacts({ source: 'arxiv', categories: ['cs.CL'], version: 2 }), at: arxivAt },
        { facts: createFacts(), at: listedAt },
      ]);

      expect(paper.seen).toEqual({
        arxiv: { firstAt: arxivAt, lastAt: arxivAt },
        'hf-daily': { firstAt: listedAt, lastAt: listedAt },
      });
      expect(paper.origins).toBeUndefined();
    },
  );

  test('has no vote count of votes that arXiv names', () => {
    const listed = mergeAll([
      { facts: createFacts({ upvotes: 4 }), at: T0 },
      { facts: createFacts({ upvotes: 9 }), at: T2 },
    ]);

    const announced = mergePaper(listed, createFacts({ source: 'arxiv', upvotes: 99 }), T1);

    expect(announced.voteCounts).toEqual(listed.voteCounts);
  });

  test('takes no version from Hugging Face', () => {
    const paper = mergePaper(undefined, createFacts({ version: 7, versionAt: T0 }), T1);

    expect([paper.version, paper.versionAt, paper.versionSeenAt]).toEqual([undefined, undefined, undefined]);
  });

  test('has no news of a version while there is only the first', () => {
    const first = { ...NAMED, source: 'arxiv', version: 1, versionAt: T0 } as const;

    const paper = mergeAll([T1, T2].map((at) => ({ facts: first, at })));

    expect(paper).toMatchObject({ version: 1, versionAt: T0 });
    expect(paper).not.toHaveProperty('versionSeenAt');
    expect(paper).not.toHaveProperty('earlierVersions');
  });

  test('keeps the earliest date of a version', () => {
    const dates = ['2026-01-04T00:00:00.000Z', '2026-01-03T00:00:00.000Z', '2026-01-05T00:00:00.000Z'];

    const paper = mergeAll(
      dates.map((versionAt) => ({ facts: { ...NAMED, source: 'arxiv', version: 2, versionAt }, at: T1 })),
    );

    expect(paper.versionAt).toBe('2026-01-03T00:00:00.000Z');
  });
});

test('the architecture page shows the source of every fact', () => {
  const page = readFileSync('docs/architecture.md', 'utf8');
  for (const [fact, row] of Object.entries(FACT_SOURCES)) {
    const line = page
      .split('\n')
      .find((line) => line.startsWith('|') && line.split('|')[1]?.includes(`\`${fact}\``));
    const named = row.map((source) => (source === '*' ? /^any/ : new RegExp(`^\`${source}\`$`)));
    const shown = line?.split('|')[2]?.split(',') ?? [];
    expect([fact, shown.length]).toEqual([fact, row.length]);
    for (const [rank, source] of named.entries()) expect(shown[rank]?.trim()).toMatch(source);
  }
});

describe('the order in which answers come', () => {
  const name = fc.constantFrom('a', 'b', 'c');
  const instant = fc.constantFrom(...[1, 2, 3].map((day) => toInstant(Date.UTC(2026, 0, day))));
  const count = fc.constantFrom(0, 1, 2);
  const url = fc.constantFrom('https://a.example/', 'https://b.example/');
  /** Every fact that a source may leave out. */
  const optional = {
    abstract: name,
    authors: fc.array(name, { maxLength: 2 }),
    authorCount: count,
    organisation: name,
    categories: fc.array(name, { minLength: 1, maxLength: 2 }),
    publishedAt: instant,
    listedOn: fc.constantFrom('2026-01-04', '2026-01-05'),
    upvotes: count,
    comments: count,
    repositoryUrl: url,
    stars: count,
    projectUrl: url,
    aiSummary: name,
    aiKeywords: fc.array(name, { minLength: 1, maxLength: 2 }),
    version: fc.integer({ min: 1, max: 4 }),
    versionAt: instant,
    licenceUrl: url,
    note: name,
    journalReference: name,
    doi: name,
    pageUrl: url,
  } satisfies Record<Exclude<keyof PaperFacts, 'source' | 'id' | 'title'>, fc.Arbitrary<unknown>>;
  const anyAnswer = (sources: readonly string[]): fc.Arbitrary<Answer> =>
    fc.record({
      facts: fc.record(
        { source: fc.constantFrom(...sources), id: fc.constant(NAMED.id), title: name, ...optional },
        { requiredKeys: ['source', 'id', 'title'] },
      ),
      at: fc.constantFrom(T0, T1, T2, T3),
    });
  const answersOf = (...sources: readonly string[]) =>
    fc.uniqueArray(anyAnswer(sources), {
      minLength: 1,
      maxLength: 7,
      // Answers of several sources may come at the same time.
      selector: ({ facts, at }) => `${facts.source} ${at}`,
    });
  const anyAnswers = answersOf('arxiv', 'hf-daily', 'feed');
  const votesOf = ({ upvotes, comments }: Paper) => ({ upvotes, comments });
  const factsOf = ({ voteCounts, textChangedAt, ...facts }: Paper) => facts;

  test('makes no difference to the facts of several sources, each at several times', () => {
    const inTwoOrders = answersOf('arxiv', 'hf-daily', 'feed', OTHER_FEED).chain((answers) =>
      fc.tuple(
        fc.constant(answers),
        fc.shuffledSubarray(answers, { minLength: answers.length, maxLength: answers.length }),
      ),
    );
    fc.assert(
      fc.property(inTwoOrders, ([answers, shuffled]) => {
        const [paper, other] = [mergeAll(answers), mergeAll(shuffled)];

        expect(factsOf(other)).toEqual(factsOf(paper));
        if (other.voteCounts.length > 0) expect(other.voteCounts.at(-1)).toMatchObject(votesOf(paper));
        expect(paperSchema.parse(other)).toEqual(other);
        expect(answers.every(({ facts }) => paperFactsSchema.safeParse(facts).success)).toBe(true);
      }),
      { numRuns: 400 },
    );
  });

  test('makes no difference to the vote counts, if each answer has other votes', () => {
    const hours = fc.uniqueArray(fc.nat(20), { minLength: 1, maxLength: 12 });
    fc.assert(
      fc.property(hours, (order) => {
        const answers = order.map((hour) => ({
          facts: createFacts({ upvotes: hour }),
          at: addMs(T0, hour * MS_PER_HOUR),
        }));
        const expected = order.sort((a, b) => a - b).slice(-MAX_VOTE_COUNTS);

        expect(mergeAll(answers).voteCounts.map(({ upvotes }) => upvotes)).toEqual(expected);
      }),
    );
  });

  test('takes each fact from the most trusted source that has it: its highest version, and of that the newest answer', () => {
    fc.assert(
      fc.property(anyAnswers, (answers) => {
        const merged: Readonly<Record<string, unknown>> = mergeAll(answers);
        for (const [key, row] of Object.entries(FACT_SOURCES) as [
          keyof typeof optional,
          readonly string[],
        ][]) {
          if (key === 'version' || key === 'versionAt') continue;
          const withFact = answers.filter(({ facts }) => facts[key] !== undefined);
          const best = [...row.slice(0, -1), '*', row.at(-1)].map((source) =>
            withFact.filter(({ facts }) =>
              source === '*' ? !row.includes(facts.source) && row.includes('*') : facts.source === source,
            ),
          );
          const trusted = best.find((some) => some.length > 0);
          if (!trusted) continue;
          const rankOf = ({ facts, at }: Answer) => {
            const version = facts.source === 'arxiv' ? (facts.version ?? 0) : 0;
            return `${version} ${at}`;
          };
          const highest = trusted.map(rankOf).sort().at(-1);
          const newest = trusted
            .filter((answer) => rankOf(answer) === highest)
            .map(({ facts }) => facts[key]);
          expect({
            key,
            newest,
            has: newest.some((value) => JSON.stringify(value) === JSON.stringify(merged[key])),
          }).toMatchObject({ has: true });
        }
      }),
    );
  });

  test('a repeated answer changes nothing', () => {
    fc.assert(
      fc.property(anyAnswers, (answers) => {
        const merged = mergeAll(answers);
        for (const { facts, at } of answers)
          expect(factsOf(mergePaper(merged, facts, at))).toEqual(factsOf(merged));
      }),
    );
  });
});
