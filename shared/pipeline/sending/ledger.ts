import type { DigestOrigin } from '../../domain/digests/cohort.ts';
import type {
  ClaimOutcome,
  Delivery,
  DeliveryKey,
  Outcome,
  SkipReason,
} from '../../domain/digests/delivery.ts';
import { judgeDelivery, mayResend, type WhenUncertain } from '../../domain/digests/delivery-state.ts';
import type { Clock } from '../../domain/time/time.ts';
import type { MetricName, Telemetry } from '../../observability.ts';
import type { Claim, DeliveryRepository } from '../../ports/deliveries.ts';
import type { SendResult } from '../../ports/mail.ts';
import type { BatchRepository } from '../../ports/planning.ts';
import type { PutOff } from './waiting.ts';

export interface LedgerPorts {
  readonly deliveries: DeliveryRepository;
  readonly editions: Pick<BatchRepository, 'replaceErased' | 'replaceMoved'>;
  readonly whenUncertain: WhenUncertain;
  readonly clock: Clock;
  readonly telemetry: Telemetry;
}

/** The result of handling one digest of a message once. */
export type DigestResult =
  /** It ended, now or earlier. */
  | { readonly kind: 'done'; readonly outcome: Outcome }
  /** It cannot go on now. With `unavailable` its claim may stay, and it may have been sent. */
  | PutOff
  /** It has not ended, for example because another worker holds it. SQS must deliver the message again. */
  | { readonly kind: 'retry'; readonly reason: string };

const METRICS = {
  sent: 'DigestsSent',
  skipped: 'DigestsSkipped',
  failed: 'DigestsFailed',
  uncertain: 'DigestsUncertain',
} as const satisfies Record<Outcome['state'], MetricName>;

const ABANDONED = { state: 'uncertain', reason: 'its worker died before it recorded the outcome' } as const;

/**
 * Loads the record of a digest and works out the result of the digest from it. Records a digest as `uncertain` if its worker died.
 *
 * @returns the record as `stored`, undefined if there is none. `result` is undefined if the digest is to be sent, for the first time or
 *   again
 */
export async function resolveFromLedger(
  ports: LedgerPorts,
  key: DeliveryKey,
  origin: DigestOrigin,
): Promise<{ readonly stored?: Delivery | undefined; readonly result?: DigestResult | undefined }> {
  const stored = await ports.deliveries.load(key);
  return { stored, result: stored && (await resolveStored(ports, stored, origin)) };
}

/**
 * Returns the result of a digest that is already in the ledger. Undefined if it is to be sent again. Records it as `uncertain` if its
 * worker died.
 */
async function resolveStored(
  ports: LedgerPorts,
  stored: Delivery,
  origin: DigestOrigin,
): Promise<DigestResult | undefined> {
  const ended = (outcome: Outcome) => resolveEnded(ports, stored, origin, outcome);
  const { outcome, claimedAt, tries = 1 } = stored;
  const finding = judgeDelivery(stored, ports.whenUncertain, ports.clock.now());
  switch (finding) {
    case 'ended':
      if (outcome.state === 'claimed') throw new Error('a claimed digest was judged as ended');
      return ended(outcome);
    case 'in-flight':
      return { kind: 'retry', reason: `this digest was claimed at ${claimedAt} and may be in flight` };
    case 'abandoned': {
      const recorded = await ports.deliveries.recordAbandoned(stored, ABANDONED);
      if (!recorded) return { kind: 'retry', reason: 'another worker changed this digest' };
      ports.telemetry.count(METRICS[recorded.state], 1);
      return mayResend(recorded, tries, ports.whenUncertain) ? undefined : ended(recorded);
    }
    case 'resend':
      return undefined;
    default:
      return finding satisfies never;
  }
}

