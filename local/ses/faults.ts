import { Hono } from 'hono';
import * as z from 'zod';

/** The supported actions. */
export const sesActions = ['SendRawEmail', 'GetSendQuota', 'GetAccountSendingEnabled'] as const;

export type SesAction = (typeof sesActions)[number];

/**
 * The kinds of faults.
 *
 * - `throttle`, `quota`: SES refuses the message with its own error.
 * - `paused`, `paused-by-ses`: the owner or SES has paused the account.
 * - `server-error`: SES answers 500. `reset`: the connection breaks. The message is not accepted.
 * - `server-error-after`, `drop-answer`: the caller sees the same, but SES accepted the message and sends it.
 */
const faultKinds = [
  'throttle',
  'quota',
  'paused',
  'paused-by-ses',
  'server-error',
  'reset',
  'server-error-after',
  'drop-answer',
] as const;

export type FaultKind = (typeof faultKinds)[number];

/** Makes an action fail in one way, `times` times in a row. */
const faultSchema = z.strictObject({
  kind: z.enum(faultKinds),
  times: z.int().positive().default(1),
  action: z.enum(sesActions).default('SendRawEmail'),
});

type Fault = z.infer<typeof faultSchema>;

/** The request that a rule decides about. */
interface FaultRequest {
  readonly action: SesAction;
  /** The number of this request among those of its action, from 1. */
  readonly number: number;
  /** The recipients in the request as typed. Empty if the message names them. */
  readonly destinations: readonly string[];
}

/** Returns the fault of a request. Undefined if it succeeds. */
type FaultRule = (request: FaultRequest) => FaultKind | undefined;

/** The faults of coming requests. */
export interface Faults {
  /** Adds a fault after the pending ones. */
  next(fault: z.input<typeof faultSchema>): void;
  /** Sets the rule for requests without a pending fault. It replaces the previous rule. */
  decide(rule: FaultRule): void;
  /** Returns the pending faults with their remaining `times`. */
  pending(): readonly Fault[];
  /** Removes all faults and the rule. */
  clear(): void;
  /** Returns the fault of this request and counts it as used. Undefined if the request succeeds. */
  take(request: Omit<FaultRequest, 'number'>): FaultKind | undefined;
}

/** Creates an empty set of faults. */
export function createFaults(): Faults {
  const counts = new Map<SesAction, number>();
  let pending: readonly Fault[] = [];
  let rule: FaultRule | undefined;

  return {
    next: (fault) => {
      pending = [...pending, faultSchema.parse(fault)];
    },
    decide: (newRule) => {
      rule = newRule;
    },
    pending: () => pending,
    clear: () => {
      pending = [];
      rule = undefined;
    },
    take: (request) => {
      const number = (counts.get(request.action) ?? 0) + 1;
      counts.set(request.action, number);
      const ordered = pending.find(({ action }) => action === request.action);
      if (!ordered) return rule?.({ ...request, number });
      pending = pending.flatMap((fault) => {
        if (fault !== ordered) return [fault];
        return fault.times > 1 ? [{ ...fault, times: fault.times - 1 }] : [];
      });
      return ordered.kind;
    },
  };
}

/**
 * Creates routes for faults from another process. `POST` adds a fault and answers 201. `GET` lists the pending faults. `DELETE`
 * removes them and the rule. An invalid fault gets a 400 with the reason.
 */
export function createFaultRoutes(faults: Faults): Hono {
  return new Hono()
    .get('/', (c) => c.json({ pending: faults.pending() }))
    .post('/', async (c) => {
      const fault = faultSchema.safeParse(await c.req.json().catch(() => undefined));
      if (!fault.success) {
        const problem = { title: 'This is not a fault', status: 400, detail: z.prettifyError(fault.error) };
        return c.json(problem, 400, { 'content-type': 'application/problem+json' });
      }
      faults.next(fault.data);
      return c.json({ pending: faults.pending() }, 201);
    })
    .delete('/', (c) => {
      faults.clear();
      return c.body(null, 204);
    });
}
