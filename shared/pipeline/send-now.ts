import { type Period, periodOf } from '../domain/cadence.ts';
import { type Cohort, cohortsOf, instantEdition, toCohortKey } from '../domain/cohort.ts';
import type { Delivery } from '../domain/delivery.ts';
import { localDayOf } from '../domain/local-day.ts';
import type { Subscriber } from '../domain/subscriber.ts';
import { tickOf } from '../domain/tick.ts';
import type { Clock, Instant } from '../domain/time.ts';
import type { DeliveryRepository } from '../ledger-ports.ts';
import type { DigestsMessage } from '../messages.ts';
import type { EditionRepository, Queue } from '../ports.ts';
import { enqueueAll } from './enqueue-all.ts';

export interface SendNowPorts {
  readonly editions: Pick<EditionRepository, 'saveBatch'>;
  readonly deliveries: Pick<DeliveryRepository, 'load'>;
  readonly digestsQueue: Queue<DigestsMessage>;
  readonly clock: Clock;
  /** Waits a little before the ledger is read again, and returns false to give up. */
  readonly waitALittle: () => Promise<boolean>;
}

/**
 * Sends a subscriber the digest of the current period without waiting for its hour. Returns how it ended, or undefined if nobody
 * knows yet or the subscriber is not mailed. It goes through the queue and the ledger like every digest, so no second one
 * follows when the hour comes.
 */
export async function sendNow(
  { editions, deliveries, digestsQueue, clock, waitALittle }: SendNowPorts,
  subscriber: Subscriber,
): Promise<Delivery['outcome'] | undefined> {
  const [cohort] = cohortsOf(subscriber);
  if (!cohort) return undefined;
  const { id } = subscriber;
  const now = clock.now();
  const key = {
    subscriberId: id,
    cadence: cohort.cadence,
    period: periodAt(cohort, subscriber.timeZone, now),
  };
  // An edition of one. The id in its cohort keeps it apart from the planned editions.
  const edition = { cadence: key.cadence, period: key.period, cohort: `${toCohortKey(cohort)}#${id}` };

  await editions.saveBatch(edition, 0, [id]);
  await enqueueAll(digestsQueue, [{ edition, batch: 0, subscriberIds: [id], queuedAt: now }]);
  do {
    const delivery = await deliveries.load(key);
    if (delivery && delivery.outcome.state !== 'claimed') return delivery.outcome;
  } while (await waitALittle());
  return undefined;
}

function periodAt(cohort: Cohort, timeZone: string, now: Instant): Period {
  if (cohort.cadence === 'instant') return instantEdition(cohort, tickOf(now)).period;
  return periodOf(cohort.cadence, localDayOf(now, timeZone));
}
