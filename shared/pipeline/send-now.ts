import { createHash } from 'node:crypto';
import {
  type Cohort,
  cohortsOf,
  type Edition,
  editionAtOnce,
  instantEdition,
} from '../domain/digests/cohort.ts';
import {
  type Delivery,
  type DeliveryKey,
  findSkipReason,
  type SkipReason,
} from '../domain/digests/delivery.ts';
import { type Cadence, type Period, periodOf } from '../domain/subscribers/cadence.ts';
import type { Subscriber } from '../domain/subscribers/subscriber.ts';
import { type Clock, type Instant, localDayOf, tickOf } from '../domain/time/time.ts';
import type { DeliveryRepository } from '../ports/deliveries.ts';
import { type EditionRepository, isUnreadable } from '../ports/planning.ts';
import type { DigestsMessage, Queue } from '../ports/queues.ts';
import { enqueueAll } from './enqueue-all.ts';
import { type BatchPapersPorts, openBatchPapers } from './sending/batch-papers.ts';
import { isNothingNew, openCandidates } from './sending/select-digest.ts';

export interface SendNowPorts extends BatchPapersPorts {
  readonly editions: Pick<EditionRepository, 'loadProgress' | 'saveProgress' | 'saveBatch'>;
  readonly deliveries: Pick<DeliveryRepository, 'load' | 'loadRecent'>;
  readonly digestsQueue: Queue<DigestsMessage>;
  readonly clock: Clock;
  /** Waits before the ledger is read again. Returns false to give up. */
  readonly waitALittle: () => Promise<boolean>;
}

/** The state of a digest that was requested for now. */
export type SentNow =
  /** The outcome in the ledger. `claimed` means that the digest has not ended yet. */
  | Delivery['outcome']
  /** An earlier call or the schedule has sent the digest of the period. There is no second one. */
  | {
      readonly state: 'already-sent';
      readonly cadence: Cadence;
      readonly messageId: string;
      readonly sentAt: Instant;
    }
  /** It is queued, and no worker has begun it. */
  | { readonly state: 'queued' }
  /** There is nothing to send. Nothing was queued or recorded, so the digest of the period can still come. */
  | { readonly state: 'nothing-to-send'; readonly reason: SkipReason };

/**
 * Sends a subscriber the digest of the current period at once, and returns its state. Its cadence is that of the first subscription. The
 * digest goes through the queue and the ledger like every other. So no second one follows at the subscriber's hour.
 *
 * If the subscriber may get no digest, the state is `nothing-to-send`. Otherwise, if the ledger already has a record of the digest, nothing
 * is queued and the state is that of the record. Only without a record does it look for new papers.
 */
export async function sendNow(ports: SendNowPorts, subscriber: Subscriber): Promise<SentNow> {
  const { editions, deliveries, digestsQueue, clock, waitALittle } = ports;
  const [cohort] = cohortsOf(subscriber);
  if (!cohort) return { state: 'nothing-to-send', reason: 'no-subscription' };
  const { id } = subscriber;
  const now = clock.now();
  const { cadence } = cohort;
  const key = { subscriberId: id, cadence, period: periodAt(cohort, subscriber.timeZone, now) };
  const skipReason = findSkipReason(subscriber, cadence, now);
  if (skipReason) return { state: 'nothing-to-send', reason: skipReason };
  const earlier = await deliveries.load(key);
  if (earlier?.outcome.state === 'sent')
    return { ...earlier.outcome, state: 'already-sent', cadence, sentAt: earlier.claimedAt };
  if (!earlier) {
    const nothingNew = await findNothingNew(ports, key, subscriber);
    if (nothingNew) return { state: 'nothing-to-send', reason: nothingNew };
    const today = localDayOf(now, cadence === 'instant' ? 'UTC' : subscriber.timeZone);
    const edition = editionAtOnce(cohort, key.period, toEditionName(id), today);
    await recordPlanned(editions, edition);
    await editions.saveBatch(edition, 0, [id]);
    await enqueueAll(digestsQueue, [{ edition, batch: 0, subscriberIds: [id], queuedAt: now }]);
  }
  for (;;) {
    const delivery = await deliveries.load(key);
    if (delivery && delivery.outcome.state !== 'claimed') return delivery.outcome;
    if (!(await waitALittle())) return delivery?.outcome ?? { state: 'queued' };
  }
}

/**
 * Returns `nothing-new` if there are neither papers nor news. A worker would record that in the ledger, and no digest of the period could
 * follow.
 */
async function findNothingNew(
  ports: SendNowPorts,
  key: DeliveryKey,
  subscriber: Subscriber,
): Promise<SkipReason | undefined> {
  const papers = openBatchPapers(ports, key.cadence, [subscriber], ports.clock.now());
  const { since, select } = await openCandidates(ports, papers, key, subscriber);
  const cadences = subscriber.subscriptions.map(({ cadence }) => cadence);
  const { others } = await ports.deliveries.loadRecent(key, since, { cadences, mayBeStale: false });
  const { digest } = await select(others);
  return isNothingNew(digest) ? 'nothing-new' : undefined;
}

/**
 * Returns the name by which an edition of one subscriber differs from the planned ones. It is a hash of the subscriber's id and not the id,
 * because erasing does not reach the keys of editions.
 */
function toEditionName(id: Subscriber['id']): string {
  return createHash('sha256').update(id).digest('hex').slice(0, 16);
}

/** Records an edition of one subscriber as planned, once. An audit compares the digest with it. */
async function recordPlanned(editions: SendNowPorts['editions'], edition: Edition): Promise<void> {
  const stored = await editions.loadProgress(edition);
  if (stored === undefined || isUnreadable(stored))
    await editions.saveProgress(edition, { batches: 1, planned: 1, isComplete: true }, stored);
}

function periodAt(cohort: Cohort, timeZone: string, now: Instant): Period {
  if (cohort.cadence === 'instant') return instantEdition(cohort, tickOf(now)).period;
  return periodOf(cohort.cadence, localDayOf(now, timeZone));
}
