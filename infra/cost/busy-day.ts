import { PER_MESSAGE } from '../../shared/domain/usage.ts';
import { MB_PER_PROCESSOR, sendingResources } from '../memory.ts';
import { maxWorkersOf } from '../settings/derived.ts';
import { type ChargedLine, charge, prices } from './prices.ts';
import { DIGESTS, LARGE_RATE_PER_SEC, LOG_KB_PER_RUN, mailCostOf } from './usage-cost.ts';

/** What a busy day used. */
export interface BusyDayFigures {
  /** Digests that were planned. Those without a matching paper send no mail. */
  readonly digests: number;
  readonly mails: number;
  readonly batches: number;
  /** Cohorts that were due. Each has one fan-out. */
  readonly editions: number;
  /** To read the day's announcement, and to save the papers, their listings and snapshots. */
  readonly ingest: { readonly reads: number; readonly writes: number; readonly cpuSec: number };
  /** To plan and to fan out all digests. */
  readonly planning: {
    readonly reads: number;
    readonly writes: number;
    readonly cpuSec: number;
    /** Messages that were sent, up to ten in a request. */
    readonly queueRequests: number;
  };
  /** To match and to send, for each mail. Digests without a matching paper and cold starts are included. */
  readonly perMail: { readonly reads: number; readonly writes: number; readonly cpuMs: number };
  /** The memory that a worker keeps. */
  readonly workerMb: number;
}

/**
 * The figures of `npm run bench:busy-day`: 1,500 papers in 20 categories, and 100,000 subscribers of 1 to 12 lists. The benchmark fails if
 * it measures other table units.
 */
export const busyDay: BusyDayFigures = {
  digests: 100_000,
  mails: 76_246,
  batches: 1_050,
  editions: 101,
  ingest: { reads: 6_487, writes: 11_790, cpuSec: 4.3 },
  planning: { reads: 1_455, writes: 4_399, cpuSec: 3.3, queueRequests: 278 },
  perMail: { reads: 3.83, writes: 2.34, cpuMs: 10 },
  workerMb: 157,
};

/** The processors of the functions that send. */
const CPU = sendingResources.arxiv.memoryMb / MB_PER_PROCESSOR;
const GB = sendingResources.arxiv.memoryMb / 1024;
const MS_PER_SEC = 1000;
const KB_PER_GB = 1e6;

/**
 * The cost of {@link DIGESTS} mails of a busy day, without SES. All is measured but the size of logs. A function counts while it works. If the
 * rate of the account makes it wait, {@link waitingCostOf} comes on top.
 */
export function busyDayCostOf(figures: BusyDayFigures): readonly ChargedLine[] {
  const { planning, perMail, mails, batches, editions } = figures;
  const share = DIGESTS / mails;
  const runs = (editions + batches) * share;
  const measured = new Map([
    ['Tables, read', DIGESTS * perMail.reads + planning.reads * share],
    ['Tables, written', DIGESTS * perMail.writes + planning.writes * share],
    ['Functions, running', (cpuSecOf(figures) / CPU) * GB],
    ['Functions, invoked', runs],
    ['Queues', planning.queueRequests * share + runs * PER_MESSAGE.queueRequests],
    ['Logs, written', (runs * LOG_KB_PER_RUN) / KB_PER_GB],
  ]);
  const mailing = { batchSize: mails / batches, eventTracking: false, accountRatePerSec: LARGE_RATE_PER_SEC };
  return charge(
    mailCostOf(mailing).map(({ resource, count, price, quantity, note }) => ({
      resource,
      count,
      price,
      note,
      quantity: measured.get(resource) ?? quantity,
    })),
  );
}

/** What functions cost for {@link DIGESTS} mails while they wait for their turns. */
export function waitingCostOf(figures: BusyDayFigures, accountRatePerSec: number): number {
  const workers = maxWorkersOf({ sending: { accountRatePerSec }, lists: { arxiv: {} } });
  const sec = Math.max(0, (DIGESTS * workers) / accountRatePerSec - cpuSecOf(figures) / CPU);
  return (sec * GB * prices.lambdaGbSeconds.usd) / prices.lambdaGbSeconds.per;
}

/** The processor time of {@link DIGESTS} mails. */
function cpuSecOf({ planning, perMail, mails }: BusyDayFigures): number {
  return (planning.cpuSec * DIGESTS) / mails + (DIGESTS * perMail.cpuMs) / MS_PER_SEC;
}
