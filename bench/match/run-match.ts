import { loadavg } from 'node:os';
import { tableOf } from '../../infra/markdown-table.ts';
import { buildDayIndex } from '../../shared/matching/index/day-index.ts';
import { parseQuery } from '../../shared/matching/query/parse-query.ts';
import { medianOf, quantileOf } from '../quantile.ts';
import { type ControlResult, runMiniSearch, runNaively } from './controls.ts';
import { createQueryStream } from './query-stream.ts';
import { DEFAULT_FOLDER, LIST, openRecordedWindow, readRecordedDays } from './recorded-days.ts';
import { runThreads } from './run-threads.ts';
import type { MatchResult, MatchTask } from './worker.ts';

const PAPERS = 1_000;
const QUERIES = 1_000_000;
const POOL = 50_000;
const THREADS = 2;
const NAIVE_SAMPLE = 200;
const MINISEARCH_SAMPLE = 5_000;

/**
 * Measures how many pairs of query and paper are evaluated in a second, with controls. Returns whether the engine finds as many papers
 * as the naive evaluator.
 */
export async function runMatch(print: (line: string) => void, folder = DEFAULT_FOLDER): Promise<boolean> {
  const days = await readRecordedDays(folder, PAPERS);
  const papers = days.flatMap((day) => day.papers);
  const stream = createQueryStream(papers, 1);
  const sample = Array.from({ length: MINISEARCH_SAMPLE }, stream);
  const naive = runNaively(papers, sample.slice(0, NAIVE_SAMPLE));
  const miniSearch = runMiniSearch(papers, sample);
  const window = openRecordedWindow(days);
  const found = sample
    .slice(0, NAIVE_SAMPLE)
    .reduce(
      (sum, text) => sum + window.select({ query: parseQuery(text), lists: [LIST], limit: 0 }).total,
      0,
    );

  const rows: (readonly string[])[] = [];
  for (const kind of ['distinct', 'repeated'] as const) {
    const task = { kind, folder, papers: PAPERS, queries: QUERIES, pool: POOL, threads: THREADS };
    const tasks = Array.from({ length: THREADS }, (_, thread): MatchTask => ({ ...task, thread }));
    const results = await runThreads<MatchTask, MatchResult>(new URL('./worker.ts', import.meta.url), tasks);
    rows.push(toRow(kind, results));
  }
  print(
    tableOf(
      [
        'queries',
        'number:',
        'M evaluations/s, 2 threads:',
        'per CPU-second:',
        'with parsing, per CPU-second:',
        'parsing, CPU-µs a query:',
        'p50, µs:',
        'p99, µs:',
        'matches a query:',
      ],
      [...rows, ...[naive, miniSearch].map(toControlRow)],
    ),
  );
  const bytes = days
    .map((day) => buildDayIndex(day.papers))
    .flatMap((index) => [
      index.terms.length,
      index.words.byteLength,
      index.termEnds.byteLength,
      index.paperEnds.byteLength,
    ])
    .reduce((sum, one) => sum + one, 0);
  print(
    `${PAPERS.toLocaleString('en')} papers in ${days.length} days. Their indexes take ${(bytes / 1e6).toFixed(1)} MB.`,
  );
  print(
    `"distinct": every query once. "repeated": ${POOL.toLocaleString('en')} queries, the popular ones often.`,
  );
  print('The controls have one thread. MiniSearch has no phrases, so it finds more papers.');
  print(
    `${(process.resourceUsage().maxRSS / 1024).toFixed(0)} MB of memory at most, with queries and controls. Load ${loadavg()[0]?.toFixed(1)} at the end.`,
  );
  print(
    `The engine and the naive evaluator find ${found} and ${naive.matches} matches of ${NAIVE_SAMPLE} queries.`,
  );
  return found === naive.matches;
}

function toRow(kind: string, results: readonly MatchResult[]): readonly string[] {
  const sum = (toNumber: (result: MatchResult) => number) =>
    results.reduce((total, result) => total + toNumber(result), 0);
  const queries = sum((result) => result.queries);
  const wallMs = Math.max(...results.map((result) => result.matchMs));
  const matchMs = sum(({ cpu, matchMs }) => cpu?.matchMs ?? matchMs);
  const parseMs = sum(({ cpu, parseMs }) => cpu?.parseMs ?? parseMs);
  const micros = results.flatMap(({ sampleMicros }) => [...sampleMicros]);
  return [
    kind,
    queries.toLocaleString('en'),
    toMillions(queries, wallMs),
    toMillions(queries, matchMs),
    toMillions(queries, matchMs + parseMs),
    ((parseMs * 1000) / queries).toFixed(1),
    medianOf(micros).toFixed(1),
    quantileOf(micros, 0.99).toFixed(1),
    (sum((result) => result.matches) / queries).toFixed(1),
  ];
}

function toControlRow({ name, queries, matches, cpuMs }: ControlResult): readonly string[] {
  const rate = toMillions(queries, cpuMs);
  return [name, queries.toLocaleString('en'), '', rate, '', '', '', '', (matches / queries).toFixed(1)];
}

/** Returns how many millions of pairs were evaluated in a second. */
function toMillions(queries: number, ms: number): string {
  return ((queries * PAPERS) / ms / 1000).toLocaleString('en', { maximumSignificantDigits: 3 });
}
