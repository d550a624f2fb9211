import type { SqsHandler } from '../../shared/adapters/lambda/sqs-handler.ts';
import type { Edition } from '../../shared/domain/cohort.ts';
import { ConflictError } from '../../shared/domain/errors.ts';
import { msBetween } from '../../shared/domain/time.ts';
import type { FanOutPorts } from '../../shared/pipeline/fan-out.ts';
import { type EditionProgress, isUnreadable } from '../../shared/ports/planning.ts';
import { createMemoryQueue } from '../../test/chaos/services/memory-queue.ts';
import { createContainers } from '../../test/chaos/system/containers.ts';
import type { Process } from '../../test/chaos/system/network.ts';
import { startQueueWorkers } from '../../test/chaos/system/queue-workers.ts';
import { createRandom, type Random } from '../../test/simulation/seeded-random.ts';
import { createVirtualTime, type VirtualTime } from '../../test/simulation/virtual-time.ts';

/** One edition of a large cohort, and what goes wrong while it is fanned out. */
export interface FanOutSimulationOptions {
  readonly members: number;
  readonly seed: number;
  /** What Lambda runs, on the ports of one process. */
  readonly createHandler: (ports: FanOutPorts) => SqsHandler;
  /** How long an invocation may run. A message comes again after six times this time. */
  readonly timeoutMs: number;
  /** After how many receives a message is a dead letter. */
  readonly maxReceives: number;
  /** The chance that a process dies just before a call, and that it dies just after. */
  readonly crashRate: number;
  /** The chance that a call fails, and that it takes effect and its answer is lost. */
  readonly faultRate: number;
  /** The chance that the queue hands out a message twice. */
  readonly duplicateRate: number;
  /** The chance with each read of the cohort that somebody leaves it and somebody else joins. */
  readonly churnRate: number;
  /** From when to when after the start the tables answer nothing. @default - they always do */
  readonly outageMs?: readonly [from: number, until: number];
}

export interface FanOutSimulationResult {
  /** How long it took until nothing was left on the queue. */
  readonly virtualMs: number;
  readonly invocations: number;
  readonly calls: number;
  /** Calls that the table refused because the edition's partition takes 1,000 units a second. */
  readonly throttled: number;
  readonly crashes: number;
  readonly timeouts: number;
  /** Messages on the digests queue, repeats included. */
  readonly messages: number;
  /** Members from first to last, by how often a message named them. */
  readonly once: number;
  readonly repeated: number;
  readonly missing: number;
  /** Members whom two different batches name. */
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

/** The least time of a call and the mean of what it takes beyond, in ms, as within one region. */
const LATENCIES = { read: [3, 2], query: [5, 4], write: [5, 4], send: [10, 8] } as const;

/** @see https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/bp-partition-key-design.html */
const WRITE_UNITS_PER_SEC = 1000;
const BYTES_PER_ID = 25;
const BYTES_PER_ITEM = 150;
/** As the SDK does: three attempts, with waits that double. */
const SDK_ATTEMPTS = 3;
const SDK_FIRST_WAIT_MS = 50;

/** Runs the fan-out of one edition to its end on virtual time. The same options have the same result. */
export async function simulateFanOut(options: FanOutSimulationOptions): Promise<FanOutSimulationResult> {
  const time = createVirtualTime(START);
  const random = createRandom(options.seed);
  const tally = { invocations: 0, calls: 0, throttled: 0, crashes: 0, timeouts: 0 };
  const crowd = createCrowd(options, random);
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
      cohorts: {
        loadAll: () => unused(),
        loadMembers: (_, after, limit) => call('query', () => crowd.loadMembers(after, limit)),
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
        eraseFromBatch: () => unused(),
        removeFromBatch: () => unused(),
        loadBatches: () => unused(),
      },
      digestsQueue: { enqueue: (messages) => call('send', () => crowd.queue(messages)) },
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
    ...crowd.judge(),
    deadLetters: queue.deadLetters.length,
    progress: edition.loadProgress(),
  };
}

/** What a call comes to that the table refuses for now. */
const THROTTLED = Symbol('throttled');

