import pMap from 'p-map';
import { LOOK_BACK_DAYS } from '../domain/cadence.ts';
import type { Edition } from '../domain/cohort.ts';
import {
  type Delivery,
  type DeliveryKey,
  findSkipReason,
  type Outcome,
  type SkipReason,
} from '../domain/delivery.ts';
import type { Digest } from '../domain/digest.ts';
import { selectSections } from '../domain/select.ts';
import type { Subscriber } from '../domain/subscriber.ts';
import { addDays, type Clock, type Instant, msBetween, utcDayOf } from '../domain/time.ts';
import type { DigestsMessage } from '../messages.ts';
import type { MetricName } from '../observability.ts';
import type {
  DeliveryRepository,
  DigestMail,
  EditionRepository,
  Mailer,
  OutcomeCounts,
  SendResult,
  SubscriberRepository,
  Telemetry,
} from '../ports.ts';
import { countOutcomes } from './outcome-counts.ts';
import { openPaperWindow, type PaperWindow, type WindowPorts } from './paper-window.ts';

export interface SendPorts extends WindowPorts {
  readonly subscribers: SubscriberRepository;
  readonly deliveries: DeliveryRepository;
  readonly editions: EditionRepository;
  readonly compose: (digest: Digest) => Promise<DigestMail>;
  readonly mailer: Mailer;
  readonly clock: Clock;
  readonly telemetry: Telemetry;
}

/** A digest was certainly not sent, and its claim was given back: the message has to come again. */
export class NotSentError extends Error {
  override readonly name = 'NotSentError';
  /** Whether nobody else of the batch can be mailed now either. */
  readonly stopsAll: boolean;

  constructor(result: Unsent) {
    super(`not sent: ${result.kind}${'reason' in result ? ` (${result.reason})` : ''}`);
    this.stopsAll = result.kind !== 'throttled';
  }
}

/** Another worker has a digest in hand and may still give it back: the message has to come again. */
class InHandError extends Error {
  override readonly name = 'InHandError';
}

type Unsent = Exclude<SendResult, { kind: 'accepted' | 'rejected' | 'uncertain' }>;
type AnyOutcome = Outcome | { readonly state: 'claimed' };

const DIGESTS_AT_ONCE = 5;

/**
 * Within this time after a claim its worker may still be alive: no function lives longer on Lambda. An older claim was left
 * behind by one that died, and nobody knows whether the digest was sent.
 */
const IN_HAND_MS = 15 * 60_000;

const METRICS = {
  sent: 'DigestsSent',
  skipped: 'DigestsSkipped',
  failed: 'DigestsFailed',
  uncertain: 'DigestsUncertain',
} as const satisfies Record<Outcome['state'], MetricName>;

/**
 * Makes and sends the digests of one batch, one subscriber at a time, and records how each ended. Whoever was dealt with
 * before is left alone, so the message may come again at any moment.
 *
 * @throws AggregateError when some subscribers could not be dealt with; all others have been, and a repeat takes up the rest
 */
export async function sendBatch(
  ports: SendPorts,
  { edition, batch, subscriberIds }: DigestsMessage,
): Promise<OutcomeCounts> {
  const window = openPaperWindow(ports, LOOK_BACK_DAYS[edition.cadence], ports.clock.now());
  let stop: NotSentError | undefined;

  const outcomes = await pMap(
    subscriberIds,
    async (subscriberId) => {
      if (stop) throw stop;
      try {
        return await sendDigest(ports, window, edition, subscriberId);
      } catch (error) {
        if (error instanceof NotSentError && error.stopsAll) stop = error;
        ports.telemetry.error('A digest could not be dealt with', { ...edition, subscriberId, error });
        throw error;
      }
    },
    { concurrency: DIGESTS_AT_ONCE, stopOnError: false },
  );

  const counts = countOutcomes(outcomes);
  await ports.editions.settleBatch(edition, batch, counts);
  return counts;
}

