import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import * as z from 'zod';
import { LARGE_RATE_PER_SEC } from '../../infra/cost/usage-cost.ts';
import { maxWorkersOf } from '../../infra/settings/derived.ts';
import { type ArxivPaper, atArxiv } from '../../local/arxiv/archive.ts';
import { countCalls } from '../../shared/adapters/meter.ts';
import { addMs, type Day, MS_PER_DAY, TICK_MS } from '../../shared/domain/time/time.ts';
import { createRandom, pickOne, type Random } from '../../test/simulation/seeded-random.ts';
import { createQueryStream } from '../match/query-stream.ts';
import { createCrowd } from './crowd.ts';
import { type createDeployment, deliver } from './deployment.ts';
import { BUSY_DAY, type BusyDayPapers, USUAL_DAYS } from './papers.ts';
import { countUnits, usedSince } from './purposes.ts';
import { add, addSent, NOTHING, NOTHING_SENT, type Used } from './used.ts';

export const SUBSCRIBERS = 100_000;

/** Minimum number of batches of one quarter hour that a measured container sends, one after the other, like a container of the day. */
const BATCHES_IN_A_ROW = 8;
/**
 * How many containers start at each quarter hour with digests, if there are as many batches. Between two of them Lambda may stop an idle
 * one. So every quarter hour begins cold, and within it the containers stay warm.
 */
const CONTAINERS = maxWorkersOf({
  sending: { accountRatePerSec: LARGE_RATE_PER_SEC },
  lists: { arxiv: {} },
});
const PAPERS_A_DIGEST = 10;
const MICROS_PER_SEC = 1e6;

type Deployment = ReturnType<typeof createDeployment>;

/** Announces and ingests the papers of each day. Returns what the busy day used. */
export async function ingestDays(deployment: Deployment, { byDay }: BusyDayPapers): Promise<Used> {
  const { arxiv, clock, functions } = deployment;
  let used = NOTHING;
  for (const [day, papers] of byDay) {
    arxiv.announce(
      day,
      papers.map((paper) => ({ paper, action: 'new' })),
    );
    clock.moveTo(atArxiv(day, '00:10:00'));
    used = await measure(deployment, async () => {
      const { papersIngested, problems } = await functions.ingestPapers('arxiv');
      // On the second day the first one is read again, because nothing showed whether its feed was late.
      if (papersIngested < papers.length || problems.length > 0)
        throw new Error(
          `${day}: ${papersIngested} of ${papers.length} papers were ingested. ${problems.join('; ')}`,
        );
    });
  }
  return used;
}

export async function signUp({ repositories }: Deployment, { byDay }: BusyDayPapers): Promise<void> {
  const papers = [...byDay.values()].flat();
  for (const subscriber of createCrowd(SUBSCRIBERS, createQueryStream(papers, 1)))
    await repositories.subscribers.save(subscriber);
}

const messageSchema = z.object({
  edition: z.object({ cadence: z.literal('daily'), period: z.string(), cohort: z.string() }),
  subscriberIds: z.array(z.string()),
});

type Message = z.infer<typeof messageSchema>;

/**
 * Plans the 24 hours after the announcement, and sends a share of the batches. Each subscriber is due once. The measured batches are those
 * that one container gets at some quarter hours with many.
 */