/** Returns the result of a digest that could not be claimed or skipped, because another worker claimed or ended it first. */
export async function resolveTaken(
  ports: LedgerPorts,
  key: DeliveryKey,
  origin: DigestOrigin,
): Promise<DigestResult> {
  const { result } = await resolveFromLedger(ports, key, origin);
  return result ?? { kind: 'retry', reason: 'this digest can be claimed again' };
}

/**
 * Records that no digest is made, unless another worker claimed or ended it first. An `uncertain` digest stays `uncertain`, because
 * it may have been sent.
 */
export async function recordSkip(
  ports: LedgerPorts,
  key: DeliveryKey,
  origin: DigestOrigin,
  reason: SkipReason,
): Promise<DigestResult> {
  const outcome = { state: 'skipped', reason } as const;
  if (reason === 'erased') {
    // The ledger keeps nothing about an erased subscriber. So the batch must forget them.
    // Without a profile no mail goes out, however often the message comes.
    await ports.editions.replaceErased(origin, key.subscriberId);
  } else if (!(await ports.deliveries.recordSkip(key, origin, outcome, ports.clock.now()))) {
    const stored = await ports.deliveries.load(key);
    if (stored?.outcome.state === 'uncertain') return resolveEnded(ports, stored, origin, stored.outcome);
    return resolveTaken(ports, key, origin);
  }
  ports.telemetry.count(METRICS.skipped, 1);
  return { kind: 'done', outcome };
}

/** The result of mailing a claimed digest. A throttled mail is sent again or put off. */
export type ClaimedResult = Exclude<SendResult, { kind: 'throttled' }> | PutOff;

/** Records the outcome of a claimed digest. Releases the claim instead if its mail was certainly not sent and may go out later. */
export async function recordResult(
  ports: LedgerPorts,
  claim: Claim,
  result: ClaimedResult,
): Promise<DigestResult> {
  const record = async (outcome: ClaimOutcome): Promise<DigestResult> => {
    const recorded = await ports.deliveries.recordOutcome(claim, outcome);
    ports.telemetry.count(METRICS[recorded.state], 1);
    return mayResend(recorded, claim.tries, ports.whenUncertain)
      ? { kind: 'retry', reason: 'its send status is unknown, and it will be sent again' }
      : { kind: 'done', outcome: recorded };
  };
  switch (result.kind) {
    case 'accepted':
      return record({ state: 'sent', messageId: result.messageId });
    case 'rejected':
      ports.telemetry.warn('SES refused a digest', {
        subscriberId: claim.subscriberId,
        reason: result.reason,
      });
      return record({ state: 'failed', reason: result.reason });
    case 'uncertain':
      ports.telemetry.warn('SES gave no clear answer', {
        subscriberId: claim.subscriberId,
        reason: result.reason,
      });
      return record({ state: 'uncertain', reason: result.reason });
    case 'put-off':
      await ports.deliveries.release(claim);
      return result;
    case 'quota-used-up':
      await ports.deliveries.release(claim);
      return { kind: 'put-off', reason: result.kind };
    case 'unreachable':
    case 'stopped':
      await ports.deliveries.release(claim);
      return { kind: 'put-off', reason: result.kind, detail: result.reason };
    default:
      return result satisfies never;
  }
}

/**
 * Returns the outcome of a digest that ended earlier. If it ended in another batch, replaces the subscriber in the record of this batch by
 * `OTHER_BATCH_ID`. So an audit counts the digest once. A subscriber is in two batches, for example, after a change of hour between two
 * editions of a day.
 */
async function resolveEnded(
  { deliveries, editions }: LedgerPorts,
  { subscriberId, cadence, period }: DeliveryKey,
  origin: DigestOrigin,
  outcome: Outcome,
): Promise<DigestResult> {
  const other = await deliveries.loadOrigin({ subscriberId, cadence, period });
  if (other && (other.cohort !== origin.cohort || other.batch !== origin.batch))
    await editions.replaceMoved(origin, subscriberId);
  return { kind: 'done', outcome };
}
