import { type ChildProcess, fork } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { cpus, loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { tableOf } from '../../infra/markdown-table.ts';
import { processVariables } from '../../infra/memory.ts';
import { BATCH_SIZE } from '../../shared/ports/queues.ts';
import { bundleWorker } from '../bundle-worker.ts';
import { medianOf } from '../quantile.ts';
import { inventPapers, inventReaders } from './readership.ts';
import type { SinkPorts } from './sink.ts';
import type { Job, JobResult, Task } from './worker.ts';

const RUNS = 7;
const DIGESTS = 20_000;
/** After this many digests, V8 has compiled most of what it will. A worker sends as many in a few minutes. */
const WARM_UP = 10_000;
const PAPERS = [120, 1_500];

/** What the process of a worker has. The control has the same. Its texts come from another process, and it opens no papers. */
const SURROUNDINGS: readonly {
  readonly says: string;
  readonly variables: Readonly<Record<string, string>>;
}[] = [
  { says: 'with the memory of send-digests', variables: processVariables['send-digests'] },
  { says: 'without a limit of memory', variables: {} },
];

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
 * The control is nodemailer with the same texts. Seven runs take turns, forwards and backwards, so that a slow phase of the machine
 * meets all. Prints medians.
 */
export async function runSend(print: (line: string) => void, digests = DIGESTS): Promise<boolean> {
  const folder = await mkdtemp(join(tmpdir(), 'broadsheet-send-'));
  const sink = await start(folder, 'sink', []);
  try {
    for (const papers of PAPERS) {
      const startWorker = await createReadership(folder, papers, sink.first as SinkPorts);
      for (const { says, variables } of SURROUNDINGS) {
        const { results, openedMb } = await measureAll(() => startWorker(variables), digests);
        print(`${titleOf(papers, digests, results)}, ${says}. Medians of ${RUNS} runs.`);
        print(toTable(digests, results));
        print(`A process has ${openedMb.toFixed(0)} MB after it opened the papers.`);
      }
    }
    print(
      `${cpus()[0]?.model}, Node ${process.versions.node}, ${new Date().toISOString().slice(0, 10)}. Load ${loadavg()[0]?.toFixed(1)} at the end.`,
    );
    return true;
  } finally {
    sink.child.disconnect();
    await rm(folder, { recursive: true });
  }
}

/** Measures every task in a worker of its own. Returns the results of its runs, and the memory of a worker that only opened the papers. */
async function measureAll(
  startWorker: () => Promise<Worker>,
  digests: number,
): Promise<{ readonly results: ReadonlyMap<Task, readonly JobResult[]>; readonly openedMb: number }> {
  const workers: Worker[] = [];
  const open = async () => {
    const worker = await startWorker();
    workers.push(worker);
    return worker;
  };
  try {
    const other = await open();
    const { rssMb } = await other.run('nothing', 0, BATCH_SIZE);
    await other.run('prepare', 0, BATCH_SIZE);
    other.stop();
    const byTask = new Map<Task, Worker>();
    for (const { task } of TASKS) byTask.set(task, await open());
    return { results: await measure(byTask, digests), openedMb: rssMb };
  } finally {
    for (const worker of workers) worker.stop();
  }
}

/** Runs every task on the same subscribers, in turns. Returns the results of its runs. */
async function measure(
  workers: ReadonlyMap<Task, Worker>,
  digests: number,
): Promise<ReadonlyMap<Task, readonly JobResult[]>> {
  const share = Math.ceil(digests / RUNS);
  const results = new Map<Task, JobResult[]>([...workers.keys()].map((task) => [task, []]));
  for (const [task, worker] of workers) await worker.run(task, 0, WARM_UP);
  for (let run = 0; run < RUNS; run += 1) {
    const turn = [...workers];
    if (run % 2 === 1) turn.reverse();
    for (const [task, worker] of turn)
      results.get(task)?.push(await worker.run(task, WARM_UP + run * share, share));
  }
  return results;
}

function titleOf(papers: number, digests: number, results: ReadonlyMap<Task, readonly JobResult[]>): string {
  const share = Math.ceil(digests / RUNS);
  const size = medianOf((results.get('compose') ?? []).map(({ bytes }) => bytes / share));
  return `${digests.toLocaleString('en')} personal digests of ten of ${papers.toLocaleString('en')} papers, ${(size / 1_000).toFixed(1)} KB each in base64`;
}

function toTable(digests: number, results: ReadonlyMap<Task, readonly JobResult[]>): string {
  const share = Math.ceil(digests / RUNS);
  const millisOf = (task: Task) =>
    medianOf((results.get(task) ?? []).map(({ cpuMicros }) => cpuMicros / share / 1_000));
  const rows = TASKS.map(({ task, says, aim }) => [
    says,
    millisOf(task).toFixed(3),
    aim,
    (1_000 / millisOf(task)).toFixed(0),
    (millisOf('nodemailer sends') / millisOf(task)).toFixed(1),
    Math.max(...(results.get(task) ?? []).map(({ rssMb }) => rssMb)).toFixed(0),
  ]);
  return tableOf(['', 'CPU-ms a digest:', 'aim:', 'digests a CPU-second:', 'times nodemailer:', 'MB:'], rows);
}

/** A worker in a process of its own. */
export interface Worker {
  /** Does a task for `count` readers, from the given number on. */
  run(task: Task, first: number, digests: number): Promise<JobResult>;
  stop(): void;
}

/**
 * Invents papers and readers. They stay in this process, and a worker gets them in portions. So it has only the memory that a function
 * needs.
 *
 * @returns starts a worker, with variables of its process
 */
export async function createReadership(
  folder: string,
  paperCount: number,
  ports: SinkPorts,
): Promise<(variables: Readonly<Record<string, string>>) => Promise<Worker>> {
  const papers = await inventPapers(paperCount);
  const readerOf = inventReaders(papers);
  const papersFile = join(folder, `papers-${paperCount}.json`);
  const preparedFile = join(folder, `prepared-${paperCount}.json`);
  await writeFile(papersFile, JSON.stringify(papers));
  return async (variables) => {
    const { child } = await start(
      folder,
      'worker',
      [papersFile, preparedFile, JSON.stringify(ports)],
      variables,
    );
    return {
      async run(task, first, digests) {
        let [cpuMicros, bytes, rssMb] = [0, 0, 0];
        for (let done = 0; done < digests; done += BATCH_SIZE) {
          const count = Math.min(BATCH_SIZE, digests - done);
          const readers = Array.from({ length: count }, (_, at) => readerOf(first + done + at));
          const result = await ask(child, { task, readers });
          cpuMicros += result.cpuMicros;
          bytes += result.bytes;
          rssMb = Math.max(rssMb, result.rssMb);
        }
        return { cpuMicros, bytes, rssMb };
      },
      stop() {
        if (child.connected) child.disconnect();
      },
    };
  };
}

/** Gives a worker a job, and waits for its result. */
async function ask(child: ChildProcess, job: Job): Promise<JobResult> {
  const answer = waitForMessage(child);
  child.send(job);
  return (await answer) as JobResult;
}

/** @throws Error if the process ends first, for example because its heap is too small */
function waitForMessage(child: ChildProcess): Promise<unknown> {
  return new Promise((resolve, reject) => {
    const fail = (code: number | null, signal: string | null) =>
      reject(new Error(`a process of the benchmark ended with ${signal ?? code}`));
    child.once('exit', fail);
    child.once('message', (message) => {
      child.off('exit', fail);
      resolve(message);
    });
  });
}

/** Starts a process that is bundled like a function, and waits for its first message. */
async function start(
  folder: string,
  name: string,
  args: readonly string[],
  variables: Readonly<Record<string, string>> = {},
): Promise<{ readonly child: ChildProcess; readonly first: unknown }> {
  const file = await bundleWorker(new URL(`./${name}.ts`, import.meta.url), folder);
  const child = fork(file, args, {
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
    execArgv: [],
    // Only the limits that are named.
    env: { ...process.env, NODE_OPTIONS: '', ...variables },
  });
  return { child, first: await waitForMessage(child) };
}
