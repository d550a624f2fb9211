import pMap, { pMapIterable } from 'p-map';
import { UnreadableItemError } from '../../../shared/adapters/dynamodb/stored-item.ts';
import { ConflictError } from '../../../shared/domain/errors.ts';
import { UNCONFIRMED_RETENTION_DAYS } from '../../../shared/domain/retention.ts';
import {
  MAX_UNANSWERED,
  SPACING_MS,
  takeAllowance,
} from '../../../shared/domain/subscribers/mail-allowance.ts';
import {
  endWith,
  hasEnded,
  isEnding,
  isSubscribed,
  MAX_STATUS_CHANGES,
  type SignUp,
  type StatusChange,
  type Subscriber,
} from '../../../shared/domain/subscribers/subscriber.ts';
import type { Suppression } from '../../../shared/domain/subscribers/suppression.ts';
import { addMs, type Instant, MS_PER_DAY } from '../../../shared/domain/time/time.ts';
import { enqueueAll } from '../../../shared/pipeline/enqueue-all.ts';
import { type Queue, type QueuedWebRequest, toQueuedRequest } from '../../../shared/ports/queues.ts';
import type {
  MailAllowanceRepository,
  SubscriberRepository,
  SuppressionRepository,
} from '../../../shared/ports/subscribers.ts';
import { changeSubscriber, profileAfter } from '../../../shared/subscribers/change-subscriber.ts';
import type { StoredProfile, StoredProfiles } from '../open-subscribers.ts';
import type { EarlierRow, Plan } from './plan-rows.ts';

/** The possible outcomes of a row. */
export const outcomes = [
  'added',
  'asked',
  'ended',
  'inactive',
  'known',
  'waiting',
  'repeated',
  'refused',
] as const;

export type Outcome = (typeof outcomes)[number];

/** The outcome of a row, with a note for the operator. */
export interface RowResult {
  readonly line: number;
  readonly outcome: Outcome;
  readonly reason?: string | undefined;
}

export interface ImportPorts {
  readonly subscribers: SubscriberRepository;
  readonly profiles: Pick<StoredProfiles, 'loadMany'>;
  /** The people who left and were erased. */
  readonly suppressions: Pick<SuppressionRepository, 'loadMany'>;
  /** What each mailbox was mailed. */
  readonly allowances: Pick<MailAllowanceRepository, 'load'>;
  /** The queue of sign-ups that an import asks to confirm. */
  readonly requests: Queue<QueuedWebRequest>;
}

export interface ImportLimits {
  /** Whether the import only looks up who is known, and changes nothing. */
  readonly isDryRun: boolean;
  /** The most people to ask to confirm. The others wait for another run. */
  readonly maxAsked: number;
}

/** One call to the table looks up this many profiles. */
const ROWS_PER_GROUP = 100;

/** The profiles of one group are looked up while those of the other are saved. */
const GROUPS_AT_ONCE = 2;

/** How often a row is applied to a profile that other processes save at the same time. */
const MAX_ATTEMPTS = 3;

/** Concurrent calls per group. All groups together use the connections that the SDK keeps open, 50 by default. */
const SAVES_AT_ONCE = 20;

