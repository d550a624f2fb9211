import type { SqsHandler } from '../../shared/adapters/lambda/sqs-handler.ts';
import type { Edition } from '../../shared/domain/digests/cohort.ts';
import { msBetween } from '../../shared/domain/time/time.ts';
import type { FanOutPorts } from '../../shared/pipeline/fan-out.ts';
import { type EditionProgress, isUnreadable } from '../../shared/ports/planning.ts';
import { createMemoryQueue } from '../../test/chaos/services/memory-queue.ts';
import { createContainers } from '../../test/chaos/system/containers.ts';
import type { Process } from '../../test/chaos/system/network.ts';
import { startQueueWorkers } from '../../test/chaos/system/queue-workers.ts';
import { createFakeMeter } from '../../test/fakes/sending.ts';
import { createRandom, type Random } from '../../test/simulation/seeded-random.ts';
import { createVirtualTime } from '../../test/simulation/virtual-time.ts';
import { createCohort, createStoredEdition, THROTTLED } from './simulated-tables.ts';

/** The size of a cohort, and the faults during its fan-out. */
export interface FanOutSimulationOptions {
  readonly members: number;
  readonly seed: number;
  /** Creates the Lambda handler on the ports of one process. */
  readonly createHandler: (ports: FanOutPorts) => SqsHandler;
  /** The time-out of an invocation. A message becomes visible again after six times this time. */
  readonly timeoutMs: number;
  /** The number of receives after which a message is dead-lettered. */
  readonly maxReceives: number;
  /** The chance that a process dies just before a call. It is also the chance that it dies just after. */
  readonly crashRate: number;
  /** The chance that a call fails. It is also the chance that it takes effect and its answer is lost. */
  readonly faultRate: number;
  /** The chance that the queue delivers a message twice. */
  readonly duplicateRate: number;
  /** The chance with each read of the cohort that one member leaves or joins. */
  readonly churnRate: number;
  /** The outage of the tables, in ms after the start. @default - none */
  readonly outageMs?: readonly [from: number, until: number];
}

export interface FanOutSimulationResult {
  /** The time until the queue was empty. */
  readonly virtualMs: number;
  readonly invocations: number;
  readonly calls: number;
  /** Calls that the table throttled, because a partition takes 1,000 write units a second. */
  readonly throttled: number;
  readonly crashes: number;
  readonly timeouts: number;
  /** Messages on the digests queue, repeats included. */
  readonly messages: number;
  /** Members of the whole time, by how often a message named them: once, more often, never. */
  readonly once: number;
  readonly repeated: number;
  readonly missing: number;
  /** Members that two different batches name. */
  readonly inTwoBatches: number;
  readonly deadLetters: number;
  readonly progress: EditionProgress | undefined;
}

const EDITION: Edition = { cadence: 'daily', period: '2026-01-05', cohort: 'daily#UTC#08' };

const START = '2026-01-05T08:00:30.000Z';
const MINUTE_MS = 60_000;
const VISIBILITY_TIMEOUTS = 6;
const WORKERS = 2;
const LONGEST_COPY_DELAY_MS = 5 * MINUTE_MS;

/** The shortest time of a call within a region, and the mean time on top of it, in ms. */
const LATENCIES = { read: [3, 2], query: [5, 4], write: [5, 4], send: [10, 8] } as const;

/** The SDK makes three attempts, and doubles the wait after each. */
const SDK_ATTEMPTS = 3;
const SDK_FIRST_WAIT_MS = 50;

