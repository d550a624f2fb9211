import { setTimeout as delay } from 'node:timers/promises';
import { createQueue } from '../../shared/adapters/sqs/queue.ts';
import { type Cadence, type Period, periodOf } from '../../shared/domain/cadence.ts';
import { type Cohort, cohortsOf, instantEdition, toCohortKey } from '../../shared/domain/cohort.ts';
import type { Delivery } from '../../shared/domain/delivery.ts';
import { localDayOf } from '../../shared/domain/local-day.ts';
import type { Subscriber } from '../../shared/domain/subscriber.ts';
import { tickOf } from '../../shared/domain/tick.ts';
import type { Instant } from '../../shared/domain/time.ts';
import type { DigestsMessage } from '../../shared/messages.ts';
import { enqueueAll } from '../../shared/pipeline/enqueue-all.ts';
import type { System } from '../system.ts';

const LONGEST_WAIT_MS = 60_000;
const LOOK_EVERY_MS = 100;

/**
 * Sends a subscriber the digest of the current period without waiting for its hour, and returns how it ended; undefined
 * when it takes too long. It goes the way of every digest, through the queue and the ledger, so when the hour comes there
 * is not a second one.
 */
export async function sendNow(
  system: System,
  subscriber: Subscriber,
): Promise<Delivery['outcome'] | undefined> {
  const { aws, clock, repositories } = system;
  const [cohort] = cohortsOf(subscriber);
  if (!cohort) return undefined;
  const { cadence } = cohort;
  const period = currentPeriod(cohort, subscriber.timeZone, clock.now());
  // An edition of one: its cohort is named so that no planned edition is the same.
  const edition = { cadence, period, cohort: `${toCohortKey(cohort)}#${subscriber.id}` };

  await repositories.editions.saveBatch(edition, 0, [subscriber.id]);
  const message: DigestsMessage = {
    edition,
    batch: 0,
    subscriberIds: [subscriber.id],
    queuedAt: clock.now(),
  };
  await enqueueAll(createQueue(aws.sqs, aws.queueUrls.digests), [message]);
  return waitForOutcome(system, subscriber.id, cadence, period);
}

function currentPeriod(cohort: Cohort, timeZone: string, now: Instant): Period {
  if (cohort.cadence === 'instant') return instantEdition(cohort, tickOf(now)).period;
  return periodOf(cohort.cadence, localDayOf(now, timeZone));
}

async function waitForOutcome(
  { repositories }: System,
  subscriberId: Subscriber['id'],
  cadence: Cadence,
  period: Period,
): Promise<Delivery['outcome'] | undefined> {
  for (let waitedMs = 0; waitedMs < LONGEST_WAIT_MS; waitedMs += LOOK_EVERY_MS) {
    const delivery = await repositories.deliveries.load({ subscriberId, cadence, period });
    if (delivery && delivery.outcome.state !== 'claimed') return delivery.outcome;
    await delay(LOOK_EVERY_MS);
  }
  return undefined;
}