/**
 * Carries out the plans concurrently, and yields the outcome of each in their order. A run that was stopped can be repeated. A saved
 * subscriber is then known, and a request has the same id each time, so it is answered once.
 *
 * @param interruption ends the work after the groups in flight. Their outcomes are yielded, so the results are the first rows of
 *   the file without a gap
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

/** Returns a function that saves the profile of a row, or applies the row to a known profile. */
function createSaver({ subscribers }: Pick<ImportPorts, 'subscribers'>, isDryRun: boolean) {
  /** Ends a known subscriber who left the other tool, unless they agreed here after that. */
  const endKnown = async (
    known: Subscriber,
    { line, subscriber, cause, leftAt, note: reason }: SavePlan,
  ): Promise<RowResult> => {
    const { status } = subscriber;
    if (!isEnding(status)) return { line, outcome: 'known' };
    if (isLaterConsent(known, leftAt))
      return { line, outcome: 'known', reason: `they agreed again at ${known.consent.at}, after they left` };
    const end = (stored: Subscriber) =>
      isLaterConsent(stored, leftAt) ? undefined : endWith(stored, status, cause);
    if (!end(known)) return { line, outcome: 'known' };
    if (!isDryRun) profileAfter(await changeSubscriber(subscribers, known.id, end));
    return { line, outcome: 'ended', reason };
  };

  /** If another process saves the profile in the meantime, the row is applied to that one. */
  const save = async (plan: SavePlan, known?: Subscriber, attempt = 1): Promise<RowResult> => {
    const { line, subscriber, note: reason } = plan;
    if (known && !isConfirmedBy(plan, known)) return endKnown(known, plan);
    const isInactive = hasEnded(subscriber) || subscriber.status === 'unconfirmed';
    try {
      if (!isDryRun) await subscribers.save(known ? confirmUnconfirmed(known, plan) : subscriber);
      return { line, outcome: isInactive ? 'inactive' : 'added', reason };
    } catch (error) {
      if (!(error instanceof ConflictError)) throw error;
      if (attempt === MAX_ATTEMPTS)
        return { line, outcome: 'refused', reason: 'its profile kept changing: import the file again' };
      const stored = await subscribers.load(subscriber.id).catch(asUnreadable);
      if (stored instanceof UnreadableItemError) return { line, outcome: 'refused', reason: stored.message };
      if (!stored) return { line, outcome: 'refused', reason: 'its profile was erased at the same moment' };
      return save(plan, stored, attempt + 1);
    }
  };
  return save;
}

/** Returns a function that carries out a group of plans. All groups share the number of people to ask. */
function createWorker(
  ports: ImportPorts,
  { isDryRun, maxAsked }: ImportLimits,
): (plans: readonly Plan[]) => Promise<readonly RowResult[]> {
  const { profiles, suppressions, allowances, requests } = ports;
  const save = createSaver(ports, isDryRun);
  let asked = 0;

  /** Returns whether the mailbox of a row may get a mail to confirm now. */
  const mayAsk = async ({ subscriber, mailbox = '' }: SavePlan, id: string): Promise<boolean> => {
    const known = await allowances.load(mailbox);
    return takeAllowance(known, { id, asksToConfirm: true }, subscriber.consent.at) !== 'refused';
  };

  return async (plans) => {
    const people = plans.flatMap((plan) =>
      'subscriber' in plan ? [plan.subscriber, ...(plan.sameMailbox ?? [])] : [],
    );
    const ids = [...new Set(people.map(({ id }) => id))];
    const stored = await profiles.loadMany(ids);
    const suppressed = await suppressions.loadMany(ids.filter((id) => isUnsettled(stored.get(id))));
    const asking: QueuedWebRequest[] = [];
    const results = await pMap(
      plans,
      async (plan): Promise<RowResult> => {
        const { line } = plan;
        if (plan.kind === 'refused' || plan.kind === 'repeated')
          return { line, outcome: plan.kind, reason: plan.reason };
        const { subscriber: known, fault } = stored.get(plan.subscriber.id) ?? {};
        if (fault !== undefined) return { line, outcome: 'refused', reason: fault };
        const isLeaver = known !== undefined && isEnding(plan.subscriber.status);
        const left = isLeaver ? undefined : suppressed.get(plan.subscriber.id);
        if (left === 'unreadable')
          return { line, outcome: 'refused', reason: 'they left, and the record of it cannot be read' };
        if (left) return { line, outcome: 'known', reason: describeSuppression(left, known) };
        if (plan.kind === 'save') return save(plan, known);
        const lapsed = known && findLapsedSignUp(known, plan.subscriber.consent.at);
        if (known && !lapsed) return { line, outcome: 'known' };
        const first = plan.sameMailbox?.find(
          ({ id }) => !suppressed.has(id) && isAskedToday(stored.get(id), plan.subscriber.consent.at),
        );
        if (first) return { line, outcome: 'waiting', reason: describeSameMailbox(first) };
        if (asked >= maxAsked) return { line, outcome: 'waiting' };
        asked += 1;
        const request = toRequest(plan.subscriber, lapsed);
        if (!(await mayAsk(plan, request.id))) {
          asked -= 1;
          return { line, outcome: 'waiting', reason: NO_MAIL_NOW };
        }
        asking.push(request);
        return { line, outcome: 'asked', reason: plan.note };
      },
      { concurrency: SAVES_AT_ONCE },
    );
    if (!isDryRun) await enqueueAll(requests, asking);
    return results;
  };
}

