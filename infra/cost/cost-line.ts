import type { Price } from './prices.ts';

/** What one kind of resource uses in a month. */
export interface CostLine {
  /** `Queues, polled while empty`. */
  readonly resource: string;
  /** How many of them the stacks have. */
  readonly count: number;
  /** How many units are metered in a month. */
  readonly quantity: number;
  /** Undefined where AWS charges nothing for it, however much of it there is. */
  readonly price?: Price;
  /** How the quantity comes about. */
  readonly note: string;
}

export interface ChargedLine extends CostLine {
  /** What is charged beyond the free allowances, in US dollars a month. */
  readonly usd: number;
  /** What would be charged if other uses of the account had taken the allowances. */
  readonly usdWithoutAllowance: number;
}

/** The lines with what they cost. Lines of the same price share its allowance, the first one takes it first. */
export function charge(lines: readonly CostLine[]): readonly ChargedLine[] {
  const left = new Map<Price, number>();
  return lines.map((line) => {
    const { price, quantity } = line;
    if (!price) return { ...line, usd: 0, usdWithoutAllowance: 0 };
    const free = left.get(price) ?? price.free;
    left.set(price, Math.max(0, free - quantity));
    return {
      ...line,
      usd: (Math.max(0, quantity - free) * price.usd) / price.per,
      usdWithoutAllowance: (quantity * price.usd) / price.per,
    };
  });
}

/** What lines cost together, in US dollars a month. */
export function totalOf(lines: readonly ChargedLine[]): {
  readonly usd: number;
  readonly usdWithoutAllowance: number;
} {
  return {
    usd: lines.reduce((sum, { usd }) => sum + usd, 0),
    usdWithoutAllowance: lines.reduce((sum, { usdWithoutAllowance: usd }) => sum + usd, 0),
  };
}
