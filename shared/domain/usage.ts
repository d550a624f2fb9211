import * as z from './zod.ts';

const amount = z.number().check(z.nonnegative());

/** What a piece of work used of the services that AWS charges by use. */
export const usageSchema = z.object({
  /** Read units of the tables. */
  readUnits: amount,
  /** Write units of the tables. */
  writeUnits: amount,
  /** Requests to queues. Receiving a message is one, and deleting it is another. */
  queueRequests: amount,
  /** Invocations of functions. */
  invocations: amount,
  /** The running time of functions, multiplied by their memory. */
  gbSeconds: amount,
  /** Mails that SES took or refused. */
  mails: amount,
});

export type Usage = z.infer<typeof usageSchema>;

export const NO_USAGE: Usage = {
  readUnits: 0,
  writeUnits: 0,
  queueRequests: 0,
  invocations: 0,
  gbSeconds: 0,
  mails: 0,
};

/** What each queue message of a function uses: Lambda receives it, invokes the function and deletes it. */
export const PER_MESSAGE: Usage = { ...NO_USAGE, queueRequests: 2, invocations: 1 };

const MILLION = 1_000_000;

/**
 * What `per` units cost: list prices of us-east-1 in US dollars, without free allowances. `infra/cost/prices.ts` has their date and
 * their sources.
 */
export const usagePrices = {
  readUnits: { usd: 0.125, per: MILLION },
  writeUnits: { usd: 0.625, per: MILLION },
  queueRequests: { usd: 0.4, per: MILLION },
  invocations: { usd: 0.2, per: MILLION },
  gbSeconds: { usd: 0.0000133334, per: 1 },
  mails: { usd: 0.1, per: 1000 },
} as const satisfies Readonly<Record<keyof Usage, { readonly usd: number; readonly per: number }>>;

const kinds = Object.keys(usagePrices) as readonly (keyof Usage)[];

/** Returns the sum of each kind of use. */
export function addUsage(all: readonly Usage[]): Usage {
  const sum = (kind: keyof Usage) => all.reduce((total, usage) => total + usage[kind], 0);
  return Object.fromEntries(kinds.map((kind) => [kind, sum(kind)])) as Usage;
}

/** Returns the estimated price in US dollars of everything but the mails themselves. */
export function toUsd(usage: Usage): number {
  return kinds
    .filter((kind) => kind !== 'mails')
    .reduce((usd, kind) => usd + (usage[kind] * usagePrices[kind].usd) / usagePrices[kind].per, 0);
}

const MICRO = 1_000_000;

/** Returns the usage as the fields of a log line, with its price in US dollars, rounded to a millionth. */
export function toUsageFields(usage: Usage): Readonly<Record<string, number>> {
  return { ...usage, usd: Math.round(toUsd(usage) * MICRO) / MICRO };
}
