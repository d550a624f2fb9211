import { readFileSync } from 'node:fs';
import { parentPort, workerData } from 'node:worker_threads';
import { parseQuery } from '../../shared/matching/query/parse-query.ts';
import { parseQueryCached } from '../../shared/matching/query/parse-query-cached.ts';
import type { QueryNode } from '../../shared/matching/query/query.ts';
import { createRandom } from '../../test/simulation/seeded-random.ts';
import { createQueryStream, createZipfPicker } from './query-stream.ts';
import { LIST, openRecordedWindow, readRecordedDays } from './recorded-days.ts';

/** What one thread does: its share of the queries. */
export interface MatchTask {
  readonly kind: 'distinct' | 'repeated';
  readonly folder: string;
  readonly papers: number;
  readonly queries: number;
  /** How many different queries the repeated ones are. */
  readonly pool: number;
  /** The number of this thread, and how many there are. */
  readonly thread: number;
  readonly threads: number;
}

export interface MatchResult {
  readonly queries: number;
  readonly matches: number;
  readonly parseMs: number;
  readonly matchMs: number;
  /** The CPU time of this thread for both. Undefined if the system does not report it. */
  readonly cpu: { readonly parseMs: number; readonly matchMs: number } | undefined;
  /** The time of each query of a sample, in ascending order. */
  readonly sampleMicros: Float64Array;
}

/** How many queries are parsed and then evaluated at a time. All at once would fill the memory. */
const CHUNK = 10_000;
const SAMPLE = 20_000;

/** The CPU time of this thread. Linux reports it in nanoseconds. */
function readCpuMs(): number {
  try {
    return Number(readFileSync('/proc/thread-self/schedstat', 'utf8').split(' ')[0]) / 1e6;
  } catch {
    return Number.NaN;
  }
}

/** Parses and evaluates the queries of a task. */
async function run(task: MatchTask): Promise<MatchResult> {
  const days = await readRecordedDays(task.folder, task.papers);
  const window = openRecordedWindow(days);
  const papers = days.flatMap((day) => day.papers);
  const next = task.kind === 'distinct' ? distinctQueries(task, papers) : repeatedQueries(task, papers);
  const parse = task.kind === 'distinct' ? parseQuery : parseQueryCached;
  const count = (query: QueryNode) => window.select({ query, lists: [LIST], limit: 0 }).total;

  const share = Math.floor(task.queries / task.threads);
  const sampleMicros: number[] = [];
  const spent = { matches: 0, parseMs: 0, matchMs: 0, parseCpuMs: 0, matchCpuMs: 0 };
  for (let done = 0; done < share; done += CHUNK) {
    const texts = Array.from({ length: Math.min(CHUNK, share - done) }, next);
    const [startMs, startCpuMs] = [performance.now(), readCpuMs()];
    const nodes = texts.map(parse);
    const [parsedMs, parsedCpuMs] = [performance.now(), readCpuMs()];
    for (const node of nodes) spent.matches += count(node);
    spent.parseMs += parsedMs - startMs;
    spent.matchMs += performance.now() - parsedMs;
    spent.parseCpuMs += parsedCpuMs - startCpuMs;
    spent.matchCpuMs += readCpuMs() - parsedCpuMs;
  }
  // Reading the clock takes time too, so single queries are timed apart.
  for (const node of Array.from({ length: SAMPLE }, next).map(parse)) {
    const startMs = performance.now();
    count(node);
    sampleMicros.push((performance.now() - startMs) * 1000);
  }
  return {
    queries: share,
    matches: spent.matches,
    parseMs: spent.parseMs,
    matchMs: spent.matchMs,
    cpu: Number.isNaN(spent.matchCpuMs)
      ? undefined
      : { parseMs: spent.parseCpuMs, matchMs: spent.matchCpuMs },
    sampleMicros: Float64Array.from(sampleMicros).sort(),
  };
}

/** Every query once, over all threads: each takes its own queries from the same stream. */
function distinctQueries({ thread, threads }: MatchTask, papers: Parameters<typeof createQueryStream>[0]) {
  const stream = createQueryStream(papers, 1);
  const seen = new Set<string>();
  let drawn = 0;
  return () => {
    for (;;) {
      const query = stream();
      if (seen.has(query)) continue;
      seen.add(query);
      drawn += 1;
      if (drawn % threads === thread) return query;
    }
  };
}

/** Some queries again and again. A few are much more popular than the others. */
function repeatedQueries({ thread, pool }: MatchTask, papers: Parameters<typeof createQueryStream>[0]) {
  const stream = createQueryStream(papers, 1);
  const queries = new Set<string>();
  while (queries.size < pool) queries.add(stream());
  const known = [...queries];
  const pick = createZipfPicker(known.length, createRandom(2 + thread));
  return () => known[pick()] ?? '';
}

parentPort?.postMessage(await run(workerData));
