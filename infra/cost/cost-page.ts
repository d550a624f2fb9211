import { tableOf } from '../markdown-table.ts';
import { busyDay, busyDayCostOf, waitingCostOf } from './busy-day.ts';
import { assumed, idleCostOf } from './idle-cost.ts';
import {
  type ChargedLine,
  dollars,
  PRICES_DATE,
  PRICES_REGION,
  type Price,
  prices,
  quantity,
  totalOf,
} from './prices.ts';
import { type Resource, RUN_SEC } from './template.ts';
import {
  DIGESTS,
  LARGE_RATE_PER_SEC,
  type Mailing,
  mailCostOf,
  readingCostOf,
  USUAL_RATE_PER_SEC,
} from './usage-cost.ts';

/** Returns the text of `docs/cost.md`, calculated from the resources of both levels of monitoring. */
export function toCostPage(deployments: Readonly<Record<'basic' | 'full', readonly Resource[]>>): string {
  const [basic, full] = [idleCostOf(deployments.basic), idleCostOf(deployments.full)];
  const reading = readingCostOf(deployments.basic);
  const [idle, idleFull, read] = [totalOf(basic), totalOf(full), totalOf(reading)];
  const sections = [
    '# What it costs',
    `\`npm run docs\` generates this page from the synthesised stacks. Prices are those of AWS in ${PRICES_REGION} in ${PRICES_DATE}, in US
dollars without tax. Other regions have other prices.`,
    `A deployment without subscribers costs **${dollars(idle.usd + read.usd)} a month** beyond the free allowances of every account:`,
    tableOf(
      ['A month', '`monitoring: basic`:', '`monitoring: full`:'],
      [
        [
          'Idle: everything but the table requests of `ingest-papers`',
          dollars(idle.usd),
          dollars(idleFull.usd),
        ],
        [
          'Reading Hugging Face Daily Papers, as by default: these table requests',
          dollars(read.usd),
          dollars(read.usd),
        ],
        ['**Total**', ...[idle, idleFull].map(({ usd }) => `**${dollars(usd + read.usd)}**`)],
        [
          'Total, if other resources of the account use up the free allowances',
          ...[idle, idleFull].map((cost) => dollars(cost.usdWithoutAllowance + read.usdWithoutAllowance)),
        ],
      ],
    ),
    'The goal is at most $1.50 for the first row, with `monitoring: basic`.',
    '## Idle, `monitoring: basic`',
    `Deployed with \`stage: prod\`, with running schedules and no subscribers. The table requests of \`ingest-papers\` are [below](#reading-hugging-face-daily-papers). ${largestOf(basic)}`,
    toTable(basic),
    '## Idle, `monitoring: full`',
    `The same deployment with separate metrics and alarms for every source, queue and function. ${largestOf(full)}`,
    toTable(full),
    '## Reading Hugging Face Daily Papers',
    'The cost depends on how many papers are listed and how often their votes change. The figures come from recorded lists of 2025\nand 2026. Ingest reads an unchanged paper and does not write it.',
    toTable(reading),
    ...toMailSection(),
    ...toBusyDaySection(),
    '## Assumptions',
    toAssumptions(),
    '## Prices',
    tableOf(['What', 'Price', 'Free each month', 'Source'], Object.values(prices).map(toPriceRow)),
  ];
  return `${sections.join('\n\n')}\n`;
}

function toTable(lines: readonly ChargedLine[]): string {
  return tableOf(
    ['What', 'Resources:', 'A month', 'Free', 'Price', 'Cost:', 'How'],
    [
      ...lines.map((line) => [
        line.resource,
        String(line.count),
        line.price ? amountOf(line.quantity, line.price) : '–',
        line.price && line.price.free > 0 ? quantity(line.price.free) : '–',
        line.price ? priceOf(line.price) : 'free',
        dollars(line.usd),
        line.note,
      ]),
      ['**Total**', '', '', '', '', `**${dollars(totalOf(lines).usd)}**`, ''],
    ],
  );
}

/** A sentence that names the lines of five cents and more, the largest first. */
function largestOf(lines: readonly ChargedLine[]): string {
  const largest = lines.filter(({ usd }) => usd >= 0.05).sort((a, b) => b.usd - a.usd);
  const words = largest.map(
    ({ resource, usd }) =>
      `${resource.replace(/^[A-Z](?=[a-z])/, (letter) => letter.toLowerCase())} (${dollars(usd)})`,
  );
  return `The largest costs are: ${words.join('; ')}.`;
}

function amountOf(amount: number, { unit }: Price): string {
  return `${quantity(amount)} ${amount === 1 ? unit.replace(/s$/, '') : unit}`;
}

