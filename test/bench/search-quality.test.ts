import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { readCollection } from '../../bench/search-quality/cranfield.ts';
import { printCollection } from '../../bench/search-quality/evaluate.ts';
import {
  averagePrecision,
  binaryGain,
  gradedGain,
  ndcgOf,
  precisionOf,
  reciprocalRank,
} from '../../bench/search-quality/measure.ts';
import { toPlainQuery } from '../../bench/search-quality/plain-query.ts';
import { parseQuery } from '../../shared/matching/query/parse-query.ts';
import { printQuery } from '../../shared/matching/query/print-query.ts';
import { fc } from '../fast-check.ts';
import { runs } from '../thorough.ts';

let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'collection-'));
});

afterEach(() => rm(folder, { recursive: true }));

const TEXTS =
  '.I 1\r\n.T\r\nlift of\r\na wing .\r\n.A\r\nlovelace,a. and babbage,c.\r\n.B\r\n1958\r\n.W\r\nthe lift of a thin wing in a slipstream .\r\n' +
  '.I 2\r\n.T\r\nheat in slabs\r\n.W\r\nconduction of heat .\r\n.I 3\r\n.T\r\n\r\n.W\r\n\r\n';

async function write(qrels: string) {
  await writeFile(join(folder, 'cran.all.1400'), TEXTS);
  await writeFile(
    join(folder, 'cran.qry'),
    '.I 001\n.W\nwhat of heat .\n.I 007\n.W\nwhich wing\nhas lift or not .\n',
  );
  await writeFile(join(folder, 'cranqrel'), qrels);
}

test('questions count in the order of their file, whatever their numbers say', async () => {
  await write('1 2 1 \r\n2 1 3\r\n2 1 4\r\n2 2 -1\r\n');

  const { documents, questions } = await readCollection(folder);

  expect(documents).toEqual([
    {
      number: 1,
      title: 'lift of a wing .',
      abstract: 'the lift of a thin wing in a slipstream .',
      authors: ['lovelace,a.', 'babbage,c.'],
    },
    { number: 2, title: 'heat in slabs', abstract: 'conduction of heat .', authors: [] },
    { number: 3, title: '', abstract: '', authors: [] },
  ]);
  expect(questions.map(({ text, grades }) => [text, [...grades]])).toEqual([
    ['what of heat .', [[2, 1]]],
    [
      'which wing has lift or not .',
      [
        [1, 3],
        [2, -1],
      ],
    ],
  ]);
});

test('a collection without judgements is refused', async () => {
  await write('no judgement\n');

  await expect(readCollection(folder)).rejects.toThrow('lines of question, document and grade');
});

test('the table has both engines, and both find what is alone', async () => {
  await write('1 2 1\n2 1 3\n');
  const lines: string[] = [];

  printCollection(await readCollection(folder), (line) => lines.push(line));

  const rows = lines
    .join('\n')
    .split('\n')
    .filter((line) => /Broadsheet|MiniSearch/.test(line));
  expect(rows.map((row) => row.split(' | ').slice(1, 4))).toEqual([
    ['1.000', '0.200', '1.000'],
    ['1.000', '0.200', '1.000'],
  ]);
});

const GRADES = new Map([
  ['a', 1],
  ['b', 4],
  ['c', -1],
]);

test.each([
  ['everything in the best order', ['a', 'b'], 1, 1, 0.4, 1, 1],
  ['the better one second', ['b', 'a'], 1, (1 + 15 / Math.log2(3)) / (15 + 1 / Math.log2(3)), 0.4, 1, 1],
  [
    'a document of no interest first',
    ['c', 'a'],
    1 / Math.log2(3) / (1 + 1 / Math.log2(3)),
    undefined,
    0.2,
    0.25,
    0.5,
  ],
  ['nothing', [], 0, 0, 0, 0, 0],
] as const)('%s', (_name, ranked, binary, graded, precision, average, reciprocal) => {
  expect(ndcgOf<string>(binaryGain, 10)(ranked, GRADES)).toBeCloseTo(binary);
  if (graded !== undefined) expect(ndcgOf<string>(gradedGain, 10)(ranked, GRADES)).toBeCloseTo(graded);
  expect(precisionOf<string>(5)(ranked, GRADES)).toBeCloseTo(precision);
  expect(averagePrecision<string>(ranked, GRADES)).toBeCloseTo(average);
  expect(reciprocalRank<string>(ranked, GRADES)).toBeCloseTo(reciprocal);
});

test('a question without an answer says nothing', () => {
  expect(ndcgOf<string>(binaryGain, 10)(['c'], new Map([['c', -1]]))).toBeUndefined();
});

test.each([
  ['is it faster or not?', 'is it faster "or" "not"'],
  ['what is C++ good for .', 'what is C++ good for'],
  ['vision & language', 'vision language'],
])('the question %s is searched by its words', (text, printed) => {
  expect(printQuery(toPlainQuery(text))).toBe(printed);
});

test('the query of a question means the same when it is printed', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary', maxLength: 60 }), (text) => {
      const printed = printQuery(toPlainQuery(text));
      expect(printQuery(parseQuery(printed))).toBe(printed);
    }),
    { numRuns: runs(60, 5_000) },
  );
});
