import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import * as z from 'zod';
import { type BusyDayFigures, busyDay, busyDayCostOf } from '../../infra/cost/busy-day.ts';
import { dollars, totalOf } from '../../infra/cost/prices.ts';
import { tableOf } from '../../infra/markdown-table.ts';
import { maxWorkersOf } from '../../infra/settings/derived.ts';
import { type ArxivPaper, atArxiv } from '../../local/arxiv/archive.ts';
import { tableNames } from '../../shared/adapters/dynamodb/table-schema.ts';
import { addMs, type Day, MS_PER_DAY, TICK_MS } from '../../shared/domain/time.ts';
import { createRandom, pickOne, type Random } from '../../test/simulation/seeded-random.ts';
import { createQueryStream } from '../match/query-stream.ts';
import { createCrowd } from './crowd.ts';
import { createDeployment, deliver } from './deployment.ts';
import { BUSY_DAY, type BusyDayPapers, createPapers, USUAL_DAYS } from './papers.ts';
import { add, addSent, addShare, NOTHING, NOTHING_SENT, perMail, toColdStart, type Used } from './used.ts';

const SUBSCRIBERS = 100_000;
const DEFAULT_SENT = 2500;
/** A measured container sends so many batches. Then another one starts without papers in memory. */
const BATCHES_PER_CONTAINER = 10;
/**
 * How many containers start at each quarter hour with digests, if there are as many batches. Between two of them Lambda may stop an idle
 * one. So every quarter hour begins cold, and within it the containers stay warm.
 */
const CONTAINERS = maxWorkersOf({ sending: { accountRatePerSec: 14 } });
const PAPERS_A_DIGEST = 10;
const BYTES_PER_MB = 1e6;
const MS_PER_SEC = 1000;
const MICROS_PER_SEC = 1e6;

type Deployment = ReturnType<typeof createDeployment>;

/**
 * Ingests, plans, matches and sends a busy day, and prints what it used beside the figures on the cost page. All subscribers are planned.
 * About so many of them are sent their digests, in whole batches that are spread evenly over the day. Returns whether the page is right.
 */
export async function runBusyDay(print: (line: string) => void, wanted = DEFAULT_SENT): Promise<boolean> {
  const startedAt = performance.now();
  const papers = createPapers();
  const deployment = createDeployment(atArxiv(USUAL_DAYS[0] ?? BUSY_DAY, '00:00:00'));
  const ingest = await ingestDays(deployment, papers);
  await signUp(deployment, papers);
  const { planning, cold, warm, ...counts } = await liveThroughDay(deployment, papers, wanted / SUBSCRIBERS);
  const sentMails = cold.mails + warm.reduce((sum, one) => sum + one.mails, 0);
  const mails = Math.round((sentMails / counts.sentDigests) * counts.digests);
  const warmMail = perMail(warm.reduce(addSent));
  const coldStart = toColdStart(cold, warmMail);
  const measured: BusyDayFigures = {
    mails,
    digests: counts.digests,
    batches: counts.batches,
    ingest,
    planning,
    perMail: addShare(warmMail, coldStart, counts.containers / mails),
    workerMb: counts.workerBytes / BYTES_PER_MB,
  };
  const usd = (figures: BusyDayFigures) => totalOf(busyDayCostOf(figures)).usdWithoutAllowance;
  print(
    tableOf(
      ['', 'measured:', 'on the cost page:'],
      toRows(measured).map(([name, value], row) => [name, value, toRows(busyDay)[row]?.[1] ?? '']),
    ),
  );
  print(
    `Cost of 1,000 mails without SES: ${dollars(usd(measured))}, on the cost page ${dollars(usd(busyDay))}`,
  );
  print(
    `${count(counts.digests)} digests were planned, and ${count(counts.sentDigests)} of them made in ${count(counts.sentBatches)} of ${count(counts.batches)} batches. The words are those of ${papers.origin}.`,
  );
  print(
    `A cold container reads ${coldStart.reads.toFixed(0)} units and takes ${coldStart.cpuMs.toFixed(0)} ms more than a warm one. ${count(counts.containers)} start in a day.`,
  );
  const [one, two] = warm.map(perMail);
  if (one && two)
    print(
      `Every other container, when warm, used ${one.reads.toFixed(2)} and ${two.reads.toFixed(2)} read units, ${one.writes.toFixed(2)} and ${two.writes.toFixed(2)} write units, and ${one.cpuMs.toFixed(1)} and ${two.cpuMs.toFixed(1)} ms a mail.`,
    );
  print(`${((performance.now() - startedAt) / MS_PER_SEC).toFixed(0)} s of real time`);
  const problems = findDifferences(measured);
  for (const problem of problems) print(problem);
  return problems.length === 0;
}

function toRows({ mails, batches, ingest, planning, perMail: mail, workerMb }: BusyDayFigures) {
  return [
    ['mails', count(mails)],
    ['batches', count(batches)],
    ['ingest: read units', count(ingest.reads)],
    ['ingest: write units', count(ingest.writes)],
    ['ingest: CPU', `${ingest.cpuSec.toFixed(1)} s`],
    ['plan and fan out: read units', count(planning.reads)],
    ['plan and fan out: write units', count(planning.writes)],
    ['plan and fan out: CPU', `${planning.cpuSec.toFixed(1)} s`],
    ['match and send: read units a mail', mail.reads.toFixed(2)],
    ['match and send: write units a mail', mail.writes.toFixed(2)],
    ['match and send: CPU a mail', `${mail.cpuMs.toFixed(1)} ms`],
    ['memory that a worker keeps', `${workerMb.toFixed(0)} MB`],
  ] as const;
}