function priceOf({ usd, per }: Price): string {
  const amount = usd < 0.01 ? String(usd) : usd.toFixed(usd * 100 === Math.round(usd * 100) ? 2 : 3);
  if (per === 1) return `$${amount}`;
  return `$${amount} per ${per === 1_000_000 ? 'million' : quantity(per)}`;
}

function toPriceRow(price: Price): readonly string[] {
  const { service, unit, free, source } = price;
  return [`${service}: ${unit}`, priceOf(price), free > 0 ? quantity(free) : '–', `<${source}>`];
}

/** How a large site mails. */
const largeSite = { accountRatePerSec: LARGE_RATE_PER_SEC, batchSize: 100, eventTracking: false };

/** The compared ways to mail, the one of a large site first. */
const mailings: readonly (Mailing & { readonly title: string })[] = [
  { ...largeSite, title: `batches of 100, ${LARGE_RATE_PER_SEC} mails a second` },
  {
    ...largeSite,
    title: `batches of 100, ${USUAL_RATE_PER_SEC} mails a second, a new account`,
    accountRatePerSec: USUAL_RATE_PER_SEC,
  },
  {
    ...largeSite,
    title: `batches of 100, ${LARGE_RATE_PER_SEC} mails a second, \`eventTracking: true\``,
    eventTracking: true,
  },
  { ...largeSite, title: `batches of 1, ${LARGE_RATE_PER_SEC} mails a second`, batchSize: 1 },
];

function toMailSection(): readonly string[] {
  const costs = mailings.map((mailing) => mailCostOf(mailing));
  const totals = costs.map((lines) => totalOf(lines).usdWithoutAllowance);
  const [usual = [], , , single = []] = costs;
  const [total = 0, slow = 0, tracked = 0, totalOfSingle = 0] = totals;
  const share = (usd: number, price: Price) => toPercent(usd / sesCost(price));
  return [
    '## What a mail costs',
    `SES charges ${dollars(sesCost(prices.mails))} for a thousand mails, and ${dollars(sesCost(prices.mailsOnPlan))} for accounts opened since July 2026. A digest has no attachments, so its size does not matter. The table shows
what everything else costs for a thousand daily digests, if no free allowance is left:`,
    tableOf(
      ['What', ...mailings.map(({ title }) => `${title}:`), 'How, in batches of 100'],
      [
        ...usual.map(({ resource, note }, row) => [
          resource,
          ...costs.map((lines) => dollars(lines[row]?.usdWithoutAllowance ?? 0)),
          note,
        ]),
        ['**Total**', ...totals.map((usd) => `**${dollars(usd)}**`), ''],
        ['in % of the price of SES, $0.10', ...totals.map((usd) => share(usd, prices.mails)), ''],
        ['in % of the price of SES, $0.16', ...totals.map((usd) => share(usd, prices.mailsOnPlan)), ''],
      ],
    ),
    `In batches of 100 at ${LARGE_RATE_PER_SEC} mails a second, everything but SES costs ${share(total, prices.mails)} of what SES charges, and ${share(tracked, prices.mails)} with \`eventTracking\`.
At ${USUAL_RATE_PER_SEC} mails a second it costs ${share(slow, prices.mails)}. Table requests are ${toPercent(tablesOf(usual) / total)} of the first figure. Batches are small if few subscribers share a time zone and an hour. Batches of 1 cost ${(totalOfSingle / total).toFixed(0)} times as much.
Table requests have no free allowance, and idle queues use up the allowance of queues. So table requests and queues cost money from the first digest on. In
batches of 1 that is ${dollars(chargedOf(single))} per thousand digests. All other allowances last for about ${quantity(freeDigestsOf(single))} such digests a month.`,
    `An account with ${LARGE_RATE_PER_SEC} mails a second may send 100,000 a day. With the default settings, two workers share that rate. A new account that has left the sandbox has ${USUAL_RATE_PER_SEC} mails a
second and 50,000 a day. SQS runs at least two workers, so each has only half of the rate. A worker is paid while it waits, so it costs more at a lower rate. That
is ${dollars(((slow - total) * 50_000 * 30) / DIGESTS)} more for 50,000 digests on each of 30 days. \`npm run bench:cost\` measures both rates
with the real functions, and fails if a total differs by more than a tenth. Each batch logs what it used, and the [audit](readers.md#auditing-a-day) adds it up.`,
    `At each quarter hour with new papers the fan-out also reads the index of all instant subscribers: about $0.004 for a million of them.`,
  ];
}