/** Whether a profile is missing, or is a sign-up that was never confirmed. Its owner may have left before. */
function isUnsettled(stored: StoredProfile | undefined): boolean {
  return stored === undefined || stored.subscriber?.status === 'unconfirmed';
}

/** Whether this import asks a reader to confirm, or a mail asked them within a day before it. */
function isAskedToday(stored: StoredProfile | undefined, now: Instant): boolean {
  if (stored === undefined) return true;
  const { subscriber: known } = stored;
  if (known?.status !== 'unconfirmed' || !known.signUp) return false;
  return known.signUp.at > addMs(now, -SPACING_MS) || findLapsedSignUp(known, now) !== undefined;
}

/** Returns the sign-up of an unconfirmed profile that has expired. DynamoDB may delete the profile days later. */
function findLapsedSignUp({ status, signUp }: Subscriber, now: Instant): SignUp | undefined {
  const isLapsed = signUp && signUp.at <= addMs(now, -UNCONFIRMED_RETENTION_DAYS * MS_PER_DAY);
  return status === 'unconfirmed' && isLapsed ? signUp : undefined;
}

const NO_MAIL_NOW = `the mailbox got a mail in the last 24 hours, or nobody confirmed the last ${MAX_UNANSWERED}. Import the file again a day later, or after 30 days`;

function describeSameMailbox({ line }: EarlierRow): string {
  return `line ${line} has the same mailbox, and a mailbox gets one such mail in 24 hours. Import the file again a day later`;
}

/** Whether a row proves the consent of a person who signed up here and never confirmed. */
function isConfirmedBy({ subscriber }: SavePlan, known: Subscriber): boolean {
  return known.status === 'unconfirmed' && isSubscribed(subscriber);
}

/** Returns the profile of a row, to be saved over an unconfirmed one. It keeps the history, and the links in earlier mails work. */
function confirmUnconfirmed(known: Subscriber, { subscriber, cause }: SavePlan): Subscriber {
  const { status } = subscriber;
  const changes = subscriber.statusChanges.length > 0 ? subscriber.statusChanges : [{ status, ...cause }];
  const isNew = (change: StatusChange) =>
    !known.statusChanges.some(({ status, at }) => status === change.status && at === change.at);
  return {
    ...subscriber,
    linksSince: known.linksSince ?? subscriber.linksSince,
    statusChanges: [...known.statusChanges, ...changes.filter(isNew)].slice(-MAX_STATUS_CHANGES),
    version: known.version,
  };
}

/**
 * Explains why a reader who left and was erased is not stored or confirmed.
 *
 * @param known their profile, if they signed up again and did not confirm
 */
function describeSuppression({ status, at }: Suppression, known: Subscriber | undefined): string {
  return known
    ? `${status} since ${at}, and a new sign-up is not confirmed. They get no mail until they confirm it`
    : `${status} since ${at}, and the profile is erased. They get no mail, and can sign up on the page`;
}

function asUnreadable(error: unknown): UnreadableItemError {
  if (error instanceof UnreadableItemError) return error;
  throw error;
}

function isLaterConsent(subscriber: Subscriber, leftAt: string | undefined): boolean {
  return isSubscribed(subscriber) && leftAt !== undefined && subscriber.consent.at > leftAt;
}

/**
 * Returns a request that asks a new person to confirm, as a sign-up on the page does.
 *
 * @param lapsed an earlier sign-up, which may have the same id. A worker may have answered it less than 30 days ago
 */
function toRequest(subscriber: Subscriber, lapsed: SignUp | undefined): QueuedWebRequest {
  const { id, address, timeZone, hour, subscriptions, consent } = subscriber;
  const { at, from, text } = consent;
  const signUp: SignUp = { at, from, text, timeZone, hour, subscriptions };
  const requestId = lapsed ? `import-${id}-${lapsed.at}` : `import-${id}`;
  return toQueuedRequest({ kind: 'sign-up', id: requestId, address, signUp, isImported: true });
}
