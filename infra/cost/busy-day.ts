import { type ChargedLine, charge } from './prices.ts';
import { DIGESTS, LARGE_RATE_PER_SEC, mailCostOf } from './usage-cost.ts';

/** What a busy day used. */
export interface BusyDayFigures {
  /** Digests that were planned. Those without a matching paper send no mail. */
  readonly digests: number;
  readonly mails: number;
  readonly batches: number;
  /** To read the day's announcement, and to save the papers, their listings and snapshots. */
  readonly ingest: { readonly reads: number; readonly writes: number; readonly cpuSec: number };
  /** To plan and to fan out all digests. */
  readonly planning: { readonly reads: number; readonly writes: number; readonly cpuSec: number };
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
  mails: 75_667,
  batches: 1_050,
  ingest: { reads: 6_487, writes: 11_788, cpuSec: 4 },
  planning: { reads: 1_455, writes: 4_399, cpuSec: 2.8 },
  perMail: { reads: 4.32, writes: 2.35, cpuMs: 7.8 },
  workerMb: 160,
};

/** The share of a processor that a function with 1 GB has. */
const CPU_AT_1_GB = 1024 / 1769;
const MS_PER_SEC = 1000;

/**
 * The cost of {@link DIGESTS} mails of a busy day, without SES. The table units and the running time are measured. The rest is calculated
 * as for any mail.
 */
export function busyDayCostOf(figures: BusyDayFigures): readonly ChargedLine[] {
  const { planning, perMail, mails, batches } = figures;
  const share = DIGESTS / mails;
  const cpuSec = planning.cpuSec * share + (DIGESTS * perMail.cpuMs) / MS_PER_SEC;
  const measured = new Map([
    ['Tables, read', DIGESTS * perMail.reads + planning.reads * share],
    ['Tables, written', DIGESTS * perMail.writes + planning.writes * share],
    ['Functions, running', cpuSec / CPU_AT_1_GB],
  ]);
  return charge(
    mailCostOf({
      batchSize: mails / batches,
      eventTracking: false,
      accountRatePerSec: LARGE_RATE_PER_SEC,
    }).map(({ resource, count, price, quantity, note }) => ({
      ...{ resource, count, price, note },
      quantity: measured.get(resource) ?? quantity,
    })),
  );
}
