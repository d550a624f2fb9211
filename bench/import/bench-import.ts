import { fork } from 'node:child_process';
import { mkdtemp, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import pMap from 'p-map';
import { createStoredProfiles } from '../../cli/subscribers/open-subscribers.ts';
import { tableOf } from '../../infra/markdown-table.ts';
import { type LocalDynamoDb, startDynamoDb } from '../../local/emulators/dynamodb.ts';
import { startSqs } from '../../local/emulators/sqs.ts';
import { localTables } from '../../local/repositories.ts';
import { createSubscriberRepository } from '../../shared/adapters/dynamodb/subscriber-repository.ts';
import { systemClock } from '../../shared/adapters/system-clock.ts';
import { DEFAULT_LEFT_RETENTION_DAYS } from '../../shared/domain/retention.ts';
import { toSubscriberId } from '../../shared/subscribers/subscriber-id.ts';
import { createSubscriber } from '../../test/factories/subscribers.ts';
import { createRandom } from '../../test/simulation/seeded-random.ts';
import { type MixedFile, writeMixedFile } from './mixed-file.ts';
import { type Cost, ID_KEY, type Task } from './worker.ts';

const WORKER = fileURLToPath(new URL('./worker.ts', import.meta.url));

/** The latency from a laptop to a near region. */
const LATENCY_MS = 20;
/** With this latency a part of the rows is enough. */
const DISTANT_SHARE = 1 / 50;
const MIN_DISTANT_ROWS = 500;

/**
 * Imports a file of mixed rows into the embedded DynamoDB and SQS. Two signals interrupt it at random rows, and the printed commands
 * resume it. Returns whether every sum is exact.
 *
 * @param rows how many rows the file has
 * @param seed determines the rows and the interruptions
 */
export async function benchImport(print: (line: string) => void, rows = 100_000, seed = 1): Promise<boolean> {
  const random = createRandom(seed);
  const folder = await mkdtemp(join(tmpdir(), 'broadsheet-bench-'));
  const path = join(folder, 'members.csv');
  const distantPath = join(folder, 'distant.csv');
  try {
    const file = await writeMixedFile(path, rows, random);
    const between = (from: number, to: number) => Math.floor(rows * (from + (to - from) * random()));
    const near = await importInto(path, file, [
      { line: between(0.1, 0.45), signal: 'SIGINT' },
      { line: between(0.55, 0.9), signal: 'SIGTERM' },
    ]);
    printSums(print, file, near);
    const distantRows = Math.max(MIN_DISTANT_ROWS, Math.ceil(rows * DISTANT_SHARE));
    const distantFile = await writeMixedFile(distantPath, distantRows, random);
    const distant = await importInto(distantPath, distantFile, [], LATENCY_MS);

    const control = async (kind: Task['kind'], writes: number, latencyMs: number) => {
      const dynamoDb = await startDynamoDb();
      try {
        const task = { kind, path, queueUrl: '', sqsUrl: '', writes, latencyMs };
        return (await startWorker({ ...task, ...(await addressOf(dynamoDb)) })).cost;
      } finally {
        await dynamoDb.close();
      }
    };
    const line = (what: string, { ms, maxMb }: Cost, count: number, unit: string) => [
      what,
      `${(ms / 1000).toFixed(1)} s`,
      `${Math.round(count / (ms / 1000)).toLocaleString('en')} ${unit} a second`,
      `${maxMb.toFixed(0)} MB`,
    ];
    const [items, distantItems] = [near.items, distant.items];
    print('');
    print(
      tableOf(
        ['', 'time:', 'rate:', 'memory:'],
        [
          line('import', near.cost, rows, 'rows'),
          line(
            'control: as many items, one write after the other',
            await control('write', items, 0),
            items,
            'items',
          ),
          line(`import, ${LATENCY_MS} ms from the table`, distant.cost, distantRows, 'rows'),
          line(
            `control: one write after the other, ${LATENCY_MS} ms from the table`,
            await control('write', distantItems, LATENCY_MS),
            distantItems,
            'items',
          ),
          line('rows read, without an import', await control('read', 0, 0), rows, 'rows'),
          line('control: csv-parse alone', await control('parse', 0, 0), rows, 'rows'),
        ],
      ),
    );
    const faults = [...near.faults, ...distant.faults];
    const size = `${((await stat(path)).size / 1e6).toFixed(1)} MB`;
    print('');
    print(
      `${rows.toLocaleString('en')} rows of ${size} made ${items.toLocaleString('en')} profiles and requests; seed ${seed}. The embedded DynamoDB works in one thread, so calls at once only help where each takes time to arrive.`,
    );
    print(faults.length === 0 ? 'Every sum is exact.' : `Wrong:\n  ${faults.join('\n  ')}`);
    return faults.length === 0;
  } finally {
    await rm(folder, { recursive: true });
  }
}

function printSums(
  print: (line: string) => void,
  { expected }: MixedFile,
  { runs, sums }: { readonly runs: readonly Run[]; readonly sums: Readonly<Record<string, number>> },
): void {
  const sorts = Object.keys(expected).sort();
  const line = (what: string, of: Readonly<Record<string, number>>) => [
    what,
    ...sorts.map((sort) => (of[sort] ?? 0).toLocaleString('en')),
  ];
  print(
    tableOf(
      ['', ...sorts.map((sort) => `${sort}:`)],
      [
        line('the file has', expected),
        ...runs.map(({ what, counts }) => line(what, counts)),
        line('sum of the runs', sums),
      ],
    ),
  );
}

/** The interruption of a run: it happens when the run reports this line or a later one. */
interface Interruption {
  readonly line: number;
  readonly signal: NodeJS.Signals;
}

interface Run {
  readonly what: string;
  readonly cost: Cost;
  readonly counts: Readonly<Record<string, number>>;
  /** The first line of the printed command. Undefined if the run finished. */
  readonly resumeAt: number | undefined;
}

/** Imports a file into empty services, and counts what they store. */
async function importInto(
  path: string,
  file: MixedFile,
  interruptions: readonly Interruption[],
  latencyMs = 0,
) {
  const dynamoDb = await startDynamoDb();
  const sqs = await startSqs();
  try {
    await saveSubscribers(dynamoDb, file.subscribers);
    const task = {
      kind: 'import',
      path,
      latencyMs,
      ...(await addressOf(dynamoDb)),
      queueUrl: sqs.queueUrls.requests,
      sqsUrl: sqs.endpoint,
    } as const;
    const runs: Run[] = [];
    for (const interruption of [...interruptions, undefined]) {
      const last = runs.at(-1);
      if (last && last.resumeAt === undefined) break;
      runs.push(await startImport({ ...task, fromLine: last?.resumeAt }, interruption));
    }
    const sums: Record<string, number> = {};
    for (const { counts } of runs)
      for (const [outcome, count] of Object.entries(counts)) sums[outcome] = (sums[outcome] ?? 0) + count;
    const profiles = await countProfiles(dynamoDb);
    const requests = sqs.backlog('requests').length;
    const { added = 0, asked = 0, ended = 0, inactive = 0 } = sums;
    const cost: Cost = {
      exitCode: runs.at(-1)?.cost.exitCode ?? 0,
      ms: runs.reduce((sum, { cost }) => sum + cost.ms, 0),
      maxMb: Math.max(...runs.map(({ cost }) => cost.maxMb)),
    };
    return {
      runs,
      sums,
      items: added + asked + ended + inactive,
      cost,
      faults: [
        ...differences('rows', file.expected, sums),
        ...differences('profiles', file.profiles, profiles),
        ...differences('requests', { sent: file.expected.asked ?? 0 }, { sent: requests }),
        ...differences(
          'exit codes',
          { last: (runs.at(-1)?.counts.refused ?? 0) > 0 ? 1 : 0 },
          { last: cost.exitCode },
        ),
        ...runs
          .slice(0, -1)
          .flatMap(({ cost }) => differences('exit codes', { stopped: 130 }, { stopped: cost.exitCode })),
        ...(interruptions.length > 0 && runs.length === 1 ? ['no signal interrupted the import'] : []),
      ],
    };
  } finally {
    await Promise.all([dynamoDb.close(), sqs.close()]);
  }
}

async function addressOf({ documents }: LocalDynamoDb) {
  const endpoint = await documents.config.endpoint?.();
  return { table: localTables.subscribers, tableUrl: `http://${endpoint?.hostname}:${endpoint?.port}` };
}

async function saveSubscribers({ documents }: LocalDynamoDb, addresses: readonly string[]): Promise<void> {
  const repository = createSubscriberRepository(
    { documents, name: localTables.subscribers },
    systemClock,
    DEFAULT_LEFT_RETENTION_DAYS,
  );
  await pMap(
    addresses,
    (address) => repository.save(createSubscriber({ id: toSubscriberId(address, ID_KEY), address })),
    { concurrency: 20 },
  );
}

async function countProfiles({ documents }: LocalDynamoDb): Promise<Readonly<Record<string, number>>> {
  const counts: Record<string, number> = {};
  const profiles = createStoredProfiles({ documents, name: localTables.subscribers });
  for await (const { subscriber } of profiles.loadAll()) {
    const status = subscriber?.status ?? 'unreadable';
    counts[status] = (counts[status] ?? 0) + 1;
  }
  return counts;
}

function differences(
  what: string,
  expected: Readonly<Record<string, number>>,
  found: Readonly<Record<string, number>>,
): readonly string[] {
  const names = [...new Set([...Object.keys(expected), ...Object.keys(found)])];
  return names
    .filter((name) => (expected[name] ?? 0) !== (found[name] ?? 0))
    .map((name) => `${what}, ${name}: expected ${expected[name] ?? 0}, found ${found[name] ?? 0}`);
}

async function startImport(task: Task, interruption: Interruption | undefined): Promise<Run> {
  const { cost, lines } = await startWorker(task, (line, kill) => {
    const [, at] = /^line (\d+), /.exec(line) ?? [];
    if (interruption && at !== undefined && Number(at) >= interruption.line) kill(interruption.signal);
  });
  const text = lines.join('\n');
  const counts: Record<string, number> = {};
  for (const [, outcome = '', count] of text.matchAll(/^ {2}(\w+) +(\d+) {2}/gm))
    counts[outcome] = Number(count);
  const [, resumeAt] = /--from-line (\d+)$/.exec(text) ?? [];
  const stop =
    resumeAt === undefined ? 'to the end' : `stopped by ${interruption?.signal} before line ${resumeAt}`;
  return {
    what: `from line ${task.fromLine ?? 2}, ${stop}`,
    cost,
    counts,
    resumeAt: resumeAt === undefined ? undefined : Number(resumeAt),
  };
}

/** Runs a task in a separate process. Keeps the printed lines of the summary, and drops those of single rows. */
async function startWorker(
  task: Task,
  onLine: (line: string, kill: (signal: NodeJS.Signals) => void) => void = () => {},
): Promise<{ readonly cost: Cost; readonly lines: readonly string[] }> {
  const child = fork(WORKER, [JSON.stringify(task)], { stdio: ['ignore', 'pipe', 'inherit', 'ipc'] });
  const lines: string[] = [];
  const { stdout } = child;
  if (!stdout) throw new Error('the worker has no output');
  let isKilled = false;
  const output = createInterface({ input: stdout }).on('line', (line) => {
    if (!line.startsWith('line ')) lines.push(line);
    onLine(line, (signal) => {
      if (!isKilled) child.kill(signal);
      isKilled = true;
    });
  });
  const closed = new Promise<void>((resolve) => output.once('close', resolve));
  const cost = await new Promise<Cost>((resolve, reject) => {
    child.once('message', (message) => resolve(message as Cost));
    child.once('exit', (code, signal) => reject(new Error(`the worker ended with ${code ?? signal}`)));
  });
  await closed;
  return { cost, lines };
}
