import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import MiniSearch from 'minisearch';
import { tableOf } from '../../infra/markdown-table.ts';
import { addDays } from '../../shared/domain/time/time.ts';
import type { ListedPaper } from '../../shared/matching/search/paper-columns.ts';
import { sealSegment } from '../../shared/snapshots/segment.ts';
import { countPlainly } from '../../test/shared/matching/search/naive-search.ts';
import { bundleWorker } from '../bundle-worker.ts';
import { medianOf, quantileOf } from '../quantile.ts';
import { readRecordedPapers } from '../window/recorded-papers.ts';
import type { EngineResult } from './measure.ts';
import { miniSearchOptions, toDocument } from './minisearch-documents.ts';
import { createQueryMix } from './query-mix.ts';
import { CHECKED_LIST, LAST_DAY, varyPapers } from './varied-papers.ts';

const PAPERS = 50_000;
const QUERIES = 5_000;
/** In the first searches the code is not compiled yet, and no common word is known. They count apart. */
const FIRST_QUERIES = 200;
const CHECKED_QUERIES = 100;
const SEGMENT_PAPERS = 5_000;
/** A run takes a few seconds, and what else the machine does moves its figures by a tenth. A run of the control takes minutes. */
const ENGINE_RUNS = 5;
/** The papers of the last days are in a part for each list and day, as in the API. */
const RECENT_DAYS = 35;

/**
 * Measures searches in a corpus, and MiniSearch with the same papers and queries. Each has a process of its own. Returns
 * whether the engine finds as many papers as the naive evaluator.
 */
export async function runSearchBench(print: (line: string) => void, count = PAPERS): Promise<boolean> {
  const folder = await mkdtemp(join(tmpdir(), 'broadsheet-search-'));
  try {
    const papers = varyPapers(await readRecordedPapers(), count);
    const queries = createQueryMix(papers, QUERIES, 1);
    await writeFile(join(folder, 'queries.json'), JSON.stringify(queries));
    const parts = toParts(papers);
    let storedBytes = 0;
    for (const [nth, part] of parts.entries()) {
      const bytes = sealSegment(part);
      storedBytes += bytes.byteLength;
      await writeFile(join(folder, `${String(nth).padStart(5, '0')}.part`), bytes);
    }
    const miniSearchBytes = await storeMiniSearch(papers, join(folder, 'minisearch.json'));
    const engine: EngineResult[] = [];
    for (let run = 0; run < ENGINE_RUNS; run += 1)
      engine.push(await runProcess('engine', new URL('./engine-process.ts', import.meta.url), folder));
    const control = new URL('./minisearch-process.ts', import.meta.url);
    const miniSearch = [await runProcess('minisearch', control, folder)];

    print(
      `${papers.length.toLocaleString('en')} papers in ${parts.length} parts, ${queries.length.toLocaleString('en')} different searches with 20 hits and facets. The first ${FIRST_QUERIES} count apart. Medians of ${ENGINE_RUNS} runs for Broadsheet, one run of MiniSearch.`,
    );
    print(
      tableOf(
        [
          ...[
            'engine',
            'stored, MB:',
            'load, CPU-ms:',
            'load, ms:',
            'first p50, CPU-ms:',
            'p50, CPU-ms:',
            'p99, CPU-ms:',
            'p99, ms:',
          ],
          ...['live, MB:', 'process, MB:', 'after the queries, MB:', 'papers a query:'],
        ],
        [toRow('Broadsheet', storedBytes, engine), toRow('MiniSearch 7.2.0', miniSearchBytes, miniSearch)],
      ),
    );
    print(
      'MiniSearch has no phrases, and it counts no facets. It wants all words of a query, and never relaxes.',
    );
    print(`Node ${process.versions.node}. Load ${loadavg()[0]?.toFixed(1)} at the end.`);
    return check(print, papers, queries, engine[0]?.checked ?? []);
  } finally {
    await rm(folder, { recursive: true });
  }
}