function toBusyDaySection(): readonly string[] {
  const { digests, mails, batches, ingest, planning, perMail, workerMb } = busyDay;
  const lines = busyDayCostOf(busyDay);
  const usd = totalOf(lines).usdWithoutAllowance;
  const atLargeRate = usd + waitingCostOf(busyDay, LARGE_RATE_PER_SEC);
  const atUsualRate = usd + waitingCostOf(busyDay, USUAL_RATE_PER_SEC);
  const toRow = (what: string, cost: number) => [
    what,
    dollars(cost),
    ...[prices.mails, prices.mailsOnPlan].map((price) => toPercent(cost / sesCost(price))),
  ];
  return [
    '## A busy day of arXiv',
    `1,500 papers in 20 categories, and 100,000 subscribers of 1 to 12 lists in 20 time zones, most with a query. ${quantity(mails)} of
them get a mail, in ${quantity(batches)} batches. \`npm run bench:busy-day\` ingests, plans and fans out the whole day, and sends some of the batches.`,
    tableOf(
      ['Work', 'Read units:', 'Write units:', 'Processor time:'],
      [
        ['Ingest, in all', quantity(ingest.reads), quantity(ingest.writes), `${ingest.cpuSec} s`],
        [
          'Plan and fan out, in all',
          quantity(planning.reads),
          quantity(planning.writes),
          `${planning.cpuSec} s`,
        ],
        ['Match and send, a mail', quantity(perMail.reads), quantity(perMail.writes), `${perMail.cpuMs} ms`],
      ],
    ),
    'A thousand of these mails cost, without SES:',
    tableOf(
      ['What', 'Cost:', 'of the price of SES, $0.10:', 'of the price of SES, $0.16:'],
      [
        toRow('while functions work', usd),
        toRow(`with their waiting, at ${LARGE_RATE_PER_SEC} mails a second`, atLargeRate),
        toRow(`with their waiting, at ${USUAL_RATE_PER_SEC} mails a second`, atUsualRate),
        toRow(
          `the same for a thousand planned digests, at ${LARGE_RATE_PER_SEC} mails a second`,
          (atLargeRate * mails) / digests,
        ),
      ],
    ),
    `The goal is 2 %. At ${LARGE_RATE_PER_SEC} mails a second and $0.16, the price of accounts opened since July 2026, it is met. At $0.10 it is met only for
each planned digest, because ${toPercent(1 - mails / digests)} of them have no papers. At ${USUAL_RATE_PER_SEC} mails a second, mails meet it at neither price. Table requests are ${dollars(tablesOf(lines))} of the first row. Functions wait for their turns, and with arXiv in the settings
\`send-digests\` has 1 GB. A worker keeps ${workerMb} MB of papers in memory.`,
    `Each quarter hour with digests begins with two new containers, which read the papers of four days. The reads and writes of digests
without papers are counted with the mails. Most processor time goes to queries that only one subscriber has.`,
  ];
}

function tablesOf(lines: readonly ChargedLine[]): number {
  return totalOf(lines.filter(({ price }) => price === prices.tableReads || price === prices.tableWrites))
    .usdWithoutAllowance;
}

/** The cost from the first digest on. It includes SQS because the idle queues use up its allowance. */
function chargedOf(lines: readonly ChargedLine[]): number {
  return totalOf(lines.filter((line) => !isFree(line))).usdWithoutAllowance;
}

/** The number of digests a month within the allowances, in full thousands. */
function freeDigestsOf(lines: readonly ChargedLine[]): number {
  const lasting = lines
    .filter(isFree)
    .map(({ price, quantity: perMailing }) => ((price?.free ?? 0) * DIGESTS) / perMailing);
  return Math.floor(Math.min(...lasting) / DIGESTS) * DIGESTS;
}

function isFree({ price }: ChargedLine): boolean {
  return price !== undefined && price.free > 0 && price !== prices.sqsRequests;
}

function sesCost({ usd, per }: Price): number {
  return (usd * DIGESTS) / per;
}

function toPercent(share: number): string {
  return `${(share * 100).toFixed(share < 0.1 ? 1 : 0)} %`;
}

function toAssumptions(): string {
  const runs = Object.entries(RUN_SEC).map(([name, seconds]) => `${seconds} s for \`${name}\``);
  return [
    '- A month has 730 hours. An event source always has five requests open at its empty queue, each for 20 seconds.',
    `- A scheduled run takes ${runs.join(' and ')}, cold start included. It writes ${quantity(assumed.logBytesPerRun)} bytes of logs.`,
    `- The tables hold ${assumed.storedGb} GB, a year of papers. The bundles in the bucket of \`cdk bootstrap\` take ${assumed.bootstrapGb} GB.`,
    '- 30 papers are listed on a weekday and none at weekends. A paper has 2.6 KB. Ingest reads it for four days, and finds new votes in 30 of these reads.',
    '- Nothing fails. Retries cost extra.',
  ].join('\n');
}
