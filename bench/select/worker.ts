import { parentPort, workerData } from 'node:worker_threads';
import { parseQueryCached } from '../../shared/matching/query/parse-query-cached.ts';
import { rankPapers } from '../../shared/matching/trending.ts';
import { matchesPlainly, toPlainPaper } from '../../test/shared/matching/naive-evaluator.ts';
import { createRandom } from '../../test/simulation/seeded-random.ts';
import { createQueryStream, createZipfPicker } from '../match/query-stream.ts';
import { LIST, openRecordedWindow, readRecordedDays } from '../match/recorded-days.ts';

/** What one thread does: its share of the subscribers. */
export interface SelectTask {
  readonly folder: string;
  readonly papers: number;
  readonly subscribers: number;
  readonly pool: number;
  /** The selection of every `checkEvery`th subscriber is compared with the naive evaluator. */
  readonly checkEvery: number;
  readonly thread: number;
}

export interface SelectResult {
  readonly selected: number;
  readonly checked: number;
  readonly wrong: number;
}

const LIMIT = 10;

/** Selects the best papers of each subscriber, with reasons, as a digest does. */
async function run({ folder, papers: paperCount, subscribers, pool, checkEvery, thread }: SelectTask) {
  const days = await readRecordedDays(folder, paperCount);
  const papers = days.flatMap((day) => day.papers);
  const ranked = rankPapers(papers).map((paper) => toPlainPaper(paper, [LIST]));
  const window = openRecordedWindow(days);
  const stream = createQueryStream(papers, 1);
  const queries = Array.from({ length: pool }, stream);
  const pick = createZipfPicker(pool, createRandom(2 + thread));

  const result = { selected: 0, checked: 0, wrong: 0 };
  for (let subscriber = 0; subscriber < subscribers; subscriber += 1) {
    const query = parseQueryCached(queries[pick()] ?? '');
    const { matches } = window.select({ query, lists: [LIST], limit: LIMIT });
    result.selected += matches.length;
    if (subscriber % checkEvery > 0) continue;
    const expected = ranked.filter((paper) => matchesPlainly(query, paper)).slice(0, LIMIT);
    result.checked += 1;
    if (matches.map(({ paper }) => paper.id).join() !== expected.map(({ paper }) => paper.id).join())
      result.wrong += 1;
  }
  return result satisfies SelectResult;
}

parentPort?.postMessage(await run(workerData));
