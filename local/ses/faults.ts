import { Hono } from 'hono';
import * as z from 'zod';

/** The actions that the endpoint answers. */
export const sesActions = ['SendRawEmail', 'GetSendQuota', 'GetAccountSendingEnabled'] as const;

export type SesAction = (typeof sesActions)[number];

/**
 * The ways to fail.
 *
 * - `throttle`, `quota`: refused with the error that SES gives.
 * - `paused`: the same for an account that its owner paused. `paused-by-ses`: for one that SES paused.
 * - `server-error`: refused with status 500. `reset`: the connection breaks before anything is accepted.
 * - `server-error-after`, `drop-answer`: the same to the caller, but the message was accepted and goes out.
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

/** An order to fail: which way, how many times in a row, and at which action. */
const faultSchema = z.strictObject({
  kind: z.enum(faultKinds),
  times: z.int().positive().default(1),
  action: z.enum(sesActions).default('SendRawEmail'),
});

type Fault = z.infer<typeof faultSchema>;

/** What a rule may decide by. */
interface FaultRequest {
  readonly action: SesAction;
  /** Counts the requests of this action from 1. */
  readonly number: number;
  /** The recipients named in the request as typed; empty where the message names them. */
  readonly destinations: readonly string[];
}

/** Decides for each request whether and how it fails. */
type FaultRule = (request: FaultRequest) => FaultKind | undefined;

/** The faults that requests run into. */
export interface Faults {
  /** Makes the next requests of an action fail, behind those ordered earlier. */
  next(fault: z.input<typeof faultSchema>): void;
  /** Asks a rule about every request for which nothing is ordered, in place of the rule before. */
  decide(rule: FaultRule): void;
  /** The orders not worked off yet, with the times that are left. */
  pending(): readonly Fault[];
  /** Forgets all orders and the rule. */
  clear(): void;
  /** The fault of this request, which is thereby used up; undefined where it goes through. */
  take(request: Omit<FaultRequest, 'number'>): FaultKind | undefined;
}

/** Faults of which there are none at first. */
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
 * Faults over HTTP, for a process of its own: `POST` orders one and answers 201, `GET` lists those pending, `DELETE`
 * clears them and the rule. A body that is not a fault gets a 400 that says why.
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
