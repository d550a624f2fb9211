import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { measure, printEvaluation, splitByMonth } from '../../bench/trending/evaluate.ts';
import { bootstrapInterval, ndcg } from '../../bench/trending/measure.ts';
import { ORDERS } from '../../bench/trending/orders.ts';
import { readRecordings } from '../../bench/trending/recorded-days.ts';
import { makeHfItem } from '../factories/hf-item.ts';
import { createRandom } from '../simulation/seeded-random.ts';

let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'recordings-'));
});

afterEach(() => rm(folder, { recursive: true }));

const idOf = (n: number) => `2601.${String(n).padStart(5, '0')}`;

/** Writes an answer with papers of these votes. */
async function record(name: string, votes: readonly number[], submittedAt = '2026-01-05T03:00:00.000Z') {
  const items = votes.map((upvotes, n) =>
    makeHfItem({ id: idOf(n + 1), upvotes, submittedOnDailyAt: submittedAt }, { numComments: 0 }),
  );
  await writeFile(join(folder, name), JSON.stringify(items));
}

describe('reading recordings', () => {
  test('reads the papers of the first snapshot with the votes of the last one', async () => {
    await record('2026-01-05.at-2026-01-05T0754Z.json', [9, 4, 2]);
    await record('2026-01-05.at-2026-01-06T0201Z.json', [12, 30, 2, 8]);
    await record('2026-01-06.at-2026-01-06T0752Z.json', [1, 2]);

    const { days, problems } = await readRecordings(folder);

    expect(problems).toEqual([]);
    expect(days.map(({ day, lost }) => [day, lost])).toEqual([['2026-01-05', 0]]);
    expect(
      days[0]?.atFirstSight.map(({ paper, finalVotes, listSize }) => [
        paper.id,
        paper.upvotes,
        finalVotes,
        listSize,
      ]),
    ).toEqual([
      [idOf(1), 9, 12, 3],
      [idOf(2), 4, 30, 3],
      [idOf(3), 2, 2, 3],
    ]);
    // Submitted at 03:00, and read at 10, 25, 40 and 55 minutes.
    expect(days[0]?.atFirstSight[0]?.paper.firstSeenAt).toBe('2026-01-05T03:10:00.000Z');
  });

  test('does not know when papers were first seen if the source cuts the time', async () => {
    await record('2026-06-22.at-2026-06-22T0754Z.json', [9], '2026-06-22T00:00:00.000Z');
    await record('2026-06-22.at-2026-06-23T0201Z.json', [12], '2026-06-22T00:00:00.000Z');

    const { days } = await readRecordings(folder);

    expect(days[0]?.atFirstSight[0]?.paper.firstSeenAt).toBe('2026-06-22T07:54:00.000Z');
  });

  test('counts papers that the last snapshot lacks', async () => {
    await record('2026-01-05.at-2026-01-05T0754Z.json', [9, 4, 2]);
    await record('2026-01-05.at-2026-01-06T0201Z.json', [12]);

    const { days } = await readRecordings(folder);

    expect([days[0]?.lost, days[0]?.atFirstSight.length]).toEqual([2, 1]);
  });

  test('leaves out a bad file and names it, and ignores files of other names', async () => {
    await record('2026-01-05.at-2026-01-05T0754Z.json', [9]);
    await record('2026-01-05.at-2026-01-06T0201Z.json', [12]);
    await writeFile(join(folder, '2026-01-05.at-2026-01-05T1200Z.json'), '{"error": "down"}');
    await writeFile(join(folder, '2026-01-05.at-2026-01-05T1300Z.json'), '[{"paper": {"id": "2601.0');
    await writeFile(join(folder, '2026-01-05.at-2026-13-05T1300Z.json'), '[]');
    await writeFile(join(folder, 'README.md'), 'none');

    const { days, problems } = await readRecordings(folder);

    expect(days).toHaveLength(1);
    expect(problems.map((problem) => problem.split(':')[0])).toEqual([
      '2026-01-05.at-2026-01-05T1200Z.json',
      '2026-01-05.at-2026-01-05T1300Z.json',
      '2026-01-05.at-2026-13-05T1300Z.json',
    ]);
  });

  test('draws a history at the reads between two snapshots, as the table would hold it', async () => {
    await record('2026-01-05.at-2026-01-05T0500Z.json', [9]);
    await record('2026-01-05.at-2026-01-06T0201Z.json', [12]);

    const { days } = await readRecordings(folder);
    const [drawn] = days[0]?.atFirstSightDrawn ?? [];

    expect(drawn?.paper.voteCounts).toHaveLength(8);
    expect(drawn?.paper.voteCounts.at(-1)).toEqual({
      at: '2026-01-05T05:00:00.000Z',
      upvotes: 9,
      comments: 0,
    });
    const votes = drawn?.paper.voteCounts.map(({ upvotes }) => upvotes) ?? [];
    expect(votes).toEqual([...votes].sort((a, b) => a - b));
    expect(votes[0]).toBeGreaterThan(0);
  });
});