/** Returns whether the engine finds as many papers of the checked list as the definition says. */
function check(
  print: (line: string) => void,
  papers: readonly ListedPaper[],
  queries: readonly { readonly text: string }[],
  found: EngineResult['checked'],
): boolean {
  const listed = papers.filter(({ listings }) => listings.some(({ list }) => list === CHECKED_LIST));
  const count = countPlainly(listed.map(({ paper }) => paper));
  let compared = 0;
  const wrong = queries.slice(0, CHECKED_QUERIES).filter(({ text }, at) => {
    if (typeof found[at] !== 'number') return false;
    compared += 1;
    return count(text) !== found[at];
  });
  for (const { text } of wrong) print(`wrong: ${text}`);
  print(
    `The naive evaluator finds as many of ${listed.length.toLocaleString('en')} papers for ${compared - wrong.length} of ${compared} queries. ${CHECKED_QUERIES - compared} were relaxed.`,
  );
  return wrong.length === 0 && compared > 0;
}

/** The old papers in segments, the new ones in a part for each list and day. */
function toParts(papers: readonly ListedPaper[]): readonly (readonly ListedPaper[])[] {
  const firstRecent = addDays(LAST_DAY, -RECENT_DAYS);
  const dayOf = ({ listings }: ListedPaper) => listings[0]?.day ?? '';
  const old = papers.filter((paper) => dayOf(paper) < firstRecent);
  const segments: ListedPaper[][] = [];
  for (let at = 0; at < old.length; at += SEGMENT_PAPERS) segments.push(old.slice(at, at + SEGMENT_PAPERS));
  const recent = new Map<string, ListedPaper[]>();
  for (const paper of papers.slice(old.length)) {
    const key = `${dayOf(paper)} ${paper.listings[0]?.list}`;
    recent.set(key, [...(recent.get(key) ?? []), paper]);
  }
  return [...segments, ...recent.values()];
}

async function storeMiniSearch(papers: readonly ListedPaper[], file: string): Promise<number> {
  const index = new MiniSearch(miniSearchOptions);
  index.addAll(papers.map(toDocument));
  const json = JSON.stringify(index);
  await writeFile(file, json);
  return Buffer.byteLength(json);
}

const execute = promisify(execFile);

async function runProcess(name: string, entry: URL, folder: string): Promise<EngineResult> {
  const file = await bundleWorker(entry, folder);
  await execute(process.execPath, [file, folder, String(CHECKED_QUERIES)]);
  return JSON.parse(await readFile(join(folder, `${name}.result.json`), 'utf8'));
}

/** Returns the medians of the runs. */
function toRow(name: string, storedBytes: number, results: readonly EngineResult[]): readonly string[] {
  const median = (of: (result: EngineResult) => number) => medianOf(results.map(of));
  const millis = (of: (result: EngineResult) => readonly number[], share: number) =>
    (median((result) => quantileOf(of(result), share)) / 1000).toFixed(2);
  const megabytes = (bytes: number) => (bytes / 1e6).toFixed(0);
  const cpu = ({ cpuMicros }: EngineResult) => cpuMicros.slice(FIRST_QUERIES);
  const wall = ({ wallMicros }: EngineResult) => wallMicros.slice(FIRST_QUERIES);
  const totals = results[0]?.totals ?? [];
  return [
    ...[name, megabytes(storedBytes)],
    ...[median(({ loadCpuMs }) => loadCpuMs).toFixed(0), median(({ loadWallMs }) => loadWallMs).toFixed(0)],
    millis(({ cpuMicros }) => cpuMicros.slice(0, FIRST_QUERIES), 0.5),
    ...[millis(cpu, 0.5), millis(cpu, 0.99), millis(wall, 0.99)],
    megabytes(median(({ loaded }) => loaded.live)),
    megabytes(median(({ loaded }) => loaded.rss)),
    megabytes(median(({ used }) => used.rss)),
    (totals.reduce((sum, total) => sum + total, 0) / totals.length).toFixed(0),
  ];
}
