import { createHash } from 'node:crypto';
import { describe, expect, test } from '@jest/globals';
import type { Paper } from '../../../shared/domain/papers/paper.ts';
import { buildDayIndex } from '../../../shared/matching/index/day-index.ts';
import { openDay } from '../../../shared/matching/index/open-day.ts';
import { toEnds } from '../../../shared/matching/index/word-codes.ts';
import { SNAPSHOT_FORMAT } from '../../../shared/ports/snapshots.ts';
import { packColumns, pickColumns, unpackColumns } from '../../../shared/snapshots/columns.ts';
import { joinHalves } from '../../../shared/snapshots/list-day.ts';
import { DamagedError, seal, unseal } from '../../../shared/snapshots/sealed.ts';
import {
  hasSameTexts,
  inOrder,
  isSameState,
  sealState,
  toSnapshotState,
  unsealState,
} from '../../../shared/snapshots/snapshot-state.ts';
import { toStoredTerms } from '../../../shared/snapshots/stored-terms.ts';
import { sealTexts, unsealTexts } from '../../../shared/snapshots/texts.ts';
import { createPaper } from '../../factories/papers.ts';
import { fc } from '../../fast-check.ts';

const LIST_DAY = { list: 'hf-daily', day: '2026-01-05' } as const;

const instants = fc
  .date({ min: new Date('2020-01-01'), max: new Date('2030-01-01'), noInvalidDate: true })
  .map((date) => date.toISOString());
const counts = fc.oneof(fc.nat(), fc.constant(2 ** 40));
const texts = fc.oneof(
  fc.string({ unit: 'grapheme', minLength: 1 }),
  fc.constantFrom('Multi-modal diffusion of $x_i$', '扩散模型', 'C++ and C#'),
);
const papersOf: fc.Arbitrary<readonly Paper[]> = fc
  .uniqueArray(fc.integer({ min: 10_000, max: 99_999 }), { maxLength: 12 })
  .chain((numbers) => fc.tuple(...numbers.map((number) => paperOf(`2601.${number}`))));

function paperOf(id: string): fc.Arbitrary<Paper> {
  return fc
    .record(
      {
        title: texts,
        abstract: fc.string({ unit: 'grapheme' }),
        authors: fc.array(texts, { maxLength: 4 }),
        authorCount: fc.nat(),
        organisation: texts,
        categories: fc.array(fc.constantFrom('cs.CL', 'cs.LG', 'stat.ML')),
        publishedAt: instants,
        upvotes: counts,
        comments: counts,
        repositoryUrl: fc.webUrl(),
        stars: counts,
        projectUrl: fc.webUrl(),
        aiSummary: texts,
        aiKeywords: fc.array(texts, { maxLength: 3 }),
        firstSeenAt: instants,
        voteCounts: fc.array(fc.record({ at: instants, upvotes: counts, comments: counts }), {
          maxLength: 8,
        }),
      },
      {
        requiredKeys: [
          ...(['title', 'abstract', 'authors', 'authorCount', 'categories', 'publishedAt'] as const),
          ...(['upvotes', 'comments', 'aiKeywords', 'firstSeenAt', 'voteCounts'] as const),
        ],
      },
    )
    .map((facts) => ({ id, ...facts }));
}

test('the papers of a snapshot are those that it was made of, whatever they are', () => {
  fc.assert(
    fc.property(papersOf, (papers) => {
      const sorted = inOrder(papers);

      const read = joinHalves(
        LIST_DAY,
        unsealTexts(sealTexts(sorted)),
        unsealState(sealState(toSnapshotState(sorted))),
      );

      expect(read.ids).toEqual(sorted.map(({ id }) => id));
      expect(read.papers).toEqual(sorted);
      expect(read.index).toEqual(openDay(buildDayIndex(sorted)));
    }),
    { numRuns: 60 },
  );
});