/** Runs the fan-out of one edition on virtual time. The same options give the same result. */
export async function simulateFanOut(options: FanOutSimulationOptions): Promise<FanOutSimulationResult> {
  const time = createVirtualTime(START);
  const random = createRandom(options.seed);
  const tally = { invocations: 0, calls: 0, throttled: 0, crashes: 0, timeouts: 0 };
  const cohort = createCohort(options, random);
  const edition = createStoredEdition(time);
  const queue = createMemoryQueue(time, random, {
    visibilityTimeoutMs: VISIBILITY_TIMEOUTS * options.timeoutMs,
    maxReceives: options.maxReceives,
    disturb: () =>
      random() < options.duplicateRate
        ? { lateMs: random() * LONGEST_COPY_DELAY_MS, copies: 2 }
        : { lateMs: 0, copies: 1 },
  });
  const dying = new Set<Process>();

  const isOut = () => {
    const [from, until] = options.outageMs ?? [0, 0];
    const elapsedMs = msBetween(START, time.now());
    return elapsedMs >= from && elapsedMs < until;
  };

  const connect = (process: Process) => {
    const die = () => {
      dying.add(process);
      tally.crashes += 1;
      process.die();
    };
    return async <Answer>(kind: keyof typeof LATENCIES, perform: () => Answer): Promise<Answer> => {
      for (let attempt = 1; ; attempt += 1) {
        if (process.isDead()) return forever();
        tally.calls += 1;
        if (random() < options.crashRate) die();
        if (process.isDead()) return forever();
        await time.wait(latencyOf(kind, random));
        if (random() < options.faultRate || (kind !== 'send' && isOut()))
          throw new Error('the service failed');
        const answer = perform();
        await time.wait(1);
        if (random() < options.crashRate) die();
        if (process.isDead()) return forever();
        if (random() < options.faultRate) throw new Error('the answer was lost');
        if (answer !== THROTTLED) return answer;
        tally.throttled += 1;
        if (attempt === SDK_ATTEMPTS) throw new Error('the table is throttled');
        await time.wait(random() * SDK_FIRST_WAIT_MS * 2 ** attempt);
      }
    };
  };

  const start = (process: Process): SqsHandler => {
    const call = connect(process);
    const ports: FanOutPorts = {
      meter: createFakeMeter(),
      cohorts: {
        loadAll: () => unused(),
        loadMembers: (_, after, limit) => call('query', () => cohort.loadMembers(after, limit)),
        loadFollowers: () => unused(),
        removeIfIdle: () => call('write', () => undefined),
      },
      editions: {
        loadProgress: () => call('read', edition.loadProgress),
        saveProgress: (_, next, previous) =>
          isUnreadable(previous)
            ? unused()
            : call('write', () => edition.saveProgress(next, previous) as undefined),
        saveBatch: (_, batch, ids) => call('write', () => edition.saveBatch(batch, ids) as readonly string[]),
        loadBatch: (_, batch) => call('read', () => edition.loadBatch(batch)),
        settleBatch: () => unused(),
        replaceErased: () => unused(),
        replaceMoved: () => unused(),
        loadBatches: () => unused(),
      },
      digestsQueue: { enqueue: (messages) => call('send', () => cohort.queue(messages)) },
      cohortQueue: {
        enqueue: (messages, delaySec = 0) =>
          call('send', () => {
            for (const message of messages) queue.send(JSON.stringify(message), delaySec * 1000);
            return [];
          }),
      },
      clock: time,
      timer: time,
      telemetry: { info() {}, warn() {}, error() {}, count() {} },
    };
    const handler = options.createHandler(ports);
    return (event, context) => {
      tally.invocations += 1;
      return handler(event, context);
    };
  };

  const work = async () => {
    queue.send(JSON.stringify({ edition: EDITION }));
    startQueueWorkers({
      queue,
      containers: createContainers('fan-out', options.timeoutMs, time, start, (process) => {
        if (!dying.has(process)) tally.timeouts += 1;
      }),
      workers: WORKERS,
      batchSize: 1,
    });
    while (queue.backlog() > 0) await time.wait(1000);
  };
  await time.run(work());

  return {
    virtualMs: msBetween(START, time.now()),
    ...tally,
    ...cohort.judge(),
    deadLetters: queue.deadLetters.length,
    progress: edition.loadProgress(),
  };
}

function latencyOf(kind: keyof typeof LATENCIES, random: Random): number {
  const [floor, tail] = LATENCIES[kind];
  return floor - tail * Math.log(1 - random());
}

/** Returns a promise that never settles, for the calls of a dead process. */
function forever(): Promise<never> {
  return new Promise(() => {});
}

function unused(): never {
  throw new Error('the fan-out does not use this');
}
