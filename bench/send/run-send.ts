import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { cpus, loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { tableOf } from '../../infra/markdown-table.ts';
import { bundleWorker } from '../bundle-worker.ts';
import { medianOf } from '../quantile.ts';
import type { SinkPorts } from './sink.ts';
import type { Job, JobResult, Task } from './worker.ts';

const RUNS = 7;
const DIGESTS = 20_000;
/** After so many digests, V8 has compiled most of what it will. A worker sends as many in a few minutes. */
const WARM_UP = 10_000;
const PAPERS = [120, 1_500];

/** The tasks in the order of the table. Each has a worker of its own. */
const TASKS: readonly { readonly task: Task; readonly says: string; readonly aim: string }[] = [
  { task: 'compose', says: 'Broadsheet: select and compose', aim: '0.25' },
  { task: 'send', says: 'Broadsheet: select, compose and send', aim: '0.70' },
  { task: 'client only', says: 'the SES client alone, with finished messages', aim: '' },
  {
    task: 'signed request only',
    says: 'a signed request over a kept connection, without the SDK',
    aim: '',
  },
  { task: 'nodemailer composes', says: 'nodemailer composes the same texts', aim: '' },
  { task: 'nodemailer sends', says: 'nodemailer composes and sends them by its SMTP pool', aim: '' },
];

/**
 * Makes and sends personal digests of ten papers to a sink on loopback, and prints the processor time of the sender for each digest.
 * The control is nodemailer with the same texts. Seven runs take turns, forwards and backwards, so that a slow moment of the machine
 * meets all. Prints medians.
 */
export async function runSend(print: (line: string) => void, digests = DIGESTS): Promise<boolean> {
  const folder = await mkdtemp(join(tmpdir(), 'broadsheet-send-'));
  const children: ChildProcess[] = [];
  try {
    const sink = await start(folder, 'sink', []);
    children.push(sink.child);
    const ports = sink.first as SinkPorts;
    for (const papers of PAPERS) {
      const workers = new Map<Task, ChildProcess>();
      for (const { task } of TASKS) {
        const { child } = await start(folder, 'worker', [String(papers), JSON.stringify(ports)]);
        children.push(child);
        workers.set(task, child);
      }
      const { child } = await start(folder, 'worker', [String(papers), JSON.stringify(ports)]);
      children.push(child);
      printTable(print, papers, digests, await measure(workers, digests));
      const { rssMb } = await ask(child, { task: 'nothing', first: 0, digests });
      print(`Of the memory, ${rssMb.toFixed(0)} MB are Node, the papers and the invented subscribers.`);
      child.disconnect();
      for (const child of workers.values()) child.disconnect();
    }
    print(
      `${cpus()[0]?.model}, Node ${process.versions.node}, ${new Date().toISOString().slice(0, 10)}. Load ${loadavg()[0]?.toFixed(1)} at the end.`,
    );
    return true;
  } finally {
    for (const child of children) if (child.connected) child.disconnect();
    await rm(folder, { recursive: true });
  }
}

/** Runs every task on the same subscribers, in turns. Returns the results of its runs. */
async function measure(
  workers: ReadonlyMap<Task, ChildProcess>,
  digests: number,
): Promise<ReadonlyMap<Task, readonly JobResult[]>> {
  const share = Math.ceil(digests / RUNS);
  const results = new Map<Task, JobResult[]>([...workers.keys()].map((task) => [task, []]));
  for (const [task, worker] of workers) await ask(worker, { task, first: 0, digests: WARM_UP });
  for (let run = 0; run < RUNS; run += 1) {
    const turn = [...workers];
    if (run % 2 === 1) turn.reverse();
    for (const [task, worker] of turn) {
      const job = { task, first: WARM_UP + run * share, digests: share };
      results.get(task)?.push(await ask(worker, job));
    }
  }
  return results;
}

function printTable(
  print: (line: string) => void,
  papers: number,
  digests: number,
  results: ReadonlyMap<Task, readonly JobResult[]>,
): void {
  const share = Math.ceil(digests / RUNS);
  const millisOf = (task: Task) =>
    medianOf((results.get(task) ?? []).map(({ cpuMicros }) => cpuMicros / share / 1_000));
  const rows = TASKS.map(({ task, says, aim }) => {
    const of = results.get(task) ?? [];
    return [
      says,
      millisOf(task).toFixed(3),
      aim,
      (1_000 / millisOf(task)).toFixed(0),
      (millisOf('nodemailer sends') / millisOf(task)).toFixed(1),
      Math.max(...of.map(({ rssMb }) => rssMb)).toFixed(0),
    ];
  });
  const size = medianOf((results.get('compose') ?? []).map(({ bytes }) => bytes));
  print(
    `${digests.toLocaleString('en')} personal digests of ten of ${papers.toLocaleString('en')} papers, ${(size / 1_000).toFixed(1)} KB each. Medians of ${RUNS} runs.`,
  );
  print(tableOf(['', 'CPU-ms a digest:', 'aim:', 'digests a CPU-second:', 'times nodemailer:', 'MB:'], rows));
}

/**
 * Starts a process that is bundled like a function, and waits for its first message.
 *
 * @param nodeArgs options of Node
 */
export async function start(
  folder: string,
  name: string,
  args: readonly string[],
  nodeArgs: string[] = [],
): Promise<{ readonly child: ChildProcess; readonly first: unknown }> {
  const file = await bundleWorker(new URL(`./${name}.ts`, import.meta.url), folder);
  const child = fork(file, args, {
    ...{ stdio: ['ignore', 'inherit', 'inherit', 'ipc'], execArgv: nodeArgs },
  });
  return { child, first: (await once(child, 'message'))[0] };
}

/** Gives a worker a job, and waits for its result. */
export async function ask(worker: ChildProcess, job: Job): Promise<JobResult> {
  const answer = once(worker, 'message');
  worker.send(job);
  const [result] = await answer;
  return result;
}