describe('damage', () => {
  const papers = inOrder([createPaper(), createPaper({ id: '2601.00002', title: 'Another' })]);

  test.each([
    ['the texts', sealTexts(papers), unsealTexts],
    ['the votes', sealState(toSnapshotState(papers)), unsealState],
  ])('of any byte of %s is noticed', (_, sealed, read: (bytes: Uint8Array) => unknown) => {
    for (let at = 0; at < sealed.byteLength; at += 1) {
      for (const bit of [1, 128]) {
        const flipped = Uint8Array.from(sealed);
        flipped[at] = (flipped[at] ?? 0) ^ bit;
        expect(() => read(flipped)).toThrow(DamagedError);
      }
      const missing = Buffer.concat([sealed.subarray(0, at), sealed.subarray(at + 1)]);
      expect(() => read(missing)).toThrow(DamagedError);
      expect(() => read(sealed.subarray(0, at))).toThrow(DamagedError);
    }
    expect(() => read(Buffer.concat([sealed, Buffer.from([0])]))).toThrow(DamagedError);
  });

  test('halves of different papers are noticed', () => {
    const others = inOrder([createPaper({ id: '2601.00009' })]);
    const [mine, theirs] = [unsealTexts(sealTexts(papers)), toSnapshotState(others)];
    expect(() => joinHalves(LIST_DAY, mine, theirs)).toThrow(DamagedError);
  });
});

test('sealed bytes are unsealed as they were, and compressed', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 2_000 }), (content) => {
      expect(unseal(seal(content)).equals(content)).toBe(true);
    }),
  );
  expect(seal(new Uint8Array(10_000)).byteLength).toBeLessThan(100);
});

test('columns are unpacked as they were, wherever their bytes are in memory', () => {
  fc.assert(
    fc.property(
      fc.dictionary(
        fc.string({ minLength: 1 }).filter((name) => name !== '__proto__'),
        fc.oneof(fc.string({ unit: 'grapheme' }), fc.uint8Array(), fc.uint32Array(), fc.float64Array()),
      ),
      fc.nat(7),
      (columns, offset) => {
        const packed = packColumns(columns);
        const moved = new Uint8Array(packed.byteLength + offset).subarray(offset);
        moved.set(packed);
        expect(unpackColumns(moved)).toEqual(columns);
      },
    ),
  );
});

test('a record that lacks a column, or has one of another kind, is damaged', () => {
  const columns = { ids: '2601.00001', words: Uint32Array.of(1) };

  expect(pickColumns({ ...columns, other: '' }, { ids: 'string', words: 'Uint32Array' })).toEqual(columns);
  expect(() => pickColumns(columns, { votes: 'Uint32Array' })).toThrow(DamagedError);
  expect(() => pickColumns(columns, { words: 'Int32Array' })).toThrow(DamagedError);
  expect(() => pickColumns(columns, { words: 'string' })).toThrow(DamagedError);
  expect(() => pickColumns(columns, { ids: 'Uint8Array' })).toThrow(DamagedError);
});

describe('the votes', () => {
  const paper = createPaper();

  test('tell texts apart, in whatever order the table returns the fields', () => {
    const reordered = Object.fromEntries(Object.entries(paper).reverse()) as Paper;
    expect(hasSameTexts(toSnapshotState([paper]), toSnapshotState([reordered]))).toBe(true);
    expect(hasSameTexts(toSnapshotState([paper]), toSnapshotState([{ ...paper, title: 'Another' }]))).toBe(
      false,
    );
    expect(hasSameTexts(toSnapshotState([paper]), toSnapshotState([]))).toBe(false);
  });

  test.each([
    ['upvotes', { upvotes: 99 }],
    ['comments', { comments: 99 }],
    ['stars', { stars: 1 }],
    ['vote counts', { voteCounts: [] }],
  ])('tell %s apart, without a change of the text', (_, change) => {
    const changed = toSnapshotState([{ ...paper, ...change }]);
    expect(isSameState(toSnapshotState([paper]), changed)).toBe(false);
    expect(hasSameTexts(toSnapshotState([paper]), changed)).toBe(true);
  });
});

/** The bytes of a snapshot change with the analyser of words too, and then old snapshots would not match new queries. */
test('the format has a number of its own for these bytes: if this fails, raise SNAPSHOT_FORMAT and take over both', () => {
  const papers = [
    createPaper({
      title: 'Multi-modal GPT-4o beats C++ on k-NN: a study of $\\alpha$',
      organisation: 'Élan',
    }),
    createPaper({ id: '2601.00002', title: '扩散模型', authors: ['He, Kaiming', 'Kaiming He'], stars: 3 }),
  ];
  const { words, paperEnds, ...sorted } = buildDayIndex(papers);
  const { terms, termLengths } = toStoredTerms(sorted);
  const index = JSON.stringify([terms, [...toEnds(termLengths)], [...words], [...paperEnds]]);
  const votes = unseal(sealState(toSnapshotState(papers))).toString();
  const hash = createHash('sha256').update(index).update(votes).digest('hex').slice(0, 16);

  expect({ format: SNAPSHOT_FORMAT, hash }).toEqual({ format: 3, hash: '0e1bc064216d0efe' });
});
