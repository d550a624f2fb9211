import { dollars, PRICES_DATE, PRICES_REGION, prices, totalOf } from '../../infra/cost/prices.ts';
import { DIGESTS, LARGE_RATE_PER_SEC, mailCostOf, USUAL_RATE_PER_SEC } from '../../infra/cost/usage-cost.ts';
import { tableOf } from '../../infra/markdown-table.ts';
import { type Usage, usagePrices } from '../../shared/domain/usage.ts';
import { type BatchUse, DAYS, type Measured, scale, sendDays, sum } from './days.ts';
import { sendNaively } from './naive.ts';

const RUNS = [
  ...[1_000, 10_000, 100_000].map((size) => ({ size, rate: LARGE_RATE_PER_SEC })),
  { size: 100_000, rate: USUAL_RATE_PER_SEC },
];
const DEFAULT_SENT = 3_000;
const NAIVE_PEOPLE = 200;

/** The goal with 100,000 subscribers: two percent of the price of SES. A new account may not send as many mails a day. */
const MAX_USD = 0.002;
const MIN_FIT = 0.999;
/** How far the cost page may be from the meter. */
const TOLERANCE = 0.1;
const BYTES_PER_GB = 1e9;
const BYTES_PER_KB = 1024;

const parts: readonly (readonly [string, keyof Usage])[] = [
  ['Tables, read', 'readUnits'],
  ['Tables, written', 'writeUnits'],
  ['Functions, running', 'gbSeconds'],
  ['Functions, invoked', 'invocations'],
  ['Queues', 'queueRequests'],
];

/**
 * Sends three days of digests to 1,000, 10,000 and 100,000 subscribers through the real handlers. Does so once more at the rate of a new account.
 * Prints what a thousand digests cost by the meter, beside a naive design and the cost page. Returns whether the cost is within the goal,
 * grows in proportion to the digests, and the page is right.
 */
export async function runCost(print: (line: string) => void, wanted = DEFAULT_SENT): Promise<boolean> {
  const runs = [];
  for (const { size, rate } of RUNS) runs.push({ size, rate, ...(await sendDays(size, wanted, rate)) });
  const perThousand = runs.map(({ days }) => toThousand(sum(days)));
  const columns = [...perThousand, toThousand(await sendNaively(NAIVE_PEOPLE))];
  print(
    `Prices of ${PRICES_REGION}, ${PRICES_DATE}. US dollars for 1,000 digests, without SES and free allowances.`,
  );
  print(
    tableOf(
      [
        '',
        ...runs.map(({ size, rate }) => `${size.toLocaleString('en')} subscribers, ${rate} a second:`),
        'naive design:',
      ],
      [
        ...parts.map(([name, kind]) => [name, ...columns.map(({ usage }) => dollars(priceOf(kind, usage)))]),
        ['Logs, written', ...columns.map((column) => dollars(logsOf(column)))],
        ['Total', ...columns.map((column) => dollars(usdOf(column)))],
        [
          'in % of the price of SES',
          ...columns.map((column) => `${((usdOf(column) / prices.mails.usd) * 100).toFixed(2)} %`),
        ],
      ],
    ),
  );
  print(
    `${DAYS} days each. About ${wanted.toLocaleString('en')} digests a day were sent, and all were planned.`,
  );
  const atLargeRate = runs.filter(({ rate }) => rate === LARGE_RATE_PER_SEC);
  const fit = fitLine(
    atLargeRate.flatMap(({ days }) => days.map((day) => [day.usage.mails, usdOf(day)] as const)),
  );
  print(
    `Cost of a day by its digests: ${dollars(fit.slope * DIGESTS)} for 1,000 and ${dollars(Math.abs(fit.start))} for the day, R² ${fit.r2.toFixed(5)}`,
  );
  const sampled = runs.flatMap((run) => run.sampled);
  const perBatch: readonly (readonly [string, (batch: BatchUse) => number])[] = [
    ['readUnits', ({ usage }) => usage.readUnits],
    ['writeUnits', ({ usage }) => usage.writeUnits],
    ['calls of tables', ({ calls }) => calls.dynamodb.calls],
    ['KB to tables', ({ calls }) => calls.dynamodb.requestBytes / BYTES_PER_KB],
    ['calls of SES', ({ calls }) => calls.ses.calls],
    ['KB to SES', ({ calls }) => calls.ses.requestBytes / BYTES_PER_KB],
    ['milliseconds of CPU', ({ cpuSec }) => cpuSec * 1000],
  ];
  for (const [name, amountOf] of perBatch)
    print(
      toBatchLine(
        name,
        sampled.map((batch) => [batch.digests, amountOf(batch)]),
      ),
    );
  const compared = runs.slice(-2).map(({ rate, days }) => compareWithPage(print, rate, days));
  const faults = [
    ...(fit.r2 < MIN_FIT ? [`the cost does not grow with the digests: R² is below ${MIN_FIT}`] : []),
    ...compared.flat(),
  ];
  for (const fault of faults) print(fault);
  return faults.length === 0;
}

