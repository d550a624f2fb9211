import { dollars, PRICES_DATE, PRICES_REGION, prices, totalOf } from '../../infra/cost/prices.ts';
import { DIGESTS, mailCostOf } from '../../infra/cost/usage-cost.ts';
import { tableOf } from '../../infra/markdown-table.ts';
import { type Usage, usagePrices } from '../../shared/domain/usage.ts';
import { type BatchUse, DAYS, type Measured, RATE_PER_SEC, scale, sendDays, sum } from './days.ts';
import { sendNaively } from './naive.ts';

const SIZES = [1_000, 10_000, 100_000];
const DEFAULT_SENT = 3_000;
const NAIVE_PEOPLE = 200;

/** The goal: two percent of the price of SES. */
const MAX_USD = 0.002;
const MIN_FIT = 0.999;
/** How far the cost page may be from the meter. */
const TOLERANCE = 0.1;
const BYTES_PER_GB = 1e9;

const parts: readonly (readonly [string, keyof Usage])[] = [
  ['Tables, read', 'readUnits'],
  ['Tables, written', 'writeUnits'],
  ['Functions, running', 'gbSeconds'],
  ['Functions, invoked', 'invocations'],
  ['Queues', 'queueRequests'],
];

/**
 * Sends three days of digests to 1,000, 10,000 and 100,000 subscribers through the real handlers. Prints what a thousand digests cost by the
 * meter, beside a naive design and the cost page. Returns whether the cost is within the goal, grows in proportion to the digests, and the
 * page is right.
 */
export async function runCost(print: (line: string) => void, wanted = DEFAULT_SENT): Promise<boolean> {
  const runs = [];
  for (const size of SIZES) runs.push({ size, ...(await sendDays(size, wanted)) });
  const perThousand = runs.map(({ days }) => toThousand(sum(days)));
  const columns = [...perThousand, toThousand(await sendNaively(NAIVE_PEOPLE))];
  print(
    `Prices of ${PRICES_REGION}, ${PRICES_DATE}. US dollars for 1,000 digests, without SES and free allowances.`,
  );
  print(
    tableOf(
      ['', ...SIZES.map((size) => `${size.toLocaleString('en')} subscribers:`), 'naive design:'],
      [
        ...parts.map(([name, kind]) => [name, ...columns.map(({ usage }) => dollars(priceOf(kind, usage)))]),
        ['Logs, written', ...columns.map((one) => dollars(logsOf(one)))],
        ['Total', ...columns.map((one) => dollars(usdOf(one)))],
        [
          'in % of the price of SES',
          ...columns.map((one) => `${((usdOf(one) / prices.mails.usd) * 100).toFixed(1)} %`),
        ],
      ],
    ),
  );
  const days = runs.flatMap((run) => run.days);
  const fit = fitLine(days.map((one) => [one.usage.mails, usdOf(one)]));
  const largest = runs.at(-1);
  const digests = sum(largest?.days ?? []).usage.mails;
  const batches = (largest?.days ?? []).reduce((count, one) => count + one.batches, 0);
  const batchSize = digests / batches;
  print(
    `${DAYS} days each, at ${RATE_PER_SEC} mails a second. About ${wanted.toLocaleString('en')} digests a day were sent, and all were planned. A batch of ${SIZES.at(-1)?.toLocaleString('en')} has ${batchSize.toFixed(1)} digests.`,
  );
  print(
    `Cost of a day by its digests: ${dollars(fit.slope * DIGESTS)} for 1,000 and ${dollars(Math.abs(fit.start))} for the day, R² ${fit.r2.toFixed(5)}`,
  );
  for (const kind of ['readUnits', 'writeUnits', 'gbSeconds'] as const)
    print(
      toBatchLine(
        kind,
        runs.flatMap(({ sampled }) => sampled),
      ),
    );
  const measured = usdOf(perThousand.at(-1) ?? sum([]));
  const page = totalOf(mailCostOf({ batchSize, eventTracking: false })).usdWithoutAllowance;
  print(`By the meter ${dollars(measured)}, on the cost page ${dollars(page)}.`);
  const faults = [
    ...(measured > MAX_USD ? [`more than ${dollars(MAX_USD)} for 1,000 digests`] : []),
    ...(fit.r2 < MIN_FIT ? [`the cost does not grow with the digests: R² is below ${MIN_FIT}`] : []),
    ...(Math.abs(page / measured - 1) > TOLERANCE ? ['infra/cost/usage-cost.ts is out of date'] : []),
  ];
  for (const fault of faults) print(fault);
  return faults.length === 0;
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
function toBatchLine(kind: keyof Usage, sampled: readonly BatchUse[]): string {
  const { slope, start } = fitLine(sampled.map(({ digests, usage }) => [digests, usage[kind]]));
  return `${kind}: ${slope.toFixed(3)} a digest, ${start.toFixed(2)} a batch`;
}

/** Returns the line of least squares through some points, and how much of their variance it explains. */
function fitLine(points: readonly (readonly [x: number, y: number])[]) {
  const mean = (values: readonly number[]) => values.reduce((total, one) => total + one, 0) / values.length;
  const [meanX, meanY] = [mean(points.map(([x]) => x)), mean(points.map(([, y]) => y))];
  const covariance = mean(points.map(([x, y]) => (x - meanX) * (y - meanY)));
  const slope = covariance / mean(points.map(([x]) => (x - meanX) ** 2));
  const start = meanY - slope * meanX;
  const rest = mean(points.map(([x, y]) => (y - start - slope * x) ** 2));
  return { slope, start, r2: 1 - rest / mean(points.map(([, y]) => (y - meanY) ** 2)) };
}
