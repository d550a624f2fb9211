import type { DigestOrigin } from '../domain/cohort.ts';
import {
  type Delivery,
  type DeliveryKey,
  findSkipReason,
  type Outcome,
  type SettledOutcome,
  type SkipReason,
} from '../domain/delivery.ts';
import type { Digest } from '../domain/digest.ts';
import { selectSections } from '../domain/select.ts';
import type { Subscriber } from '../domain/subscriber.ts';
import { addMs, type Clock, type Instant, msBetween } from '../domain/time.ts';
import { InHandError } from '../in-hand-error.ts';
import { NotSentError } from '../not-sent-error.ts';
import type { MetricName } from '../observability.ts';
import type {
  Claim,
  DeliveryRepository,
  DigestMail,
  EditionRepository,
  Mailer,
  SendResult,
  SubscriberRepository,
  Telemetry,
} from '../ports.ts';
import type { PaperWindow } from './paper-window.ts';

export interface SendDigestPorts {
  readonly subscribers: SubscriberRepository;
  readonly deliveries: DeliveryRepository;
  readonly editions: Pick<EditionRepository, 'forget'>;
  readonly compose: (digest: Digest) => Promise<DigestMail>;
  readonly mailer: Mailer;
  readonly clock: Clock;
  readonly telemetry: Telemetry;
}

type AnyOutcome = Outcome | { readonly state: 'claimed' };

/**
 * Within this time after a claim its worker may still be alive: no function lives longer on Lambda. An older claim was left
 * behind by one that died, and nobody knows whether the digest was sent.
 */
const IN_HAND_MS = 15 * 60_000;

/** How often the papers of a digest are chosen before others that take them meanwhile are let pass. */
const MAX_SELECTIONS = 3;

/** How far the clocks of two functions may be apart. */
const CLOCK_SKEW_MS = 60_000;

const METRICS = {
  sent: 'DigestsSent',
  skipped: 'DigestsSkipped',
  failed: 'DigestsFailed',
  uncertain: 'DigestsUncertain',
} as const satisfies Record<Outcome['state'], MetricName>;

/**
 * Makes and sends one digest: select, compose, claim, send, settle. Returns how it ended, now or earlier.
 *
 * @throws NotSentError, InHandError
 */
export async function sendDigest(
  ports: SendDigestPorts,
  window: PaperWindow,
  origin: DigestOrigin,
  subscriberId: Subscriber['id'],
): Promise<AnyOutcome> {
  const key = { subscriberId, cadence: origin.cadence, period: origin.period };
  const earlier = await ports.deliveries.load(key);
  if (earlier) return endOf(earlier, ports.clock.now());

  const subscriber = await ports.subscribers.load(subscriberId);
  const reason = findSkipReason(subscriber, origin.cadence, ports.clock.now());
  if (!subscriber || reason) return skip(ports, key, origin, reason ?? 'erased');

  for (let attempt = 1; attempt <= MAX_SELECTIONS; attempt += 1) {
    const { digest, since } = await selectDigest(ports, window, key, subscriber);
    if (digest.sections.length === 0) return skip(ports, key, origin, 'nothing-new');
    const mail = await ports.compose(digest);

    const claim = await ports.deliveries.claim(key, origin, mail.paperIds, ports.clock.now());
    if (!claim) return loadEnd(ports, key);
    if (!(await keepsPapers(ports, claim, mail, since))) continue;
    const result = await ports.mailer.send(mail);
    return settle(ports, claim, result);
  }
  throw new InHandError('other digests of this subscriber took the papers chosen for it time and again');
}

/**
 * Looks behind a claim whether another digest of the same subscriber took one of its papers since they were chosen: two that
 * are made at the same moment choose alike, and at least one of them sees the other. Whoever does gives its claim back.
 *
 * @throws InHandError when the other one chooses again first
 */
async function keepsPapers(
  ports: SendDigestPorts,
  claim: Claim,
  mail: DigestMail,
  since: Instant,
): Promise<boolean> {
  const sent = await ports.deliveries.loadSent(claim, since).catch(async (error: unknown) => {
    await ports.deliveries.release(claim);
    throw error;
  });
  const takers = mail.paperIds.flatMap((id) => sent.get(id) ?? []);
  if (takers.length === 0) return true;
  await ports.deliveries.release(claim);
  if (takers.some((taker) => goesFirst(taker, claim)))
    throw new InHandError('another digest has its papers in hand');
  return false;
}

/** Of two digests that both gave way, one chooses again at once and the other later, or they would meet for ever. */
function goesFirst(taker: Delivery, key: DeliveryKey): boolean {
  const nameOf = ({ cadence, period }: DeliveryKey) => `${cadence} ${period}`;
  return taker.outcome.state === 'claimed' && nameOf(taker) < nameOf(key);
}

async function selectDigest(
  ports: SendDigestPorts,
  window: PaperWindow,
  key: DeliveryKey,
  subscriber: Subscriber,
): Promise<{ digest: Digest; since: Instant }> {
  const { cadence, period } = key;
  const lists = subscriber.subscriptions.filter((one) => one.cadence === cadence).flatMap((one) => one.lists);
  const view = await window.view(lists);
  const composedAt = ports.clock.now();
  // A paper can only have been sent since it was first seen.
  const since = addMs(view.firstSeenAt ?? composedAt, -CLOCK_SKEW_MS);
  const sent = await ports.deliveries.loadSent(key, since);
  const sections = selectSections(subscriber, cadence, view, new Set(sent.keys()));
  return {
    digest: { subscriber, cadence, period, composedAt, sections, listStates: view.listStates },
    since,
  };
}

async function skip(
  ports: SendDigestPorts,
  key: DeliveryKey,
  origin: DigestOrigin,
  reason: SkipReason,
): Promise<AnyOutcome> {
  const outcome = { state: 'skipped', reason } as const;
  // Nothing is kept about somebody who was erased; nobody can be mailed who has no profile, however often it is asked.
  if (reason === 'erased') await ports.editions.forget(origin, key.subscriberId);
  const isRecorded =
    reason === 'erased' || (await ports.deliveries.skip(key, origin, outcome, ports.clock.now()));
  if (!isRecorded) return loadEnd(ports, key);
  ports.telemetry.count(METRICS.skipped, 1);
  return outcome;
}

async function settle(ports: SendDigestPorts, claim: Claim, result: SendResult): Promise<AnyOutcome> {
  const end = async (outcome: SettledOutcome) => {
    const standing = await ports.deliveries.settle(claim, outcome, ports.clock.now());
    ports.telemetry.count(METRICS[standing.state], 1);
    return standing;
  };
  switch (result.kind) {
    case 'accepted':
      return end({ state: 'sent', messageId: result.messageId });
    case 'rejected':
      ports.telemetry.warn('SES refused a digest', {
        subscriberId: claim.subscriberId,
        reason: result.reason,
      });
      return end({ state: 'failed', reason: result.reason });
    case 'uncertain':
      return end({ state: 'uncertain', reason: result.reason });
    case 'throttled':
    case 'unreachable':
    case 'quota-used-up':
    case 'stopped':
      await ports.deliveries.release(claim);
      throw new NotSentError(result);
    default:
      return result satisfies never;
  }
}

/** How a digest ended that another worker took first. */
async function loadEnd(ports: SendDigestPorts, key: DeliveryKey): Promise<AnyOutcome> {
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
