import { memoryMb } from '../memory.ts';
import { maxWorkersOf } from '../settings/derived.ts';
import { settingsSchema } from '../settings/schema.ts';
import { type ChargedLine, charge, prices, quantity } from './prices.ts';
import { countRuns, type Resource } from './template.ts';

/**
 * Hugging Face Daily Papers in recorded answers of 2025 and 2026: 23 papers on the median weekday, 32 and more in the summer of
 * 2026. A stored paper has 2.6 KB on average, which is one unit to read and three to write.
 */
const huggingFace = {
  papersPerWeekday: 30,
  weekdaysAMonth: 21.75,
  /** Today and the three days before. */
  daysRead: 4,
  /** Reads that find new votes, comments or stars of a paper, in its four days. */
  changesPerPaper: 30,
  /** By its save, and for the snapshot of its day. */
  readsPerPaper: 2,
  writesPerPaper: 3,
  /** Before the listings are saved, and for the snapshot. A day has 4.5 KB. */
  readsPerListingDay: 2 * 2,
  /** Of 36 days, with their votes: 34 KB. */
  readsOfHeaders: 9,
  /** The header of one day, with its votes. */
  writesPerHeader: 2,
  /** New papers and summaries, in the four days of a list-day. */
  textsPerDay: 30,
  /** The text of a day has 45 KB. The one that it replaces is deleted, which costs as much. */
  writesPerText: 2 * 45,
} as const;

/** Papers on the lists of four days, averaged over weekends. */
const PAPERS_IN_WINDOW = Math.round((huggingFace.papersPerWeekday * huggingFace.daysRead * 5) / 7);

/** The monthly cost of the table requests of ingest. The idle cost holds its running time. */
export function readingCostOf(resources: readonly Resource[]): readonly ChargedLine[] {
  const { papersPerWeekday, weekdaysAMonth, daysRead, changesPerPaper, ...units } = huggingFace;
  const runs = countRuns(resources, 'ingest-papers');
  const newPapers = Math.round(papersPerWeekday * weekdaysAMonth);
  const changedHeaders = Math.round((runs * daysRead * 5) / 7);
  const texts = Math.round(units.textsPerDay * weekdaysAMonth);
  return charge([
    {
      resource: 'Stored papers, read',
      count: 1,
      quantity: runs * PAPERS_IN_WINDOW * units.readsPerPaper,
      price: prices.tableReads,
      note: `${PAPERS_IN_WINDOW} papers at each of ${quantity(runs)} reads, twice: to find what changed, and for the snapshots`,
    },
    {
      resource: 'Listings and the state of the source, read',
      count: 1,
      quantity: runs * (daysRead * units.readsPerListingDay + 1),
      price: prices.tableReads,
      note: `${daysRead} days and the state at each read`,
    },
    {
      resource: 'Snapshots, read',
      count: 1,
      quantity: runs * units.readsOfHeaders,
      price: prices.tableReads,
      note: 'the votes of 36 days at each read',
    },
    {
      resource: 'Papers, written',
      count: 1,
      quantity: newPapers * (changesPerPaper + 1) * units.writesPerPaper,
      price: prices.tableWrites,
      note: `${newPapers} new papers, each written again ${changesPerPaper} times because its votes changed`,
    },
    {
      resource: 'Listings and the state of the source, written',
      count: 1,
      quantity: 2 * newPapers + runs,
      price: prices.tableWrites,
      note: 'each listing by its day and by its paper, the state at every read',
    },
    {
      resource: 'Snapshots, written',
      count: 1,
      quantity: changedHeaders * units.writesPerHeader + texts * units.writesPerText,
      price: prices.tableWrites,
      note: `the votes of a day ${quantity(changedHeaders)} times, its texts ${texts} times`,
    },
  ]);
}

/** How digests are sent. */
export interface Mailing {
  /** Digests in a batch: 100 in a large cohort, 1 if every subscriber has an hour of their own. */
  readonly batchSize: number;
  readonly eventTracking: boolean;
  /** The rate of the SES account in mails a second. By default there are as many workers. */
  readonly accountRatePerSec: number;
}

/** The rate of an account that may send 100,000 mails a day, in mails a second. */
export const LARGE_RATE_PER_SEC = 50;

/** The rate of a new account, and the default of the settings. Such an account may send 50,000 mails a day. */
export const USUAL_RATE_PER_SEC = settingsSchema.shape.sending.parse({}).accountRatePerSec;

/** The number of digests that {@link mailCostOf} prices. */
export const DIGESTS = 1000;

const KB_PER_GB = 1e6;
const MB_PER_GB = 1024;

/** Table units of one digest. */
const perDigest = {
  /** Each is read twice: before the papers are chosen, at half price, and after the claim. */
  reads: {
    profile: 0.5 + 1,
    // Nine days of daily digests are 4 KB. The other cadences hardly add to it.
    ledger: 0.5 + 1,
  },
  writes: { claim: 1, settle: 1 },
} as const;

