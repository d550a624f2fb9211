import { build } from 'esbuild';
import * as inflection from 'inflection';
import pluralize from 'pluralize';
import { stemmer } from 'stemmer';
import { tableOf } from '../../infra/markdown-table.ts';
import { toReadableTex } from '../../shared/domain/text/readable-tex.ts';
import { analyse } from '../../shared/matching/text/analyser.ts';
import { toSingular } from '../../shared/matching/text/singular.ts';
import { findMerged, findPlurals, judgePair, type Pair } from './judge-pair.ts';
import { readCranfield, readPapers, readWords } from './recorded-words.ts';

interface Candidate {
  readonly name: string;
  /** The module whose size in a bundle is measured. */
  readonly module: string;
  readonly stem: (word: string) => string;
}

const candidates: readonly Candidate[] = [
  { name: 'ours', module: './shared/matching/text/singular.ts', stem: toSingular },
  { name: 'S-stemmer', module: '', stem: harman },
  { name: 'pluralize', module: 'pluralize', stem: pluralize.singular },
  { name: 'inflection', module: 'inflection', stem: inflection.singularize },
  { name: 'stemmer (Porter)', module: 'stemmer', stem: stemmer },
];

/** How many examples of each kind are listed, the most frequent first. */
const MAX_LISTED = 60;

/**
 * Counts which words of recorded papers each stemmer merges: the plurals that it finds and misses, and the pairs of different words. The
 * folder holds recordings in `hf`, `arxiv` and `cranfield`. Our rules were written for the first two, so the last is a check.
 * Returns whether ours merges no two different words.
 */
export async function runStems(
  print: (line: string) => void,
  folder = '../shared/recordings',
): Promise<boolean> {
  const papers = await readPapers(folder);
  if (papers.length === 0) throw new Error(`${folder} has no recorded papers in hf or arxiv`);
  const heldOut = await readCranfield(folder);
  const isPrecise = [await compare(print, `${papers.length} papers of Hugging Face and arXiv`, papers)];
  if (heldOut) isPrecise.push(await compare(print, '1,400 abstracts of Cranfield, a check', [heldOut]));
  printAnalyser(print, papers);
  return isPrecise.every(Boolean);
}

/** Prints what each stemmer does with the words of the texts. Returns whether ours merges no two different words. */
async function compare(print: (line: string) => void, name: string, texts: readonly string[]) {
  const running = texts.flatMap((text) => readWords(text));
  const counts = new Map<string, number>();
  for (const word of running) counts.set(word, (counts.get(word) ?? 0) + 1);
  const plurals = findPlurals(new Set(counts.keys()));
  const results = candidates.map((candidate) => ({
    candidate,
    ...judge(candidate, [...counts.keys()], plurals),
    micros: timeOf(candidate.stem, running, 3),
  }));

  print(`\n${name}: ${counts.size} words, ${plurals.length} plurals with their singular\n`);
  const rows = await Promise.all(
    results.map(async ({ candidate, missed, wrong, micros }) => [
      candidate.name,
      String(plurals.length - missed.length),
      String(missed.length),
      String(wrong.length),
      micros.toFixed(2),
      candidate.module ? ((await sizeOf(candidate.module)) / 1_000).toFixed(1) : '',
    ]),
  );
  const heads = ['Plurals found:', 'Missed:', 'Different words merged:', 'µs a word:', 'KB in a bundle:'];
  print(tableOf(['Stemmer', ...heads], rows));
  const frequencyOf = (pair: Pair) => Math.min(...pair.map((word) => counts.get(word) ?? 0));
  const list = (pairs: readonly Pair[]) => {
    const sorted = pairs.toSorted((a, b) => frequencyOf(b) - frequencyOf(a));
    const shown = sorted.slice(0, MAX_LISTED).map((pair) => pair.join('/'));
    return `${shown.join(', ')}${pairs.length > MAX_LISTED ? ` and ${pairs.length - MAX_LISTED} more` : ''}`;
  };
  for (const { candidate, missed, wrong } of results) {
    if (missed.length > 0) print(`\n${candidate.name} misses ${list(missed)}`);
    if (wrong.length > 0) print(`\n${candidate.name} merges ${list(wrong)}`);
  }
  return results[0]?.wrong.length === 0;
}

function judge({ stem }: Candidate, words: readonly string[], plurals: readonly Pair[]) {
  const merged = findMerged(words, stem);
  return {
    wrong: merged.filter((pair) => judgePair(pair) === false),
    missed: plurals.filter(([singular, plural]) => stem(singular) !== stem(plural)),
  };
}

/** Prints how long it takes to find the words of a paper, beside ways to do it without folding and stems. */
function printAnalyser(print: (line: string) => void, papers: readonly string[]): void {
  const ways: readonly (readonly [string, (text: string) => unknown])[] = [
    ['lower case, split at what is no letter or digit', (text) => text.toLowerCase().split(/[^a-z0-9]+/)],
    [
      'TeX read, then the same',
      (text) =>
        toReadableTex(text)
          .toLowerCase()
          .split(/[^a-z0-9]+/),
    ],
    ['the analyser', (text) => analyse(text)],
    ['TeX read, then the analyser', (text) => analyse(toReadableTex(text))],
  ];
  print('\nTitle, abstract and keywords of a paper\n');
  const rows = ways.map(([name, run]) => [name, timeOf(run, papers, 6).toFixed(0)]);
  print(tableOf(['Way', 'µs a paper:'], rows));
}

/** Returns the microseconds of CPU time for one text, in the fastest round. */
function timeOf(run: (text: string) => unknown, texts: readonly string[], rounds: number): number {
  const times = Array.from({ length: rounds }, () => {
    const before = process.cpuUsage();
    for (const text of texts) run(text);
    const { user, system } = process.cpuUsage(before);
    return (user + system) / texts.length;
  });
  return Math.min(...times);
}

/** The stemmer for plurals of Harman, "How effective is suffixing?", 1991. */
function harman(word: string): string {
  if (word.length > 3 && /(?<![ae])ies$/.test(word)) return `${word.slice(0, -3)}y`;
  if (word.length > 3 && /(?<![aeo])es$/.test(word)) return word.slice(0, -1);
  return word.length > 2 && /[^us]s$/.test(word) ? word.slice(0, -1) : word;
}

async function sizeOf(module: string): Promise<number> {
  const { outputFiles } = await build({
    stdin: { contents: `export * from '${module}'`, resolveDir: process.cwd() },
    bundle: true,
    minify: true,
    write: false,
    format: 'esm',
    platform: 'node',
  });
  return outputFiles.reduce((sum, { contents }) => sum + contents.length, 0);
}
