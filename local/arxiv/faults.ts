import type { Clock, Instant } from '../../shared/domain/time/time.ts';

export type ArxivService = 'feed' | 'oai' | 'query';

/**
 * What can go wrong with a request.
 *
 * - `status`: an error without a body, such as 503 with `Retry-After: 0`, or 429.
 * - `truncated`: a 200 whose body ends early.
 * - `error feed`: a feed whose title reports an error.
 * - `empty page`: an answer of the query API without its entries, but with their number.
 * - `no connection`: the connection breaks.
 * - `slow`: the answer takes this long.
 */
export type Fault =
  | { readonly kind: 'status'; readonly status: number; readonly retryAfter?: string }
  | { readonly kind: 'truncated' }
  | { readonly kind: 'error feed' }
  | { readonly kind: 'empty page' }
  | { readonly kind: 'no connection' }
  | { readonly kind: 'slow'; readonly ms: number };

/** From one instant on and before another. */
interface Window {
  readonly from: Instant;
  readonly until: Instant;
}

type FaultRule = Fault &
  Partial<Window> & {
    /** @default all services */
    readonly service?: ArxivService;
    /** How many requests fail. @default all */
    readonly times?: number;
  };

export interface Faults {
  /** Makes requests fail. Of several rules that fit, the first counts. */
  add(rule: FaultRule): void;
  /** Makes the feed of a category show the batch before, although it claims to be of today. */
  delay(category: string, window: Window): void;
  /** Returns the fault of a request, and counts it. Undefined if the request succeeds. */
  take(service: ArxivService): Fault | undefined;
  isLate(category: string): boolean;
}

export function createFaults(clock: Clock): Faults {
  const rules: { readonly rule: FaultRule; left: number }[] = [];
  const delays: (Window & { readonly category: string })[] = [];
  const isNow = ({ from = '', until }: Partial<Window>) => {
    const now = clock.now();
    return from <= now && (until === undefined || now < until);
  };

  return {
    add(rule) {
      rules.push({ rule, left: rule.times ?? Number.POSITIVE_INFINITY });
    },
    delay(category, window) {
      delays.push({ ...window, category });
    },
    take(service) {
      const found = rules.find(
        ({ rule, left }) => left > 0 && isNow(rule) && (rule.service ?? service) === service,
      );
      if (!found) return undefined;
      found.left -= 1;
      return found.rule;
    },
    isLate: (category) => delays.some((delay) => delay.category === category && isNow(delay)),
  };
}