/** Prints what the meter and the cost page say about a rate. Returns what is wrong with it. */
function compareWithPage(
  print: (line: string) => void,
  accountRatePerSec: number,
  days: readonly (Measured & { readonly batches: number })[],
): readonly string[] {
  const all = sum(days);
  const batchSize = all.usage.mails / days.reduce((count, { batches }) => count + batches, 0);
  const measured = usdOf(toThousand(all));
  const page = totalOf(
    mailCostOf({ batchSize, eventTracking: false, accountRatePerSec }),
  ).usdWithoutAllowance;
  const at = `at ${accountRatePerSec} mails a second`;
  print(
    `${at}: by the meter $${measured.toFixed(5)}, on the cost page $${page.toFixed(5)}. A batch has ${batchSize.toFixed(1)} digests.`,
  );
  return [
    ...(measured > MAX_USD && accountRatePerSec === LARGE_RATE_PER_SEC
      ? [`${at}: more than ${dollars(MAX_USD)} for 1,000 digests`]
      : []),
    ...(Math.abs(page / measured - 1) > TOLERANCE ? [`${at}: infra/cost/usage-cost.ts is out of date`] : []),
  ];
}

function toThousand(measured: Measured): Measured {
  return scale(measured, DIGESTS / measured.usage.mails);
}

function priceOf(kind: keyof Usage, usage: Usage): number {
  return (usage[kind] * usagePrices[kind].usd) / usagePrices[kind].per;
}

function logsOf({ logBytes }: Measured): number {
  return (logBytes / BYTES_PER_GB) * prices.logsIngested.usd;
}

function usdOf(measured: Measured): number {
  return parts.reduce((usd, [, kind]) => usd + priceOf(kind, measured.usage), logsOf(measured));
}

/** `readUnits: 4.02 a digest, 9.8 a batch` */
function toBatchLine(name: string, points: readonly (readonly [digests: number, value: number])[]): string {
  const { slope, start } = fitLine(points);
  return `${name}: ${slope.toFixed(3)} a digest, ${start.toFixed(2)} a batch`;
}

/** Returns the line of least squares through the points, and how much of their variance it explains. */
function fitLine(points: readonly (readonly [x: number, y: number])[]) {
  const mean = (values: readonly number[]) =>
    values.reduce((total, value) => total + value, 0) / values.length;
  const [meanX, meanY] = [mean(points.map(([x]) => x)), mean(points.map(([, y]) => y))];
  const covariance = mean(points.map(([x, y]) => (x - meanX) * (y - meanY)));
  const slope = covariance / mean(points.map(([x]) => (x - meanX) ** 2));
  const start = meanY - slope * meanX;
  const rest = mean(points.map(([x, y]) => (y - start - slope * x) ** 2));
  return { slope, start, r2: 1 - rest / mean(points.map(([, y]) => (y - meanY) ** 2)) };
}
