import { tableOf } from '../markdown-table.ts';
import { type ChargedLine, totalOf } from './cost-line.ts';
import { type Mailing, mailCostOf } from './mail-cost.ts';
import { type Price, prices } from './prices.ts';
import { dollars, quantity } from './wording.ts';

const MAILS = 1000;

/** The ways of mailing that are compared, the usual one first. */
const mailings: readonly (Mailing & { readonly title: string })[] = [
  { title: 'in batches of 50', batchSize: 50, eventTracking: true },
  { title: 'in batches of 50, `eventTracking: false`', batchSize: 50, eventTracking: false },
  { title: 'each alone in its batch', batchSize: 1, eventTracking: true },
];

/** What a thousand digests cost, in paragraphs and a table. */
export function toMailSection(): readonly string[] {
  const costs = mailings.map((mailing) => mailCostOf(mailing));
  const totals = costs.map((lines) => totalOf(lines).usdWithoutAllowance);
  const [usual = [], , lonely = []] = costs;
  const [total = 0, untracked = 0, alone = 0] = totals;
  const share = (usd: number, price: Price) => toPercent(usd / sesCost(price));
  return [
    '## What a mail costs',
    `SES charges ${dollars(sesCost(prices.mails))} for a thousand mails, ${dollars(sesCost(prices.mailsOnPlan))} on the plan that accounts start on which were opened since July 2026. A digest of
80 KB without attachments costs no more. All else that a thousand daily digests take, at list prices, nothing of it free:`,
    tableOf(
      ['What', ...mailings.map(({ title }) => `${title}:`), 'How, in batches of 50'],
      [
        ...usual.map(({ resource, note }, row) => [
          resource,
          ...costs.map((lines) => dollars(lines[row]?.usdWithoutAllowance ?? 0)),
          note,
        ]),
        ['**Together**', ...totals.map((usd) => `**${dollars(usd)}**`), ''],
        ['of SES at 0.10 $', ...totals.map((usd) => share(usd, prices.mails)), ''],
        ['of SES at 0.16 $', ...totals.map((usd) => share(usd, prices.mailsOnPlan)), ''],
      ],
    ),
    `Everything but SES costs ${share(total, prices.mails)} of what SES charges for batches of 50, ${share(untracked, prices.mails)} without \`eventTracking\`; requests to the tables are ${toPercent(tablesOf(usual) / total)} of it.
Batches are small where few subscribers share a time zone and an hour, and mailing each alone takes ${(alone / total).toFixed(0)} times as much. Of that only tables and queues
are charged, ${dollars(chargedOf(lonely))}, as long as the rest is within what every account has free: for up to some ${quantity(freeDigestsOf(lonely))} digests a month.`,
  ];
}

function tablesOf(lines: readonly ChargedLine[]): number {
  return totalOf(lines.filter(({ price }) => price === prices.tableReads || price === prices.tableWrites))
    .usdWithoutAllowance;
}

/** What is charged of the first digests already: the idle queues have used up what SQS has free. */
function chargedOf(lines: readonly ChargedLine[]): number {
  return totalOf(lines.filter((line) => !isFree(line))).usdWithoutAllowance;
}

/** For how many digests a month the allowances last, in thousands. */
function freeDigestsOf(lines: readonly ChargedLine[]): number {
  const lasting = lines
    .filter(isFree)
    .map(({ price, quantity: perMailing }) => ((price?.free ?? 0) * MAILS) / perMailing);
  return Math.floor(Math.min(...lasting) / MAILS) * MAILS;
}

function isFree({ price }: ChargedLine): boolean {
  return price !== undefined && price.free > 0 && price !== prices.sqsRequests;
}

function sesCost({ usd, per }: Price): number {
  return (usd * MAILS) / per;
}

function toPercent(share: number): string {
  return `${(share * 100).toFixed(share < 0.1 ? 1 : 0)} %`;
}
