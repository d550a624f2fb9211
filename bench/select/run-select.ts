import { loadavg } from 'node:os';
import { tableOf } from '../../infra/markdown-table.ts';
import { DEFAULT_FOLDER } from '../match/recorded-days.ts';
import { runThreads } from '../match/run-threads.ts';
import type { SelectResult, SelectTask } from './worker.ts';

const SUBSCRIBERS = 1_000_000;
const PAPERS = 300;
const POOL = 100_000;
const THREADS = 2;
const CHECK_EVERY = 5_000;

/**
 * Selects the best ten of 300 papers for each of a million subscribers. Returns whether every one that was compared with the naive
 * evaluator is right.
 */
export async function runSelect(print: (line: string) => void, folder = DEFAULT_FOLDER): Promise<boolean> {
  const startMs = performance.now();
  const before = process.cpuUsage();
  const tasks = Array.from({ length: THREADS }, (_, thread) => ({
    folder,
    papers: PAPERS,
    pool: POOL,
    checkEvery: CHECK_EVERY,
    thread,
    subscribers: SUBSCRIBERS / THREADS,
  }));
  const results = await runThreads<SelectTask, SelectResult>(new URL('./worker.ts', import.meta.url), tasks);
  const { user, system } = process.cpuUsage(before);
  const sum = (toNumber: (result: SelectResult) => number) =>
    results.reduce((total, result) => total + toNumber(result), 0);
  const wrong = sum((result) => result.wrong);
  print(
    tableOf(
      ['', 'measured:', 'aim:'],
      [
        ['subscribers', SUBSCRIBERS.toLocaleString('en'), ''],
        ['papers', PAPERS.toLocaleString('en'), ''],
        ['papers selected for a subscriber', (sum((result) => result.selected) / SUBSCRIBERS).toFixed(1), ''],
        ['seconds, 2 threads', ((performance.now() - startMs) / 1000).toFixed(1), '60'],
        ['CPU-seconds, of all threads', ((user + system) / 1e6).toFixed(1), '120'],
        ['MB of memory at most', (process.resourceUsage().maxRSS / 1024).toFixed(0), '2048'],
        ['compared with the naive evaluator', sum((result) => result.checked).toLocaleString('en'), ''],
        ['of these wrong', wrong.toLocaleString('en'), '0'],
      ],
    ),
  );
  print(
    `Each subscriber has one of ${POOL.toLocaleString('en')} queries, and a few queries have many subscribers. Parsing, reasons and the comparison count. Load ${loadavg()[0]?.toFixed(1)} at the end.`,
  );
  return wrong === 0;
}