export const LOG_KB_PER_RUN = 1.7;

/** Use of one batch, shared by its digests. */
const perBatch = {
  /**
   * The headers of four days have 5 KB. The texts of three weekdays have 45 KB each. One batch in ten reads them: the first one of a
   * container, or one after a new paper. No batch reads single papers. The progress is read with the batch that an earlier release may
   * have left.
   */
  reads: { members: 2, progress: 2, snapshotHeaders: 2, snapshotTexts: Math.round((3 * 12) / 10), source: 1 },
  /**
   * A batch of 100 ids takes 3 KB, and is written again with its counts. Its ids are in the progress first. The first batch adds its
   * edition to the day's index.
   */
  largeWrites: { record: 3, counts: 3, progress: 3, index: 1 },
  smallWrites: { record: 1, counts: 1, progress: 2, index: 1 },
  /** Seconds of a batch, with its share of a start. Its digests wait for the pace. */
  startSec: 0.5,
  fanOutSec: 0.1,
  /** A message on each of two queues: sent, received, deleted. */
  queueRequests: 2 * 3,
  functions: 2,
  logKb: 2 * LOG_KB_PER_RUN,
} as const;

/** Use of the two events of a mail: sent and delivered. */
const perTrackedMail = {
  events: 2,
  reads: 2 + 1,
  secPerCall: 0.06,
  logKbPerCall: 1,
  /** Events in one invocation, while mails are sent fast and while they are not. */
  eventsPerCall: { many: 4, one: 1 },
} as const;

/** The cost of {@link DIGESTS} digests, without SES. */
export function mailCostOf({ batchSize, eventTracking, accountRatePerSec }: Mailing): readonly ChargedLine[] {
  const isSmall = batchSize < 10;
  const batches = DIGESTS / batchSize;
  const events = eventTracking ? DIGESTS * perTrackedMail.events : 0;
  const calls = events / (isSmall ? perTrackedMail.eventsPerCall.one : perTrackedMail.eventsPerCall.many);
  const runs = batches * perBatch.functions + calls;
  const secPerDigest = maxWorkersOf({ sending: { accountRatePerSec } }) / accountRatePerSec;
  const batchSec = perBatch.startSec + secPerDigest * batchSize;
  const [digestReads, batchReads] = [sum(perDigest.reads), sum(perBatch.reads)];
  const snapshotReads = perBatch.reads.snapshotHeaders + perBatch.reads.snapshotTexts;
  const digestWrites = sum(perDigest.writes);
  const batchWrites = sum(isSmall ? perBatch.smallWrites : perBatch.largeWrites);
  const lines = [
    {
      resource: 'Tables, read',
      quantity:
        DIGESTS * digestReads + batches * batchReads + (eventTracking ? DIGESTS * perTrackedMail.reads : 0),
      price: prices.tableReads,
      note: `${digestReads} units a digest (half of them find the papers sent before); ${batchReads} a batch (${snapshotReads} read snapshots); with events ${perTrackedMail.reads} more a digest`,
    },
    {
      resource: 'Tables, written',
      quantity: DIGESTS * digestWrites + batches * batchWrites,
      price: prices.tableWrites,
      note: `${digestWrites} units a digest: claim and outcome; ${batchWrites} a batch`,
    },
    {
      resource: 'Functions, running',
      quantity:
        batches * (batchSec * gbOf('send-digests') + perBatch.fanOutSec * gbOf('fan-out-digests')) +
        calls * perTrackedMail.secPerCall * gbOf('handle-feedback'),
      price: prices.lambdaGbSeconds,
      note: `${batchSec.toFixed(1)} s a batch at ${memoryMb['send-digests']} MB, and the runs that fan out and handle events`,
    },
    {
      resource: 'Functions, invoked',
      quantity: runs,
      price: prices.lambdaRequests,
      note: '`fan-out-digests`, `send-digests` and, with events, `handle-feedback`',
    },
    {
      resource: 'Queues',
      quantity: batches * perBatch.queueRequests + events + 2 * calls,
      price: prices.sqsRequests,
      note: 'each message is sent, received and deleted',
    },
    {
      resource: 'Topic of SES events',
      quantity: events,
      price: prices.snsPublishes,
      note: 'sent, delivered. Without `eventTracking` only bounces, complaints and rejected mails are published',
    },
    {
      resource: 'Logs, written',
      quantity: (batches * perBatch.logKb + calls * perTrackedMail.logKbPerCall) / KB_PER_GB,
      price: prices.logsIngested,
      note: 'two to four lines a run',
    },
  ];
  return charge(lines.map((line) => ({ count: 0, ...line })));
}

function gbOf(name: keyof typeof memoryMb): number {
  return memoryMb[name] / MB_PER_GB;
}

function sum(units: Readonly<Record<string, number>>): number {
  return Object.values(units).reduce((total, count) => total + count, 0);
}
