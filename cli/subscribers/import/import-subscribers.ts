import pMap, { pMapIterable } from 'p-map';
import { UnreadableItemError } from '../../../shared/adapters/dynamodb/stored-item.ts';
import { ConflictError } from '../../../shared/domain/errors.ts';
import {
  type ChangeCause,
  endWith,
  hasEnded,
  isEnding,
  type SignUp,
  type Subscriber,
} from '../../../shared/domain/subscriber.ts';
import type { Suppression } from '../../../shared/domain/suppression.ts';
import type { Instant } from '../../../shared/domain/time.ts';
import { enqueueAll } from '../../../shared/pipeline/enqueue-all.ts';
import type { Queue, WebRequest } from '../../../shared/ports/queues.ts';
import type { SubscriberRepository, SuppressionRepository } from '../../../shared/ports/subscribers.ts';
import { changeSubscriber, profileAfter } from '../../../shared/subscribers/change-subscriber.ts';
import { type CsvFile, readRecords } from '../csv.ts';
import type { StoredProfiles } from '../open-subscribers.ts';
import { toRow } from './columns.ts';
import { type RowContext, readRow } from './rows.ts';
import type { Survey } from './survey.ts';

/** What to do with a row, before it is known who is a subscriber already. */
export type Plan = { readonly line: number } & (
  | { readonly kind: 'refused'; readonly reason: string }
  /** Another row of the file stands for them. */
  | { readonly kind: 'repeated'; readonly reason: string }
  | {
      readonly kind: 'save' | 'ask';
      readonly subscriber: Subscriber;
      /** What changes the status of a known subscriber, if the row says that they left. */
      readonly cause: ChangeCause;
      /** When they left, if the row says when. */
      readonly leftAt?: Instant | undefined;
      readonly note?: string | undefined;
    }
);

/**
 * Says what to do with each row of a file, in order. The first row of an address counts; if any row says that they left, that one
 * counts. Memory holds the id and line of each row, some 140 bytes.
 *
 * @param fromLine rows of earlier lines are read, because later ones may repeat them, and nothing else is done with them
 */
export async function* planRows(
  file: CsvFile,
  { columns, endings }: Survey,
  context: RowContext,
  fromLine = 0,
): AsyncGenerator<Plan> {
  const lines = new Map<Subscriber['id'], number>();
  let isHeader = true;
  for await (const record of readRecords(file.read())) {
    if (isHeader) {
      isHeader = false;
      continue;
    }
    const { line } = record;
    const reading = readRow(columns, toRow(columns, record), context);
    const plan: Plan =
      reading.fault === undefined
        ? planReading(line, reading, lines, endings)
        : { line, kind: 'refused', reason: reading.fault };
    if (line >= fromLine) yield plan;
  }
}

function planReading(
  line: number,
  { subscriber, isAsked, ...known }: Extract<ReturnType<typeof readRow>, { readonly isAsked: boolean }>,
  lines: Map<Subscriber['id'], number>,
  endings: Survey['endings'],
): Plan {
  const { id, address, status } = subscriber;
  const ending = endings.get(id);
  const first = lines.get(id);
  if (first !== undefined)
    return { line, kind: 'repeated', reason: `${address} is in line ${first} already` };
  if (ending !== undefined && ending !== status)
    return { line, kind: 'repeated', reason: `${address} is ${ending} by another line, which counts` };
  lines.set(id, line);
  return { line, kind: isAsked ? 'ask' : 'save', subscriber, ...known };
}

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
    if (!isDryRun) profileAfter(await changeSubscriber(subscribers, known.id, end));
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
