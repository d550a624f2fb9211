import { fork } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { tableOf } from '../../infra/markdown-table.ts';
import { memoryMb, processVariables } from '../../infra/memory.ts';
import type { ArxivPaper } from '../../local/arxiv/archive.ts';
import { createArxiv } from '../../local/arxiv/arxiv.ts';
import { startArxivServer } from '../../local/arxiv/server.ts';
import { createManualClock } from '../../local/manual-clock.ts';
import { arxivCalendar } from '../../shared/domain/lists/arxiv-calendar.ts';
import { isListingDay } from '../../shared/domain/lists/list-calendar.ts';
import { addDays, type Day, daysFrom } from '../../shared/domain/time/time.ts';
import { createRandom } from '../../test/simulation/seeded-random.ts';
import { bundleWorker } from '../bundle-worker.ts';
import type { Cost, Task } from './worker.ts';

const WORKER = new URL('./worker.ts', import.meta.url);

/** A Friday at 7:30 in New York. */
const NOW = '2026-11-20T12:30:00.000Z';
const TODAY = '2026-11-20';
/** The last day that was read. The batches after it were missed. */
const LAST_READ = '2026-10-30';
const LISTS = 'arxiv/cs.LG,arxiv/cs.CL';

/** All papers, and those of today. A feed holds at most 2,000 items. */
const RECORDS = 10_000;
const IN_FEED = 1_900;
/** Half of what the function has. The other half is for longer back-fills and larger answers. */
const MAX_MB = memoryMb['ingest-papers'] / 2;
/** The time that a request has before arXiv allows the next one. */
const BUDGET_MS = 3_000;

/**
 * Ingests records of arXiv from a server on this machine: the feed of today, and the batches of the three weeks before by OAI-PMH. Returns
 * whether every record was read, in less than half of the function's memory, and faster than arXiv gives the next request.
 */
export async function runIngest(print: (line: string) => void): Promise<boolean> {
  const clock = createManualClock(NOW);
  const arxiv = createArxiv({ clock, timer: clock, pageSize: 1_000 });
  announce(arxiv.announce, IN_FEED, RECORDS - IN_FEED);
  const server = await startArxivServer(arxiv);
  const folder = await mkdtemp(join(tmpdir(), 'broadsheet-bench-'));
  try {
    const worker = await bundleWorker(WORKER, folder);
    const days = Object.fromEntries(['cs.LG', 'cs.CL'].map((category) => [category, LAST_READ]));
    const task = { url: server.url, now: NOW, lists: LISTS, cursor: JSON.stringify({ days, gaps: [] }) };
    const ours = await startWorker(worker, { ...task, kind: 'ingest', paths: [] });
    const paths = arxiv.requests.map(({ path }) => path);
    let bytes = 0;
    for (const path of paths)
      bytes += (await (await fetch(new URL(path, server.url))).arrayBuffer()).byteLength;
    const controls = {
      'control: fast-xml-parser alone': await startWorker(worker, {
        ...task,
        kind: 'fast-xml-parser',
        paths,
      }),
      'control: saxes alone': await startWorker(worker, { ...task, kind: 'saxes', paths }),
    };
    const rows = Object.entries({ 'ingest, with the tables in memory': ours, ...controls });
    print(
      tableOf(
        ['', 'records:', 'CPU:', 'CPU per record:', 'CPU per request:', 'memory:'],
        rows.map(([what, cost]) => [
          what,
          cost.records.toLocaleString('en'),
          `${(cost.cpuMs / 1_000).toFixed(1)} s`,
          `${(cost.cpuMs / cost.records).toFixed(2)} ms`,
          `${Math.round(cost.cpuMs / paths.length)} ms`,
          `${Math.round(cost.maxMb)} MB`,
        ]),
      ),
    );
    print('');
    print(
      `${paths.length} requests, ${(bytes / 1e6).toFixed(1)} MB. ${ours.runs} runs, which wait ${(ours.waitedMs / 1_000).toFixed(0)} s for their turns at arXiv.`,
    );
    const faults = [
      ...ours.problems,
      ...rows
        .filter(([, { records: found }]) => found !== ours.records)
        .map(([what]) => `${what}: other records`),
      ...(ours.records < RECORDS ? [`only ${ours.records} of ${RECORDS} records`] : []),
      ...(ours.maxMb >= MAX_MB ? [`${Math.round(ours.maxMb)} MB; expected less than ${MAX_MB} MB`] : []),
      ...(ours.cpuMs / paths.length >= BUDGET_MS ? ['slower than arXiv'] : []),
    ];
    print(faults.length === 0 ? 'Every record was read.' : `Wrong:\n  ${faults.join('\n  ')}`);
    return faults.length === 0;
  } finally {
    await server.close();
    await rm(folder, { recursive: true });
  }
}

const WORDS =
  'model training language graph neural policy sampling reward gradient attention sparse kernel bound robust latent token planning memory'.split(
    ' ',
  );

/** Announces papers of today, and as many as wanted on the batch days before, all with both categories. */
function announce(
  to: (day: Day, announcements: { action: 'new'; paper: ArxivPaper }[]) => void,
  today: number,
  before: number,
): void {
  const random = createRandom(1);
  const text = (words: number) =>
    Array.from({ length: words }, () => WORDS[Math.floor(random() * WORDS.length)]).join(' ');
  let serial = 0;
  const create = (day: Day): { action: 'new'; paper: ArxivPaper } => {
    serial += 1;
    return {
      action: 'new',
      paper: {
        id: `2611.${String(serial).padStart(5, '0')}`,
        title: `${text(9)} < ${serial} & more`,
        abstract: text(190),
        authors: Array.from({ length: 6 }, (_, n) => `${text(1)} ${text(1)} ${n}a`),
        // OAI-PMH gives a paper in each of its sets, so the missed papers have one.
        categories: day === TODAY ? ['cs.LG', 'cs.CL'] : ['cs.LG'],
        versions: [`${addDays(day, -1)}T12:00:00.000Z`],
      },
    };
  };
  const missed = daysFrom(addDays(LAST_READ, 1), addDays(TODAY, -1)).filter((day) =>
    isListingDay(arxivCalendar, day),
  );
  for (const [nth, day] of missed.entries()) {
    const upTo = Math.round((before * (nth + 1)) / missed.length);
    to(
      day,
      Array.from({ length: upTo - serial }, () => create(day)),
    );
  }
  to(
    TODAY,
    Array.from({ length: today }, () => create(TODAY)),
  );
}

async function startWorker(path: string, task: Task): Promise<Cost> {
  const child = fork(path, [JSON.stringify(task)], {
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
    execArgv: [],
    env: { ...process.env, ...processVariables['ingest-papers'] },
  });
  return new Promise<Cost>((resolve, reject) => {
    child.once('message', (message) => resolve(message as Cost));
    child.once('exit', (code, signal) => reject(new Error(`the worker ended with ${code ?? signal}`)));
  });
}
