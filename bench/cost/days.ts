import { memoryMb } from '../../infra/memory.ts';
import { maxWorkersOf } from '../../infra/settings/derived.ts';
import { countCalls, type MeteredCalls } from '../../shared/adapters/meter.ts';
import { addDays, addMs, type Day, MS_PER_DAY, TICK_MS } from '../../shared/domain/time/time.ts';
import { addUsage, NO_USAGE, PER_MESSAGE, type Usage } from '../../shared/domain/usage.ts';
import type { Telemetry } from '../../shared/observability.ts';
import { makeHfItem } from '../../test/factories/hf-item.ts';
import { createCrowd } from '../busy-day/crowd.ts';
import { createDeployment, deliver } from '../busy-day/deployment.ts';

/** A Tuesday. The digests of the three days look back at papers that were listed since the Thursday before. */
const FIRST_DAY: Day = '2026-11-03';
export const DAYS = 3;
const PAPERS_A_DAY = 30;
/** Makes ids as long as real ones. */
const ID_END = 'of-model';
/** About as long as a usual abstract. */
const ABSTRACT = 'A sentence of an abstract that says what a model learned and how. '.repeat(20);

/** Batches that one container sends, before another one starts without papers in memory. */
const BATCHES_PER_CONTAINER = 10;

/** What one processor comes with, and how long the calls of a batch and of a fan-out take that wait for each other. */
const MB_PER_PROCESSOR = 1769;
const MB_PER_GB = 1024;
const CALLS_SEC = 0.3;
const MICROS_PER_SEC = 1e6;

/** The bytes around each line of a function, and those of the lines of Lambda and of the metrics for each run. */
const BYTES_PER_LINE = 250;
const BYTES_PER_RUN = 1_200;

/** What one day used. */
interface DayUse {
  readonly usage: Usage;
  readonly logBytes: number;
  readonly batches: number;
}

/** What one batch used. */
export interface BatchUse {
  readonly digests: number;
  readonly usage: Usage;
  readonly calls: MeteredCalls;
  readonly cpuSec: number;
}

export type Measured = Pick<DayUse, 'usage' | 'logBytes'>;

/** A run of a function, its calls and its processor time. */
interface MeteredRun extends Measured {
  readonly calls: MeteredCalls;
  readonly cpuSec: number;
}

type Deployment = ReturnType<typeof createDeployment>;

/**
 * Sends three days of daily digests with default preferences to `subscribers` people, who live in 20 time zones and chose some hours. All
 * are planned and fanned out. About `wanted` a day are sent theirs, in whole batches that are spread evenly. They are the same people
 * each day, so the ledger is read as it would be.
 *
 * @param accountRatePerSec the rate of the account. As many workers share it as do by default
 */
