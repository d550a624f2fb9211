/**
 * Runs one task of the benchmark in a separate process. So its memory can be measured, and a real signal can end it. It prints the
 * output of the command, and sends its cost to the parent.
 */
import { createReadStream } from 'node:fs';
import { PassThrough } from 'node:stream';
import { setTimeout as delay } from 'node:timers/promises';
import { PutCommand } from '@aws-sdk/lib-dynamodb';
import { parse } from 'csv-parse';
import { openCsvFile, readRecords } from '../../cli/subscribers/csv.ts';
import { importFile } from '../../cli/subscribers/import/run-import.ts';
import { createRequests, createTablePorts } from '../../cli/subscribers/open-subscribers.ts';
import { localClientOptions } from '../../local/emulators/loopback.ts';
import { createDocumentClient } from '../../shared/adapters/dynamodb/table.ts';
import { createSqsClient } from '../../shared/adapters/sqs/queue.ts';
import { systemClock } from '../../shared/adapters/system-clock.ts';
import { DEFAULT_LEFT_RETENTION_DAYS } from '../../shared/domain/retention.ts';
import { IMPORT_GROUP } from '../../shared/ports/queues.ts';
import { createSubscriber } from '../../test/factories/subscribers.ts';

/** A task, and the services that it uses. */
export interface Task {
  readonly kind: 'import' | 'parse' | 'read' | 'write';
  readonly path: string;
  readonly table: string;
  readonly tableUrl: string;
  readonly queueUrl: string;
  readonly sqsUrl: string;
  readonly fromLine?: number | undefined;
  /** How many items are written. @default 0 */
  readonly writes?: number;
  /** How long a call to the table waits before it is sent. @default 0 */
  readonly latencyMs?: number;
}

/** The cost of a task. */
export interface Cost {
  readonly exitCode: number;
  readonly ms: number;
  readonly maxMb: number;
}

/** Creates a client of the table, with the latency of the task. */
function connect({ tableUrl, latencyMs = 0 }: Task) {
  const documents = createDocumentClient(localClientOptions(tableUrl));
  if (latencyMs > 0)
    documents.middlewareStack.add(
      (next) => async (input) => {
        await delay(latencyMs);
        return next(input);
      },
      { step: 'finalizeRequest' },
    );
  return documents;
}

export const ID_KEY = 'k'.repeat(43);

const work: Readonly<Record<Task['kind'], (task: Task) => Promise<number>>> = {
  async import(task) {
    const { path, table, queueUrl, sqsUrl, fromLine } = task;
    const documents = connect(task);
    const sqs = createSqsClient(localClientOptions(sqsUrl));
    const options = {
      defaults: { cadence: 'daily', hour: 8 },
      lists: ['hf-daily', 'arxiv/cs.CL', 'arxiv/math.NA', 'arxiv/stat.ML', 'feed/Distill'],
      defaultLists: ['hf-daily'],
      idKey: ID_KEY,
      now: systemClock.now(),
      limits: { isDryRun: false, maxAsked: Number.POSITIVE_INFINITY },
      toResumeCommand: (line: number) => `--from-line ${line}`,
      fromLine,
    } as const;
    const onInterrupt = () => {
      const interruption = new AbortController();
      for (const name of ['SIGINT', 'SIGTERM'] as const) process.once(name, () => interruption.abort());
      return interruption.signal;
    };
    const context = { print: console.log, terminal: new PassThrough().resume(), onInterrupt };
    const ports = {
      ...createTablePorts({ documents, name: table }, DEFAULT_LEFT_RETENTION_DAYS),
      requests: createRequests(sqs, queueUrl, IMPORT_GROUP),
    };
    return importFile(ports, await openCsvFile(path), options, context);
  },

  /** Control: only the library. It skips malformed rows. */
  async parse({ path }) {
    const options = { bom: true, skip_records_with_error: true, relax_column_count: true, trim: true };
    for await (const _ of createReadStream(path).pipe(parse(options)));
    return 0;
  },

  async read({ path }) {
    for await (const _ of readRecords((await openCsvFile(path)).read()));
    return 0;
  },

  /** Control: the same number of profiles, one write after the other. */
  async write(task) {
    const { table, writes = 0 } = task;
    const documents = connect(task);
    for (let n = 0; n < writes; n += 1) {
      const Item = { pk: `CONTROL#${n}`, sk: 'CONTROL', ...createSubscriber({ id: `control-${n}` }) };
      await documents.send(new PutCommand({ TableName: table, Item }));
    }
    return 0;
  },
};

if (process.send) {
  const task = JSON.parse(process.argv[2] ?? '') as Task;
  const startedAt = performance.now();
  const exitCode = await work[task.kind](task);
  const cost: Cost = {
    exitCode,
    ms: performance.now() - startedAt,
    maxMb: process.resourceUsage().maxRSS / 1024,
  };
  process.send(cost, () => process.exit());
}