export async function liveThroughDay(deployment: Deployment, { byDay }: BusyDayPapers, share: number) {
  const { clock, functions, messages, sink } = deployment;
  const random = createRandom(5);
  const start = atArxiv(BUSY_DAY, '00:15:00');
  clock.moveTo(start);
  await functions.planDigests();
  let planning = NOTHING;
  let cold = NOTHING_SENT;
  const warm = [NOTHING_SENT, NOTHING_SENT];
  let [batches, digests, editions, containers, measured, sentBatches, sentDigests, workerBytes] = [
    ...[0, 0, 0, 0, 0, 0, 0, 0],
  ] as [number, number, number, number, number, number, number, number];

  /** Sends the batches in a new container. */
  const sendInContainer = async (bodies: readonly string[]) => {
    const bytesBefore = liveBytes();
    const worker = deployment.startWorker();
    for (const [position, body] of bodies.entries()) {
      const message = messageSchema.parse(JSON.parse(body));
      for (const day of USUAL_DAYS)
        await rememberDigests(deployment, message, day, byDay.get(day) ?? [], random);
      const before = sink.mails;
      const used = await measure(deployment, () => deliver(worker, body));
      const sent = { ...used, batches: 1, mails: sink.mails - before };
      if (position === 0) cold = addSent(cold, sent);
      else warm[measured % 2] = addSent(warm[measured % 2] ?? NOTHING_SENT, sent);
      sentBatches += 1;
      sentDigests += message.subscriberIds.length;
    }
    workerBytes = Math.max(workerBytes, liveBytes() - bytesBefore);
    measured += 1;
  };
  for (let tick = addMs(start, TICK_MS); tick <= addMs(start, MS_PER_DAY); tick = addMs(tick, TICK_MS)) {
    clock.moveTo(tick);
    const used = await measure(deployment, async () => {
      await functions.planDigests();
      editions += messages.cohorts.length;
      await deployment.drain('cohorts', functions.fanOutDigests);
    });
    planning = add(planning, used);
    const waiting = messages.digests.splice(0);
    containers += Math.min(CONTAINERS, waiting.length);
    batches += waiting.length;
    for (const body of waiting) digests += messageSchema.parse(JSON.parse(body)).subscriberIds.length;
    const ofOne = waiting.filter((_, n) => n % CONTAINERS === 0);
    const due = Math.floor(batches * share) - sentBatches;
    if (Math.min(due, ofOne.length) >= BATCHES_IN_A_ROW) await sendInContainer(ofOne.slice(0, due));
  }
  return {
    planning,
    cold,
    warm,
    batches,
    digests,
    editions,
    containers,
    sentBatches,
    sentDigests,
    workerBytes,
  };
}

/** Records the digests of an earlier day. A digest reads them, because it repeats none of their papers. */
async function rememberDigests(
  { repositories: { deliveries }, clock }: Deployment,
  { edition, subscriberIds }: Message,
  day: Day,
  papers: readonly ArxivPaper[],
  random: Random,
): Promise<void> {
  for (const subscriberId of subscriberIds) {
    const paperIds = Array.from({ length: PAPERS_A_DIGEST }, () => pickOne(papers, random).id);
    const key = { subscriberId, cadence: edition.cadence, period: day };
    const claim = await deliveries.claim(key, { ...edition, period: day, batch: 0 }, paperIds, clock.now());
    if (claim) await deliveries.recordOutcome(claim, { state: 'sent', messageId: subscriberId });
  }
}

/** Returns what the work used. The processor time of the simulated tables is left out. */
async function measure(deployment: Deployment, work: () => Promise<void>): Promise<Used> {
  const read = () => {
    const { user, system } = process.cpuUsage();
    return {
      ...countUnits(deployment.dynamodb),
      cpuSec: (user + system - deployment.tablesCpuMicros()) / MICROS_PER_SEC,
      purposes: deployment.purposes(),
    };
  };
  const before = read();
  const { calls } = await countCalls(work);
  const after = read();
  return {
    reads: after.reads - before.reads,
    writes: after.writes - before.writes,
    cpuSec: after.cpuSec - before.cpuSec,
    queueRequests: calls.queueRequests,
    purposes: usedSince(after.purposes, before.purposes),
  };
}

setFlagsFromString('--expose-gc');
const collectGarbage: () => void = runInNewContext('gc');

/** Returns the bytes in use after a collection of garbage. */
function liveBytes(): number {
  collectGarbage();
  const { heapUsed, external } = process.memoryUsage();
  return heapUsed + external;
}
