import { type BusyDayFigures, busyDay, busyDayCostOf, waitingCostOf } from '../../infra/cost/busy-day.ts';
import { dollars, totalOf } from '../../infra/cost/prices.ts';
import { LARGE_RATE_PER_SEC, USUAL_RATE_PER_SEC } from '../../infra/cost/usage-cost.ts';
import { tableOf } from '../../infra/markdown-table.ts';
import { atArxiv } from '../../local/arxiv/archive.ts';
import { ingestDays, liveThroughDay, SUBSCRIBERS, signUp } from './day.ts';
import { createDeployment } from './deployment.ts';
import { BUSY_DAY, createPapers, USUAL_DAYS } from './papers.ts';
import type { Purposes } from './purposes.ts';
import { addSent, addShare, NOTHING_SENT, perMail, toColdStart } from './used.ts';

const DEFAULT_SENT = 2500;
const BYTES_PER_MB = 1e6;
const MS_PER_SEC = 1000;

/**
 * Ingests, plans, matches and sends a busy day, and prints what it used beside the figures on the cost page. All subscribers are planned.
 * About `digests` of them are sent their digests, in whole batches that are spread evenly over the day. Returns whether the page is right.
 */
export async function runBusyDay(print: (line: string) => void, wanted = DEFAULT_SENT): Promise<boolean> {
  const startedAt = performance.now();
  const papers = createPapers();
  const deployment = createDeployment(atArxiv(USUAL_DAYS[0] ?? BUSY_DAY, '00:00:00'));
  const ingest = await ingestDays(deployment, papers);
  await signUp(deployment, papers);
  const { planning, cold, warm, ...counts } = await liveThroughDay(deployment, papers, wanted / SUBSCRIBERS);
  const sentMails = cold.mails + warm.reduce((sum, used) => sum + used.mails, 0);
  const mails = Math.round((sentMails / counts.sentDigests) * counts.digests);
  const allWarm = warm.reduce(addSent, NOTHING_SENT);
  const warmMail = perMail(allWarm);
  const coldStart = toColdStart(cold, warmMail);
  const measured: BusyDayFigures = {
    mails,
    digests: counts.digests,
    batches: counts.batches,
    editions: counts.editions,
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
  printItems(print, measured);
  printPurposes(print, 'Plan and fan out, for 1,000 mails', planning.purposes, 1_000 / mails);
  printPurposes(print, 'Warm containers, for 1,000 mails', allWarm.purposes, 1_000 / allWarm.mails);
  printPurposes(print, 'The first batch of a container', cold.purposes, 1 / cold.batches);
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

/** Prints what a thousand mails cost by item. */
function printItems(print: (line: string) => void, figures: BusyDayFigures): void {
  const lines = busyDayCostOf(figures).filter(({ quantity }) => quantity > 0);
  print(
    tableOf(
      ['1,000 mails:', 'quantity:', 'cost:'],
      lines.map(({ resource, quantity, usdWithoutAllowance }) => [
        ...[resource, quantity.toPrecision(4), `$${usdWithoutAllowance.toFixed(6)}`],
      ]),
    ),
  );
  for (const rate of [LARGE_RATE_PER_SEC, USUAL_RATE_PER_SEC])
    print(`At ${rate} mails a second, waiting costs ${dollars(waitingCostOf(figures, rate))} more.`);
}

/** Prints the table units of each purpose, the most expensive first. A write costs as much as five reads. */
function printPurposes(print: (line: string) => void, title: string, purposes: Purposes, share: number) {
  const rows = [...purposes].filter(([, { reads, writes }]) => reads + writes > 0);
  rows.sort(([, a], [, b]) => b.reads + 5 * b.writes - (a.reads + 5 * a.writes));
  print(
    tableOf(
      [title, 'read units:', 'write units:'],
      rows.map(([purpose, { reads, writes }]) => [
        ...[purpose, (reads * share).toFixed(1), (writes * share).toFixed(1)],
      ]),
    ),
  );
}

function toRows({ mails, batches, editions, ingest, planning, perMail: mail, workerMb }: BusyDayFigures) {
  return [
    ['mails', count(mails)],
    ['batches', count(batches)],
    ['cohorts that were due', count(editions)],
    ['ingest: read units', count(ingest.reads)],
    ['ingest: write units', count(ingest.writes)],
    ['ingest: CPU', `${ingest.cpuSec.toFixed(1)} s`],
    ['plan and fan out: read units', count(planning.reads)],
    ['plan and fan out: write units', count(planning.writes)],
    ['plan and fan out: queue requests', count(planning.queueRequests)],
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
