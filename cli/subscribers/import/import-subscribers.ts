import pMap, { pMapIterable } from 'p-map';
import { UnreadableItemError } from '../../../shared/adapters/dynamodb/stored-item.ts';
import { isEnding } from '../../../shared/domain/ending.ts';
import { ConflictError } from '../../../shared/domain/errors.ts';
import { endWith, hasEnded, type SignUp, type Subscriber } from '../../../shared/domain/subscriber.ts';
import type { Suppression } from '../../../shared/domain/suppression.ts';
import { enqueueAll } from '../../../shared/pipeline/enqueue-all.ts';
import type { Queue, WebRequest } from '../../../shared/ports/queues.ts';
import type { SubscriberRepository, SuppressionRepository } from '../../../shared/ports/subscribers.ts';
import { changeSubscriber } from '../../../shared/subscribers/change-subscriber.ts';
import type { StoredProfiles } from '../export/stored-profiles.ts';
import type { Plan } from './plan-rows.ts';

/** What may become of a row. */
export const outcomes = [
  'added',
  'asked',
  'ended',
  'kept',
  'known',
  'waiting',
  'repeated',
  'refused',
] as const;

export type Outcome = (typeof outcomes)[number];

/** What became of a row, with what the operator should know of it. */
export interface RowResult {
  readonly line: number;
  readonly outcome: Outcome;
  readonly reason?: string | undefined;
}

export interface ImportPorts {
  readonly subscribers: SubscriberRepository;
  readonly profiles: Pick<StoredProfiles, 'loadMany'>;
  /** Those who left and whose profile is erased. */
  readonly suppressions: Pick<SuppressionRepository, 'loadMany'>;
  /** The queue of sign-ups that an import asks to confirm. */
  readonly requests: Queue<WebRequest>;
}

export interface ImportLimits {
  /** Looks up who is known, and changes nothing. */
  readonly isDryRun: boolean;
  /** How many people are asked to confirm at most. The others wait for another run. */
  readonly maxAsked: number;
}

/** One call of the table looks up as many profiles. */
const ROWS_PER_GROUP = 100;

/** While the profiles of one group are looked up, those of the others are saved. */
const GROUPS_AT_ONCE = 2;

/** Calls at once per group. Together they use the connections that the SDK keeps open, 50 by default. */
const SAVES_AT_ONCE = 20;

/**
 * Carries out the plans, several at once, and tells what became of each, in their order. A run that was stopped may be repeated:
 * whoever was saved is known, and a request has the same id each time, so it is answered once.
 *
 * @param interruption ends the work after the groups in hand. Everything that was begun is told, so the results are the first
 *   rows of the file without a gap.
 */
export async function* importSubscribers(
  ports: ImportPorts,
  plans: AsyncIterable<Plan>,
  limits: ImportLimits,
  interruption: AbortSignal,
): AsyncGenerator<RowResult> {
  const carryOut = createWorker(ports, limits);
  const groups = pMapIterable(inGroups(plans, interruption), carryOut, { concurrency: GROUPS_AT_ONCE });
  for await (const results of groups) yield* results;
}

async function* inGroups(
  plans: AsyncIterable<Plan>,
  interruption: AbortSignal,
): AsyncGenerator<readonly Plan[]> {
  let group: Plan[] = [];
  for await (const plan of plans) {
    if (interruption.aborted) return;
    group.push(plan);
    if (group.length < ROWS_PER_GROUP) continue;
    yield group;
    group = [];
  }
  if (group.length > 0) yield group;
}

type SavePlan = Extract<Plan, { readonly kind: 'save' | 'ask' }>;

