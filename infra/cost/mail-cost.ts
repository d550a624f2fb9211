import { type ChargedLine, charge } from './cost-line.ts';
import { prices } from './prices.ts';
import { PAPERS_IN_WINDOW } from './reading-cost.ts';

/** How digests are mailed that are to be paid for. */
export interface Mailing {
  /** How many share a batch: 50 in a large cohort, 1 where everybody has an hour of their own. */
  readonly batchSize: number;
  readonly eventTracking: boolean;
}

const DIGESTS = 1000;
const KB_PER_GB = 1e6;

/** What one digest takes of the tables, in the units that are charged (`shared/pipeline/send-digest.ts`). */
const perDigest = {
  reads: {
    ledger: 1,
    // Before the papers are chosen and behind the claim, as what was sent: 23 days of daily digests, and next to none of the others.
    profile: 2,
    papersSent: 2 * (4 + 1),
  },
  writes: { claim: 1, settle: 1 },
} as const;

/** What one batch takes, shared by its digests (`fan-out.ts`, `paper-window.ts`, `send.ts`). */
const perBatch = {
  /**
   * Papers take half a unit each, because it does not matter whether they are a second old. The progress is read with the batch
   * that an earlier release may have left.
   */
  reads: { members: 2, progress: 2, listings: 4, papers: PAPERS_IN_WINDOW / 2, source: 1 },
  /**
   * Written with 50 ids and once more with its counts, 3 KB each time; a small one is 1 KB. Its edition enters the index of the
   * day with its first batch.
   */
  largeWrites: { record: 3, counts: 3, progress: 2, index: 1 },
  smallWrites: { record: 1, counts: 1, progress: 2, index: 1 },
  /** Of 1 GB: to start and read the papers, and for each digest at 15 a second. */
  startSec: 1.5,
  secPerDigest: 1 / 15,
  fanOutGbSeconds: 0.5,
  /** A message on each queue: put there, received, deleted. */
  queueRequests: 2 * 3,
  functions: 2,
  logKb: 2 * 2,
} as const;

/** What the two events of a mail take, that it was sent and that it was delivered. */
const perTrackedMail = {
  events: 2,
  reads: 2 + 1,
  gbSecondsPerCall: 0.03,
  logKbPerCall: 1,
  /** How many events a function is handed at once when mails go out fast, and when they do not. */
  eventsPerCall: { many: 4, one: 1 },
} as const;

/** Of many runs in the same second, X-Ray records the first and a twentieth of the others. */
const TRACED_SHARE = 0.2;

/** What a thousand digests cost beside SES, at list prices. */
export function mailCostOf({ batchSize, eventTracking }: Mailing): readonly ChargedLine[] {
  const isSmall = batchSize < 10;
  const batches = DIGESTS / batchSize;
  const events = eventTracking ? DIGESTS * perTrackedMail.events : 0;
  const calls = events / (isSmall ? perTrackedMail.eventsPerCall.one : perTrackedMail.eventsPerCall.many);
  const runs = batches * perBatch.functions + calls;
  const batchSec = perBatch.startSec + perBatch.secPerDigest * batchSize;
  const writesPerBatch = isSmall ? perBatch.smallWrites : perBatch.largeWrites;
  const line = { count: 0 };
  const [oneRead, manyReads] = [sum(perDigest.reads), sum(perBatch.reads)];
  const [oneWrite, manyWrites] = [sum(perDigest.writes), sum(writesPerBatch)];
  return charge([
    {
      ...line,
      resource: 'Tables, read',
      quantity:
        DIGESTS * oneRead + batches * manyReads + (eventTracking ? DIGESTS * perTrackedMail.reads : 0),
      price: prices.tableReads,
      note: `${oneRead} units a digest, of which ${perDigest.reads.papersSent} ask what was sent before; ${manyReads} a batch; ${perTrackedMail.reads} for events`,
    },
    {
      ...line,
      resource: 'Tables, written',
      quantity: DIGESTS * oneWrite + batches * manyWrites,
      price: prices.tableWrites,
      note: `${oneWrite} units a digest: claim and settle; ${manyWrites} a batch`,
    },
    {
      ...line,
      resource: 'Functions, running',
      quantity: batches * (batchSec + perBatch.fanOutGbSeconds) + calls * perTrackedMail.gbSecondsPerCall,
      price: prices.lambdaGbSeconds,
      note: `${batchSec.toFixed(1)} s a batch at 1 GB, and what fans out and takes in events`,
    },
    {
      ...line,
      resource: 'Functions, invoked',
      quantity: runs,
      price: prices.lambdaRequests,
      note: 'all three',
    },
    {
      ...line,
      resource: 'Queues',
      quantity: batches * perBatch.queueRequests + events + 2 * calls,
      price: prices.sqsRequests,
      note: 'each message put there, received and deleted',
    },
    {
      ...line,
      resource: 'Topic of SES events',
      quantity: events,
      price: prices.snsPublishes,
      note: 'sent, delivered',
    },
    {
      ...line,
      resource: 'Logs, written',
      quantity: (batches * perBatch.logKb + calls * perTrackedMail.logKbPerCall) / KB_PER_GB,
      price: prices.logsIngested,
      note: 'two to four lines a run',
    },
    {
      ...line,
      resource: 'Traces',
      quantity: isSmall ? runs : runs * TRACED_SHARE,
      price: prices.traces,
      note: 'every run, where they are seconds apart; a fifth of them in a rush',
    },
  ]);
}

function sum(units: Readonly<Record<string, number>>): number {
  return Object.values(units).reduce((total, one) => total + one, 0);
}
