import { AsyncLocalStorage } from 'node:async_hooks';
import { type Clock, msBetween } from '../domain/time/time.ts';
import type { Usage } from '../domain/usage.ts';
import type { Meter } from '../ports/meter.ts';
import { isRefused } from './dynamodb/conditional-write.ts';

const services = ['dynamodb', 'ses', 'sqs'] as const;

export type MeteredService = (typeof services)[number];

/** What was called of one service. */
interface ServiceCalls {
  /** Requests, repeated ones included. */
  calls: number;
  requestBytes: number;
  /** The bodies of answers, by their header. */
  answerBytes: number;
}

/** The calls that one piece of work made. */
export type MeteredCalls = Record<MeteredService, ServiceCalls> & {
  readUnits: number;
  writeUnits: number;
  queueRequests: number;
  mails: number;
};

export interface MeterOptions {
  readonly clients: Readonly<Partial<Record<MeteredService, MeteredClient>>>;
  readonly clock: Clock;
  /** The memory of the function. */
  readonly memoryMb: number;
}

/** The part of an SDK client that wraps its calls. */
export interface MeteredClient {
  readonly middlewareStack: {
    add(wrap: Wrap, options: { readonly step: 'initialize' } & Naming): void;
    add(wrap: Wrap, options: { readonly step: 'finalizeRequest' } & Naming): void;
  };
}

interface Naming {
  readonly name: string;
  /** A client that is metered again counts once. */
  readonly override: true;
}

type Wrap = <Result>(
  call: (args: never) => Promise<Result>,
  context: { readonly commandName?: string },
) => (args: never) => Promise<Result>;

const MB_PER_GB = 1024;
const MS_PER_SEC = 1000;

/** SQS charges a request for each 64 KB. */
const BYTES_PER_QUEUE_REQUEST = 64 * 1024;

/** Commands that read. All others write. */
const READING = /^(Get|BatchGet|Query|Scan)/;

/** The command that sends a mail. Other calls of SES are free. */
const SENDING = 'SendRawEmailCommand';

/** DynamoDB charges a write whose condition does not hold, and does not report it. Most such items have one unit. */
const UNITS_OF_REFUSED_WRITE = 1;

/** The calls of the work that is measured. They follow it through everything that it awaits. */
const current = new AsyncLocalStorage<MeteredCalls>();

/** Returns a meter of the clients' calls. The clients may have been metered before. */
export function createMeter({ clients, clock, memoryMb }: MeterOptions): Meter {
  for (const service of services) {
    const client = clients[service];
    if (client) meterCalls(client, service);
  }
  return {
    async measure(work) {
      const startedAt = clock.now();
      const { result, calls } = await countCalls(work);
      const seconds = msBetween(startedAt, clock.now()) / MS_PER_SEC;
      return { result, used: toUsage(calls, (seconds * memoryMb) / MB_PER_GB) };
    },
  };
}

/** Runs some work and returns the calls of metered clients that it made. They count for the work around it too. */
export async function countCalls<Result>(
  work: () => Promise<Result>,
): Promise<{ readonly result: Result; readonly calls: MeteredCalls }> {
  const none = (): ServiceCalls => ({ calls: 0, requestBytes: 0, answerBytes: 0 });
  const calls = {
    dynamodb: none(),
    ses: none(),
    sqs: none(),
    readUnits: 0,
    writeUnits: 0,
    queueRequests: 0,
    mails: 0,
  };
  const outer = current.getStore();
  try {
    return { result: await current.run(calls, work), calls };
  } finally {
    if (outer) addCalls(outer, calls);
  }
}

function addCalls(sum: MeteredCalls, more: MeteredCalls): void {
  for (const kind of ['readUnits', 'writeUnits', 'queueRequests', 'mails'] as const) sum[kind] += more[kind];
  for (const service of services) {
    for (const kind of ['calls', 'requestBytes', 'answerBytes'] as const)
      sum[service][kind] += more[service][kind];
  }
}

function toUsage({ readUnits, writeUnits, queueRequests, mails }: MeteredCalls, gbSeconds: number): Usage {
  return { readUnits, writeUnits, queueRequests, invocations: 0, gbSeconds, mails };
}

/**
 * Counts the calls of a client while work is measured: requests, their bytes, and the units that the tables report. A repeated request
 * counts each time.
 */
export function meterCalls({ middlewareStack }: MeteredClient, service: MeteredService): void {
  middlewareStack.add(countRequests(service), {
    step: 'finalizeRequest',
    name: 'countRequests',
    override: true,
  });
  if (service === 'dynamodb')
    middlewareStack.add(countUnits, { step: 'initialize', name: 'countUnits', override: true });
}

function countRequests(service: MeteredService): Wrap {
  return (call, { commandName }) =>
    async (args) => {
      const calls = current.getStore();
      if (!calls) return call(args);
      const { request } = args as RequestArgs;
      const bytes = request.body?.length ?? 0;
      calls[service].calls += 1;
      calls[service].requestBytes += bytes;
      if (service === 'sqs') calls.queueRequests += Math.max(1, Math.ceil(bytes / BYTES_PER_QUEUE_REQUEST));
      if (commandName === SENDING) calls.mails += 1;
      const result = await call(args);
      const { response } = result as RequestResult;
      calls[service].answerBytes += Number(response?.headers?.['content-length'] ?? 0);
      return result;
    };
}

/** Asks the tables for the units of each answer, which is free, and adds them up. */
const countUnits: Wrap =
  (call, { commandName = '' }) =>
  async (args) => {
    const calls = current.getStore();
    if (!calls) return call(args);
    const kind = READING.test(commandName) ? 'readUnits' : 'writeUnits';
    const { input, ...others } = args as TableArgs;
    const asking = { ...others, input: { ...input, ReturnConsumedCapacity: 'TOTAL' } };
    try {
      const result = await call(asking as never);
      const { output } = result as TableResult;
      for (const { CapacityUnits = 0 } of [output.ConsumedCapacity ?? []].flat())
        calls[kind] += CapacityUnits;
      return result;
    } catch (error) {
      if (isRefused(error)) calls[kind] += UNITS_OF_REFUSED_WRITE;
      throw error;
    }
  };

/** The parts of calls and answers of the SDK that are counted. */
interface RequestArgs {
  readonly request: { readonly body?: string | Uint8Array };
}

interface RequestResult {
  readonly response?: { readonly headers?: Readonly<Record<string, string>> };
}

interface TableArgs {
  readonly input: object;
}

interface TableResult {
  readonly output: { readonly ConsumedCapacity?: Capacity | readonly Capacity[] };
}

interface Capacity {
  readonly CapacityUnits?: number | undefined;
}