export async function sendDays(subscribers: number, wanted: number, accountRatePerSec: number) {
  const maxWorkers = maxWorkersOf({ sending: { accountRatePerSec } });
  let logBytes = 0;
  const log = (sentence: string, fields: object = {}) => {
    logBytes += BYTES_PER_LINE + Buffer.byteLength(JSON.stringify({ sentence, ...fields }));
  };
  const telemetry: Telemetry = { info: log, warn: log, error: log, count: () => {} };
  const start = addMs(`${FIRST_DAY}T00:00:00.000Z`, -TICK_MS);
  const deployment = createDeployment(start, {
    lists: 'hf-daily',
    fetch: fetchLists,
    maxSendRate: accountRatePerSec,
    maxWorkers,
    telemetry,
  });
  const { clock, functions, messages, repositories } = deployment;
  await functions.ingestPapers('hf-daily');
  for (const { subscriptions, id, ...subscriber } of createCrowd(subscribers, () => '')) {
    const [first] = subscriptions;
    await repositories.subscribers.save({
      ...subscriber,
      id: `${id}-${ID_END}`,
      subscriptions: first ? [{ ...first, lists: ['hf-daily'] }] : [],
    });
  }
  await functions.planDigests();

  const meterRun = async (
    name: 'send-digests' | 'fan-out-digests',
    run: () => Promise<void>,
  ): Promise<MeteredRun> => {
    const bytesBefore = logBytes;
    const { calls, cpuSec } = await measure(deployment, run);
    // A worker that is busy sends at its pace. The clock does not show that, because between two samples it may save up turns.
    const waitedSec = calls.mails / (accountRatePerSec / maxWorkers);
    const sec = CALLS_SEC + Math.max(waitedSec, (cpuSec * MB_PER_PROCESSOR) / memoryMb[name]);
    const usage = { ...toUsage(calls), gbSeconds: (sec * memoryMb[name]) / MB_PER_GB };
    return {
      usage: addUsage([usage, PER_MESSAGE]),
      calls,
      cpuSec,
      logBytes: logBytes - bytesBefore + BYTES_PER_RUN,
    };
  };

  const days: DayUse[] = [];
  const sampled: BatchUse[] = [];
  const share = Math.min(1, wanted / subscribers);
  for (let day = 0; day < DAYS; day += 1) {
    const midnight = addMs(`${FIRST_DAY}T00:00:00.000Z`, day * MS_PER_DAY);
    const fannedOut: Measured[] = [];
    const sent: Measured[] = [];
    let [batches, people, asked] = [0, 0, 0];
    let worker = deployment.startWorker();
    for (let tick = midnight; tick < addMs(midnight, MS_PER_DAY); tick = addMs(tick, TICK_MS)) {
      if (tick > clock.now()) clock.moveTo(tick);
      if (tick === midnight) await functions.ingestPapers('hf-daily');
      const planned = await countCalls(() => functions.planDigests());
      // Table units of a tick are idle cost. Its messages are not.
      fannedOut.push({ usage: { ...NO_USAGE, queueRequests: planned.calls.queueRequests }, logBytes: 0 });
      for (let body = messages.cohorts.shift(); body !== undefined; body = messages.cohorts.shift()) {
        const message = body;
        fannedOut.push(await meterRun('fan-out-digests', () => deliver(functions.fanOutDigests, message)));
      }
      for (const body of messages.digests.splice(0)) {
        const { subscriberIds }: { subscriberIds: readonly string[] } = JSON.parse(body);
        people += subscriberIds.length;
        batches += 1;
        if (Math.floor(batches * share) === Math.floor((batches - 1) * share)) continue;
        if (sent.length % BATCHES_PER_CONTAINER === 0) worker = deployment.startWorker();
        const used = await meterRun('send-digests', () => deliver(worker, body));
        asked += subscriberIds.length;
        sent.push(used);
        sampled.push({ digests: subscriberIds.length, ...used });
      }
    }
    const [of, all] = [sum(sent), sum(fannedOut)];
    days.push({ ...sum([scale(of, people / asked), all]), batches });
  }
  return { days, sampled };
}

/** Returns what all of it used together. */
export function sum(parts: readonly Measured[]): Measured {
  return {
    usage: addUsage(parts.map(({ usage }) => usage)),
    logBytes: parts.reduce((total, { logBytes }) => total + logBytes, 0),
  };
}

export function scale({ usage, logBytes }: Measured, factor: number): Measured {
  const scaled = Object.entries(usage).map(([kind, value]) => [kind, value * factor]);
  return { usage: Object.fromEntries(scaled) as Usage, logBytes: logBytes * factor };
}

export function toUsage({ readUnits, writeUnits, queueRequests, mails }: MeteredCalls): Usage {
  return { ...NO_USAGE, readUnits, writeUnits, queueRequests, mails };
}

/** Runs the work. Returns its calls, and its processor time without that of the simulated tables. */
async function measure(deployment: Deployment, work: () => Promise<void>) {
  const read = () => {
    const { user, system } = process.cpuUsage();
    return user + system - deployment.tablesCpuMicros();
  };
  const before = read();
  const { calls } = await countCalls(work);
  return { calls, cpuSec: (read() - before) / MICROS_PER_SEC };
}

/** Answers like Hugging Face: the same number of papers on each weekday. */
const fetchLists: typeof fetch = async (input) => {
  const url = new URL(input instanceof Request ? input.url : input);
  const day = url.searchParams.get('date') ?? '';
  const weekday = new Date(`${day}T00:00:00.000Z`).getUTCDay();
  const isListed = weekday % 6 !== 0 && day >= addDays(FIRST_DAY, -5);
  const items = Array.from({ length: isListed ? PAPERS_A_DAY : 0 }, (_, n) =>
    makeHfItem({
      id: `${day.slice(2, 4)}${day.slice(5, 7)}.${day.slice(8)}${String(n).padStart(3, '0')}`,
      submittedOnDailyAt: `${day}T00:00:00.000Z`,
      upvotes: n,
      summary: ABSTRACT,
    }),
  );
  return Response.json(items);
};