/** Table units do not depend on the machine. If they differ from the page by more, the page is out of date. */
const TOLERANCE = 0.05;

function findDifferences({
  mails,
  batches,
  ingest,
  planning,
  perMail: mail,
}: BusyDayFigures): readonly string[] {
  const pairs = [
    ['mails', mails, busyDay.mails],
    ['batches', batches, busyDay.batches],
    ['units of ingest', ingest.reads + ingest.writes, busyDay.ingest.reads + busyDay.ingest.writes],
    ['units of planning', planning.reads + planning.writes, busyDay.planning.reads + busyDay.planning.writes],
    ['read units a mail', mail.reads, busyDay.perMail.reads],
    ['write units a mail', mail.writes, busyDay.perMail.writes],
  ] as const;
  return pairs
    .filter(([, measured, known]) => Math.abs(measured / known - 1) > TOLERANCE)
    .map(([what, measured]) => `infra/cost/busy-day.ts is out of date: ${what} are ${measured.toFixed(2)}`);
}

function count(value: number): string {
  return Math.round(value).toLocaleString('en');
}

/** Announces and ingests the papers of each day. Returns what the busy day used. */
async function ingestDays(deployment: Deployment, { byDay }: BusyDayPapers): Promise<Used> {
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

async function signUp({ repositories }: Deployment, { byDay }: BusyDayPapers): Promise<void> {
  const papers = [...byDay.values()].flat();
  for (const one of createCrowd(SUBSCRIBERS, createQueryStream(papers, 1)))
    await repositories.subscribers.save(one);
}

const messageSchema = z.object({
  edition: z.object({ cadence: z.literal('daily'), period: z.string(), cohort: z.string() }),
  subscriberIds: z.array(z.string()),
});

type Message = z.infer<typeof messageSchema>;

/** Plans the 24 hours after the announcement, and sends a share of the batches. Each subscriber is due once. */
async function liveThroughDay(deployment: Deployment, { byDay }: BusyDayPapers, share: number) {
  const { clock, functions, messages, sink } = deployment;
  const random = createRandom(5);
  const start = atArxiv(BUSY_DAY, '00:15:00');
  clock.moveTo(start);
  await functions.planDigests();
  let planning = NOTHING;
  let cold = NOTHING_SENT;
  const warm = [NOTHING_SENT, NOTHING_SENT];
  let [batches, digests, containers, sentBatches, sentDigests] = [0, 0, 0, 0, 0];
  let worker = deployment.startWorker();
  let [bytesBefore, workerBytes] = [liveBytes(), 0];

  const send = async (body: string, message: Message) => {
    if (sentBatches > 0 && sentBatches % BATCHES_PER_CONTAINER === 0) {
      workerBytes = Math.max(workerBytes, liveBytes() - bytesBefore);
      worker = deployment.startWorker();
      bytesBefore = liveBytes();
    }
    for (const day of USUAL_DAYS)
      await rememberDigests(deployment, message, day, byDay.get(day) ?? [], random);
    const before = sink.mails;
    const used = await measure(deployment, () => deliver(worker, body));
    const sent = { ...used, batches: 1, mails: sink.mails - before };
    const container = Math.floor(sentBatches / BATCHES_PER_CONTAINER) % 2;
    if (sentBatches % BATCHES_PER_CONTAINER === 0) cold = addSent(cold, sent);
    else warm[container] = addSent(warm[container] ?? NOTHING_SENT, sent);
    sentBatches += 1;
    sentDigests += message.subscriberIds.length;
  };
  for (let tick = addMs(start, TICK_MS); tick <= addMs(start, MS_PER_DAY); tick = addMs(tick, TICK_MS)) {
    clock.moveTo(tick);
    const used = await measure(deployment, async () => {
      await functions.planDigests();
      await deployment.drain('cohorts', functions.fanOutDigests);
    });
    planning = add(planning, used);
    containers += Math.min(CONTAINERS, messages.digests.length);
    for (const body of messages.digests.splice(0)) {
      const message = messageSchema.parse(JSON.parse(body));
      batches += 1;
      digests += message.subscriberIds.length;
      if (Math.floor(batches * share) > Math.floor((batches - 1) * share)) await send(body, message);
    }
  }
  return { planning, cold, warm, batches, digests, containers, sentBatches, sentDigests, workerBytes };
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

/** Returns what some work used of the tables and of the processor. The processor time of the simulated tables is left out. */
async function measure(deployment: Deployment, work: () => Promise<void>): Promise<Used> {
  const read = () => {
    const all = tableNames.map((name) => deployment.dynamodb.units(name));
    const { user, system } = process.cpuUsage();
    return {
      reads: all.reduce((sum, { reads }) => sum + reads, 0),
      writes: all.reduce((sum, { writes }) => sum + writes, 0),
      cpuSec: (user + system - deployment.tablesCpuMicros()) / MICROS_PER_SEC,
    };
  };
  const before = read();
  await work();
  const after = read();
  return {
    reads: after.reads - before.reads,
    writes: after.writes - before.writes,
    cpuSec: after.cpuSec - before.cpuSec,
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