/** The members, by number, and which batch named each. */
function createCrowd({ members, churnRate }: FanOutSimulationOptions, random: Random) {
  const NEVER = -1;
  // Every fourth number is free at first, for those who join.
  const slots = members + Math.floor(members / 3);
  const isMember = new Uint8Array(slots).map((_, n) => (n % 4 === 3 ? 0 : 1));
  const isSteady = isMember.slice();
  const timesNamed = new Uint8Array(slots);
  const namedIn = new Int32Array(slots).fill(NEVER);
  let messages = 0;
  let inTwoBatches = 0;

  const churn = () => {
    if (random() >= churnRate) return;
    const slot = Math.floor(random() * slots);
    isMember[slot] = 1 - (isMember[slot] ?? 0);
    isSteady[slot] = 0;
  };

  return {
    loadMembers(after: string | undefined, limit: number): readonly string[] {
      churn();
      const ids: string[] = [];
      for (
        let slot = after === undefined ? 0 : slotOf(after) + 1;
        slot < slots && ids.length < limit;
        slot += 1
      ) {
        if (isMember[slot]) ids.push(idOf(slot));
      }
      return ids;
    },
    queue(
      queued: readonly { readonly batch: number; readonly subscriberIds: readonly string[] }[],
    ): readonly never[] {
      for (const { batch, subscriberIds } of queued) {
        messages += 1;
        for (const id of subscriberIds) {
          const slot = slotOf(id);
          timesNamed[slot] = Math.min(255, (timesNamed[slot] ?? 0) + 1);
          if (namedIn[slot] !== NEVER && namedIn[slot] !== batch) inTwoBatches += 1;
          namedIn[slot] = batch;
        }
      }
      return [];
    },
    judge() {
      const result = { messages, once: 0, repeated: 0, missing: 0, inTwoBatches };
      for (const [slot, times] of timesNamed.entries()) {
        if (!isSteady[slot]) continue;
        if (times === 0) result.missing += 1;
        else if (times === 1) result.once += 1;
        else result.repeated += 1;
      }
      return result;
    },
  };
}

/** The edition in its table, on the conditions of the real repository, and on a partition with a limit. */
function createStoredEdition(time: VirtualTime) {
  const batches = new Map<number, Uint32Array>();
  let progress: EditionProgress | undefined;
  let units = WRITE_UNITS_PER_SEC;
  let filledAt = time.now();

  const isAdmitted = (ids: number): boolean => {
    const now = time.now();
    units = Math.min(WRITE_UNITS_PER_SEC, units + (msBetween(filledAt, now) / 1000) * WRITE_UNITS_PER_SEC);
    filledAt = now;
    const needed = Math.ceil((BYTES_PER_ITEM + ids * BYTES_PER_ID) / 1024);
    if (units < needed) return false;
    units -= needed;
    return true;
  };
  const loadBatch = (batch: number) => {
    const known = batches.get(batch);
    return known && Array.from(known, idOf);
  };

  return {
    loadProgress: () => progress,
    saveProgress(next: EditionProgress, previous: EditionProgress | undefined) {
      if (!isAdmitted(next.pending?.batches.flat().length ?? 0)) return THROTTLED;
      const isSame =
        progress?.batches === previous?.batches &&
        progress?.isComplete === previous?.isComplete &&
        (progress?.pending === undefined) === (previous?.pending === undefined);
      if (!isSame) throw new ConflictError('the edition was moved on');
      progress = next;
      return undefined;
    },
    saveBatch(batch: number, ids: readonly string[]) {
      if (!isAdmitted(ids.length)) return THROTTLED;
      if (!batches.has(batch)) batches.set(batch, Uint32Array.from(ids, slotOf));
      return loadBatch(batch) ?? [];
    },
    loadBatch,
  };
}

const ID_LENGTH = 22;

function idOf(slot: number): string {
  return String(slot).padStart(ID_LENGTH, '0');
}

function slotOf(id: string): number {
  return Number(id);
}

function latencyOf(kind: keyof typeof LATENCIES, random: Random): number {
  const [floor, tail] = LATENCIES[kind];
  return floor - tail * Math.log(1 - random());
}

/** What a dead process waits for. */
function forever(): Promise<never> {
  return new Promise(() => {});
}

function unused(): never {
  throw new Error('the fan-out does not use this');
}