/**
 * Makes and sends one digest: select, compose, claim, send, settle. Returns how it ended, now or earlier.
 *
 * @throws NotSentError, InHandError
 */
async function sendDigest(
  ports: SendPorts,
  window: PaperWindow,
  edition: Edition,
  subscriberId: Subscriber['id'],
): Promise<AnyOutcome> {
  const key = { subscriberId, cadence: edition.cadence, period: edition.period };
  const earlier = await ports.deliveries.load(key);
  if (earlier) return endOf(earlier, ports.clock.now());

  const subscriber = await ports.subscribers.load(subscriberId);
  const reason = findSkipReason(subscriber, edition.cadence);
  if (!subscriber || reason) return skip(ports, key, edition, reason ?? 'erased');

  const digest = await selectDigest(ports, window, key, subscriber);
  if (digest.sections.length === 0) return skip(ports, key, edition, 'nothing-new');
  const mail = await ports.compose(digest);

  const isClaimed = await ports.deliveries.claim(key, edition, mail.paperIds, ports.clock.now());
  if (!isClaimed) return loadEnd(ports, key);
  const result = await ports.mailer.send(mail);
  return settle(ports, key, result);
}

async function selectDigest(
  ports: SendPorts,
  window: PaperWindow,
  key: DeliveryKey,
  subscriber: Subscriber,
): Promise<Digest> {
  const { cadence, period } = key;
  const lists = subscriber.subscriptions.filter((one) => one.cadence === cadence).flatMap((one) => one.lists);
  const view = await window.view(lists);
  const composedAt = ports.clock.now();
  // A paper can only have been sent since it was first seen. A period is named after a local day, which may be the one before.
  const since = addDays(utcDayOf(view.firstSeenAt ?? composedAt), -1);
  const sent = await ports.deliveries.loadSentPaperIds(key, since);
  const sections = selectSections(subscriber, cadence, view, sent);
  return { subscriber, cadence, period, composedAt, sections, listStates: view.listStates };
}

async function skip(
  ports: SendPorts,
  key: DeliveryKey,
  edition: Edition,
  reason: SkipReason,
): Promise<AnyOutcome> {
  const outcome = { state: 'skipped', reason } as const;
  const isRecorded = await ports.deliveries.skip(key, edition, outcome, ports.clock.now());
  if (!isRecorded) return loadEnd(ports, key);
  ports.telemetry.count(METRICS.skipped, 1);
  return outcome;
}

async function settle(ports: SendPorts, key: DeliveryKey, result: SendResult): Promise<AnyOutcome> {
  const end = async (outcome: Exclude<Outcome, { state: 'skipped' }>) => {
    await ports.deliveries.settle(key, outcome, ports.clock.now());
    ports.telemetry.count(METRICS[outcome.state], 1);
    return outcome;
  };
  switch (result.kind) {
    case 'accepted':
      return end({ state: 'sent', messageId: result.messageId });
    case 'rejected':
      return end({ state: 'failed', reason: result.reason });
    case 'uncertain':
      return end({ state: 'uncertain', reason: result.reason });
    case 'throttled':
    case 'unreachable':
    case 'quota-used-up':
    case 'stopped':
      await ports.deliveries.release(key);
      throw new NotSentError(result);
    default:
      return result satisfies never;
  }
}

/** How a digest ended that another worker took first. */
async function loadEnd(ports: SendPorts, key: DeliveryKey): Promise<AnyOutcome> {
  const delivery = await ports.deliveries.load(key);
  if (!delivery) throw new InHandError('another worker gave this digest back');
  return endOf(delivery, ports.clock.now());
}

function endOf({ outcome, claimedAt }: Delivery, now: Instant): AnyOutcome {
  if (outcome.state === 'claimed' && msBetween(claimedAt, now) < IN_HAND_MS) {
    throw new InHandError(`another worker has this digest in hand since ${claimedAt}`);
  }
  return outcome;
}