describe('the measures', () => {
  const same = (value: number) => value;

  test('nDCG is 1 for the best order, and what discounted gains say for another', () => {
    expect(ndcg([3, 2, 1], same, same)).toBe(1);
    const worst = (1 + 2 / Math.log2(3) + 3 / 2) / (3 + 2 / Math.log2(3) + 1 / 2);
    expect(ndcg([3, 2, 1], (value) => -value, same)).toBeCloseTo(worst, 12);
    expect(ndcg([0, 0], same, same)).toBeUndefined();
  });

  test('nDCG looks at the first five places', () => {
    const values = [9, 8, 7, 6, 5, 4, 3];
    expect(ndcg(values, (value) => (value < 5 ? -value : value), same)).toBe(1);
  });

  test('papers with the same score share their places', () => {
    const both = (ndcg([2, 1], same, same) ?? 0) + (ndcg([2, 1], (value) => -value, same) ?? 0);
    expect(ndcg([2, 1], () => 0, same)).toBeCloseTo(both / 2, 12);
  });

  test('the interval of equal values is their value, and the same seed gives the same interval', () => {
    expect(bootstrapInterval([4, 4, 4], createRandom(1))).toEqual({ low: 4, high: 4 });
    const { low, high } = bootstrapInterval([1, 2, 3, 9], createRandom(7));
    expect(low).toBeLessThan(high);
    expect(bootstrapInterval([1, 2, 3, 9], createRandom(7))).toEqual({ low, high });
  });
});

describe('the evaluation', () => {
  test('splits days by month', () => {
    const days = ['2025-05-01', '2025-05-02', '2025-06-01', '2025-07-01'].map((day) => ({ day }));

    expect(splitByMonth(days).heldOut.map(({ day }) => day)).toEqual(['2025-07-01']);
    expect(splitByMonth(days, '2025-06').tuning.map(({ day }) => day)).toEqual(['2025-05-01', '2025-05-02']);
  });

  test('prints every order beside raw votes, for tuning and held-out months apart, and how many days there are', async () => {
    for (const month of ['01', '02']) {
      for (const day of ['05', '06']) {
        const date = `2026-${month}-${day}`;
        await record(`${date}.at-${date}T0800Z.json`, [9, 8, 7, 6, 5, 4], `${date}T03:00:00.000Z`);
        await record(`${date}.at-2026-${month}-07T0200Z.json`, [10, 9, 8, 7, 20, 5], `${date}T03:00:00.000Z`);
      }
    }
    const lines: string[] = [];

    expect(printEvaluation(await readRecordings(folder), undefined, (line) => lines.push(line))).toBe(true);

    const text = lines.join('\n');
    expect(text).toContain('4 days with 24 papers at first sight');
    expect(text).toContain('Tuning months (2026-01), at first sight: 2 days');
    expect(text).toContain('Held-out months (2026-02), at first sight: 2 days');
    for (const { name } of ORDERS) expect(text.split(`| ${name} |`).length).toBeGreaterThan(3);
    expect(text).not.toContain('NaN');
  });

  test('says that there is too little to measure', async () => {
    await record('2026-01-05.at-2026-01-05T0754Z.json', [9, 4, 2]);
    const lines: string[] = [];

    expect(printEvaluation(await readRecordings(folder), undefined, (line) => lines.push(line))).toBe(false);
    expect(lines.join()).toContain('Expected days of two months');
  });

  test('raw votes gain nothing over themselves', async () => {
    await record('2026-01-05.at-2026-01-05T0754Z.json', [9, 4, 2]);
    await record('2026-01-05.at-2026-01-06T0201Z.json', [12, 30, 2]);
    const { days } = await readRecordings(folder);
    const groups = days.map(({ atFirstSight }) => atFirstSight);

    const figure = measure({ scoreOf: ({ paper }) => paper.upvotes }, groups, ({ finalVotes }) => finalVotes);
    expect([figure.gained, figure.groups]).toEqual([0, 1]);
    expect(figure.mean).toBeCloseTo((12 + 30 / Math.log2(3) + 2 / 2) / (30 + 12 / Math.log2(3) + 2 / 2), 12);
  });
});