/** Carries out groups of plans. All groups share the number of people who may be asked. */
function createWorker(
  { subscribers, profiles, suppressions, requests }: ImportPorts,
  { isDryRun, maxAsked }: ImportLimits,
): (plans: readonly Plan[]) => Promise<readonly RowResult[]> {
  let asked = 0;

  /** Ends a known subscriber. Somebody who agreed here after they had left elsewhere stays. */
  const endKnown = async (
    known: Subscriber,
    { line, subscriber, cause, leftAt }: SavePlan,
  ): Promise<RowResult> => {
    const { status } = subscriber;
    if (!isEnding(status)) return { line, outcome: 'known' };
    if (isLaterConsent(known, leftAt))
      return { line, outcome: 'known', reason: `they agreed at ${known.consent.at}, after they had left` };
    const end = (one: Subscriber) => (isLaterConsent(one, leftAt) ? undefined : endWith(one, status, cause));
    if (!end(known)) return { line, outcome: 'known' };
    if (!isDryRun) await changeSubscriber(subscribers, known.id, end);
    return { line, outcome: 'ended' };
  };

  /** Saves a new profile. Somebody else may have made them a subscriber meanwhile. */
  const saveNew = async (plan: SavePlan): Promise<RowResult> => {
    const { line, subscriber, note: reason } = plan;
    const isKept = hasEnded(subscriber) || subscriber.status === 'unconfirmed';
    try {
      if (!isDryRun) await subscribers.save(subscriber);
      return { line, outcome: isKept ? 'kept' : 'added', reason };
    } catch (error) {
      if (!(error instanceof ConflictError)) throw error;
      const known = await subscribers.load(subscriber.id).catch(asUnreadable);
      if (known instanceof UnreadableItemError) return { line, outcome: 'refused', reason: known.message };
      if (!known) return { line, outcome: 'refused', reason: 'its profile was erased at the same moment' };
      return endKnown(known, plan);
    }
  };

  return async (plans) => {
    const ids = plans.flatMap((plan) => ('subscriber' in plan ? plan.subscriber.id : []));
    const stored = await profiles.loadMany(ids);
    const suppressed = await suppressions.loadMany(ids.filter((id) => !stored.has(id)));
    const asking: WebRequest[] = [];
    const results = await pMap(
      plans,
      async (plan): Promise<RowResult> => {
        const { line } = plan;
        if (plan.kind === 'refused' || plan.kind === 'repeated')
          return { line, outcome: plan.kind, reason: plan.reason };
        const { subscriber: known, fault } = stored.get(plan.subscriber.id) ?? {};
        if (fault !== undefined) return { line, outcome: 'refused', reason: fault };
        const left = suppressed.get(plan.subscriber.id);
        if (left === 'unreadable')
          return { line, outcome: 'refused', reason: 'they left, and the record of it cannot be read' };
        if (left) return { line, outcome: 'known', reason: describeSuppression(left) };
        if (plan.kind === 'save') return known ? endKnown(known, plan) : saveNew(plan);
        if (known) return { line, outcome: 'known' };
        if (asked >= maxAsked) return { line, outcome: 'waiting' };
        asked += 1;
        asking.push(toRequest(plan.subscriber));
        return { line, outcome: 'asked', reason: plan.note };
      },
      { concurrency: SAVES_AT_ONCE },
    );
    if (!isDryRun) await enqueueAll(requests, asking);
    return results;
  };
}

/** Their address is not stored again: it was erased, whether they asked for that or the time to keep it was over. */
function describeSuppression({ status, at }: Suppression): string {
  return `${status} since ${at}, and the profile is erased: nobody mails them, and they can sign up on the page`;
}

function asUnreadable(error: unknown): UnreadableItemError {
  if (error instanceof UnreadableItemError) return error;
  throw error;
}

function isLaterConsent({ status, consent }: Subscriber, leftAt: string | undefined): boolean {
  const isAgreed = status === 'confirmed' || status === 'paused';
  return isAgreed && leftAt !== undefined && consent.at > leftAt;
}

/** Asks a subscriber who is not kept yet, like somebody who signed up on the page. */
function toRequest(subscriber: Subscriber): WebRequest {
  const { id, address, timeZone, hour, subscriptions, consent } = subscriber;
  const { at, from, text } = consent;
  const signUp: SignUp = { at, from, text, timeZone, hour, subscriptions };
  return { kind: 'sign-up', id: `import-${id}`, address, signUp, isImported: true };
}
