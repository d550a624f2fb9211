import { pMapIterable } from 'p-map';
import { UnreadableItemError } from '../../../shared/adapters/dynamodb/stored-item.ts';
import { ConflictError } from '../../../shared/domain/errors.ts';
import { hasEnded, type SignUp, type Subscriber } from '../../../shared/domain/subscriber.ts';
import type { WebRequest } from '../../../shared/messages.ts';
import { enqueueAll } from '../../../shared/pipeline/enqueue-all.ts';
import type { Queue, SubscriberRepository } from '../../../shared/ports.ts';
import type { Plan } from './plan-rows.ts';

/** What may become of a row. */
export const outcomes = ['added', 'asked', 'kept', 'known', 'waiting', 'repeated', 'refused'] as const;

export type Outcome = (typeof outcomes)[number];

/** What became of a row, with what the operator should know of it. */
export interface RowResult {
  readonly line: number;
  readonly outcome: Outcome;
  readonly reason?: string | undefined;
}

export interface ImportPorts {
  readonly subscribers: SubscriberRepository;
  readonly requests: Queue<WebRequest>;
}

export interface ImportLimits {
  /** Looks up who is known, and changes nothing. */
  readonly isDryRun: boolean;
  /** How many are asked to confirm at most; the others wait for another run. */
  readonly maxAsked: number;
}

/** As many as go into one call of the queue. */
const ROWS_AT_ONCE = 10;
const CALLS_AT_ONCE = 4;

/**
 * Carries out what was planned, some rows at once, and tells what became of each in their order. Whoever is known is left as
 * they are, so that a run that broke off, or was over, may be repeated: a request has the same id each time, and is answered once.
 */
export async function* importSubscribers(
  ports: ImportPorts,
  plans: AsyncIterable<Plan>,
  { isDryRun, maxAsked }: ImportLimits,
): AsyncGenerator<RowResult> {
  let asked = 0;
  const carryOut = async (plan: Plan): Promise<RowResult & { readonly request?: WebRequest }> => {
    const { line } = plan;
    if (plan.kind === 'refused' || plan.kind === 'repeated')
      return { line, outcome: plan.kind, reason: plan.reason };
    const { kind, subscriber, note: reason } = plan;
    const known = await findKnown(ports.subscribers, subscriber.id);
    if (known instanceof UnreadableItemError) return { line, outcome: 'refused', reason: known.message };
    if (known) return { line, outcome: 'known' };
    if (kind === 'ask') {
      if (asked >= maxAsked) return { line, outcome: 'waiting' };
      asked += 1;
      return { line, outcome: 'asked', reason, request: toRequest(subscriber) };
    }
    if (!isDryRun && !(await saveNew(ports.subscribers, subscriber))) return { line, outcome: 'known' };
    const isKept = hasEnded(subscriber) || subscriber.status === 'unconfirmed';
    return { line, outcome: isKept ? 'kept' : 'added', reason };
  };

  const groups = pMapIterable(
    inGroups(plans),
    async (group) => {
      const results = await Promise.all(group.map(carryOut));
      const requests = results.flatMap(({ request }) => request ?? []);
      if (!isDryRun) await enqueueAll(ports.requests, requests);
      return results;
    },
    { concurrency: CALLS_AT_ONCE },
  );
  for await (const group of groups) {
    for (const { line, outcome, reason } of group) yield { line, outcome, reason };
  }
}

async function* inGroups(plans: AsyncIterable<Plan>): AsyncGenerator<readonly Plan[]> {
  let group: Plan[] = [];
  for await (const plan of plans) {
    group.push(plan);
    if (group.length < ROWS_AT_ONCE) continue;
    yield group;
    group = [];
  }
  if (group.length > 0) yield group;
}

/** The stored profile, or the error of one that cannot be read: it costs one row. */
async function findKnown(subscribers: SubscriberRepository, id: Subscriber['id']) {
  try {
    return await subscribers.load(id);
  } catch (error) {
    if (error instanceof UnreadableItemError) return error;
    throw error;
  }
}

/** False where somebody else made them a subscriber first. */
async function saveNew(subscribers: SubscriberRepository, subscriber: Subscriber): Promise<boolean> {
  try {
    await subscribers.save(subscriber);
    return true;
  } catch (error) {
    if (error instanceof ConflictError) return false;
    throw error;
  }
}

/** Asks a subscriber who is not kept yet, as somebody who signed up on the page. */
function toRequest(subscriber: Subscriber): WebRequest {
  const { id, address, timeZone, hour, subscriptions, consent } = subscriber;
  const { at, from, text } = consent;
  const signUp: SignUp = { at, from, text, timeZone, hour, subscriptions };
  return { kind: 'sign-up', id: `import-${id}`, address, signUp, isImported: true };
}
